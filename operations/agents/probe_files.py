"""A judge's probes as its folder has them: situations with good drafts, and one known fault put into each bad one.

A file is a situation: what the judge has before it (`material`, and whose `brand`), what the parts of a good draft may
say, how many good drafts are composed of them, and faults, each of a kind, which replace parts of one more.
`faults.json` has those that fit every situation in its languages. A lot that the situation's name seeds composes the
drafts, so the same files are the same probes.
"""

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agent_platform.probes.sets import Probe

from operations.terminal import Problem

FOLDER, SHARED = "probes", "faults"
# Subject, the paragraphs of the body in their order, and what stands below it.
PARTS = ("subject", "greeting", "opening", "reason", "offer", "closing", "call_to_action")
_BODY = PARTS[1:-1]
_OTHER_THAN_A_SITUATION = {SHARED, "probes.schema"}

type Choice = dict[str, str]


def read(agent: Path, brands: Path) -> list[Probe]:
    """Every probe of an agent's folder; Problem if there are none, or a file can't be read."""
    folder = agent / FOLDER
    try:
        files = {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
        shared = files.get(SHARED, {"languages": [], "faults": []})
        situations = {name: each for name, each in files.items() if name not in _OTHER_THAN_A_SITUATION}
        probes = [probe for name, each in situations.items() for probe in _composed(name, each, shared, brands)]
    except (OSError, ValueError, KeyError) as error:
        raise Problem(f"{folder} can't be read: {type(error).__name__}: {error}") from None
    if not probes:
        raise Problem(f"{folder} has no probes: this agent's judgement can't be measured")
    return probes


def _composed(name: str, situation: Mapping[str, Any], shared: Mapping[str, Any], brands: Path) -> Iterator[Probe]:
    brand = json.loads((brands / situation["brand"] / "brand.json").read_text())
    material = situation["material"] | {"brand": brand}
    language = material["request"]["locale"].partition("-")[0]
    faults = [*situation["faults"], *(shared["faults"] if language in shared["languages"] else ())]
    drafts = _drafts(name, situation["parts"])
    for number in range(1, situation["good"] + 1):
        yield _probe(f"{name}-good-{number}", None, next(drafts), material)
    for number, fault in enumerate(faults, 1):
        yield _probe(f"{name}-{fault['kind']}-{number}", fault["kind"], next(drafts) | fault["parts"], material)


def _drafts(name: str, parts: Mapping[str, list[str]]) -> Iterator[Choice]:
    """Good drafts without end, no two of them alike."""
    # Nothing secret depends on this lot, and everybody is to draw it alike.
    lot, drawn = random.Random(name), set()  # noqa: S311
    while True:
        chosen = tuple(lot.choice(parts[part]) for part in PARTS)
        if chosen not in drawn:
            drawn.add(chosen)
            yield dict(zip(PARTS, chosen, strict=True))


def _probe(identity: str, fault: str | None, parts: Choice, material: Mapping[str, Any]) -> Probe:
    return {
        "id": identity,
        "fault": fault,
        "draft": {
            "subject": parts["subject"],
            "body": "\n\n".join(parts[part] for part in _BODY),
            "call_to_action": parts["call_to_action"],
        },
        "material": dict(material),
    }
