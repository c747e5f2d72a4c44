"""Prompts that are too long for the registry's table, on the deployed stack: read from their bucket by whoever needs
them. The company and its agents are this module's own.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from agent_platform.items import to_item
from agent_platform.registry.prompts import MOST_INLINE_BYTES

from operations import events, sources
from operations.agents import __main__ as agents
from operations.reviewing.desk import Desk
from operations.stack import ROOT
from operations.terminal import Problem
from tests.workflow.deployed import Deployed, begin_anew

COMPANY = "longwinded"
BECAUSE = ("--reason", "a test needs it")

type Register = Callable[[str, str], int]


@pytest.fixture
def register(deployed: Deployed, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Register:
    """Register the shipped writer or judge for the company with a long prompt that ends in a remark; its number."""

    def register(role: str, remark: str) -> int:
        folder = ROOT / "agents" / f"outreach-{role}"
        config = json.loads((folder / "config.json").read_text()) | {"tenant": COMPANY}
        (tmp_path / "config.json").write_text(json.dumps(config))
        prompt = (folder / "prompt.md").read_text() + "\n" * MOST_INLINE_BYTES + f"{remark}\n"
        (tmp_path / "prompt.md").write_text(prompt)
        capsys.readouterr()
        agents.main(["register", str(tmp_path), "--json"])
        return int(json.loads(capsys.readouterr().out)["version"])

    return register


@dataclass(frozen=True)
class Sender:
    """A source of the company's."""

    name: str
    secret: str


@pytest.fixture
def company(deployed: Deployed, register: Register) -> Iterator[Sender]:
    """The sender of a company that has a brand, and a writer and a judge with long prompts in production.

    They are gone after the test: who evaluates for all companies wants one judge of all, and who probes every judge
    would pay for a long one.
    """
    stack, name = deployed.stack, f"{COMPANY}-{uuid.uuid4().hex[:8]}"
    brand = (ROOT / "brands/greenedge/brand.json").read_bytes()
    stack.client("s3").put_object(Bucket=stack.outputs["Brands"], Key=f"{COMPANY}/brand.json", Body=brand)
    for role in ("writer", "judge"):
        first = register(role, "At length.")
        if stack.aliases.alias(f"{COMPANY}#outreach-{role}").production is None:
            agents.main(["promote", f"{COMPANY}/outreach-{role}", str(first), *BECAUSE])
    yield Sender(name, sources.add(stack, name, COMPANY))
    stack.dynamodb.delete_item(TableName=stack.outputs["Sources"], Key=to_item({"source": name}))
    for item in deployed.items("AgentRegistry"):
        if item["agentId"].startswith(f"{COMPANY}#"):
            key = to_item({name: item[name] for name in ("agentId", "version")})
            stack.dynamodb.delete_item(TableName=stack.outputs["AgentRegistry"], Key=key)


def sent(deployed: Deployed, sender: Sender, event: dict[str, Any]) -> str:
    """The receipt of an event of the company's."""
    url = f"{deployed.stack.api_url}/webhook/{sender.name}"
    answer = events.send(url, sender.secret, json.dumps(event), event_id=events.new_event_id())
    return str(answer.body["receipt"])


def written(deployed: Deployed, sender: Sender, event: dict[str, Any]) -> dict[str, Any]:
    """The approved message that an event of the company's comes to."""
    outcome = deployed.outcome(sent(deployed, sender, event))
    assert (outcome["kind"], outcome["status"]) == ("message", "approved")
    return deployed.item("OutreachMessages", message=f"{COMPANY}#{outcome['execution']}")


def test_a_message_is_written_and_judged_by_long_prompts(
    deployed: Deployed, company: Sender, sample: Callable[..., dict[str, Any]]
) -> None:
    message = written(deployed, company, sample("good-referral"))

    assert {each["agent_id"] for each in message["agents"].values()} == {
        f"{COMPANY}#outreach-writer", f"{COMPANY}#outreach-judge",
    }  # fmt: skip


def test_who_reviews_sees_what_a_judge_with_a_long_prompt_goes_by(
    deployed: Deployed, company: Sender, sample: Callable[..., dict[str, Any]]
) -> None:
    receipt = sent(deployed, company, sample("spanish"))
    waits = deployed.outcome(receipt)
    desk = Desk(deployed.stack, COMPANY, "eve")
    shown = deployed.until(
        lambda: (each := desk.next()) and each["id"] == waits["execution"] and each, "the message on the desk"
    )

    assert waits["status"] == "pending_review"
    assert shown["rubric"]
    desk.decide(shown["id"], {"verdict": "reject", "reason": "tone"})


def test_what_an_evaluation_of_long_prompts_would_cost_is_known_before_it_begins(
    deployed: Deployed, company: Sender, register: Register, sample: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    written(deployed, company, sample("good-referral"))
    version = register("writer", f"At some length, as {uuid.uuid4().hex}.")
    sized = ["--tenant", COMPANY, "--last", "1", "--yes", "--cap", "0.001", "--page", str(tmp_path / "page.html")]
    with pytest.raises(Problem, match="the cap is"):
        agents.main(["evaluate", f"{COMPANY}/outreach-writer", str(version), *sized])


@pytest.fixture
def begin(deployed: Deployed, company: Sender) -> Iterator[Callable[[int], None]]:
    """Begin a rollout of the company's writer, for the next run already; it is aborted after the test."""
    name = f"{COMPANY}/outreach-writer"

    def begin(version: int) -> None:
        agents.main(["rollout", name, str(version), *BECAUSE])
        begin_anew(deployed.stack, "OutreachValidateFunction")

    yield begin
    if deployed.stack.aliases.alias(f"{COMPANY}#outreach-writer").rollout:
        agents.main(["abort", name, *BECAUSE])


def test_a_rollout_of_a_long_prompt_begins_and_counts_and_its_price_is_known(
    deployed: Deployed,
    company: Sender,
    register: Register,
    begin: Callable[[int], None],
    sample: Callable[..., dict[str, Any]],
) -> None:
    version = register("writer", f"At more length, as {uuid.uuid4().hex}.")
    with pytest.raises(Problem, match="on the requests of longwinded alone"):
        agents.main(["evaluate", f"{COMPANY}/outreach-writer", str(version), "--tenant", "nobody-yet"])
    begin(version)
    message = written(deployed, company, sample("good-referral"))

    [counted] = [each for each in deployed.items("Experiments") if message["customer"] in each["customer"]]
    assert counted["outcomes"]["ApprovalRate"]["value"] == 1
