"""scripts/agents and scripts/seed: what they print, and that every change goes through the stack's Lambdas."""

import json
import re
from contextlib import redirect_stdout
from io import BytesIO, StringIO
from types import SimpleNamespace

import pytest
from agent_platform import invocations

from operations import seed, terminal
from operations.agents import __main__ as agents
from operations.agents import histories, probing, registering, releasing, versions
from operations.terminal import Problem
from tests.integration.stack import RESOURCES, ROOT

FUNCTIONS = {"RegisterAgent", "DeployAgent", "RollBackAgent", "ProbeJudge"}
AGENT = "platform#outreach-writer"
FOLDER = ROOT / "agents/outreach-writer"


@pytest.fixture
def account(stack, monkeypatch):
    """The stack in the terms of operations.stack.Stack, its Lambdas as they are deployed."""

    def invoke(FunctionName, Payload):  # noqa: N803 - Lambda's own names
        # Its log isn't what the door prints.
        with redirect_stdout(StringIO()):
            answer = stack.invoke(f"{FunctionName}Function", json.loads(Payload))
        return {"Payload": BytesIO(json.dumps(answer).encode())}

    manifest = RESOURCES["OutreachManifest"]["Properties"]["Value"]["Fn::Sub"]
    stack.clients("ssm").put_parameter(Name="/referral-system/test/workflows/outreach", Value=manifest, Type="String")
    own = {"lambda": SimpleNamespace(invoke=invoke)}
    made = SimpleNamespace(
        account="test",
        client=lambda name: own.get(name) or stack.clients(name),
        outputs={name: name for name in FUNCTIONS}
        | {"AgentRegistry": stack.table("AgentRegistryTable"), "Evaluations": stack.table("EvaluationsBucket")},
        dynamodb=stack.clients("dynamodb"),
        registry=stack.registry(),
        aliases=stack.aliases(),
    )
    monkeypatch.setattr(agents, "Stack", lambda account: made)
    return made


@pytest.fixture
def door(account, capsys, monkeypatch):
    """Give a command and read what it prints on a terminal of some width: stdout, and what to type next."""
    monkeypatch.setattr(terminal.out, "width", 140)

    def door(*argv):
        agents.main(argv)
        return capsys.readouterr()

    return door


@pytest.fixture
def changed(tmp_path):
    """The writer's folder with another temperature and another word."""
    config = json.loads((FOLDER / "config.json").read_text())
    config["inference"]["temperature"] = 0.4
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "prompt.md").write_text((FOLDER / "prompt.md").read_text().replace("short paragraphs", "one paragraph"))
    return tmp_path


@pytest.fixture
def two(door, changed):
    """Two versions of the writer, the first in production."""
    door("register", str(FOLDER))
    door("promote", "outreach-writer", "1", "--reason", "first", "--by", "anna")
    door("register", str(changed), "--label", "cooler")
    return door


def test_from_a_folder_to_production_and_back(door, changed, account):
    first = door("register", str(FOLDER))
    assert first.out == "outreach-writer version 1: draft\n"
    assert "Next: scripts/agents promote outreach-writer 1 --reason" in first.err
    promoted = door("promote", "outreach-writer", "1", "--reason", "first")
    assert promoted.out == "outreach-writer: version 1 is in production, for new runs within 30 s\n"
    second = door("register", str(changed))
    assert "Next: scripts/agents diff outreach-writer 1 2" in second.err
    door("promote", "outreach-writer", "2", "--reason", "better")
    assert "version 1 is in production" in door("rollback", "outreach-writer", "--reason", "worse").out
    assert [change.action for change in account.aliases.history(AGENT)] == ["promote", "promote", "roll_back"]


def test_the_list_says_what_stands_where(two, account):
    account.aliases.open_rollout(AGENT, {}, candidate=2, share=1000, by="a", reason="r", now=seed_time())
    lines = two("list").out.splitlines()
    assert re.search(r"outreach-writer +1 +production ", lines[2])
    assert re.search(r"outreach-writer +2 +testing 10 % +cooler ", lines[3])
    assert [row["status"] for row in json.loads(two("list", "--json").out)] == ["production", "testing"]


def seed_time():
    return terminal.moment("2026-11-21")


