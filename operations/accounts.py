"""The accounts that stacks stand in, as accounts/accounts.toml tells."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from agent_platform.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "accounts/accounts.toml"


@dataclass(frozen=True)
class Account:
    """One account: where it is, what deploys to it, after which it gets an artefact, and whether that asks."""

    name: str
    target: Literal["aws", "local"]
    id: str
    region: str
    tooling: str = ""
    after: str = ""
    asks: bool = False
    deploy_role: str = ""
    execution_role: str = ""
    boundary: str = ""
    root: str = ""
    email: str = ""
    model_regions: str = ""
    sink: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is an account of the local AWS."""
        return self.target == "local"

    @property
    def profile(self) -> str:
        """Its profile in samconfig.toml."""
        return self.name


@cache
def _page() -> dict[str, Any]:
    return tomllib.loads(PAGE.read_text())


@cache
def every() -> dict[str, Account]:
    """All accounts by name, also those without a stack; ConfigurationError that lists all that is wrong in the file."""
    tables = {name: told for name, told in _page().items() if isinstance(told, dict)}
    if found := list(problems(tables)):
        raise ConfigurationError("accounts/accounts.toml:\n" + "\n".join(f"  {problem}" for problem in found))
    return {name: Account(name=name, **told) for name, told in tables.items()}


def problems(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong in a file with these tables."""
    for name, told in tables.items():
        if unknown := told.keys() - Account.__dataclass_fields__.keys():
            yield f"{name}: {', '.join(sorted(unknown))} is nothing that an account has"
        if not re.fullmatch(r"(\d{12})?", str(told.get("id"))):
            yield f"{name}: an id has twelve digits, in quotes, or none"
        for other in {told.get("tooling", ""), told.get("after", "")} - {"", *tables}:
            yield f"{name}: {other} is no account"
    of_aws = {name: told for name, told in tables.items() if told.get("target") == "aws" and told.get("tooling")}
    together = of_aws.keys() | {told["tooling"] for told in of_aws.values()} & tables.keys()
    without = sorted(name for name in together if not tables[name].get("id"))
    if without and len(without) < len(together):
        yield f"fill in the id of {', '.join(without)} too, or none: with none they are one account"


def with_stack() -> dict[str, Account]:
    """The accounts that have a stack, by name: the laptop's, and those that artefacts go through."""
    return {name: account for name, account in every().items() if account.tooling or name == "local"}


def github_repository() -> str:
    """OWNER/NAME of the repository whose pipeline deploys, as GitHub's tokens say it; empty if none does."""
    return str(_page()["github_repository"])


def named(name: str) -> Account:
    """The account of this name."""
    return every()[name]


def tooling_of(account: Account) -> Account:
    """The account that keeps the artefacts of another, and whose people and pipelines deploy to it."""
    return every()[account.tooling]
