"""scripts/recover: a stack's knowledge out of it, and into the one that stands in its place."""

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from operations.recovery.exporting import export
from operations.recovery.holdings import Holdings
from operations.recovery.restoring import restore
from operations.stack import Stack
from operations.terminal import arguments, err, next_step, out, plain, run, with_account


def main(argv: Sequence[str]) -> None:
    """scripts/recover."""
    parser = arguments(
        "recover",
        "Take what a stack knows out of it, and put it into one that was deployed anew (docs/recovery.md).",
        account=False,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, said in (
        ("export", "tables, buckets, secrets and parameters into a new folder, readable by you alone"),
        ("restore", "all of it over what a stack holds; what was on its way starts again"),
    ):
        sub = commands.add_parser(name, help=said, description=said)
        sub.add_argument("folder", type=Path, metavar="FOLDER")
        with_account(sub)
    given = parser.parse_args(argv)
    holdings = Holdings(Stack(given.account))
    done = (export if given.command == "export" else restore)(holdings, given.folder)
    for line in done:
        out.print(Text("✓ ", style="green") + plain(line), soft_wrap=True)
    if given.command == "export":
        err.print(
            plain(f"{given.folder} holds people's data and secrets: keep it encrypted, and delete it."), soft_wrap=True
        )
    else:
        next_step("scripts/messages list", given.account)


if __name__ == "__main__":
    run(main)
