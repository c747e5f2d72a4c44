"""Amazon Bedrock Guardrails as a second layer, where one is configured: it reads what a model wrote, after our own.

Asked by ApplyGuardrail and not within Converse: there a guard that fails can't be told from a model that fails, and
one that blocks puts words of its own in the draft's place. Shapes as the API reference has them (2026).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, settings
from agent_platform.guardrails.checks import Check, Guard, unguarded
from agent_platform.guardrails.prices import cost_of

OFF = "off"


@dataclass(frozen=True)
class _Settings:
    guardrail: str
    guardrail_version: str


def configured_guard(*, metered: Callable[[Guard], AbstractContextManager[Guard]]) -> AbstractContextManager[Guard]:
    """The guardrail that this stack has, as `metered` has somebody pay for it; one that allows everything if none."""
    declared = settings.read(_Settings)
    if declared.guardrail == OFF:
        return nullcontext(unguarded)
    return metered(partial(check, guardrail=declared.guardrail, version=declared.guardrail_version,
                           client=aws.client("bedrock-runtime")))  # fmt: skip


def check(text: str, *, guardrail: str, version: str, client: Any) -> Check:
    """What the guardrail says of a model's text; no exception: who can't say neither blocks nor allows."""
    try:
        answer = client.apply_guardrail(
            guardrailIdentifier=guardrail, guardrailVersion=version, source="OUTPUT", content=[{"text": {"text": text}}]
        )
    except ClientError as error:
        return Check("error", aws.code_of(error))
    except BotoCoreError as error:
        # Whether it read the text before the connection was lost, only the bill says.
        return Check("error", type(error).__name__, None)
    cost = cost_of(answer["usage"]) if "usage" in answer else None
    match answer.get("action"):
        case "NONE":
            return Check("allow", "", cost)
        case "GUARDRAIL_INTERVENED":
            found = ", ".join(sorted(set(_categories(answer.get("assessments", [])))))
            return Check("block", found or "unnamed", cost)
    return Check("error", "an answer of another shape", cost)


def _categories(assessments: list[Mapping[str, Any]]) -> Iterator[str]:
    """The policy and the kind of each thing that was found; never the words themselves, which may be personal."""
    for assessment in assessments:
        for policy, found in assessment.items():
            if not policy.endswith("Policy"):
                continue
            for entries in found.values():
                yield from (f"{policy} {each.get('type', 'listed')}" for each in entries)
