"""docs/law.md says what the rule sets say, and scripts/law shows a country's."""

import pytest
from outreach.mail_law.rule_sets import RULE_SETS, STRICTEST

from operations import law, law_page
from operations.terminal import Problem


def test_the_page_is_as_the_rules_are():
    """Written anew by scripts/law document."""
    assert law_page.PAGE.read_text() == law_page.page()


def test_the_page_says_what_it_is_not_and_has_every_source():
    page = law_page.page()

    assert "**Not legal advice.**" in page
    for rules in (*RULE_SETS, STRICTEST):
        for rule in (*rules.grounds, *rules.duties):
            assert rule.source in page


def test_the_page_explains_every_word_that_it_uses():
    grounds = [ground for rules in (*RULE_SETS, STRICTEST) for ground in rules.grounds]

    assert {ground.basis for ground in grounds} == set(law_page.BASES)
    assert {duty.name for duty in STRICTEST.duties} == set(law_page.DUTIES)


def test_a_country_is_shown_by_its_name_or_code(capsys):
    law.main(["show", "Germany"])

    shown = capsys.readouterr().out
    assert "de-uwg" in shown
    assert "soft_opt_in" in shown


def test_a_country_that_is_none_is_refused_in_words():
    with pytest.raises(Problem, match="ISO 3166"):
        law.main(["show", "Atlantis"])


def test_the_door_writes_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(law_page, "write", lambda: (tmp_path / "law.md").write_text(law_page.page()))
    law.main(["document"])

    assert (tmp_path / "law.md").exists()
    assert "docs/law.md" in capsys.readouterr().out
