"""Forgetting a customer: everything that is theirs, store by store; and letting back who comes again."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime

from outreach.erasure.person import Person

from operations.customers import reference_of, tenant_of
from operations.erasure import letting_back
from operations.erasure.estate import Estate
from operations.erasure.receipt import forget, receipt_of, show, unfinished
from operations.erasure.stores import stores_of
from operations.stack import Stack
from operations.terminal import arguments, err, next_step, plain, print_json, run, with_json


def main(argv: Sequence[str]) -> None:
    """scripts/forget."""
    parser = arguments(
        "forget",
        "Forget a customer: what their events said, features, vectors, messages, past cases and all that goes with "
        "them.\nWhat stays is the keyed reference by which nobody writes to them again. Running it again changes "
        "nothing.\nTo give them their data first: scripts/export TENANT CUSTOMER\n"
        "Who comes back with a new consent: scripts/forget TENANT CUSTOMER --lift --consented WHEN --reason WORDS",
    )
    parser.add_argument("tenant", help="whose customer")
    parser.add_argument("customer", help="the CRM's id of a customer, or a reference (c-…)")
    letting_back.add(parser)
    with_json(parser)
    given = parser.parse_args(argv)
    if without := letting_back.unlifted(given):
        parser.error(f"{', '.join(without)} without --lift: forgetting takes none of it. Add --lift to let them back")
    stack = Stack(given.account)
    tenant = tenant_of(stack, given.tenant)
    person = Person(tenant, reference_of(stack, tenant, given.customer), stack.reference_key)
    estate = Estate(stack, person, datetime.now(UTC))
    if given.lift:
        letting_back.let_back(estate, given)
    else:
        _forget(estate, given)


def _forget(estate: Estate, given: Namespace) -> None:
    tenant, person = estate.person.tenant, estate.person
    done = forget(stores_of(estate))
    receipt, left = receipt_of(estate, done), unfinished(estate, done)
    if not left:
        estate.contacts.all_forgotten(tenant, person.reference)
    if given.json:
        print_json(receipt)
    else:
        show(receipt)
    if left:
        err.print(plain(f"{'; '.join(left)}: run this again in a few minutes.", style="yellow"))
        next_step(f"scripts/forget {tenant} {person.reference}", given.account)
    else:
        next_step(f"scripts/export {tenant} {person.reference}", given.account)


if __name__ == "__main__":
    run(main)
