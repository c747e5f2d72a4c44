"""What a day's comparisons came to, those that failed among them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from agent_platform.drift.contracts import Conclusion
from agent_platform.sweeps import Swept


def conclude(answers: Iterable[Mapping[str, Any]]) -> Conclusion:
    """Count the verdicts; IncompleteSweepError, which names what failed, if a comparison did.

    A comparison that failed is {error}, its name alone.
    """
    swept: Swept[str] = Swept()
    for answer in answers:
        if "error" in answer:
            swept.problems[answer["error"]] += 1
        else:
            swept.answers[answer["verdict"]] += 1
    return {"verdicts": dict(Counter(swept.complete("comparisons").answers).most_common())}
