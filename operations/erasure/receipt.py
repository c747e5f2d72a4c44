"""The receipt of a forgotten person: what was forgotten where, how many, what remains, and what finding it cost."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from agent_platform.moments import iso
from rich.text import Text

from operations.erasure.estate import Estate
from operations.erasure.remains import remains_of
from operations.erasure.stores import Counts, Store
from operations.service_prices import usd
from operations.terminal import counted, out, plain, table

# Read whole, for no index leads from a person there; of the messages it is their tenant's part.
_READ_WHOLE = ("EventRecords", "OutreachContacts", "Experiments", "OutreachMessages")
# By strong reads, the dearer ones.
_BYTES_OF_A_READ = 4096


@dataclass(frozen=True)
class Forgotten:
    """What one store forgot."""

    store: str
    where: str
    forgotten: Counts


def forget(stores: Iterable[Store]) -> list[Forgotten]:
    """Let each store forget, in their order; a failure stops it where it is, and doing it again goes on from there."""
    return [Forgotten(store.name, store.where, store.forgets()) for store in stores]


def unfinished(estate: Estate, done: Iterable[Forgotten]) -> list[str]:
    """What may yet bring something of them, in words: runs that weren't over, files whose lines aren't all events."""
    open_runs, in_use = len(estate.open_records), sum(each.forgotten.get("file in use", 0) for each in done)
    told = {
        f"{counted(open_runs, 'run')} of theirs was not over, and may have left something": open_runs,
        f"{counted(in_use, 'file')} with lines of theirs was still being taken in": in_use,
    }
    return [words for words, number in told.items() if number]


def receipt_of(estate: Estate, done: Iterable[Forgotten]) -> dict[str, Any]:
    """The receipt as one document."""
    return {
        "tenant": estate.person.tenant,
        "customer": estate.person.reference,
        "at": iso(estate.now),
        "forgotten": [asdict(each) for each in done],
        "remains": [asdict(each) for each in remains_of(estate)],
        "still_open": [record.replace("#", ".") for record in estate.open_records],
        "searched": searched(estate),
    }


def searched(estate: Estate) -> dict[str, Any]:
    """How much is read to find one person, as far as DynamoDB knows its sizes, and what that costs."""
    tables = [estate.stack.outputs[name] for name in _READ_WHOLE]
    sizes = [estate.stack.dynamodb.describe_table(TableName=each)["Table"]["TableSizeBytes"] for each in tables]
    cost = usd("read_unit", Decimal(sum(sizes)) / _BYTES_OF_A_READ)
    return {"tables": tables, "bytes": sum(sizes), "usd": f"{cost:.4f}"}


def show(receipt: dict[str, Any]) -> None:
    """A receipt for a person."""
    table(f"Forgotten: {receipt['customer']} of {receipt['tenant']}", ("store", "what", "where"),
          [(each["store"], _in_words(each["forgotten"]), each["where"]) for each in receipt["forgotten"]])  # fmt: skip
    out.print()
    table("What remains", ("until", "what", "where", "why"),
          [(each["until"], each["what"], each["where"], each["why"]) for each in receipt["remains"]])  # fmt: skip
    out.print(_search_in_words(receipt["searched"]))


def _in_words(forgotten: Counts) -> str:
    return ", ".join(counted(number, what) for what, number in forgotten.items())


def _search_in_words(found: dict[str, Any]) -> Text:
    size = f"{found['bytes'] / 1_000_000:,.1f} MB"
    return plain(f"\nFound by reading {size} of {', '.join(found['tables'])}: about ${found['usd']}", style="dim")
