"""The changes of an alias that a rollout makes: open it, give it more customers, pause it, resume it, close it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from agent_platform.errors import Refused
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import iso
from agent_platform.registry.alias import PLATFORM, SHARES, Alias, OpenRollout
from agent_platform.registry.changes import AliasTable, Said, Status, Step

type Outcome = Literal["promoted", "rolled_back", "inconclusive", "aborted", "stopped"]

_BECOMES: dict[Outcome, Status] = {
    "promoted": "production",
    "rolled_back": "retired",
    "inconclusive": "draft",
    "aborted": "draft",
    "stopped": "draft",
}


class OpenRollouts(AliasTable):
    """At most one rollout of each agent: every command that finds its work done changes nothing."""

    def rollout(self, agent_id: str, number: int) -> dict[str, Any] | None:
        """A rollout as it is recorded: the plan, from before it started, and what has become of it."""
        return self._read(_rollout_key(agent_id, number))

    def open_rollout(
        self, agent_id: str, plan: Mapping[str, Any], *, candidate: int, share: int, by: str, reason: str, now: datetime
    ) -> int:
        """Record a plan and give a share (of 10,000) of the customers to a candidate; the rollout's number."""
        alias, said = self.alias(agent_id), Said("open_rollout", by, reason, now)
        if alias.rollout and self._is_this(agent_id, alias.rollout, candidate, plan):
            return alias.rollout.number
        status = self.status(agent_id, candidate)
        reasons = [*said.problems(), *against_open_rollout(alias), *_against_share(share)]
        if alias.production is None:
            reasons.append("nothing is in production to compare with: promote a first version by hand")
        if status not in {"draft", "retired"}:
            reasons.append(f"version {candidate} {_standing(status)}: a candidate is a draft or a retired version")
        if reasons or status is None:
            raise Refused(reasons)
        number = alias.rollouts + 1
        rollout = OpenRollout(number, candidate, share, salt=f"{agent_id}#{number}")
        record = _rollout_key(agent_id, number) | {
            "plan": plan, "candidate": candidate, "baseline": alias.production, "state": "open",
            "openedAt": alias.changed(now).since, "by": by, "reason": reason,
        }  # fmt: skip
        step = Step(candidate, {candidate: (status, "testing")}, (self._put_new(record),))
        self._commit(alias, replace(alias, rollouts=number, rollout=rollout), said, step)
        return number

    def set_share(self, agent_id: str, number: int, share: int, *, by: str, reason: str, now: datetime) -> Alias:
        """Give more customers to the candidate; never fewer, because whoever was given it keeps it."""
        said, (alias, rollout) = Said("set_share", by, reason, now), self._opened(agent_id, number)
        if rollout.share == share:
            return alias
        reasons = [*said.problems(), *_against_share(share)]
        if share < rollout.share:
            reasons.append(f"a share only grows, so that whoever has the candidate keeps it: it is {rollout.share}")
        if rollout.paused:
            reasons.append(f"rollout {number} is paused: resume it first")
        if reasons:
            raise Refused(reasons)
        after = replace(alias, rollout=replace(rollout, share=share))
        return self._commit(alias, after, said, Step(rollout.candidate, {}))

    def pause(self, agent_id: str, number: int, *, by: str, reason: str, now: datetime) -> Alias:
        """Hold a rollout at the share that it has; how long is recorded, since its horizon is put off by it."""
        return self._set_paused(agent_id, number, Said("pause", by, reason, now), paused=True)

    def resume(self, agent_id: str, number: int, *, by: str, reason: str, now: datetime) -> Alias:
        """Let a paused rollout go on."""
        return self._set_paused(agent_id, number, Said("resume", by, reason, now), paused=False)

    def close_rollout(
        self, agent_id: str, number: int, *, outcome: Outcome, by: str, reason: str, now: datetime
    ) -> Alias:
        """End a rollout: its candidate becomes production if promoted, retired if rolled back, a draft otherwise."""
        said, recorded = Said(outcome, by, reason, now), self.rollout(agent_id, number)
        if recorded and recorded["state"] == outcome:
            return self.alias(agent_id)
        alias, rollout = self._opened(agent_id, number)
        if problems := said.problems():
            raise Refused(problems)
        after = replace(alias, rollout=None)
        statuses: dict[int, tuple[Status, Status]] = {rollout.candidate: ("testing", _BECOMES[outcome])}
        if outcome == "promoted" and alias.production is not None:
            after = replace(after, production=rollout.candidate)
            statuses[alias.production] = ("production", "retired")
        end = {"state": outcome, "endedAt": alias.changed(now).since, "endedBy": by, "endReason": reason}
        step = Step(rollout.candidate, statuses, (self._note(agent_id, number, end),))
        return self._commit(alias, after, said, step)

    def against_judged_rollouts(self, agent_id: str, version: int) -> list[str]:
        """What speaks against another judge: both arms of a rollout are judged by one version, from start to end.

        The platform's writers and judges may meet any tenant's.
        """
        judge, owner = self._config(agent_id, version), agent_id.partition("#")[0]
        if judge.get("role") != "judge":
            return []
        return [
            f"rollout {rollout.number} of {writer} is judged by it: abort that first"
            for writer, rollout in self.in_rollout()
            if len({owner, writer.partition("#")[0]} - {PLATFORM}) < 2
            and self._config(writer, rollout.candidate).get("workflow") == judge.get("workflow")
        ]

    def in_rollout(self) -> Iterator[tuple[str, OpenRollout]]:
        """Every agent with an open rollout; a registry has as many items as people wrote versions."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table, FilterExpression="attribute_exists(rollout.salt)", ConsistentRead=True
        )
        for row in (from_item(item) for page in pages for item in page["Items"]):
            yield row["agentId"].removesuffix("#alias"), OpenRollout(**row["rollout"])

    def in_production(self) -> Iterator[Alias]:
        """Every agent that has a version in production."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table, FilterExpression="attribute_exists(production)", ConsistentRead=True
        )
        for row in (from_item(item) for page in pages for item in page["Items"]):
            agent_id, _, kind = row["agentId"].rpartition("#")
            # A change in the history says what was in production after it, too.
            if kind == "alias":
                yield Alias.of(agent_id, row)

    def _config(self, agent_id: str, version: int) -> dict[str, Any]:
        row = self._read({"agentId": agent_id, "version": version})
        config: dict[str, Any] = json.loads(row["config"]) if row else {}
        return config

    def _set_paused(self, agent_id: str, number: int, said: Said, *, paused: bool) -> Alias:
        alias, rollout = self._opened(agent_id, number)
        if rollout.paused == paused:
            return alias
        if problems := said.problems():
            raise Refused(problems)
        noted = {"state": "paused", "pausedAt": iso(said.now)} if paused else self._resumed(agent_id, number, said.now)
        note = self._note(agent_id, number, noted)
        after = replace(alias, rollout=replace(rollout, paused=paused))
        return self._commit(alias, after, said, Step(rollout.candidate, {}, (note,)))

    def _resumed(self, agent_id: str, number: int, now: datetime) -> dict[str, Any]:
        """What a resumed rollout notes: `pausedSeconds` is the length of all its pauses."""
        recorded = self.rollout(agent_id, number) or {}
        pause = now - datetime.fromisoformat(recorded.get("pausedAt", iso(now)))
        return {"state": "open", "pausedSeconds": recorded.get("pausedSeconds", 0) + max(0, int(pause.total_seconds()))}

    def _opened(self, agent_id: str, number: int) -> tuple[Alias, OpenRollout]:
        alias = self.alias(agent_id)
        if alias.rollout is None or alias.rollout.number != number:
            raise Refused([f"rollout {number} of {agent_id} is not open"])
        return alias, alias.rollout

    def _is_this(self, agent_id: str, rollout: OpenRollout, candidate: int, plan: Mapping[str, Any]) -> bool:
        recorded = self.rollout(agent_id, rollout.number)
        return rollout.candidate == candidate and recorded is not None and recorded["plan"] == plan

    def _note(self, agent_id: str, number: int, noted: Mapping[str, Any]) -> Item:
        """An update of a rollout's record; its names stand behind #, because state is a reserved word."""
        return {"Update": {
            "TableName": self._table,
            "Key": to_item(_rollout_key(agent_id, number)),
            "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in noted),
            "ConditionExpression": "attribute_exists(agentId)",
            "ExpressionAttributeNames": {f"#{name}": name for name in noted},
            "ExpressionAttributeValues": to_item({f":{name}": value for name, value in noted.items()}),
        }}  # fmt: skip


def against_open_rollout(alias: Alias) -> list[str]:
    """What an open rollout speaks against: its comparison would lose the version that it compares with."""
    rollout = alias.rollout
    return [f"rollout {rollout.number} of version {rollout.candidate} is open: abort it first"] if rollout else []


def _against_share(share: int) -> list[str]:
    return [] if 1 <= share <= SHARES else [f"a share is from 1 to {SHARES}, not {share}"]


def _standing(status: Status | None) -> str:
    return f"is in status {status}" if status else "is not registered"


def _rollout_key(agent_id: str, number: int) -> dict[str, Any]:
    return {"agentId": f"{agent_id}#rollout", "version": number}
