"""Synthetic runs as data: what is sent keeps its contract, and what is named in several places is one name."""

import json
import re
from datetime import UTC, datetime, timedelta

import event_contracts
import pytest
from agent_platform.ingest.bus import EVENT_SOURCE
from agent_platform.synthetic import sending
from agent_platform.synthetic.runs import SyntheticRun
from agent_platform.tenants import SYNTHETIC

from tests.infrastructure.template import ROOT, function, resources, text, written
from tests.infrastructure.test_manifests import manifests
from tests.infrastructure.test_permissions import statements

SEND, WATCH = function("SyntheticSendFunction"), function("SyntheticWatchFunction")
EVERY_WORKFLOW = pytest.mark.parametrize(("word", "parameter"), manifests().items())
PARAMETER = written()["Parameters"]["SyntheticSchedule"]


@EVERY_WORKFLOW
def test_what_is_sent_keeps_its_contract_and_no_two_are_alike(word, parameter):
    event = json.loads(text(parameter["Value"]))["synthetic"]["event"]
    runs = [SyntheticRun.begin(datetime.now(UTC) + timedelta(hours=hours)) for hours in range(2)]
    first, second = (json.loads(run.body_of(event)) for run in runs)

    assert event_contracts.validate(first) == []
    assert runs[0].canary in json.dumps(first)
    assert first["data"]["customer"]["id"] != second["data"]["customer"]["id"], "nobody is written to twice at once"
    assert first["timestamp"] != second["timestamp"]


@EVERY_WORKFLOW
def test_the_watch_may_read_the_messages_that_the_manifest_names_and_nothing_else_there(word, parameter):
    table = json.loads(text(parameter["Value"]))["synthetic"]["messages"].strip("${}")
    [policy] = [each["Properties"] for each in resources("AWS::IAM::Policy").values()
                if each["Properties"]["Roles"] == [{"Ref": "SyntheticWatchFunctionRole"}]]  # fmt: skip
    [statement] = policy["PolicyDocument"]["Statement"]

    assert (statement["Action"], text(statement["Resource"])) == ("dynamodb:GetItem", f"${{{table}.Arn}}")


@EVERY_WORKFLOW
def test_a_workflow_s_rule_asks_for_its_own_event_as_often_as_the_parameter_says_and_never_if_off(word, parameter):
    rule = resources()[f"{word.title()}SyntheticRule"]
    [target] = rule["Properties"]["Targets"]

    assert rule["Properties"]["ScheduleExpression"] == {
        "Fn::FindInMap": ["SyntheticEvery", {"Ref": "SyntheticSchedule"}, "Schedule"]
    }
    assert rule["Condition"] == resources()[f"{word.title()}SyntheticPermission"]["Condition"] == "SyntheticRuns"
    assert text(target["Arn"]) == f"${{{SEND.name}.Arn}}"
    assert json.loads(target["Input"]) == {"workflow": word}
    never = {"Fn::Not": [{"Fn::Equals": [{"Ref": "SyntheticSchedule"}, "off"]}]}
    assert written()["Conditions"]["SyntheticRuns"] == never


def test_it_is_every_hour_unless_said_otherwise_from_five_minutes_to_a_day():
    assert PARAMETER["Default"] == "1-hour"
    assert {"off", "5-minutes", "1-day"} <= set(PARAMETER["AllowedValues"])


def test_the_rule_sends_as_often_as_the_alarm_expects():
    every = written()["Mappings"]["SyntheticEvery"]
    seconds = {"minute": 60, "hour": 3_600, "day": 86_400}

    assert set(every) == set(PARAMETER["AllowedValues"])
    for named, each in every.items():
        number, unit = re.fullmatch(r"rate\((\d+) (\w+?)s?\)", each["Schedule"]).groups()
        assert each["Seconds"] == int(number) * seconds[unit]
        assert named == "off" or named.removesuffix("s") == f"{number}-{unit}"


def test_the_url_is_the_public_one_of_the_synthetic_source():
    public = text(written()["Outputs"]["ApiUrl"]["Value"])
    condition, on_aws, locally = SEND.environment["WEBHOOK_URL"]["Fn::If"]

    assert condition == "IsAws"
    assert text(on_aws) == f"{public}/webhook/{SYNTHETIC}"
    assert text(locally) == f"/_aws/execute-api/${{IngestApi}}/${{Environment}}/webhook/{SYNTHETIC}"


def test_the_secret_is_where_scripts_keep_it_and_no_other_may_be_read():
    """Secrets Manager ends an ARN with six characters of its own: by `*` another source's secret would be meant too."""
    path = f"/referral-system/${{Environment}}/sources/{SYNTHETIC}"
    [allowed] = [text(each["Resource"]) for owner, each in statements()
                 if owner == f"{SEND.name}Role" and each["Action"] == "secretsmanager:GetSecretValue"]  # fmt: skip

    assert text(SEND.environment["SOURCE_SECRET"]) == path
    assert allowed.partition(":secret:")[2] == f"{path}-??????"


def test_sending_is_given_up_in_the_function_s_own_time():
    assert SEND.timeout / 2 > sending.PATIENCE_SECONDS
    assert SEND.properties["EventInvokeConfig"]["MaximumRetryAttempts"] == 0


def test_the_watch_hears_of_synthetic_messages_and_a_company_s_sender_doesn_t():
    [event] = WATCH.properties["Events"].values()
    pattern = event["Properties"]["Pattern"]
    others = [rule["Properties"].get("EventPattern", {}) for rule in resources("AWS::Events::Rule").values()]

    assert event["Properties"]["EventBusName"] == {"Ref": "EventBus"}
    assert pattern == {"source": [EVENT_SOURCE], "detail-type": ["synthetic.stored"]}
    assert not [each for each in others if "synthetic.stored" in each.get("detail-type", [])]


def test_nobody_s_brand_has_nobody_s_addresses():
    """Names that are reserved (RFC 2606): whatever is sent by mistake reaches no one."""
    brand = (ROOT / "brands" / SYNTHETIC / "brand.json").read_text()
    said = brand + "".join(text(parameter["Value"]) for parameter in manifests().values())

    assert set(re.findall(r"[\w.-]+@([\w.-]+)", said)) == {"synthetic.example"}
    assert set(re.findall(r"https://([\w.-]+)", brand)) == {"synthetic.example"}
