"""What is known of a customer's home, as it was stated."""

from collections.abc import Iterable, Mapping
from typing import Any

from agent_platform.guardrails.instructions import instruction_in
from agent_platform.guardrails.redaction import redact

from outreach.contracts import FeatureValue
from outreach.features.known import known, unknown

# Each feature, and the field of the home that states it.
FIELDS = {
    "property_type": "type",
    "lot_size": "lot_size",
    "lot_size_unit": "lot_size_unit",
    "property_features": "features",
}


def impersonal_home(home: Mapping[str, Any], *, names: Iterable[str] = ()) -> dict[str, Any]:
    """What a home is stated to be; None where all that is stated holds a person's data or name, or instructs a machine.

    Features travel in the document, which holds no person's data, and the CRM's fields take any text.
    """
    known_names = tuple(names)
    stated = {name: home.get(name) for name in FIELDS.values()}
    return {name: _impersonal(value, known_names) for name, value in stated.items() if value not in (None, "", [])}


def emptied(home: Mapping[str, Any]) -> list[str]:
    """The fields of a home that are stated to be empty: what was stated of them before holds no more."""
    return [name for name in FIELDS.values() if name in home and home[name] in (None, "", [])]


def _impersonal(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return value if _is_of_a_home(value, names) else None
    if isinstance(value, list):
        return [text for text in value if _is_of_a_home(text, names)] or None
    return value


def _is_of_a_home(text: str, names: tuple[str, ...]) -> bool:
    return redact(text, names=names) == text and not instruction_in(text)


def stated(home: Mapping[str, Any], name: str) -> FeatureValue:
    """What was stated of a field of the home."""
    if name not in home:
        return unknown("not_stated")
    return unknown("personal_data") if home[name] is None else known(home[name])
