"""The door of the feature store: its page, written from what is declared."""

from collections.abc import Sequence

from operations import feature_page
from operations.stack import ROOT
from operations.terminal import arguments, out, run


def main(argv: Sequence[str]) -> None:
    """scripts/features."""
    parser = arguments("features", "The features that are known of customers.", account=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("document", help="write docs/features.md anew, from the declared views")
    parser.parse_args(argv)
    feature_page.write()
    out.print(f"[green]✓[/] {feature_page.PAGE.relative_to(ROOT)}: {len(feature_page.VIEWS)} views")


if __name__ == "__main__":
    run(main)
