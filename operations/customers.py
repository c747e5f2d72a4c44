"""Which customer a person means at the terminal: whose they are, and by what reference they are kept."""

import re

from agent_platform.registry.alias import PLATFORM
from agent_platform.tenants import SYNTHETIC, customer_reference

from operations.stack import Stack
from operations.terminal import Problem

_REFERENCE = re.compile(r"c-[0-9a-f]{32}")


def companies(stack: Stack) -> list[str]:
    """The tenants whose customers are people, by name; the synthetic one is asked for by its name only."""
    return sorted({source.tenant for source in stack.sources.all()} - {SYNTHETIC})


def tenant_of(stack: Stack, given: str | None) -> str:
    """The tenant that is meant; Problem if it isn't one, or if none is given and there are several."""
    tenants = companies(stack)
    if given is None and len(tenants) == 1:
        return tenants[0]
    if given not in {*tenants, SYNTHETIC}:
        what = f"There is no tenant {given}." if given else "Whose customer?"
        raise Problem(f"{what} There are: {', '.join(tenants) or 'none'}. Next: --tenant NAME")
    return given


def payer_of(stack: Stack, given: str | None) -> str:
    """Who is meant where it is about money: a tenant, or the platform, whose judge's probes are nobody else's."""
    return PLATFORM if given == PLATFORM else tenant_of(stack, given)


def reference_of(stack: Stack, tenant: str, customer: str) -> str:
    """A customer's reference, by the CRM's id; a reference is taken as it is."""
    if _REFERENCE.fullmatch(customer):
        return customer
    return customer_reference(tenant, customer, key=stack.reference_key)
