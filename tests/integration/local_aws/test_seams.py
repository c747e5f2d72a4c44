"""MiniStack under the bridge: the pinned version, every name, and an emulator that refuses to start on another one."""

import subprocess
import textwrap

import pytest

from local_aws import seams, servers

PRIVATE_NAMES = [*seams.REPLACED, *seams.OVERRIDDEN, *seams.USED]


def in_the_emulators_environment(source):
    command = [str(servers.SERVER_PYTHON), "-c", textwrap.dedent(source)]
    return subprocess.run(command, cwd=servers.ROOT, capture_output=True, text=True, check=False)


def test_the_pinned_requirements_are_the_version_that_the_bridge_is_made_for():
    pinned = (servers.ROOT / "requirements/local-aws.txt").read_text().splitlines()

    assert f"ministack=={seams.MINISTACK_VERSION}" in pinned


def test_every_seam_is_where_it_was():
    checked = in_the_emulators_environment("from local_aws import seams; seams.check()")

    assert checked.returncode == 0, checked.stderr


def test_each_moved_name_is_called_by_its_name():
    checked = in_the_emulators_environment(
        """
        from unittest import mock
        from local_aws import seams

        for name in [*seams.REPLACED, *seams.OVERRIDDEN, *seams.USED]:
            with mock.patch(name.replace(":", "."), lambda moved: None):
                try:
                    seams.check()
                except seams.SeamMovedError as error:
                    assert f"{name}: " in str(error) and "(moved) found" in str(error), error
                    print(name)
        """
    )

    assert checked.stdout.split() == PRIVATE_NAMES, checked.stderr


@pytest.mark.parametrize(
    ("moved", "named"),
    [
        ("seams.MINISTACK_VERSION = '1.5.32'", "version: 1.5.32 expected, 1.5.33 installed"),
        ("from ministack.services import lambda_svc; del lambda_svc._provided_worker_env", "_provided_worker_env"),
        ("from ministack.services import stepfunctions as s; s._run_execution = seams.check", "time.sleep(0.15)"),
        ("from ministack.services import stepfunctions as s; del s._run_execution", "no attribute '_run_execution'"),
    ],
)
def test_the_emulator_refuses_to_start_on_a_ministack_that_moved(moved, named):
    started = in_the_emulators_environment(
        f"from local_aws import emulator, seams\n{moved}\nemulator.main()",
    )

    assert started.returncode != 0
    assert "SeamMovedError: MiniStack has moved under the bridge:" in started.stderr
    assert named in started.stderr
