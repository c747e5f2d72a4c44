"""An index of vectors knows no expiry: what its readers refuse already is deleted here."""

from datetime import datetime

from agent_platform.retrieval.vectors import PARTS, VectorIndex


def delete_expired(index: VectorIndex, *, now: datetime) -> int:
    """Delete every vector whose retention is over; how many there were.

    Each day begins with another part of the index, so that a day too short for all of them leaves none out for long.
    One that is written anew between the listing and its deletion is written once more with the next event.
    """
    held = index.all(first=now.toordinal() % PARTS)
    return index.delete(key for key, metadata in held if int(metadata.get("expiresAt", 0)) <= now.timestamp())
