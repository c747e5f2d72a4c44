"""The alarms of a stack: which ring, since when and what to do first; and what its functions' logs say of errors."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from operations.stack import Stack
from operations.terminal import (
    arguments,
    began,
    counted,
    next_step,
    out,
    plain,
    print_json,
    run,
    table,
    with_account,
    with_json,
)

RINGS = "ALARM"
# Of one, and of several.
_STATES = {"OK": ("is OK", "are OK"), "INSUFFICIENT_DATA": ("has no data yet", "have no data yet")}
_STYLES = {RINGS: "bold red", "OK": "green"}
# "First: scripts/… . See …#…", as every description ends.
_ADVICE = re.compile(r"(?P<says>.*?) First: (?P<first>scripts/.*)\. See (?P<more>\S+)$", re.DOTALL)
_SHOWN_CHARACTERS = 200
# What a function, or its runtime, says of an error; and what Lambda reports of an invocation that it had to end.
_SAID, _REPORTED = '"ERROR"', '"platform.report" -"success"'


@dataclass(frozen=True)
class Watched:
    """An alarm as it is now; a rollout's own say nothing of what to do, for they do it themselves."""

    name: str
    state: str
    since: datetime
    says: str
    first: str = ""
    more: str = ""

    @classmethod
    def of(cls, alarm: Mapping[str, Any], prefix: str) -> "Watched":
        """An alarm as CloudWatch describes it."""
        description = " ".join(alarm.get("AlarmDescription", "").split())
        advised = _ADVICE.fullmatch(description)
        told = advised.groupdict() if advised else {"says": description}
        return cls(alarm["AlarmName"].removeprefix(prefix), alarm["StateValue"], alarm["StateUpdatedTimestamp"], **told)


@dataclass(frozen=True)
class Logged:
    """An error that a function logged, or was killed for, how often, and when last."""

    function: str
    error: str
    times: int
    last: datetime


def alarms(stack: Stack) -> list[Watched]:
    """The stack's alarms on metrics, those that ring first, then those that changed last."""
    prefix = f"{stack.profile['stack_name']}-"
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix)
    found = [Watched.of(alarm, prefix) for page in pages for alarm in page["MetricAlarms"]]
    newest_first = sorted(found, key=lambda each: each.since, reverse=True)
    return sorted(newest_first, key=lambda each: each.state != RINGS)


def errors(stack: Stack, *, since: datetime) -> list[Logged]:
    """What the stack's functions logged as errors, or were killed for, what happened last first."""
    prefix = f"/aws/lambda/{stack.profile['stack_name']}-"
    logs = stack.client("logs")
    groups = [group["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=prefix) for group in page["logGroups"]]  # fmt: skip
    found = [logged for group in groups for logged in _errors_in(logs, group, group.removeprefix(prefix), since)]
    return sorted(found, key=lambda each: each.last, reverse=True)


def _errors_in(logs: Any, group: str, function: str, since: datetime) -> Iterator[Logged]:
    at: dict[str, list[int]] = {}
    told: set[str] = set()
    for said, when in _lines(logs, group, _SAID, since):
        if error := _error_in(said):
            at.setdefault(error, []).append(when)
            told.add(said.get("requestId", ""))
    for said, when in _lines(logs, group, _REPORTED, since):
        record = said.get("record", {})
        # Where the runtime said why, the report would count it again.
        if said.get("type") == "platform.report" and record.get("requestId") not in told:
            at.setdefault(record.get("errorType") or record["status"], []).append(when)
    for error, times in at.items():
        yield Logged(function, error, len(times), datetime.fromtimestamp(max(times) / 1000, UTC))


def _lines(logs: Any, group: str, pattern: str, since: datetime) -> Iterator[tuple[Mapping[str, Any], int]]:
    """What lines say that match a pattern, and when; one that is no document is an error's message."""
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern=pattern, startTime=int(since.timestamp() * 1000)
    )
    for event in (event for page in pages for event in page["events"]):
        try:
            said = json.loads(event["message"])
        except ValueError:
            said = None
        as_text = {"level": "ERROR", "message": event["message"].strip()[:_SHOWN_CHARACTERS]}
        yield said if isinstance(said, dict) else as_text, event["timestamp"]


def _error_in(said: Mapping[str, Any]) -> str | None:
    """The name of the error that a line logs; the level stands where we, or the runtime, put it."""
    if "ERROR" not in (said.get("level"), said.get("log_level")):
        return None
    return str(said.get("error") or said.get("errorType") or said.get("message"))


def main(argv: Sequence[str]) -> None:
    """scripts/alarms."""
    parser = arguments("alarms", "Which alarms ring, since when, and what to do first.", account=False)
    commands = parser.add_subparsers(dest="command")
    lister = commands.add_parser("list", help="those that ring", description="The alarms that ring.")
    lister.add_argument("--all", action="store_true", help="also those that don't")
    teller = commands.add_parser("errors", help="what the functions' logs say of errors", description="Logged errors.")
    teller.add_argument("--since", type=began, default="1h", help="90m, 24h, 7d or a day (default: the last hour)")
    for sub in (lister, teller):
        with_account(sub)
        with_json(sub)
    given = parser.parse_args(argv or ["list"])
    stack = Stack(given.account)
    if given.command == "errors":
        _tell(errors(stack, since=given.since), as_json=given.json)
        return
    found = alarms(stack)
    _list([each for each in found if given.all or each.state == RINGS], found, as_json=given.json)
    if given.json:
        return
    if stack.local:
        out.print(plain("On AWS there are more: those that compute or compare, which no local AWS evaluates.", "dim"))
    if any(each.state == RINGS for each in found):
        next_step("scripts/alarms errors", given.account)


def _standing(found: Sequence[Watched]) -> str:
    """How those stand that don't ring, if there are any."""
    states = Counter(each.state for each in found)
    told = [f"{states[state]} {words[states[state] > 1]}" for state, words in _STATES.items() if states[state]]
    return f": {', '.join(told)}." if told else "."


def _list(shown: Sequence[Watched], found: Sequence[Watched], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(each) | {"since": each.since.isoformat()} for each in shown])
    elif not shown:
        out.print(f"None of {counted(len(found), 'alarm')} rings{_standing(found)}")
    for each in shown if not as_json else ():
        out.print(plain(each.state, _STYLES.get(each.state, "dim")), plain(each.name, "bold"),
                  plain(f"since {each.since:%Y-%m-%d %H:%M} UTC", "dim"))  # fmt: skip
        out.print(plain(f"  {each.says}"), soft_wrap=True)
        if each.first:
            out.print(plain(f"  First: {each.first}"), plain(f"({each.more})", "dim"), soft_wrap=True)


def _tell(found: Sequence[Logged], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(each) | {"last": each.last.isoformat()} for each in found])
    elif found:
        rows = [(each.function, str(each.times), f"{each.last:%m-%d %H:%M:%S}", each.error) for each in found]
        table("Logged errors", ("function", "times", "last", "error"), rows)
    else:
        out.print("No function logged an error.")


if __name__ == "__main__":
    run(main)
