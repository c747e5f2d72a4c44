"""A build that fails names its cause and what to type next: on a project of one layer, by the real SAM CLI."""

import os
import signal
import threading
import time

import pytest

from local_aws import processes
from operations import deployment
from operations.terminal import Problem

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Tiny:
    Type: AWS::Serverless::LayerVersion
    Metadata: {BuildMethod: makefile}
    Properties: {ContentUri: tiny}
"""
NOWHERE = "http://127.0.0.1:9/simple"


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Build a layer by this command, in a project of its own; what the person at the terminal is told."""
    monkeypatch.setattr(deployment, "ROOT", tmp_path)
    monkeypatch.setattr(deployment, "LOG", tmp_path / ".aws-sam/last.log")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "tiny").mkdir()

    def build(command, ends_with=Problem):
        (tmp_path / "tiny/Makefile").write_text(f"build-Tiny:\n\t{command}\n")
        with pytest.raises(ends_with) as refused:
            deployment.build()
        return str(refused.value)

    return build


def test_a_broken_makefile_is_shown_with_the_whole_log(build):
    told = build("@echo the ground is missing >&2; exit 7")

    assert told.startswith("sam build failed:")
    assert "the ground is missing" in told
    assert told.endswith("Next: less .aws-sam/last.log")


def test_a_disk_without_space(build):
    assert build("cp Makefile /dev/full").endswith("Next: df -h . ; du -sh .aws-sam .venvs")


@pytest.mark.parametrize(
    "command",
    [
        "PATH=/nowhere python3.13 -m pip",
        '@echo "pyenv: version \\`3.13\' is not installed (set by PYENV_VERSION environment variable)" >&2; exit 1',
    ],
)
def test_no_python(build, command):
    assert "Next: pyenv install 3.13" in build(command)


def test_packages_that_only_a_network_has(build, monkeypatch):
    # Whoever runs this may have set where packages come from: nothing of it is read.
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    pip = f"PYENV_VERSION=3.13 python3.13 -m pip install --quiet --retries 1 --no-cache-dir --index-url {NOWHERE}"

    told = build(f"{pip} --target $(ARTIFACTS_DIR) six==1.17.0")

    assert "Next: scripts/build, with a network" in told


def test_ctrl_c_ends_what_the_build_started(build, tmp_path):
    begun = tmp_path / "begun"

    def interrupt():
        while not begun.exists():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    build(f"@echo $$$$ > {begun}.new; mv {begun}.new {begun}; exec sleep 300", ends_with=KeyboardInterrupt)

    pid, deadline = int(begun.read_text()), time.monotonic() + 5
    while processes.identify(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes.identify(pid) is None
