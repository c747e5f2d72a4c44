"""The events of the demo: what each CRM sends, what goes wrong on the way, and what must come of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from operations.events import sample

Outcome = Literal["approved", "rejected", "pending_review", "skipped", "refused", "duplicate", "failed", "noted"]


@dataclass(frozen=True)
class Scenario:
    """One event: the sample it is made from, the service it is about, and what is expected of it.

    `expected` must happen with the offline model; with another model, where it depends on the model, any stored
    outcome will do. `attempts` is the least number of drafts, `faults` go to the model's control endpoint first.
    """

    name: str
    sample: str
    expected: Outcome
    reason: str = ""
    attempts: int = 1
    service: str | None = None
    faults: tuple[dict[str, Any], ...] = ()
    forged: bool = False
    repeats: str | None = None

    @property
    def depends_on_model(self) -> bool:
        """Whether another model may come to another stored outcome."""
        return self.expected in {"approved", "pending_review", "rejected"}


# Services that no catalogue has: a prompt names every service of the catalogue, and a fault finds its call by the text.
def _fault(kind: str, service: str, *, times: int) -> tuple[dict[str, Any], ...]:
    return ({"kind": kind, "times": times, "role": "writer", "contains": service},)


SCENARIOS = (
    Scenario("happy customer", "good-referral", "approved"),
    Scenario("asked for by the CRM", "good-upsell", "approved"),
    Scenario("messy data", "messy-data", "approved"),
    Scenario("the first one, again", "good-referral", "duplicate", repeats="happy customer"),
    Scenario("forged signature", "good-referral", "refused", reason="401", forged=True),
    Scenario("breaks the contract", "contract-violation", "refused", reason="422"),
    Scenario("no consent", "no-consent", "skipped", reason="no_consent"),
    Scenario("consent for less", "soft-opt-in", "skipped", reason="consent_not_enough"),
    Scenario("unhappy customer", "unhappy-customer", "skipped", reason="satisfaction_too_low"),
    Scenario("injected comment", "injected-comment", "approved"),
    Scenario("in pounds", "british-pounds", "approved"),
    Scenario("in Spanish", "spanish", "pending_review", reason="waits for a person"),
    Scenario("faulty first draft", "good-referral", "approved", attempts=2, service="hedge trimming",
             faults=_fault("invented_amount", "hedge trimming", times=1)),
    Scenario("never a good draft", "good-referral", "rejected", attempts=3, service="fence painting",
             faults=_fault("invented_amount", "fence painting", times=3)),
    Scenario("model outage", "good-referral", "approved", service="roof washing",
             faults=_fault("throttle", "roof washing", times=2)),
)  # fmt: skip


@dataclass
class Sent:
    """A scenario in one demo: its event's id, what the API said, and later what came of it.

    `first_receipt` is what the API said when this event was sent for the first time.
    """

    scenario: Scenario
    event_id: str
    status: int
    answer: dict[str, Any]
    first_receipt: str | None
    receipt: dict[str, Any] | None = None
    message: dict[str, Any] | None = None


def body_of(scenario: Scenario, *, run: str) -> str:
    """The event's body; its customer is new in every demo, since nobody is written to twice within the interval."""
    event = json.loads(sample(scenario.sample))
    customer = event.get("data", {}).get("customer")
    if isinstance(customer, dict) and "id" in customer:
        customer["id"] = f"{customer['id']}-{scenario.repeats or scenario.name}-{run}".replace(" ", "-")
    if scenario.service:
        event["data"]["service"]["type"] = scenario.service
    return json.dumps(event)


def chosen(count: int) -> Iterator[Scenario]:
    """So many scenarios: these first, then further customers like the happy one."""
    yield from SCENARIOS[:count]
    for number in range(len(SCENARIOS), count):
        yield Scenario(f"happy customer {number + 1}", "good-referral", "approved")
