"""The injection texts of tests/corpora/injections, and where in an event a stranger may write them."""

import base64
import codecs
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
_CORPORA = ROOT / "tests" / "corpora" / "injections"
_EVENT = json.loads((ROOT / "events" / "crm" / "good-referral.json").read_text())
_LEET = str.maketrans("oieast", "013457")
_ALIKE = str.maketrans("aeopcyx", "аеорсух")
FIELDS = ("comment", "service type", "property type", "property features")


class Injection(NamedTuple):
    """A text by a published technique, and what an approved message would hold had anybody followed it."""

    technique: str
    text: str
    sign: str


def injections() -> Iterator[Injection]:
    """Each text of each technique with each demand."""
    corpus = _corpus()
    for technique in corpus["techniques"]:
        for text in technique["texts"]:
            for wanted in corpus["demands"]:
                yield Injection(technique["name"], text.format(**_disguised(**wanted)), wanted["sign"])


def technique_sources() -> dict[str, str]:
    """Who published each technique, and where."""
    return {technique["name"]: technique["source"] for technique in _corpus()["techniques"]}


def look_alikes() -> list[str]:
    """Harmless texts in the same words."""
    texts: list[str] = json.loads((_CORPORA / "look_alikes.json").read_text(encoding="utf-8"))["texts"]
    return texts


def event_with(text: str, field: str) -> dict[str, Any]:
    """A satisfied customer's event with this text in one of its free fields."""
    event = deepcopy(_EVENT)
    home, service = event["data"]["customer"]["property"], event["data"]["service"]
    match field:
        case "comment":
            service["comment"] = text
        case "service type":
            service["type"] = text
        case "property type":
            home["type"] = text
        case "property features":
            home["features"] = ["irrigation", text]
    return event


def _corpus() -> dict[str, Any]:
    corpus: dict[str, Any] = json.loads((_CORPORA / "techniques.json").read_text(encoding="utf-8"))
    return corpus


def _disguised(demand: str, what: str, sign: str) -> dict[str, str]:
    words, half = demand.split(), len(demand) // 2
    return {
        "demand": demand,
        "Demand": demand.capitalize() if "http" not in demand else demand[0].upper() + demand[1:],
        "DEMAND": demand.upper(),
        "what": what,
        "sign": sign,
        "base64": base64.b64encode(demand.encode()).decode(),
        "split": f"'{demand[:half]}' + '{demand[half:]}'",
        "rot13": codecs.encode(demand, "rot13"),
        "homoglyphs": demand.translate(_ALIKE),
        "zero_width": "\u200b".join(demand),
        "reversed": demand[::-1],
        "leet": demand.translate(_LEET),
        "spaced": "  ".join(" ".join(word) for word in words),
    }
