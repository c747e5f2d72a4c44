""".github/workflows: what may change the accounts, by whose leave, and with whose code."""

import os
import re
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from operations import accounts
from tests.infrastructure.template import ROOT

PAGES = sorted((ROOT / ".github/workflows").glob("*.yml"))
PINNED = re.compile(r"uses: (?P<action>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{40}) # v\d+\.\d+\.\d+$")


@dataclass(frozen=True)
class Job:
    """A job of a workflow, as its page declares it."""

    page: str
    word: str
    declared: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.page}-{self.word}"

    def steps_of(self, action: str) -> list[dict[str, Any]]:
        return [step["with"] for step in self.declared["steps"] if step.get("uses", "").startswith(f"{action}@")]

    @property
    def commands(self) -> list[str]:
        return [step["run"] for step in self.declared["steps"] if "run" in step]


def page(name: str) -> dict[str, Any]:
    """A workflow by its file's name. YAML reads its key `on` as true."""
    return yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text())


JOBS = [Job(path.stem, word, job) for path in PAGES for word, job in page(path.stem)["jobs"].items()]
DELIVERIES = [job for job in JOBS if "environment" in job.declared]
EVERY_PAGE = pytest.mark.parametrize("name", [path.stem for path in PAGES])
EVERY_JOB = pytest.mark.parametrize("job", JOBS, ids=str)
EVERY_DELIVERY = pytest.mark.parametrize("job", DELIVERIES, ids=str)


def test_actions_are_commits_whose_version_stands_beside_them():
    """A tag can be moved to other code, a commit can't."""
    used = [line for path in PAGES for line in path.read_text().splitlines() if "uses:" in line]
    found = [PINNED.search(line) for line in used]

    assert used
    assert all(found), [line for line, match in zip(used, found, strict=True) if not match]
    assert len({match["action"] for match in found}) == len({match["commit"] for match in found}), "one version of each"


@EVERY_PAGE
def test_no_secret_is_kept_at_github(name):
    text = (ROOT / f".github/workflows/{name}.yml").read_text()

    assert not re.search(r"secrets\.|access-key|AKIA|\b\d{12}\b|arn:aws", text)


@EVERY_PAGE
def test_a_workflow_may_do_nothing_that_its_jobs_don_t_ask_for(name):
    assert page(name)["permissions"] == {}
    assert page(name)["concurrency"]["group"]


def test_a_stranger_s_change_is_checked_without_any_right():
    """pull_request_target would run it with this repository's."""
    assert page("pull_request")[True] == "pull_request"
    assert all(job.declared["permissions"] == {"contents": "read"} for job in JOBS if job.page == "pull_request")


@EVERY_JOB
def test_a_job_reads_the_code_and_only_who_deploys_becomes_somebody(job):
    deploys = {"id-token": "write"} if job in DELIVERIES else {}

    assert job.declared["permissions"] == {"contents": "read"} | deploys
    assert bool(job.steps_of("aws-actions/configure-aws-credentials")) is bool(deploys)


@EVERY_JOB
def test_a_job_leaves_no_credentials_and_ends(job):
    assert [step["persist-credentials"] for step in job.steps_of("actions/checkout")] == [False]
    assert job.declared["timeout-minutes"] <= 60


@EVERY_JOB
def test_a_job_runs_what_a_person_could_run(job):
    programs = [re.findall(r"(?:scripts|\.ci)/\w+", command) for command in job.commands]

    assert all(programs)
    assert all(os.access(ROOT / program, os.X_OK) for each in programs for program in each)


def test_a_change_is_checked_as_anybody_checks_it():
    commands = [command for job in JOBS if job.page == "pull_request" for command in job.commands]

    assert commands == (ROOT / ".ci/run").read_text().splitlines()[-2:]


def test_what_was_merged_is_delivered():
    assert page("deliver")[True] == {"push": {"branches": ["main"]}}


def test_every_account_with_a_stack_is_delivered_to_in_their_order():
    ours = [account for account in accounts.with_stack().values() if not account.is_local]

    assert [job.declared["environment"] for job in DELIVERIES] == [account.name for account in ours]
    assert [job.declared["needs"] for job in DELIVERIES] == ["checks", "dev", ["dev", "test"]]
    assert [account.after for account in ours] == ["", "dev", "test"]


@EVERY_DELIVERY
def test_a_delivery_enters_the_account_of_its_environment_alone_and_never_two_at_once(job):
    [role] = job.steps_of("aws-actions/configure-aws-credentials")

    assert job.declared["environment"] == job.word
    assert {each for command in job.commands for each in re.findall(r"--account (\w+)", command)} == {job.word}
    assert role == {"role-to-assume": "${{ vars.DEPLOY_ROLE }}", "aws-region": "${{ vars.REGION }}"}
    assert job.declared["concurrency"] == {"group": f"deliver-{job.word}", "cancel-in-progress": False}


def test_test_and_prod_get_what_this_run_brought_to_dev():
    first, *later = DELIVERIES

    assert first.declared["outputs"] == {"artefact": "${{ steps.release.outputs.artefact }}"}
    for job in later:
        [step] = [step for step in job.declared["steps"] if "run" in step]
        assert '--artefact "$ARTEFACT"' in step["run"]
        assert step["env"] == {"ARTEFACT": "${{ needs.dev.outputs.artefact }}"}


def test_whatever_checkov_is_not_asked_has_its_reason_above_it():
    text = (ROOT / ".checkov.yaml").read_text()
    skipped = yaml.safe_load(text)["skip-check"]
    groups = re.findall(r"((?:^  # .+\n)+)((?:^  - CKV\w+\n)+)", text, re.MULTILINE)

    assert sorted(skipped) == sorted(each for _, ids in groups for each in re.findall(r"CKV\w+", ids))
    assert all((ROOT / path).exists() for path in re.findall(r"tests/[\w/]+\.py", text))
