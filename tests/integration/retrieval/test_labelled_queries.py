"""The labelled set, and what the product's retrieval is worth on it."""

import re

import pytest
from agent_platform.guardrails.redaction import redact
from agent_platform.retrieval.attributes import problems_of
from agent_platform.retrieval.knowledge_base import Scope
from outreach.cases import query_of, scope_of
from outreach.facts import DOCUMENT_SLOTS, IDENTITY_SLOTS

from tests.bench import retrieval
from tests.bench.retrieval import by_id, figures, labelled, measured, state_of
from tests.mutations import mutate
from tests.unit.agent_platform.retrieval.test_knowledge_base import CHECKS, FILTERS


@pytest.fixture(scope="module")
def found():
    return {figure.name: figure for figure in figures()}


def test_there_are_enough_queries_over_enough_cases_of_every_kind():
    assert len(labelled("queries")) >= 60
    assert len(by_id()) == len(labelled("cases")) >= 60
    for attribute, values in {"tenant": 3, "purpose": 2, "season": 5, "outcome": 4}.items():
        assert len({case["attributes"][attribute] for case in labelled("cases")}) == values


def test_every_case_is_wanted_by_a_query_and_may_be_found_by_it():
    wanted = set()
    for query in labelled("queries"):
        wanted |= set(query["relevant"])
        assert all(scope_of(state_of(query)).admits(by_id()[case]["attributes"]) for case in query["relevant"])
    assert wanted == set(by_id())


@pytest.mark.parametrize("case", labelled("cases"), ids=lambda case: case["id"])
def test_a_case_is_about_nobody_and_could_be_ingested(case):
    assert redact(case["text"]) == case["text"]
    assert not re.search(r"[0-9@$€£%]|https?:", case["text"])
    assert set(re.findall(r"\{\{(.*?)\}\}", case["text"])) <= {*DOCUMENT_SLOTS, *IDENTITY_SLOTS}
    assert list(problems_of(case["attributes"])) == []


def test_no_query_gives_its_answer_away():
    """A query has the words of facts and bands; a case's own words, from its title on, are not among them."""
    for query in labelled("queries"):
        state = state_of(query)
        words = set(re.findall(r"\w+", query_of(state["request"], state["features"]).casefold()))
        for case in query["relevant"]:
            title = set(re.findall(r"\w+", by_id()[case]["text"].splitlines()[0].casefold()))
            assert len(title & words) < len(title)


def test_every_way_of_searching_is_as_good_as_is_wanted(found):
    assert [figure.name for figure in found.values() if not figure.kept] == []


def test_the_filter_is_worth_more_than_any_ranking(found):
    everything, filtered, similarity, _ = found.values()

    assert min(filtered.recall, similarity.recall) > everything.recall + 0.1


def test_credit_brings_cases_that_went_well_at_little_cost(found):
    _, _, similarity, with_credit = found.values()

    assert with_credit.went_well > similarity.went_well + 0.1
    assert with_credit.recall > similarity.recall - 0.1


@pytest.mark.parametrize("attribute", FILTERS)
def test_without_a_filter_the_floor_is_missed(monkeypatch, attribute):
    wanted = measured("as it is", retrieval.retrieval({}), recall=0.95)
    mutate(monkeypatch, Scope.filter.fget, FILTERS[attribute], "")
    mutate(monkeypatch, Scope.admits, CHECKS[attribute], "True")
    without = measured("without", retrieval.retrieval({}), recall=0.95)

    assert (wanted.kept, without.kept) == (True, False)
