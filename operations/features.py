"""What is known of a customer, feature by feature; the page about all features; the filling of a new version."""

from argparse import Namespace, _SubParsersAction
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from agent_platform.features.views import Definition
from outreach.features.customer import MATERIALIZED
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from operations import feature_page
from operations.customer_features import known, show, store_of
from operations.customers import reference_of, tenant_of
from operations.feature_filling import Customer, fill, look
from operations.stack import ROOT, Stack
from operations.terminal import (
    Problem,
    arguments,
    counted,
    err,
    moment,
    next_step,
    out,
    plain,
    print_json,
    run,
    step,
    with_account,
    with_json,
)

type Commands = _SubParsersAction[Any]


def _show(given: Namespace) -> None:
    stack = Stack(given.account)
    tenant = tenant_of(stack, given.tenant)
    reference = reference_of(stack, tenant, given.customer)
    document = known(stack, tenant, reference, now=datetime.now(UTC), as_of=given.as_of)
    print_json(document) if given.json else show(document)


def _rebuild(given: Namespace) -> int:
    stack, definition = Stack(given.account), _folded(given.view)
    tenant = tenant_of(stack, given.tenant) if given.tenant else None
    with step(f"look who has no {given.view} yet"):
        found = look(
            stack.dynamodb, stack.outputs["CustomerFeatures"], definition, tenant=tenant, now=datetime.now(UTC)
        )
    failed = [each for each in _followed(stack, definition, found.left) if each.error]
    filled = counted(len(found.left) - len(failed), "customer")
    out.print(plain(f"{given.view}: {filled} filled from their history, {found.filled} had it already"))
    if not failed:
        return 0
    for each in failed:
        out.print(plain(f"✗ {each.reference} of {each.tenant}: {each.error}"), soft_wrap=True)
    again = f"scripts/features rebuild {given.view}" + (f" --tenant {given.tenant}" if given.tenant else "")
    next_step(again, given.account)
    return 1


def _followed(stack: Stack, definition: Definition, left: list[Customer]) -> Iterator[Customer]:
    """Fill with a bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=err, transient=True) as progress:
        filled = fill(store_of(stack), definition, left, clock=lambda: datetime.now(UTC))
        yield from progress.track(filled, total=len(left), description=f"fill {definition.view.key}")


def _folded(key: str) -> Definition:
    by_key = {each.view.key: each for each in MATERIALIZED}
    if key not in by_key:
        raise Problem(f"There is no view {key} that is folded from the history. There are: {', '.join(by_key)}")
    return by_key[key]


def _document(_: Namespace) -> None:
    feature_page.write()
    out.print(f"[green]✓[/] {feature_page.PAGE.relative_to(ROOT)}: {len(feature_page.VIEWS)} views")


def _add_show(commands: Commands) -> None:
    what = "what is known of a customer, or was at a time"
    added = commands.add_parser("show", help=what, description=f"Feature by feature, {what}.")
    added.add_argument("customer", help="the CRM's id of a customer, or a reference (c-…)")
    added.add_argument("--as-of", type=moment, metavar="TIME", help="what was known at the end of this day, or then")
    added.add_argument("--tenant", help="whose customer; may be left out where there is one tenant")
    with_json(added)
    with_account(added)
    added.set_defaults(do=_show)


def _add_rebuild(commands: Commands) -> None:
    added = commands.add_parser(
        "rebuild",
        help="fill a new version of a view from the histories",
        description="Fill a version of a view for every customer who has no row of it. Deploy the functions that know "
        "it first, so that no event is missed meanwhile. Whoever repeats it goes on where it ended.",
    )
    added.add_argument("view", metavar="VIEW@N", help="the view and its version, as in customer@1")
    added.add_argument("--tenant", help="of this company only")
    with_account(added)
    added.set_defaults(do=_rebuild)


def main(argv: Sequence[str]) -> int | None:
    """scripts/features."""
    parser = arguments("features", "What is known of customers, and how it is kept.", account=False)
    commands = parser.add_subparsers(dest="command", required=True)
    _add_show(commands)
    _add_rebuild(commands)
    what = "write docs/features.md anew from the declarations"
    commands.add_parser("document", help=what, description=f"To {what}.").set_defaults(do=_document)
    given = parser.parse_args(argv)
    code: int | None = given.do(given)
    return code


if __name__ == "__main__":
    run(main)
