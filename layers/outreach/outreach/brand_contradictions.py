"""What is wrong with a brand file that no shape can tell: parts that contradict each other, or the law."""

from collections.abc import Iterator
from typing import Any

from outreach.brand_shape import Problem, mismatches


def problems_of(content: Any) -> list[Problem]:
    """Everything that is wrong with the content of a brand file, as pairs of JSON pointer and problem."""
    misshapen = mismatches(content)
    return misshapen + list(_contradictions(_Sound(content, [pointer for pointer, _ in misshapen])))


class _Sound:
    """The parts of a content in which no mismatch was found, by pointer."""

    def __init__(self, content: Any, wrong: list[str]) -> None:
        self._content, self._wrong = content, wrong

    def __contains__(self, pointer: str) -> bool:
        return not any(f"{pointer}/".startswith(f"{each}/") or each.startswith(f"{pointer}/") for each in self._wrong)

    def __getitem__(self, pointer: str) -> Any:
        part = self._content
        for name in pointer.split("/")[1:]:
            part = part[int(name)] if isinstance(part, list) else part[name]
        return part

    def offers(self) -> dict[str, dict[str, Any]]:
        """The offers in which nothing is wrong, by pointer."""
        listed = self._content.get("offers") if isinstance(self._content, dict) else None
        pointers = [f"/offers/{number}" for number in range(len(listed))] if isinstance(listed, list) else []
        return {pointer: self[pointer] for pointer in pointers if pointer in self}

    def variants(self) -> list[dict[str, Any]]:
        """The footer's variants; none if the brand states none."""
        return self._content["footer"].get("variants") or []

    def seasons(self) -> dict[str, Any]:
        """The seasons; none if the brand states none."""
        return self._content.get("seasons") or {}


def _contradictions(sound: _Sound) -> Iterator[Problem]:
    """What is wrong between parts, each of which is right in itself."""
    if "/locales" in sound and "/default_locale" in sound and sound["/default_locale"] not in sound["/locales"]:
        yield "/default_locale", "not among the locales"
    yield from _twice(sound)
    yield from _foreign_links(sound)
    yield from _seasons_of_nothing(sound)
    yield from _unlawful(sound)
    for pointer, offer in sound.offers().items():
        first, last = offer.get("valid_from"), offer.get("valid_until")
        if first and last and first > last:
            yield f"{pointer}/valid_until", "before valid_from"
        if offer["purpose"] == "upsell" and not offer.get("service"):
            yield f"{pointer}/service", "an upsell proposes a service"
        if offer.get("service") and "/services" in sound and offer["service"] not in sound["/services"]:
            yield f"{pointer}/service", "not among the services"


def _unlawful(sound: _Sound) -> Iterator[Problem]:
    """What the law of some country wants of the brand itself, because it stands in every mail."""
    if "/company/postal_address" in sound and not _is_postal(sound["/company/postal_address"]):
        yield "/company/postal_address", "no postal address: street or P.O. box, place, and their numbers"
    if "/footer/variants" in sound:
        yield from _idle_variants(sound, sound.variants())


def _is_postal(line: str) -> bool:
    return "," in line and any(character.isdigit() for character in line)


def _idle_variants(sound: _Sound, variants: list[dict[str, Any]]) -> Iterator[Problem]:
    met = set()
    for number, variant in enumerate(variants):
        pointer, case = f"/footer/variants/{number}", (variant.get("basis"), variant.get("locale"))
        if case == (None, None):
            yield pointer, "says neither for which basis nor for which locale"
        elif case in met:
            yield pointer, "another variant is for the same"
        if case[1] and "/locales" in sound and case[1] not in sound["/locales"]:
            yield f"{pointer}/locale", "not among the locales"
        met.add(case)


def _seasons_of_nothing(sound: _Sound) -> Iterator[Problem]:
    if "/services" in sound and "/seasons" in sound:
        foreign = sound.seasons().keys() - set(sound["/services"])
        yield from ((f"/seasons/{service}", "not among the services") for service in sorted(foreign))


def _twice(sound: _Sound) -> Iterator[Problem]:
    for pointer in ("/services", "/locales"):
        if pointer in sound and len({each.casefold() for each in sound[pointer]}) < len(sound[pointer]):
            yield pointer, "one value stands there twice"
    met = set()
    for pointer, offer in sound.offers().items():
        if offer["id"] in met:
            yield f"{pointer}/id", "another offer has it"
        met.add(offer["id"])


def _foreign_links(sound: _Sound) -> Iterator[Problem]:
    if "/links" not in sound:
        return
    for pointer in ("/company/website", "/footer/unsubscribe_link", *(f"{offer}/link" for offer in sound.offers())):
        if pointer in sound and not f"{sound[pointer]}/".startswith(tuple(sound["/links"])):
            yield pointer, "begins with none of the links"
