"""What workflows say of themselves: each one's manifest, under its word in SSM."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.patterns import lazy_pattern

_WORD = lazy_pattern(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class _Settings:
    workflows_path: str


class Manifests:
    """The manifests of the stack's workflows."""

    def __init__(self, path: str, ssm: Any) -> None:
        self._path, self._ssm = path, ssm

    def of(self, word: Any) -> dict[str, Any]:
        """A workflow's manifest; empty if there is no such workflow."""
        if not (isinstance(word, str) and _WORD.fullmatch(word)):
            return {}
        try:
            found = self._ssm.get_parameter(Name=f"{self._path}/{word}")
        except ClientError as error:
            if aws.code_of(error) != "ParameterNotFound":
                raise
            return {}
        manifest: dict[str, Any] = json.loads(found["Parameter"]["Value"])
        return manifest

    def all(self) -> Iterator[dict[str, Any]]:
        """Every workflow's manifest."""
        pages = self._ssm.get_paginator("get_parameters_by_path").paginate(Path=self._path)
        return (json.loads(each["Value"]) for page in pages for each in page["Parameters"])


@cache
def manifests() -> Manifests:
    """The stack's manifests, as the function's environment names their place."""
    return Manifests(settings.read(_Settings).workflows_path, aws.client("ssm"))
