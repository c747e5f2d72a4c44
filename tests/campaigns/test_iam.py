"""Least privilege, shown by removal: each action on each resource that a function's role allows is taken from the role
on the deployed stack, and a test that is named must fail, because it was refused that, and pass once it is back.
"""

import json
import os
import random
from collections import defaultdict

from tests.campaigns.conftest import whole_only
from tests.campaigns.grants import Grant, grants
from tests.campaigns.privileges import TABLE, Privileges, folder, held_elsewhere, shown
from tests.campaigns.senders import impatient, queues_of

ONLY_NEW = os.environ.get("IAM_GRANTS") == "new"
SAMPLE = 3
SOON_SECONDS = 10
# Of it, modules whose tests take a moment each.
QUICK = ("agents", "costs", "on_call", "outcomes", "outreach", "seldom", "sweeps")


def test_a_sample_of_what_roles_allow_is_missed(deployed, seed, tell, tmp_path):
    granted = {each.key: each for each in grants(deployed.stack)}
    rows = {key: test for key, test in shown().items() if key in granted and module(test) in QUICK}
    sample = random.Random(seed).sample(sorted(rows), SAMPLE)
    plan = defaultdict(list)
    for key in sample:
        plan[rows[key]].append(granted[key])
    privileges = Privileges(list(granted.values()), tmp_path)
    # Else what was refused lies in its queue for minutes, and whoever waits until nothing is queued waits for it.
    with impatient(deployed.stack, queues_of(deployed.stack), SOON_SECONDS):
        privileges.remove(plan)

    tell(f"{len(sample)} of {len(granted)} grants taken away, seed {seed}: {len(privileges.missed())} missed")
    assert privileges.missed() == {key: rows[key] for key in sample}


@whole_only
def test_every_grant_is_missed_by_a_test(deployed, tell):
    """IAM_GRANTS=new takes away only what no row of the table shows yet."""
    every = grants(deployed.stack)
    rows = {key: test for key, test in shown().items() if ONLY_NEW and key in {each.key for each in every}}
    privileges = Privileges([each for each in every if each.key not in rows], folder("new" if ONLY_NEW else "whole"))
    privileges.learn()
    while plan := privileges.next_round():
        tell(f"{sum(map(len, plan.values()))} grants to take away, {len(plan)} tests")
        privileges.remove(plan)
    missed, unchecked = rows | privileges.missed(), privileges.unchecked()
    # The stream's reader isn't deployed here: what misses its grants is the stream's own campaign.
    here = {each.function for each in every}
    keep({key: test for key, test in shown().items() if key[0] not in here} | missed)

    for grant in sorted(every, key=lambda each: each.key):
        tell(row(grant, missed.get(grant.key) or where_else(grant, unchecked)))
    tell(f"{len(missed)} of {len(every)} grants are missed; {len(unchecked)} the local AWS doesn't check")
    assert [each.key for each in every if each.key not in missed and each not in unchecked] == []


def keep(missed):
    """Write the table of which test misses which grant."""
    TABLE.write_text("[\n" + ",\n".join(f"  {json.dumps([*key, missed[key]])}" for key in sorted(missed)) + "\n]\n")


def module(test: str) -> str:
    """What a test's module is about."""
    return test.partition("::")[0].rpartition("/test_")[2].removesuffix(".py")


def where_else(grant: Grant, unchecked: list[Grant]) -> str:
    held = held_elsewhere(grant.function, grant.action)
    return f"not checked here: {held}" if grant in unchecked else "NO TEST MISSES IT"


def row(grant: Grant, by: str) -> str:
    statement = f"{grant.policy.removeprefix(grant.function)} {grant.statement}"
    what = f"{grant.function:<38} {statement:<34} {grant.action:<32} {grant.shown:<58}"
    return f"{what} {by.removeprefix('tests/workflow/')}"
