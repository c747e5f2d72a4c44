"""Amazon Bedrock Guardrails as a second layer, where one is configured: it reads what a model wrote, after our own.

Asked by ApplyGuardrail and not within Converse: there a guard that fails can't be told from a model that fails, and
one that blocks puts words of its own in the draft's place. Shapes as the API reference has them (2026).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, settings
from agent_platform.guardrails.checks import Check, Guard, unguarded

OFF = "off"


@dataclass(frozen=True)
class _Settings:
    guardrail: str
    guardrail_version: str


def configured_guard() -> Guard:
    """The guardrail that this stack has; one that allows everything if it has none."""
    declared = settings.read(_Settings)
    if declared.guardrail == OFF:
        return unguarded
    return partial(check, guardrail=declared.guardrail, version=declared.guardrail_version,
                   client=aws.client("bedrock-runtime"))  # fmt: skip


def check(text: str, *, guardrail: str, version: str, client: Any) -> Check:
    """What the guardrail says of a model's text; no exception: who can't say neither blocks nor allows."""
    try:
        answer = client.apply_guardrail(
            guardrailIdentifier=guardrail, guardrailVersion=version, source="OUTPUT", content=[{"text": {"text": text}}]
        )
    except ClientError as error:
        return Check("error", aws.code_of(error))
    except BotoCoreError as error:
        return Check("error", type(error).__name__)
    match answer.get("action"):
        case "NONE":
            return Check("allow")
        case "GUARDRAIL_INTERVENED":
            return Check("block", ", ".join(sorted(set(_categories(answer.get("assessments", []))))) or "unnamed")
    return Check("error", "an answer of another shape")


def _categories(assessments: list[Mapping[str, Any]]) -> Iterator[str]:
    """The policy and the kind of each thing that was found; never the words themselves, which may be personal."""
    for assessment in assessments:
        for policy, found in assessment.items():
            if not policy.endswith("Policy"):
                continue
            for entries in found.values():
                yield from (f"{policy} {each.get('type', 'listed')}" for each in entries)
