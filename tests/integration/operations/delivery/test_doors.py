"""scripts/deploy and scripts/promote: who gets what, and what is printed."""

import json

import pytest

from operations import deployment
from operations.delivery import __main__ as door
from operations.delivery import choosing, promoting
from operations.delivery.log import Log
from operations.delivery.releases import Release, Run
from operations.stack import Stack
from operations.terminal import Problem

RELEASE = Release("a" * 64, "c0ffee", dirty=False, built_at="2026-11-20T10:00:00+00:00")
RUN = Run(RELEASE, {"LogLevel": "INFO"}, "anna", "2026-11-21T10:00:00+00:00")


@pytest.fixture
def delivered(account_of, monkeypatch):
    """The accounts that were deployed to, each with its target."""
    found = []
    monkeypatch.setattr(door.access, "deploying", lambda account: account_of(account.name)[1])
    monkeypatch.setattr(door.Delivery, "deploy", lambda self, target: found.append((self.account.name, target)) or RUN)
    monkeypatch.setattr(choosing, "chosen", lambda delivery, artefact: choosing.Target(RELEASE, {}))
    monkeypatch.setattr(choosing, "_commit", lambda: ("c0ffee", False))
    monkeypatch.setattr(Stack, "api_url", "https://api")
    return found


def test_a_promotion_goes_from_an_account_to_the_next_one_only(delivered, capsys):
    promoting.main(["dev", "test"])

    assert [name for name, _ in delivered] == ["test"]
    captured = capsys.readouterr()
    assert f"test runs {RELEASE.artefact} at https://api" in captured.out
    assert "Next: scripts/promote test prod" in captured.err
    with pytest.raises(Problem, match="prod doesn't get what dev runs, but what test runs"):
        promoting.main(["dev", "prod"])
    with pytest.raises(Problem, match="dev doesn't get what test runs, but what is built: scripts/deploy"):
        promoting.main(["test", "dev"])


def test_content_of_another_commit_is_told(delivered, monkeypatch, capsys):
    door.deploy("dev")
    assert "seeded from this checkout" not in capsys.readouterr().err
    monkeypatch.setattr(choosing, "_commit", lambda: ("decade", True))
    door.deploy("dev")

    assert (
        "which is commit decade with changes that are in no commit; the code is of commit c0ffee."
        in capsys.readouterr().err
    )


def test_while_one_deploys_another_changes_nothing(cloud, delivered):
    with Log("dev", cloud.client("ssm")).alone("ben"), pytest.raises(Problem, match="ben deploys to dev"):
        door.main(["--account", "dev"])
    assert not delivered
    door.main(["--account", "dev"])
    assert [name for name, _ in delivered] == ["dev"]


def test_the_log_is_printed_the_newest_first(cloud, delivered, capsys):
    log = Log("dev", cloud.client("ssm"))
    log.write(RUN)
    log.write(Run(RELEASE, {}, "ben", "2026-11-22T10:00:00+00:00", instead_of="b" * 64, why="it fails"))
    door.main(["history", "--account", "dev"])
    lines = capsys.readouterr().out.splitlines()

    assert [line.split()[2] for line in lines[2:]] == ["ben", "anna"]
    assert "back from bbbbbbbbbbbb, which failed" in lines[2]
    door.main(["history", "--account", "dev", "--json"])
    assert [each["release"]["artefact"] for each in json.loads(capsys.readouterr().out)] == [RELEASE.artefact] * 2


def test_unlocking_says_whether_there_was_anything(cloud, delivered, capsys):
    held = Log("dev", cloud.client("ssm")).alone("ben")
    held.__enter__()
    for _ in range(2):
        door.main(["unlock", "--account", "dev"])

    first, second = " ".join(capsys.readouterr().out.split()).split(". Nobody")
    assert first.startswith("It is forgotten. What was begun may run without a record")
    assert second == " deploys to dev."


def test_who_stops_a_deployment_is_told_that_nothing_is_recorded_and_the_next_may_begin(
    cloud, delivered, monkeypatch, capsys
):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(door.Delivery, "deploy", stopped)
    with pytest.raises(KeyboardInterrupt):
        door.deploy("dev")

    assert "may run without a record" in capsys.readouterr().err
    assert not Log("dev", cloud.client("ssm")).unlock()


def test_the_laptop_s_own_stack_is_deployed_as_it_stands(delivered, monkeypatch):
    asked = []
    monkeypatch.setattr(deployment, "main", asked.append)
    door.main([])

    assert asked == [["--account", "local"]]
    with pytest.raises(Problem, match="deployed as it stands here"):
        door.main(["--back"])
