"""Which release an account gets: in the first a new one, in the others one that worked in the account before."""

import os
import subprocess
from datetime import UTC, datetime

from operations import deployment
from operations.delivery.delivering import Delivery, Target
from operations.delivery.releases import CODE, Release, origin
from operations.stack import ROOT
from operations.terminal import Problem, step

PACKAGED = ROOT / ".aws-sam" / "packaged.yaml"


def chosen(delivery: Delivery, artefact: str | None) -> Target:
    """The release that is deployed next; Problem if there is none that may be."""
    return Target(_release(delivery, artefact), delivery.parameters)


def before(delivery: Delivery) -> Target:
    """The release that ran before the one that runs, with the parameters that it had."""
    if run := delivery.log.before():
        return Target(run.release, run.parameters, is_back=True)
    name = delivery.account.name
    raise Problem(f"There is nothing to go back to in {name}. What ran there: scripts/deploy history --account {name}")


def _release(delivery: Delivery, artefact: str | None) -> Release:
    previous = delivery.account.after
    if not previous:
        return delivery.releases.find(artefact) if artefact else built(delivery)
    if artefact is None:
        if run := delivery.releases.running(previous):
            return run.release
        raise Problem(
            f"{delivery.account.name} gets what {previous} runs, and nothing was deployed there yet. "
            f"Next: scripts/deploy --account {previous}"
        )
    release = delivery.releases.find(artefact)
    if not delivery.releases.passed(previous, release.artefact):
        raise Problem(f"{release.short} never worked in {previous}, so {delivery.account.name} doesn't get it.")
    return release


def other_content(release: Release) -> str:
    """What to say if agents, brands and cases are seeded from another state than the release's; else nothing."""
    commit, dirty = _commit()
    if (commit, dirty) == (release.commit, release.dirty):
        return ""
    here = origin(commit, dirty=dirty)
    return f"Agents, brands and cases are seeded from this checkout, which is {here}; the code is of {release.origin}."


def built(delivery: Delivery) -> Release:
    """Build this checkout and keep the artefact."""
    with step("sam build"):
        deployment.build()
    with step(f"sam package, into {delivery.releases.bucket}"):
        deployment.package(
            delivery.releases.bucket, CODE, delivery.account.region, PACKAGED, environment=delivery.access.environment
        )
    commit, dirty = _commit()
    built_at = datetime.now(UTC).isoformat(timespec="seconds")
    return delivery.releases.keep(PACKAGED.read_bytes(), commit=commit, dirty=dirty, built_at=built_at)


def _commit() -> tuple[str, bool]:
    """What is checked out, and whether files have changed since."""
    return _git("rev-parse", "HEAD").strip(), bool(_git("status", "--porcelain"))


def _git(*command: str) -> str:
    # Of another repository, if this is run by one of its hooks.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ended = subprocess.run(["git", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Problem(
            f"git {' '.join(command)} failed, and a release says what it was built from: {ended.stderr.strip()}"
        )
    return ended.stdout
