"""Alerts reach somebody: the key and the topics let those publish that have to, and every rule has somewhere to put
what it can't deliver. The local AWS enforces none of this."""

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tests.infrastructure import template
from tests.infrastructure.template import listed, resources, text, transformed, written

ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
TOPICS = ["PageTopic", "TicketTopic"]
USES_THE_KEY = {"kms:Decrypt", "kms:GenerateDataKey*"}
RULES = [(name, target) for name, rule in resources("AWS::Events::Rule", of=transformed()).items()
         for target in rule["Properties"]["Targets"]]  # fmt: skip


def statement_for(service, statements):
    [statement] = [each for each in statements if each["Principal"].get("Service") == f"{service}.amazonaws.com"]
    return statement


def key_statements():
    return resources("AWS::KMS::Key")["AlertKey"]["Properties"]["KeyPolicy"]["Statement"]


def statements_of(topic):
    [policy] = [each["Properties"] for each in resources("AWS::SNS::TopicPolicy").values()
                if each["Properties"]["Topics"] == [{"Ref": topic}]]  # fmt: skip
    return policy["PolicyDocument"]["Statement"]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_encrypted_with_the_stack_s_own_key(topic):
    """AWS's own key for SNS lets no alarm publish."""
    assert resources("AWS::SNS::Topic")[topic]["Properties"]["KmsMasterKeyId"] == {"Ref": "AlertKey"}


def test_the_key_is_the_account_s_and_rotates():
    root = key_statements()[0]

    assert resources("AWS::KMS::Key")["AlertKey"]["Properties"]["EnableKeyRotation"] is True
    assert text(root["Principal"]["AWS"]) == "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"


@pytest.mark.parametrize("service", ["cloudwatch", "events"])
def test_who_publishes_may_use_the_key(service):
    assert set(statement_for(service, key_statements())["Action"]) == USES_THE_KEY


@pytest.mark.parametrize("topic", TOPICS)
def test_this_stack_s_alarms_may_publish_and_no_others(topic):
    statement = statement_for("cloudwatch", statements_of(topic))
    condition = dict(statement["Condition"])

    assert (statement["Action"], statement["Resource"]) == ("sns:Publish", {"Ref": topic})
    assert text(condition.pop("ArnLike")["aws:SourceArn"]).endswith(":alarm:${AWS::StackName}-*")
    assert condition == ACCOUNT
    assert statement_for("cloudwatch", key_statements())["Condition"] == ACCOUNT


def test_a_rule_may_publish_and_under_no_condition():
    """EventBridge gives neither KMS nor SNS a source to compare: a condition would refuse it silently."""
    to_topics = {target["Arn"]["Ref"] for _, target in RULES if "Ref" in target["Arn"]}
    for topic in to_topics:
        assert "Condition" not in statement_for("events", statements_of(topic))
    assert to_topics == {"TicketTopic"}
    assert "Condition" not in statement_for("events", key_statements())


@pytest.mark.parametrize(("topic", "protocols"), [("PageTopic", {"email", "sms"}), ("TicketTopic", {"email"})])
def test_the_phone_is_for_pages_alone(topic, protocols):
    subscribed = [each for each in resources("AWS::SNS::Subscription").values()
                  if each["Properties"]["TopicArn"] == {"Ref": topic}]  # fmt: skip

    assert {each["Properties"]["Protocol"] for each in subscribed} == protocols
    assert {each["Condition"] for each in subscribed} <= {"HasAlertEmail", "HasAlertPhone"}


@pytest.mark.parametrize("kind", ["SlackChannelConfiguration", "MicrosoftTeamsChannelConfiguration"])
def test_a_chat_is_told_of_everything_and_may_do_nothing(kind):
    [channel] = resources(f"AWS::Chatbot::{kind}").values()
    role = resources("AWS::IAM::Role")["ChatRole"]

    assert channel["Properties"]["SnsTopicArns"] == [{"Ref": topic} for topic in TOPICS]
    assert [text(each) for each in channel["Properties"]["GuardrailPolicies"]] == [
        "arn:${AWS::Partition}:iam::aws:policy/AWSDenyAll"
    ]
    assert not {"Policies", "ManagedPolicyArns"} & set(role["Properties"])
    assert channel["Condition"] in {"TellsSlack", "TellsTeams"}


