"""How far a backfill came, and the report of what it refused: kept together, so that it goes on where it was."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

TAKEN_IN, REFUSED, PARTLY, DIFFERENT = "taken in", "refused", "partly set aside", "known already, differently"
COUNTED = (TAKEN_IN, REFUSED, PARTLY, DIFFERENT)


@dataclass
class Progress:
    """What of a file was taken in; `began_at` is one moment for the whole run, however often it is stopped."""

    path: Path
    source: str
    began_at: str
    lines: int = 0
    report_bytes: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))

    @classmethod
    def of(cls, path: Path, source: str, *, now: datetime) -> Self:
        """The progress that is kept for exactly this source, or a new one."""
        kept = json.loads(path.read_text()) if path.exists() else {}
        if kept.get("source") == source:
            return cls(path, **kept)
        return cls(path, source, began_at=now.astimezone(UTC).isoformat())

    @property
    def report(self) -> Path:
        """The report of lines that were refused, or of which something was set aside."""
        return self.path.with_suffix(".report.jsonl")

    def resume_report(self) -> None:
        """Cut off what was reported after the progress was last kept: those lines come again."""
        with self.report.open("ab") as report:
            report.truncate(self.report_bytes)

    def keep(self, reported: Iterable[dict[str, Any]], *, lines: int, counts: dict[str, int]) -> None:
        """Report on some lines, and note that they are done."""
        with self.report.open("a", encoding="utf-8") as report:
            report.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in reported)
            self.report_bytes = report.tell()
        self.lines += lines
        for what, number in counts.items():
            self.counts[what] += number
        content = {name: value for name, value in asdict(self).items() if name != "path"}
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(content))
        # At once, whenever the process ends.
        fresh.replace(self.path)
