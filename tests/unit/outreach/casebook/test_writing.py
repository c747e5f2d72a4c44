"""A case is about a kind of customer: whatever its draft said, nothing in it is of the one it was made of."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outreach.casebook import cleaning
from outreach.casebook.writing import LONGEST
from outreach.facts import DOCUMENT_SLOTS, IDENTITY_SLOTS

from tests.canaries import canary, found_in
from tests.unit.outreach.casebook.written_messages import CLEAN, HOME, features, made_of

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
    ("function", "leak"),
    [
        ("redact", "We heard of Zyphaabnia."),
        ("_stems", "The xantroaabplex was lovely."),
        ("trace", "Seventeen visits it was."),
    ],
)
def test_each_of_its_guards_is_needed(monkeypatch, function, leak):
    """Without it, one of the sentences above would stay."""
    body = "\n\n".join([*CLEAN, leak])
    assert leak not in made_of(body).text
    monkeypatch.setattr(cleaning, function, {
        "redact": lambda text, **_: text,
        "_stems": lambda _: frozenset(),
        "trace": lambda draft, **_: type("Traced", (), {"body": draft["body"], "findings": []}),
    }[function])  # fmt: skip
    if function == "redact":
        monkeypatch.setattr(cleaning, "_stems", lambda _: frozenset())

    assert leak in made_of(body).text


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
    assert text.endswith("## What came of it\n\nReferred somebody within a week.\n")


@pytest.mark.parametrize(
    ("outcome", "answered", "word", "said"),
    [
        ("referred", "2026-06-03T10:00:00Z", "referred", "Referred somebody within days."),
        ("booked", "2026-06-12T10:00:00Z", "bought", "Booked within two weeks."),
        ("booked", "2026-08-30T10:00:00Z", "bought", "Booked after more than a month."),
    ],
)
def test_what_came_of_it_is_said_without_a_date(outcome, answered, word, said):
    case = made_of("\n\n".join(CLEAN), outcome=outcome, answered=answered)

    assert case.text.endswith(f"{said}\n")
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


@given(values=st.fixed_dictionaries({}, optional={name: st.none() | each for name, each in NUMBERS.items()}),
       home=st.none() | st.text() | st.sampled_from(["House", "condo", "castle"]))  # fmt: skip
def test_whatever_is_known_of_a_customer_is_said_in_bands(values, home):
    text = made_of("\n\n".join(CLEAN), known=features(**values, property_type=home)).text
    [situation] = re.findall(r"## Situation\n\n(.*)\n", text)

    assert not re.search(r"\d|None|nan|castle", situation)
    assert situation.startswith("A customer for one to three years")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"service_count": 4}, {"service_count": 12}),
        ({"days_since_last_service": 15}, {"days_since_last_service": 59}),
        ({"satisfaction_average": 4.51}, {"satisfaction_average": 5.0}),
    ],
)
def test_customers_of_one_band_read_the_same(one, other):
    body = "\n\n".join(CLEAN)

    assert made_of(body, known=features(**one)) == made_of(body, known=features(**other))


def test_a_home_s_kind_is_said_only_where_it_is_one_of_a_few():
    assert "They live in a house." in made_of("\n\n".join(CLEAN)).text
    assert HOME["features"][0] not in made_of("\n\n".join(CLEAN), known=features(property_type="windmill")).text
