import time

import pytest
from agent_platform.guardrails import redaction
from agent_platform.guardrails.recognisers import RECOGNISERS
from agent_platform.guardrails.redaction import redact
from hypothesis import given
from hypothesis import strategies as st

NAMES = ["Marisol Vega", "José", "Anne-Marie"]


@pytest.mark.parametrize(
    ("written", "redacted"),
    [
        ("mail me: marisol.v+lawn@mail.example.co.uk.", "mail me: [email]."),
        ("müller@grün.example, please", "[email], please"),
        ("(972) 555-0143 or 972.555.0143", "[phone] or [phone]"),
        ("+1 972 555 0143, +49 (0)151 2345678", "[phone], [phone]"),
        ("call9725550143now", "call[phone]now"),
        ("at 555-0143 after six", "at [phone] after six"),
        ("020 7946 0958 / 01 23 45 67 89 / 0151 2345 6789", "[phone] / [phone] / [phone]"),
        ("972\u00a0555\u20110143", "[phone]"),
        ("card 4111 1111 1111 1111 exp 12/29", "card [card] exp 12/29"),
        ("in 2026 4111 1111 1111 1111", "in 2026 [card]"),
        ("TX 75024-9725550143", "[postcode]-[phone]"),
        ("in 2026 4111-1111-1111-1111", "in 2026 [card]"),
        ("378282246310005 and 3782 822463 10005", "[card] and [card]"),
        ("DE89 3704 0044 0532 0130 00 and thanks", "[iban] and thanks"),
        ("gb29nwbk60161331926819", "[iban]"),
        ("SSN 123-45-6789.", "SSN [ssn]."),
        ("from 192.168.10.24", "from [ip]"),
        ("2001:db8::8a2e:370:7334 and fe80::1, at 10:30:15", "[ip] and [ip], at 10:30:15"),
        ("2001:0db8:0000:0000:0000:8a2e:0370:7334.", "[ip]."),
        ("AKIAIOSFODNN7EXAMPLE, ghp_0123456789abcdefABCDEF", "[key], [key]"),
        ("secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw is ours", "secret [key] is ours"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dozjgNryP4J3jVmNHl0w5N", "[key]"),
        ("token 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c", "token [key]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nthanks", "[key]\nthanks"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE, cut off", "[key]"),
        ("gate code 4821, or the keycode is: 90210", "[code], or the [code]"),
        ("Hauptstraße 12, 12 rue de la Paix, Calle Mayor 15", "[address], [address], [address]"),
        ("P.O. Box 441, SW1A 1AA or K1A 0B1", "[address], [postcode] or [postcode]"),
        ("mvega (at) mail.example, mvega at mail dot example", "[email], [email]"),
        ("4111.1111.1111.1111, 123–45–6789, DE89-3704-0044-0532-0130-00", "[card], [ssn], [iban]"),
        ("password: Tulip!77 and gate: 4821", "[key] and [code]"),
        ("at 12 Oak Street, Apt 4B, Plano, TX 75024", "at [address], Plano, [postcode]"),
        ("1420 Willow Bend Dr is mine, 7 hidden hollow lane too", "[address] is mine, [address] too"),
        ("see https://greenedge.example/r/MARISOL25?t=9f).", "see [link])."),
        ("www.greenedge.example or greenedge.example/r/MARISOL25", "[link] or [link]"),
        ("MARISOL's dog met marisol vega and Vega’s cat", "[name]'s dog met [name] and [name]’s cat"),
        (
            "jose, JOSÉ and Jose\u0301 know Anne Marie and Anne-Marie",
            "[name 1], [name 1] and [name 1] know [name 2] [name 2] and [name 2]",
        ),
    ],
)
def test_personal_data_becomes_a_placeholder(written, redacted):
    assert redact(written, names=NAMES) == redacted


@pytest.mark.parametrize(
    "kept",
    [
        "Paid $1,200.50 on 2026-11-12, and 148.00 USD on 11/12/2026.",
        "01-02-2026 10:30, 12.05.2026, 2026-11-12T09:30:00Z",
        "1 200 000 USD, $5551234567, 9,500 sq ft, order 20261112, 100%",
        "a 10 minute drive, 3 visits on the way, 2 guys from the court",
        "3.5/5 and/or 24/7, v1.2.3, 999.1.1.1",
        "rated 10 out of 10 in our street, meet me at the gate, look at me. Then 5",
        "10:30:15, a:b:c, std::vector, ::, 1:::2, sk-ii cream, risk-free and a pk-a-boo",
        "RequestId: 8f14e45f-ceea-467f-a2d4-0c3e5b1a9d77",
        "donaudampfschifffahrtsgesellschaftskapitaen, ----------------------------------------",
        "1234 5678 9012 3456 is no card and DE12 3704 1144 1532 1130 11 no account",
        "Marisolino and vegan food: nobody's name",
        "[email] [phone] [name] are placeholders",
        "",
    ],
)
def test_what_is_no_personal_data_is_kept(kept):
    assert redact(kept, names=NAMES) == kept


def test_a_name_that_is_a_placeholders_word_leaves_placeholders_alone():
    assert redact("Link wrote a@b.example", names=["Link", "Email"]) == "[name] wrote [email]"


def test_a_particle_names_nobody():
    assert redact("van der Berg parked the van", names=["Jan van der Berg"]) == "van der [name] parked the van"


@pytest.mark.parametrize(
    ("name", "written", "redacted"),
    [
        ("Bo Li", "Bo asked for Li, so be bold.", "[name] asked for [name], so be bold."),
        ("An Le", "An owner: Le or an apple?", "[name] owner: [name] or an apple?"),
        ("Al Ng", "Ask Al about al fresco.", "Ask [name] about al fresco."),
        ("María de la Cruz", "la casa de Cruz", "la casa de [name]"),
        ("王 小明", "感谢王小明女士", "感谢[name][name]女士"),
        ("김민수", "김민수님께", "[name]님께"),
    ],
)
def test_a_short_name_is_one_as_it_is_written_and_a_chinese_one_within_a_sentence(name, written, redacted):
    assert redact(written, names=[name]) == redacted


@pytest.mark.parametrize("name", ["", " ", "J"])
def test_a_name_too_short_to_be_one_is_ignored(name):
    assert redact("J is a letter", names=[name]) == "J is a letter"


FRAGMENTS = st.from_regex(
    r"a@b\.example|Marisol|marisol's|9725550143|972-555-0143|555-0143|\+1|\(972\)|4111|41{15}|123-45-6789|12|Oak|Street|St|Dr"
    r"|Apt 4B|TX 75024|https://|www\.|x\.example/|192\.168\.1\.1|DE89|370400440532013000|2026-11-12|[$é'01.,/()\[\]@#+-]"
    r"|\[name\]|\[link\]|fe80::1|sk-0123456789abcdef|eyJhbGciOiJI\.eyJzdWIiOiIx|0123456789abcdef",
    fullmatch=True,
)
GLUE = st.sampled_from(["", " ", " ", "\n", "-", ",", "."])


@given(st.lists(st.tuples(FRAGMENTS, GLUE), max_size=12))
def test_redacting_what_was_redacted_changes_nothing(pieces):
    once = redact("".join(fragment + glue for fragment, glue in pieces), names=NAMES)
    assert redact(once, names=NAMES) == once


MEGABYTE = 1_000_000
# Of each recogniser: what nearly is its data, again and again, or is it so closely that one hides the next.
# The first of each is tried as a megabyte.
HOSTILE = {
    "[link]": ["www.", "http://", "a.b/", "a-", "https://x "],
    "[email]": ["a@", "a at ", "a (at) b(dot)", "a@b.", "a.", "a@b.c"],
    "[key]": ["sk-", "eyJ", "eyJaaaaaaaaaa.", "AKIA", "a1/", "-----BEGIN PRIVATE KEY-----"],
    "[iban]": ["DE12 ", "DE89 3704 0044 0532 0130 01 "],
    "[card]": ["4111 ", "4111 1111 1111 1112 ", "1"],
    "[ssn]": ["123-45-6789-", "123 45 "],
    "[code]": ["code ", "code 123", "gate code 12"],
    "[ip]": ["1.1.1.1.", "0.", "1:", "::", "ab:cd", "192.168.1.1TX 75024,"],
    "[phone]": ["1 ", "555-0143fe80::1555-0143", "01-", "+1 ", "555-0143-", "("],
    "[address]": ["12 a ", "calle a ", "Am A", "Aweg", "12 rue de ", "12 Oak Stree ", "12 Oak Street #"],
    "[postcode]": ["TX 75024", "K1A 0B", "TX "],
    "[name]": ["Marisol ", "Marisol", "Marisols", "["],
}


def test_every_recogniser_has_hostile_texts():
    assert HOSTILE.keys() == {kind.placeholder for kind in RECOGNISERS} | {"[name]"}


@pytest.mark.parametrize(
    ("unit", "longest"),
    [
        (unit, MEGABYTE if place == 0 else MEGABYTE // 5)
        for units in HOSTILE.values()
        for place, unit in enumerate(units)
    ],
)
def test_time_grows_with_the_length_only(unit, longest):
    def seconds(characters: int) -> float:
        text = unit * (characters // len(unit))
        began = time.process_time()
        redact(text, names=NAMES)
        return time.process_time() - began

    # Eight times the text: 8 if linear, 64 if quadratic. The small one is long enough to be measured.
    assert seconds(longest) < 24 * max(seconds(longest // 8), 0.005)


@pytest.mark.parametrize("unit", ["code 123", "TX 75024", "192.168.1.1TX 75024,", "123-45-6789 "])
def test_of_a_row_each_comes_to_light_at_once(unit):
    """Were each hidden by the one before it, every look would find a single one."""
    assert "[text]" not in redact(unit * 100)


def test_what_hides_data_behind_data_again_and_again_is_withheld(monkeypatch):
    monkeypatch.setattr(redaction, "_MOST_LOOKS", 1)
    assert redact("call 555-0143") == "[text]"
    assert redact("nothing in it") == "nothing in it"


@pytest.mark.parametrize(
    ("written", "redacted"),
    [
        (
            "Luis told Marisol, and luis was right: Ms. Vega!",
            "[name 1] told [name 2], and [name 1] was right: Ms. [name 2]!",
        ),
        ("Luis came, and LUIS left", "[name] came, and [name] left"),
        ("[name] and Luis", "[name] and [name]"),
        ("[name 2] and Luis and Marisol", "[name 2] and [name 1] and [name 2]"),
    ],
)
def test_two_people_are_told_apart_and_one_has_no_number(written, redacted):
    assert redact(written, names=["Marisol", "Marisol Vega", "Luis"]) == redacted


@pytest.mark.parametrize(
    ("name", "written", "redacted"),
    [
        ("Marisol Vega", "Marisols Garten, the Vegas’ lawn", "[name] Garten, the [name]’ lawn"),
        ("Hans", "Hansens Rasen und HANSENS Zaun", "[name] Rasen und [name] Zaun"),
        ("Anna Kowalska", "u Anny Kowalskiej, z Anną", "u [name] [name], z [name]"),
        ("Jan Nowak", "dla Nowaka, z Nowakiem", "dla [name], z [name]"),
        ("Анна Иванова", "Спасибо Анне и Ивановой", "Спасибо [name] и [name]"),
        ("Иван", "с Иваном, для Ивана", "с [name], для [name]"),
        ("Mark", "Mark's marks and Marks", "[name]'s marks and [name]"),
    ],
)
def test_a_name_is_one_in_any_inflection_that_is_capitalised(name, written, redacted):
    assert redact(written, names=[name]) == redacted
