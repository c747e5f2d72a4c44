"""The shapes on the wire: what a call is, what an answer is, and how Bedrock says that something went wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote

OF_S3_VECTORS = (
    "CreateVectorBucket",
    "GetVectorBucket",
    "ListVectorBuckets",
    "DeleteVectorBucket",
    "CreateIndex",
    "GetIndex",
    "ListIndexes",
    "DeleteIndex",
    "PutVectors",
    "GetVectors",
    "ListVectors",
    "QueryVectors",
    "DeleteVectors",
)
# Method and path of every operation; {} stands for what it is asked of.
_ROUTES = {
    "Converse": "POST /model/{}/converse",
    "InvokeModel": "POST /model/{}/invoke",
    "ApplyGuardrail": "POST /guardrail/{}/version/{}/apply",
    "Retrieve": "POST /knowledgebases/{}/retrieve",
    "StartIngestionJob": "PUT /knowledgebases/{}/datasources/{}/ingestionjobs",
    "GetIngestionJob": "GET /knowledgebases/{}/datasources/{}/ingestionjobs/{}",
    "ListIngestionJobs": "POST /knowledgebases/{}/datasources/{}/ingestionjobs",
    **{operation: f"POST /{operation}" for operation in OF_S3_VECTORS},
}
OPERATIONS = tuple(_ROUTES)

# The status that the services' models give to each of their errors.
STATUS_OF = {
    "ValidationException": 400,
    "AccessDeniedException": 403,
    "NotFoundException": 404,
    "ResourceNotFoundException": 404,
    "ModelTimeoutException": 408,
    "RequestTimeoutException": 408,
    "ConflictException": 409,
    "DependencyFailedException": 424,
    "ModelErrorException": 424,
    "ModelNotReadyException": 429,
    "ThrottlingException": 429,
    "TooManyRequestsException": 429,
    "InternalServerException": 500,
    "ServiceUnavailableException": 503,
}


@dataclass(frozen=True)
class Answer:
    """A response as it goes out: status, JSON as bytes, and the headers beside the usual ones."""

    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any, status: int = 200, **headers: str) -> "Answer":
        """The answer that carries a JSON document; a header's underscores become hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, json.dumps(document, ensure_ascii=False).encode(), named)


class WireError(Exception):
    """An error under the service's own name; its message goes to the caller."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def answer(self) -> Answer:
        """The error as a REST-JSON service says it."""
        return Answer.of({"message": self.message}, STATUS_OF[self.code], x_amzn_errortype=self.code)


@dataclass(frozen=True)
class Call:
    """One request to one operation; `targets` are the ids in its path, which is itself still encoded."""

    operation: str
    targets: tuple[str, ...]
    path: str
    content: bytes
    document: dict[str, Any]

    @property
    def target(self) -> str:
        """What the call is made to: a model's or a knowledge base's id."""
        return self.targets[0] if self.targets else ""


class Model(Protocol):
    """Who answers the calls; `name` says so to people."""

    name: str

    def converse(self, call: Call) -> Answer:
        """Answer a Converse call, or raise WireError."""

    def invoke_model(self, call: Call) -> Answer:
        """Answer an InvokeModel call, or raise WireError."""

    def retrieve(self, call: Call) -> Answer:
        """Answer a Retrieve call for a knowledge base that isn't a local one, or raise WireError."""


def read_document(content: bytes) -> dict[str, Any]:
    """The JSON object of a request's body; an empty body is an empty object."""
    try:
        document = json.loads(content or b"{}")
    except ValueError:
        raise WireError("ValidationException", "The request body is not JSON.") from None
    if not isinstance(document, dict):
        raise WireError("ValidationException", "The request body is not a JSON object.")
    return document


def read_call(path: str, content: bytes, *, method: str = "POST") -> Call:
    """The call that a request is; an address that no operation has is a ResourceNotFoundException."""
    # An id may be an ARN with a slash in it, so the path is taken apart before it is decoded.
    asked = [method, *path.split("?", 1)[0].strip("/").split("/")]
    for operation, route in _ROUTES.items():
        targets = _targets(route.replace(" /", "/").split("/"), asked)
        if targets is not None:
            return Call(operation, targets, path, content, read_document(content))
    raise WireError("ResourceNotFoundException", f"No operation is at {method} {path}.")


def _targets(route: list[str], asked: list[str]) -> tuple[str, ...] | None:
    """What stands in a path at the places that a route leaves open; None if it is another route's."""
    if len(route) != len(asked) or any(want not in ("{}", part) for want, part in zip(route, asked, strict=True)):
        return None
    return tuple(unquote(part) for want, part in zip(route, asked, strict=True) if want == "{}")
