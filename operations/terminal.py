"""What every script prints, said once: tables, JSON, progress on stderr, and problems with the next step."""

import argparse
import json
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from rich.console import Console
from rich.table import Table
from rich.text import Text

from operations import accounts

# What people and models wrote is printed by scripts, so nothing is markup unless a script marks it up.
# Without a terminal, as in a pipe, there is room for a line.
_WIDTH = shutil.get_terminal_size(fallback=(140, 40)).columns
out = Console(highlight=False, emoji=False, width=_WIDTH)
err = Console(stderr=True, highlight=False, emoji=False, width=_WIDTH)
_LENGTH = re.compile(r"(\d{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# A word, such as an id; a moment; or an amount with its unit.
_WHOLE = re.compile(r"\S*(?: [\d:.,+%]+| m?s)*")
_LONGEST_WHOLE, _LEAST_WIDTH = 64, 16
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Problem(Exception):  # noqa: N818 - what a person reads, not a failure of ours
    """Something the person at the terminal can mend; the message says what and how."""


def run(main: Callable[[Sequence[str]], int | None]) -> NoReturn:
    """Run a door: a Problem is printed as a sentence and exits with 1, Ctrl-C with 130."""
    from agent_platform.errors import ConfigurationError
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    from local_aws.service import LocalAwsError

    try:
        sys.exit(main(sys.argv[1:]) or 0)
    except (Problem, ConfigurationError, LocalAwsError) as problem:
        _refuse(str(problem))
    except NoCredentialsError:
        _refuse("There are no AWS credentials. Set AWS_PROFILE, or log in: aws configure, aws sso login")
    except (ClientError, BotoCoreError) as error:
        _refuse(f"AWS said: {error}")
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        err.print("interrupted")
        sys.exit(130)
    sys.exit(1)


def _refuse(why: str) -> None:
    err.print(Text("✗ ", style="bold red") + plain(why), soft_wrap=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say on stderr what is being done, and then how long it took."""
    began = time.monotonic()
    with err.status(what + " …"):
        yield
    err.print(f"[green]✓[/] {what} [dim]{time.monotonic() - began:.1f} s[/]")


def arguments(door: str, description: str, *, account: bool = True) -> argparse.ArgumentParser:
    """The parser of scripts/<door>, with what all doors share."""
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog=f"scripts/{door}", description=description, formatter_class=formatter)
    if account:
        with_account(parser)
    return parser


def with_account(parser: argparse.ArgumentParser) -> None:
    """Add --account, which says which stack a script touches."""
    parser.add_argument("--account", default="local", choices=list(accounts.with_stack()),
                        help="whose stack (default: local)")  # fmt: skip


def moment(given: str) -> datetime:
    """A moment as it is typed: a day means its end, and what has no offset is in UTC."""
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given} is no date such as 2026-11-20 or 2026-11-20T09:00:00Z") from None
    in_utc = read if read.tzinfo else read.replace(tzinfo=UTC)
    is_a_day = len(given) <= len("2026-11-20")
    return in_utc + timedelta(days=1, seconds=-1) if is_a_day else in_utc


def length(given: str) -> timedelta | None:
    """A length of time as it is typed: 90m, 24h, 7d or 2w; None if it is none."""
    read = _LENGTH.fullmatch(given)
    return timedelta(**{_UNITS[read[2]]: int(read[1])}) if read else None


def began(given: str) -> datetime:
    """From when on, as it is typed: 90m, 24h, 7d, 2w, or the day 2026-11-01, in UTC."""
    if ago := length(given):
        return datetime.now(UTC) - ago
    try:
        return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{given} is no length such as 90m, 24h, 7d or 2w, and no day such as 2026-11-01"
        ) from None


def confirmed(question: str) -> bool:
    """Whether the person at the terminal says yes; Problem where there is none to ask."""
    if not sys.stdin.isatty():
        raise Problem(f"{question} There is nobody to ask: add --yes")
    return err.input(plain(f"{question} [y/N] ")).strip().lower() in {"y", "yes"}


def with_json(parser: argparse._ActionsContainer) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """A table on stdout; ids, times and amounts are whole at any width, and only the last column folds."""
    drawn = Table(
        title=title, title_justify="left", title_style="bold", header_style="dim", box=None, padding=(0, 1, 0, 0)
    )
    cells = [[cell if isinstance(cell, Text) else plain(cell) for cell in row] for row in rows]
    for place, column in enumerate(columns):
        texts, is_last = [row[place].plain for row in cells], place == len(columns) - 1
        widest = max(map(len, (column, *texts)))
        if not is_last and all(len(text) <= _LONGEST_WHOLE and _WHOLE.fullmatch(text) for text in texts):
            drawn.add_column(column, no_wrap=True, min_width=widest)
        else:
            room = {"overflow": "fold"} if is_last else {"no_wrap": True, "max_width": 36}
            drawn.add_column(column, min_width=min(widest, _LEAST_WIDTH), **room)
    for row in cells:
        drawn.add_row(*row)
    least = sum((column.min_width or 0) + 1 for column in drawn.columns)
    # A line that the terminal breaks can still be copied.
    drawn.width = least if least > out.width else None
    out.print(drawn, crop=False)


def plain(value: str, style: str = "") -> Text:
    """A value as it is: no markup, no emoji, and no control character, whoever wrote it."""
    return Text(_CONTROL.sub("�", value), style=style)


def money(micros: int) -> str:
    """An amount in millionths of a USD as a person reads it."""
    return f"${micros / 1_000_000:.4f}"


def counted(number: int, what: str) -> str:
    """A number with its noun: 1 attempt, 2 attempts."""
    return f"{number} {what}" + ("" if number == 1 else "s")


def next_step(command: str, account: str) -> None:
    """What to type next, on one line that can be copied."""
    err.print(
        f"Next: {command}" + ("" if account == "local" else f" --account {account}"), soft_wrap=True, markup=False
    )
