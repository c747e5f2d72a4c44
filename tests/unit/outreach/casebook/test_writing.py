"""A case is about a kind of customer: whatever its draft said, nothing in it is of the one it was made of."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outreach.casebook import cleaning
from outreach.casebook.bands import TENURES, situation
from outreach.casebook.common_words import COMMON
from outreach.casebook.writing import LONGEST
from outreach.cases import scope_of
from outreach.claims.vocabulary import words
from outreach.facts import DOCUMENT_SLOTS, IDENTITY_SLOTS

from tests.canaries import canary, found_in
from tests.unit.outreach.casebook.written_messages import CLEAN, features, made_of

PEOPLE = st.integers(0, 999).map(canary)
PUT = (
    "We heard of {}.", "Thank you, {}!", "{}", "It is {} that we think of", "As for {}: come again.",
    "What a pleasure — {} — to read.", "“{}”", "Dear {},", "so {} it is", "{}’s place",
)  # fmt: skip
EXACT = (
    "$613.29", "613.29", "613 dollars", "USD 613", "19 March 2024", "March 19", "2024-03-19", "23.04.2026",
    "April 23rd", "17 visits", "seventeen visits", "4.63 of 5", "43 days", "8517 sqft", "8,517", "٦١٣", "²³", "€45",
    "№ 17", "walled orchard", "the orchard", "bocce", "Bocce Courts",
    "https://greenedge.example/refer", "www.mail.example",
)  # fmt: skip


def leaks_of(person):
    """What a draft could say of a person that it had before it."""
    words = [person.first_name, person.last_name, f"{person.first_name} {person.last_name}", person.email, person.phone,
             person.street, person.street.split()[1], person.city, person.customer_id, person.comment_word,
             person.comment_word.title(), person.comment, f"{person.comment_word} edges"]  # fmt: skip
    return st.sampled_from([*words, *EXACT])


@st.composite
def drafts(draw):
    person = draw(PEOPLE)
    said = draw(st.lists(st.tuples(leaks_of(person), st.sampled_from(PUT)), min_size=1, max_size=5))
    leaky = [put.format(leak) for leak, put in said]
    order = draw(st.permutations([*CLEAN, *leaky]))
    between = draw(st.lists(st.sampled_from([" ", "\n", "\n\n"]), min_size=len(order), max_size=len(order)))
    body = "".join(f"{sentence}{gap}" for sentence, gap in zip(order, between, strict=True))
    return person, draw(st.sampled_from(leaky)), body


@settings(max_examples=200, deadline=None)
@given(drafts())
def test_no_name_comment_amount_date_or_count_of_the_source_is_in_its_case(draft):
    person, subject, body = draft
    case = made_of(body, subject=subject, person=person)
    if case is None:
        return
    said = case.text + " ".join(case.metadata.values())

    assert found_in(said, [person]) == []
    assert not re.search(r"[0-9@$£€%]|https?:|\[", case.text)
    assert not re.search(r"orchard|bocce|seventeen|march|april", said, re.IGNORECASE)
    assert set(re.findall(r"\{\{(.*?)\}\}", case.text)) <= {*DOCUMENT_SLOTS, *IDENTITY_SLOTS}


@pytest.mark.parametrize(
    ("function", "without", "leak"),
    [
        ("redact", lambda text, **_: text, "So it is a pleasure for us."),
        ("_stems", lambda _: frozenset(), "What a lovely visit that was."),
        ("trace", lambda draft, **_: SimpleNamespace(body=draft["body"], findings=[]), "Two visits it was."),
        ("_has_common_words_only", lambda *_: True, "Since the divorce we think of you."),
    ],
)
def test_each_of_its_guards_is_needed(monkeypatch, function, without, leak):
    """Without it, one of the sentences above would stay."""
    body, person = "\n\n".join([*CLEAN, leak]), replace(canary(1), first_name="So")
    assert leak not in made_of(body, person=person).text
    monkeypatch.setattr(cleaning, function, without)

    assert leak in made_of(body, person=person).text


NASTY_NAMES = (
    ("Bo", "Li"), ("Al", "Ng"), ("Jo", "Wu"), ("An", "Le"), ("Ann", "Lee"), ("Grace", "Hope"), ("小明", "王"),
    ("명수", "김"), ("Наталья", "Иванова"), ("สมชาย", "ใจดี"), ("Zoë", "O'Brien"), ("Mark", "Young"),
    ("Will", "Best"),
)  # fmt: skip
# What a draft could make of them, each with what must not be in the case.
NASTY_SENTENCES = (
    ("{first}, thank you for trusting us once more.", "{first}"), ("Dear Mrs. {last}, thank you.", "{last}"),
    ("It is good to hear that {last} and {first} are happy with us.", "{last}"),
    ("The {last}s were a pleasure.", "{last}s"),
    ("As ever, {first} was a pleasure to talk to.", "{first}"), ("感谢{last}{first}女士对我们的信任。", "{last}"),
    ("Give our best to Kowalski next door.", "Kowalski"), ("we saw ottilie kowalski in the yard.", "ottilie"),
    ("We hope the chemotherapy goes well.", "chemotherapy"), ("Since the divorce the edges look better.", "divorce"),
    ("With MS and an ex in court, a neat edge is one worry less.", "ex"),
    ("We enjoyed Riverside Heights.", "Riverside"),
    ("A TV evening goes well with a quiet yard.", "TV"), ("We are glad to help a widow.", "widow"),
    ("The key is under the pot by the door.", "pot"), ("Congratulations to the mayor.", "mayor"),
    ("Alles Gute zur Scheidung.", "Scheidung"), ("Спасибо, Наталье, за ваше доверие.", "Наталье"),
    ("お母様のご冥福をお祈りします。", "冥福"), ("We thank Ko\u200bwal\u00adski.", "ski"), ("Ask for B_o.", "B_o"),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(NASTY_NAMES), said=st.lists(st.sampled_from(NASTY_SENTENCES), min_size=1, max_size=4))
def test_no_short_foreign_or_ordinary_word_of_a_person_stays(name, said):
    first, last = name
    put = [(text.format(first=first, last=last), word.format(first=first, last=last)) for text, word in said]
    person = replace(canary(1), first_name=first, last_name=last)
    body = "\n\n".join([*CLEAN, *(text for text, _ in put)])
    case = made_of(body, person=person)
    [written] = re.findall(r"## What was written\n\n(.*)\n\n## What", case.text if case else "", re.DOTALL) or [""]

    assert not [word for _, word in put if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", written)]


@pytest.mark.parametrize("language", COMMON)
def test_the_common_words_name_no_weekday_family_or_illness(language):
    """What a list holds is kept, whoever it is about."""
    private = words("""
        mother father wife husband daughter baby twins dog cat doctor ill sick cancer died church divorce monday
        Mutter Vater Frau Mann Kind Sohn Tochter Hund krank Krebs gestorben Kirche madre padre esposa hijo hija perro
        enfermo murió iglesia mère père femme mari fils fille chien malade mort église
    """)
    assert COMMON[language].isdisjoint(private)


def test_what_says_nothing_of_anybody_stays_in_order():
    text = made_of("\n\n".join([CLEAN[0], f"Hello xantroaabplex. {CLEAN[2]}", CLEAN[3]])).text

    assert f"> {CLEAN[0]}\n>\n> (…) {CLEAN[2]}\n>\n> {CLEAN[3]}\n\n##" in text


def test_the_house_s_own_words_may_be_said_although_a_customer_says_them_too():
    """A comment about edges doesn't keep a case from speaking of edges, if the brand does so itself."""
    assert CLEAN[2] in made_of("\n\n".join(CLEAN)).text


