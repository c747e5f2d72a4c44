"""What is recorded of a run: what it had before it when it wrote, and what is measured of it; of a skip its reason."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from agent_platform.recordings import SKIPPED, Recording
from agent_platform.references import EventReference

from outreach.casebook.bands import tenure_of
from outreach.contracts import AgentReference, Attempt, Features, Judged, Passages, Verdict
from outreach.prepared import Prepared

WORKFLOW = "outreach"
# It goes by the calendar, for all customers of a brand alike: that it moves says nothing.
_BY_THE_CALENDAR = "months_to_season"


def recording_of(state: Judged, prepared: Prepared, message: Mapping[str, Any]) -> Recording:
    """The recording of a run that came to this message, with the redacted comment that the prompt carried.

    A skip leaves nothing of its customer.
    """
    request, message_id = state["request"], EventReference.of(state).execution_name
    if message["status"] == "skipped":
        reason = {"measured": {"reason": message["skip"]["reason"]}}
        return Recording(state["tenant"], WORKFLOW, SKIPPED, request["as_of"], message_id, reason)
    verdict = cast("Verdict", state["verdict"])
    material = {
        "request": request,
        "features": state["features"],
        "passages": state["passages"],
        "comment": prepared["comment"],
        "slices": {"locale": request["locale"], "tenure": tenure_of(request)},
        "usage": [{role: attempt[role] for role in ("generate", "judge")} for attempt in verdict["attempts"]],
        "measured": {
            "agents": {"writer": _version(request["agents"]["writer"]), "judge": _version(request["agents"]["judge"])},
            "inputs": _inputs(state, prepared),
            "retrieval": _retrieval(state["passages"]),
            "outputs": _outputs(verdict, message),
        },
    }
    return Recording(state["tenant"], WORKFLOW, request["purpose"], request["as_of"], message_id, material)


def _version(agent: AgentReference) -> dict[str, Any]:
    return {"agent_id": agent["agent_id"], "version": agent["version"]}


def _inputs(state: Judged, prepared: Prepared) -> dict[str, Any]:
    """What came in: the request, the length of what the customer said, and every feature."""
    request, comment = state["request"], prepared["comment"]
    return {
        "purpose": request["purpose"],
        "locale": request["locale"],
        "country": request["country"],
        "offer": request["offer_id"],
        "history_length": request["history_length"],
        "repairs": len(request["repairs"]),
        "comment_length": None if comment is None else len(comment),
        **_features(state["features"]),
    }


def _features(features: Features) -> dict[str, Any]:
    """The features by name; of a list of texts, how many they are."""
    values = {name: each["value"] for name, each in features["values"].items() if name != _BY_THE_CALENDAR}
    return {name: len(value) if isinstance(value, list) else value for name, value in values.items()}


def _retrieval(passages: Passages) -> dict[str, Any]:
    """How near the best passage was, and how many there are."""
    scores = [passage["score"] for passage in passages["items"]]
    return {"status": passages["status"], "passages": len(scores), "similarity": max(scores, default=None)}


def _outputs(verdict: Verdict, message: Mapping[str, Any]) -> dict[str, Any]:
    """What came of it: the draft that was kept, as it was scored, and how long the message is."""
    best = _best(verdict["attempts"], verdict["best"]["attempt"])
    return {
        "approved": verdict["approved"],
        "attempts": len(verdict["attempts"]),
        "score": verdict["score"],
        "scores": {each["criterion"]: each["score"] for each in best["scores"]},
        "findings": len(best["findings"]),
        "length": len(message["text"]),
    }


def _best(attempts: Sequence[Attempt], number: int) -> Attempt:
    return next(attempt for attempt in attempts if attempt["attempt"] == number)
