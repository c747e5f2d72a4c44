"""The rule sets: every country has one, every rule a source, and the strictest keeps them all."""

import hashlib
from itertools import product
from typing import get_args

import pytest
from outreach.contracts import Purpose
from outreach.mail_law.rule_sets import CANADA, GERMANY, RULE_SETS, STRICTEST, UNITED_STATES, VERSION, rules_for
from outreach.mail_law.rules import Basis, DutyName
from outreach.preparation.countries import CODES

# What the rules were when VERSION was last changed: who changes a rule changes both.
DIGEST = ("2026-11-22", "e8e66f029fdd602e")


def test_a_changed_rule_is_a_new_version() -> None:
    told = "\n".join(repr((each.name, sorted(each.countries), _sorted(each.grounds), _sorted(each.duties), each.proof))
                     for each in RULE_SETS)  # fmt: skip

    assert (VERSION, hashlib.sha256(told.encode()).hexdigest()[:16]) == DIGEST


def _sorted(rules: tuple[object, ...]) -> list[list[tuple[str, object]]]:
    """The rules with their sets in order, which differs from process to process."""
    return [
        [(name, sorted(value) if isinstance(value, frozenset) else value) for name, value in vars(rule).items()]
        for rule in rules
    ]


@pytest.mark.parametrize(
    ("country", "rules"),
    [("US", "us-can-spam"), ("PR", "us-can-spam"), ("CA", "ca-casl"), ("DE", "de-uwg"), ("FR", "eu-eprivacy"),
     ("NO", "eu-eprivacy"), ("GB", "gb-pecr"), ("CH", "strictest"), ("AU", "strictest"), (None, "strictest")],
)  # fmt: skip
def test_a_country_has_its_rule_set_and_any_other_the_strictest(country: str | None, rules: str) -> None:
    assert rules_for(country).name == rules


def test_no_country_has_two_rule_sets_and_every_one_exists() -> None:
    listed = [country for each in RULE_SETS for country in each.countries]

    assert len(listed) == len(set(listed))
    assert set(listed) <= CODES


@pytest.mark.parametrize("rules", [*RULE_SETS, STRICTEST], ids=lambda rules: rules.name)
def test_every_rule_has_a_source_and_stands_once(rules) -> None:
    assert all(rule.source.strip() for rule in (*rules.grounds, *rules.duties))
    assert len({ground.basis for ground in rules.grounds}) == len(rules.grounds)
    assert len({duty.name for duty in rules.duties}) == len(rules.duties)
    # These are the law wherever there is one.
    assert {"identity", "honest_subject", "unsubscribe"} <= {duty.name for duty in rules.duties}
    assert rules.ground("express")


@pytest.mark.parametrize("rules", RULE_SETS, ids=lambda rules: rules.name)
@pytest.mark.parametrize(("basis", "purpose"), list(product(get_args(Basis), get_args(Purpose))))
def test_what_suffices_by_the_strictest_suffices_everywhere(rules, basis: str, purpose: Purpose) -> None:
    strict, there = STRICTEST.ground(basis), rules.ground(basis)

    if strict and purpose in strict.purposes:
        assert there
        assert purpose in there.purposes
        assert there.days is None or (strict.days is not None and strict.days <= there.days)
    assert STRICTEST.proof or not rules.proof


@pytest.mark.parametrize("basis", get_args(Basis))
def test_the_strictest_has_every_duty_of_every_set(basis: str) -> None:
    asked = {duty.name for each in RULE_SETS for duty in each.duties_on(basis)}

    assert {duty.name for duty in STRICTEST.duties_on(basis)} == asked
    assert asked <= set(get_args(DutyName))


def test_what_the_sets_are_known_for() -> None:
    assert {ground.basis for ground in UNITED_STATES.grounds} == set(get_args(Basis))
    assert UNITED_STATES.proof is None
    assert CANADA.ground("existing_customer").days == 730
    assert CANADA.ground("inquiry").days == 181
    assert GERMANY.ground("existing_customer") is None
    assert GERMANY.ground("soft_opt_in").purposes == {"upsell"}
