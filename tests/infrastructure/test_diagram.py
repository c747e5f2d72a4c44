"""The picture of a state machine is drawn from its definition, and a page shows it as it is."""

import json
import re
import subprocess

import pytest

from operations import diagram
from operations.terminal import Problem
from tests.infrastructure.definitions import definitions, targets
from tests.infrastructure.template import ROOT

PAGES = [path for path in ROOT.glob("*.md") if "<!-- diagram:" in path.read_text()]


@pytest.mark.parametrize("definition", definitions(), ids=str)
def test_every_state_and_every_way_between_states_is_drawn(definition):
    drawn = diagram.drawn(definition.word)
    names = dict(re.findall(r'^    (s\d+)[\[{(]+"([^"<]+)', drawn, re.MULTILINE))
    arrows = re.findall(r"^    (s\d+) .*?>? (s\d+)$", drawn, re.MULTILINE)

    assert sorted(names.values()) == sorted(definition.states)
    assert sorted((names[one], names[other]) for one, other in arrows) == sorted(
        (name, target) for name, state in definition.states.items() for target in targets(state)
    )


def test_a_choice_says_what_it_asks_and_a_task_what_it_adds():
    drawn = diagram.drawn("outreach")

    assert '-- "rewrite" -->' in drawn
    assert '-- "otherwise" -->' in drawn
    assert '["Generate<br/>$.draft"]' in drawn


def test_rules_of_every_kind_are_said_in_few_words():
    rules = [
        {"Variable": "$.a", "StringEquals": "skip", "Next": "End"},
        {"Variable": "$.a.b", "NumericGreaterThan": 3, "Next": "End"},
        {"Not": {"Variable": "$.a", "IsPresent": True}, "Next": "End"},
        {
            "And": [{"Variable": "$.a", "IsNull": False}, {"Variable": "$.b", "StringEquals": 'a "word"'}],
            "Next": "End",
        },
    ]
    states = {"Ask": {"Type": "Choice", "Choices": rules, "Default": "End"}, "End": {"Type": "Succeed"}}
    labels = re.findall(r'-- "(.+?)" -->', diagram.draw({"StartAt": "Ask", "States": states}))

    assert labels == [
        "skip",
        "$.a.b NumericGreaterThan 3",
        "not $.a IsPresent true",
        "$.a IsNull false and a #quot;word#quot;",
        "otherwise",
    ]


def test_a_caught_error_is_a_dotted_line():
    states = {
        "Try": {"Type": "Task", "Catch": [{"ErrorEquals": ["ModelRefused"], "Next": "Ask a person"}], "End": True},
        "Ask a person": {"Type": "Pass", "End": True},
    }

    assert 's0 -. "ModelRefused" .-> s1' in diagram.draw({"StartAt": "Try", "States": states})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_the_machine_as_it_is(page):
    """Drawn anew by scripts/diagram --write PAGE."""
    assert diagram.with_diagrams(page.read_text()) == page.read_text()


def test_the_first_page_has_the_picture():
    assert "<!-- diagram: outreach -->" in (ROOT / "README.md").read_text()


def test_a_page_that_shows_another_machine_is_found_and_mended(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- diagram: outreach -->\nan old picture\n<!-- /diagram -->\nafter\n")

    assert diagram.main(["--check", str(page)]) == 1
    assert "--write" in capsys.readouterr().err
    assert diagram.main(["--write", str(page)]) == 0
    assert diagram.main(["--check", str(page)]) == 0
    assert page.read_text().startswith("before\n<!-- diagram: outreach -->\n```mermaid\nflowchart LR\n")
    assert page.read_text().endswith("```\n<!-- /diagram -->\nafter\n")


def test_a_page_without_a_place_for_it_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("no picture here\n")

    with pytest.raises(Problem, match="no place for a diagram"):
        diagram.main(["--write", str(page)])


def test_a_machine_that_isn_t_there_is_refused():
    with pytest.raises(Problem, match=r"there is: .*outreach"):
        diagram.main(["no_such_machine"])


def test_the_door_prints_the_picture():
    ended = subprocess.run([ROOT / "scripts/diagram", "outreach"], capture_output=True, text=True, check=True)

    assert ended.stdout == diagram.draw(json.loads((ROOT / "statemachines/outreach.asl.json").read_text()))
