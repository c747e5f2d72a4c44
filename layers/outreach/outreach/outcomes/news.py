"""What the bus is told of a message, whose listeners make past cases of it and take them back."""

from collections.abc import Mapping
from typing import Any

from outreach.outcomes.kinds import GOOD, HARM, Kind, has_succeeded


def news_of(message: Mapping[str, Any], kind: Kind) -> list[str]:
    """The news that an outcome of this kind makes of a message, as it stands with it; again whenever it is told again.

    That it succeeded is known when it was sent and something good came of it, in either order.
    """
    news = ["message.sent"] if kind == "sent" else ["message.harmed"] if kind in HARM else []
    return news + ["message.succeeded"] * (kind in GOOD | {"sent"} and has_succeeded(message))
