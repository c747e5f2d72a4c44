"""A sweep over what is due: bounded, and one thing that fails doesn't stop the others."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from agent_platform import aws, telemetry
from agent_platform.errors import PlatformError

MOST_PER_SWEEP = 2_000


class IncompleteSweepError(PlatformError):
    """Some of what was due could not be worked on; the rest was, and the next sweep tries these again."""


@dataclass
class Swept[Answer: str]:
    """What became of what a sweep looked at, and under which names it failed for others."""

    answers: Counter[Answer] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def complete(self, what: str) -> "Swept[Answer]":
        """Itself; IncompleteSweepError, which counts the problems, if there were any."""
        if self.problems:
            told = ", ".join(f"{name} ({times})" for name, times in self.problems.most_common())
            failed = self.problems.total()
            raise IncompleteSweepError(f"{failed} of {failed + self.answers.total()} {what} failed: {told}")
        return self


def sweep[Each, Answer: str](
    due: Iterable[Each],
    work: Callable[[Each], Answer],
    *,
    may_go_on: Callable[[], bool],
    named: Callable[[Each], dict[str, str]],
    done: str,
    most: int = MOST_PER_SWEEP,
) -> Swept[Answer]:
    """Work once on each that is due, at most so many; the log has `done`, or not done, for each by its name."""
    swept: Swept[Answer] = Swept()
    for each in islice(due, most):
        if not may_go_on():
            break
        try:
            answer = work(each)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others still have their turn
            problem = aws.told(error)
            swept.problems[problem] += 1
            telemetry.log().error(f"not {done}", extra={**named(each), "error": problem})
        else:
            swept.answers[answer] += 1
            telemetry.log().info(done, extra={**named(each), "answer": answer})
    return swept
