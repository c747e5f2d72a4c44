"""Answers of a model that are not, or only just, what it was asked for; each under its name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from agent_platform.inference.completions import Completion

from tests.fakes import completion

type Role = Literal["writer", "judge"]
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Shape:
    """One answer, and whether it may be read as it is."""

    name: str
    answer: Completion
    readable: bool


def shapes(role: Role, good: dict[str, Any]) -> list[Shape]:
    """Every shape for a writer or a judge whose good answer this is."""
    texts = [Shape(name, completion(text), readable=False) for name, text in _unreadable_texts(good).items()]
    texts += [Shape(name, completion(text), readable=True) for name, text in _readable_texts(good).items()]
    inputs = _inputs_of_writer(good) if role == "writer" else _inputs_of_judge(good)
    by_tool = [Shape(f"tool: {name}", completion(tool_input=value), readable) for name, value, readable in inputs]
    return [*texts, *by_tool, *_stops()]


def _stops() -> Iterator[Shape]:
    for reason in ("malformed_model_output", "malformed_tool_use"):
        yield Shape(reason, completion('{"subject": "A thank-', stop_reason=reason), readable=False)
    yield Shape("tool: none, no text", completion("", stop_reason="tool_use"), readable=False)


def _unreadable_texts(good: dict[str, Any]) -> dict[str, str]:
    whole = json.dumps(good)
    first = next(iter(good))
    other = json.dumps(good | {first: "Something else"}) if isinstance(good[first], str) else whole.replace(" 5", " 4")
    return {
        "empty": "",
        "blank": " \n\t ",
        "prose": "Sure! I would be happy to help with that.",
        "apology": "I'm sorry, but I can't help with this message.",
        "cut at a quarter": whole[: len(whole) // 4],
        "cut at half": whole[: len(whole) // 2],
        "cut before its last character": whole[:-1],
        "cut in a fence": f"Here you are:\n```json\n{whole[: len(whole) // 2]}",
        "single quotes": repr(good).replace('"', "'"),
        "a comma too much": whole[:-1] + ",}",
        "keys without quotes": whole.replace(f'"{first}"', first),
        "a comment in it": whole.replace("{", "{ // the answer\n", 1),
        "the answer in a key": json.dumps({"answer": good}),
        "JSON in a JSON text": json.dumps(whole),
        "two different answers": f"{whole}\nor rather\n{other}",
        "a key twice": whole[:-1] + f", {json.dumps(first)}: null}}",
        "NaN": whole[:-1] + ', "confidence": NaN}',
        "Infinity": whole[:-1] + ', "confidence": -Infinity}',
        "null": "null",
        "true": "true",
        "a number": "5",
        "an empty list": "[]",
        "an empty object": "{}",
        "an object in an object in …": '{"a":' * 50_000,
        "keys in capitals": json.dumps({key.upper(): value for key, value in good.items()}),
        "every value null": json.dumps(dict.fromkeys(good)),
        "every value a number": json.dumps(dict.fromkeys(good, 5)),
        "every value a list": json.dumps({key: [7] for key in good}),
        "every value blank": json.dumps(dict.fromkeys(good, " \u0007 ")),
        "the schema": json.dumps({"type": "object", "properties": {key: {"type": "string"} for key in good}}),
        "copied alternatives": whole.replace(json.dumps(good[first]), '"pass"|"fail"', 1),
        "a tool call in words": f'<tool_call>{json.dumps({"name": "a_tool", "arguments": good})}</tool_call>',
        "YAML": "\n".join(f"{key}: {value}" for key, value in good.items()),
        "XML": "".join(f"<{key}>{value}</{key}>" for key, value in good.items()).replace("{", "(").replace('"', ""),
        "an e-mail as it is sent": "Subject: A thank-you\n\nHello,\n\nthank you for your trust.\n\nDana",
        "a megabyte of words": "thank you " * (_MEGABYTE // 10),
        "a megabyte of braces": "{" * _MEGABYTE,
        "a megabyte of quoted braces": '{"' * (_MEGABYTE // 2),
        "a megabyte of escaped quotes": '{"' + '\\"{' * (_MEGABYTE // 3),
        "a megabyte in a value": json.dumps(good | {first: "thank you " * (_MEGABYTE // 10)}),
        "a megabyte of brackets": '{"a":' + "[" * _MEGABYTE,
    }  # fmt: skip


def _readable_texts(good: dict[str, Any]) -> dict[str, str]:
    whole = json.dumps(good)
    return {
        "JSON alone": whole,
        "JSON in a fence": f"```json\n{whole}\n```",
        "JSON in a fence that stays open": f"```\n{whole}",
        "prose before": f"Here is what you asked for, with {{{{slots}}}}:\n\n{whole}",
        "prose after": f"{whole}\n\nI hope this helps!",
        "a byte order mark": f"\ufeff{whole}",
        "raw line breaks in a text": whole.replace("\\n", "\n"),
        "the same answer twice": f"{whole}\n\n{whole}",
        "keys that nobody asked for": json.dumps(good | {"confidence": 0.97, "notes": ["none"]}),
        "in a list": f"[{whole}]",
    }


def _inputs_of_writer(good: dict[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    yield "empty", {}, False
    yield "in a key", {"email": good}, False
    for part in good:
        yield f"no {part}", {key: value for key, value in good.items() if key != part}, False
        for value in (None, 5, True, [], ["Hello"], {"text": "Hello"}, "", " \n", "\u0000\u0007"):
            yield f"{part} is {json.dumps(value)}", good | {part: value}, False
        yield f"{part} is a megabyte", good | {part: "a " * (_MEGABYTE // 2)}, False
    yield "a lone surrogate", good | {"subject": "A thank-you \ud800"}, True
    yield "control characters", good | {"subject": "A\u0000 thank-you\r\n\u0085Bcc: x"}, True
    yield "further keys", good | {"language": "en"}, True


def _inputs_of_judge(good: dict[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    entries = good["scores"]

    def with_first(**changes: Any) -> dict[str, Any]:
        return {"scores": [entries[0] | changes, *entries[1:]]}

    for score in (11, 0, -1, 6, 4.5, "5", "4/5", True, False, None, [5], {"value": 5}, 10**400,
                  float("nan"), float("inf"), float("-inf")):  # fmt: skip
        yield f"score {str(score)[:12]}", with_first(score=score), False
    for reason in (None, 5, "", " \u0007", ["good"], "a " * (_MEGABYTE // 2)):
        yield f"reason {str(reason)[:12]!r}", with_first(reason=reason), False
    for criterion in (None, 5, "charm", "ACCURACY", ["accuracy"], {"name": "accuracy"}):
        yield f"criterion {criterion}", with_first(criterion=criterion), False
    yield "empty", {}, False
    yield "no scores", {"scores": []}, False
    yield "scores by criterion", {"scores": {entry["criterion"]: entry["score"] for entry in entries}}, False
    yield "scores as numbers", {"scores": [5, 5, 5, 5, 5]}, False
    yield "scores as a text", {"scores": json.dumps(entries)}, False
    yield "a criterion twice", {"scores": [*entries, entries[0]]}, False
    yield "one in another's place", {"scores": [*entries[:4], entries[0]]}, False
    yield "a criterion missing", {"scores": entries[1:]}, False
    yield "a verdict instead", {"approved": True, "score": 5}, False
    yield "another order", {"scores": entries[::-1]}, True
    yield "5.0", with_first(score=5.0), True
    yield "an approval beside", good | {"approved": True}, True


def text_is_wireable(shape: Shape) -> bool:
    """Whether the wire server can be told to answer so: with a text that isn't empty, and no tool."""
    return shape.answer.tool_input is None and shape.answer.stop_reason == "end_turn" and shape.answer.text != ""