@pytest.mark.parametrize("kind", ["SlackChannelConfiguration", "MicrosoftTeamsChannelConfiguration"])
def test_a_chat_that_is_replaced_has_another_name(kind):
    """CloudFormation makes the new one before it deletes the old one; AWS refuses a name twice."""
    [channel] = resources(f"AWS::Chatbot::{kind}").values()
    known = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", f"AWS::Chatbot::{kind}").schema
    fixed = {path.rpartition("/")[2] for path in known["createOnlyProperties"]} - {"ConfigurationName"}

    assert fixed, "the name may be fixed, too"
    named = text(channel["Properties"]["ConfigurationName"])
    assert [name for name in fixed if text(channel["Properties"][name]) not in named] == []


@pytest.mark.parametrize("channel", ["SlackChannelId", "TeamsChannelId"])
def test_who_names_a_chat_is_told_what_it_does_not_hear(channel):
    """A rule's tickets are plain text, and a chat shows nothing but what CloudWatch sends, or JSON of its own."""
    plain = [target for _, target in RULES if target["Arn"] == {"Ref": "TicketTopic"}]

    assert plain
    assert all(text(each["InputTransformer"]["InputTemplate"]).startswith('"Ticket. ') for each in plain)
    assert "tickets of drift and of rollouts go by e-mail alone" in written()["Parameters"][channel]["Description"]


def test_nobody_is_told_unless_they_are_named():
    who = ["AlertEmail", "AlertPhone", "SlackWorkspaceId", "SlackChannelId",
           "TeamsTenantId", "TeamsTeamId", "TeamsChannelId"]  # fmt: skip

    assert {written()["Parameters"][name]["Default"] for name in who} == {""}


@pytest.mark.parametrize(
    ("rule", "channel", "also"),
    [("SlackIsWhole", "SlackChannelId", ["SlackWorkspaceId"]),
     ("TeamsIsWhole", "TeamsChannelId", ["TeamsTenantId", "TeamsTeamId"])],
)  # fmt: skip
def test_who_names_a_channel_alone_is_told_before_anything_is_made(rule, channel, also):
    rule = written()["Rules"][rule]
    [told] = rule["Assertions"]

    assert rule["RuleCondition"] == given(channel)
    assert told["Assert"].get("Fn::And", [told["Assert"]]) == [given(name) for name in also]
    assert all(name in told["AssertDescription"] for name in (channel, *also))


def given(parameter):
    return {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}


# What a rule can't deliver


@pytest.mark.parametrize(("rule", "target"), RULES)
def test_what_a_rule_can_t_deliver_is_kept(rule, target):
    """A queue's own dead letters go the way back to it; what a function wasn't asked lies with its failures."""
    queues = resources("AWS::SQS::Queue")
    arrives = target["Arn"].get("Fn::GetAtt", [None])[0]
    own = queues.get(arrives, {}).get("Properties", {}).get("RedrivePolicy", {}).get("deadLetterTargetArn")

    assert (
        target["DeadLetterConfig"]["Arn"] == own
        or text(target["DeadLetterConfig"]["Arn"]) == "${FailureDeadLetters.Arn}"
    )
    assert own is None or target["DeadLetterConfig"]["Arn"] == own


@pytest.mark.parametrize(("rule", "target"), RULES)
def test_a_rule_may_put_it_there(rule, target):
    queue = target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
    policies = [each["Properties"] for each in resources("AWS::SQS::QueuePolicy").values()
                if {"Ref": queue} in each["Properties"]["Queues"]]  # fmt: skip
    [statement] = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
    on_own_bus = "EventBusName" in resources(of=transformed())[rule]["Properties"]
    sources = [text(each).partition(":rule/")[2] for each in listed(statement["Condition"]["ArnLike"]["aws:SourceArn"])]

    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert f"${{{queue}.Arn}}" in map(text, listed(statement["Resource"]))
    assert ("${EventBus}/*" if on_own_bus else "${AWS::StackName}-*") in sources


@pytest.mark.parametrize(("name", "schedule"), resources("AWS::Scheduler::Schedule", of=transformed()).items())
def test_what_a_schedule_can_t_start_is_kept_and_no_other_stack_has_its_name(name, schedule):
    kept = schedule["Properties"]["Target"]["DeadLetterConfig"]["Arn"]

    assert text(kept) == "${FailureDeadLetters.Arn}"
    assert text(schedule["Properties"]["Name"]).startswith("${AWS::StackName}-")


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_what_a_function_fails_for_without_a_caller_is_kept(function):
    """Rules and schedules invoke it, and read no answer."""
    asked = any(text(target["Arn"]) == f"${{{function}.Arn}}" for _, target in RULES)
    kept = function.properties.get("EventInvokeConfig", {}).get("DestinationConfig", {}).get("OnFailure", {})

    assert not asked or text(kept["Destination"]) == "${FailureDeadLetters.Arn}"
