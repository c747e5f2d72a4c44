"""The registry's promises: one version in production and a history without gaps, whoever does what and crashes where;
and each customer in one arm.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import ConfigurationError, Conflict, Refused
from agent_platform.registry import prompts
from agent_platform.registry.alias import Alias, OpenRollout
from agent_platform.registry.aliases import Aliases
from agent_platform.registry.production_parameters import ProductionParameters
from agent_platform.registry.prompts import Prompts
from agent_platform.registry.resolution import assign
from agent_platform.registry.versions import Registry

from tests.campaigns.turns import Crashed, Turns
from tests.integration.conftest import _clients, stack

__all__ = ["_clients", "stack"]

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
PARAMETERS = "/referral-system/test/agents"
COMMANDS_EACH, ACTORS, CRASHES = 7, ("anna", "bob"), 0.15
SHARES = (1000, 5000, 10_000)


class World:
    """One agent's items as they are, and everything that was ever wrong with them."""

    def __init__(self, stack, agent):
        self.agent_id, self.name, self._stack = f"platform#{agent}", agent, stack
        self.aliases, self.registry = stack.aliases(), stack.registry()
        self.violations, self._history, self._contents = [], [], {}

    def look(self):
        """Compare what is there with what must be."""
        rows, alias = self.registry.rows(self.agent_id), self.aliases.alias(self.agent_id)
        history = self.aliases.history(self.agent_id)
        by_status = {status: [row["version"] for row in rows if row["status"] == status]
                     for status in ("production", "testing")}  # fmt: skip
        promoted = any(change.production for change in history)
        hashes = {row["version"]: row["hash"] for row in rows}
        self.violations += [what for what, held in {
            "not exactly one in production": by_status["production"] == [alias.production] * promoted,
            "testing is not the open rollout's": by_status["testing"] == [
                each.candidate for each in [alias.rollout] if each],
            "a gap in the history": [change.number for change in history] == list(range(1, alias.changes + 1)),
            "the alias is not the history's last": not history or history[-1].production == alias.production,
            "the history was rewritten": history[: len(self._history)] == self._history,
            "time went back": [change.at for change in history] == sorted(change.at for change in history),
            "a gap in the versions": sorted(hashes) == list(range(1, len(hashes) + 1)),
            "a content has two versions": len(set(hashes.values())) == len(hashes),
            "a version changed": hashes.items() >= self._contents.items(),
        }.items() if not held]  # fmt: skip
        self._history, self._contents = history, hashes

    def served(self):
        """Every version that a run may have been given."""
        return {each for change in self._history for each in (change.production, change.candidate) if each}

    def clear(self):
        """Leave the table empty for the next agent, so that the last of many is as fast as the first."""
        dynamodb, table = self._stack.clients("dynamodb"), self._stack.table("AgentRegistryTable")
        for item in dynamodb.scan(TableName=table, ProjectionExpression="agentId, version")["Items"]:
            dynamodb.delete_item(TableName=table, Key=item)

    def parameter_follows(self):
        production = self.aliases.alias(self.agent_id).production
        if production is None:
            return True
        found = self._stack.clients("ssm").get_parameters(Names=[f"{PARAMETERS}/platform/{self.name}"])["Parameters"]
        return [each["Value"] for each in found] == [str(production)]


