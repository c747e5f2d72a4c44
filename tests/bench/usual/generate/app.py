"""Generate as it is mostly shipped: boto3's resources, Powertools' Tracer and parser, jsonschema; only started here.

It reads and writes what ours does: the agent's version and the customer's material, the brand, a model, the ledger.
"""

import json
import os
from decimal import Decimal
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.parser import BaseModel, event_parser
from aws_lambda_powertools.utilities.typing import LambdaContext
from jsonschema import Draft202012Validator

logger = Logger(service="outreach")
tracer = Tracer(service="outreach")
metrics = Metrics(namespace="Outreach", service="outreach")

dynamodb = boto3.resource("dynamodb")
agents = dynamodb.Table(os.environ["AGENTS_TABLE"])
events = dynamodb.Table(os.environ["EVENTS_TABLE"])
ledger = dynamodb.Table(os.environ["LEDGER_TABLE"])
brands = boto3.resource("s3").Bucket(os.environ["BRANDS_BUCKET"])
bedrock = boto3.client("bedrock-runtime")

SCHEMA = {
    "type": "object",
    "properties": {"subject": {"type": "string"}, "body": {"type": "string"}, "call_to_action": {"type": "string"}},
    "required": ["subject", "body", "call_to_action"],
}
draft_validator = Draft202012Validator(SCHEMA)


class Agent(BaseModel):
    """An agent's version."""

    agent_id: str
    version: int


class Request(BaseModel):
    """What is to be written to whom."""

    customer: str
    purpose: str
    locale: str
    brand: dict[str, str]
    facts: list[dict[str, Any]]
    agents: dict[str, Agent]


class State(BaseModel):
    """A run's document."""

    tenant: str
    event_id: str
    request: Request
    features: dict[str, Any]
    passages: dict[str, Any]
    verdict: dict[str, Any] | None = None


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
@event_parser(model=State)
def lambda_handler(state: State, context: LambdaContext) -> dict[str, Any]:
    """Write one draft."""
    writer = state.request.agents["writer"]
    agent = agents.get_item(Key=writer.model_dump())["Item"]
    event = events.get_item(Key={"tenant": state.tenant, "event_id": state.event_id})["Item"]
    brand = json.load(brands.Object(state.request.brand["key"]).get()["Body"])
    draft, usage = write(agent, {"state": state.model_dump(), "comment": event.get("comment"), "brand": brand})
    ledger.put_item(Item={"agent_id": writer.agent_id, "run": state.event_id, "tokens": Decimal(usage["totalTokens"])})
    metrics.add_metric(name="TokensUsed", unit=MetricUnit.Count, value=usage["totalTokens"])
    logger.info("done", extra={"tokens": usage["totalTokens"]})
    return draft


@tracer.capture_method
def write(agent: dict[str, Any], material: dict[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """Ask the model, and check what it answers."""
    spec = {"name": "write_email", "inputSchema": {"json": SCHEMA}}
    answer = bedrock.converse(
        modelId=agent["model"],
        system=[{"text": agent["prompt"]}],
        messages=[{"role": "user", "content": [{"text": json.dumps(material)}]}],
        toolConfig={"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": "write_email"}}},
    )
    draft = answer["output"]["message"]["content"][0]["toolUse"]["input"]
    draft_validator.validate(draft)
    return draft, answer["usage"]
