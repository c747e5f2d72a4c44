"""What people and models wrote reaches a terminal as text: no markup, no emoji, no control character."""

import io
import subprocess
import sys

import pytest
from rich.console import Console

from operations import terminal

HOSTILE = "GE-[/nope] [red]x[/] :smile: \x1b[31mESC"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(terminal, "out", Console(file=stream, width=120, highlight=False, emoji=False))
    monkeypatch.setattr(terminal, "err", Console(file=stream, width=120, highlight=False, emoji=False))
    return stream


def test_a_table_shows_values_as_they_are(printed: io.StringIO) -> None:
    terminal.table("Messages", ("id", "subject"), [("1", HOSTILE)])
    assert "GE-[/nope] [red]x[/] :smile: �[31mESC" in printed.getvalue()


@pytest.mark.parametrize("width", [40, 70, 120])
def test_ids_times_and_amounts_are_whole_at_any_width(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    stream, receipt = io.StringIO(), "greenedge." + "0123456789" * 4
    monkeypatch.setattr(terminal, "out", Console(file=stream, width=width))
    row = (receipt, "2026-11-20 09:00:00", "1,200 + 300", "$0.1234", "3,000 ms", "a sentence of several words")
    terminal.table("Everything", ("receipt", "at", "tokens", "cost", "took", "why"), [row])
    assert " ".join(row[:5]) in " ".join(stream.getvalue().split())


def test_a_long_text_gives_way(printed: io.StringIO) -> None:
    terminal.table("Customers", ("id", "name", "why"), [("7", "a name of very many words indeed, and more", "so")])
    assert "a name of very many words indeed, a…" in printed.getvalue()


def test_a_problem_is_one_sentence_and_exits_with_1(printed: io.StringIO) -> None:
    def fails(_: object) -> None:
        raise terminal.Problem(HOSTILE)

    with pytest.raises(SystemExit) as ended:
        terminal.run(fails)
    assert ended.value.code == 1
    assert printed.getvalue().startswith("✗ GE-[/nope]")


@pytest.mark.parametrize(("number", "said"), [(1, "1 attempt"), (3, "3 attempts")])
def test_a_number_has_its_noun(number: int, said: str) -> None:
    assert terminal.counted(number, "attempt") == said


def test_ctrl_c_while_modules_are_loaded_is_a_word_and_exits_with_130() -> None:
    door = [sys.executable, "-c", "import operations; raise KeyboardInterrupt"]
    ended = subprocess.run(door, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, "interrupted\n")


def test_any_other_error_keeps_its_traceback() -> None:
    door = [sys.executable, "-c", "import operations; raise ValueError('a defect')"]
    ended = subprocess.run(door, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Traceback")
    assert ended.stderr.endswith("ValueError: a defect\n")
