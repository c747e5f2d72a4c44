"""The report as a page: whole in one file, everything on it escaped, and no figure only in a picture."""

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from operations.dashboards.answers import Answer, Answered, AnsweredSection
from operations.dashboards.lines import Line
from operations.dashboards.questions import Question
from operations.dashboards.standing import Standing
from operations.pages import charts
from operations.pages.charts import COLORS
from operations.pages.dashboard import page
from operations.pages.document import document
from tests.unit.operations.dashboards.traffic import (
    HEADLINE,
    HOSTILE,
    QUIET,
    RINGING,
    ROLLOUT,
    SPAN,
    STANDING,
    nothing,
    seen,
)
from tests.unit.operations.pages.documents import Page

SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.fixture(scope="module")
def drawn() -> str:
    return page("Outreach in the-stack", SPAN, HEADLINE, STANDING, seen())


def chart(document: str, title: str) -> ElementTree.Element:
    found = next(each for each in SVG.findall(document) if f"<title>{title}" in each)
    return ElementTree.fromstring(found)


def test_it_is_whole_in_one_file_and_runs_nothing(drawn: str) -> None:
    tags = Page(drawn).tags

    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in tags}
    assert not [name for _, attributes in tags for name in attributes if name in {"src", "href"} or name[:2] == "on"]
    assert "url(" not in drawn
    assert "@import" not in drawn


def test_what_others_wrote_is_text(drawn: str) -> None:
    assert HOSTILE.replace("\x1b", "") in Page(drawn).text.replace("\x1b", "")
    assert "<script" not in drawn


def test_how_things_stand_comes_first(drawn: str) -> None:
    text = Page(drawn).text

    assert text.index("2 dead letters") < text.index("How many messages are approved?")
    assert text.index("approval-low rings since 19:12 UTC.") < text.index("28 of 38") < text.index("Now")
    assert "version 2 against 1, open, 30 % of the customers" in text
    assert "features:" not in text, "an empty queue is no news"


def test_what_rings_says_what_it_means_and_what_to_do(drawn: str) -> None:
    assert "<br>Ticket. Fewer than 70 % are approved.<br>First: <code>scripts/messages list</code>" in drawn
    assert "<br>Then: docs/runbook.md#few-are-approved</li>" in drawn


@pytest.mark.parametrize(("address", "linked"), [("https://wiki/runbook#a", True), ("javascript:alert(1)", False)])
def test_only_an_address_of_the_web_is_a_link(address: str, linked: bool) -> None:
    alarm = replace(RINGING, more=address)
    tags = Page(page("T", SPAN, HEADLINE, replace(STANDING, alarms=(alarm,)), seen())).tags

    assert [attributes["href"] for tag, attributes in tags if tag == "a"] == ([address] if linked else [])


def test_few_values_are_figures_without_a_picture(drawn: str) -> None:
    card = drawn[drawn.index("Why was nothing written?") :].partition("</article>")[0]

    assert "<svg" not in card
    assert "<i " not in card
    assert "<td>1</td><td>in all</td>" in card


def test_a_unit_stands_in_a_title_only_if_no_figure_has_it(drawn: str) -> None:
    assert 'Why was nothing written?&nbsp;<span class="unit">runs</span></h3>' in drawn
    assert "<h3>How many messages are approved?</h3>" in drawn


@pytest.mark.parametrize("figure", ["73.7 %", "38", "4.20", "400 ms", "none: Validate, Enrich, Retrieve, Judge, Store"])
def test_each_figure_stands_beside_its_picture(drawn: str, figure: str) -> None:
    assert figure in Page(drawn).text


def test_what_had_no_data_is_named(drawn: str) -> None:
    text = Page(drawn).text
    assert "How many events wait?" in text[text.index("No data in this time:") :]
    assert Page(page("T", SPAN, HEADLINE, QUIET, nothing())).text.count("No data in this time:") == 5


def test_a_line_has_a_point_for_each_period_and_stays_inside(drawn: str) -> None:
    approval = chart(drawn, "How many messages are approved?")
    width, height = map(float, approval.attrib["viewBox"].split()[2:])

    points = approval.findall("circle")
    assert len(points) == 19
    assert all(0 <= float(each.attrib["cx"]) <= width and 0 <= float(each.attrib["cy"]) <= height for each in points)
    assert {each.findtext("title", "").partition(": ")[2] for each in points} == {"100.0 %", "50.0 %"}


