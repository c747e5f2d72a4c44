"""SCALABILITY.md and its pictures are what the model comes to, and every number of them has a source or a reason."""

import json
import re
import xml.etree.ElementTree as ET
from string import Template

import pytest

from capacity import page
from capacity.document import filling
from capacity.inputs import HERE, assumptions, quotas
from capacity.limits import limits
from capacity.message import Message
from operations.stack import ROOT


def test_the_page_and_its_pictures_are_what_the_model_comes_to():
    """Written anew by scripts/capacity document."""
    files = page.files()

    assert {path: path.read_text() for path in files} == files


def test_no_picture_stays_that_the_page_doesn_t_show():
    shown = set(re.findall(r'src="([^"]+)"', page.PAGE.read_text()))

    assert {str(path.relative_to(ROOT)) for path in page.PICTURES.iterdir()} == shown


@pytest.mark.parametrize("path", sorted(page.PICTURES.iterdir()), ids=lambda path: path.name)
def test_pictures_are_whole_and_have_colours_for_the_dark(path):
    assert ET.fromstring(path.read_text()).tag == "{http://www.w3.org/2000/svg}svg"
    assert "prefers-color-scheme:dark" in path.read_text()


def test_words_hold_no_number_of_the_model_themselves():
    """What is written out is no quantity: an hour's colon, the titles of steps, and what AWS names."""
    words = Template.pattern.sub("", (HERE / "document" / "SCALABILITY.md").read_text())
    words = re.sub(r"\(https:[^)]*\)|<img[^>]*>|1,000×|10×|: 60 s|÷ 60 s|95 in 100|99 in 100|:00", "", words)

    assert not re.findall(r"\d+", words)


def test_a_number_that_is_missing_or_not_asked_for_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "SCALABILITY.md").write_text("${seed} ${nobody}")
    monkeypatch.setattr(filling, "_WORDS", tmp_path / "SCALABILITY.md")
    monkeypatch.setattr(filling, "_CHAPTERS", (type("Chapter", (), {"values": staticmethod(lambda _: {"seed": "1"})}),))
    with pytest.raises(KeyError, match="nobody"):
        filling.text(None)

    (tmp_path / "SCALABILITY.md").write_text("nothing")
    with pytest.raises(ValueError, match="asks for no seed"):
        filling.text(None)


def test_every_quota_cites_aws_and_is_used():
    code = "\n".join(path.read_text() for path in HERE.rglob("*.py"))
    of_limits = {limit.word for limit in limits(Message.recorded())}

    for word, quota in quotas().items():
        assert re.match(r"https://docs\.aws\.amazon\.com/\S+$", quota.source)
        assert word in of_limits or f'quotas()["{word}"]' in code, word


def test_every_assumption_is_used():
    code = "\n".join(path.read_text() for path in HERE.rglob("*.py"))

    assert not [name for table in assumptions().values() if isinstance(table, dict)
                for name in table if name not in code]  # fmt: skip


def test_the_bench_has_every_state_of_the_machine():
    machine = json.loads((ROOT / "statemachines" / "outreach.asl.json").read_text())
    tasks = {name for name, state in machine["States"].items() if state["Type"] == "Task"}

    assert set(json.loads((HERE / "bench.json").read_text())["states"]) == tasks
