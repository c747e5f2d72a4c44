"""A function's handler, warm in this process with the deployed function's settings, and the AWS calls that it makes."""

import contextlib
import copy
import importlib.util
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from agent_platform import aws
from botocore import xform_name

from local_aws import client_environment, service
from operations import deployment
from operations.invoke import configured
from operations.seed import seed
from operations.stack import Stack
from tests.infrastructure import template


@contextlib.contextmanager
def seeded_stack() -> Iterator[Stack]:
    """The stack on a local AWS of its own, whose models answer at once, as scripts/seed leaves it."""
    with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, {"LOCAL_AWS_HOME": home}):
        service.up("offline")
        try:
            deployment.deploy("local")
            stack = Stack("local")
            list(seed(stack))
            yield stack
        finally:
            service.down()


@contextlib.contextmanager
def loaded(stack: Stack, function: str) -> Iterator[ModuleType]:
    """The module of a function's handler as a warm process has it; what it logs is written, and goes nowhere."""
    assert stack.local
    settings = configured(stack, function)["Environment"]["Variables"]
    path = template.function(function).folder / "app.py"
    spec = importlib.util.spec_from_file_location(function, path)
    assert spec
    assert spec.loader
    app = importlib.util.module_from_spec(spec)
    environment = settings | client_environment.variables(stack.local)
    with (
        Path(os.devnull).open("w") as nowhere,
        mock.patch.dict(os.environ, environment),
        contextlib.redirect_stdout(nowhere),
    ):
        spec.loader.exec_module(app)
        yield app


def seconds(act: Callable[[Any], object], prepare: Callable[[], Any], *, times: int) -> float:
    """One act's share of so many in a row; what it takes is prepared before."""
    prepared = [prepare() for _ in range(times)]
    began = time.perf_counter()
    for each in prepared:
        act(each)
    return (time.perf_counter() - began) / times


@dataclass
class Calls:
    """The AWS calls of one request, to be made again by themselves."""

    noted: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def made_by(cls, act: Callable[[], object], *services: str) -> "Calls":
        """Every call to these services that is made once the process is warm, when nothing cacheable is read again."""
        calls = cls()
        act()
        with contextlib.ExitStack() as noting:
            for service_name in services:
                noting.enter_context(calls._note(service_name))
            act()
        return calls

    @contextlib.contextmanager
    def _note(self, service_name: str) -> Iterator[None]:
        client = aws.client(service_name)

        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            self.noted.append((service_name, xform_name(model.name), copy.deepcopy(params)))

        client.meta.events.register_first("provide-client-params", note)
        yield
        client.meta.events.unregister("provide-client-params", note)

    def renewed(self, keys: Mapping[str, str]) -> list[tuple[str, str, dict[str, Any]]]:
        """The same calls, to the byte, but for each old key a new one: that of what has never been written."""
        text = json.dumps(self.noted)
        for old, new in keys.items():
            text = text.replace(old, new)
        return json.loads(text)  # type: ignore[no-any-return]

    @staticmethod
    def make(calls: Sequence[tuple[str, str, dict[str, Any]]]) -> None:
        """Make them with the handler's own clients, and read what streams."""
        for service_name, operation, parameters in calls:
            answer = getattr(aws.client(service_name), operation)(**parameters)
            if "Body" in answer:
                answer["Body"].read()
