"""One deployment: proposed, agreed to, made, seeded, tried out, recorded, and taken back if it doesn't work."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from operations import synthetic
from operations.access import Access, artefact_bucket, boundary_arn, role_arn
from operations.accounts import Account
from operations.delivery import changes
from operations.delivery.change_sets import Deployable, Proposal
from operations.delivery.log import Log
from operations.delivery.releases import Release, Releases, Run
from operations.seed import seed
from operations.stack import Stack
from operations.terminal import Problem, confirmed, err, out, plain, step

CONTENT_STAYS = "Brands and cases stay as seeded last, agents as they are; those of then: scripts/seed, at its commit."
_LONGEST_WHY = 600
_LOCAL_PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Target:
    """What an account is to run."""

    release: Release
    parameters: Mapping[str, str]
    is_back: bool = False


@dataclass(frozen=True)
class Delivery:
    """Deployments to one account, under its deploy role."""

    account: Account
    access: Access
    agreed: bool = False

    @cached_property
    def releases(self) -> Releases:
        """The artefacts that may come here."""
        return Releases(artefact_bucket(self.account), self.access.client("s3"))

    @cached_property
    def log(self) -> Log:
        """What was deployed here."""
        return Log(self.account.name, self.access.client("ssm"))

    @cached_property
    def by(self) -> str:
        """Who deploys, as the session under the role is named."""
        return self._identity["Arn"].rpartition("/")[2]

    @cached_property
    def _identity(self) -> dict[str, str]:
        return self.access.identity

    @cached_property
    def profile(self) -> dict[str, Any]:
        """The deploy parameters of samconfig.toml."""
        return Stack(self.account.name).profile

    @property
    def parameters(self) -> dict[str, str]:
        """What the profile overrides, as SAM CLI reads it, and the account's boundary; the rest is as by default."""
        pairs = (pair.split("=", 1) for pair in self.profile["parameter_overrides"])
        boundary = boundary_arn(self.account, self._identity)
        return {name: value.strip('"') for name, value in pairs} | (
            {"PermissionsBoundary": boundary} if boundary else {}
        )

    @cached_property
    def _deployable(self) -> Deployable:
        role = self.account.execution_role
        return Deployable(
            self.access.client("cloudformation"),
            name=self.profile["stack_name"],
            tags=dict(each.split("=", 1) for each in self.profile["tags"]),
            capabilities=(self.profile["capabilities"],),
            execution_role=role and role_arn(self.account, role, self._identity),
            pause=_LOCAL_PAUSE_SECONDS if self.account.is_local else 2.0,
        )

    def deploy(self, target: Target) -> Run:
        """Let the account run this; Problem, and what ran before runs again, if it can't write a message.

        The caller is alone here, by the log's lock.
        """
        before = self.log.current()
        self._make(target)
        problems = self._problems(seeding=not target.is_back)
        run = self._run(target)
        if problems and target.is_back:
            self.log.write(run)
            raise Problem(_told(f"{self.account.name} is back at {target.release.short}, and fails as well:", problems))
        if problems:
            raise Problem(self._taken_back(target, before, problems))
        self.log.write(run)
        self.releases.note(self.account.name, run)
        return run

    def _make(self, target: Target, *, asking: bool = True) -> None:
        """Change the stack, once what would change was shown and agreed to."""
        before = {
            each["ParameterKey"]: each["ParameterValue"] for each in self._deployable.described.get("Parameters", [])
        }
        with step(f"change set of {self.account.name}, {target.release.short}"):
            template = {"TemplateURL": self.releases.url(target.release)}
            name = f"release-{target.release.short}-{time.time_ns()}"
            proposal = self._deployable.propose(name, template, target.parameters)
        changes.show(proposal.changes, _differing(before, proposal.parameters))
        if not proposal.changes:
            return
        if asking:
            self._ask(proposal)
        began = time.monotonic()
        with err.status(f"{self.account.name} …") as shown:
            self._deployable.execute(proposal, lambda told: shown.update(f"{self.account.name}: {told}"))
        err.print(f"[green]✓[/] {self.profile['stack_name']} changed [dim]{time.monotonic() - began:.1f} s[/]")

    def _ask(self, proposal: Proposal) -> None:
        """Problem unless it is agreed to; where a person is asked, none but a person gives up data."""
        if not self.account.asks:
            return
        try:
            self._agree([each.resource for each in proposal.changes if each.loses])
        except BaseException:
            self._deployable.withdraw(proposal)
            raise

    def _agree(self, lost: list[str]) -> None:
        name = self.account.name
        if lost and self.agreed:
            raise Problem(
                f"--yes isn't enough to lose {', '.join(lost)}: deploy from a terminal without it, and answer."
            )
        if not self.agreed and not confirmed(f"Deploy this to {name}?"):
            raise Problem(f"Nothing was changed in {name}.")

    def _problems(self, *, seeding: bool) -> list[str]:
        """What is wrong with the stack, as a synthetic event through its public URL finds it."""
        stack = Stack(self.account.name, deploying=True)
        try:
            if seeding:
                with step(f"seed {self.account.name}"):
                    # Not printed: a new source's secret is among the lines, and pipelines keep what they print.
                    list(seed(stack))
            with step(f"synthetic event to {stack.api_url}"):
                return [each.what for each in synthetic.once(stack) if not each.right]
        except Problem as problem:
            return [str(problem)]
        except (ClientError, BotoCoreError) as error:
            return [f"AWS said: {error}"]
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody has seen this release work
            return [f"{type(error).__name__}: {error}"]

    def _taken_back(self, failed: Target, before: Run | None, problems: list[str]) -> str:
        """Deploy again what ran before; what to tell about it."""
        name, why = self.account.name, _told(f"{failed.release.short} doesn't work in {self.account.name}:", problems)
        if before is None:
            return f"{why}\nIt is the first release here, so there is nothing to go back to: it stays, unrecorded."
        told = (
            f"{failed.release.short} doesn't work here. Back to {before.release.short}, of {before.at} by {before.by}:"
        )
        out.print(plain(told, "red"), soft_wrap=True)
        try:
            self._make(Target(before.release, before.parameters), asking=False)
        except Problem as problem:
            return f"{why}\nThe way back to {before.release.short} failed too, so {name} is as told here:\n{problem}"
        run = Run(before.release, before.parameters, self.by, _now(), failed.release.artefact, why[:_LONGEST_WHY])
        self.log.write(run)
        if still := self._problems(seeding=False):
            return _told(f"{why}\n{name} runs {before.release.short} again, which fails too; look elsewhere:", still)
        return f"{why}\n{name} runs {before.release.short} again, and that works.\n{CONTENT_STAYS}"

    def _run(self, target: Target) -> Run:
        return Run(target.release, target.parameters, self.by, _now())


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The parameters that an existing stack has otherwise now."""
    names = (old.keys() | new.keys()) if old else ()
    return {name: (old.get(name, ""), new.get(name, "")) for name in names if old.get(name) != new.get(name)}


def _told(heading: str, problems: list[str]) -> str:
    return "\n".join([heading, *(f"  {problem}" for problem in problems)])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
