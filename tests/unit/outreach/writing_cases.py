"""One customer of GreenEdge to whom a referral e-mail is written, the agents that ship, and what models answered."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from agent_platform.registry.versions import AgentVersion
from outreach.brands import Brand, parse_brand

_ROOT = Path(__file__).parents[3]
_BLOCK = re.compile(r"<data-([0-9a-f]{16})>\n(.*)\n</data-\1>", re.DOTALL)

GOOD_EMAIL = {
    "subject": "A small thank-you from {{company.name}}",
    "body": (
        "Hi {{customer.first_name}},\n\nThank you for trusting us with your lawn since {{service.since}}. It was good "
        "to read that the edges look the way you hoped.\n\nIf a neighbor has ever asked who does them, here is an easy "
        "way to tell them: you get {{offer.amount}}, and your neighbor gets {{offer.friend_amount}} as well.\n\n"
        "Warm regards,\n{{sender.name}}\n{{company.name}}"
    ),
    "call_to_action": "Share your link with a neighbor: {{offer.link}}",
}

CRITERIA = ["accuracy", "personal_relevance", "brand_voice", "clarity", "call_to_action"]


def scores_of(*scores: Any) -> dict[str, Any]:
    """The judge's answer in shape, one score for each criterion."""
    return {
        "scores": [
            {"criterion": criterion, "score": score, "reason": f"“Share your link” decides {criterion}."}
            for criterion, score in zip(CRITERIA, scores, strict=True)
        ]
    }


def shipped_agent(name: str, **changes: Any) -> AgentVersion:
    """An agent as `agents/` ships it, with some settings changed."""
    folder = _ROOT / "agents" / name
    config = json.loads((folder / "config.json").read_text()) | changes
    return AgentVersion(f"platform#{name}", 1, config["model"], (folder / "prompt.md").read_text(), config)


def greenedge() -> Brand:
    return parse_brand((_ROOT / "brands/greenedge/brand.json").read_bytes())


def request(**changes: Any) -> dict[str, Any]:
    made = {
        "as_of": "2026-11-20T09:00:00Z",
        "decision": "write",
        "skip": None,
        "customer": "c0ffee",
        "locale": "en-US",
        "time_zone": "America/Chicago",
        "country": "US",
        "purpose": "referral",
        "offer_id": "refer-a-neighbor",
        "brand": {"key": "brands/greenedge/brand.json", "version_id": "1"},
        "facts": [
            {"slot": "company.name", "kind": "name", "value": "GreenEdge Lawn Care"},
            {"slot": "sender.name", "kind": "name", "value": "Dana Whitfield"},
            {"slot": "offer.amount", "kind": "money", "value": {"minor": 2500, "currency": "USD"}},
            {"slot": "offer.friend_amount", "kind": "money", "value": {"minor": 2000, "currency": "USD"}},
            {"slot": "offer.link", "kind": "link", "value": "https://greenedge.example/refer"},
            {"slot": "service.since", "kind": "date", "value": "2023-04-11"},
        ],
        "identity_slots": ["customer.first_name", "customer.city"],
        "has_comment": True,
        "history_length": 3,
        "repairs": [],
    }
    return deepcopy(made) | changes


def prepared(comment: str | None = "The edges look great.") -> dict[str, Any]:
    return {
        "identity": {
            "facts": [
                {"slot": "customer.first_name", "kind": "name", "value": "Marisol"},
                {"slot": "customer.city", "kind": "name", "value": "Evergreen Falls"},
            ],
            "customer_id": "4711",
            "email": "marisol@mail.example",
            "full_name": "Marisol Vega",
            "phone": "+1 555 010 0199",
            "address": {"street": "7 Hidden Hollow Lane"},
        },
        "history": [],
        "property": {},
        "comment": comment,
    }


def features() -> dict[str, Any]:
    values = {
        "service_count": {"value": 3, "reason": None},
        "average_satisfaction": {"value": None, "reason": "no satisfaction was ever given"},
    }
    return {"view": "customer", "version": 1, "as_of": "2026-11-20T09:00:00Z", "source": "event", "values": values}


def passages(*texts: str) -> dict[str, Any]:
    items = [{"source": f"case-{number}", "score": 0.9, "text": text} for number, text in enumerate(texts)]
    return {"status": "found" if items else "none_found", "items": items}


def data_in(message: str) -> dict[str, Any]:
    """The content of the one data block of a user message."""
    blocks = _BLOCK.findall(message)
    assert len(blocks) == 1
    return json.loads(blocks[0][1])


def model_outputs() -> list[dict[str, Any]]:
    """What small language models really answered."""
    files = sorted((_ROOT / "tests/fixtures/model_outputs").glob("*.json"))
    return [output for file in files for output in json.loads(file.read_text())]


def name_of(output: dict[str, Any]) -> str:
    return f"{output['model']} {output['task']} {output['mode']}"
