"""One call from beginning to end: the fault that strikes it, who answers it, and what the log keeps."""

import json
import time
from collections.abc import Callable

from local_aws.bedrock_wire.calls import CallLog
from local_aws.bedrock_wire.conversation import check_shape, role_of
from local_aws.bedrock_wire.fault_effects import Disconnected, apply
from local_aws.bedrock_wire.faults import Fault, Faults
from local_aws.bedrock_wire.guardrails import apply_guardrail
from local_aws.bedrock_wire.knowledge_bases import KnowledgeBases
from local_aws.bedrock_wire.s3_vectors.vector_buckets import VectorBuckets
from local_aws.bedrock_wire.wire import Answer, Call, Model, WireError


class Service:
    """Every operation, answered by the chosen model or by what is kept here."""

    def __init__(
        self, model: Model, knowledge_bases: KnowledgeBases | None = None, vectors: VectorBuckets | None = None
    ) -> None:
        self.model = model
        self.faults = Faults()
        self.calls = CallLog()
        self.knowledge_bases = knowledge_bases or KnowledgeBases()
        self.vectors = vectors or VectorBuckets()
        self._answers: dict[str, Callable[[Call], Answer]] = {
            "Converse": model.converse,
            "InvokeModel": model.invoke_model,
            "Retrieve": self._retrieve,
            "ApplyGuardrail": apply_guardrail,
            **self.knowledge_bases.operations,
            **self.vectors.operations,
        }

    def answer(self, call: Call) -> Answer:
        """Answer a call; raises Disconnected where a fault says so."""
        started = time.perf_counter()
        fault: Fault | None = None
        outcome = "failed"
        try:
            if call.operation == "Converse":
                check_shape(call.document)
            fault = self.faults.take(call)
            answer = self._answer(call, fault)
            outcome = _outcome(call, answer)
        except WireError as error:
            outcome = error.code
            return error.answer()
        except Disconnected:
            outcome = "disconnected"
            raise
        else:
            return answer
        finally:
            self.calls.record(
                operation=call.operation,
                target=call.target,
                role=_role(call),
                outcome=outcome,
                fault=fault.kind if fault else None,
                latency_ms=round((time.perf_counter() - started) * 1000),
            )

    def _answer(self, call: Call, fault: Fault | None) -> Answer:
        if fault is None:
            return self._undisturbed(call)
        return apply(fault.kind, call, seconds=fault.seconds, text=fault.text, answer=lambda: self._undisturbed(call))

    def _undisturbed(self, call: Call) -> Answer:
        return self._answers[call.operation](call)

    def _retrieve(self, call: Call) -> Answer:
        # Local knowledge bases are answered here whoever the model is: the seed sets one for every choice.
        if self.knowledge_bases.holds(call.target):
            return self.knowledge_bases.retrieve(call.target, call.document)
        return self.model.retrieve(call)


def _role(call: Call) -> str | None:
    try:
        return role_of(call.document) if call.operation == "Converse" else None
    except (WireError, LookupError, TypeError, AttributeError):
        # A request too malformed to have a role is in the log all the same.
        return None


def _outcome(call: Call, answer: Answer) -> str:
    if answer.status >= 400:
        return answer.headers.get("x-amzn-errortype", str(answer.status)).split(":")[0]
    return str(json.loads(answer.content)["stopReason"]) if call.operation == "Converse" else "answered"
