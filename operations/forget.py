"""Forgetting a customer: everything that was made of them, store by store. Running it again finishes what broke off."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from agent_platform.features.store import FeatureStore
from agent_platform.moments import epoch
from outreach.casebook.files import CaseFiles
from outreach.casebook.forgetting import Forgetting
from outreach.casebook.store import Casebook

from operations.customers import reference_of, tenant_of
from operations.profiles import profiles
from operations.stack import Stack
from operations.terminal import arguments, counted, next_step, out, plain, print_json, run, table, with_json

type Forget = Callable[[str, str], str]


def stores(stack: Stack) -> dict[str, tuple[str, Forget]]:
    """Every store that forgets by a customer's reference: where it is, and what forgets there and says what it did."""
    features = FeatureStore(table=stack.outputs["CustomerFeatures"], dynamodb=stack.dynamodb)
    casebook = Casebook(table=stack.outputs["OutreachCases"], dynamodb=stack.dynamodb)
    forgetting = Forgetting(casebook, CaseFiles(bucket=stack.outputs["Cases"], s3=stack.client("s3")))
    kept_days = int(stack.parameters["RetentionDays"])
    return {
        "features": (stack.outputs["CustomerFeatures"], partial(_features, features)),
        "vectors": (stack.outputs["ProfilesIndexArn"].rpartition("/")[2], partial(_vectors, stack)),
        "cases": (stack.outputs["Cases"], partial(_cases, forgetting, kept_days)),
    }


def forget(stack: Stack, tenant: str, reference: str) -> Iterator[dict[str, str]]:
    """Forget a customer in each store, and say what was there; a failure stops it where it is."""
    for store, (where, forgets) in stores(stack).items():
        yield {"store": store, "where": where, "forgotten": forgets(tenant, reference)}


def _features(store: FeatureStore, tenant: str, reference: str) -> str:
    return counted(store.forget(tenant, reference), "item")


def _vectors(stack: Stack, tenant: str, reference: str) -> str:
    known = profiles(stack)
    held = known.export(tenant, reference) is not None
    known.forget(tenant, reference)
    return counted(int(held), "vector")


def _cases(forgetting: Forgetting, kept_days: int, tenant: str, reference: str) -> str:
    now = datetime.now(UTC)
    done = forgetting.forget(tenant, reference, now=now, expires_at=epoch(now, days=kept_days))
    return f"{counted(done.cases, 'case')}, {counted(done.memberships, 'segment')} without them"


def main(argv: Sequence[str]) -> None:
    """scripts/forget."""
    parser = arguments(
        "forget",
        "Forget what was made of a customer: features, vectors and past cases. Running it again changes nothing.\n"
        "Their events and messages stay until their retention is over.",
    )
    parser.add_argument("tenant", help="whose customer")
    parser.add_argument("customer", help="the CRM's id of a customer, or a reference (c-…)")
    with_json(parser)
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    tenant = tenant_of(stack, given.tenant)
    reference = reference_of(stack, tenant, given.customer)
    done = list(forget(stack, tenant, reference))
    if given.json:
        print_json(done)
        return
    table(f"Forgotten: {reference} of {tenant}", ("store", "what", "where"),
          [(each["store"], each["forgotten"], each["where"]) for each in done])  # fmt: skip
    out.print(plain("What is forgotten comes back with the customer's next event.", style="dim"))
    next_step(f"scripts/messages list --tenant {tenant}", given.account)


if __name__ == "__main__":
    run(main)
