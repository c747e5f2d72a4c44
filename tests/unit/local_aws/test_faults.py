import json

import pytest

from local_aws.bedrock_wire.fault_effects import KINDS
from local_aws.bedrock_wire.faults import Faults, read_faults
from local_aws.bedrock_wire.wire import WireError, read_call
from tests.unit.local_aws.email_requests import data


def call(comment="nothing special", *, tool="write_email", path="/model/m/converse"):
    block = json.dumps(data(comment=comment))
    spec = {"name": tool, "inputSchema": {"json": {}}}
    document = {
        "messages": [
            {"role": "user", "content": [{"text": f"<data-0123456789abcdef>\n{block}\n</data-0123456789abcdef>"}]}
        ],
        "toolConfig": {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": tool}}},
    }
    return read_call(path, json.dumps(document).encode())


def in_force(*faults):
    made = Faults()
    made.add(read_faults(list(faults)))
    return made


def kinds(faults, *calls):
    return [taken.kind if (taken := faults.take(each)) else None for each in calls]


def test_a_fault_strikes_as_often_as_it_says_and_then_never_again():
    faults = in_force({"kind": "throttle", "times": 2})
    assert kinds(faults, call(), call(), call()) == ["throttle", "throttle", None]
    assert faults.report() == []


def test_a_fault_without_times_strikes_until_it_is_cleared():
    faults = in_force({"kind": "throttle"})
    assert kinds(faults, *[call()] * 5) == ["throttle"] * 5
    faults.clear()
    assert kinds(faults, call()) == [None]


def test_faults_strike_in_the_order_in_which_they_were_set():
    faults = in_force({"kind": "throttle", "times": 1}, {"kind": "refusal", "times": 1})
    assert kinds(faults, call(), call(), call()) == ["throttle", "refusal", None]


def test_a_fault_is_for_the_role_and_the_text_that_it_names():
    faults = in_force({"kind": "refusal", "role": "judge", "contains": "the red gate"})
    assert kinds(faults, call("the red gate"), call(tool="score_email")) == [None, None]
    assert kinds(faults, call("by the red gate", tool="score_email")) == ["refusal"]


def test_text_is_found_although_json_in_json_escapes_it():
    faults = in_force({"kind": "refusal", "contains": '"comment": "schöne Hecke"'})
    assert kinds(faults, call("schöne Hecke")) == [None]
    faults = in_force({"kind": "refusal", "contains": '"purpose": "referral"'})
    assert kinds(faults, call()) == ["refusal"]


def test_a_spoilt_email_is_for_the_writer_only():
    faults = in_force({"kind": "invented_amount"})
    assert kinds(faults, call(tool="score_email"), call()) == [None, "invented_amount"]


def test_a_fault_is_for_converse_unless_it_names_another_operation():
    retrieve = read_call("/knowledgebases/LOCALCASES/retrieve", b'{"retrievalQuery": {"text": "x"}}')
    assert kinds(in_force({"kind": "throttle"}), retrieve) == [None]
    assert kinds(in_force({"kind": "throttle", "operation": "Retrieve"}), call(), retrieve) == [None, "throttle"]


def test_chance_is_seeded_so_that_a_campaign_can_be_repeated():
    def campaign(seed):
        return kinds(in_force({"kind": "throttle", "probability": 0.3, "seed": seed}), *[call()] * 200)

    assert campaign(1) == campaign(1)
    assert campaign(1) != campaign(2)
    assert 40 <= campaign(1).count("throttle") <= 80


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "explosion"},
        {"kind": "throttle", "times": 0},
        {"kind": "throttle", "times": "2"},
        {"kind": "throttle", "probability": 0},
        {"kind": "throttle", "probability": "often"},
        {"kind": "throttle", "role": "editor"},
        {"kind": "throttle", "often": True},
        {"kind": "stall"},
        {"kind": "answer"},
        {"kind": "refusal", "operation": "Retrieve"},
        {"kind": "placeholder", "role": "judge"},
        {"times": 1},
        "throttle",
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(fault):
    with pytest.raises(WireError):
        read_faults([fault])


def test_every_kind_can_be_set():
    assert {fault.kind for fault in read_faults([{"kind": kind, "seconds": 1, "text": "x"} for kind in KINDS])} == KINDS
