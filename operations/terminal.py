"""What every script prints, said once: tables, JSON, progress on stderr, and problems with the next step."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from rich.console import Console
from rich.table import Table

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Problem(Exception):  # noqa: N818 - what a person reads, not a failure of ours
    """Something the person at the terminal can mend; the message says what and how."""


def run(main: Callable[[Sequence[str]], int | None]) -> NoReturn:
    """Run a door: a Problem is printed as a sentence and exits with 1, Ctrl-C with 130."""
    from agent_platform.errors import ConfigurationError
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        sys.exit(main(sys.argv[1:]) or 0)
    except (Problem, ConfigurationError) as problem:
        err.print(f"[bold red]✗[/] {problem}", soft_wrap=True)
    except (ClientError, BotoCoreError) as error:
        err.print(f"[bold red]✗[/] AWS said: {error}", soft_wrap=True)
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        err.print("interrupted")
        sys.exit(130)
    sys.exit(1)


def arguments(description: str, *, account: bool = True) -> argparse.ArgumentParser:
    """A parser with what all doors share."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    if account:
        with_account(parser)
    return parser


def with_account(parser: argparse.ArgumentParser) -> None:
    """Add --account, which says which stack a script touches."""
    parser.add_argument("--account", default="local", choices=["local", "dev", "test", "prod"],
                        help="whose stack (default: local)")  # fmt: skip


def with_json(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on stdout; only its last column folds, so that ids can be copied at any width."""
    drawn = Table(
        title=title, title_justify="left", title_style="bold", header_style="dim", box=None, padding=(0, 1, 0, 0)
    )
    for column in columns[:-1]:
        drawn.add_column(column, no_wrap=True)
    drawn.add_column(columns[-1], overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    out.print(drawn)


def money(micros: int) -> str:
    """An amount in millionths of a USD as a person reads it."""
    return f"${micros / 1_000_000:.4f}"


def counted(number: int, what: str) -> str:
    """A number with its noun: 1 attempt, 2 attempts."""
    return f"{number} {what}" + ("" if number == 1 else "s")
