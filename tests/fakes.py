"""Stand-ins with the behaviour of what they stand in for."""

from collections import deque
from copy import deepcopy
from itertools import cycle
from typing import Any

from agent_platform.inference.completions import Completion, Tool


def completion(
    text: str = "", *, tool_input: dict[str, Any] | None = None, stop_reason: str | None = None, **usage: int
) -> Completion:
    """What `converse` gives back: 100 tokens in, 50 out, 700 ms and 30 millionths of a dollar unless said otherwise."""
    usual = {"input_tokens": 100, "output_tokens": 50, "latency_ms": 700, "cost_micros": 30}
    reason = stop_reason or ("end_turn" if tool_input is None else "tool_use")
    return Completion(text=text, tool_input=tool_input, stop_reason=reason, model="a-model", **usual | usage)


class ScriptedConverse:
    """`converse` that gives its answers in order and raises those that are exceptions; `calls` has every request.

    It refuses what Converse refuses (blank texts, turns out of order, no limit of tokens) and a call beyond the script.
    """

    def __init__(self, *answers: Completion | Exception) -> None:
        self._answers = deque(answers)
        self.calls: list[dict[str, Any]] = []

    def __call__(
        self,
        *,
        model: str,
        system: str,
        messages: list[dict[str, Any]],
        inference: dict[str, Any],
        tool: Tool | None = None,
    ) -> Completion:
        request = {"model": model, "system": system, "messages": messages, "inference": inference, "tool": tool}
        self.calls.append(deepcopy(request))
        _refuse_what_converse_refuses(system, messages, inference)
        assert self._answers, f"call {len(self.calls)} is not in the script"
        answer = self._answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        assert tool or answer.tool_input is None, "a model that was given no tool can't use one"
        return answer

    def texts(self, call: int = -1) -> list[str]:
        """The texts of one call's messages, in order."""
        return [block["text"] for message in self.calls[call]["messages"] for block in message["content"]]


def _refuse_what_converse_refuses(system: str, messages: list[dict[str, Any]], inference: dict[str, Any]) -> None:
    roles = [message["role"] for message in messages]
    assert roles == [role for role, _ in zip(cycle(["user", "assistant"]), roles, strict=False)], roles
    assert roles[-1] == "user", roles
    assert system.strip()
    assert all(block["text"].strip() for message in messages for block in message["content"])
    assert isinstance(inference["max_tokens"], int)
