"""What is known of a customer as a document: every feature of every view, its event's time, and what decides it."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.features.rows import FeatureRow
from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Definition, FeatureView
from agent_platform.moments import iso
from outreach.brands import Brand, parse_brand
from outreach.features.customer import customer_of
from outreach.features.views import CUSTOMER_VIEW
from outreach.neighbourhood import NEIGHBOURHOOD, ranked, shares_in
from rich.text import Text

from operations.stack import Stack
from operations.terminal import Problem, out, plain, table

_ROOM_FOR_TIMES = 100
_HOUR, _DAY = 3600, 86_400


def store_of(stack: Stack) -> FeatureStore:
    """The stack's feature store."""
    return FeatureStore(table=stack.outputs["CustomerFeatures"], dynamodb=stack.dynamodb)


def known(stack: Stack, tenant: str, reference: str, *, now: datetime, as_of: datetime | None) -> dict[str, Any]:
    """All that is known of a customer, as one document; with `as_of` what was known then. Problem if that is nothing.

    The catalogue and the seasons are those of the brand as it is now.
    """
    store, brand = store_of(stack), _brand(stack, tenant)
    row, nearby = (
        _row(store, tenant, reference, each, now=now, as_of=as_of) for each in (customer_of(brand), NEIGHBOURHOOD)
    )
    if row is None and nearby is None:
        when = f" as of {iso(as_of)}" if as_of else ""
        raise Problem(
            f"Nothing is known of this customer of {tenant}{when}: no event told of them, or it isn't kept any more. "
            "Next: scripts/executions, to see whether their events came in"
        )
    if row and (never_bought := row.values["services_never_bought"])["value"]:
        # In the order in which a run is given them.
        never_bought["value"] = ranked(never_bought["value"], shares_in(nearby))
    views = {
        view.key: _view(view, each, as_of or now)
        for view, each in ((CUSTOMER_VIEW, row), (NEIGHBOURHOOD.view, nearby))
        if each
    }
    return {"tenant": tenant, "customer": reference, "as_of": iso(as_of or now), "views": views}


def _row(
    store: FeatureStore, tenant: str, reference: str, definition: Definition, *, now: datetime, as_of: datetime | None
) -> FeatureRow | None:
    row = store.read(tenant, reference, definition, now=now, as_of=as_of)
    if row or as_of or not definition.compute:
        return row
    # A row holds no longer than the first of its entries. Those that live yet are known all the same.
    return store.read(tenant, reference, definition, now=now, as_of=now)


def _brand(stack: Stack, tenant: str) -> Brand:
    found = stack.client("s3").get_object(Bucket=stack.outputs["Brands"], Key=f"{tenant}/brand.json")
    return parse_brand(found["Body"].read())


def _view(view: FeatureView, row: FeatureRow, as_of: datetime) -> dict[str, Any]:
    return {
        "event_time": row.event_time,
        "revision": row.revision,
        "kept_until": iso(datetime.fromtimestamp(row.expires_at, UTC)) if row.expires_at else None,
        "features": {
            each.name: {
                **row.values[each.name],
                "unit": each.unit,
                "event_time": row.features[each.name].event_time,
                "age_seconds": _age(row.features[each.name].event_time, as_of),
                "decided_by": each.decided_by,
            }
            for each in view.features
        },
    }


def _age(event_time: str | None, as_of: datetime) -> int | None:
    return int((as_of - datetime.fromisoformat(event_time)).total_seconds()) if event_time else None


def show(document: dict[str, Any]) -> None:
    """Such a document for a person."""
    when = _minute(document["as_of"])
    out.print(Text(document["customer"], style="bold") + plain(f" of {document['tenant']}, as of {when}"))
    for key, view in document["views"].items():
        kept = f", kept until {view['kept_until'][:10]}" if view["kept_until"] else ""
        out.print()
        rows = (_line(name, feature) for name, feature in view["features"].items())
        title = f"{key}: knows events until {_minute(view['event_time'])}{kept}"
        table(title, ("feature", "from", "age", "decided by", "value"), rows)
    if NEIGHBOURHOOD.view.key not in document["views"]:
        out.print(plain(f"\n{NEIGHBOURHOOD.view.key}: nothing was computed yet", style="dim"))


def _line(name: str, feature: dict[str, Any]) -> tuple[str | Text, ...]:
    when = _when(feature["event_time"]) if feature["event_time"] else ""
    return name, when, _in_words(feature["age_seconds"]), feature["decided_by"], _shown(feature)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _when(moment: str) -> str:
    return _minute(moment) if out.width >= _ROOM_FOR_TIMES else moment[:10]


def _in_words(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds >= _DAY:
        return f"{seconds // _DAY} d"
    return f"{seconds // _HOUR} h" if seconds >= _HOUR else f"{seconds // 60} min"


def _shown(feature: dict[str, Any]) -> Text:
    value = feature["value"]
    if value is None:
        return plain(f"unknown: {feature['reason']}", style="yellow")
    if isinstance(value, dict):
        said = ", ".join(f"{name} {figure}" for name, figure in value.items())
    else:
        said = ", ".join(value) if isinstance(value, list) else str(value)
    return plain(said or "none") + plain(f" ({feature['unit']})", style="dim")
