"""What IAM checks for the calls that a function makes, and what the template's policies allow it."""

from tests.integration.stack import FUNCTIONS, RESOURCES, of_type

_PREFIXES = {
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "monitoring": "cloudwatch",
}
_TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}


def needed(call):
    """The actions that IAM checks for a call, each with the table it is about where there is one."""
    if call.operation == "TransactWriteItems":
        writes = [next(iter(write.items())) for write in call.parameters["TransactItems"]]
        return {(f"dynamodb:{_TRANSACTED[kind]}", item["TableName"]) for kind, item in writes}
    if call.operation in {"BatchGetItem", "BatchWriteItem"}:
        return {(f"dynamodb:{call.operation}", table) for table in call.parameters["RequestItems"]}
    if call.service == "s3" and call.operation == "GetObject":
        return {("s3:GetObjectVersion" if "versionId" in call.parameters else "s3:GetObject", None)}
    if call.service == "s3":
        return {({"ListObjectsV2": "s3:ListBucket"}.get(call.operation, f"s3:{call.operation}"), None)}
    if call.operation == "Converse":
        return {("bedrock:InvokeModel", None)}
    if call.operation == "ListVectors" and call.parameters.get("returnMetadata"):
        return {("s3vectors:ListVectors", None), ("s3vectors:GetVectors", None)}
    if call.operation == "QueryVectors":
        # Who filters, or wants the metadata, reads vectors too.
        return {("s3vectors:QueryVectors", None), ("s3vectors:GetVectors", None)}
    if call.operation == "SendMessageBatch":
        return {("sqs:SendMessage", None)}
    service = _PREFIXES.get(call.service, call.service)
    return {(f"{service}:{call.operation}", call.parameters.get("TableName") if service == "dynamodb" else None)}


def noting(stack, monkeypatch):
    """What IAM checks for each function that is invoked from now on, filled as they are."""
    asked, invoke = {name: set() for name in FUNCTIONS}, stack.invoke

    def noted(function, event):
        answer = invoke(function, event)
        asked[function] |= {each for call in stack.clients.calls for each in needed(call)}
        return answer

    monkeypatch.setattr(stack, "invoke", noted)
    return asked


def allowed(function):
    """The actions of a function's policies, its own and named ones, and of those that a workflow attaches."""
    named = [RESOURCES[policy["Ref"]]["Properties"]["PolicyDocument"]
             for policy in FUNCTIONS[function].get("Policies", []) if "Ref" in policy]  # fmt: skip
    attached = [
        policy["PolicyDocument"]
        for policy in of_type("IAM::Policy").values()
        if {"Ref": f"{function}Role"} in policy["Roles"]
    ]
    written_out = RESOURCES.get(f"{function}Role", {"Properties": {"Policies": []}})["Properties"]["Policies"]
    own = [policy for policy in FUNCTIONS[function].get("Policies", []) if "Statement" in policy]
    own += [policy["PolicyDocument"] for policy in written_out]
    found = set()
    for statement in [each for policy in own + named + attached for each in policy["Statement"]]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        for action in actions:
            tables = {_owner(each) for each in resources}
            found |= {(action, table if action.startswith("dynamodb:") else None) for table in tables}
    return found


def _owner(resource):
    """The logical id of what a resource is, or stands in, as a table's index does."""
    if not isinstance(resource, dict):
        return ""
    named = resource.get("Fn::GetAtt") or resource.get("Fn::Sub", "").removeprefix("${")
    return named.partition(".")[0]


def made_by(group, *, noted):
    """The functions below these folders of functions/, with what was noted of them."""
    return {name: noted[name] for name, each in FUNCTIONS.items() if each["CodeUri"].split("/")[1] in group}


def refused(done):
    """What functions did and are not allowed, by function."""
    return _some({name: asked - allowed(name) for name, asked in done.items()})


def unused(done, *, elsewhere=frozenset()):
    """What functions are allowed to do with tables and vectors, and did neither here nor elsewhere."""
    stores = ("dynamodb:", "s3vectors:")
    granted = {name: {each for each in allowed(name) if each[0].startswith(stores)} for name in done}
    return _some({name: actions - done[name] - elsewhere for name, actions in granted.items()})


def _some(by_function):
    return {name: actions for name, actions in by_function.items() if actions}
