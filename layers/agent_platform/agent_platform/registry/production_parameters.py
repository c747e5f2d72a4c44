"""The version in production as a parameter in SSM, for readers outside of the stack: it follows the alias, last."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.registry.alias import Alias
from agent_platform.registry.aliases import Aliases, aliases


@dataclass(frozen=True)
class _Settings:
    agents_path: str


class ProductionParameters:
    """One parameter for each agent that is in production: `<path>/<owner>/<name>` has the version's number."""

    def __init__(self, path: str, ssm: Any, aliases: Aliases) -> None:
        self._path, self._ssm, self._aliases = path, ssm, aliases

    def follow(self, agent_id: str) -> Alias:
        """Write what is in production now; a repeated call mends what a crash left behind."""
        alias, written = self._aliases.alias(agent_id), None
        # Looked at again after writing: of two who write at once, the slower one would leave an old version behind.
        while alias.production is not None and alias.production != written:
            written = alias.production
            name = f"{self._path}/{agent_id.replace('#', '/')}"
            self._ssm.put_parameter(Name=name, Value=str(written), Type="String", Overwrite=True)
            alias = self._aliases.alias(agent_id)
        return alias


@cache
def production_parameters() -> ProductionParameters:
    """The stack's parameters, as the function's environment names their place."""
    return ProductionParameters(settings.read(_Settings).agents_path, aws.client("ssm"), aliases())
