"""What the project's writer and judge ask a model, as arguments of botocore's `converse`."""

import json

from tests.unit.local_aws.email_requests import data

MODEL = "us.amazon.nova-lite-v1:0"
SCHEMA = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("subject", "body", "call_to_action")},
    "required": ["subject", "body", "call_to_action"],
}


def asked(value=None, *, tool="write_email", max_tokens=900, **more):
    """The arguments of one Converse call; tool None asks for JSON in the text."""
    block = json.dumps(value if value is not None else data())
    text = f"Do it from this data.\n\n<data-0123456789abcdef>\n{block}\n</data-0123456789abcdef>"
    arguments = {
        "modelId": MODEL,
        "system": [{"text": "You write e-mails."}],
        "messages": [{"role": "user", "content": [{"text": text}]}],
        "inferenceConfig": {"maxTokens": max_tokens, "temperature": 0.5},
    }
    if tool:
        spec = {"name": tool, "description": "Hand it in.", "inputSchema": {"json": SCHEMA}}
        arguments["toolConfig"] = {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": tool}}}
    return arguments | more


def only_block(answer):
    """The one content block of an answer."""
    [block] = answer["output"]["message"]["content"]
    return block
