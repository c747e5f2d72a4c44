"""What models cost: by the ledger's rows, against the budgets; and the page about what a message costs."""

from collections.abc import Sequence

from operations import cost_page
from operations.stack import ROOT
from operations.terminal import arguments, out, run


def main(argv: Sequence[str]) -> None:
    """scripts/costs."""
    parser = arguments("costs", "What messages cost.", account=False)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("document", help="write docs/costs.md anew", description="Write docs/costs.md anew.")
    parser.parse_args(argv)
    cost_page.write()
    out.print(f"[green]✓[/] {cost_page.PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    run(main)
