"""P8: what an approved message costs, everything modelled, ÷ the token floor.

The floor is what no stack can do without: the tokens of one draft and one verdict and nothing else, by the same models
at the same prices, with the same answers. Its prompts are minimal: the shipped instructions, and of the data only the
facts, their slots and, for the judge, the draft; no past e-mails, features, comment, offer's conditions, brand voice.
Tokens are counted as the local Bedrock counts those of the recorded run. A second line leaves the prompts as they were
sent, and so shows what everything but the tokens adds.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from agent_platform.registry.versions import AgentVersion
from outreach.brands import parse_brand
from outreach.briefing import in_block
from outreach.drafting import write_draft
from outreach.judging import judge_draft

from local_aws.bedrock_wire.conversation import data_of, estimated_tokens, whole_text
from operations import message_cost
from operations.message_cost import RECORDED_RUN, Call, Quantities
from operations.stack import ROOT
from tests.bench.counts import Count

LIMIT = 1.3
WHAT = "modelled cost of an approved message"
# The data of a minimal prompt.
NEEDED = ("facts", "slots", "draft")


def figures() -> Iterator[Count]:
    """Against the floor, and against the tokens as they were sent."""
    calls = message_cost.recorded_calls()
    message = approved(calls)
    yield Count(f"{WHAT} ÷ token floor", float(message / _cost(floor(calls))), "ratio", LIMIT)
    yield Count(f"{WHAT} ÷ its tokens as sent", float(message / _cost(calls)), "ratio", None)


def approved(calls: list[Call]) -> Decimal:
    """One message in USD, as docs/costs.md has it."""
    took, days_kept = Quantities.recorded(), message_cost.days_kept()
    parts = message_cost.parts(took, model_calls=len(calls), days_kept=days_kept)
    return sum((part.cost for part in parts), _cost(calls))


def floor(calls: list[Call]) -> list[Call]:
    """The same calls with minimal prompts."""
    return [replace(call, input_tokens=minimal_tokens(call.role)) for call in calls]


def _cost(calls: list[Call]) -> Decimal:
    return sum((call.cost() for call in calls), Decimal(0))


def minimal_tokens(role: str) -> int:
    """How long a prompt is whose data are only those that its task can't do without."""
    request, run = asked(role), _run()
    data, instruction = data_of(request), request["messages"][0]["content"][0]["text"].partition("\n")[0]
    assert data
    text = in_block(instruction, {name: data[name] for name in NEEDED if name in data}, run["request"])
    return tokens({**request, "messages": [{"role": "user", "content": [{"text": text}]}]})


def tokens(request: dict[str, Any]) -> int:
    """How many the local Bedrock would say that a request has."""
    return estimated_tokens(whole_text(request))


class _Asked(Exception):  # noqa: N818 - no failure, but the end of what is wanted
    """What a model was to be asked."""


def asked(role: str) -> dict[str, Any]:
    """What the writer or the judge is asked in the recorded run, by the code that asks; nobody answers."""
    run, agent = _run(), _agent(role)
    brand = parse_brand((ROOT / "brands" / run["request"]["brand"]["key"]).read_bytes())
    # A run's document holds neither the comment nor whom it is about.
    prepared: Any = {"comment": None, "identity": {"facts": []}}
    what, known = (run["request"], run["features"]), {"prepared": prepared, "brand": brand, "converse": _raise}
    try:
        if role == "writer":
            write_draft(agent, *what, run["passages"], verdict=None, **known)
        else:
            judge_draft(agent, run["draft"], *what, previous=None, max_attempts=1, **known)
    except _Asked as noted:
        request: dict[str, Any] = noted.args[0]
        return request
    raise RuntimeError("no model was asked")


def _raise(*, system: str, messages: list[dict[str, Any]], **_: Any) -> Any:
    raise _Asked({"system": [{"text": system}], "messages": messages})


def _run() -> Any:
    return json.loads(RECORDED_RUN.read_text())


def _agent(role: str) -> AgentVersion:
    folder = ROOT / "agents" / f"outreach-{role}"
    config, prompt = json.loads((folder / "config.json").read_text()), (folder / "prompt.md").read_text()
    return AgentVersion(folder.name, 1, config["model"], prompt, config)
