"""How many events each tenant may send, at the terminal: what holds, and giving a tenant a limit of its own."""

from agent_platform.ingest.admission import Admission, Limit

from operations.stack import Stack
from operations.terminal import Problem

# One bucket is one item, and DynamoDB takes a thousand writes a second of an item.
MOST_PER_SECOND, MOST_AT_ONCE = 1_000, 10_000


def limits(stack: Stack) -> dict[str, Limit]:
    """What each tenant with a source may send, by name."""
    admission = _admission(stack)
    return {tenant: admission.limit(tenant) for tenant in _tenants(stack)}


def change(stack: Stack, tenant: str, *, per_second: int | None, burst: int | None) -> Limit:
    """Set what is given of a tenant's limit; the rest stays."""
    _known(stack, tenant)
    admission = _admission(stack)
    now = admission.limit(tenant)
    wanted = Limit(now.per_second if per_second is None else per_second, now.burst if burst is None else burst)
    wrong = [
        f"{what} is from 1 to {most}: not {given}"
        for what, given, most in (
            ("--per-second", wanted.per_second, MOST_PER_SECOND),
            ("--burst", wanted.burst, MOST_AT_ONCE),
        )
        if not 1 <= given <= most
    ]
    if wrong:
        raise Problem("; ".join(wrong))
    admission.change(tenant, wanted)
    return wanted


def forget(stack: Stack, tenant: str) -> Limit:
    """Let the stack's default hold for a tenant again."""
    _known(stack, tenant)
    _admission(stack).change(tenant, None)
    return _admission(stack).limit(tenant)


def _admission(stack: Stack) -> Admission:
    default = Limit(int(stack.parameters["TenantEventsPerSecond"]), int(stack.parameters["TenantBurst"]))
    return Admission(default, table=stack.outputs["Admission"], dynamodb=stack.dynamodb)


def _tenants(stack: Stack) -> list[str]:
    return sorted({source.tenant for source in stack.sources.all()})


def _known(stack: Stack, tenant: str) -> None:
    if tenant not in _tenants(stack):
        raise Problem(f"No source is {tenant}'s. There are sources of: {', '.join(_tenants(stack)) or 'nobody'}")
