"""template.yaml as data: as it is written, and as it is after SAM's transform."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "template.yaml"
ALARMS = ROOT / "observability/alarms.yaml"
SAM_PYTHON = ROOT / ".venvs/sam/bin/python"
# The words of functions that know no workflow by name.
NEUTRAL = {"agents", "costs", "drift", "ingest", "judge_probe", "retrieval", "synthetic"}


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, each read as its long form: `!Ref A` as {"Ref": "A"}."""


def _long_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _long_form)


@cache
def written() -> dict[str, Any]:
    """The page as it is written, with the alarms that CloudFormation includes among its resources."""
    page = yaml.load(PAGE.read_text(), Loader=_Loader)
    include = page["Resources"].pop("Fn::Transform")
    assert include == {"Name": "AWS::Include", "Parameters": {"Location": str(ALARMS.relative_to(ROOT))}}
    page["Resources"] |= yaml.safe_load(ALARMS.read_text())
    return page


@cache
def transformed() -> dict[str, Any]:
    """What CloudFormation makes of it, by SAM's own translator."""
    environment = {"AWS_DEFAULT_REGION": "us-east-1", "PATH": os.environ["PATH"]}
    script = Path(__file__).with_name("transform.py")
    answer = subprocess.run(
        [SAM_PYTHON, script], input=json.dumps(written()), env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def resources(*types: str, of: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """Resources of these types by logical id; all of them if no type is named."""
    every = (of or written())["Resources"]
    return {name: resource for name, resource in every.items() if not types or resource["Type"] in types}


@dataclass(frozen=True)
class Function:
    """A function as the page declares it, Globals included."""

    name: str
    properties: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        return ROOT / self.properties["CodeUri"]

    @property
    def environment(self) -> dict[str, Any]:
        return _globals()["Environment"]["Variables"] | self.properties["Environment"]["Variables"]

    @property
    def layers(self) -> list[str]:
        """Logical ids, in the order in which Lambda lays them over each other."""
        return [layer["Ref"] for layer in _globals()["Layers"] + self.properties.get("Layers", [])]

    @property
    def packages(self) -> set[str]:
        """The packages of its layers."""
        return {layer_folder(layer).name for layer in self.layers}

    def setting(self, name: str) -> Any:
        return self.properties.get(name, _globals().get(name))

    @property
    def timeout(self) -> int:
        return self.setting("Timeout")


def functions() -> list[Function]:
    """Every function of the page."""
    return [Function(name, each["Properties"]) for name, each in resources("AWS::Serverless::Function").items()]


def function(name: str) -> Function:
    return next(each for each in functions() if each.name == name)


def layer_folder(layer: str) -> Path:
    """Where the layer with this logical id comes from."""
    return ROOT / written()["Resources"][layer]["Properties"]["ContentUri"]


def walk(value: Any) -> Iterator[Any]:
    """Everything inside a value, itself first."""
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def text(value: Any) -> str:
    """A value as one line, the variable parts as ${…}: what a person would write with !Sub."""
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::If": ["IsAws", on_aws, _]}:
            return text(on_aws)
        case {"Fn::Sub": str(pattern)}:
            return pattern
        case {"Fn::Sub": [str(pattern), _]}:
            return pattern
        case {"Fn::Split": [_, inner]}:
            return text(inner)
        case {"Fn::Join": [delimiter, [*parts]]}:
            return delimiter.join(map(text, parts))
        case str():
            return value
    return json.dumps(value)


def listed(value: Any) -> list[Any]:
    """What IAM and CloudFormation let stand alone or in a list, as a list."""
    return value if isinstance(value, list) else [value]


def _globals() -> dict[str, Any]:
    return written()["Globals"]["Function"]
