"""scripts/bootstrap: show what an account would get, ask, and make it."""

import time
from collections.abc import Iterator, Sequence

from operations import access, accounts
from operations.accounts import Account
from operations.bootstrapping.pages import IN_ORGANIZATION, Page, pages
from operations.delivery import changes
from operations.delivery.change_sets import Deployable
from operations.terminal import Problem, arguments, confirmed, err, out, plain, run


def bootstrap(account: Account, *, agreed: bool) -> None:
    """Give one account all it gets; Problem if a change isn't agreed to, and what was agreed to before stays."""
    for page in pages(account, _id_of):
        _make(page, agreed=agreed)


def _make(page: Page, *, agreed: bool) -> None:
    reached = access.own(page.account)
    stack = Deployable(
        reached.client("cloudformation"),
        name=page.stack_name,
        tags={"application": "referral-email-system", "environment": page.account.name},
        capabilities=("CAPABILITY_NAMED_IAM",),
        pause=0.1 if page.account.is_local else 2.0,
    )
    out.print(plain(f"{page.account.name}: accounts/{page.template}.yaml as {page.stack_name}", "bold"))
    proposal = stack.propose(f"bootstrap-{time.time_ns()}", {"TemplateBody": page.body}, page.parameters)
    changes.show(proposal.changes, {})
    if proposal.changes:
        if not agreed and not confirmed("Make this?"):
            stack.withdraw(proposal)
            raise Problem(f"{page.stack_name} was left as it is.")
        with err.status(f"{page.stack_name} …") as shown:
            stack.execute(proposal, lambda told: shown.update(f"{page.stack_name}: {told}"))
    for output in stack.described.get("Outputs", []):
        out.print(plain(f"  {output['OutputKey']}: {output['OutputValue']}"), soft_wrap=True)


def _id_of(account: Account) -> str:
    return account.id or access.own(account).identity["Account"]


def _chosen(name: str | None) -> Iterator[Account]:
    """The account and, where these credentials reach it, the tooling account before it; without a name all of AWS."""
    if name is None and accounts.named("dev").id:
        each = "\n".join(f"  scripts/bootstrap --account {account}" for account in IN_ORGANIZATION)
        raise Problem(
            f"dev, test and prod are accounts of their own: one after the other, with its credentials:\n{each}"
        )
    if name is None:
        yield from map(accounts.named, IN_ORGANIZATION)
        return
    account = accounts.named(name)
    if account.is_local:
        yield accounts.tooling_of(account)
    yield account


def main(argv: Sequence[str]) -> None:
    """scripts/bootstrap."""
    parser = arguments(
        "bootstrap",
        "Make an account ready for scripts/deploy: its roles, the artefacts' bucket, a trail, one view of all.\n"
        "Shows each change and asks. Running it again changes only what differs.",
        account=False,
    )
    ready = [name for name, account in accounts.every().items() if account.tooling or name in {"tooling", "management"}]
    parser.add_argument("--account", choices=ready, help="whose (default: all of AWS, if they are one account)")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    given = parser.parse_args(argv)
    for account in _chosen(given.account):
        bootstrap(account, agreed=given.yes)


if __name__ == "__main__":
    run(main)
