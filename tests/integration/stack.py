"""The stack of template.yaml on moto: its tables, secrets, bus, queue and functions, as far as data needs them."""

import importlib.util
import json
import logging
import os
import re
import sys
from collections import deque
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar, cast
from unittest import mock
from uuid import uuid4

import botocore.session
import yaml
from agent_platform import aws
from agent_platform.inference.prices import foundation_model
from agent_platform.ingest.sources import Source, Sources, new_secret
from agent_platform.items import from_item
from agent_platform.registry.aliases import Aliases
from agent_platform.registry.probings import Probing, Probings
from agent_platform.registry.prompts import Prompts
from agent_platform.registry.versions import AgentVersion, Registry
from botocore.config import Config

from local_aws.bedrock_wire.offline import Offline
from local_aws.bedrock_wire.service import Service
from tests.integration.snapshots import Snapshot
from tests.probings import probing
from tests.wire import answer_from

ROOT = Path(__file__).parents[2]
REGION, ACCOUNT = "us-east-1", "123456789012"
STACK_NAME = "the-stack"
PARAMETERS = {
    "Environment": "test",
    "RetentionDays": 90,
    "LogLevel": "INFO",
    "DebugSampleRate": 0,
    "EmbeddingModel": "amazon.titan-embed-text-v2:0",
    "EmbeddingDimensions": 256,
    "RetrievalHoldoutPercent": 0,
    "TenantEventsPerSecond": 50,
    "TenantBurst": 100,
    "BulkBatchLines": 5,
    "BulkConcurrency": 2,
    "TenantDailyUsd": 50,
    "TenantMonthlyUsd": 500,
    "MaxOpenExecutions": 50,
    "AWS::StackName": STACK_NAME,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
}
# What the wire's stand-ins answer, as on the local AWS.
ANSWERED_BY_WIRE = {"s3vectors": "before-send", "bedrock-runtime": "before-send.bedrock-runtime.InvokeModel"}
GENERATED = {"ReferenceKey": "k" * 64, "DummySecret": "d" * 44}


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags in their long form."""


def _long_form(loader: _Loader, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _long_form)
TEMPLATE = yaml.load((ROOT / "template.yaml").read_text(), Loader=_Loader)
# Without what is included: alarms, which no data passes.
RESOURCES = {name: each for name, each in TEMPLATE["Resources"].items() if "Type" in each}


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of a type, by its logical id."""
    return {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == f"AWS::{kind}"}


FUNCTIONS = of_type("Serverless::Function")
SHARED = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
# Every variable that some function has.
DECLARED = {name for each in FUNCTIONS.values() for name in SHARED | each["Environment"]["Variables"]}
MACHINE = json.loads((ROOT / "statemachines/outreach.asl.json").read_text())
ROLLOUT_MACHINE = json.loads((ROOT / "statemachines/agent_rollout.asl.json").read_text())
TASKS = [name for name, state in MACHINE["States"].items() if state["Type"] == "Task"]


@dataclass
class Call:
    """One request that a function made: the service, the operation, and what was asked."""

    service: str
    operation: str
    parameters: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"


@dataclass
class Clients:
    """The clients that stand in for the platform's own, which note each call and may be told to fail."""

    calls: list[Call] = field(default_factory=list)
    wire: Service = field(default_factory=lambda: Service(Offline()))
    _answers: dict[str, deque[Any]] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)
    _session: botocore.session.Session = field(default_factory=botocore.session.get_session)

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            # Without an agent of its own botocore describes this machine anew in each request.
            config = aws._CONFIGS.get(service, aws._SHORT).merge(Config(user_agent="tests"))
            self._made[service] = self._session.create_client(service, config=config)
            self._made[service].meta.events.register_first("before-call", self._noted)
            if service in ANSWERED_BY_WIRE:
                answer_from(self.wire, self._made[service], ANSWERED_BY_WIRE[service])
        return self._made[service]

    def forget(self) -> None:
        self.calls.clear()
        self._answers.clear()

    def fail(self, call: str, code: str = "InternalServerError", status: int = 500, **response: Any) -> None:
        """Let the next call of this name (`dynamodb:GetItem`) fail before it reaches the service."""
        body = {"Error": {"Code": code, "Message": "marisol@mail.example"}, "ResponseMetadata": {}, **response}
        body["ResponseMetadata"] = {"HTTPStatusCode": status}
        self._answers.setdefault(call, deque()).append((SimpleNamespace(status_code=status), body))

    def answer(self, call: str, body: dict[str, Any]) -> None:
        """Let the next call of this name be answered so, without reaching the service."""
        self._answers.setdefault(call, deque()).append((SimpleNamespace(status_code=200), body))

    def _noted(self, model: Any, params: dict[str, Any], **_: Any) -> Any:
        body = params["body"]
        is_json = isinstance(body, bytes) and body.startswith(b"{")
        asked = json.loads(body) if is_json else dict(params["query_string"])
        call = Call(model.service_model.endpoint_prefix, model.name, asked)
        self.calls.append(call)
        planned = self._answers.get(str(call))
        return planned.popleft() if planned else None


