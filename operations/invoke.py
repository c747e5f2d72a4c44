"""Run one built function once, as `sam local invoke` does but without Docker: Lambda's own runtime interface emulator
and runtime client, against the running local AWS.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests

from local_aws import client_environment
from operations.stack import ROOT, Stack
from operations.terminal import Problem, arguments, run

BUILD = ROOT / ".aws-sam" / "build"
RUNTIME = ROOT / ".venvs" / "lambda-runtime" / "bin" / "python"
# SAM CLI puts it into the containers that it starts.
EMULATOR = ROOT / ".venvs/sam/lib/python3.13/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"
_INVOKE = "/2015-03-31/functions/function/invocations"
_READY_SECONDS = 10


def main(argv: Sequence[str]) -> int:
    """scripts/invoke."""
    parser = arguments(
        "invoke",
        "Run one built function in a process of its own, with an event from a file, against the running local AWS.\n"
        "Its log goes to stderr and its answer to stdout, as with `sam local invoke`.",
        account=False,
    )
    parser.add_argument("function", help="its name in template.yaml, such as OutreachValidateFunction")
    parser.add_argument("-e", "--event", default="", metavar="FILE", help="a JSON file, or - for stdin (default: {})")
    given = parser.parse_args(argv)
    event = _event(given.event)
    answer = invoke(Stack("local"), given.function, event)
    sys.stdout.write(answer + "\n")
    return 0


def invoke(stack: Stack, function: str, event: bytes) -> str:
    """What the function answers, as the text that Lambda would give back; its log goes to stderr."""
    configuration = configured(stack, function)
    with tempfile.TemporaryDirectory() as home:
        environment = _environment(stack, configuration, code=BUILD / function, home=home)
        with _emulator(environment, configuration["Handler"]) as url:
            # The emulator itself ends a function that takes too long, and says so.
            answered = requests.post(url + _INVOKE, data=event, timeout=configuration["Timeout"] + 5)
    return answered.text


def configured(stack: Stack, function: str) -> dict[str, Any]:
    """The deployed function's configuration, by its name in the template."""
    resources = stack.client("cloudformation").get_paginator("list_stack_resources")
    pages = resources.paginate(StackName=stack.profile["stack_name"])
    deployed = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in pages for each in page["StackResourceSummaries"] if each["ResourceType"] == "AWS::Lambda::Function"
    }  # fmt: skip
    if function not in deployed:
        raise Problem(f"There is no function {function}. There are: {', '.join(sorted(deployed))}")
    if not (BUILD / function / "app.py").exists():
        raise Problem(f"{function} isn't built. Next: scripts/build")
    found: dict[str, Any] = stack.client("lambda").get_function_configuration(FunctionName=deployed[function])
    return found


def _event(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes() if file else b"{}"
    except OSError as error:
        raise Problem(f"{file}: {error.strerror}. There is an event for each function: ls events/*") from None


def _environment(stack: Stack, configuration: dict[str, Any], *, code: Path, home: str) -> dict[str, str]:
    """What Lambda gives and the function declares; of this shell's environment nothing."""
    assert stack.local  # noqa: S101 - only the local stack is invoked here
    # A layer of this stack is called by its name in the template; the last one lies on top.
    layers = [BUILD / each["Arn"].split(":")[6] / "python" for each in reversed(configuration.get("Layers", []))]
    logging = configuration.get("LoggingConfig", {})
    return {
        **client_environment.variables(stack.local),
        **configuration.get("Environment", {}).get("Variables", {}),
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_LAMBDA_FUNCTION_NAME": configuration["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration["MemorySize"]),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(configuration["Timeout"]),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "TZ": ":UTC",
        "PATH": os.defpath,
        "LAMBDA_TASK_ROOT": str(code),
        "PYTHONPATH": os.pathsep.join(map(str, [code, *layers])),
    }


@contextmanager
def _emulator(environment: dict[str, str], handler: str) -> Iterator[str]:
    """The emulator's address; it and the function in it are ended, whatever happens."""
    if not EMULATOR.exists():
        raise Problem("SAM CLI's runtime interface emulator isn't here. Next: scripts/environments sam")
    port, runtime_port = _free_ports()
    command: list[str | Path] = [
        *(EMULATOR, "--log-level", "error"),
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{runtime_port}"),
        # As in the local AWS: no bytecode written, no working directory on the path, no late lines.
        *(RUNTIME, "-BPu", "-m", "awslambdaric", handler),
    ]
    started = subprocess.Popen(
        command,
        env=environment,
        cwd=environment["LAMBDA_TASK_ROOT"],
        stdout=sys.stderr.fileno(),
        start_new_session=True,
    )
    try:
        _await(started, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        for pid in _children(started.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        started.kill()
        started.wait()


def _children(pid: int) -> list[int]:
    """The function's process, which the emulator gives a group of its own."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _await(started: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while started.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.01)
    raise Problem("The runtime interface emulator did not start; what it said stands above.")


def _free_ports() -> list[int]:
    """Two ports that nothing uses now, held together so that they differ."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    try:
        return [int(each.getsockname()[1]) for each in held]
    finally:
        for each in held:
            each.close()


if __name__ == "__main__":
    run(main)
