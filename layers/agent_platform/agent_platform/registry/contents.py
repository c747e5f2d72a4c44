"""What a version's content must be: every problem is listed, and a hash stands for all that decides its behaviour."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from string import Template
from typing import Any

from agent_platform.inference.prices import foundation_model, is_priced

DEFAULT_ATTEMPTS = 3
_MAX_PROMPT_BYTES = 300_000
_SLOT = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def content_hash(config: Mapping[str, Any], prompt: str) -> str:
    """The hash of all that decides an agent's behaviour."""
    return hashlib.sha256(json.dumps([config, prompt], sort_keys=True).encode()).hexdigest()


def problems_of(
    config: Mapping[str, Any],
    prompt: str,
    *,
    allowed_models: Collection[str],
    manifest: Mapping[str, Any] | None = None,
) -> list[str]:
    """Everything that speaks against registering this content, each as what is wrong and what would be right.

    A workflow's manifest says which slots and, by role, which prompt variables there are.
    """
    problems = [f"config.json has no {name}" for name in ("agent", "model", "inference") if name not in config]
    model = str(config.get("model", ""))
    if model and not is_priced(model):
        problems.append(f"model {model} has no price in inference/prices.json")
    if model and foundation_model(model) not in allowed_models:
        problems.append(f"model {model} is not among AllowedModels ({', '.join(sorted(allowed_models))})")
    problems += _inference_problems(config.get("inference", {}))
    # Bedrock refuses both for Anthropic's newer models, with a ValidationException at every call.
    if "anthropic." in model and {"temperature", "top_p"} <= config.get("inference", {}).keys():
        problems.append("inference may have temperature or top_p for an Anthropic model, not both")
    if config.get("output", "tool") not in {"tool", "json"}:
        problems.append("output must be tool or json")
    problems += _role_problems(config)
    problems += _vocabulary_problems(config, prompt, manifest) if manifest else []
    if not prompt.strip():
        problems.append("prompt.md is empty")
    if len(prompt.encode()) > _MAX_PROMPT_BYTES:
        problems.append(f"prompt.md has more than {_MAX_PROMPT_BYTES} bytes")
    if not Template(prompt).is_valid():
        problems.append("prompt.md has a $ that starts no variable: write $$ for a dollar sign")
    return problems


def _inference_problems(inference: Mapping[str, Any]) -> list[str]:
    problems = []
    tokens = inference.get("max_tokens")
    if not (isinstance(tokens, int) and not isinstance(tokens, bool) and 1 <= tokens <= 8192):
        problems.append("inference.max_tokens must be a whole number from 1 to 8192")
    for name in ("temperature", "top_p"):
        value = inference.get(name, 0)
        if not (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1):
            problems.append(f"inference.{name} must be from 0 to 1")
    return problems


def _role_problems(config: Mapping[str, Any]) -> list[str]:
    """What a writer's or a judge's version must say beyond its model: how often it tries, or when it approves."""
    match config.get("role"):
        case "writer":
            attempts = config.get("max_attempts", DEFAULT_ATTEMPTS)
            return [] if attempts in range(1, 6) else ["max_attempts must be a whole number from 1 to 5"]
        case "judge":
            return [
                *(
                    f"{name} must be from 1 to 5"
                    for name in ("threshold", "minimum")
                    if not _is_score(config.get(name))
                ),
                *_rubric_problems(config.get("rubric")),
            ]
        case _:
            return ["role must be writer or judge"]


def _vocabulary_problems(config: Mapping[str, Any], prompt: str, manifest: Mapping[str, Any]) -> list[str]:
    variables = manifest["prompt_variables"].get(config.get("role"), [])
    required = {slot for slots in config.get("required_slots", {}).values() for slot in slots}
    unknown = {
        "prompt.md has an unknown variable": (set(Template(prompt).get_identifiers()) - set(variables), variables),
        "prompt.md has an unknown slot": (set(_SLOT.findall(prompt)) - set(manifest["slots"]), manifest["slots"]),
        "required_slots has an unknown slot": (required - set(manifest["slots"]), manifest["slots"]),
    }
    return [
        f"{what}: {', '.join(sorted(names))} (there are: {', '.join(known)})"
        for what, (names, known) in unknown.items()
        if names
    ]


def _is_score(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 5


def _rubric_problems(rubric: Any) -> list[str]:
    entries = rubric if isinstance(rubric, list) else []
    whole = all(isinstance(entry, dict) and {"criterion", "question", "anchors"} <= entry.keys() for entry in entries)
    return [] if entries and whole else ["rubric must list criteria, each with criterion, question and anchors"]
