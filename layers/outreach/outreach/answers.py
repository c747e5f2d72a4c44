"""What real models answer, read into one agreed shape: by tool, as JSON in a fence, in prose, or malformed.

A repair that fails in passing is the state's failure: the state machine asks again, from the beginning. Asking for the
repair alone would save nothing, since a repair request carries the first one and the unusable answer with it; a fresh
answer is mostly in shape; and to give the run up as malformed would lose it to a moment's throttling. What the
abandoned answer cost stands in the error, and so in the execution's history and in the log; nothing else would know.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from agent_platform.errors import MalformedOutput, TransientError
from agent_platform.guardrails.canary import tells
from agent_platform.inference.completions import Completion, Tool
from agent_platform.inference.metering import Converse
from agent_platform.patterns import lazy_pattern
from agent_platform.registry.versions import AgentVersion

from outreach.briefing import Briefing
from outreach.contracts import Usage

_MALFORMED = frozenset({"malformed_model_output", "malformed_tool_use"})
# What the model is shown of its unusable answer: enough to mend it, not enough to pay for a loop twice.
_SHOWN_CHARACTERS = 4_000
# Far above what any max_tokens lets through. The decoder counts the lines up to every error, so that the time for
# a text of nothing but braces grows with the square of its length.
_READ_CHARACTERS = 50_000
# Tabs and line breaks are text; other control characters only break what displays or sends it.
_CONTROL = lazy_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class NotInShape(Exception):  # noqa: N818 - an outcome of reading, answered by a repair request
    """The answer can't be used; the message says what is wrong in words for the model that gave it."""


@dataclass(frozen=True)
class Answer[T]:
    """An answer in shape, what it took, and whether it had to be asked for twice.

    `leaked` says that the model told what only the system prompt says, in the answer or beside it.
    """

    value: T
    usage: Usage
    repaired: bool
    leaked: bool = False


def ask[T](
    agent: AgentVersion, *, told: Briefing, tool: Tool, read: Callable[[Any], T], converse: Converse
) -> Answer[T]:
    """Ask for an answer that `read` accepts (it raises NotInShape), and once more if the first isn't one.

    Raises MalformedOutput if the second isn't one either; what `converse` raises passes, a TransientError of the second
    call with what the first one cost.
    """
    by_tool = agent.config.get("output", "tool") == "tool"
    inference, offered = dict(agent.config["inference"]), tool if by_tool else None
    call = partial(converse, model=agent.model, system=told.system, inference=inference, tool=offered)
    asked = [_turn("user", told.message if by_tool else f"{told.message}\n\n{_shape_in_words(tool)}")]
    first = call(messages=asked)
    try:
        return Answer(_read(first, read), _usage([first]), repaired=False, leaked=_leaks(first, told))
    except NotInShape as problem:
        repair = _repair(first, problem, tool, by_tool=by_tool)
    try:
        second = call(messages=[*asked, *repair])
    except TransientError as error:
        raise TransientError(f"{error}, in the repair of an answer that cost {_cost([first])}") from None
    both = [first, second]
    try:
        return Answer(_read(second, read), _usage(both), repaired=True, leaked=_leaks(second, told))
    except NotInShape as problem:
        what = f"{agent.name} version {agent.version}: {problem}, asked twice for {_cost(both)}"
        raise MalformedOutput(what) from None


def clean_text(value: Any, name: str, *, most: int) -> str:
    """A text that isn't blank, without control characters; NotInShape if it is none or has too many characters."""
    if not isinstance(value, str):
        raise NotInShape(f"{name} must be a text")
    # A lone surrogate is legal in JSON but can't be stored or sent as UTF-8.
    text = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).encode("utf-8", "replace").decode().strip()
    if not text:
        raise NotInShape(f"{name} must not be empty")
    if len(text) > most:
        raise NotInShape(f"{name} must have at most {most} characters")
    return text


def _leaks(completion: Completion, told: Briefing) -> bool:
    return tells("\n".join([completion.text, *_texts_in(completion.tool_input)]), told.canary)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)


def _read[T](completion: Completion, read: Callable[[Any], T]) -> T:
    """The one answer in the completion: the tool's input if it is in shape, else what the text holds."""
    if completion.stop_reason in _MALFORMED:
        raise NotInShape("the answer was malformed")
    if completion.tool_input is None:
        return _only(_objects(completion.text), read)
    try:
        return read(completion.tool_input)
    except NotInShape as problem:
        try:
            return _only(_objects(completion.text), read)
        except NotInShape:
            # What is wrong with the tool's input helps more than that the words beside it are no answer either.
            raise problem from None


def _only[T](objects: list[Any], read: Callable[[Any], T]) -> T:
    if not objects:
        raise NotInShape("there is no JSON object in the answer")
    values: list[T] = []
    problems: list[NotInShape] = []
    for candidate in objects:
        try:
            value = read(candidate)
        except NotInShape as problem:
            problems.append(problem)
        else:
            values += [value] if value not in values else []
    if len(values) > 1:
        # Which of them is meant nobody can tell: one may be quoted from the data.
        raise NotInShape("there are several different answers")
    if not values:
        raise problems[0]
    return values[0]


def _objects(text: str) -> list[Any]:
    """The outermost JSON objects in a text, whatever stands around them; raw newlines in strings are accepted."""
    if len(text) > _READ_CHARACTERS:
        raise NotInShape(f"the answer has more than {_READ_CHARACTERS} characters")
    found: list[Any] = []
    start = text.find("{")
    while start >= 0:
        try:
            value, end = _DECODER.raw_decode(text, start)
            found.append(value)
        except json.JSONDecodeError as error:
            # Behind what was read, not inside it: a part of a broken object is not the answer.
            end = max(error.pos, start + 1)
        except RecursionError:
            raise NotInShape("the JSON is nested too deeply") from None
        start = text.find("{", end)
    return found


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise NotInShape("the JSON has a key twice")
    return made


def _no_constant(_: str) -> Any:
    raise NotInShape("NaN and Infinity are no JSON")


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_unique_keys, parse_constant=_no_constant)


def _repair(completion: Completion, problem: NotInShape, tool: Tool, *, by_tool: bool) -> list[dict[str, Any]]:
    """The model's answer as text (a tool's use would have to be followed by its result), and what is wrong with it."""
    used = json.dumps(completion.tool_input, ensure_ascii=False) if completion.tool_input is not None else ""
    shown = (used or completion.text.strip())[:_SHOWN_CHARACTERS].strip() or "(no answer)"
    again = f"Use the tool {tool.name} once more, with the whole answer." if by_tool else _shape_in_words(tool)
    return [_turn("assistant", shown), _turn("user", f"That answer can't be used: {problem}. {again}")]


def _shape_in_words(tool: Tool) -> str:
    schema = json.dumps(tool.schema, separators=(",", ":"))
    return f"Answer with one JSON object and nothing else: no code fence, no comment. Its JSON Schema is {schema}"


def _turn(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": [{"text": text}]}


def _cost(completions: list[Completion]) -> str:
    usage = _usage(completions)
    tokens = f"{usage['input_tokens']} + {usage['output_tokens']} tokens"
    return f"{tokens} ({usage['cost_micros']} millionths of a dollar)"


def _usage(completions: list[Completion]) -> Usage:
    return {
        "model": completions[-1].model,
        "input_tokens": sum(completion.input_tokens for completion in completions),
        "output_tokens": sum(completion.output_tokens for completion in completions),
        "cost_micros": sum(completion.cost_micros for completion in completions),
        "latency_ms": sum(completion.latency_ms for completion in completions),
        "calls": len(completions),
    }
