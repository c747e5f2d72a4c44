"""What accounts.toml may say, and how it is told what is wrong in it."""

import pytest

from operations import accounts
from operations.accounts import problems
from operations.bootstrapping import __main__ as bootstrapping
from operations.terminal import Problem


def tables(**ids):
    of = {"tooling": {}, "dev": {"tooling": "tooling"}, "test": {"tooling": "tooling", "after": "dev"}}
    return {
        name: {"target": "aws", "region": "us-east-1", "id": ids.get(name, ""), **told} for name, told in of.items()
    }


def test_ids_may_be_filled_in_or_left_open():
    assert list(problems(tables())) == []
    assert list(problems(tables(tooling="9" * 12, dev="1" * 12, test="2" * 12))) == []


def test_some_ids_and_others_not_would_lead_to_the_wrong_account():
    assert list(problems(tables(dev="1" * 12))) == [
        "fill in the id of test, tooling too, or none: with none they are one account"
    ]


def test_everything_that_is_wrong_is_told_at_once():
    wrong = tables(tooling="9" * 12, dev="123", test="2" * 12)
    wrong["test"] |= {"after": "staging", "colour": "red"}

    assert sorted(problems(wrong)) == [
        "dev: an id has twelve digits, in quotes, or none",
        "test: colour is nothing that an account has",
        "test: staging is no account",
    ]


def test_an_id_without_its_quotes_loses_its_zeros():
    [problem] = problems(tables() | {"dev": {"target": "aws", "id": 12345678901}})

    assert problem == "dev: an id has twelve digits, in quotes, or none"


def test_what_the_file_says_is_checked_whenever_it_is_read(monkeypatch):
    monkeypatch.setattr(accounts, "_page", lambda: tables(dev="1" * 12))
    accounts.every.cache_clear()
    try:
        with pytest.raises(Exception, match=r"accounts/accounts.toml:\n  fill in the id of test, tooling"):
            accounts.every()
    finally:
        accounts.every.cache_clear()


def test_bootstrapping_all_is_for_one_account(monkeypatch):
    chosen = bootstrapping._chosen(None)
    assert [account.name for account in chosen] == ["tooling", "dev", "test", "prod"]

    filled = tables(tooling="9" * 12, dev="1" * 12, test="2" * 12)
    monkeypatch.setattr(accounts, "named", lambda name: accounts.Account(name=name, **filled[name]))
    with pytest.raises(
        Problem, match="one after the other, with its credentials:\n  scripts/bootstrap --account tooling"
    ):
        list(bootstrapping._chosen(None))
