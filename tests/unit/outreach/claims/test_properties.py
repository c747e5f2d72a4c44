"""What holds for any text."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st
from outreach.claims import trace
from outreach.findings import approvable

from tests.unit.outreach.claims.good_drafts import GOOD_DRAFTS
from tests.unit.outreach.claims.greenedge_facts import VALUES, facts
from tests.unit.outreach.claims.test_literals_become_slots import AMOUNTS
from tests.unit.outreach.claims.test_single_faults import FAULTS

FRAGMENTS = [
    *AMOUNTS, *(fault[0] for fault in FAULTS), *(f"{{{{{slot}}}}}" for slot in VALUES), "Dear Dana,", "Hi Luis,",
    "Best,\n", "Priya", "GreenEdge", "GreenEdge Lawn Care", "Plano", "- ", "and", "USD", "$", "%", "€", "percent",
    "Thursday, ", "November 12", "2026", "in April 2023", "14", "fourteen", "https://", "greenedge.example",
    "https://greenedge.example/r/DANA25", "(972) 555-0134", ".", ",", ";", "/", "-", "&", "{{", "}}", "\u200b", "ｅ",
    "½",
]  # fmt: skip
SPACE = st.sampled_from(["", " ", " ", "\n", ", ", ". "])
PATCHWORK = st.lists(st.tuples(st.sampled_from(FRAGMENTS), SPACE), max_size=12).map(
    lambda pairs: "".join(fragment + space for fragment, space in pairs)
)
LOCALES = st.sampled_from(["en-US", "en-GB", "de-DE", "es-MX", "fr-FR"])
# Beside a counted noun these are claims.
NUMBERS = {"two", "three", "four", "five", "half", "both", "first", "second", "dozen", "twice"}
PLAIN_WORDS = sorted(
    {
        word
        for _, body, _ in GOOD_DRAFTS[:24]
        for word in body.split()
        if word.isascii() and word.islower() and not set(word) & set("{}:/") and len(word) > 1
    }
    - NUMBERS
)
# What plain words come to mean where chance puts them side by side ("just open").
SAID_BY_CHANCE = {"structure", "condition", "promise", "urgency", "comparative", "reader"}
PLAIN = st.lists(
    st.sampled_from([*PLAIN_WORDS, "—", "…", "🌱", "naïve", "ελλάδα", "привет", "日本", "&amp;", "e\u0301"]),
    min_size=1,
    max_size=30,
)


def draft(text):
    return {"subject": text, "body": text, "call_to_action": text}


@given(st.one_of(PATCHWORK, st.text()), LOCALES)
@settings(max_examples=600, deadline=None)
def test_tracing_what_was_returned_changes_nothing_more(text, locale):
    once = trace(draft(text), facts=facts(), locale=locale)
    again = trace(
        {"subject": once.subject, "body": once.body, "call_to_action": once.call_to_action},
        facts=facts(),
        locale=locale,
    )

    assert (again.subject, again.body, again.call_to_action) == (once.subject, once.body, once.call_to_action)
    assert approvable(again.findings) or not approvable(once.findings)


@given(PLAIN, st.lists(st.sampled_from([" ", "  ", " \u200b", "\n"]), min_size=30, max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_text_without_claims_stays_as_it_is_byte_for_byte(words, spaces):
    text = "so " + "".join(word + space for word, space in zip(words, spaces, strict=False))
    traced = trace(draft(text), facts=facts(), locale="en-US")

    assert (traced.subject, traced.body, traced.call_to_action) == (text, text, text)
    assert [each for each in traced.findings if each["kind"] not in SAID_BY_CHANCE] == []


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_a_text_in_which_nothing_equals_a_fact_stays_as_it_is(text):
    assert trace(draft(text), facts=[], locale="en-US").body == text


@given(st.text(alphabet=string.digits, min_size=1, max_size=12))
def test_no_digit_goes_unseen(digits):
    traced = trace(draft(f"It is {digits} or so."), facts=[], locale="en-US")

    assert not approvable([each for each in traced.findings if each["where"] == "body"])


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_no_sum_in_words_goes_unseen(minor):
    known = facts(offer__amount={"minor": 100 * minor, "currency": "USD"}, offer__friend_amount=None)
    body = f"You get {in_words(minor)} dollars."

    assert trace(draft(body), facts=known, locale="en-US").body == "You get {{offer.amount}}."


def in_words(number):
    units = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ]
    tens = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number < 20:
        return units[number]
    if number < 100:
        return tens[number // 10] + (f"-{units[number % 10]}" if number % 10 else "")
    for scale, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = f" {'and ' if scale == 100 else ''}{in_words(number % scale)}" if number % scale else ""
            return f"{in_words(number // scale)} {name}{rest}"
    raise AssertionError(number)