def test_the_threshold_is_where_its_value_is(drawn: str) -> None:
    approval = chart(drawn, "How many messages are approved?")
    grid = [float(each.attrib["y1"]) for each in approval.findall("line") if each.attrib["class"] == "grid"]
    [threshold] = [float(each.attrib["y1"]) for each in approval.findall("line") if each.attrib["class"] == "threshold"]

    assert threshold == pytest.approx(grid[0] + 0.7 * (grid[-1] - grid[0]), abs=0.2)


def test_the_words_at_a_line_have_its_unit(drawn: str) -> None:
    approval = chart(drawn, "How many messages are approved?")

    assert "alarm below 70 %" in [each.text for each in approval.findall("text")]


def test_money_at_an_axis_is_dollars_as_it_is_everywhere() -> None:
    at = [SPAN.start + timedelta(hours=hour) for hour in range(6)]
    line = Line(dict.fromkeys(at, 0.015), 0.015)
    sections = [
        AnsweredSection(section.heading, tuple(
            replace(each, answers=(Answer("a message", "Sum", False, line),)) for each in section.questions
        ))
        for section in nothing()
    ]  # fmt: skip

    costs = chart(page("T", SPAN, HEADLINE, QUIET, sections), "What does a message cost, and which version takes it?")

    assert [each.text for each in costs.findall("text")][:3] == ["$0", "$0.0075", "$0.015"]


def test_a_rollout_is_marked_where_it_began_and_where_it_ended(drawn: str) -> None:
    def marks(stands: Standing) -> list[str]:
        title = "How many messages are approved?"
        lines = chart(page("T", SPAN, HEADLINE, stands, seen()), title).findall("line")
        return [each.findtext("title", "") for each in lines if each.attrib["class"] == "event"]

    ended = replace(ROLLOUT, ended=ROLLOUT.opened + timedelta(hours=2), state="promoted")
    before = replace(ROLLOUT, opened=SPAN.start - timedelta(days=2))

    assert [each.partition(": ")[2].split()[0] for each in marks(STANDING)] == ["begin"]
    assert [each.split()[3] for each in marks(replace(STANDING, rollouts=(ended,)))] == ["begin", "end"]
    assert marks(replace(STANDING, rollouts=(before,))) == []


def test_columns_stand_on_each_other_and_rates_have_their_own_axis(drawn: str) -> None:
    both = chart(drawn, "How many messages does each version write?").findall("rect")
    by_place: dict[str, list[tuple[float, float]]] = {}
    for each in both:
        top = float(each.attrib["y"])
        by_place.setdefault(each.attrib["x"], []).append((top, top + float(each.attrib["height"])))

    assert all(upper == pytest.approx(lower_top, abs=0.11) for [(lower_top, _), (_, upper)] in by_place.values())
    again = chart(drawn, "How many messages are written, and how many at a second try?")
    assert len(again.findall("circle")) == len(again.findall("rect")) == 19
    assert "100 %" in [each.text for each in again.findall("text")]


def test_what_fell_below_zero_is_drawn_below_it() -> None:
    open_now = Answer(
        "open", "", False, Line({moment: -40.0 + 10 * place for place, moment in enumerate(SPAN.times()[:5])})
    )
    question = Question("How many?", "timeSeries", False, "executions", "", None, None, 300, {}, ())
    drawn = ElementTree.fromstring(charts.chart(Answered(question, (open_now,)), [open_now], SPAN, []))

    heights = [float(each.attrib["cy"]) for each in drawn.findall("circle")]
    grid = [float(each.attrib["y1"]) for each in drawn.findall("line") if each.attrib["class"] == "grid"]
    assert heights[0] == grid[0]
    assert heights == sorted(set(heights), reverse=True)
    assert "-40" in [each.text for each in drawn.findall("text")]


def test_every_color_is_there_in_light_in_dark_and_on_paper() -> None:
    style = document("T", "", "dashboard")

    for place in range(COLORS):
        assert len(re.findall(rf"--c{place}: #", style)) == 3
