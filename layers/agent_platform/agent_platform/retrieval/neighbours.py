"""Entities that are alike: each one's redacted profile as a vector, compared within a tenant and one model only.

The vectors hold a keyed reference and what the profile says: no name, no amount, no free text.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from agent_platform import aws, settings
from agent_platform.retrieval.embeddings import Embedding, embed, space_of
from agent_platform.retrieval.vectors import Hit, Vector, VectorIndex, profiles_index

# What no filter reads; both must stand in the index as non-filterable keys.
NON_FILTERABLE = ("traits", "has")


@dataclass(frozen=True)
class Profile:
    """What is said of an entity: traits in words ("visits: 3 to 5"), and what it has of a catalogue ("weekly mow")."""

    traits: tuple[str, ...]
    has: tuple[str, ...]

    @property
    def text(self) -> str:
        """What is embedded: the same for the same profile."""
        return "\n".join([*self.traits, *(f"has: {each}" for each in self.has)])


@dataclass(frozen=True)
class Neighbour:
    """Another entity of the tenant: how like it is (1: the same), what it has, and the traits that both share."""

    entity: str
    similarity: float
    has: tuple[str, ...]
    shared: tuple[str, ...]


class Neighbours:
    """The profiles of all entities; `embedded` makes a text the vector of the space that is compared here."""

    def __init__(self, index: VectorIndex, *, embedded: Callable[[str], Embedding], space: str) -> None:
        self._index, self._embedded, self._space = index, embedded, space

    def keep(self, tenant: str, entity: str, profile: Profile, *, expires_at: int) -> bool:
        """Write an entity's vector if its profile or the model has changed; whether it was written.

        Whatever is retried is the same again. A vector that holds for another time is written anew as well.
        """
        digest = hashlib.sha256(profile.text.encode()).hexdigest()
        metadata = {"tenant": tenant, "space": self._space, "digest": digest, "expiresAt": expires_at}
        held = self._index.get(_key(tenant, entity))
        if held and metadata.items() <= held.metadata.items():
            return False
        same = held and all(held.metadata.get(name) == metadata[name] for name in ("digest", "space"))
        data = held.data if held and same else self._embedded(profile.text).data
        described = {"traits": list(profile.traits), "has": list(profile.has)}
        # Whether an empty list can be stored isn't documented.
        kept = metadata | {name: texts for name, texts in described.items() if texts}
        self._index.put(Vector(_key(tenant, entity), data, kept))
        return True

    def similar(self, tenant: str, entity: str, *, most: int, now: datetime) -> list[Neighbour]:
        """The entities of the tenant that are most like this one, the likest first; empty where it has no vector."""
        own = self._index.get(_key(tenant, entity))
        if own is None or not self._comparable(own.metadata, tenant, now):
            return []
        live = {"expiresAt": {"$gt": int(now.timestamp())}}
        where = {"$and": [{"tenant": {"$eq": tenant}}, {"space": {"$eq": self._space}}, live]}
        # One more, because the nearest of all is the entity itself.
        found = self._index.nearest(own.data, most=most + 1, where=where)
        others = [hit for hit in found if hit.key != own.key and self._comparable(hit.metadata, tenant, now)]
        return [_neighbour(tenant, hit, own.metadata) for hit in others[:most]]

    def _comparable(self, metadata: Mapping[str, Any], tenant: str, now: datetime) -> bool:
        """Whether a vector is the tenant's, of this space, and within its retention: checked on all that returns."""
        own = metadata.get("tenant") == tenant and metadata.get("space") == self._space
        return own and int(metadata.get("expiresAt", 0)) > now.timestamp()

    def forget(self, tenant: str, entity: str) -> None:
        """Delete what is held of an entity."""
        self._index.delete([_key(tenant, entity)])

    def export(self, tenant: str, entity: str) -> dict[str, Any] | None:
        """All that is held of an entity, in words; None if nothing is."""
        held = self._index.get(_key(tenant, entity))
        return dict(held.metadata) if held else None


def _key(tenant: str, entity: str) -> str:
    return f"{tenant}#{entity}"


def _neighbour(tenant: str, hit: Hit, own: Mapping[str, Any]) -> Neighbour:
    theirs = set(hit.metadata.get("traits", ()))
    return Neighbour(
        entity=hit.key.removeprefix(_key(tenant, "")),
        similarity=round(hit.similarity, 4),
        has=tuple(hit.metadata.get("has", ())),
        shared=tuple(trait for trait in own.get("traits", ()) if trait in theirs),
    )


@dataclass(frozen=True)
class _Settings:
    embedding_model: str
    embedding_dimensions: int


@cache
def neighbours() -> Neighbours:
    """The stack's profiles, as the function's environment names them."""
    own = settings.read(_Settings)
    model, dimensions = own.embedding_model, own.embedding_dimensions
    embedded = partial(embed, model=model, dimensions=dimensions, runtime=aws.client("bedrock-runtime"))
    return Neighbours(profiles_index(), embedded=embedded, space=space_of(model, dimensions))
