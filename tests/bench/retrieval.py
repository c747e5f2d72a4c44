"""What retrieval finds: a labelled set of queries, asked in several ways.

The queries and the cases of three home-service companies were written for this (tests/corpora/retrieval): what is known
of a customer, and the cases that somebody who writes to them would want to see. Every way has the same words to search
by and gives three cases. `recall@3` is the part of the wanted ones that is among them, averaged over the queries; `MRR`
the mean of one by the place of the first wanted one, 0 without any; `went well` the part of all cases given that had a
good outcome.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from agent_platform.retrieval.credits import Counted, Credit
from agent_platform.retrieval.weighing import weigh
from outreach.cases import find_passages, query_of, scope_of

from local_aws.bedrock_wire.knowledge_bases import KnowledgeBases
from tests.bench import lexical_search

CORPUS = Path(__file__).parents[1] / "corpora/retrieval"
KNOWLEDGE_BASE = "LABELLED01"
FIRST = 3
# What came of a case's first forty uses: its purpose was reached, or it wasn't, and a refusal now and then harmed.
SETTLED = {
    "bought": Counted(40, 12, 0),
    "referred": Counted(40, 12, 0),
    "no_response": Counted(40, 4, 0),
    "declined": Counted(40, 4, 1),
}

type Search = Callable[[Mapping[str, Any]], Sequence[str]]


@dataclass(frozen=True)
class Ranking:
    """How good one way of searching is on the labelled set, and the least that is wanted of it."""

    name: str
    recall: float
    reciprocal_rank: float
    went_well: float
    least_recall: float = 0.0
    least_reciprocal_rank: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether it is as good as is wanted."""
        return self.recall >= self.least_recall and self.reciprocal_rank >= self.least_reciprocal_rank

    def document(self) -> dict[str, Any]:
        """The figures as JSON."""
        return vars(self) | {"kept": self.kept}


def figures() -> Iterator[Ranking]:
    """A line for each way of searching."""
    yield measured("plain lexical search (BM25) over all cases", lexical(filtered=False))
    yield measured("plain lexical search (BM25), filtered as Retrieve is", lexical(filtered=True))
    yield measured("offline retrieval, by similarity", retrieval({}), recall=0.95, reciprocal_rank=0.85)
    yield measured("offline retrieval, by similarity × credit", retrieval(settled()), recall=0.85, reciprocal_rank=0.75)


def measured(name: str, search: Search, *, recall: float = 0.0, reciprocal_rank: float = 0.0) -> Ranking:
    """What a search is worth, over all queries."""
    found = [(set(query["relevant"]), list(search(query))[:FIRST]) for query in labelled("queries")]
    given = [case for _, ids in found for case in ids]
    return Ranking(
        name,
        mean(len(wanted & set(ids)) / len(wanted) for wanted, ids in found),
        mean(next((1 / place for place, case in enumerate(ids, 1) if case in wanted), 0.0) for wanted, ids in found),
        mean(by_id()[case]["attributes"]["outcome"] in {"bought", "referred"} for case in given),
        recall,
        reciprocal_rank,
    )


def retrieval(credit: Mapping[str, Credit]) -> Search:
    """The product's own way to passages, over the local Knowledge Base."""
    runtime = LocalRuntime()
    return lambda query: [
        passage["source"]
        for passage in find_passages(
            state_of(query),
            knowledge_base=KNOWLEDGE_BASE,
            holdout_percent=0,
            case_credits=Known(credit),
            runtime=runtime,
        )["items"]
    ]


def lexical(*, filtered: bool) -> Search:
    """BM25 over the texts of all cases, or of those that Retrieve's filter admits."""

    def search(query: Mapping[str, Any]) -> Sequence[str]:
        state = state_of(query)
        pool = [case for case in labelled("cases") if not filtered or scope_of(state).admits(case["attributes"])]
        near = lexical_search.scores(query_of(state["request"], state["features"]), [case["text"] for case in pool])
        ranked = sorted(zip(near, pool, strict=True), key=lambda pair: (-pair[0], pair[1]["id"]))
        return [case["id"] for _, case in ranked]

    return search


class LocalRuntime:
    """The local AWS's Knowledge Base over the labelled cases, as a bedrock-agent-runtime client."""

    def __init__(self) -> None:
        with TemporaryDirectory() as folder:
            for case in labelled("cases"):
                file = Path(folder, f"{case['id']}.md")
                file.write_text(case["text"])
                metadata = json.dumps({"metadataAttributes": case["attributes"]})
                file.with_name(f"{file.name}.metadata.json").write_text(metadata)
            self._bases = KnowledgeBases()
            self._bases.set({"id": KNOWLEDGE_BASE, "folder": folder})
            self._bases.ingest(KNOWLEDGE_BASE)

    def retrieve(self, **request: Any) -> Any:
        """What the wire server would answer."""
        return json.loads(self._bases.retrieve(request.pop("knowledgeBaseId"), request).content)


class Known:
    """The credit of cases as the table would have it."""

    def __init__(self, credit: Mapping[str, Credit]) -> None:
        self._credit = credit

    def of(self, tenant: str, purpose: str, wanted: Sequence[str]) -> dict[str, Credit]:
        """The credit of these cases."""
        return {case: self._credit[case] for case in wanted if case in self._credit}


def settled() -> dict[str, Credit]:
    """Each case's credit after its first uses, weighed as the product does among the cases of its tenant's purpose."""
    arms: dict[tuple[str, str], list[Counted]] = {}
    for case in labelled("cases"):
        arms.setdefault(_kind(case), []).append(_counted(case))
    return {case["id"]: weigh(_counted(case), arms[_kind(case)]) for case in labelled("cases")}


def _kind(case: Mapping[str, Any]) -> tuple[str, str]:
    return case["attributes"]["tenant"], case["attributes"]["purpose"]


def _counted(case: Mapping[str, Any]) -> Counted:
    return SETTLED[case["attributes"]["outcome"]]


def state_of(query: Mapping[str, Any]) -> Any:
    """As much of a run's document as Retrieve reads."""
    return {
        "tenant": query["tenant"],
        "request": {
            "as_of": f"{query['on']}T12:00:00Z",
            "time_zone": "UTC",
            "country": query["country"],
            "customer": "c-labelled",
            "purpose": query["purpose"],
            "facts": [{"slot": slot, "kind": "text", "value": value} for slot, value in query["facts"].items()],
        },
        "features": {"values": {name: {"value": value, "reason": None} for name, value in query["features"].items()}},
    }


@cache
def labelled(name: str) -> list[dict[str, Any]]:
    """The cases or the queries of the labelled set."""
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text().splitlines()]


@cache
def by_id() -> dict[str, dict[str, Any]]:
    """The cases by their ids."""
    return {case["id"]: case for case in labelled("cases")}
