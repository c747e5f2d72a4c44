"""The stand-in for a guardrail, asked by the functions' own code over HTTP, and failing as Bedrock fails."""

import json
import urllib.request

import pytest
from agent_platform.guardrails.bedrock import check
from agent_platform.guardrails.checks import Check


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thank you for your trust.", Check("allow", "", 250)),
        ("Thank you. " * 100, Check("allow", "", 500)),
        ("Only an idiot would miss this.", Check("block", "contentPolicy INSULTS", 250)),
        ("Stupid weeds: kill them.", Check("block", "contentPolicy INSULTS, contentPolicy VIOLENCE", 250)),
    ],
)
def test_it_allows_or_blocks_by_category(wire, client, text, said):
    assert check(text, guardrail="local", version="DRAFT", client=client(wire)) == said


@pytest.mark.parametrize(
    ("kind", "name", "cost"), [("throttle", "ThrottlingException", 0), ("disconnect", "ConnectionClosedError", None)]
)
def test_one_that_fails_neither_allows_nor_blocks(wire, client, kind, name, cost):
    body = json.dumps([{"kind": kind, "operation": "ApplyGuardrail"}]).encode()
    request = urllib.request.Request(f"{wire.url}/_control/faults", data=body, method="POST")
    urllib.request.urlopen(request, timeout=5).close()
    assert check("Thank you.", guardrail="local", version="DRAFT", client=client(wire)) == Check("error", name, cost)
