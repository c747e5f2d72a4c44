"""Who is like a customer, and why: neighbours by their references, never by name."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from agent_platform.retrieval.neighbours import Neighbour
from outreach.features.customer import CUSTOMER
from outreach.profile import profile_of

from operations.customer_features import store_of
from operations.customers import reference_of, tenant_of
from operations.profiles import profiles
from operations.stack import Stack
from operations.terminal import Problem, arguments, out, plain, print_json, run, table, with_json

# A query finds a hundred, and one of them is the customer.
_MOST = 99


def similar(stack: Stack, tenant: str, reference: str, *, most: int) -> list[Neighbour]:
    """The tenant's customers who are most like one; Problem if that one can't be compared, and why."""
    known = profiles(stack)
    held = known.export(tenant, reference)
    if held is None or held["space"] != stack.outputs["EmbeddingSpace"]:
        raise Problem(_why_not(stack, tenant, reference))
    return known.similar(tenant, reference, most=most, now=datetime.now(UTC))


def _why_not(stack: Stack, tenant: str, reference: str) -> str:
    """Why a customer has no vector that could be compared, and what to do about it."""
    row = store_of(stack).read(tenant, reference, CUSTOMER, now=datetime.now(UTC))
    if row is None:
        return (
            f"Nothing is known of this customer of {tenant}: no event told of them yet, or they were forgotten. "
            "Next: scripts/executions, to see whether their events came in"
        )
    if profile_of(row.values) is None:
        return (
            f"Too little is known of this customer of {tenant} to compare them. "
            f"Next: scripts/features show {reference} --tenant {tenant}"
        )
    return (
        f"The features of this customer of {tenant} are known, but they have no vector of this model yet, as after a "
        f"backfill. Next: scripts/features rebuild --profiles --tenant {tenant}"
    )


def _shown(neighbour: Neighbour) -> tuple[str, str, str]:
    why = ", ".join(neighbour.shared) or "no trait in common"
    return neighbour.entity, f"{neighbour.similarity:.3f}", f"{why}; buys {', '.join(neighbour.has) or 'nothing known'}"


def main(argv: Sequence[str]) -> None:
    """scripts/similar."""
    parser = arguments("similar", "The customers who are most like one, by reference, with what they have in common.")
    parser.add_argument("customer", help="the CRM's id of a customer, or a reference (c-…)")
    parser.add_argument("--tenant", help="whose customer; may be left out where there is one tenant")
    parser.add_argument("-n", type=int, default=10, metavar="N", help="how many (default: 10)")
    with_json(parser)
    given = parser.parse_args(argv)
    if not 1 <= given.n <= _MOST:
        parser.error(f"-n is from 1 to {_MOST}")
    stack = Stack(given.account)
    tenant = tenant_of(stack, given.tenant)
    reference = reference_of(stack, tenant, given.customer)
    found = similar(stack, tenant, reference, most=given.n)
    if given.json:
        print_json([asdict(each) for each in found])
    elif found:
        table(f"Like {reference} of {tenant}", ("customer", "likeness", "why"), map(_shown, found))
    else:
        out.print(plain(f"Nothing is known of any other customer of {tenant}."))


if __name__ == "__main__":
    run(main)