def test_a_message_of_which_nothing_is_left_makes_no_case():
    assert made_of("Dear Zyphaabnia, 17 xantroaabplex visits. {{offer.link}}") is None


def test_a_case_fits_into_one_passage():
    text = made_of("\n\n".join(CLEAN * 20)).text

    assert len(text) <= LONGEST
    assert text.endswith("## What came of it\n\nReferred somebody.\n")


@pytest.mark.parametrize(
    ("outcome", "word", "said"), [("referred", "referred", "Referred somebody."), ("booked", "bought", "Booked.")]
)
def test_what_came_of_it_is_said_without_when(outcome, word, said):
    case = made_of("\n\n".join(CLEAN), outcome=outcome)

    assert case.text.endswith(f"## What came of it\n\n{said}\n")
    assert case.metadata["outcome"] == word


def test_metadata_are_what_a_case_is_found_by_and_the_date_is_a_month():
    assert made_of("\n\n".join(CLEAN)).metadata == {
        "tenant": "greenedge",
        "purpose": "referral",
        "segment": "1 to 3 years",
        "service": "weekly mow",
        "outcome": "referred",
        "date": "2026-06",
        "season": "any",
        "agent_version": "platform#outreach-writer@3",
    }


@pytest.mark.parametrize(("hour", "season"), [(4, "spring"), (6, "summer")])
def test_the_season_is_that_of_the_customer_s_own_day_as_when_cases_are_asked_for(hour, season):
    """In Chicago it is still May at four o'clock of June's first day in UTC's."""
    at = datetime(2026, 6, 1, hour, tzinfo=UTC)
    asked = {"as_of": at.isoformat(), "time_zone": "America/Chicago", "country": "US"}

    assert made_of("\n\n".join(CLEAN), purpose="upsell", as_of=at).metadata["season"] == season
    assert scope_of({"tenant": "greenedge", "request": asked | {"purpose": "upsell"}}).season == season


