"""What came of the messages that past cases were used for: counters, and the credit that follows from them.

A table's partition is a tenant's purpose: an item for each case, and one for each arm of customers. Counting is part of
the caller's transaction, which settles a message once; what the counters are worth is weighed apart (`weighing`), and
who ranks passages only reads what is stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal, get_args

from agent_platform import aws, settings
from agent_platform.errors import TransientError
from agent_platform.items import Item, from_item, to_item

type Arm = Literal["retrieved", "held_out"]
ARMS: tuple[Arm, ...] = get_args(Arm.__value__)

_ARM = "arm#"
_COUNTED = ("uses", "good", "harmed")


@dataclass(frozen=True)
class Credit:
    """What a case's similarity is multiplied by (1: average, or unknown), and why it is not used at all, if so."""

    factor: float = 1.0
    quarantined: str | None = None


@dataclass(frozen=True)
class Counted:
    """How many settled messages a case was used for, or an arm's customers got; how many went well, how many harmed."""

    uses: int = 0
    good: int = 0
    harmed: int = 0


@dataclass(frozen=True)
class Ledger:
    """Everything that is counted for a tenant's purpose."""

    cases: Mapping[str, Counted]
    credits: Mapping[str, Credit]
    arms: Mapping[Arm, Counted]


@dataclass(frozen=True)
class _Settings:
    credits_table: str


class Credits:
    """The table of cases' credit."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def counted(
        self,
        tenant: str,
        purpose: str,
        cases: Iterable[str],
        arm: Arm,
        *,
        good: bool,
        harmed: bool,
        before: Mapping[str, Any] | None = None,
    ) -> list[Item]:
        """The transaction items that count one message: for its customer's arm, and for each case it was given.

        The arm is what the customer was assigned to, whether or not a case was found: counting only those with a case
        would compare customers who are alike in nothing else. `before` is what was good and harmed when the same
        message was counted the last time, which this corrects; nothing is counted if nothing changed.
        """
        subjects = [_ARM + arm, *dict.fromkeys(cases)]
        was = (1, int(before["good"]), int(before["harmed"])) if before else (0, 0, 0)
        added = dict(zip(_COUNTED, (1 - was[0], int(good) - was[1], int(harmed) - was[2]), strict=True))
        if not any(added.values()):
            return []
        return [
            {"Update": {
                "TableName": self._table,
                "Key": _key(tenant, purpose, subject),
                "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in _COUNTED),
                "ExpressionAttributeValues": to_item({f":{name}": number for name, number in added.items()}),
            }}
            for subject in subjects
        ]  # fmt: skip

    def of(self, tenant: str, purpose: str, cases: Iterable[str]) -> Mapping[str, Credit]:
        """The credit of each of these cases, by one request; a case that nothing is known of has the average."""
        asked = list(dict.fromkeys(cases))
        if not asked:
            return {}
        keys = [_key(tenant, purpose, case) for case in asked]
        answer = self._dynamodb.batch_get_item(RequestItems={self._table: {"Keys": keys}})
        if answer.get("UnprocessedKeys"):
            # Going on without them might show a case that is in quarantine.
            raise TransientError("BatchGetItem: throttled")
        rows = map(from_item, answer["Responses"].get(self._table, []))
        return dict.fromkeys(asked, Credit()) | {row["subject"]: _credit(row) for row in rows}

    def ledger(self, tenant: str, purpose: str) -> Ledger:
        """Every counter of a tenant's purpose, as of now."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="series = :series",
            ExpressionAttributeValues=to_item({":series": _series(tenant, purpose)}),
        )
        rows = {row["subject"]: row for page in pages for row in map(from_item, page["Items"])}
        cases = {subject: row for subject, row in rows.items() if not subject.startswith(_ARM)}
        return Ledger(
            cases={case: _counted(row) for case, row in cases.items()},
            credits={case: _credit(row) for case, row in cases.items()},
            arms={arm: _counted(rows.get(_ARM + arm, {})) for arm in ARMS},
        )

    def keep(self, tenant: str, purpose: str, case: str, credit: Credit, *, seen: Counted) -> bool:
        """Store a case's credit; False if more was counted since, and so whoever counted weighs it again."""
        return aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=_key(tenant, purpose, case),
            UpdateExpression="SET factor = :factor, quarantined = :quarantined",
            ConditionExpression=" AND ".join(f"{name} = :{name}" for name in _COUNTED),
            ExpressionAttributeValues=to_item(
                {":factor": credit.factor, ":quarantined": credit.quarantined}
                | {f":{name}": number for name, number in asdict(seen).items()}
            ),
        )


def arm_of(status: str | None) -> Arm | None:
    """The arm of a message by what its retrieval came to; None where nothing could be retrieved for anybody."""
    if status in (None, "not_configured"):
        return None
    return "held_out" if status == "held_out" else "retrieved"


def _series(tenant: str, purpose: str) -> str:
    return f"{tenant}#{purpose}"


def _key(tenant: str, purpose: str, subject: str) -> Item:
    return to_item({"series": _series(tenant, purpose), "subject": subject})


def _credit(row: Mapping[str, Any]) -> Credit:
    return Credit(float(row.get("factor", 1.0)), row.get("quarantined"))


def _counted(row: Mapping[str, Any]) -> Counted:
    return Counted(*(row.get(name, 0) for name in _COUNTED))


@cache
def case_credits() -> Credits:
    """The stack's credits, as the function's environment names them."""
    return Credits(table=settings.read(_Settings).credits_table, dynamodb=aws.client("dynamodb"))
