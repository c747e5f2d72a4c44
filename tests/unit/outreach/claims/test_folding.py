"""Folding shows what the eye sees, and remembers where it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outreach.claims.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("plain text", "plain text"),
        ("２５％", "25%"),
        ("٢٥", "25"),
        ("①", "1"),
        ("2\u200b5\u00ad0\ufeff", "250"),
        ("grееn", "green"),
        ("Δοg".replace("Δ", "D"), "Dog"),
        ("José", "Jose"),
        ("Jose\u0301", "Jose"),
        ("25\u00a0€\u2009x", "25 € x"),
        ("&euro;25 &amp; &#50;5&#x25;", "€25 & 25%"),
        ("2½", "2 1/2"),
        ("–—−‐", "----"),
        ("“it’s”", '"it\'s"'),
        ("a\x00b", "ab"),
        ("\U0001d7d0\U0001d7d3", "25"),
    ],
)
def test_what_looks_alike_is_alike(text, folded):
    assert fold(text).text == folded


def test_a_span_is_found_again_in_the_text_it_came_from():
    text = "Get &#36;２\u200b5 off"
    folded = fold(text)
    start = folded.text.index("$25")

    first, last = folded.origin(start, start + len("$25"))
    assert text[first:last] == "&#36;２\u200b5"


@given(st.text())
def test_every_character_of_the_folded_text_has_its_place_in_order(text):
    folded = fold(text)

    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert all(start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)


@given(st.text())
def test_folding_leaves_nothing_that_readers_use_as_a_mask(text):
    assert "\0" not in fold(text).text
