"""Start and stop the embedded AWS: the emulator and the Bedrock-wire server, remembered in one state file.

Other scripts use `up`, `down`, `reset`, `state` and `environment`. Standard library only: it runs before there is any
environment to run in.
"""

import fcntl
import http.client
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local_aws import processes
from local_aws.processes import Process

ROOT = Path(__file__).resolve().parents[1]
EMULATOR_PYTHON = ROOT / ".venvs/local-aws/bin/python"
FUNCTION_PYTHON = ROOT / ".venvs/lambda-runtime/bin/python"

# AWS has no such region, so its regional endpoints have no address: a call that misses the emulator reaches no one.
REGION = "us-local-1"
ACCOUNT = "000000000000"
HOST = "127.0.0.1"

# Set by whoever starts it; passed on to MiniStack. Waits and retries of state machines take a fifth of their time.
SWITCHES = {"SFN_WAIT_SCALE": "0.2", "PERSIST_STATE": "0", "AUTH": "false", "LAMBDA_ACCOUNT_CONCURRENCY": "", "LOG_LEVEL": "INFO"}

_READY_SECONDS = 30.0
_GRACE_SECONDS = 10.0
_POLL_SECONDS = 0.05
_LOG_LINES = 20


class LocalAwsError(Exception):
    """The local AWS can't do what was asked; the message says why, and what to type next."""


@dataclass(frozen=True)
class State:
    """A running local AWS: which model answers, on which ports, in which processes."""

    model: str
    ports: dict[str, int]
    processes: dict[str, Process]
    started_at: str
    region: str = REGION
    account: str = ACCOUNT

    @property
    def endpoint(self) -> str:
        """The address of every AWS service but Bedrock."""
        return f"http://{HOST}:{self.ports['emulator']}"

    @property
    def model_endpoint(self) -> str:
        """The address of the Bedrock-wire server, its control endpoint included."""
        return f"http://{HOST}:{self.ports['bedrock_wire']}"


def home() -> Path:
    """Where an instance keeps its state, logs and temporary files: LOCAL_AWS_HOME, or .local-aws in the repository."""
    return Path(os.environ.get("LOCAL_AWS_HOME") or ROOT / ".local-aws").resolve()
