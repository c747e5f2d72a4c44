"""Python functions under the genuine awslambdaric, behind the Runtime API server that MiniStack has for `provided`.

MiniStack's own Python worker loses the class of an exception, so that no Catch or Retry by name ever matches.
"""

import array
import contextlib
import fcntl
import os
import queue
import select
import shlex
import socketserver
import tempfile
import termios
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.core.lambda_runtime import ProvidedInitTimeout, ProvidedRuntimeError, ProvidedWorker
from ministack.services import lambda_svc

from local_aws.metrics import record_invocation

Config = dict[str, Any]
Result = dict[str, Any]

# How long a log may lag behind the answer, on a machine that is very busy.
_LOG_SECONDS = 0.25


def install(function_python: Path) -> None:
    """Run every Python function from now on under `function_python`, an interpreter with awslambdaric and no more."""
    PythonWorker.launcher = _write_launcher(function_python)
    # Nagle's algorithm costs 40 ms on every answer of the Runtime API.
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True
    lambda_runtime._worker_class_for = _worker_class_for(lambda_runtime._worker_class_for)
    lambda_svc._execute_function_warm = _execute_warm(lambda_svc._execute_function_warm)


class PythonWorker(ProvidedWorker):  # type: ignore[misc]  # MiniStack has no types
    """One execution environment of a Python function, with the error names and the log lines that AWS would give."""

    launcher: Path

    def __init__(self, func_name: str, config: Config, code_zip: bytes) -> None:
        super().__init__(func_name, config, code_zip)
        # Held while output is in neither the pipe nor the queue.
        self._reading = threading.Lock()

    def invoke(
        self, event: Any, request_id: str, *, trace_id: str | None = None, invoked_function_arn: str | None = None
    ) -> Result:
        """One invocation, counted; a function that can't start fails with a name, and its log is kept."""
        started = time.monotonic()
        try:
            result = super().invoke(event, request_id, trace_id=trace_id, invoked_function_arn=invoked_function_arn)
        except ProvidedInitTimeout:
            result = self._not_started("Sandbox.Timedout", f"Task timed out after {self.config['Timeout']}.00 seconds")
        except ProvidedRuntimeError as error:
            result = self._not_started(error.error_type, str(error))
        milliseconds = (time.monotonic() - started) * 1000
        record_invocation(
            self.func_name, milliseconds=milliseconds, failed=result["status"] == "error", log=result["log"]
        )
        return dict(result)

    def _not_started(self, error_type: str, message: str) -> Result:
        payload = {"errorType": error_type, "errorMessage": message}
        return {"status": "error", "error": message, "error_payload": payload, "log": self._drain_stderr()}

    def _spawn(self, init_timeout: float | None = None) -> None:
        bootstrap = Path(lambda_svc._provided_runtime_code_dir(self.code_zip), "bootstrap")
        if not bootstrap.is_symlink():
            # A link, not a file: a file can't be executed while another thread's fork has it open for writing.
            link = bootstrap.with_name(f"bootstrap-{uuid.uuid4().hex}")
            link.symlink_to(self.launcher)
            link.replace(bootstrap)
        super()._spawn(init_timeout)

    def _await_init(self, init_timeout: float | None = None) -> None:
        try:
            super()._await_init(init_timeout)
        except ProvidedInitTimeout:
            raise
        except RuntimeError as error:
            # What the runtime client reported, or else it ended without a word.
            fault = self._init_error or {"errorType": "Runtime.ExitError", "errorMessage": str(error)}
            raise ProvidedRuntimeError(fault["errorMessage"], fault["errorType"]) from error

    def _init_log_suffix(self) -> str:
        # MiniStack would move the lines into the error's message; they are the log's.
        return ""

    def _pump_output(self, stream: Any, log_queue: "queue.Queue[str]") -> None:
        readable = select.poll()
        readable.register(stream, select.POLLIN)
        rest = b""
        while not stream.closed:
            readable.poll()
            with self._reading:
                chunk = os.read(stream.fileno(), 65536)
                *lines, rest = (rest + chunk).split(b"\n")
                if not chunk:
                    lines = [rest] if rest else []
                    stream.close()
                for line in lines:
                    _put(log_queue, line.decode(errors="replace").rstrip("\r"))

    def _drain_stderr_bounded(self, **_waits: float) -> str:
        """Every line written before the answer; unlike MiniStack's, it never waits for lines that don't come."""
        deadline = time.monotonic() + _LOG_SECONDS
        while self._has_unread_output() and time.monotonic() < deadline:
            time.sleep(0.0005)
        return str(self._drain_stderr())

    def _has_unread_output(self) -> bool:
        process = self._proc
        with self._reading:
            if process is None or process.stdout.closed:
                return False
            unread = array.array("i", [0])
            fcntl.ioctl(process.stdout, termios.FIONREAD, unread)
            return unread[0] > 0


def _put(lines: "queue.Queue[str]", line: str) -> None:
    if lines.full():
        # The oldest line goes: to wait here would stop the function at its next print.
        with contextlib.suppress(queue.Empty):
            lines.get_nowait()
    lines.put_nowait(line)


def _write_launcher(function_python: Path) -> Path:
    launcher = Path(tempfile.gettempdir(), "lambda-bootstrap")
    # -B: /var/task and /opt are read-only on Lambda. -P: the working directory is not on its path. -u: no line is late.
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(str(function_python))} -BPu -m awslambdaric "$_HANDLER"\n')
    launcher.chmod(0o755)
    return launcher


def _is_python(config: Config) -> bool:
    return str(config.get("Runtime", "")).startswith("python")


def _worker_class_for(other: Callable[[Config], type]) -> Callable[[Config], type]:
    return lambda config: PythonWorker if _is_python(config) else other(config)


def _execute_warm(other: Callable[..., Result]) -> Callable[..., Result]:
    def execute(func: dict[str, Any], event: Any, request_id: str) -> Result:
        python = _is_python(func.get("config") or func)
        chosen = lambda_svc._execute_function_provided_warm if python else other
        return dict(chosen(func, event, request_id))

    return execute
