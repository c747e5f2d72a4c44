"""What a version's content must be: every problem is listed, and a hash stands for all that decides its behaviour."""

import hashlib
import json
from collections.abc import Collection, Mapping
from string import Template
from typing import Any

from agent_platform.inference.prices import context_tokens, foundation_model, is_priced
from agent_platform.patterns import lazy_pattern
from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.metrics import metric_problems
from agent_platform.registry.review_policies import review_problems

DEFAULT_ATTEMPTS = 3
_NAME = lazy_pattern(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
# Few texts have longer tokens: what is too long by this measure is too long.
_BYTES_PER_TOKEN = 4
_LABEL = lazy_pattern(r"[\w .,:+-]{0,60}")
_SLOT = lazy_pattern(r"\{\{\s*([\w.]+)\s*\}\}")


def content_hash(config: Mapping[str, Any], prompt: str) -> str:
    """The hash of all that decides an agent's behaviour."""
    return hashlib.sha256(json.dumps([config, prompt], sort_keys=True).encode()).hexdigest()


def problems_of(
    config: Mapping[str, Any],
    prompt: str,
    *,
    allowed_models: Collection[str],
    manifest: Mapping[str, Any] | None = None,
    owner: str = PLATFORM,
    label: str = "",
) -> list[str]:
    """Everything that speaks against registering this content, each as what is wrong and what would be right.

    A workflow's manifest says which slots there are and, by role, which prompt variables there are and must be used;
    an empty one is that of a workflow which isn't there, and without one the words of the prompt are not checked.
    """
    inference = config.get("inference")
    return [
        *_naming_problems(config, owner, label),
        *_model_problems(str(config.get("model", "")), allowed_models),
        *(_inference_problems(inference) if isinstance(inference, Mapping) else ["inference must be an object"]),
        *_sampling_problems(config, inference),
        *_role_problems(config),
        *_shape_problems(config),
        *_prompt_problems(config, prompt),
        *([] if manifest is None else _vocabulary_problems(config, prompt, manifest)),
    ]


def _naming_problems(config: Mapping[str, Any], owner: str, label: str) -> list[str]:
    problems = [f"config.json has no {name}" for name in ("agent", "model") if not config.get(name)]
    # Both are parts of keys, which have # between their parts.
    for what, name in (("agent", config.get("agent") or "none"), ("owner", owner)):
        if not _NAME.fullmatch(str(name)):
            problems.append(f"{what} must be a name of a-z, 0-9 and -, at most 60 characters")
    if not _LABEL.fullmatch(label):
        problems.append("label may have letters, digits, spaces and . , : + - _, at most 60")
    return problems


def _model_problems(model: str, allowed_models: Collection[str]) -> list[str]:
    problems = []
    if model and not is_priced(model):
        problems.append(f"model {model} has no price in inference/prices.json")
    if model and foundation_model(model) not in allowed_models:
        problems.append(f"model {model} is not among AllowedModels ({', '.join(sorted(allowed_models))})")
    return problems


def _sampling_problems(config: Mapping[str, Any], inference: Any) -> list[str]:
    # Bedrock refuses both for Anthropic's newer models, with a ValidationException at every call.
    if "anthropic." in str(config.get("model")) and {"temperature", "top_p"} <= set(inference or ()):
        return ["inference may have temperature or top_p for an Anthropic model, not both"]
    return []


def _shape_problems(config: Mapping[str, Any]) -> list[str]:
    problems = []
    if config.get("output", "tool") not in {"tool", "json"}:
        problems.append("output must be tool or json")
    slots = config.get("required_slots", {})
    if not (isinstance(slots, Mapping) and all(_is_texts(each) for each in slots.values())):
        problems.append("required_slots must list slots for each purpose")
    return problems + metric_problems(config.get("metrics", [])) + review_problems(config)


def _prompt_problems(config: Mapping[str, Any], prompt: str) -> list[str]:
    problems = []
    if not prompt.strip():
        problems.append("prompt.md is empty")
    if not Template(prompt).is_valid():
        problems.append("prompt.md has a $ that starts no variable: write $$ for a dollar sign")
    model, tokens = str(config.get("model", "")), len(prompt.encode()) // _BYTES_PER_TOKEN
    if is_priced(model) and tokens > context_tokens(model):
        problems.append(f"prompt.md has about {tokens} tokens, and {model} takes {context_tokens(model)}")
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
                *([] if isinstance(config.get("claims", False), bool) else ["claims must be true or false"]),
            ]
        case _:
            return ["role must be writer or judge"]


def _vocabulary_problems(config: Mapping[str, Any], prompt: str, manifest: Mapping[str, Any]) -> list[str]:
    if not manifest:
        return [f"workflow {config.get('workflow')!r} is not deployed: its manifest isn't there"]
    role, used = config.get("role"), set(Template(prompt).get_identifiers())
    variables = manifest["prompt_variables"].get(role, [])
    slots = [each for each in _values(config.get("required_slots")) if _is_texts(each)]
    required = {slot for each in slots for slot in each}
    unknown = {
        "prompt.md has an unknown variable": (used - set(variables), variables),
        "prompt.md has an unknown slot": (set(_SLOT.findall(prompt)) - set(manifest["slots"]), manifest["slots"]),
        "required_slots has an unknown slot": (required - set(manifest["slots"]), manifest["slots"]),
    }
    problems = [
        f"{what}: {', '.join(sorted(names))} (there are: {', '.join(known)})"
        for what, (names, known) in unknown.items()
        if names
    ]
    missing = set(manifest.get("required_variables", {}).get(role, [])) - used
    return problems + [f"prompt.md doesn't use the variable {name}" for name in sorted(missing)]


def _values(of: Any) -> list[Any]:
    return list(of.values()) if isinstance(of, Mapping) else []


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_score(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 5


def _rubric_problems(rubric: Any) -> list[str]:
    entries = rubric if isinstance(rubric, list) else []
    whole = all(isinstance(entry, dict) and {"criterion", "question", "anchors"} <= entry.keys() for entry in entries)
    return [] if entries and whole else ["rubric must list criteria, each with criterion, question and anchors"]
