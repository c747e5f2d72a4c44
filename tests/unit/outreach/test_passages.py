"""What Retrieve asks for, and which of what it is given it uses."""

import pytest
from outreach.cases import MAX_PASSAGES, find_passages, query_of, scope_of

from tests.bench.retrieval import Known
from tests.unit.outreach import writing_cases as case


class Runtime:
    """A Knowledge Base that gives what it is told to, whatever it is asked."""

    def __init__(self, *texts, **attributes):
        metadata = {"tenant": "greenedge", "purpose": "referral", "season": "any"} | attributes
        self.asked = []
        self.results = [
            {
                "content": {"text": text},
                "score": 0.9 - number / 100,
                "location": {"s3Location": {"uri": f"s3://cases/greenedge/case-{number}.md"}},
                "metadata": metadata,
            }
            for number, text in enumerate(texts)
        ]

    def retrieve(self, **request):
        self.asked.append(request)
        return {"retrievalResults": self.results}


def state(**changes):
    return {"tenant": "greenedge", "request": case.request(**changes), "features": case.features()}


def found(runtime, **changes):
    return find_passages(
        state(**changes), knowledge_base="KB12345678", holdout_percent=0, case_credits=Known({}), runtime=runtime
    )


def test_three_passages_are_used_and_none_that_says_the_same_as_one_before():
    texts = [f"{word} " * 8 for word in ("edges", "edges", "snow", "leaves", "gutters")]

    assert [item["source"] for item in found(Runtime(*texts))["items"]] == ["case-0", "case-2", "case-3"]
    assert MAX_PASSAGES == 3


def test_what_is_of_another_season_is_no_passage():
    assert found(Runtime("A case.", season="summer"))["status"] == "none_found"


@pytest.mark.parametrize(
    ("as_of", "time_zone", "country", "season"),
    [
        ("2026-11-30T23:30:00Z", "America/New_York", "US", "autumn"),
        ("2026-11-30T23:30:00Z", "Europe/Berlin", "DE", "winter"),
        ("2026-11-30T12:00:00Z", "Australia/Sydney", "AU", "spring"),
        ("2026-11-30T23:30:00Z", "Australia/Sydney", "AU", "summer"),
        ("2026-11-30T12:00:00Z", "UTC", None, "autumn"),
    ],
)
def test_the_season_is_the_one_where_the_customer_lives(as_of, time_zone, country, season):
    scope = scope_of(state(as_of=as_of, time_zone=time_zone, country=country))

    assert (scope.tenant, scope.purpose, scope.season) == ("greenedge", "referral", season)


def test_the_question_is_made_of_facts_and_bands():
    asked = Runtime()
    known = {"offer.name": "Refer a Neighbor", "service.last_type": "weekly mow", "service.last_date": "2026-11-18"}
    facts = [{"slot": slot, "kind": "text", "value": value} for slot, value in known.items()]
    found(asked, facts=facts)
    query = asked.asked[0]["retrievalQuery"]["text"]

    assert query == query_of(case.request(facts=facts), case.features())
    assert query == ("referral Refer a Neighbor weekly mow. A customer for less than a year, with few services so far.")
