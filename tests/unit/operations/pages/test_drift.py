"""The page of drift: whole in one file, everything on it escaped, the three that moved furthest drawn."""

import re
from xml.etree import ElementTree

import pytest

from operations.drift import words
from operations.pages.drift import bars, page
from tests.unit.operations.drift.reports import number, report, subject

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'too'"


def test_it_says_the_verdict_draws_three_and_lists_every_subject():
    others = [number(f"inputs.feature_{place}") for place in range(4)]
    document = page([report(subject(), *others)])

    assert "<strong>Drifted.</strong> 1 of 5 subjects drifted, first of all locale (input)." in document
    assert document.count("<svg") == words.MOST_DRAWN
    assert document.count("<tr") == 1 + 5
    assert "platform / outreach-writer v3" in document


def test_nothing_is_loaded_from_anywhere():
    document = page([report(subject())])

    assert not re.findall(r"""(?:src|href)=|url\(|@import|<script|<link""", document)


def test_what_a_crm_wrote_stays_text():
    hostile = subject(f"inputs.{HOSTILE}", cells=[[HOSTILE, 10, 20], ["b", 90, 80]])
    document = page([report(hostile, tenant=HOSTILE)])

    assert "<script" not in document
    assert "&lt;script&gt;alert(1)" in document


def test_a_drawing_is_whole_and_its_longest_bar_reaches_the_end():
    drawn = ElementTree.fromstring(bars(words.shares(subject()), title="locale"))
    widths = [float(bar.attrib["width"]) for bar in drawn.iter("rect")]

    assert len(widths) == 6
    assert max(widths) == widths[0]
    assert widths[1] / widths[0] == pytest.approx(0.1 / 0.75, abs=0.01)
    assert widths[4] == 0


def test_without_subjects_there_are_the_verdict_and_what_will_stand_there():
    document = page([report(verdict="collecting", subjects=[])])

    assert "The baseline is being collected" in document
    assert "Then here stand the three subjects that moved furthest" in document
    assert "<svg" not in document
    assert "<table" not in document
