"""Honest subjects: what pretends to be a reply, a bill, a warning or a prize; and what only sounds alike."""

import json
import re
from pathlib import Path

import pytest
from outreach.mail_law.subjects import dishonesty_of

from tests.unit.outreach.claims.good_drafts import GOOD_DRAFTS


@pytest.mark.parametrize(
    "subject",
    [
        "Re: your lawn",
        "RE : your lawn",
        "re[2]: your lawn",
        "Fwd: Fwd: a thank you",
        "FW: a thank you",
        "AW: Ihr Rasen",
        "WG: Ihr Rasen",
        "RV: su césped",
        "TR : votre pelouse",
        "  » Re: your lawn",
        "R\u200be: your lawn",
        "Rе: your lawn",
        "Ｒｅ： your lawn",
        "Re&#58; your lawn",
        "Your invoice for May",
        "Final notice about your offer",
        "URGENT: your garden",
        "Payment overdue",
        "Action required: your credit",
        "You've won a $25 credit",
        "Ihre Rechnung",
        "Letzte Mahnung",
        "Su factura de mayo",
        "Paiement refusé",
        "Vous avez gagné un bon",
    ],
)
def test_a_subject_that_pretends_is_named(subject: str) -> None:
    assert dishonesty_of(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "A small thank-you from {{company.name}}",
        "Refer a neighbor: {{offer.amount}} for both of you",
        "Regarding your lawn",
        "Recommend us to a friend",
        "Fall: the best time to aerate",
        "True: your lawn looks great",
        "Ready for fall aeration?",
        "Your lawn is overdue for a little care",
        "You've won us over, {{customer.first_name}}",
        "The bill for leaves: none",
        "Gewonnene Zeit für Ihren Garten",
        "Die Rechnung geht auf uns",
        "Ein Dankeschön von {{company.name}}",
        "Un agradecimiento para usted",
        "Un merci de la part de {{company.name}}",
        "",
    ],
)
def test_an_honest_subject_is_left_alone(subject: str) -> None:
    assert dishonesty_of(subject) is None


def test_the_subjects_of_good_drafts_and_of_the_recorded_run_are_honest() -> None:
    recorded = json.loads((Path(__file__).parents[4] / "events/outreach/judge.json").read_text())["draft"]

    for subject in (recorded["subject"], *(subject for subject, *_ in GOOD_DRAFTS)):
        assert dishonesty_of(subject) is None, subject


def test_a_long_hostile_subject_costs_time_in_proportion() -> None:
    """Linear patterns: no quantifier within another; what is matched at one place is bounded."""
    from outreach.mail_law import subjects

    for pattern in (subjects._REPLY, subjects._PRETENCES):
        assert not re.search(r"[+*](?!\?)", pattern.pattern.replace(r"\b", ""))
