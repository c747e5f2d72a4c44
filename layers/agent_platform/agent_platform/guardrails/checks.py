"""What a second guard says of a text: allow, block with a category, or error, which is neither."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Check:
    """One answer: `what` is the category of a block, or the error's name; nothing of an allowed text.

    `cost_micros` is what it is billed for, in millionths of a USD; None if nobody knows.
    """

    result: Literal["allow", "block", "error"]
    what: str = ""
    cost_micros: int | None = 0


type Guard = Callable[[str], Check]


def unguarded(_: str) -> Check:
    """The guard of who has no second one."""
    return Check("allow")
