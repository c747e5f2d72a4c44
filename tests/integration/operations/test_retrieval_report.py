"""scripts/report retrieval: what past cases add, what each is worth, and why some aren't read."""

import json
from types import SimpleNamespace

import pytest
from agent_platform.items import to_item
from agent_platform.retrieval.credits import Credits
from agent_platform.retrieval.weighing import refresh
from rich.console import Console

from operations import report, retrieval_report, terminal
from operations.terminal import Problem

TENANT, PURPOSE = "greenedge", "upsell"
LATER = 4_000_000_000


@pytest.fixture
def account(account, crm, monkeypatch):
    account.outputs |= {"CaseCredits": "CaseCreditsTable", "OutreachCases": "OutreachCasesTable"}
    monkeypatch.setattr(report, "Stack", lambda _: account)
    return account


@pytest.fixture
def settle(account):
    """Settle so many messages with these cases, of which so many went well and so many harmed."""
    case_credits = Credits(table="CaseCreditsTable", dynamodb=account.dynamodb)

    def settle(cases, *, uses, good=0, harmed=0, arm="retrieved"):
        for number in range(uses):
            items = case_credits.counted(TENANT, PURPOSE, cases, arm, good=number < good, harmed=number < harmed)
            account.dynamodb.transact_write_items(TransactItems=items)
        refresh(case_credits, TENANT, PURPOSE)

    return settle


@pytest.fixture
def entry(account):
    def entry(name, *, segment="gutter cleaning#first year", **values):
        service, _, tenure = segment.rpartition("#")
        item = {"segmentKey": f"{TENANT}#{PURPOSE}#{segment}", "entry": name, "tenant": TENANT, "customer": "c-1",
                "purpose": PURPOSE, "service": service, "tenure": tenure, "expiresAt": LATER} | values  # fmt: skip
        account.dynamodb.put_item(TableName="OutreachCasesTable", Item=to_item(item))

    return entry


def found(capsys, *arguments):
    report.main(["retrieval", "--json", *arguments])
    return json.loads(capsys.readouterr().out)


def printed(capsys, monkeypatch, width=120):
    console = Console(highlight=False, emoji=False, width=width)
    for module in (report, retrieval_report, terminal):
        monkeypatch.setattr(module, "out", console)
    report.main(["retrieval"])
    return capsys.readouterr().out


def test_before_anything_is_settled_it_says_so_and_when_it_will_be(account, capsys, monkeypatch):
    assert found(capsys) == []
    assert "No message is settled yet" in printed(capsys, monkeypatch)


def test_what_past_cases_add_is_the_difference_of_the_arms_with_its_interval(settle, capsys):
    settle(["sells"], uses=60, good=30)
    settle([], uses=40, good=4, arm="held_out")

    [of] = found(capsys)

    assert (of["tenant"], of["purpose"]) == (TENANT, PURPOSE)
    assert of["arms"]["held_out"] == {"uses": 40, "good": 4, "harmed": 0}
    assert of["uplift"]["difference"] == pytest.approx(0.4)
    assert 0.2 < of["uplift"]["low"] < 0.4 < of["uplift"]["high"] < 0.6
    assert of["uplift"]["needed"] == 0


def test_cases_are_listed_by_credit_and_a_quarantined_one_with_why(settle, capsys):
    settle(["sells"], uses=20, good=12)
    settle(["spoils"], uses=60)

    [of] = found(capsys)

    assert [(each["case"], each["standing"]) for each in of["cases"]] == [
        ("sells", "lifted"),
        ("spoils", "quarantined"),
    ]
    assert "0 of 60 went well, 12 of 20 without it" in of["cases"][1]["why"]


