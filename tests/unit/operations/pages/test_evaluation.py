"""The page of an evaluation: whole in one file, everything on it escaped, every figure and every loss shown."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from agent_platform.evaluations.results import concluded

from operations.pages.evaluation import page
from tests.unit.agent_platform.evaluations.pairing import finding, pair, written
from tests.unit.operations.pages.documents import Page

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'too'"
PLAN: Any = {
    "evaluation": "0123456789abcdef0123",
    "agent_id": "platform#outreach-writer",
    "agents": {
        "candidate": {"agent_id": "platform#outreach-writer", "version": 2},
        "baseline": {"agent_id": "platform#outreach-writer", "version": 1},
        "judge": {"agent_id": "platform#outreach-judge", "version": 1},
    },
    "seed": 7,
    "margin": 0.05,
}


def drawn(*pairs: Any, failures: Any = (), missing: int = 0) -> str:
    plan = PLAN | {"requests": len(pairs) + len(failures) + missing}
    return page(concluded(plan, pairs, failures, now=datetime(2026, 11, 21, tzinfo=UTC)))


def losing(**changes: Any) -> Any:
    return pair(1, candidate=written(2.0, approved=False, findings=[finding("amount")], **changes))


def test_it_says_the_verdict_and_shows_every_figure() -> None:
    text = Page(drawn(pair(0), losing())).text

    assert "Inconclusive. Inconclusive between version 2 and version 1: -50.0 points of approval" in text
    for figure in ("approved, in points", "mean score", "clarity", "length in words", "cost of 1,000 drafts"):
        assert figure in text
    assert "amount unsupported: $500" in text
    assert "seed 7" in text


@pytest.mark.parametrize("part", ["texts", "reasons"])
def test_what_models_wrote_stays_text(part: str) -> None:
    worse = written(2.0, approved=False)
    spoilt = replace(worse, **{part: dict.fromkeys(getattr(worse, part), HOSTILE)})
    shown = Page(drawn(pair(0), pair(1, candidate=spoilt)))

    assert HOSTILE in shown.text
    assert "script" not in {tag for tag, _ in shown.tags}


def test_what_a_request_is_grouped_by_stays_text() -> None:
    shown = Page(
        drawn(pair(0, tenure=HOSTILE), losing(), failures=[{"error": HOSTILE, "tenant": "t", "recording": "r"}])
    )

    assert "script" not in {tag for tag, _ in shown.tags}


def test_nothing_is_loaded_from_anywhere() -> None:
    document = drawn(pair(0), losing())

    assert not re.search(r"https?://|url\(|@import", document)
    assert not [attributes for _, attributes in Page(document).tags if attributes.keys() & {"src", "href", "onload"}]


def test_the_drawings_are_whole_and_stay_within_their_frames() -> None:
    drawings = re.findall(r"<svg.*?</svg>", drawn(*(pair(n) for n in range(9)), losing()), re.DOTALL)

    assert len(drawings) == 2
    for drawing in map(ElementTree.fromstring, drawings):
        width, height = map(float, drawing.attrib["viewBox"].split()[2:])
        across, down = (
            [float(each.attrib[name]) for each in drawing.iter() for name in names if name in each.attrib]
            for names in (("x", "x1", "x2", "cx"), ("y", "y1", "y2", "cy"))
        )
        assert 0 <= min(across) < max(across) <= width
        assert 0 <= min(down) < max(down) <= height


def test_without_losses_and_findings_it_says_so() -> None:
    text = Page(drawn(pair(0), pair(1))).text

    assert "On no request did the candidate do worse." in text
    assert "No draft of either version" in text


def test_what_is_missing_is_said() -> None:
    failures = [{"error": "ModelRefused", "tenant": "greenedge", "recording": "r"}]
    text = Page(drawn(pair(0), pair(1), failures=failures, missing=2)).text

    assert "Not written: 1 request (ModelRefused)." in text
    assert "Nothing was kept of 2 requests." in text
    assert "Nothing was kept" not in Page(drawn(pair(0), pair(1))).text
