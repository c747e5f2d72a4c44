"""Choice (a), offline: a deterministic writer and a deterministic judge. No language model is involved.

Token counts are an estimate (a quarter of the UTF-8 length), since nothing here has tokens.
"""

import json
import time
from typing import Any

from local_aws.bedrock_wire import judge, writer
from local_aws.bedrock_wire.conversation import (
    ForcedTool,
    check,
    converse_answer,
    data_of,
    estimated_tokens,
    forced_tool,
    role_of,
    text_block,
    tool_block,
    whole_text,
)
from local_aws.bedrock_wire.embeddings import invoke_titan
from local_aws.bedrock_wire.fault_effects import truncated
from local_aws.bedrock_wire.wire import Answer, Call, WireError

NAME = "offline stand-in (deterministic; no language model)"


class Offline:
    """The stand-in model: writes and judges outreach e-mails from the data block of their prompts, and nothing else."""

    name = NAME

    def converse(self, call: Call) -> Answer:
        """Write or judge, in the forced tool's shape or as JSON text; too long for maxTokens is cut, as a model is."""
        started = time.perf_counter()
        document = call.document
        check(document)
        tool = forced_tool(document)
        result = _result(document, tool)
        text = json.dumps(result, ensure_ascii=False)
        written = estimated_tokens(text)
        answer = converse_answer(
            [tool_block(tool.name, result) if tool else text_block(text)],
            "tool_use" if tool else "end_turn",
            input_tokens=estimated_tokens(whole_text(document)),
            output_tokens=written,
            started=started,
        )
        limit = document.get("inferenceConfig", {}).get("maxTokens")
        return truncated(answer) if limit is not None and written > limit else answer

    def invoke_model(self, call: Call) -> Answer:
        """Embed a text."""
        return invoke_titan(call.target, call.document)

    def retrieve(self, call: Call) -> Answer:
        """There is no knowledge base but the local ones."""
        raise WireError("ResourceNotFoundException", f"Knowledge base with id {call.target} is not found.")


def _result(document: dict[str, Any], tool: ForcedTool | None) -> dict[str, Any]:
    role, data = role_of(document), data_of(document)
    if role is None or data is None or (role == "judge" and not isinstance(data.get("draft"), dict)):
        # Bedrock would answer; inventing an answer here would hide that nothing was understood.
        raise WireError(
            "ValidationException",
            "The offline stand-in only writes (write_email) and judges (score_email) from one "
            "<data-BOUNDARY> block with a JSON object.",
        )
    if role == "writer":
        return writer.write_email(data)
    scores = {"scores": judge.score_email(data, _criteria(tool))}
    # Whatever the stand-in could take for a claim, the project's rules read as well: it has no candidates of its own.
    return scores | ({"claims": []} if tool and "claims" in tool.schema.get("properties", {}) else {})


def _criteria(tool: ForcedTool | None) -> tuple[str, ...]:
    """The criteria that the tool's schema lists; the judge's own when it lists none."""
    if tool is None:
        return judge.CRITERIA
    scores = tool.schema.get("properties", {}).get("scores", {})
    listed = scores.get("items", {}).get("properties", {}).get("criterion", {}).get("enum", judge.CRITERIA)
    return tuple(listed)
