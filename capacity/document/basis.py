"""What all of it rests on."""

from capacity.inputs import assumptions
from capacity.measuring import measured
from capacity.scenarios import Scenarios


def values(_: Scenarios) -> dict[str, str]:
    """For the last chapter."""
    return {
        "spreads": ", ".join(f"{state} {each.factor:.1f}" for state, each in measured().items()),
        "transaction": f"{1000 * assumptions()['times']['transaction_seconds']:.0f} ms",
    }
