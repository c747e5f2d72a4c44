"""A text made to keep a reader busy is read in time proportional to its length."""

import time

import pytest
from outreach.findings import approvable

from tests.unit.outreach.claims.greenedge_facts import in_body, traced_body

MEGABYTE = 1_000_000
# Generous against a busy machine: if anything backtracked, these would take minutes to hours.
SECONDS = 4

UNITS = [
    "1", " ", "{", "}", "{}", "{{", "[", "]", "<", ">", "_", "$", "%", "€", "\n", "\t", "-", ".", ",", "/", ":",
    '"', "'", "&", "&#", "+", "(", "@", "a", "A", "1 ", "1,", "1.", "1/", "1-", "1 1,", "a.", "a@", "a-", "Aa ",
    "one ", "one-", "one and ", "hundred ", "Hi ", "Dear ", "Thanks,\n", "Best,\n", "I'm ", "all of us at ", "May ",
    "May 1 ", "Friday, ", "USD ", "$1 ", "half ", "http://", "https://a/", "a.bb ", "mailto:", "P.S.\n", "- a\n",
    "Subject: ", "{{offer.amount}}", "{{offer.amount}} USD ", "\u200b", "&#50;", "１", "é", "\u0301", "\u202e", "½",
    "$25 ", "Dana ", "GreenEdge ", "in 2023 ", "2026-11-12 ", "+1 972 555 0134 ", "don't. ",
    "we will ", "we'll always ", "free ", "free visit ", "only ", "only today ", "three years ", "a few ", "last ",
    "you get ", "before the ", "no purchase ", "valid for ", "a Marcus ", "in the ", "guarantee", "the best ",
    "ends in ", "you ", "you and ", "your last ", "the last ", "for the last ", "{{offer.amount}} to ",
    "give {{offer.amount}}, get ", "the code ", "use ", "use A", "your twenty-", "your next visit ", "we'll come by ",
    "came on ", "we would ", "we 'd be ", "it isn't ", "it isn't {{offer.amount}} ", "friends' friends ", "Kevin ",
    "{{offer.amount}} per ", "your account ", "never ", "pay in ", "in the price ", "you gave us a ", "our senior ",
    "for each ", "open until ", "a third ", "a grand ", "Gold Care ", "half of our ", "it has been ", "automatically ",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS, ids=[ascii(unit) for unit in UNITS])
def test_a_long_text_of_one_thing_is_read_in_time_and_reported_in_few_findings(unit):
    began = time.process_time()
    traced = traced_body(unit * (MEGABYTE // 10 // len(unit)))

    assert time.process_time() - began < SECONDS
    assert len(traced.findings) <= 40


@pytest.mark.parametrize("unit", ["1", " ", "{"])
def test_a_megabyte_of_digits_spaces_or_braces_is_no_mail(unit):
    began = time.process_time()
    traced = traced_body(unit * MEGABYTE)

    assert time.process_time() - began < SECONDS
    assert not approvable(in_body(traced))


def test_twice_the_text_takes_about_twice_the_time():
    text = "Hi Dana, you get $25 or 15% until December 31, see greenedge.example/r/DANA25 (a.b.c) [x] <y> one two! "

    def seconds(times):
        began = time.process_time()
        traced_body("x" + " lorem" * 1000 + text * times)
        return time.process_time() - began

    seconds(10)
    assert min(seconds(2000) for _ in range(3)) < 8 * min(seconds(500) for _ in range(3))
