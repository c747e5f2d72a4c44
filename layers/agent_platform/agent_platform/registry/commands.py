"""What the Lambda behind every command of the registry does around its own work: read, answer in words, note it."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from agent_platform import telemetry
from agent_platform.errors import Conflict, Refused
from agent_platform.registry.alias import Alias

type Command = Callable[[dict[str, Any], Any], dict[str, Any]]

_KINDS = {str: "a text", int: "a whole number", dict: "an object"}


def command(handler: Command) -> Command:
    """Answer {"ok": true, …}, or {"ok": false, "problems": […]} for what can't be done; the log says who asked.

    Whatever isn't an answer to the one who asked is raised: AWS errors and defects of ours.
    """

    @wraps(handler)
    def run(event: dict[str, Any], context: Any) -> dict[str, Any]:
        asked = {name: event.get(name) for name in ("action", "agent_id", "version", "to", "by") if name in event}
        log = telemetry.log()
        try:
            answer = {"ok": True, **handler(event, context)}
        except Refused as refused:
            log.warning("refused", extra={"asked": asked, "problems": refused.reasons})
            return {"ok": False, "problems": refused.reasons}
        except Conflict as conflict:
            log.warning("conflict", extra={"asked": asked})
            return {"ok": False, "problems": [str(conflict)], "again": True}
        log.info("done", extra={"asked": asked, "answer": answer})
        return answer

    return run


def need(event: Mapping[str, Any], **kinds: type) -> None:
    """Refuse a command that lacks one of these fields or has it in another kind; every such field is listed."""
    wrong = [name for name, kind in kinds.items() if type(event.get(name)) is not kind]
    if wrong:
        raise Refused(f"{name} must be {_KINDS[kinds[name]]}" for name in wrong)


def allow(event: Mapping[str, Any], **kinds: type) -> None:
    """Like `need`, for fields that may be left out."""
    need(event, **{name: kind for name, kind in kinds.items() if event.get(name) is not None})


def state_of(alias: Alias) -> dict[str, Any]:
    """An alias as a command answers it."""
    return {"agent_id": alias.agent_id, "production": alias.production, "changes": alias.changes}
