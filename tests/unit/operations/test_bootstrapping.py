"""What each account gets: three accounts, one account with three stacks, and those of the local AWS."""

from dataclasses import replace

import pytest
import yaml

from operations import accounts
from operations.accounts import ROOT
from operations.bootstrapping.pages import pages
from operations.terminal import Problem
from tests.infrastructure.account_roles import page

IDS = {"tooling": "999999999999", "dev": "111111111111", "test": "222222222222", "prod": "333333333333"}


def of_its_own(account):
    return account.id or IDS[account.name]


def of_one(account):
    return account.id or "555555555555"


@pytest.fixture
def page_of_accounts(monkeypatch):
    """Fills in what a team would write into accounts.toml."""

    def fill(name, **told):
        changed = accounts.every() | {name: replace(accounts.named(name), **told)}
        monkeypatch.setattr(accounts, "every", lambda: changed)

    return fill


def made(name, id_of):
    return [(each.template, each.stack_name) for each in pages(accounts.named(name), id_of)]


@pytest.mark.parametrize("id_of", [of_its_own, of_one])
def test_every_parameter_that_a_page_asks_for_is_given_and_none_that_it_doesn_t_know(
    id_of, page_of_accounts, monkeypatch
):
    page_of_accounts("tooling", sink="arn:aws:oam:us-east-1:999999999999:sink/one", email="a@example.com")
    for name in ("dev", "test", "prod"):
        page_of_accounts(name, email=f"{name}@example.com")
    page_of_accounts("management", root="r-1234")
    monkeypatch.setattr(accounts, "github_repository", lambda: "owner/name")

    for account in (each for each in accounts.every().values() if each.name != "local"):
        for each in pages(account, id_of):
            known = page(each.template).get("Parameters", {})
            assert {name for name, told in known.items() if "Default" not in told} <= set(each.parameters) <= set(known)
            assert each.body.startswith("AWSTemplateFormatVersion")


def test_three_accounts_have_each_a_trail_and_show_themselves_to_the_fourth(page_of_accounts):
    page_of_accounts("tooling", sink="arn:aws:oam:us-east-1:999999999999:sink/one")

    assert made("tooling", of_its_own) == [
        ("tooling", "referral-tooling"), ("trail", "referral-trail"), ("sink", "referral-sink"),
    ]  # fmt: skip
    assert made("prod", of_its_own) == [
        ("trail", "referral-trail"), ("account", "referral-account-prod"), ("link", "referral-link"),
    ]  # fmt: skip


def test_one_account_has_one_trail_nothing_to_show_itself_and_roles_for_each_stack():
    assert made("tooling", of_one) == [("tooling", "referral-tooling"), ("trail", "referral-trail")]
    assert [made(name, of_one) for name in ("dev", "test", "prod")] == [
        [("account", "referral-account-dev")], [("account", "referral-account-test")],
        [("account", "referral-account-prod")],
    ]  # fmt: skip


def test_the_local_aws_gets_what_it_knows():
    assert made("local-tooling", of_its_own) == [("tooling", "referral-tooling")]
    assert made("local-prod", of_its_own) == [("account", "referral-account-local-prod")]


def test_artefacts_are_built_in_the_first_account_only():
    built = {name: next(iter(pages(accounts.named(f"local-{name}"), of_its_own))).parameters["Builds"] for name in IDS
             if name != "tooling"}  # fmt: skip

    assert built == {"dev": "yes", "test": "no", "prod": "no"}


def test_the_tooling_account_knows_whose_account_is_which():
    [made_of_local] = pages(accounts.named("local-tooling"), of_its_own)

    assert made_of_local.parameters == {
        "DeployTarget": "local", "Names": "local-", "DevAccountId": "111111111111", "TestAccountId": "222222222222",
        "ProdAccountId": "333333333333",
    }  # fmt: skip


def test_one_account_has_github_s_provider_once_and_each_of_three_its_own(monkeypatch):
    """A second stack can't make it, and tags of another environment would change it each time."""
    monkeypatch.setattr(accounts, "github_repository", lambda: "owner@12/name@34")
    with_it = {id_of: [name for name in ("dev", "test", "prod") if ("github", "referral-github") in made(name, id_of)]
               for id_of in (of_one, of_its_own)}  # fmt: skip

    assert with_it == {of_one: ["dev"], of_its_own: ["dev", "test", "prod"]}


def test_an_organization_of_accounts_that_are_there_makes_none(page_of_accounts):
    for name, id_ in IDS.items():
        page_of_accounts(name, id=id_)
    page_of_accounts("management", root="r-1234")
    page_of_accounts("prod", id=IDS["prod"], region="eu-central-1")
    [organization] = pages(accounts.named("management"), of_its_own)

    assert {value for name, value in organization.parameters.items() if name.endswith("Email")} == {""}
    assert organization.parameters["Regions"] == "eu-central-1,us-east-1"
    assert organization.parameters["ModelRegions"] == accounts.named("management").model_regions
    page_of_accounts("prod", id=IDS["prod"], email="prod@example.com")
    with pytest.raises(Problem, match="ToolingEmail, DevEmail, TestEmail\\."):
        made("management", of_its_own)


def test_an_organization_says_what_it_lacks_all_at_once(page_of_accounts):
    page_of_accounts("dev", email="dev@example.com")

    with pytest.raises(Problem, match="ToolingEmail, TestEmail, ProdEmail, RootId"):
        made("management", of_its_own)


def test_every_page_is_somebody_s():
    written = {path.stem for path in (ROOT / "accounts").glob("*.yaml")}
    bootstrapping = (ROOT / "operations/bootstrapping/pages.py").read_text()

    assert {name for name in written if f'"{name}"' not in bootstrapping} == set()
    assert all(yaml.compose((ROOT / "accounts" / f"{name}.yaml").read_text()) for name in written)
