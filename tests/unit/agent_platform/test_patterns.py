"""A lazy pattern answers as a compiled one does, and is compiled once, when it is asked."""

import re

import pytest
from agent_platform.patterns import lazy_pattern


def test_a_pattern_answers_as_a_compiled_one_does():
    lazy = lazy_pattern(r"(?P<letters>[a-z]+)\d", re.IGNORECASE)

    assert lazy.fullmatch("Ab1")["letters"] == "Ab"
    assert [match[0] for match in lazy.finditer("a1 b2")] == ["a1", "b2"]
    assert (lazy.groupindex, lazy.pattern) == ({"letters": 1}, r"(?P<letters>[a-z]+)\d")


def test_a_pattern_is_compiled_when_it_is_first_asked_and_not_again(monkeypatch):
    compiled, compile_ = [], re.compile
    monkeypatch.setattr(re, "compile", lambda *given: compiled.append(given) or compile_(*given))
    lazy = lazy_pattern("a+")
    assert lazy.pattern == "a+"
    assert compiled == []

    assert lazy.search("caat")
    assert lazy.search("dog") is None
    assert compiled == [("a+", 0)]


def test_a_pattern_that_is_wrong_says_so_when_it_is_asked():
    wrong = lazy_pattern("(")

    with pytest.raises(re.PatternError):
        wrong.search("a")
