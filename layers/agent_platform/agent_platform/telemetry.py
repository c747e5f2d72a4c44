"""Logs and metrics, made once.

One EMF blob carries each metric under {workflow}, which the template's alarms read, and under the further dimensions
that it is given, such as {workflow, agent, version}. POWERTOOLS_SERVICE_NAME stays unset: Powertools would add
`service` to the first set, and every alarm on it would silently read nothing.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from agent_platform import settings
from agent_platform.errors import TransientError

NAMESPACE = "ReferralSystem"
_silent = ContextVar("silent", default=False)

# What Powertools tells of its own work is no line of ours.
logging.getLogger("aws_lambda_powertools").setLevel(logging.WARNING)


@dataclass(frozen=True)
class _Settings:
    workflow: str
    log_level: str = "INFO"
    # Of all runs, the share whose debug lines are logged: 0 to 1.
    debug_sample_rate: str = "0"


@cache
def _own() -> _Settings:
    return settings.read(_Settings)


@cache
def workflow() -> str:
    """The word of the workflow this function belongs to; `ingest` and the like for neutral functions."""
    return _own().workflow


@cache
def log() -> Logger:
    """The process's JSON logger; callers never log what a customer or a CRM wrote."""
    made = Logger(service=workflow(), workflow=workflow())
    # Lambda's own level, which Powertools goes by, lets everything through so that sampled lines come through.
    logging.getLogger(workflow()).setLevel(_own().log_level)
    return made


def debug_if_sampled(receipt: str | None) -> None:
    """Log debug lines if this event is of the sample; it is the same in every function, so that whole runs are seen."""
    rate = float(_own().debug_sample_rate)
    if not rate:
        # Another level makes every logger of the process look up its own anew.
        return
    # A receipt ends in a hash, of which these digits are a number below one.
    sampled = receipt is not None and int(receipt[-8:], 16) / 16**8 < rate
    logging.getLogger(log().service).setLevel("DEBUG" if sampled else _own().log_level)


@cache
def _metrics() -> Metrics:
    made = Metrics(namespace=NAMESPACE)
    made.set_default_dimensions(workflow=workflow())
    return made


def emit(values: Mapping[str, tuple[MetricUnit, float]], **dimensions: object) -> None:
    """Write metrics, name → (unit, value), as one EMF line for this workflow and, if given, for these dimensions.

    With `workflow` among them, all of it is that one's: a sweep tells of runs that aren't its own.
    """
    if _silent.get():
        return
    metrics = _metrics()
    if dimensions:
        metrics.add_dimensions(**{name: str(value) for name, value in dimensions.items()})
    for name, (unit, value) in values.items():
        metrics.add_metric(name=name, unit=unit, value=value)
    metrics.flush_metrics()


@cache
def count_cold_start(function: str) -> None:
    """Count the first invocation of this process; later ones change nothing."""
    emit({"ColdStarts": (MetricUnit.Count, 1)}, function=function)


@contextmanager
def no_metrics() -> Iterator[None]:
    """Emit nothing inside: what is done is nobody's business, whoever of those who are called would count it."""
    before = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(before)


def count_failure(failure: Mapping[str, Any]) -> None:
    """Count a run that ended badly, also under its error's name."""
    emit({"Failures": (MetricUnit.Count, 1)}, error=failure["error"])


@contextmanager
def errors_counted(agent: Mapping[str, Any]) -> Iterator[None]:
    """Count what fails inside as one of this agent version's Errors; not what the state machine will try again."""
    try:
        yield
    except TransientError:
        raise
    except Exception:
        emit({"Errors": (MetricUnit.Count, 1)}, agent=agent["agent_id"], version=agent["version"])
        raise
