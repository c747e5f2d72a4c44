"""What is wrong with an event, said without repeating anything that stands in it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """Where (a JSON pointer) and what is expected there, in words."""

    pointer: str
    expected: str
