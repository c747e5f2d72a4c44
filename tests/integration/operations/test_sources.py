"""A source's secret, made beside the stack and told apart in the bill like everything in it; a tenant's limit."""

from types import SimpleNamespace

import pytest
from agent_platform.ingest.admission import Limit

from operations import limits, sources
from operations.stack import Stack
from operations.terminal import Problem


def test_a_source_s_secret_has_the_stack_s_tags(account):
    stack = SimpleNamespace(**vars(account), account="test", tags=Stack("test").tags)
    sources.add(stack, "a-crm", "a-company")

    made = account.client("secretsmanager").describe_secret(SecretId="/referral-system/test/sources/a-crm")
    assert {tag["Key"]: tag["Value"] for tag in made["Tags"]} == Stack("test").tags


@pytest.fixture
def two_tenants(account, crm, other_crm):
    """A stack with two tenants and the template's limit."""
    account.outputs["Admission"] = "AdmissionTable"
    return SimpleNamespace(**vars(account), parameters={"TenantEventsPerSecond": "50", "TenantBurst": "100"})


def test_a_tenant_gets_a_limit_of_its_own_part_by_part_and_the_stack_s_again(two_tenants):
    assert limits.limits(two_tenants) == {"brightnest": Limit(50, 100), "greenedge": Limit(50, 100)}

    limits.change(two_tenants, "greenedge", per_second=500, burst=None)
    limits.change(two_tenants, "greenedge", per_second=None, burst=700)
    assert limits.limits(two_tenants) == {"brightnest": Limit(50, 100), "greenedge": Limit(500, 700)}

    limits.forget(two_tenants, "greenedge")
    assert limits.limits(two_tenants)["greenedge"] == Limit(50, 100)


def test_what_is_no_limit_or_nobody_s_is_refused_with_every_problem(two_tenants):
    with pytest.raises(Problem, match="--per-second is from 1 to 1000: not 0; --burst is from 1 to 10000: not 10001"):
        limits.change(two_tenants, "greenedge", per_second=0, burst=10_001)
    for unknown in (lambda: limits.change(two_tenants, "nobody", per_second=5, burst=5),
                    lambda: limits.forget(two_tenants, "nobody")):  # fmt: skip
        with pytest.raises(Problem, match="brightnest, greenedge"):
            unknown()
    assert limits.limits(two_tenants)["greenedge"] == Limit(50, 100)
