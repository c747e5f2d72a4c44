"""The accounts that stacks stand in, as accounts/accounts.toml tells."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

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
    """All accounts by name, also those without a stack."""
    return {name: Account(name=name, **told) for name, told in _page().items() if isinstance(told, dict)}


def with_stack() -> dict[str, Account]:
    """The accounts that have a stack, by name: the laptop's, and those that artefacts go through."""
    return {name: account for name, account in every().items() if account.tooling or name == "local"}


def github_repository() -> str:
    """OWNER/NAME of the repository whose pipeline deploys; empty if none does."""
    return str(_page()["github_repository"])


def named(name: str) -> Account:
    """The account of this name."""
    return every()[name]


def tooling_of(account: Account) -> Account:
    """The account that keeps the artefacts of another, and whose people and pipelines deploy to it."""
    return every()[account.tooling]
