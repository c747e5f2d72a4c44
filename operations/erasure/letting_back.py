"""scripts/forget --lift: a customer who was forgotten has come back, and what they consented to since counts."""

import argparse
import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from agent_platform.moments import iso
from outreach.erasure.lifting import Lifted

from operations.erasure.estate import Estate
from operations.terminal import Problem, confirmed, next_step, out, plain, print_json


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of it."""
    group = parser.add_argument_group("when a customer who was forgotten comes back")
    group.add_argument("--lift", action="store_true", help="instead: let them be known and written to again")
    group.add_argument("--consented", type=moment, metavar="WHEN",
                       help="when they gave the new consent, as 2026-11-21 or 2026-11-21T15:00Z")  # fmt: skip
    group.add_argument("--reason", metavar="WORDS", help="on what ground, without naming them; it is kept")
    group.add_argument("--by", help="who decided it (default: you)")
    group.add_argument("--yes", action="store_true", help="lift without asking")


def unlifted(given: argparse.Namespace) -> list[str]:
    """What was given that is for --lift alone, without --lift: who means to let somebody back must never erase them."""
    if given.lift:
        return []
    return [f"--{name}" for name in ("consented", "reason", "by", "yes") if getattr(given, name) not in (None, False)]


def moment(given: str) -> datetime:
    """A moment or the beginning of a day as it is typed, in UTC unless it says otherwise."""
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given} is no moment such as 2026-11-21T15:00Z, and no day") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def let_back(estate: Estate, given: argparse.Namespace) -> None:
    """Lift it once and tell it; Problem with everything that speaks against it. Again it changes nothing."""
    person = estate.person
    known = estate.contacts.known_of(person.tenant, person.reference)
    if "forgottenAt" not in known:
        _tell(estate, _lifted_before(estate, known), "already", given)
        return
    lifted = _wanted(estate, known, given)
    if not given.yes and not confirmed(_question(estate, lifted)):
        raise Problem("Nothing was lifted")
    if not estate.lifting.lift(person.tenant, person.reference, lifted):
        raise Problem(f"{person.reference} was lifted or forgotten by somebody else meanwhile. Next: the same command")
    _tell(estate, lifted, "now", given)


def _lifted_before(estate: Estate, known: dict[str, Any]) -> Lifted:
    person = estate.person
    if lifted := estate.lifting.of(person.tenant, person.reference):
        return lifted
    stands = f"; {known['suppressed']} since {known['suppressedAt']}, and that stays" if "suppressed" in known else ""
    raise Problem(f"{person.reference} of {person.tenant} was never forgotten, so there is nothing to lift{stands}")


def _wanted(estate: Estate, known: dict[str, Any], given: argparse.Namespace) -> Lifted:
    forgotten_at = known["forgottenAt"]
    problems = []
    if "allForgotten" not in known:
        problems.append("forgetting them isn't finished, and what is left would be theirs again; first run "
                        f"scripts/forget {estate.person.tenant} {estate.person.reference}")  # fmt: skip
    if not given.reason:
        problems.append("say on what ground: --reason 'they asked for offers again at the counter'")
    if given.consented is None:
        problems.append("say when they gave the new consent: --consented 2026-11-21T15:00Z")
    elif not datetime.fromisoformat(forgotten_at) < given.consented <= estate.now:
        problems.append(f"a consent counts that was given since they were forgotten, {forgotten_at}, and not in the "
                        "future; if it was on that day, say the moment: --consented 2026-11-21T15:00Z")  # fmt: skip
    if problems:
        raise Problem("; ".join(problems))
    return Lifted(
        at=iso(estate.now), by=given.by or getpass.getuser(), reason=given.reason, consented_at=iso(given.consented),
        forgotten_at=forgotten_at, suppressed=known["suppressed"], suppressed_at=known["suppressedAt"],
    )  # fmt: skip


def _question(estate: Estate, lifted: Lifted) -> str:
    what = f"forgotten {lifted.forgotten_at}"
    if lifted.suppressed_at != lifted.forgotten_at:
        what += f", {lifted.suppressed} {lifted.suppressed_at}"
    return (f"Let {estate.person.reference} of {estate.person.tenant} ({what}) be written to again, by the consent of "
            f"{lifted.consented_at}?")  # fmt: skip


def _tell(estate: Estate, lifted: Lifted, when: str, given: argparse.Namespace) -> None:
    person = estate.person
    if given.json:
        print_json({"tenant": person.tenant, "customer": person.reference, "lifted": when, **asdict(lifted)})
        return
    told = "was lifted already" if when == "already" else "is lifted"
    out.print(plain(f"{person.reference} of {person.tenant} {told}: {lifted.at} by {lifted.by}, {lifted.reason}"),
              soft_wrap=True)  # fmt: skip
    out.print("What is sent of them from now on is taken in, also what it tells of before: older services, an older "
              "consent. What came while they were forgotten is kept for a day: scripts/rerun", style="dim")  # fmt: skip
    next_step(f"scripts/export {person.tenant} {person.reference}", given.account)