def _as_delivered(message: dict[str, Any]) -> dict[str, Any]:
    """A received message in the shape in which Lambda hands it over."""
    given = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": each["StringValue"], "dataType": each["DataType"]} for name, each in given.items()
        },
    }


class Stack:
    """A deployed stack; it is empty of data but for what the template itself makes."""

    # What the first one of a process made, which the others are copies of: to deploy is the most of a short test.
    _made: ClassVar[dict[str, tuple[Snapshot, dict[str, str]]]] = {}
    _worlds: ClassVar[dict[str, tuple[Snapshot, Any, Any]]] = {}

    def __init__(self, clients: Clients, *, seeded: bool = False) -> None:
        self.clients, self._ids, self._seeded = clients, {}, False
        self._stand("deployed", self._deploy)
        if seeded:
            self._stand("seeded", self.seed)
        self._seeded = seeded
        self._make_profiles_index()
        clients.forget()

    def seed(self) -> None:
        """Bring it where scripts/seed leaves it, unless it began there: agents in production, brands in a bucket."""
        if self._seeded:
            return
        for folder in sorted((ROOT / "agents").iterdir()):
            config, prompt = json.loads((folder / "config.json").read_text()), (folder / "prompt.md").read_text()
            self.release(config, prompt, owner="platform", now=datetime(2026, 11, 1, tzinfo=UTC))
        for tenant in ("greenedge", "brightnest"):
            self.add_brand(tenant)

    def begin_with(self, world: str, make: Callable[[], Any]) -> Any:
        """What this gives, in a stack that holds what it left there: made once in a process, from then on a copy.

        Whatever the stack held besides is gone with a copy: begin with it, and name all that it depends on.
        """
        account = self.clients.wire.vectors._account
        if world in Stack._worlds:
            snapshot, vectors, given = Stack._worlds[world]
            snapshot.restore()
            account.buckets, account.indexes = deepcopy(vectors)
        else:
            given = make()
            Stack._worlds[world] = Snapshot(), deepcopy((account.buckets, account.indexes)), given
        return deepcopy(given)

    def _stand(self, state: str, make: Callable[[], None]) -> None:
        if state in Stack._made:
            snapshot, self._ids = Stack._made[state][0], dict(Stack._made[state][1])
            snapshot.restore()
        else:
            make()
            Stack._made[state] = Snapshot(), dict(self._ids)

    def _deploy(self) -> None:
        clients = self.clients
        for name, table in of_type("DynamoDB::Table").items():
            self._make_table(name, table)
        for name in of_type("SecretsManager::Secret"):
            made = clients("secretsmanager").create_secret(Name=name, SecretString=GENERATED[name])
            self._ids[name] = made["ARN"]
        for name, bucket in of_type("S3::Bucket").items():
            self._ids[name] = name.lower()
            clients("s3").create_bucket(Bucket=name.lower())
            clients("s3").put_bucket_versioning(
                Bucket=name.lower(), VersioningConfiguration=bucket["VersioningConfiguration"]
            )
        for name in ("KnowledgeBaseId", "CasesDataSourceId"):
            self._configure(name)
        self._ids["IngestApi"] = "the-api"
        self._make_way_in()

    @property
    def profiles_index(self) -> str:
        """The ARN of the index of profiles."""
        return str(self._resolved(TEMPLATE["Outputs"]["ProfilesIndexArn"]["Value"]))

    def table(self, logical_id: str) -> str:
        return self._ids[logical_id]

    def items(self, logical_id: str) -> list[dict[str, Any]]:
        """Everything in a table."""
        pages = self.clients("dynamodb").get_paginator("scan").paginate(TableName=self.table(logical_id))
        return [from_item(item) for page in pages for item in page["Items"]]

    def contents(self) -> dict[str, list[dict[str, Any]]]:
        """Everything in every table."""
        return {name: self.items(name) for name in of_type("DynamoDB::Table")}

    def add_source(self, name: str, tenant: str, secrets: list[str] | None = None) -> str:
        """A source with these valid secrets, or a new one; the first of them."""
        valid = secrets or [new_secret()]
        made = self.clients("secretsmanager").create_secret(
            Name=f"/referral-system/test/sources/{name}", SecretString=json.dumps({"secrets": valid})
        )
        Sources(
            table=self.table("SourcesTable"),
            dummy_secret_arn="",
            dynamodb=self.clients("dynamodb"),
            secrets_manager=None,
        ).add(Source(name, tenant, made["ARN"]))
        return valid[0]

    def add_brand(self, tenant: str, document: bytes | None = None) -> str:
        """A tenant's brand file, the shipped one unless given; its version id."""
        body = document or (ROOT / "brands" / tenant / "brand.json").read_bytes()
        stored = self.clients("s3").put_object(Bucket="brandsbucket", Key=f"{tenant}/brand.json", Body=body)
        return str(stored["VersionId"])

    def add_manifest(self) -> None:
        """The workflow's manifest, its functions under their names in the template."""
        manifest = RESOURCES["OutreachManifest"]["Properties"]
        value = re.sub(r"\$\{(\w+)(\.Arn)?\}", r"\1", manifest["Value"]["Fn::Sub"])
        self.clients("ssm").put_parameter(Name=self._resolved(manifest["Name"]), Value=value, Type="String")

    def registry(self) -> Registry:
        """The registry as a new process has it."""
        prompts = Prompts(self.table("PromptsBucket"), lambda: self.clients("s3"))
        return Registry(table=self.table("AgentRegistryTable"), dynamodb=self.clients("dynamodb"), prompts=prompts)

    def aliases(self) -> Aliases:
        """The aliases of the registry's agents."""
        return Aliases(self.table("AgentRegistryTable"), self.clients("dynamodb"))

    def probings(self) -> Probings:
        """What judges have shown on their probes."""
        return Probings(self.table("AgentRegistryTable"), self.clients("dynamodb"))

    def release(self, config: dict[str, Any], prompt: str, *, owner: str, now: datetime) -> AgentVersion:
        """Register this content for an owner, with whatever model it has, and put it into production.

        Of a judge the probes have shown enough.
        """
        models = [foundation_model(config["model"])]
        made = self.registry().register(config, prompt, owner=owner, allowed_models=models, now=now)
        if config["role"] == "judge":
            self.probings().keep(made.agent_id, made.version, "asked", cast("Probing", probing()))
        self.aliases().promote(made.agent_id, made.version, by="a person", reason="a test needs it", now=now)
        return made

    def environment(self, function: str) -> dict[str, str]:
        """The environment that the template gives a function."""
        declared = SHARED | FUNCTIONS[function]["Environment"]["Variables"]
        return {name: str(self._resolved(value)) for name, value in declared.items()}

    def invoke(self, function: str, event: Any) -> Any:
        """Run a function as a new process would: with its own environment only, and nothing remembered."""
        context = SimpleNamespace(
            function_name=function,
            aws_request_id=str(uuid4()),
            memory_limit_in_mb=512,
            get_remaining_time_in_millis=lambda: 1000 * FUNCTIONS[function].get("Timeout", 25),
        )
        with mock.patch.dict(os.environ):
            for name in DECLARED:
                os.environ.pop(name, None)
            os.environ.update(self.environment(function))
            forget()
            app = _load(function)
            self.clients.calls.clear()
            return json.loads(json.dumps(app.lambda_handler(json.loads(json.dumps(event)), context)))

    def queued(self, queue: str = "OutreachQueue") -> dict[str, Any]:
        """What waits in a queue, as Lambda hands it to the consumer; it is taken out."""
        found = self.clients("sqs").receive_message(
            QueueUrl=self._ids[queue],
            MaxNumberOfMessages=10,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages = found.get("Messages", [])
        for message in messages:
            self.clients("sqs").delete_message(QueueUrl=self._ids[queue], ReceiptHandle=message["ReceiptHandle"])
        return {"Records": [_as_delivered(each) for each in messages]}

    def executions(self, machine: str = "OutreachStateMachine") -> list[dict[str, Any]]:
        """Every execution of a machine that was started, with its input."""
        states = self.clients("stepfunctions")
        listed = states.list_executions(stateMachineArn=self._ids[machine])["executions"]
        found = [states.describe_execution(executionArn=each["executionArn"]) for each in listed]
        return [{"name": each["name"], "input": json.loads(each["input"])} for each in found]

    def run(self, document: dict[str, Any]) -> dict[str, Any]:
        """Walk one document through the state machine's own definition, to its end; the whole document."""
        document, name = dict(document), MACHINE["StartAt"]
        while name:
            document, name = self.step(name, document)
        return document

    def step(self, name: str, document: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """Run one state: the document after it, and the next state's name."""
        state = MACHINE["States"][name]
        if state["Type"] == "Choice":
            met = (each for each in state["Choices"] if _at(document, each["Variable"]) == each["StringEquals"])
            return document, next(met, {"Next": state["Default"]})["Next"]
        result = self.invoke(f"Outreach{name}Function", document)
        return document | {state["ResultPath"].removeprefix("$."): result}, state.get("Next")

    def _configure(self, name: str) -> None:
        """A parameter as it is where nothing but AWS itself has the resource that it names."""
        parameter = RESOURCES[name]["Properties"]
        condition, _, otherwise = parameter["Value"]["Fn::If"]
        assert condition == "IsAws"
        self._ids[name] = self._resolved(parameter["Name"])
        self.clients("ssm").put_parameter(Name=self._ids[name], Value=otherwise, Type="String")

    def _make_table(self, name: str, table: dict[str, Any]) -> None:
        wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "BillingMode")
        self._ids[name] = name
        self.clients("dynamodb").create_table(TableName=name, **{each: table[each] for each in wanted if each in table})

    def _make_way_in(self) -> None:
        events, sqs, states = (self.clients(name) for name in ("events", "sqs", "stepfunctions"))
        self._ids["EventBus"] = "the-bus"
        events.create_event_bus(Name="the-bus")
        for name in of_type("SQS::Queue"):
            self._ids[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
        for name, rule in of_type("Events::Rule").items():
            if "EventBusName" in rule:
                events.put_rule(Name=name, EventBusName="the-bus", EventPattern=json.dumps(rule["EventPattern"]))
                arns = [target["Arn"].get("Fn::GetAtt", "").partition(".")[0] for target in rule["Targets"]]
                queues = [arn for arn in arns if arn in of_type("SQS::Queue")]
                targets = [{"Id": queue, "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"} for queue in queues]
                if targets:
                    events.put_targets(Rule=name, EventBusName="the-bus", Targets=targets)
        for name, definition in (("OutreachStateMachine", MACHINE), ("AgentRolloutStateMachine", ROLLOUT_MACHINE)):
            made = states.create_state_machine(
                name=name, definition=json.dumps(definition), roleArn=f"arn:aws:iam::{ACCOUNT}:role/any"
            )
            self._ids[name] = made["stateMachineArn"]

    def _make_profiles_index(self) -> None:
        index, vectors = RESOURCES["ProfilesIndex"]["Properties"], self.clients("s3vectors")
        self.clients.wire.vectors.clear()
        bucket, name = self.profiles_index.partition(":bucket/")[2].split("/index/")
        vectors.create_vector_bucket(vectorBucketName=bucket)
        vectors.create_index(
            vectorBucketName=bucket,
            indexName=name,
            dataType=index["DataType"],
            dimension=self._resolved(index["Dimension"]),
            distanceMetric=index["DistanceMetric"],
            metadataConfiguration={
                "nonFilterableMetadataKeys": index["MetadataConfiguration"]["NonFilterableMetadataKeys"]
            },
        )

    def _resolved(self, value: Any) -> Any:
        match value:
            case {"Ref": name}:
                return PARAMETERS[name] if name in PARAMETERS else self._ids[name]
            case {"Fn::Join": [delimiter, {"Ref": name}]}:
                return delimiter.join(TEMPLATE["Parameters"][name]["Default"].split(delimiter))
            case {"Fn::Sub": str(pattern)}:
                return re.sub(r"\$\{([\w:]+)\}", lambda found: str(self._resolved({"Ref": found[1]})), pattern)
            case {"Fn::If": ["IsAws" | "HasGuardrail" | "ChecksDrafts", _, otherwise]}:
                return self._resolved(otherwise)
            case {"Fn::GetAtt": path}:
                return self._ids[path.partition(".")[0]]
        return value


def _at(document: dict[str, Any], path: str) -> Any:
    value: Any = document
    for name in path.removeprefix("$.").split("."):
        value = value[name]
    return value


def _load(function: str) -> ModuleType:
    """A function's app.py under a name of its own."""
    path = ROOT / FUNCTIONS[function]["CodeUri"] / "app.py"
    spec = importlib.util.spec_from_file_location(f"app_of_{function}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _caches(module: ModuleType) -> list[Any]:
    """What of a module remembers; it is looked for once, since this is asked for with every invocation."""
    return [each for each in vars(module).values() if hasattr(each, "cache_clear")]


def forget() -> None:
    """Drop what a process keeps: cached collaborators, and loggers with the stdout they were made for."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("agent_platform.", "outreach.")):
            for kept in _caches(module):
                kept.cache_clear()
    for words in (ROOT / "functions").iterdir():
        logging.Logger.manager.loggerDict.pop(words.name, None)