class Actor:
    """Somebody who gives random commands to one agent, each as a new process would do it."""

    def __init__(self, world, stack, turns, rng, *, tear=False):
        self._world, self._rng, self.done = world, rng, Counter()
        self._dynamodb = turns.client(_Torn(stack.clients("dynamodb"), turns) if tear else stack.clients("dynamodb"))
        self._s3, self._ssm = turns.client(stack.clients("s3")), turns.client(stack.clients("ssm"))
        self._table, self._bucket = stack.table("AgentRegistryTable"), stack.table("PromptsBucket")

    def work(self):
        for _ in range(COMMANDS_EACH):
            name = self._rng.choice(["register", "promote", "promote", "roll_back", "retire", "resolve", "roll_out"])
            outcome = "done"
            try:
                getattr(self, f"_{name}")(START + timedelta(minutes=self._rng.randrange(600)))
            except (Refused, Conflict, Crashed, ConfigurationError) as error:
                outcome = type(error).__name__
            self.done[name, outcome] += 1

    def _aliases(self):
        return Aliases(self._table, self._dynamodb)

    def _registry(self):
        return Registry(table=self._table, dynamodb=self._dynamodb, prompts=Prompts(self._bucket, lambda: self._s3))

    def _follow(self):
        ProductionParameters(PARAMETERS, self._ssm, self._aliases()).follow(self._world.agent_id)

    def _said(self, now):
        return {"by": "an actor", "reason": "because", "now": now}

    def _any_version(self):
        return self._rng.randrange(1, 6)

    def _register(self, now):
        config = {"agent": self._world.name, "role": "writer", "model": "amazon.nova-lite-v1:0",
                  "inference": {"max_tokens": self._rng.randrange(1, 8)}}  # fmt: skip
        # Some are long enough to lie in the bucket.
        prompt = "Write. " * self._rng.choice([1, 1, 20])
        self._registry().register(config, prompt, owner="platform", allowed_models=["amazon.nova-lite-v1:0"], now=now)

    def _promote(self, now):
        self._aliases().promote(self._world.agent_id, self._any_version(), **self._said(now))
        self._follow()

    def _roll_back(self, now):
        to = self._rng.choice([None, self._any_version()])
        self._aliases().roll_back(self._world.agent_id, to=to, **self._said(now))
        self._follow()

    def _retire(self, now):
        self._aliases().retire(self._world.agent_id, self._any_version(), **self._said(now))

    def _roll_out(self, now):
        """Open a rollout, or end the one that is open."""
        aliases, agent_id = self._aliases(), self._world.agent_id
        if rollout := aliases.alias(agent_id).rollout:
            outcome = self._rng.choice(["promoted", "rolled_back", "inconclusive", "aborted", "stopped"])
            aliases.close_rollout(agent_id, rollout.number, outcome=outcome, **self._said(now))
            self._follow()
        else:
            aliases.open_rollout(agent_id, {}, candidate=self._any_version(), share=1000, **self._said(now))

    def _resolve(self, now):
        customer = f"c-{self._rng.randrange(100)}"
        found = self._registry().resolve(self._world.name, tenant="greenedge", routing_key=customer)
        if found.version.version not in self._world.served():
            self._world.violations.append("a run was given what never served")


class _Torn:
    """A DynamoDB that makes a transaction's writes one by one: what the promise would be worth without transactions."""

    def __init__(self, client, turns):
        self._client, self._turns = client, turns

    def __getattr__(self, name):
        return getattr(self._client, name)

    def transact_write_items(self, *, TransactItems):  # noqa: N803 - DynamoDB's own name
        for item in TransactItems:
            self._client.transact_write_items(TransactItems=[item])
            self._turns.may_crash()


def interleave(stack, seed, *, agent, tear=False):
    """One random interleaving of two actors; what was wrong with the agent, and what they did."""
    rng, world = random.Random(seed), World(stack, agent)
    turns = Turns(rng, crashes=CRASHES, look=world.look)
    actors = {name: Actor(world, stack, turns, random.Random(f"{seed}{name}"), tear=tear) for name in ACTORS}
    _first_versions(world)
    turns.run({name: actor.work for name, actor in actors.items()})
    followed = world.parameter_follows()
    if turns.crashed:
        # A crash may leave the parameter behind; repeating the last command, which finds its work done, mends it.
        ProductionParameters(PARAMETERS, stack.clients("ssm"), world.aliases).follow(world.agent_id)
        followed = world.parameter_follows()
    world.clear()
    return world.violations + ([] if followed else ["the parameter stayed behind"]), turns, actors


def _first_versions(world):
    for tokens in range(1, 4):
        config = {"agent": world.name, "role": "writer", "model": "amazon.nova-lite-v1:0",
                  "inference": {"max_tokens": tokens}}  # fmt: skip
        world.registry.register(config, "Write.", owner="platform", allowed_models=["amazon.nova-lite-v1:0"], now=START)


@pytest.fixture
def short_prompts(monkeypatch):
    """The bucket is for prompts of more than 100 bytes here, so that the campaign moves no megabytes."""
    monkeypatch.setattr(prompts, "MOST_INLINE_BYTES", 100)


