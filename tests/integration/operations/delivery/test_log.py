"""An account's log of deployments, and that one person deploys at a time."""

import pytest

from operations.delivery.log import Log
from operations.delivery.releases import Release, Run
from operations.terminal import Problem


@pytest.fixture
def log(cloud):
    return Log("dev", cloud.client("ssm"))


def run(artefact, **said):
    return Run(Release(artefact, "c", dirty=False, built_at="b"), {"LogLevel": "INFO"}, "anna", "now", **said)


def test_before_the_first_there_is_nothing(log):
    assert (log.current(), log.history(), log.before()) == (None, [], None)


def test_every_entry_is_kept_the_newest_first(log):
    entries = [run("a"), run("b"), run("a", instead_of="b", why="it doesn't work")]
    for entry in entries:
        log.write(entry)

    assert log.history() == entries[::-1]
    assert log.current() == entries[-1]


def test_what_ran_before_is_another_artefact(log):
    for entry in (run("a"), run("b"), run("b")):
        log.write(entry)

    assert log.before() == run("a")


def test_the_second_of_two_is_refused_and_told_who_the_first_is(log):
    with log.alone("anna"), pytest.raises(Problem, match=r"anna deploys to dev since .*; nothing was changed"):
        log.alone("ben").__enter__()


def test_after_a_failure_the_next_may_deploy(log):
    with pytest.raises(ZeroDivisionError), log.alone("anna"):
        1 / 0  # noqa: B018
    with log.alone("ben"):
        pass

    assert not log.unlock()


def test_the_one_who_was_refused_leaves_the_first_s_lock(log):
    with log.alone("anna"):
        for _ in range(2):
            with pytest.raises(Problem), log.alone("ben"):
                pass


def test_who_was_killed_is_forgotten_by_hand(log):
    # As long as it is named nothing ends it.
    killed = log.alone("anna")
    killed.__enter__()

    assert log.unlock()
    with log.alone("ben"):
        pass
