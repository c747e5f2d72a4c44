"""What is known of a customer, feature by feature; the page about all features; the filling of a new version."""

import argparse
import math
from argparse import Namespace, _SubParsersAction
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from agent_platform.features.views import Definition
from outreach.features.customer import CUSTOMER, MATERIALIZED
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from operations import feature_page
from operations.backfill.pace import Pace
from operations.customer_features import known, show, store_of
from operations.customers import reference_of, tenant_of
from operations.feature_filling import Customer, fill, for_each, look, with_row
from operations.profile_filling import ProfileFilling
from operations.profiles import profiles
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
    stack = Stack(given.account)
    tenant = tenant_of(stack, given.tenant) if given.tenant else None
    failed = _fill_profiles(stack, tenant, given.per_second) if given.profiles else _fill(stack, tenant, given.view)
    if not failed:
        return 0
    for each in failed:
        out.print(plain(f"✗ {each.reference} of {each.tenant}: {each.error}"), soft_wrap=True)
    what = "--profiles" if given.profiles else given.view
    next_step(f"scripts/features rebuild {what}" + (f" --tenant {tenant}" if tenant else ""), given.account)
    return 1


def _fill(stack: Stack, tenant: str | None, view: str) -> list[Customer]:
    """Fill a version of a view; who is left without."""
    definition, table = _folded(view), stack.outputs["CustomerFeatures"]
    with step(f"look who has no {view} yet"):
        found = look(stack.dynamodb, table, definition, tenant=tenant, now=_now())
    failed = _failed(fill(store_of(stack), definition, found.left, clock=_now), len(found.left), f"fill {view}")
    filled = counted(len(found.left) - len(failed), "customer")
    out.print(plain(f"{view}: {filled} filled from their history, {found.filled} had it already"))
    return failed


def _fill_profiles(stack: Stack, tenant: str | None, per_second: float) -> list[Customer]:
    """Make everybody's vector, and what those like them buy after that, when all can be found; whose is left."""
    filling = ProfileFilling(store_of(stack), profiles(stack), Pace(per_second))
    with step("look whose features are known"):
        found = with_row(stack.dynamodb, stack.outputs["CustomerFeatures"], CUSTOMER, tenant=tenant, now=_now())
    failed = _failed(for_each(found, lambda who: filling.embed(who, now=_now())), len(found), "embed profiles")
    without = {(each.tenant, each.reference) for each in failed}
    embedded = [each for each in found if (each.tenant, each.reference) not in without]
    around = for_each(embedded, lambda who: filling.look_around(who, now=_now()))
    failed += _failed(around, len(embedded), "look around")
    out.print(plain(f"profiles: {counted(len(found) - len(failed), 'customer')} compared with those like them"))
    return failed


def _failed(done: Iterable[Customer], total: int, what: str) -> list[Customer]:
    """Who could not be done, once all were tried; with a bar meanwhile."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=err, transient=True) as progress:
        return [each for each in progress.track(done, total=total, description=what) if each.error]


def _now() -> datetime:
    return datetime.now(UTC)


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
        help="fill a new version of a view from the histories, or what is derived of all customers' features",
        description="Fill a version of a view for every customer who has no row of it. Deploy the functions that know "
        "it first, so that no event is missed meanwhile. With --profiles: make every vector that is missing, of "
        "another model or out of date, and what those most like each customer buy, as is needed after a backfill. "
        "Whoever repeats it goes on where it ended.",
    )
    what = added.add_mutually_exclusive_group(required=True)
    what.add_argument("view", metavar="VIEW@N", nargs="?", help="the view and its version, as in customer@1")
    what.add_argument("--profiles", action="store_true", help="what customers are like, and who is like them")
    added.add_argument("--tenant", help="of this company only")
    added.add_argument("--per-second", type=_above_zero, default=20, metavar="N",
                       help="with --profiles: customers, at most (default: 20)")  # fmt: skip
    with_account(added)
    added.set_defaults(do=_rebuild)


def _above_zero(given: str) -> float:
    number = float(given)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{given} is no number above 0")
    return number


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
