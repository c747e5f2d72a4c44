"""Start and stop the local AWS, and say how to reach it.

What other scripts call: `up`, `down`, `reset`, `state`. Standard library only, so that it runs before any environment
is made; Python 3.11 or later.
"""

import fcntl
import json
import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from local_aws import ports, processes, servers
from local_aws.processes import Process
from local_aws.servers import ACCOUNT, REGION, ROOT, Server

DEFAULT_MODEL = "offline"
_READY_SECONDS = 30.0
_GRACE_SECONDS = 10.0
_LOG_LINES = 20
_PORT_ATTEMPTS = 3
_RESETS = [
    ("emulator", "POST", "/_ministack/reset"),
    ("bedrock_wire", "DELETE", "/_control/faults"),
    ("bedrock_wire", "DELETE", "/_control/calls"),
    ("bedrock_wire", "DELETE", "/_control/vectors"),
]


class LocalAwsError(Exception):
    """The local AWS can't do what was asked; the message says why, and what to type next."""


@dataclass(frozen=True)
class State:
    """A running local AWS: who answers for Bedrock, on which ports, in which processes, and whether a stop keeps it."""

    model: str
    ports: dict[str, int]
    processes: dict[str, Process]
    started_at: str
    region: str = REGION
    account: str = ACCOUNT
    keeps: bool = False

    @property
    def endpoint(self) -> str:
        """The address of every AWS service but Bedrock."""
        return servers.address(self.ports["emulator"])

    @property
    def model_endpoint(self) -> str:
        """The address of the Bedrock-wire server and of its control endpoint."""
        return servers.address(self.ports["bedrock_wire"])


def home() -> Path:
    """Where this instance keeps its state, logs and data: LOCAL_AWS_HOME, else .local-aws in the repository."""
    return Path(os.environ.get("LOCAL_AWS_HOME") or ROOT / ".local-aws").resolve()


def logs() -> dict[str, Path]:
    """The log files by server."""
    return {name: home() / "logs" / f"{name}.log" for name in ("emulator", "bedrock_wire")}


def state() -> State | None:
    """What runs now; None if the local AWS is down, or if one of its processes has ended."""
    try:
        document = json.loads(_state_file().read_text())
    except FileNotFoundError:
        return None
    remembered = {name: Process(**process) for name, process in document.pop("processes").items()}
    alive = all(process.alive for process in remembered.values())
    return State(**document, processes=remembered) if alive else None


def crashed() -> bool:
    """Whether it was up and never stopped: one of its processes ended by itself, and its memory with it."""
    return _state_file().exists() and state() is None


def note_deployment(stack_name: str) -> None:
    """Remember that a stack stands here, so that `up` can put it back after a crash."""
    _deployment_file().write_text(stack_name)


def deployment() -> str | None:
    """The stack that was deployed here last, by scripts/deploy or the demo; also after a crash."""
    try:
        return _deployment_file().read_text()
    except FileNotFoundError:
        return None


def up(model: str | None = None) -> State:
    """Start the local AWS unless it is up: `model` is offline (the default), bedrock, or an OpenAI-compatible URL."""
    _check_model(model)
    with _alone():
        if running := state():
            if model not in (None, running.model):
                raise LocalAwsError(f"It is up with --model {running.model}. Next: scripts/local-aws down")
            return running
        _check_interpreters()
        _end_all()
        try:
            return _started(model or DEFAULT_MODEL)
        except BaseException:
            _end_all()
            raise


def down() -> bool:
    """End every process of the local AWS, the functions' too; False if there was none."""
    with _alone():
        running = state()
        if not (running and running.keeps):
            _deployment_file().unlink(missing_ok=True)
        return _end_all()


def reset() -> State:
    """Empty what runs: afterwards there is no stack, table, function or vector, no fault and no remembered call."""
    running = state()
    if running is None:
        raise LocalAwsError("The local AWS is down. Next: scripts/local-aws up")
    for server, method, path in _RESETS:
        answer = servers.status(running.ports[server], method, path)
        if answer != HTTPStatus.OK:
            raise LocalAwsError(f"{server} answered {answer} to {method} {path}. Next: scripts/local-aws logs {server}")
    _deployment_file().unlink(missing_ok=True)
    return running


