"""Regular expressions that are compiled when they are first used, so that a cold start pays for none that it skips."""

import re
from typing import Any, cast


def lazy_pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, compiled at the first question to it; one that can't be compiled is told then."""
    return cast("re.Pattern[str]", _Lazy(expression, flags))


class _Lazy:
    """What a pattern answers; each answer of the compiled one is kept as an attribute, so that it is asked for once."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern = expression
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        answer = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, answer)
        return answer
