"""docs/law.md, written from the rule sets, so that the page never promises what no code checks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from outreach.contracts import Purpose
from outreach.mail_law.rule_sets import RULE_SETS, STRICTEST, VERSION
from outreach.mail_law.rules import Basis, DutyName, Ground, RuleSet

from operations.stack import ROOT

PAGE = ROOT / "docs" / "law.md"

BASES: dict[Basis, str] = {
    "express": "asked, and agreed to e-mail",
    "soft_opt_in": "a customer whose address was taken at a sale, who could refuse then and in every mail, and didn't",
    "existing_customer": "a customer who was never asked",
    "inquiry": "asked for an offer, and bought nothing yet",
}
DUTIES: dict[DutyName, str] = {
    "identity": "The company's name stands in the mail.",
    "honest_subject": "The subject is no false reply or forward, and no false bill, warning or prize.",
    "postal_address": "The company's postal address stands in the mail.",
    "contact": "A phone number, website or e-mail address of the company stands in the mail.",
    "unsubscribe": "A line says how to unsubscribe, by an https link that the header `List-Unsubscribe` has too.",
    "advertisement": "A line says that the mail is an advertisement.",
}
_INTRODUCTION = f"""\
# Marketing law

**Not legal advice.** These are rules that code can check, for a lawyer to read: what isn't here isn't checked. This
page is written from `outreach/mail_law` by `scripts/law document`, and a test compares both. The rules' version:
{VERSION}.

- **Which law**: that of the country in the customer's address. A country without a rule set here, and one that isn't
  known, gets the strictest: only what suffices in all the others, and every duty of any of them.
- **Consent**: Validate skips a customer with the reason `consent_not_enough` if the recorded basis (`consent.basis` in
  the event) doesn't suffice for the purpose, is too old, or nothing says how it was given where that must be proved. A
  consent without a basis is `express`, unless the brand says otherwise (`consent.unless_stated`). In every country a
  consent needs the channel and a date, also where the law asks for none.
- **The mail**: Generate finds a dishonest subject, so that it is rewritten. The lines below the text are written by
  code, with the brand's words for the basis and the locale (`footer.variants`). Store holds the finished mail against
  the law again, and rejects what breaks it, whatever the judge said. The message keeps the rule set, its version, the
  country, the basis and what was broken.
- **Objections**: an unsubscription or complaint suppresses the customer for good. `List-Unsubscribe-Post` (RFC 8058) is
  sent if the brand says that its page takes a POST (`footer.one_click`); who sends the mail signs both headers (DKIM),
  and the company keeps the page working: 60 days after the last mail satisfies all sets here.
- **Our reading**: soft opt-in covers advertising for the company's own similar services. To ask for a recommendation
  isn't plainly that, so where the law has this limit it counts for upsells only. Two years are 730 days and six months
  181, the fewest that they can be. Member states of the European Union may ask for more than the directive.
"""


def page(sets: Sequence[RuleSet] = (*RULE_SETS, STRICTEST)) -> str:
    """The page on these rule sets; the same rules always give the same text."""
    return "\n".join([_INTRODUCTION, *_bases(), *_duties(), *(line for rules in sets for line in _section(rules))])


def write(path: Path = PAGE) -> None:
    """Write the page anew."""
    path.write_text(page(), encoding="utf-8")


def holds_for(ground: Ground) -> str:
    """How long a basis suffices, and from when."""
    start = "the last service" if ground.counted_from == "last_service" else "its date"
    return "until withdrawn" if ground.days is None else f"{ground.days} days from {start}"


def purposes_of(ground: Ground) -> str:
    """For which messages a basis suffices."""
    return "all" if ground.purposes == set(get_args(Purpose)) else ", ".join(sorted(ground.purposes))


def _bases() -> Iterator[str]:
    yield from ("## Bases of a consent", "", _row(("Basis", "Who")), _row(["---"] * 2))
    yield from (_row((f"`{basis}`", who)) for basis, who in BASES.items())
    yield ""


def _duties() -> Iterator[str]:
    yield from ("## Duties of a mail", "", _row(("Duty", "What is checked")), _row(["---"] * 2))
    yield from (_row((f"`{duty}`", what)) for duty, what in DUTIES.items())
    yield ""


def _section(rules: RuleSet) -> Iterator[str]:
    yield from (f"## `{rules.name}`", "", f"{rules.title}.", "")
    if rules.countries:
        yield from (f"Countries: {', '.join(sorted(rules.countries))}.", "")
    proved = f"the record must say how the consent was given ({rules.proof})" if rules.proof else "none asked for"
    yield from (f"Proof: {proved}.", "", _row(("Basis", "For", "Holds", "Source")), _row(["---"] * 4))
    yield from (
        _row((f"`{ground.basis}`", purposes_of(ground), holds_for(ground), ground.source)) for ground in rules.grounds
    )
    yield from ("", _row(("Duty", "Unless", "Source")), _row(["---"] * 3))
    yield from (
        _row((f"`{duty.name}`", ", ".join(f"`{basis}`" for basis in sorted(duty.unless)), duty.source))
        for duty in rules.duties
    )
    yield ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
