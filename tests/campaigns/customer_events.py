"""What a CRM may say of one customer, drawn by hypothesis: few services, prices and days, so that events clash."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from agent_platform.features.entries import Entry
from agent_platform.moments import iso
from hypothesis import strategies as st

from tests.campaigns.in_order import KINDS

SERVICES, MESSAGES = ("s-1", "s-2", "s-3"), ("m-1", "m-2")
# Of a service without an id everything else is all there is to know it by.
WITHOUT_ID = None
TYPES = ("weekly mow", "Weekly Mow", "overseeding", "oak surgery", None)
PRICES = ({"minor": 4900, "currency": "USD"}, {"minor": 300, "currency": "EUR"}, None)
HOMES = ({"home": {"type": "house"}}, {"home": {"type": None}}, {"home": {"lot_size": 800}}, {"emptied": ["type"]},
         {"home": {"lot_size": 2.5, "lot_size_unit": "acre"}}, {"home": {"features": ["pool"], "lot_size_unit": "m2"}},
         {"home": {"type": "flat"}, "emptied": ["lot_size", "features"]})  # fmt: skip
# In days. Some events fall into one second, and some are older than anything holds.
AGES = (0, 0, 1, 30, 200, 370, 740, 1100)

DRAWN_SERVICE = st.tuples(
    st.sampled_from((None, 0, 0, 30, 400)), st.sampled_from(TYPES), st.sampled_from(PRICES),
    st.sampled_from((None, 1.0, 3.0, 4.5, 5.0)),
)  # fmt: skip
TOLD = st.one_of(
    st.tuples(st.sampled_from(("completed", "backfilled")), st.sampled_from((*SERVICES, WITHOUT_ID)), DRAWN_SERVICE),
    st.tuples(st.just("corrected"), st.sampled_from(SERVICES), DRAWN_SERVICE),
    st.tuples(
        st.just("repeated"), st.lists(st.tuples(st.sampled_from((*SERVICES, WITHOUT_ID)), DRAWN_SERVICE), max_size=3)
    ),
    st.tuples(st.just("voided"), st.sampled_from(SERVICES)),
    st.tuples(st.just("moved"), st.sampled_from(HOMES)),
    st.tuples(st.just("answered"), st.sampled_from(MESSAGES), st.sampled_from(KINDS), st.sampled_from((0, 30))),
)


def entry_of(number: int, told: tuple[Any, ...], *, age: int, now: datetime) -> Entry:
    """What happened so many days ago, as it is kept when it is received now; only the past itself was known before."""
    happened = now - timedelta(days=age)
    known = happened if told[0] == "backfilled" else now
    # No order of arrival is in a digest.
    event = hashlib.sha256(str(number).encode()).hexdigest()[:40]
    return Entry(event, iso(happened), iso(known), _content(told, happened))


def _content(told: tuple[Any, ...], happened: datetime) -> dict[str, Any]:
    match told:
        case ("completed", service, said):
            told = _told([(service, said)], happened)
            return {"services": told, "direct": list(told)}
        case ("corrected", service, said):
            return {"services": _told([(service, said)], happened), "direct": [service], "corrects": True}
        case ("backfilled", service, said):
            return {"services": _told([(service, said)], happened)}
        case ("repeated", services):
            return {"services": _told(services, happened)}
        case ("voided", service):
            return {"services": {service: None}, "direct": [service]}
        case ("moved", home):
            return {"services": {}, **home}
        case (_, message, kind, days):
            return {"responses": {message: {kind: iso(happened - timedelta(days=days))}}}


def _told(services: list[tuple[str | None, tuple[Any, ...]]], happened: datetime) -> dict[str, Any]:
    told = [(service, _said(said, happened)) for service, said in services]
    return {service or _without_id(said): said for service, said in told}


def _without_id(said: dict[str, Any]) -> str:
    known = (said["date"], said["type"].lower(), said["price"]) if said["date"] and said["type"] else said
    return "line-" + hashlib.sha256(repr(known).encode()).hexdigest()[:12]


def _said(said: tuple[Any, ...], happened: datetime) -> dict[str, Any]:
    days, name, price, satisfaction = said
    date = None if days is None else iso(happened - timedelta(days=days))
    return {"date": date, "type": name, "price": price, "satisfaction": satisfaction}