def test_what_was_made_is_counted_and_what_is_withheld_says_how_many_customers_it_waits_for(entry, capsys):
    for number in range(3):
        entry(f"member#c-{number}")
    entry("case#a", status="withheld")
    entry("case#b", status="withheld")
    entry("case#c", status="refused", why="of its findings")
    entry("case#d", status="removing", customer="nobody")
    entry("case#e", status="withheld", expiresAt=1)
    entry("case#f", status="published", segment="fall aeration#longer")

    [of] = found(capsys)

    assert of["made"] == {"withheld": 2, "refused": 1, "taken back": 1, "published": 1}
    assert of["withheld"] == [
        {"service": "gutter cleaning", "tenure": "first year", "cases": 2, "customers": 3, "customers_needed": 5}
    ]
    assert of["refused"] == {"of its findings": 1}


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_the_terminal_and_says_all_of_it(settle, entry, capsys, monkeypatch, width):
    settle(["upsell-fall-aeration-0123456789ab"], uses=20, good=12)
    settle(["upsell-leaf-removal-ba9876543210"], uses=60)
    settle([], uses=9, good=2, arm="held_out")
    entry("member#c-1")
    entry("case#a", status="withheld")

    text = printed(capsys, monkeypatch, width)

    assert max(map(len, text.splitlines())) <= width
    flat = " ".join(text.split())
    assert "Not known yet whether they help: −7.2 points" in flat
    assert "more settled messages are needed" in flat
    assert "upsell-leaf-removal-ba9876543210" in flat
    assert "% sure that it does less than 50 % of what is usual" in flat
    assert "withheld 1 case: gutter cleaning, first year has 1 of 5 customers" in flat


@pytest.mark.parametrize(
    ("uplift", "said"),
    [
        ({"difference": 0.06, "low": 0.01, "high": 0.11, "needed": 0}, "Past cases help: +6.0 points, between +1.0"),
        ({"difference": -0.06, "low": -0.11, "high": -0.01, "needed": 0}, "Past cases do harm: −6.0 points"),
        ({"difference": 0.0, "low": -0.02, "high": 0.02, "needed": 0}, "They make no difference of 5 points or more"),
        ({"difference": None, "low": None, "high": None, "needed": 900}, "Not known yet: of one of both there is no"),
    ],
)
def test_the_answer_is_a_sentence(uplift, said):
    assert retrieval_report.answer(uplift).startswith(said)


def test_an_unknown_company_is_refused_with_those_that_there_are(account):
    with pytest.raises(Problem, match="There are: greenedge"):
        report.main(["retrieval", "--tenant", "nobody"])


def test_a_tenant_reads_its_own(settle, account, stack, capsys):
    settle(["sells"], uses=1)
    stack.add_source("brightnest-crm", "brightnest")

    assert found(capsys, "--tenant", "brightnest") == []
    assert SimpleNamespace(**found(capsys, "--tenant", TENANT)[0]).tenant == TENANT


def test_a_service_may_have_the_keys_own_sign_in_its_name(entry, capsys):
    entry("member#c-1", segment="unit #2 cleaning#longer")
    entry("case#a", segment="unit #2 cleaning#longer", status="withheld")

    report.main(["retrieval", "--json"])

    [found] = json.loads(capsys.readouterr().out)
    assert [(each["service"], each["tenure"], each["customers"]) for each in found["withheld"]] == [
        ("unit #2 cleaning", "longer", 1)
    ]


def test_it_is_written_as_a_page_too(settle, account, capsys, tmp_path):
    settle(["sells"], uses=60, good=30)

    report.main(["retrieval", "--html", str(tmp_path / "page.html")])

    assert f"{TENANT} · {PURPOSE}" in (tmp_path / "page.html").read_text()
    assert f"{TENANT} · {PURPOSE}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["retrieval", "--since", "24h"], ["--tenant", TENANT], ["--since", "soon"]])
def test_what_does_not_go_together_is_refused_before_anything_is_asked(arguments, capsys):
    with pytest.raises(SystemExit):
        report.main(arguments)
    assert "usage: scripts/report" in capsys.readouterr().err