def test_the_same_message_is_the_same_case_and_its_id_names_nobody():
    one, other = made_of("\n\n".join(CLEAN)), made_of("\n\n".join(CLEAN))

    assert one == other
    assert re.fullmatch(r"referral-weekly-mow-[0-9a-f]{12}", one.id)


NUMBERS = {
    "service_count": st.integers(0, 5_000),
    "satisfaction_average": st.floats(1, 5),
    "satisfaction_trend": st.floats(-4, 4),
    "days_since_last_service": st.integers(0, 20_000),
    "overdue_factor": st.floats(0, 1_000),
}


KNOWN = {"values": st.fixed_dictionaries({}, optional={name: st.none() | each for name, each in NUMBERS.items()}),
         "home": st.none() | st.text() | st.sampled_from(["House", "condo", "castle"])}  # fmt: skip


@given(**KNOWN, tenure=st.sampled_from([*TENURES]))
def test_a_case_says_no_more_of_its_customer_than_its_segment_is_told_by(values, home, tenure):
    """However it were banded: what fewer customers share than the segment has, finds one of them."""
    body = "\n\n".join(CLEAN)
    case = made_of(body, known=features(**values, property_type=home), answered="2026-08-30T10:00:00Z", tenure=tenure)

    assert case == made_of(body, tenure=tenure)
    assert f"## Situation\n\nA customer for {TENURES[tenure]}.\n" in case.text


@given(**KNOWN)
def test_cases_are_asked_for_in_bands(values, home):
    asked = situation("1 to 3 years", features(**values, property_type=home))

    assert not re.search(r"\d|None|nan|castle", asked)
    assert asked.startswith("A customer for one to three years")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"service_count": 4}, {"service_count": 12}),
        ({"days_since_last_service": 15}, {"days_since_last_service": 59}),
        ({"satisfaction_average": 4.51}, {"satisfaction_average": 5.0}),
    ],
)
def test_customers_of_one_band_ask_the_same(one, other):
    assert situation("longer", features(**one)) == situation("longer", features(**other))


def test_a_home_s_kind_is_said_only_where_it_is_one_of_a_few():
    assert "They live in a house." in situation("longer", features())
    assert "live" not in situation("longer", features(property_type="windmill"))
