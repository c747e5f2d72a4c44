"""Every place of a deployed stack where something could stand of a person, each with what stands there as text."""

from collections.abc import Callable, Iterator
from typing import Any

from agent_platform.items import from_item
from agent_platform.retrieval.vectors import VectorIndex

from tests.canaries import as_text
from tests.workflow.deployed import Deployed

type Places = Iterator[tuple[str, str]]
BUCKETS = ("Brands", "Cases", "Evaluations", "Inbox", "Prompts")


def logs(deployed: Deployed) -> Places:
    """Every log group."""
    client = deployed.stack.client("logs")
    for page in client.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            pages = client.get_paginator("filter_log_events").paginate(logGroupName=name)
            yield f"log {name}", "\n".join(event["message"] for each in pages for event in each["events"])


def metrics(deployed: Deployed) -> Places:
    """The names and dimensions of all metrics."""
    pages = deployed.stack.client("cloudwatch").get_paginator("list_metrics").paginate()
    yield "metrics", as_text([metric for page in pages for metric in page["Metrics"]])


def executions(deployed: Deployed) -> Places:
    """Every execution of every state machine, with its history."""
    client = deployed.stack.client("stepfunctions")
    machines = [value for name, value in deployed.stack.outputs.items() if name.endswith("StateMachineArn")]
    for machine in machines:
        for page in client.get_paginator("list_executions").paginate(stateMachineArn=machine):
            for execution in page["executions"]:
                arn = execution["executionArn"]
                pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
                history = [event for each in pages for event in each["events"]]
                described = client.describe_execution(executionArn=arn)
                yield f"execution {execution['name'][:8]}", as_text([described, history])


def queues(deployed: Deployed) -> Places:
    """What waits in the queues, dead letters among it."""
    sqs = deployed.stack.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        found = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0,
            MessageAttributeNames=["All"], AttributeNames=["All"],
        )  # fmt: skip
        yield f"queue {url.rpartition('/')[2]}", as_text(found.get("Messages", []))


def parameters(deployed: Deployed) -> Places:
    """The parameters."""
    pages = deployed.stack.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/", Recursive=True)
    yield "parameters", as_text([parameter for page in pages for parameter in page["Parameters"]])


def objects(deployed: Deployed) -> Places:
    """Every object of every bucket."""
    s3 = deployed.stack.client("s3")
    for bucket in (deployed.stack.outputs[name] for name in BUCKETS):
        for listed in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            body = s3.get_object(Bucket=bucket, Key=listed["Key"])["Body"].read().decode()
            yield f"object {listed['Key']}", f"{listed['Key']}\n{body}"


def vectors(deployed: Deployed) -> Places:
    """The vectors of customers, without their numbers."""
    index = VectorIndex(deployed.stack.outputs["ProfilesIndexArn"], deployed.stack.client("s3vectors"))
    yield from ((f"vector {key}", as_text([key, dict(metadata)])) for key, metadata in index.all())


def items(deployed: Deployed, *, may_hold: Callable[[dict[str, Any]], set[str]] = lambda _: set()) -> Places:
    """Every item of every table, without those of its attributes that may hold personal data."""
    for table in deployed.stack.dynamodb.list_tables()["TableNames"]:
        for page in deployed.stack.dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in map(from_item, page["Items"]):
                kept = {name: value for name, value in item.items() if name not in may_hold(item)}
                yield f"table {table} {str(item.get('part', '')).partition('#')[0]}", as_text(kept)
