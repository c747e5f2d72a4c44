import pytest

from tests.unit.outreach.claims.greenedge_facts import facts, in_body, only, traced_body


def counted(text, count=14):
    return only(in_body(traced_body(text, known=facts(service__count=count))))


@pytest.mark.parametrize(
    ("text", "true_of", "false_of"),
    [
        ("Thank you for over a dozen visits.", (12, 14, 60), (4, 11)),
        ("You have had more than ten visits with us.", (11, 30), (10, 9)),
        ("Over 20 mows, and still the tidiest street.", (20, 21), (19, 14)),
        ("After nearly 15 visits we know the lawn.", (12, 14), (15, 11, 16)),
        ("Almost a dozen visits so far!", (10, 11), (12, 9)),
        ("At least 14 visits.", (14, 90), (13,)),
        ("Fewer than ten visits so far.", (4, 9), (10, 3)),
        ("About twenty visits.", (18, 20, 22), (17, 23)),
        ("Half a dozen visits in.", (5, 6, 7), (4, 8)),
        ("A dozen of our visits later.", (12,), (14, 4)),
        ("Dozens of visits.", (24, 99), (14,)),
        ("Thank you for a handful of visits.", (4,), (14, 1)),
        ("We've made several visits.", (5,), (1, 40)),
    ],
)
def test_a_rounded_count_is_held_against_the_count_of_services(text, true_of, false_of):
    for count in true_of:
        finding = counted(text, count)
        assert (finding["result"], finding["slot"]) == ("equals", "service.count"), count
    assert {counted(text, count)["result"] for count in false_of} == {"contradicted"}


def test_a_rounded_count_of_what_nobody_counted_is_unsupported():
    known = facts(service__count=None)

    assert only(in_body(traced_body("Thank you for over a dozen visits.", known=known)))["result"] == "unsupported"


@pytest.mark.parametrize(
    "text", ["It takes a few visits.", "Over a few visits you will see it.", "Several people asked."]
)
def test_a_few_that_have_not_been_are_a_manner_of_speaking(text):
    assert in_body(traced_body(text)) == []


@pytest.mark.parametrize("word", ["more than", "nearly", "almost"])
def test_a_count_in_its_slot_is_the_count_and_neither_more_nor_less(word):
    assert only(in_body(traced_body(f"{word} {{{{service.count}}}} visits")))["result"] == "contradicted"
    assert only(in_body(traced_body("at least {{service.count}} visits")))["result"] == "slot"
    assert only(in_body(traced_body("such good company over {{service.count}} visits")))["result"] == "slot"


@pytest.mark.parametrize(
    "text",
    [
        "Together that makes {}.",
        "Between you that's {}.",
        "That is {} for the two of you.",
        "A total of {} between you and your friend.",
        "Combined, you get {}.",
    ],
)
def test_what_both_get_together_is_the_sum(text):
    def result(said):
        return only(in_body(traced_body(text.format(said), known=known)))["result"]

    known = facts(offer__friend_amount={"minor": 1500, "currency": "USD"})
    assert [result(said) for said in ("$40", "forty dollars", "$50", "€40")] == [
        "equals", "equals", "contradicted", "contradicted",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["You get $50.", "$50 is yours.", "You both get $50."])
def test_the_sum_is_what_neither_gets_alone(text):
    assert only(in_body(traced_body(text)))["result"] == "contradicted"


@pytest.mark.parametrize("friend", [None, {"minor": 2500, "currency": "EUR"}])
def test_without_two_amounts_of_one_currency_there_is_no_sum(friend):
    findings = in_body(traced_body("Together that makes $50.", known=facts(offer__friend_amount=friend)))

    assert only(findings)["result"] == "contradicted"
