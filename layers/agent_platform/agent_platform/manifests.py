"""What a workflow tells the platform about itself: its manifest in SSM, the only way from here to a workflow."""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.errors import ConfigurationError


@dataclass(frozen=True)
class _Settings:
    manifests_path: str


def manifest(workflow: str) -> dict[str, Any]:
    """The manifest of a workflow; ConfigurationError if there is no such workflow."""
    name = f"{settings.read(_Settings).manifests_path}/{workflow}"
    try:
        value = aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    except ClientError as error:
        if aws.code_of(error) != "ParameterNotFound":
            raise
        raise ConfigurationError(f"there is no manifest {name}") from None
    found: dict[str, Any] = json.loads(value)
    return found
