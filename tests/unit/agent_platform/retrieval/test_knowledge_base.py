"""What may be found: asked for by a filter, and checked on what returns, each part of it by itself."""

import pytest
from agent_platform.retrieval.knowledge_base import MAX_CANDIDATES, MAX_CHARACTERS, Scope, candidates

from local_aws.bedrock_wire.metadata_filters import matches
from tests.mutations import mutate

SCOPE = Scope("greenedge", "referral", "autumn")
# For each attribute a value that the scope doesn't admit.
FOREIGN = {"tenant": "brightnest", "purpose": "upsell", "season": "spring"}


class KnowledgeBase:
    """A Knowledge Base whose filter is only as good as it is told to be."""

    def __init__(self, *results, filters=True):
        self.results, self.filters, self.asked = results, filters, []

    def retrieve(self, **request):
        self.asked.append(request)
        search = request["retrievalConfiguration"]["vectorSearchConfiguration"]
        found = [each for each in self.results if not self.filters or matches(each["metadata"], search["filter"])]
        return {"retrievalResults": found[: search["numberOfResults"]]}


def result(text="A good case.", *, name="case-1.md", score=0.8, **attributes):
    metadata = {"tenant": "greenedge", "purpose": "referral", "season": "autumn"} | attributes
    return {
        "content": {"text": text, "type": "TEXT"},
        "location": {"type": "S3", "s3Location": {"uri": f"s3://cases/greenedge/{name}"}},
        "score": score,
        "metadata": metadata,
    }


def ask(base):
    return candidates("KB12345678", "referral weekly mow", scope=SCOPE, runtime=base)


def sources(base):
    return [passage.source for passage in ask(base)]


def test_a_passage_has_its_case_s_id_its_score_and_its_text():
    base = KnowledgeBase(result())
    (passage,) = ask(base)

    assert (passage.source, passage.score, passage.text) == ("case-1", 0.8, "A good case.")
    assert base.asked[0]["knowledgeBaseId"] == "KB12345678"
    assert base.asked[0]["retrievalQuery"] == {"text": "referral weekly mow"}


def test_the_search_is_the_one_that_s3_vectors_has():
    base = KnowledgeBase(result())
    ask(base)
    search = base.asked[0]["retrievalConfiguration"]["vectorSearchConfiguration"]

    assert search["overrideSearchType"] == "SEMANTIC"
    assert search["numberOfResults"] == MAX_CANDIDATES


@pytest.mark.parametrize("attribute", FOREIGN)
def test_what_is_not_asked_for_takes_nobody_s_place(attribute):
    """Nearer cases that don't fit would fill the answer, if they were only dropped afterwards."""
    nearer = [result(name=f"other-{number}.md", **{attribute: FOREIGN[attribute]}) for number in range(MAX_CANDIDATES)]

    assert sources(KnowledgeBase(*nearer, result())) == ["case-1"]


@pytest.mark.parametrize("attribute", FOREIGN)
def test_what_a_filter_let_pass_is_dropped(attribute):
    foreign, unknown = result(**{attribute: FOREIGN[attribute]}), result(**{attribute: None})

    assert sources(KnowledgeBase(foreign, unknown, {"content": {"text": "whose?"}}, result(), filters=False)) == [
        "case-1"
    ]


def test_a_case_for_any_season_fits_every_one():
    assert sources(KnowledgeBase(result(season="any"))) == ["case-1"]


def test_there_are_never_more_than_were_asked_for():
    assert len(ask(KnowledgeBase(*(result(name=f"case-{number}.md") for number in range(99))))) == MAX_CANDIDATES


FILTERS = {
    "tenant": '{"equals": {"key": "tenant", "value": self.tenant}},',
    "purpose": '{"equals": {"key": "purpose", "value": self.purpose}},',
    "season": '{"in": {"key": "season", "value": [self.season, ANY_SEASON]}},',
}
CHECKS = {
    "tenant": 'attributes.get("tenant") == self.tenant',
    "purpose": 'attributes.get("purpose") == self.purpose',
    "season": 'attributes.get("season") in (self.season, ANY_SEASON)',
}


@pytest.mark.parametrize("attribute", FILTERS)
def test_each_part_of_the_filter_is_missed_when_it_is_gone(monkeypatch, attribute):
    mutate(monkeypatch, Scope.filter.fget, FILTERS[attribute], "")
    with pytest.raises(AssertionError):
        test_what_is_not_asked_for_takes_nobody_s_place(attribute)


@pytest.mark.parametrize("attribute", CHECKS)
def test_each_check_is_missed_when_it_is_gone(monkeypatch, attribute):
    mutate(monkeypatch, Scope.admits, CHECKS[attribute], "True")
    with pytest.raises(AssertionError):
        test_what_a_filter_let_pass_is_dropped(attribute)


def test_a_passage_is_redacted_and_then_cut():
    (passage,) = ask(KnowledgeBase(result("Write to marisol@mail.example. " + "word " * 5000)))
    assert passage.text.startswith("Write to [email].")
    assert len(passage.text) == MAX_CHARACTERS


def test_no_half_of_an_address_is_left_at_the_cut():
    (passage,) = ask(KnowledgeBase(result("x" * (MAX_CHARACTERS - 8) + " marisol@mail.example")))
    assert "maris" not in passage.text


@pytest.mark.parametrize("missing", ["location", "score"])
def test_what_a_result_does_not_say_is_not_made_up(missing):
    bare = {name: value for name, value in result().items() if name != missing}
    (passage,) = ask(KnowledgeBase(bare))
    assert passage == type(passage)(*{"location": ("unknown", 0.8), "score": ("case-1", 0.0)}[missing], passage.text)
