"""What is known of the customer's home."""

from typing import Any

from agent_platform.patterns import lazy_pattern

from outreach.preparation.conventions import Conventions
from outreach.preparation.money import plain_number
from outreach.preparation.parts import Part, tidy

LARGEST_LOT = 10_000_000
_SIZE = lazy_pattern(r"([0-9](?:[0-9.,'’ ]*[0-9])?) ?([^0-9]*)")
_UNITS = {
    "sqft": "sqft", "sf": "sqft", "ft2": "sqft", "ft²": "sqft", "squarefeet": "sqft", "squarefoot": "sqft",
    "sqm": "m2", "m2": "m2", "m²": "m2", "squaremeters": "m2", "squaremetres": "m2", "metroscuadrados": "m2",
    "acre": "acre", "acres": "acre", "ac": "acre", "ha": "ha", "hectare": "ha", "hectares": "ha",
}  # fmt: skip


def read_home(part: Part, conventions: Conventions) -> dict[str, Any]:
    """Those of type, lot_size (a number), lot_size_unit (sqft, m2, acre, ha) and features (texts) that are known.

    What is said to be empty is None, or an empty list; of what is absent, or set aside, nothing is said. A unit is
    nothing without its size.
    """
    home = part.within("property")
    size, unit = _lot_size(home, conventions)
    known = {
        "type": home.text("type"),
        "lot_size": size,
        "lot_size_unit": unit if size is not None else None,
        "features": _features(home),
    }
    empty = {name for name in ("type", "lot_size", "features") if name in home.values and _is_empty(home.values[name])}
    return {name: value for name, value in known.items() if value is not None or name in empty}


def _is_empty(given: Any) -> bool:
    return given is None or (isinstance(given, str) and not tidy(given))


def _lot_size(home: Part, conventions: Conventions) -> tuple[float | None, str | None]:
    given, unit_beside = home.given("lot_size"), ""
    size = given
    if isinstance(given, str):
        written = _SIZE.fullmatch(" ".join(given.split()))
        number = plain_number(written[1], decimal_comma=conventions.decimal_comma, exponent=0) if written else None
        size, unit_beside = (None, "") if number is None or not written else (float(number), written[2])
    if given is not None and (size is None or not 0 < size <= LARGEST_LOT):
        home.note("lot_size", "impossible or ambiguous size", "text" if isinstance(given, str) else "number")
        return None, None
    if isinstance(given, str):
        home.note("lot_size", "number written as text", "text", "number")
    return size, _unit(home, unit_beside)


def _unit(home: Part, unit_beside: str) -> str | None:
    stated = home.text("lot_size_unit")
    written = stated or unit_beside
    unit = _UNITS.get(written.lower().replace(" ", "").replace(".", ""))
    if stated and unit != stated:
        home.note("lot_size_unit", "unit in another spelling" if unit else "unknown unit", "text", unit or "nothing")
    return unit


def _features(home: Part) -> list[str] | None:
    given = home.values.get("features")
    if given is None:
        return None
    each = Part(
        {str(position): feature for position, feature in enumerate(given)}, f"{home.pointer}/features", home.repairs
    )
    return list(dict.fromkeys(filter(None, (each.text(position) for position in each.values))))
