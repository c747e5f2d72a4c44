"""scripts/environments: says what is in the way and what to type next, and leaves alone what is current."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.infrastructure.template import ROOT

TOOLS = [
    "awk",
    "bash",
    "cat",
    "cksum",
    "df",
    "dirname",
    "env",
    "flock",
    "grep",
    "ln",
    "ls",
    "mkdir",
    "rm",
    "sed",
    "sleep",
    "tail",
]


@pytest.fixture
def project(tmp_path):
    """A project with the script, an environment `tool` to make, and a PATH with little on it."""
    for folder in ("scripts", "requirements", "bin"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "scripts/environments", tmp_path / "scripts")
    (tmp_path / "requirements/tool.txt").touch()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def environments(project: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", project / "scripts/environments", *names],
        env={"PATH": str(project / "bin"), "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )


def stand_in(project: Path, name: str, script: str) -> None:
    """A program on the project's PATH instead of the machine's."""
    program = project / "bin" / name
    program.unlink(missing_ok=True)
    program.write_text(f"#!/usr/bin/env bash\n{script}\n")
    program.chmod(0o755)


def test_a_name_that_isn_t_there(project):
    ended = environments(project, "no-such-tool")

    assert ended.returncode == 1
    assert "no environment no-such-tool" in ended.stderr
    assert "Next: ls requirements" in ended.stderr


def test_no_python(project):
    ended = environments(project, "tool")

    assert ended.returncode == 1
    assert "no Python 3.13" in ended.stderr
    assert "Next: pyenv install 3.13" in ended.stderr


def test_another_python_under_the_right_name_is_not_used(project):
    stand_in(project, "python3.13", "exit 1")

    assert "no Python 3.13" in environments(project, "tool").stderr


def test_no_space(project):
    stand_in(project, "python3.13", "exit 0")
    stand_in(project, "df", "printf 'Filesystem 1M-blocks Used Available\\n/dev/disk 100 93 7\\n'")

    ended = environments(project, "tool")

    assert ended.returncode == 1
    assert "7 MiB free" in ended.stderr
    assert "Next: df -h ." in ended.stderr


def test_a_python_that_can_t_make_environments_is_named_as_the_cause(project):
    stand_in(project, "python3.13", "[ \"$1\" = -c ] && exit 0; echo 'No module named venv' >&2; exit 1")

    ended = environments(project, "tool")

    assert ended.returncode == 1
    assert "No module named venv" in ended.stderr
    assert "python3.13-venv" in ended.stderr


def test_a_disk_that_fills_up_while_pip_installs(project):
    (project / "pip").write_text("#!/usr/bin/env bash\necho 'OSError: [Errno 28] No space left on device'; exit 1\n")
    (project / "pip").chmod(0o755)
    # Its virtual environment has a Python that can only fail.
    made = f'mkdir -p "$4/bin"; ln -s {project}/pip "$4/bin/python"'
    stand_in(project, "python3.13", f'[ "$1" = -c ] && exit 0; {made}')

    ended = environments(project, "tool")

    assert ended.returncode == 1
    assert "The disk is full." in ended.stderr
    assert "Next: df -h ." in ended.stderr


def test_ctrl_c_is_one_sentence_and_the_next_call_makes_it_again(project):
    stand_in(project, "python3.13", '[ "$1" = -c ] && exit 0; kill -INT 0; sleep 5')

    ended = environments(project, "tool")

    assert ended.returncode == 130
    assert ended.stderr.splitlines()[-1] == "interrupted"
    assert not (project / ".venvs/tool/.made-from").exists()


@pytest.fixture
def current(project):
    """The same project, with its environment as the script leaves it."""
    environment = project / ".venvs/tool"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").symlink_to("/bin/true")
    checksum = subprocess.run(["cksum"], input="", capture_output=True, text=True, check=True).stdout.strip()
    (environment / ".made-from").write_text(f"{checksum} {project}\n")
    return project


def test_what_is_current_is_left_alone_and_needs_no_python(current):
    ended = environments(current, "tool")

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_changed_list_is_noticed(current):
    (current / "requirements/tool.txt").write_text("six==1.17.0\n")

    assert "no Python 3.13" in environments(current, "tool").stderr


def test_an_environment_that_was_moved_is_made_again(current, tmp_path_factory):
    moved = current.rename(tmp_path_factory.mktemp("elsewhere") / "project")

    assert "no Python 3.13" in environments(moved, "tool").stderr


def test_another_checkout_s_environment_behind_a_link_is_not_cleared(project, tmp_path_factory):
    others = tmp_path_factory.mktemp("elsewhere")
    (others / "kept").touch()
    (project / ".venvs").mkdir()
    (project / ".venvs/tool").symlink_to(others)
    stand_in(project, "python3.13", '[ "$1" = -c ] && exit 0; rm -rf "$4"/*; exit 1')

    environments(project, "tool")

    assert (others / "kept").exists()
