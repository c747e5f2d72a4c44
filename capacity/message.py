"""What one message takes on its way, in the units that limits are counted in."""

import json
from dataclasses import dataclass
from functools import cached_property

from capacity.inputs import Demand, assumptions, demand
from operations.message_cost import SECONDS_OF_A_MODEL, Call, Quantities, recorded_calls
from operations.stack import ROOT

STATES = ("Validate", "Enrich", "Retrieve", "Generate", "Judge", "Store")
MODELS = {"Generate": "writer", "Judge": "judge"}
_EVENT = ROOT / "events" / "ingest" / "receive_webhook.json"
_STARTER = "OutreachStartExecutionFunction"


@dataclass(frozen=True)
class Message:
    """The message of docs/costs.md, with the rewrites that are assumed."""

    took: Quantities
    calls: dict[str, Call]
    demand: Demand

    @classmethod
    def recorded(cls) -> "Message":
        """As the repository's measurements say."""
        return cls(Quantities.recorded(), {call.role: call for call in recorded_calls()}, demand())

    def seconds(self, *functions: str) -> float:
        """How long functions run, models apart, by the assumption of docs/costs.md."""
        return float(sum(Quantities({name: self.took.functions[name]}, 0, 0).seconds for name in functions))

    def batch_seconds(self, batch: int, function: str = _STARTER) -> float:
        """How long a starter, or another function, takes for a batch: its invocation once, its calls for each event."""
        one = self.seconds(function)
        calls = one - float(Quantities({function: self.took.functions[function] | {"calls": {}}}, 0, 0).seconds)
        return one + (batch - 1) * calls

    def tokens(self, role: str) -> float:
        """The tokens of all calls of the writer or the judge, read and written."""
        call = self.calls[role]
        return self.demand.calls * (call.input_tokens + call.output_tokens)

    @cached_property
    def event_bytes(self) -> int:
        """How long a CRM's event is: the recorded one, as it was posted."""
        return len(json.loads(_EVENT.read_text())["body"].encode())

    @cached_property
    def model_seconds(self) -> float:
        """How long functions wait for models."""
        return float(SECONDS_OF_A_MODEL) * len(self.calls) * self.demand.calls

    @cached_property
    def work_seconds(self) -> float:
        """How long the six states' functions run, models included."""
        once = [state for state in STATES if state not in MODELS]
        again = self.demand.calls * self.seconds(*map(function_of, MODELS))
        return self.seconds(*map(function_of, once)) + again + self.model_seconds

    @cached_property
    def open_seconds(self) -> float:
        """How long its run is open when nothing makes it wait."""
        return self.work_seconds + self.transitions * float(assumptions()["times"]["transition_seconds"])

    @cached_property
    def transitions(self) -> float:
        """Transitions of its run; a rewrite goes through Generate, Judge and the Choice once more."""
        return self.took.transitions + 3 * self.demand.rewritten


def function_of(state: str) -> str:
    """The function behind a state, by its name in template.yaml."""
    return f"Outreach{state}Function"
