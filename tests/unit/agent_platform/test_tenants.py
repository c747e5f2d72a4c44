import re

import pytest
from agent_platform.tenants import TENANT_NAME, customer_reference, keyed_hash

KEY = b"a key of the stack"


def test_a_customer_reference_is_stable_and_says_nothing():
    reference = customer_reference("greenedge", "4711", key=KEY)
    assert reference == customer_reference("greenedge", "4711", key=KEY)
    assert re.fullmatch(r"c-[0-9a-f]{32}", reference)


@pytest.mark.parametrize(
    ("tenant", "customer", "key"),
    [
        ("brightnest", "4711", KEY),
        ("greenedge", "4712", KEY),
        ("greenedge", "4711", b"another key"),
        ("greenedg", "e4711", KEY),
    ],
)
def test_another_tenant_customer_or_key_gives_another_reference(tenant, customer, key):
    assert customer_reference(tenant, customer, key=key) != customer_reference("greenedge", "4711", key=KEY)


def test_a_payload_hash_cannot_be_computed_without_the_key():
    assert keyed_hash(b"{}", key=KEY) != keyed_hash(b"{}", key=b"a guess")
    assert keyed_hash(b"{}", key=KEY) == keyed_hash(b"{}", key=KEY)


@pytest.mark.parametrize("name", ["greenedge", "a", "a-1", "x" * 40])
def test_a_tenants_name_fits_into_a_key(name):
    assert TENANT_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a#b", "a b", "x" * 41, "a\n"])
def test_nothing_else_does(name):
    assert not TENANT_NAME.fullmatch(name)
