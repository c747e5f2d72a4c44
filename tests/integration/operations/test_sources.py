"""A source's secret is made beside the stack, and told apart in the bill like everything in it."""

from types import SimpleNamespace

from operations import sources
from operations.stack import Stack


def test_a_source_s_secret_has_the_stack_s_tags(account):
    stack = SimpleNamespace(**vars(account), account="test", tags=Stack("test").tags)
    sources.add(stack, "a-crm", "a-company")

    made = account.client("secretsmanager").describe_secret(SecretId="/referral-system/test/sources/a-crm")
    assert {tag["Key"]: tag["Value"] for tag in made["Tags"]} == Stack("test").tags
