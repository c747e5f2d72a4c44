"""The two servers of the local AWS: how each is started, with which environment, and when it is ready."""

import http.client
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_aws import processes
from local_aws.processes import Process

ROOT = Path(__file__).resolve().parents[1]
SERVER_PYTHON = ROOT / ".venvs/local-aws/bin/python"
FUNCTION_PYTHON = ROOT / ".venvs/lambda-runtime/bin/python"

HOST = "127.0.0.1"
# AWS has no such region, so its regional endpoints have no address: a call that misses the emulator reaches no one.
REGION = "us-local-1"
ACCOUNT = "000000000000"

# For these services the Bedrock-wire server answers; for all others the emulator does.
_OF_THE_WIRE = ("BEDROCK_AGENT", "BEDROCK_AGENT_RUNTIME", "BEDROCK_RUNTIME", "S3VECTORS")

# For whoever starts it to set: MiniStack's, and decisions.py's. By default a state machine's waits and retries take a
# fifth of their time.
_SWITCHES = {
    "SFN_WAIT_SCALE": "0.2",
    "PERSIST_STATE": "0",
    "AUTH": "false",
    "IAM_DECISIONS": "",
    "LAMBDA_ACCOUNT_CONCURRENCY": "",
    "LOG_LEVEL": "INFO",
}
# Where BEDROCK_PROFILE is looked up, and whom to trust on the way.
_AWS_FILES = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE")
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Server:
    """One of the two: what to run, and the path that answers 200 once it is ready."""

    name: str
    port: int
    command: list[str]
    environment: dict[str, str]
    ready_path: str

    def start(self, log: Path) -> Process:
        """Start it; whether it works shows in `wait_until_ready`."""
        return processes.start(self.command, environment=self.environment, folder=ROOT, log=log)

    def wait_until_ready(self, process: Process, *, seconds: float) -> bool:
        """Whether it came up: False once its process has ended or the time is over."""
        deadline = time.monotonic() + seconds
        while process.alive and time.monotonic() < deadline:
            # A stranger on its port may accept the connection and never answer.
            if status(self.port, "GET", self.ready_path, timeout=1) == http.HTTPStatus.OK:
                return process.alive
            time.sleep(_POLL_SECONDS)
        return False


def address(port: int) -> str:
    """The URL of a server."""
    return f"http://{HOST}:{port}"


def endpoints(*, emulator: str, wire: str) -> dict[str, str]:
    """The variables by which every AWS SDK finds the two servers."""
    return {"AWS_ENDPOINT_URL": emulator, **{f"AWS_ENDPOINT_URL_{service}": wire for service in _OF_THE_WIRE}}


def status(port: int, method: str, path: str, *, timeout: float = 30) -> int | None:
    """The HTTP status of a request to a server on this machine; None if nothing answers. No proxy is ever asked."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request(method, path, body=b"")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that keep calls to this machine from any proxy, beside the hosts that they name already."""

    def with_this_machine(variable: str) -> str:
        others = [host for host in environment.get(variable, "").split(",") if host not in ("", HOST)]
        return ",".join([*others, HOST])

    return {variable: with_this_machine(variable) for variable in ("NO_PROXY", "no_proxy")}


def keeps_data() -> bool:
    """Whether whoever starts it wants it to keep its data over a stop."""
    return _switches(os.environ)["PERSIST_STATE"] == "1"


def bedrock_wire(*, port: int, model: str, emulator_port: int, temporary: Path, data: Path) -> Server:
    """The server that answers for Bedrock; only when real Bedrock does, it sees this shell's BEDROCK_… credentials."""
    hidden = ("PYTHON", "AWS_") if model == "bedrock" else ("PYTHON", "AWS_", "BEDROCK_")
    shell = {name: value for name, value in os.environ.items() if name in _AWS_FILES or not name.startswith(hidden)}
    kept = ["--keep", str(data)] if keeps_data() else []
    return Server(
        name="bedrock_wire",
        port=port,
        command=[str(SERVER_PYTHON), "-m", "local_aws.bedrock_wire", "--port", str(port), "--model", model, *kept],
        environment={
            **shell,
            **without_proxy(os.environ),
            "TMPDIR": str(temporary),
            # Where a knowledge base's files are.
            "AWS_ENDPOINT_URL": address(emulator_port),
        },
        ready_path="/_ready",
    )


def emulator(*, port: int, model_port: int, temporary: Path, data: Path) -> Server:
    """The server that answers for everything else; of this shell's environment it sees the switches only."""
    switches = _switches(os.environ)
    return Server(
        name="emulator",
        port=port,
        command=[str(SERVER_PYTHON), "-m", "local_aws.emulator", str(FUNCTION_PYTHON)],
        environment={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(temporary),
            "TMPDIR": str(temporary),
            "BIND_HOST": HOST,
            "MINISTACK_HOST": HOST,
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            **endpoints(emulator=address(port), wire=address(model_port)),
            "STATE_DIR": str(data),
            "S3_DATA_DIR": str(data / "s3"),
            "S3_PERSIST": switches["PERSIST_STATE"],
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            # MiniStack sweeps away containers that look like its own: it gets to see no Docker at all.
            "DOCKER_HOST": f"unix://{temporary}/no-docker",
            **switches,
        },
        ready_path="/_ministack/ready",
    )


def _switches(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment.get(name, default) for name, default in _SWITCHES.items()}
