"""A customer's data, for themselves: everything that is kept of them, and where it stands, as one JSON document."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from agent_platform.moments import iso
from outreach.erasure.person import Person

from operations.customers import reference_of, tenant_of
from operations.erasure.estate import Estate
from operations.erasure.stores import stores_of
from operations.stack import Stack
from operations.terminal import arguments, print_json, run


def exported(estate: Estate) -> dict[str, Any]:
    """What each store holds of a person."""
    return {
        "tenant": estate.person.tenant,
        "customer": estate.person.reference,
        "at": iso(estate.now),
        "stores": [
            {"store": store.name, "where": store.where, "holds": list(store.holds())} for store in stores_of(estate)
        ],
    }


def main(argv: Sequence[str]) -> None:
    """scripts/export."""
    parser = arguments(
        "export",
        "Everything that is kept of a customer, store by store, as one JSON document on stdout.\n"
        "It names them: give it to nobody else, and delete it afterwards. To forget them: scripts/forget",
    )
    parser.add_argument("tenant", help="whose customer")
    parser.add_argument("customer", help="the CRM's id of a customer, or a reference (c-…)")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    tenant = tenant_of(stack, given.tenant)
    person = Person(tenant, reference_of(stack, tenant, given.customer), stack.reference_key)
    print_json(exported(Estate(stack, person, datetime.now(UTC))))


if __name__ == "__main__":
    run(main)
