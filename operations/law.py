"""Which law a customer is written to by, country by country, and the page about it."""

from argparse import Namespace
from collections.abc import Sequence

from outreach.mail_law.rule_sets import VERSION, rules_for
from outreach.preparation.countries import country_code

from operations import law_page
from operations.stack import ROOT
from operations.terminal import Problem, arguments, out, plain, run, table


def _show(given: Namespace) -> None:
    country = country_code(given.country)
    if country is None:
        raise Problem(f"{given.country} is no country that is known. Next: give its ISO 3166 code, as in DE")
    rules = rules_for(country)
    out.print(plain(f"{rules.name} of {VERSION}: {rules.title}. Not legal advice.", style="bold"))
    table("Consent that suffices", ("basis", "for", "holds", "source"),
          [(each.basis, law_page.purposes_of(each), law_page.holds_for(each), each.source)
           for each in rules.grounds])  # fmt: skip
    table("What each mail must have", ("duty", "unless", "what is checked", "source"),
          [(each.name, ", ".join(sorted(each.unless)) or "-", law_page.DUTIES[each.name], each.source)
           for each in rules.duties])  # fmt: skip


def _document(_: Namespace) -> None:
    law_page.write()
    out.print(f"[green]✓[/] {law_page.PAGE.relative_to(ROOT)}: rules of {VERSION}")


def main(argv: Sequence[str]) -> None:
    """scripts/law."""
    parser = arguments("law", "What the law of a country asks of a mail, as code checks it.", account=False)
    commands = parser.add_subparsers(dest="command", required=True)
    what = "the rules of a country"
    shown = commands.add_parser("show", help=what, description=f"Show {what}, each with its source.")
    shown.add_argument("country", help="its ISO 3166 code or name, as in DE or Germany")
    shown.set_defaults(do=_show)
    what = "write docs/law.md anew from the rules"
    commands.add_parser("document", help=what, description=f"To {what}.").set_defaults(do=_document)
    given = parser.parse_args(argv)
    given.do(given)


if __name__ == "__main__":
    run(main)
