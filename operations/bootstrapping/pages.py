"""Which of accounts/*.yaml an account gets, under which name and with which parameters."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from operations import accounts
from operations.accounts import ROOT, Account
from operations.stack import Stack
from operations.terminal import Problem

# CloudFormation cuts a stack's name there where the name that it makes for a resource would be too long.
_LONGEST_PREFIX = 24
IN_ORGANIZATION = ("tooling", "dev", "test", "prod")

type IdOf = Callable[[Account], str]


@dataclass(frozen=True)
class Page:
    """One template as a stack of an account."""

    account: Account
    template: str
    stack_name: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> str:
        """The template."""
        return (ROOT / "accounts" / f"{self.template}.yaml").read_text()


def pages(account: Account, id_of: IdOf) -> Iterator[Page]:
    """What an account gets, in this order; `id_of` says which account one without an id is.

    The local AWS knows neither organizations nor trails, nor how accounts see each other's metrics.
    """
    if account.name == "management":
        yield Page(account, "organization", "referral-organization", _of_organization(account))
    elif account.tooling:
        yield from _of_environment(account, id_of)
    else:
        yield from _of_tooling(account, id_of)


def _of_organization(account: Account) -> dict[str, str]:
    members = [accounts.named(name) for name in IN_ORGANIZATION]
    told = {f"{each.name.title()}Email": each.email for each in members} | {"RootId": account.root}
    are_there = all(each.id for each in members) and not any(each.email for each in members)
    if missing := [name for name, value in told.items() if not value and not (are_there and "Email" in name)]:
        raise Problem(f"An organization needs of accounts/accounts.toml: {', '.join(missing)}. Fill them in.")
    regions = ",".join(sorted({each.region for each in members}))
    return told | {"Regions": regions, "ModelRegions": account.model_regions}


def _of_tooling(account: Account, id_of: IdOf) -> Iterator[Page]:
    served = [each for each in accounts.with_stack().values() if each.tooling == account.name]
    ids = {f"{each.name.rpartition('-')[2].title()}AccountId": id_of(each) for each in served}
    names = served[0].name.rpartition("-")[0]
    prefix = {"Names": f"{names}-" if names else ""}
    yield Page(account, "tooling", "referral-tooling", {"DeployTarget": account.target, **prefix, **ids})
    if not account.is_local:
        yield Page(account, "trail", "referral-trail")
        if _others(account, served, id_of):
            yield Page(account, "sink", "referral-sink", ids)


def _of_environment(account: Account, id_of: IdOf) -> Iterator[Page]:
    tooling = accounts.tooling_of(account)
    is_another = id_of(account) != id_of(tooling)
    if not account.is_local and is_another:
        # Those who share the tooling account share its trail.
        yield Page(account, "trail", "referral-trail")
    # One of it is all that an account may have; who share one have it from the first of them.
    is_first = is_another or not account.after
    if not account.is_local and is_first and accounts.github_repository():
        yield Page(account, "github", "referral-github")
    yield Page(account, "account", f"referral-account-{account.name}", _roles(account, tooling, id_of))
    if is_another and tooling.sink:
        yield Page(account, "link", "referral-link", {"SinkArn": tooling.sink})


def _roles(account: Account, tooling: Account, id_of: IdOf) -> dict[str, str]:
    return {
        "Environment": account.name,
        "DeployTarget": account.target,
        "DeployRoleName": account.deploy_role,
        "ExecutionRoleName": account.execution_role,
        "BoundaryName": account.boundary,
        "ToolingAccountId": id_of(tooling),
        "Builds": "no" if account.after else "yes",
        "Prefix": Stack(account.name).profile["stack_name"][:_LONGEST_PREFIX],
        "GitHubRepository": "" if account.is_local else accounts.github_repository(),
    }


def _others(tooling: Account, served: list[Account], id_of: IdOf) -> bool:
    return any(id_of(each) != id_of(tooling) for each in served)
