"""Passages in the order in which they may be used: how similar the case is, times what its uses came to."""

from collections.abc import Mapping, Sequence

from agent_platform.retrieval.credits import Credit
from agent_platform.retrieval.knowledge_base import RetrievedPassage


def ranked(passages: Sequence[RetrievedPassage], credit: Mapping[str, Credit]) -> list[RetrievedPassage]:
    """The passages by similarity × credit, best first; a quarantined case is left out.

    Equals keep their order, and a passage's score stays its similarity.
    """
    known = [(passage, credit.get(passage.source, Credit())) for passage in passages]
    usable = [(passage, own) for passage, own in known if own.quarantined is None]
    usable.sort(key=lambda each: each[0].score * each[1].factor, reverse=True)
    return [passage for passage, _ in usable]
