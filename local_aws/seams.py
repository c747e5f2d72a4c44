"""Where the bridge takes hold of MiniStack: every private name it uses, checked before the emulator starts."""

import importlib
import inspect
from importlib.metadata import version
from typing import Any

MINISTACK_VERSION = "1.5.33"

# The pause before an execution's first state; Step Functions has none that anyone could measure.
START_DELAY_SECONDS = 0.15

_WORKER = "ministack.core.lambda_runtime:ProvidedWorker"
_LAMBDA = "ministack.services.lambda_svc"
_RUN_EXECUTION = "ministack.services.stepfunctions:_run_execution"

REPLACED = {
    "ministack.core.lambda_runtime:_worker_class_for": "(config: dict)",
    "ministack.core.iam_evaluator:evaluate": (
        "(ctx: ministack.core.iam_evaluator.EvalContext, "
        "policies: list[list[ministack.core.iam_evaluator.ParsedStatement]], "
        "*limits: list[list[ministack.core.iam_evaluator.ParsedStatement]]) -> ministack.core.iam_evaluator.EvalResult"
    ),
    f"{_LAMBDA}:_execute_function_warm": "(func: dict, event: dict, request_id: str) -> dict",
    f"{_LAMBDA}:_provided_worker_env": "(config: dict, code_dir: str, port: int) -> dict",
    f"{_LAMBDA}:_emit_lambda_metrics": (
        "(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None"
    ),
    "ministack.services.cloudwatch:_stat_value": "(stats, stat_name, points=None)",
    "ministack.services.cloudwatch:_evaluate_alarm": "(alarm)",
    "ministack.services.cloudwatch:_describe_alarms": "(params, cbor_data, is_cbor, is_json=False)",
    "ministack.services.stepfunctions:_emit_execution_status_event": "(execution) -> None",
    "ministack.services.stepfunctions:_run_distributed_map": (
        "(state_def, raw_input, effective, iterator, execution, ctx)"
    ),
    "ministack.services.stepfunctions:_invoke_resource_with_timeout": "(resource, input_data, timeout)",
    "ministack.services.apigateway_v1:find_api_scope": "(api_id)",
    "ministack.services.s3:_get_object_data": (
        "(bucket_name: str, key: str, version_id: str | None = None) -> bytes | None"
    ),
}

OVERRIDDEN = {
    f"{_WORKER}.__init__": "(self, func_name: str, config: dict, code_zip: bytes)",
    f"{_WORKER}._spawn": "(self, init_timeout: float | None = None)",
    f"{_WORKER}._await_init": "(self, init_timeout: float | None = None) -> None",
    f"{_WORKER}._init_log_suffix": "(self) -> str",
    f"{_WORKER}._pump_output": "(self, stream, log_queue: queue.Queue) -> None",
    f"{_WORKER}._drain_stderr_bounded": (
        "(self, first_line_wait: float = 0.05, idle_confirm: float = 0.005, hard_cap: float = 0.25) -> str"
    ),
    f"{_WORKER}.invoke": (
        "(self, event: dict, request_id: str, *, trace_id: str = None, invoked_function_arn: str | None = None) -> dict"
    ),
}

USED = {
    f"{_WORKER}._drain_stderr": "(self) -> str",
    "ministack.core.lambda_runtime:ProvidedRuntimeError": "(message: str, error_type: str)",
    f"{_LAMBDA}:_execute_function_provided_warm": "(func: dict, event: dict, request_id: str) -> dict",
    f"{_LAMBDA}:_provided_runtime_code_dir": "(code_zip: bytes) -> str",
    f"{_LAMBDA}:_resolve_layer_zip": "(attachment: str | dict) -> bytes | None",
    f"{_LAMBDA}:_docker_extracted_dir": "(blob: bytes, kind: str) -> str",
    f"{_LAMBDA}:_runtime_env_vars": "(config: dict) -> dict",
    "ministack.services.stepfunctions:_resolve_path_or_ctx": "(path, data, ctx)",
    "ministack.services.cloudwatch:record_metric": (
        "(namespace: str, metric_name: str, value: float, unit: str = 'None', dimensions: dict | None = None) -> None"
    ),
    "ministack.services.cloudwatch:_evaluate_all_alarms": "()",
    "ministack.services.cloudwatch:_percentile_samples": "(points)",
    "ministack.services.cloudwatch:_calc_stats": "(points)",
    "ministack.services.cloudwatch:_dims_key": "(dims: dict) -> str",
    "ministack.services.cloudwatch:_dims_from_list": "(dimensions: list[dict]) -> dict",
    "ministack.services.cloudwatch:_record_history": (
        "(alarm_name, old_state, new_state, reason, alarm_type='MetricAlarm', reason_data=None)"
    ),
    "ministack.services.cloudwatch:_dispatch_alarm_actions": "(alarm, old_state, new_state, reason)",
    "ministack.services.cloudwatch:_evaluate_parent_alarms": "(child, seen=frozenset())",
    "ministack.core.responses:AccountRegionScopedDict.all_items": "(self)",
    "ministack.services.s3:_bucket_owner_account": "(name: str) -> str | None",
    "ministack.services.s3:_foreign_bucket_allows": (
        "(owner_account: str, bucket_name: str, key: str, method: str, query_params: dict, caller: str, "
        "headers: dict | None = None) -> bool"
    ),
    "ministack.core.responses:request_scope": "(account_id: str, region: str)",
    "ministack.core.responses:get_account_id": "() -> str",
    "ministack.core.responses:get_region": "() -> str",
}


class SeamMovedError(RuntimeError):
    """MiniStack isn't the one that the bridge was made for; the message names all that moved."""


def check() -> None:
    """Refuse to start on a MiniStack whose version, names or signatures differ from those used here."""
    moved = [line for line in (_version_moved(), *map(_signature_moved, _expected()), _delay_moved()) if line]
    if moved:
        raise SeamMovedError("MiniStack has moved under the bridge:\n  " + "\n  ".join(moved))


def find(name: str) -> Any:
    """The object behind `module:attribute.path`."""
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for attribute in path.split("."):
        found = getattr(found, attribute)
    return found


def _expected() -> dict[str, str]:
    return REPLACED | OVERRIDDEN | USED


def _version_moved() -> str | None:
    installed = version("ministack")
    return None if installed == MINISTACK_VERSION else f"version: {MINISTACK_VERSION} expected, {installed} installed"


def _signature_moved(name: str) -> str | None:
    try:
        signature = str(inspect.signature(find(name)))
    except (ImportError, AttributeError) as error:
        return f"{name}: {error}"
    return None if signature == _expected()[name] else f"{name}: {_expected()[name]} expected, {signature} found"


def _delay_moved() -> str | None:
    pause = f"time.sleep({START_DELAY_SECONDS})"
    try:
        source = inspect.getsource(find(_RUN_EXECUTION))
    except (ImportError, AttributeError) as error:
        return f"{_RUN_EXECUTION}: {error}"
    return None if pause in source else f"{_RUN_EXECUTION}: no longer calls {pause}"
