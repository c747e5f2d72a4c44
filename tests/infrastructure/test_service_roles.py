"""What the local AWS doesn't enforce: the roles of state machines, schedules, logs and traces, and who may reach a
target; each both ways, against definition and target: nothing is missing, and nothing is there for nobody.
"""

import json
import re
from collections import Counter

import pytest

from tests.bench.start_up import CLIENTS
from tests.infrastructure import template
from tests.infrastructure.definitions import definitions
from tests.infrastructure.roles import allowed, ready_made, roles, trusted, trusting
from tests.infrastructure.template import listed, resources, text, transformed

EVERY_MACHINE = pytest.mark.parametrize("definition", definitions(), ids=str)
EVERY_FUNCTION = pytest.mark.parametrize("function", template.functions(), ids=str)
DELIVER_LOGS = {
    f"logs:{action}"
    for action in (
        "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries",
        "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups",
    )
}  # fmt: skip
CONSUME = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
OWN_LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
TRACE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
# The service that takes the roles of what has this type.
TAKERS = {
    "AWS::Lambda::Function": "lambda",
    "AWS::StepFunctions::StateMachine": "states",
    "AWS::Scheduler::Schedule": "scheduler",
    "AWS::Events::Rule": "events",
    "AWS::Bedrock::KnowledgeBase": "bedrock",
    "AWS::Chatbot::SlackChannelConfiguration": "chatbot",
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": "chatbot",
}
# Below which folder of its word's bucket a Map's items lie, where the bucket holds more than the machine may see.
ITEMS_BELOW = {"bulk_ingest": "reports/"}


@pytest.mark.parametrize("role", roles())
def test_nothing_is_allowed_twice(role):
    """What two statements allow, neither can be seen to be missed for."""
    often = {grant: times for grant, times in Counter(allowed(role)).items() if times > 1}

    assert often == {}


def test_a_role_is_taken_by_the_one_service_that_has_it():
    takers = {}
    for resource in resources(*TAKERS, of=transformed()).values():
        for role in re.findall(r'(?:"Role"|"RoleArn"|"IamRoleArn"): \{"Fn::GetAtt": \["(\w+)"', json.dumps(resource)):
            takers.setdefault(role, set()).add(f"{TAKERS[resource['Type']]}.amazonaws.com")

    assert {role: trusted(role) for role in roles()} == takers


# State machines


@EVERY_MACHINE
def test_a_machine_may_do_what_its_definition_asks_and_no_more(definition):
    role = machine_role(definition)

    assert set(allowed(role)) == (
        invoked(definition) | asked_by_manifest(definition) | read_by_maps(definition) | run_by_maps(definition)
        | {(action, "*") for action in DELIVER_LOGS}
    )  # fmt: skip
    assert ready_made(role) == {"AWSXrayWriteOnlyAccess"}


def test_a_machine_s_role_is_nobody_else_s():
    assert sorted(trusting("states")) == sorted(map(machine_role, definitions()))


def machine_role(definition):
    names = [name for name, each in resources("AWS::Serverless::StateMachine").items()
             if each["Properties"] is definition.properties]  # fmt: skip
    return f"{names[0]}Role"


def invoked(definition):
    """Each function that a task's Resource is."""
    substituted = definition.properties["DefinitionSubstitutions"]
    by_name = [task["Resource"].strip("${}") for task in definition.functions.values()]
    return {("lambda:InvokeFunction", text(substituted[name])) for name in by_name}


def asked_by_manifest(definition):
    """Each function that a workflow's manifest names for what the machine asks of workflows."""
    tasks = [task for name, task in definition.tasks.items() if name not in definition.functions]
    asked = {task["Parameters"]["FunctionName.$"].rpartition(".")[2] for task in tasks}
    manifests = [text(each["Properties"]["Value"]) for each in resources("AWS::SSM::Parameter").values()
                 if "/workflows/" in text(each["Properties"]["Name"])]  # fmt: skip
    named = [json.loads(each)["functions"][name] for each in manifests for name in asked]
    return {("lambda:InvokeFunction", function) for function in named}


def maps(definition):
    return [state for state in definition.states.values() if state["Type"] == "Map"]


def read_by_maps(definition):
    """What a Map's ItemReader reads; the bucket is the one that the functions of this word write to."""
    buckets = {text(each.environment[name]) for each in template.functions() for name in each.environment
               if each.folder.parent.name == definition.word and name.endswith("_BUCKET")}  # fmt: skip
    read = {bucket.strip("${}") for bucket in buckets} - {"PromptsBucket"}
    reads = any("ItemReader" in each for each in maps(definition))
    below = ITEMS_BELOW.get(definition.word, "")
    return {("s3:GetObject", f"${{{bucket}.Arn}}/{below}*") for bucket in read if reads}


def run_by_maps(definition):
    """Child executions of its own: a distributed Map starts them, stops them with itself, redrives them."""
    distributed = [each["ItemProcessor"].get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
                   for each in maps(definition)]  # fmt: skip
    if not any(distributed):
        return set()
    here, name = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}", text(definition.properties["Name"])
    return {
        ("states:StartExecution", f"{here}:stateMachine:{name}"),
        ("states:DescribeExecution", f"{here}:execution:{name}:*"),
        ("states:StopExecution", f"{here}:execution:{name}:*"),
        ("states:RedriveExecution", f"{here}:execution:{name}/*:*"),
    }