def test_a_version_is_shown_whole(two):
    shown = two("show", "outreach-writer", "2").out
    assert shown.startswith("outreach-writer 2 draft · cooler\nregistered ")
    assert '"temperature": 0.4' in shown
    assert "one paragraph" in shown
    assert json.loads(two("show", "outreach-writer", "--json").out)["version"] == 1


def test_a_diff_shows_what_changed_and_nothing_else(two):
    shown = two("diff", "outreach-writer", "1", "2")
    changes = [line for line in shown.out.splitlines() if line[0] in "+-" and " of version " not in line]
    assert [line[0] for line in changes] == ["-", "+", "-", "+"]
    assert changes[1].strip() == '+    "temperature": 0.4'
    assert "Next: scripts/agents evaluate outreach-writer 2" in shown.err


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["promote", "outreach-writer", "9", "--reason", "x"], "version 9 of platform#outreach-writer is not reg"),
        (["retire", "outreach-writer", "1", "--reason", "x"], "version 1 is in production"),
        (["rollback", "outreach-writer", "--reason", "x"], "say which one to go back to"),
        (["show", "outreach-writer", "9"], "There is no version 9 of outreach-writer"),
        (["show", "greenedge/outreach-writer"], "Nothing of greenedge/outreach-writer is in production"),
        (["diff", "outreach-writer", "1", "7"], "There is no version 7"),
        (["history", "outreach-judge"], "outreach-judge has never been in production"),
        (["register", "no/such/folder"], "no/such/folder can't be read"),
        (["register", str(FOLDER), "--version", "5"], "this content is version 1 already, not 5"),
    ],
)
def test_what_can_t_be_done_is_said(two, argv, why):
    with pytest.raises(Problem, match=re.escape(why)):
        two(*argv)


def test_a_retired_draft_is_still_listed(two):
    two("retire", "outreach-writer", "2", "--reason", "not needed")
    assert re.search(r"outreach-writer +2 +retired", two("list").out)


def test_the_history_is_a_table_and_answers_for_a_day(two):
    two("promote", "outreach-writer", "2", "--reason", "better", "--by", "bob")
    shown = two("history", "outreach-writer").out
    assert re.search(r"1 +\d{4}-\d\d-\d\d \d\d:\d\d +promote +1 +1 +anna +first", shown)
    assert re.search(r"2 +\S+ +\S+ +promote +2 +2 +bob +better", shown)
    assert [each["reason"] for each in json.loads(two("history", "outreach-writer", "--json").out)] == [
        "first",
        "better",
    ]
    before = two("history", "outreach-writer", "--on", "2020-01-01").out
    assert before == "2020-01-01 23:59:59 UTC, platform, outreach-writer: nothing was in production\n"
    now = two("history", "outreach-writer", "--tenant", "greenedge").out
    assert "greenedge, outreach-writer: version 2 of outreach-writer, as it was since" in now


def test_a_day_in_a_rollout_says_who_got_what(two, account):
    account.aliases.open_rollout(AGENT, {}, candidate=2, share=1000, by="a", reason="r", now=seed_time())
    said = two("history", "outreach-writer", "--on", "2999-01-01", "--tenant", "greenedge").out
    assert "10 % of the customers got version 2, in rollout 1" in said


def test_a_rollback_names_its_version_so_that_a_repeated_call_goes_back_once(two, stack):
    two("promote", "outreach-writer", "2", "--reason", "better")
    two("rollback", "outreach-writer", "--reason", "worse")
    asked = {"agent_id": AGENT, "to": 1, "by": "anna", "reason": "worse"}
    assert stack.invoke("RollBackAgentFunction", asked)["changes"] == 3


def judging(function, document):
    """A judge that overlooks rudeness."""
    faulty = "-good-" not in document["probe"] and "-rude-" not in document["probe"]
    return {"approved": not faulty, "attempts": [{"judge": {"cost_micros": 1000}}]}


@pytest.fixture
def judge(door, monkeypatch):
    """The shipped judge, a draft, which overlooks rudeness."""
    monkeypatch.setattr(invocations, "invoke", judging)
    door("register", str(ROOT / "agents/outreach-judge"))
    return door


