"""Between Python values and DynamoDB's typed attributes.

boto3 has this too, at the price of importing boto3 and with Decimal for every number; here whole numbers are int and
others float.
"""

from collections.abc import Mapping
from typing import Any

type Item = dict[str, Any]


def attribute(value: Any) -> dict[str, Any]:
    """One value as a typed attribute; TypeError for what has no type there, such as a set."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str() | bytes():
            return {"S" if isinstance(value, str) else "B": value}
        case int() | float():
            return {"N": repr(value)}
        case Mapping():
            return {"M": to_item(value)}
        case list() | tuple():
            return {"L": [attribute(each) for each in value]}
    raise TypeError(f"{type(value).__name__} has no DynamoDB type")


def to_item(values: Mapping[str, Any]) -> Item:
    """A mapping as an item."""
    return {name: attribute(value) for name, value in values.items()}


def value_of(typed: Mapping[str, Any]) -> Any:
    """The Python value of one typed attribute."""
    ((kind, raw),) = typed.items()
    match kind:
        case "NULL":
            return None
        case "N":
            return int(raw) if raw.lstrip("-").isdigit() else float(raw)
        case "M":
            return from_item(raw)
        case "L":
            return [value_of(each) for each in raw]
        case _:
            return raw


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as a dict."""
    return {name: value_of(typed) for name, typed in item.items()}