def _check_model(model: str | None) -> None:
    if model not in (None, "offline", "bedrock") and not str(model).startswith(("http://", "https://")):
        raise LocalAwsError(f"No such model: {model}. Next: --model offline, --model bedrock, or --model http://…/v1")


def _check_interpreters() -> None:
    for name, python in {"local-aws": servers.SERVER_PYTHON, "lambda-runtime": servers.FUNCTION_PYTHON}.items():
        if not python.exists():
            raise LocalAwsError(
                f"There is no .venvs/{name} yet. Next: python3.13 -m venv .venvs/{name}"
                f" && .venvs/{name}/bin/pip install -r requirements/{name}.txt"
            )


def _started(model: str) -> State:
    """Start it; on other ports if somebody took one between its choice and its use."""
    if servers.keeps_data():
        return _start(model, *_ports_of_data())
    _deployment_file().unlink(missing_ok=True)
    for _ in range(_PORT_ATTEMPTS - 1):
        chosen = ports.free(2)
        try:
            return _start(model, *chosen)
        except LocalAwsError:
            processes.end(_temporary(), politely=[], grace_seconds=_GRACE_SECONDS)
            if not any(map(ports.taken, chosen)):
                raise
    return _start(model, *ports.free(2))


def _ports_of_data() -> list[int]:
    """The ports that the kept data was written under, or new ones that it will be."""
    data = home() / "data"
    if chosen := ports.kept(data):
        for port in filter(ports.taken, chosen):
            raise LocalAwsError(
                f"Port {port} is taken by another process, and what was kept is addressed by it. "
                f"Next: end that process (ss -ltnp 'sport = :{port}'), or begin empty: rm -r {shlex.quote(str(data))}"
            )
        return chosen
    chosen = ports.free(2)
    ports.keep(data, chosen)
    return chosen


def _start(model: str, port: int, model_port: int) -> State:
    temporary, data = _temporary(), home() / "data"
    for folder in (temporary, home() / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    both = [
        servers.bedrock_wire(port=model_port, model=model, emulator_port=port, temporary=temporary, data=data),
        servers.emulator(port=port, model_port=model_port, temporary=temporary, data=data),
    ]
    started = {server.name: server.start(logs()[server.name]) for server in both}
    for server in both:
        if not server.wait_until_ready(started[server.name], seconds=_READY_SECONDS):
            raise LocalAwsError(_not_ready(server))
    running = State(
        model=model,
        ports={server.name: server.port for server in both},
        processes=started,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        keeps=servers.keeps_data(),
    )
    _remember(running)
    return running


def _remember(running: State) -> None:
    # Replaced whole: a script that reads it meanwhile never sees half of it.
    fresh = _state_file().with_suffix(".new")
    fresh.write_text(json.dumps(asdict(running), indent=2))
    fresh.replace(_state_file())


def _not_ready(server: Server) -> str:
    log = logs()[server.name]
    lines = log.read_text(errors="replace").splitlines()[-_LOG_LINES:]
    last = "\n  ".join(lines)
    return f"{server.name} did not start. Its last lines:\n  {last}\nNext: less {shlex.quote(str(log))}"


def _end_all() -> bool:
    """Processes, state and temporary files; the logs stay, and the data if MiniStack was told to keep it."""
    running = state()
    there_were = bool(processes.of_instance(_temporary()))
    politely = list(running.processes.values()) if running else []
    if left := processes.end(_temporary(), politely=politely, grace_seconds=_GRACE_SECONDS):
        raise LocalAwsError(f"These processes could not be ended: {', '.join(str(process.pid) for process in left)}")
    _state_file().unlink(missing_ok=True)
    if _temporary().exists():
        shutil.rmtree(_temporary())
    return there_were


def _deployment_file() -> Path:
    return home() / "deployed"


def _state_file() -> Path:
    return home() / "state.json"


def _temporary() -> Path:
    return home() / "tmp"


@contextmanager
def _alone() -> Iterator[None]:
    """Let one start or stop of an instance happen at a time."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