def test_a_judge_is_probed_by_name_and_its_error_is_told_by_kind(judge):
    said = judge("probe", "outreach-judge@1", "--yes")
    assert "outreach-judge version 1 on 82 good drafts and 146 with one fault each, 30 of them twice" in said.err
    assert re.search(r"it will cost at most \$\d+\.\d{4} \(cap \$5\.00\)", said.err)
    assert re.search(r"outreach-judge version 1 tells good drafts from bad ones: discrimination 0\.9\d", said.out)
    assert re.search(r"good, approved \(sensitivity\) +82 of 82 +100% +9\d% to 100%", said.out)
    assert re.search(r"  rude +0 of 13 +0% +0% to 2\d%", said.out)
    assert "asked again, it changed 0 of 30 answers: no sign that it wavers" in said.out
    assert "spent $0.2580" in said.out
    assert "Next: scripts/agents promote outreach-judge 1 --reason" in said.err
    assert json.loads(judge("probe", "outreach-judge@1", "--json").out)["bad"]["n"] == 146


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["outreach-judge@1", "--cap", "0.01", "--yes"], "and the cap is $0.01"),
        (["outreach-judge@1"], "There is nobody to ask: add --yes"),
        (["outreach-judge"], "Nothing of outreach-judge is in production"),
        (["@", "--yes"], "@ names no version"),
        (["outreach-writer@1", "--yes"], "agents/outreach-writer/probes has no probes"),
    ],
)
def test_what_can_t_be_probed_is_said(judge, argv, why):
    with pytest.raises(Problem, match=re.escape(why)):
        judge("probe", *argv)


def test_a_lambda_that_fails_is_named(account):
    body = BytesIO(json.dumps({"errorType": "ClientError", "errorMessage": "AccessDenied"}).encode())
    failing = SimpleNamespace(invoke=lambda **_: {"FunctionError": "Unhandled", "Payload": body})
    account.client = lambda name: failing
    with pytest.raises(Problem, match="DeployAgent failed: ClientError: AccessDenied"):
        releasing.promote(account, AGENT, 1, by="anna", reason="x")


@pytest.fixture
def own_agents(tmp_path, changed, monkeypatch):
    """A repository with one agent; write `change()` to change it."""
    folder = tmp_path / "agents/outreach-writer"
    folder.mkdir(parents=True)
    for name in ("config.json", "prompt.md"):
        (folder / name).write_text((FOLDER / name).read_text())
    monkeypatch.setattr(seed, "ROOT", tmp_path)

    def change():
        for name in ("config.json", "prompt.md"):
            (folder / name).write_text((changed / name).read_text())

    return change


def seeded(account):
    return [seed._register(account, agent) for agent in seed._agents().values()]


def test_seed_promotes_a_first_version_only_and_says_what_to_type_for_a_changed_one(account, own_agents):
    assert seeded(account) == [f"agent {AGENT} version 1 in production, us.amazon.nova-lite-v1:0"]
    assert seeded(account) == [f"agent {AGENT} version 1 in production, us.amazon.nova-lite-v1:0"]
    own_agents()
    for _ in range(2):
        assert seeded(account) == [
            f"agent {AGENT} version 2 is draft, version 1 stays in production. "
            "Next: scripts/agents diff outreach-writer 1 2"
        ]
    releasing.promote(account, AGENT, 2, by="anna", reason="better")
    assert seeded(account) == [f"agent {AGENT} version 2 in production, us.amazon.nova-lite-v1:0"]
    assert len(account.aliases.history(AGENT)) == 2


def test_seeding_again_mends_a_parameter_that_stayed_behind(account, own_agents, stack):
    for _ in range(3):
        stack.clients.fail("ssm:PutParameter")
    with pytest.raises(Exception, match="InternalServerError"):
        seeded(account)
    stack.clients.forget()
    seeded(account)
    name = "/referral-system/test/agents/platform/outreach-writer"
    assert stack.clients("ssm").get_parameter(Name=name)["Parameter"]["Value"] == "1"


@pytest.mark.parametrize("module", [registering, versions, releasing, histories, probing])
def test_every_group_is_in_the_parser(module):
    assert module in agents.GROUPS
