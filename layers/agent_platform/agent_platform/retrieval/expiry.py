"""An index of vectors knows no expiry: what its readers refuse already is deleted here."""

from datetime import datetime

from agent_platform.retrieval.vectors import VectorIndex


def delete_expired(index: VectorIndex, *, now: datetime) -> int:
    """Delete every vector whose retention is over; how many there were.

    One that is written anew between the listing and its deletion is written once more with the next event.
    """
    return index.delete(key for key, metadata in index.all() if int(metadata.get("expiresAt", 0)) <= now.timestamp())
