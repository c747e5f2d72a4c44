"""scripts/upload."""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from agent_platform.uploads.inbox import folder_of
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from operations.stack import Stack
from operations.terminal import Problem, arguments, err, next_step, out, plain, print_json, run, table, with_json
from operations.uploads.listing import COLUMNS, row
from operations.uploads.sending import key_of, link, send
from operations.uploads.standing import (
    DONE,
    RUNNING,
    Run,
    again,
    begun,
    inbox_of,
    known,
    newest,
    now_of,
    progress,
    run_of,
)

_EXPLANATION = """\
Take in a file of events: each line by the same contract, record and bus as POST /webhook/{source}.

JSON Lines (*.jsonl): a line is an event as it is posted. CSV: the first line names for each column where in the event
its cells belong: type, version, timestamp, and paths in its data such as customer.id or service.date. An `id` names the
event, as a webhook-id does; without one, what the line says does. A line that is known already is a duplicate and
changes nothing, so that a file may come twice.

Further commands, each with --help:
  scripts/upload status [FILE]   how far the files are; --follow waits for the end
  scripts/upload report [FILE]   line by line what became of a file, as CSV
  scripts/upload resume FILE     take in what is left of a file whose run ended early
  scripts/upload link NAME       a link to which somebody else may PUT one file"""
_EVERY_SECONDS = 1.0


def main(argv: Sequence[str]) -> int:
    """Give a command its arguments; what is no command's name is a file."""
    if argv and argv[0] in _COMMANDS:
        return _COMMANDS[argv[0]](argv[1:])
    return _upload(argv)


def _upload(argv: Sequence[str]) -> int:
    parser = arguments("upload", _EXPLANATION)
    parser.add_argument("file", type=Path, metavar="FILE", help="*.csv, *.jsonl or *.ndjson, at most 5 GB")
    _with_source(parser)
    parser.add_argument("--follow", action="store_true", help="wait for the end, and say what became of the lines")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    if not given.file.is_file():
        raise Problem(f"There is no file {given.file}")
    key = _key(stack, given, given.file.name)
    before = known(stack) if given.follow else frozenset()
    arrived = send(stack, given.file, key)
    out.print(plain(f"uploaded: {key}"), soft_wrap=True)
    if not given.follow:
        next_step(f"scripts/upload status {given.file.name} --follow", given.account)
        return 0
    return _followed(stack, begun(stack, arrived, besides=before))


def _link(argv: Sequence[str]) -> int:
    parser = arguments("upload link", "A link to which somebody without credentials may PUT one file, once or again.")
    parser.add_argument("name", help="the file's name: *.csv, *.jsonl or *.ndjson")
    _with_source(parser)
    parser.add_argument("--hours", type=int, default=24, choices=range(1, 168), metavar="N",
                        help="for how long, at most as long as your own credentials (default: 24)")  # fmt: skip
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    made = link(stack, _key(stack, given, given.name), seconds=given.hours * 3600)
    out.print(plain(f"curl --upload-file {given.name} '{made}'"), soft_wrap=True)
    return 0


def _status(argv: Sequence[str]) -> int:
    parser = arguments("upload status", "How far the uploaded files are, or one of them.")
    parser.add_argument("file", nargs="?", help="a file's name, or <tenant>/<source>/<file> (default: all)")
    parser.add_argument("--follow", action="store_true", help="wait for the end of one: the newest, unless named")
    with_json(parser)
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    if given.follow:
        return _followed(stack, run_of(stack, given.file))
    found = [run_of(stack, given.file)] if given.file else newest(stack)
    rows = [row(stack, each) for each in found]
    if given.json:
        print_json(rows)
        return 0
    table("Uploaded files", COLUMNS, [tuple(str(each[name]) for name in COLUMNS) for each in rows])
    for each in rows:
        if each["why"]:
            out.print(plain(f"{each['file']}: {each['why']}"), soft_wrap=True)
    return 0


def _report(argv: Sequence[str]) -> int:
    parser = arguments("upload report", "Line by line what became of a file, as CSV on stdout.")
    parser.add_argument("file", nargs="?", help="a file's name, or <tenant>/<source>/<file> (default: the newest)")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    chosen = run_of(stack, given.file)
    if progress(inbox_of(stack), chosen).summary is None:
        further = f"status {chosen.file} --follow" if chosen.status == RUNNING else f"resume {chosen.file}"
        raise Problem(f"There is no report on {chosen.file} yet. Next: scripts/upload {further}")
    where = {"Bucket": stack.outputs["Inbox"], "Key": f"{folder_of(chosen.arrived)}/report.csv"}
    for chunk in stack.client("s3").get_object(**where)["Body"].iter_chunks(1024 * 1024):
        sys.stdout.buffer.write(chunk)
    return 0


def _resume(argv: Sequence[str]) -> int:
    parser = arguments("upload resume", "Take in what is left of a file whose run ended early. Nothing comes in twice.")
    parser.add_argument("file", help="a file's name, or <tenant>/<source>/<file>")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    before = run_of(stack, given.file)
    if before.status == RUNNING:
        raise Problem(f"{before.file} is being taken in. Next: scripts/upload status {given.file} --follow")
    return _followed(stack, again(stack, before.arrived))


def _with_source(parser: ArgumentParser) -> None:
    parser.add_argument("--source", required=True, help="the system whose events they are (scripts/source list)")
    parser.add_argument("--tenant", help="whose they are; refused if the source is another's")


def _key(stack: Stack, given: Namespace, name: str) -> str:
    key = key_of(stack, given.source, name)
    if given.tenant and given.tenant != key.split("/")[1]:
        raise Problem(f"{given.source} is not a source of {given.tenant}. Next: scripts/source list")
    return key


def _followed(stack: Stack, each: Run) -> int:
    """Follow a run to its end, and say what became of the lines; 1 if any was refused or is missing."""
    inbox = inbox_of(stack)
    columns = (TextColumn(each.file), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("lines", total=None)
        while each.status == RUNNING:
            far = progress(inbox, each)
            bar.update(task, total=far.lines or None, completed=far.lines_done)
            time.sleep(_EVERY_SECONDS)
            each = now_of(stack, each)
    summary = progress(inbox, each).summary
    if summary is None or (each.status != DONE and not summary["missing"]):
        how = ": ".join(filter(None, (each.status, each.error)))
        raise Problem(f"The run ended early ({how}). Next: scripts/upload resume {each.file}")
    if summary["problems"]:
        why = " ".join(summary["problems"])
        raise Problem(f"{each.file} was not taken in. {why} Next: mend it, and upload it again")
    out.print(
        f"{summary['accepted']:,} accepted, {summary['duplicate']:,} duplicate, {summary['refused']:,} refused, "
        f"{summary['missing']:,} missing"
    )
    if summary["missing"]:
        next_step(f"scripts/upload resume {each.file}", stack.account)
    elif summary["refused"]:
        next_step(f"scripts/upload report {each.file}", stack.account)
    return 1 if summary["refused"] or summary["missing"] else 0


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "status": _status, "report": _report, "resume": _resume, "link": _link,
}  # fmt: skip


if __name__ == "__main__":
    run(main)
