"""The desk as the script asks it: by the functions behind the API, in the name of who sits at the terminal."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from operations.stack import Stack
from operations.terminal import Problem


class NotTaken(Exception):  # noqa: N818 - an answer to the page, which shows the reasons
    """A decision that can't be taken as it is; `problems` has every reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True)
class Desk:
    """A company's desk, for one reviewer."""

    stack: Stack
    tenant: str
    reviewer: str

    def next(self) -> dict[str, Any] | None:
        """The message that waits the longest, in this person's hands from now on; None if none does."""
        return self._ask("OutreachNextReview")

    def decide(self, message_id: str, decision: dict[str, Any]) -> dict[str, Any]:
        """Give a decision; NotTaken has what speaks against it."""
        answer = self._ask("OutreachDecideReview", id=message_id, decision=decision)
        if answer is None:
            raise Problem("The desk gave no answer to a decision. Give it again")
        return answer

    def _ask(self, function: str, **asked: Any) -> dict[str, Any] | None:
        payload = json.dumps({"tenant": self.tenant, "reviewer": self.reviewer, **asked}).encode()
        invoked = self.stack.client("lambda").invoke(FunctionName=self.stack.outputs[function], Payload=payload)
        answer = json.loads(invoked["Payload"].read())
        if invoked.get("FunctionError"):
            raise Problem(f"{self.stack.outputs[function]} failed: {answer.get('errorType')}")
        body: dict[str, Any] | None = json.loads(answer["body"]) if answer["body"] else None
        if body and answer["statusCode"] == HTTPStatus.CONFLICT:
            raise NotTaken(body["problems"])
        if body and answer["statusCode"] >= HTTPStatus.BAD_REQUEST:
            raise Problem(str(body["detail"]))
        return body
