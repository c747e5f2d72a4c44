"""What the guardrail of Bedrock adds to a message where it is on, by the recorded run's draft and dated prices."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal

from agent_platform.guardrails.prices import cost_of, price_list, text_units

from operations.message_cost import RECORDED_RUN
from operations.stack import ROOT

# The units of an answer by what the template's guardrail has; words are billed, too, at nothing.
_UNITS = {
    "ContentPolicyConfig": "contentPolicyUnits",
    "SensitiveInformationPolicyConfig": "sensitiveInformationPolicyUnits",
    "WordPolicyConfig": "wordPolicyUnits",
    "TopicPolicyConfig": "topicPolicyUnits",
    "ContextualGroundingPolicyConfig": "contextualGroundingPolicyUnits",
}


@dataclass(frozen=True)
class Checked:
    """What a check of the recorded run's draft takes, and its cost in USD."""

    units: int
    price: str
    dated: str
    source: str
    cost: Decimal


def check_of_a_draft() -> Checked:
    """The check of one draft; KeyError for a policy of the template that has no price."""
    best = json.loads(RECORDED_RUN.read_text())["verdict"]["best"]
    units = text_units(len("\n\n".join(best[part] for part in ("subject", "body", "call_to_action"))))
    prices, told = price_list(), {_UNITS[policy]: units for policy in policies()}
    cost = cost_of(told)
    if cost is None:
        raise KeyError(f"no price for one of {', '.join(told)} in guardrails/prices.json")
    price = sum((Decimal(prices["prices"][kind]) for kind in told), Decimal(0))
    return Checked(units, f"${price}", prices["dated"], prices["source"], Decimal(cost) / 1_000_000)


def policies() -> list[str]:
    """The policies of the template's guardrail, each of which reads the whole text."""
    [guardrail] = re.findall(
        r"^ +Type: AWS::Bedrock::Guardrail$(.*?)(?=^ *Type: AWS::)", (ROOT / "template.yaml").read_text(), re.M | re.S
    )
    return re.findall(r"\b(\w+PolicyConfig):", guardrail)