# Schedules and rules


@pytest.mark.parametrize("schedule", resources("AWS::Scheduler::Schedule", of=transformed()))
def test_a_schedule_may_start_its_target_and_keep_what_it_could_not_and_no_more(schedule):
    target = resources(of=transformed())[schedule]["Properties"]["Target"]

    assert set(allowed(target["RoleArn"]["Fn::GetAtt"][0])) == {
        ("states:StartExecution", text(target["Arn"])),
        ("sqs:SendMessage", text(target["DeadLetterConfig"]["Arn"])),
    }


def test_a_rule_s_role_may_start_the_machine_that_is_its_target_and_no_more():
    every = resources("AWS::Events::Rule", of=transformed()).values()
    targets = [target for rule in every for target in rule["Properties"]["Targets"] if "RoleArn" in target]

    assert targets
    for target in targets:
        granted = allowed(target["RoleArn"]["Fn::GetAtt"][0])
        assert set(granted) == {("states:StartExecution", text(target["Arn"]))}


def targets_of_rules():
    return {
        (name, text(target["Arn"]).strip("${}").partition(".")[0])
        for name, rule in resources("AWS::Events::Rule", of=transformed()).items()
        for target in rule["Properties"]["Targets"]
    }


def test_a_rule_may_invoke_its_function_and_nothing_may_that_doesn_t():
    functions = resources("AWS::Lambda::Function", of=transformed())
    permitted = {
        (each["SourceArn"]["Fn::GetAtt"][0], each["FunctionName"]["Ref"])
        for each in permissions("events.amazonaws.com")
    }

    assert permitted == {(rule, target) for rule, target in targets_of_rules() if target in functions}


def test_an_api_s_path_may_invoke_its_function_by_its_method_and_nothing_else():
    paths = {
        (function.name, f"{event['Properties']['Method'].upper()}{re.sub('{.*?}', '*', event['Properties']['Path'])}")
        for function in template.functions()
        for event in function.properties.get("Events", {}).values() if event["Type"] == "Api"
    }  # fmt: skip
    permitted = {
        (each["FunctionName"]["Ref"], text(each["SourceArn"]).partition("${__Stage__}/")[2])
        for each in permissions("apigateway.amazonaws.com")
    }

    assert permitted == paths


def test_nobody_else_may_invoke_a_function():
    takers = {"events.amazonaws.com", "apigateway.amazonaws.com"}

    assert {each["Properties"]["Principal"] for each in
            resources("AWS::Lambda::Permission", of=transformed()).values()} == takers  # fmt: skip


def test_a_queue_may_be_sent_to_if_it_is_a_target_or_keeps_what_a_rule_couldn_t_deliver():
    every = resources("AWS::Events::Rule", of=transformed()).values()
    kept = {target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0] for rule in every
            for target in rule["Properties"]["Targets"]}  # fmt: skip
    reached = {target for _, target in targets_of_rules() if target in resources("AWS::SQS::Queue")}
    policies = [each["Properties"] for each in resources("AWS::SQS::QueuePolicy").values()]
    statements = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]

    assert {queue["Ref"] for policy in policies for queue in policy["Queues"]} == reached | kept
    assert {text(each).strip("${}").partition(".")[0] for statement in statements
            for each in listed(statement["Resource"])} == reached | kept  # fmt: skip


def permissions(principal):
    every = [each["Properties"] for each in resources("AWS::Lambda::Permission", of=transformed()).values()]
    return [each for each in every if each["Principal"] == principal]


# Functions: their log, their trace, their queue, and what they failed for


@EVERY_FUNCTION
def test_a_function_writes_its_own_log_and_traces_by_one_policy_or_the_other(function):
    role = f"{function}Role"
    granted = {(action, resource) for action, resource in allowed(role) if action.partition(":")[0] in ("logs", "xray")}
    group = f"{function.name.removesuffix('Function')}Logs"
    written_out = {(action, f"${{{group}.Arn}}") for action in OWN_LOG} | {(action, "*") for action in TRACE}

    if "Role" in function.properties:
        assert (granted, ready_made(role)) == (written_out, set())
    else:
        assert (granted, ready_made(role)) == (set(), {"AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"})


@EVERY_FUNCTION
def test_a_function_s_role_may_keep_what_it_failed_for_and_read_its_queue_and_no_other(function):
    """Lambda does both. What a function itself asks of a queue, the local AWS checks."""
    kept = function.properties.get("EventInvokeConfig", {}).get("DestinationConfig", {}).get("OnFailure", {})
    queues = [text(event["Properties"]["Queue"]) for event in function.properties.get("Events", {}).values()
              if event["Type"] == "SQS"]  # fmt: skip
    granted = {grant for grant in allowed(f"{function}Role") if grant[0].startswith("sqs:")}
    by_lambda = {("sqs:SendMessage", text(kept["Destination"])) for _ in [1] if kept} | {
        (action, queue) for queue in queues for action in CONSUME
    }

    assert granted >= by_lambda
    assert granted == by_lambda or "sqs" in CLIENTS[function.name]
