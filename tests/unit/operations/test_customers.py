"""Whose customers a door is about."""

from types import SimpleNamespace

import pytest
from agent_platform.ingest.sources import Source
from agent_platform.tenants import SYNTHETIC

from operations import sources
from operations.customers import companies, tenant_of
from operations.terminal import Problem


def stack(*tenants):
    every = [Source(f"{tenant}-crm", tenant, "an-arn") for tenant in tenants]
    return SimpleNamespace(sources=SimpleNamespace(all=lambda: every))


def test_the_only_company_needs_no_name_though_synthetic_runs_have_a_source():
    assert tenant_of(stack("greenedge", SYNTHETIC), None) == "greenedge"


def test_the_synthetic_tenant_is_listed_nowhere_and_found_by_its_name():
    several = stack("greenedge", SYNTHETIC, "brightnest")

    assert companies(several) == ["brightnest", "greenedge"]
    assert tenant_of(several, SYNTHETIC) == SYNTHETIC
    with pytest.raises(Problem, match=r"There are: brightnest, greenedge\. "):
        tenant_of(several, "greenedgy")


@pytest.mark.parametrize(("name", "tenant"), [("crm", SYNTHETIC), (SYNTHETIC, "greenedge")])
def test_no_company_and_no_source_of_one_is_called_synthetic(name, tenant):
    with pytest.raises(Problem, match="synthetic runs"):
        sources.add(stack("greenedge"), name, tenant)
