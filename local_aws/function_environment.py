"""The environment of a Python function's process: what Lambda gives and the function declares, nothing of the host."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ministack.services import lambda_svc

from local_aws import servers

Environment = dict[str, str]

# MiniStack gives each of these its value, whatever the host's environment holds.
_FROM_MINISTACK = (
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
)
_ENDPOINTS = tuple(servers.endpoints(emulator="", wire=""))


def install() -> None:
    """Give every Python function from now on an environment made from nothing; other runtimes keep MiniStack's."""
    function_home().mkdir(exist_ok=True)
    lambda_svc._provided_worker_env = _for_python(lambda_svc._provided_worker_env)


def function_home() -> Path:
    """What stands for a function's home and /tmp: not the host's, where AWS profiles lie."""
    return Path(tempfile.gettempdir(), "functions")


def _for_python(other_environment: Callable[..., Environment]) -> Callable[..., Environment]:
    def environment(config: dict[str, Any], code_dir: str, port: int) -> Environment:
        given = other_environment(config, code_dir, port)
        return _made_from_nothing(config, code_dir, given) if config["Runtime"].startswith("python") else given

    return environment


def _made_from_nothing(config: dict[str, Any], code_dir: str, given: Environment) -> Environment:
    runtime, layers = config["Runtime"], _layers(config)
    return {
        "TZ": ":UTC",
        # Lambda's is en_US.UTF-8, which not every machine has.
        "LANG": "C.UTF-8",
        "HOME": str(function_home()),
        "TMPDIR": str(function_home()),
        # Service endpoints with a host prefix (sync-…, data-…) don't exist on an address.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        **{name: os.environ[name] for name in _ENDPOINTS if name in os.environ},
        **lambda_svc._runtime_env_vars(config),
        **{name: given[name] for name in _FROM_MINISTACK},
        **_logging(config),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "PATH": os.pathsep.join(["/usr/local/bin", "/usr/bin", "/bin", *(f"{layer}/bin" for layer in layers)]),
        # /var/task before /opt, as on Lambda: a function's own module hides a layer's.
        "PYTHONPATH": os.pathsep.join([code_dir, *_importable(layers, runtime)]),
    }


def _logging(config: dict[str, Any]) -> Environment:
    logging = config.get("LoggingConfig") or {}
    group = {"AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"}
    if logging.get("LogFormat") != "JSON":
        return group
    return group | {
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO"),
    }


def _layers(config: dict[str, Any]) -> list[str]:
    contents = map(lambda_svc._resolve_layer_zip, config.get("Layers") or [])
    # Last first: under /opt a later layer's file replaces an earlier one's.
    return [lambda_svc._docker_extracted_dir(content, "layer") for content in contents if content][::-1]


def _importable(layers: list[str], runtime: str) -> Iterator[str]:
    for layer in layers:
        yield f"{layer}/python/lib/{runtime}/site-packages"
        yield f"{layer}/python"
