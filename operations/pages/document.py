"""What every page is made of: one document with its style inside, sections, and tables of escaped cells."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

_HERE = Path(__file__).parent


def document(title: str, body: str, *styles: str) -> str:
    """The whole page, in one file; further styles by their names, after the one that all have."""
    style = "".join((_HERE / f"{name}.css").read_text(encoding="utf-8") for name in ("page", *styles))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{style}</style></head><body><main>{body}</main></body></html>\n"
    )


def section(heading: str, body: str) -> str:
    """A section under a heading."""
    return f"<section><h2>{escape(heading)}</h2>{body}</section>"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that scrolls by itself where it is too wide."""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def listed(items: Iterable[str]) -> str:
    """A list of sentences; nothing without one."""
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{lines}</ul>" if lines else ""