def test_never_zero_or_two_in_production_and_no_gap_in_the_history(stack, short_prompts, trials, seed, tell):
    done, calls, crashes = Counter(), 0, 0
    for number in range(trials(12, 200)):
        violations, turns, actors = interleave(stack, seed * 1_000_003 + number, agent=f"agent-{number}")
        assert violations == [], f"interleaving {number} of seed {seed}"
        done += sum((actor.done for actor in actors.values()), Counter())
        calls, crashes = calls + turns.calls, crashes + turns.crashed
    tell(f"seed {seed}: {trials(12, 200)} interleavings of two actors, {done.total()} commands, {calls} calls,"
         f" {crashes} crashes: no violation")  # fmt: skip
    by_outcome = Counter()
    for (_, outcome), times in done.items():
        by_outcome[outcome] += times
    tell(f"outcomes: {', '.join(f'{name} {times}' for name, times in by_outcome.most_common())}")
    assert {name for name, outcome in done if outcome == "done"} == {name for name, _ in done}
    assert {"done", "Refused", "Conflict", "Crashed"} <= set(by_outcome)


def test_the_campaign_would_see_it_without_transactions(stack, short_prompts, seed, tell):
    found = Counter()
    for number in range(12):
        violations, _, _ = interleave(stack, seed + number, agent=f"torn-{number}", tear=True)
        found += Counter(set(violations))
    tell(f"with torn transactions: {', '.join(f'{what} in {times} of 12' for what, times in found.most_common())}")
    assert found["not exactly one in production"]
    assert found["a gap in the history"] or found["the alias is not the history's last"]


def arms_of(customers, share, *, agent="platform#outreach-writer", number=1):
    """Who is given what while a rollout has a share."""
    rollout = OpenRollout(number, 2, share, salt=f"{agent}#{number}")
    alias = Alias(agent, production=1, changes=2, rollout=rollout)
    return {each: assign(alias, tenant="greenedge", routing_key=each) for each in customers}


@pytest.fixture
def customers(trials, seed):
    return [f"c-{seed}-{number}" for number in range(trials(20_000, 100_000))]


def test_the_split_is_what_was_asked_and_each_customer_keeps_its_arm(customers, tell):
    n, before = len(customers), set()
    for share in SHARES:
        arms = arms_of(customers, share)
        candidates = {each for each, assigned in arms.items() if assigned.arm == "candidate"}
        p = share / 10_000
        sigma = (n * p * (1 - p)) ** 0.5
        off = (len(candidates) - n * p) / sigma if sigma else 0.0
        left = len(before - candidates)
        tell(f"{share / 100:g} % of {n}: {len(candidates)} candidates ({off:+.2f} σ), {left} left the arm")
        assert abs(len(candidates) - n * p) <= 3 * sigma
        assert before <= candidates
        assert arms_of(customers, share) == arms
        before = candidates
    assert before == set(customers)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"agent": "platform#outreach-judge"}, "another agent's rollout"),
        ({"number": 2}, "the same agent's next rollout"),
        ({"agent": "greenedge#outreach-writer"}, "the tenant's own agent of the same name"),
    ],
)
def test_who_is_chosen_in_one_rollout_says_nothing_about_another(customers, other, what, tell):
    mine, others = (arms_of(customers, 5000, **more) for more in ({}, other))
    arms = Counter((mine[each].arm, others[each].arm) for each in customers)
    tenths = Counter((mine[each].bucket // 1000, others[each].bucket // 1000) for each in customers)
    of_arms, of_tenths = chi_squared(arms), chi_squared(tenths)
    tell(f"{what}: χ² = {of_arms:.2f} (1 degree of freedom, 10.83 at 0.001),"
         f" by tenths {of_tenths:.1f} (81 degrees, 126.1 at 0.001)")  # fmt: skip
    assert of_arms < 10.83
    assert of_tenths < 126.1


def test_the_same_salt_would_be_seen(customers):
    same = arms_of(customers, 5000)
    assert chi_squared(Counter((each.arm, each.arm) for each in same.values())) > 10.83


def chi_squared(table):
    """Pearson's statistic of a contingency table, given as counts by (row, column)."""
    rows, columns, n = Counter(), Counter(), table.total()
    for (row, column), count in table.items():
        rows[row] += count
        columns[column] += count
    expected = {(row, column): rows[row] * columns[column] / n for row in rows for column in columns}
    return sum((table[cell] - each) ** 2 / each for cell, each in expected.items())
