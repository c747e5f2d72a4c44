"""Passages in the order in which they may be used: how similar the case is, times what its uses came to."""

from collections.abc import Mapping, Sequence

from agent_platform.retrieval.credits import Credit
from agent_platform.retrieval.knowledge_base import RetrievedPassage


def ranked(passages: Sequence[RetrievedPassage], credits: Mapping[str, Credit]) -> list[RetrievedPassage]:  # noqa: A002
    """The passages by similarity × credit, best first; a quarantined case is left out.

    Equals keep their order, and a passage's score stays its similarity.
    """
    known = [(passage, credits.get(passage.source, Credit())) for passage in passages]
    usable = [(passage, credit) for passage, credit in known if credit.quarantined is None]
    usable.sort(key=lambda each: each[0].score * each[1].factor, reverse=True)
    return [passage for passage, _ in usable]
