"""Building the stack and deploying it, with the ordinary SAM CLI and nothing on its command line but the profile."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from local_aws import client_environment, service
from operations.stack import ROOT, Stack
from operations.terminal import Problem, arguments, err, next_step, out, run

_GRACE_SECONDS = 3.0
SAM = ROOT / ".venvs" / "sam" / "bin" / "sam"
LOG = ROOT / ".aws-sam" / "last.log"
_PYTHON = "pyenv install 3.13   (or put another Python 3.13 on PATH as python3.13)"
# What to type next after what pip, make and SAM CLI say.
_CAUSES = {
    "No space left on device": "df -h . ; du -sh .aws-sam .venvs",
    "python3.13: command not found": _PYTHON,
    "python3.13: not found": _PYTHON,
    # As pyenv says it, whose python3.13 is there without one behind it.
    "is not installed (set by PYENV_VERSION": _PYTHON,
    "Failed to establish a new connection": "scripts/build, with a network: the packages of a layer aren't here yet",
    "Unable to locate credentials": "aws configure, or aws sso login",
}


def build(*where: str) -> None:
    """`sam build`: everything unchanged comes from its cache; another template by the words of its command line."""
    _sam(["build", "--cached", "--parallel", *where], dict(os.environ), "build")


def deploy(account: str) -> None:
    """`sam deploy --config-env ACCOUNT`; the local profile reaches the running local AWS only."""
    environment = dict(os.environ)
    if account == "local":
        running = service.state()
        if running is None:
            raise Problem("The local AWS is not running. Start it: scripts/local-aws up")
        environment = client_environment.of_subprocess(running)
    _sam(["deploy", "--config-env", account], environment, "deploy")
    if account == "local":
        service.note_deployment(Stack(account).profile["stack_name"])


def package(bucket: str, prefix: str, region: str, into: Path, *, environment: dict[str, str]) -> None:
    """`sam package`: code and snippets into a bucket, each by its hash, and a template that names them."""
    where = ["--s3-bucket", bucket, "--s3-prefix", prefix, "--region", region]
    _sam(["package", *where, "--output-template-file", str(into), "--no-progressbar"], environment, "package")


def _sam(command: Sequence[str], environment: dict[str, str], what: str) -> None:
    if not SAM.exists():
        raise Problem("There is no SAM CLI here. Install it: scripts/environments sam")
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        code = _ended([str(SAM), *command], environment | {"SAM_CLI_TELEMETRY": "0"}, log)
    if code:
        lines = LOG.read_text(errors="replace").splitlines()
        tail, whole = "\n".join(lines[-25:]), Path(LOG).relative_to(ROOT)
        causes = (next_ for said, next_ in _CAUSES.items() if any(said in line for line in lines))
        raise Problem(f"sam {what} failed:\n{tail}\nNext: {next(causes, f'less {whole}')}")


def _ended(command: Sequence[str], environment: dict[str, str], log: IO[str]) -> int:
    """Run a command to its end and give its exit code; Ctrl-C ends it with all that it started."""
    # Of its own group, because make and pip would outlive the SAM CLI that started them.
    running = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0
    )
    try:
        return running.wait()
    except BaseException:
        _end_group(running)
        raise


def _end_group(running: subprocess.Popen[bytes]) -> None:
    """End a command's group by asking first: what is killed at once leaves its locks behind, as pyenv's rehash does."""
    deadline = time.monotonic() + _GRACE_SECONDS
    # It may have come to its end by itself at the same moment.
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGINT)
        while time.monotonic() < deadline:
            running.poll()
            os.killpg(running.pid, 0)
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def main(argv: Sequence[str]) -> None:
    """scripts/deploy."""
    parser = arguments("deploy", "Build the stack and deploy it: sam build && sam deploy --config-env ACCOUNT.")
    given = parser.parse_args(argv)
    err.print("sam build …")
    build()
    err.print(f"sam deploy --config-env {given.account} …")
    deploy(given.account)
    stack = Stack(given.account)
    out.print(f"[green]✓[/] {stack.profile['stack_name']} stands at {stack.api_url}", soft_wrap=True)
    next_step("scripts/seed", given.account)


if __name__ == "__main__":
    run(main)
