"""Texts as vectors, by a model with the request of Titan Text Embeddings V2: one request, one attempt."""

import json
from dataclasses import dataclass
from typing import Any

from agent_platform.errors import MalformedOutput


@dataclass(frozen=True)
class Embedding:
    """A vector of length 1, and the space that it lies in: vectors of two spaces say nothing about each other."""

    data: tuple[float, ...]
    space: str


def space_of(model: str, dimensions: int) -> str:
    """What names the vectors that can be compared: the model's id and how many numbers a vector has."""
    return f"{model}/{dimensions}"


def embed(text: str, *, model: str, dimensions: int, runtime: Any) -> Embedding:
    """The embedding of a text that isn't empty; `runtime` is a client of bedrock-runtime: its errors come as they are.

    Raises MalformedOutput for an answer that is no such vector.
    """
    asked = {"inputText": text, "dimensions": dimensions, "normalize": True}
    answer = runtime.invoke_model(
        modelId=model, body=json.dumps(asked), contentType="application/json", accept="application/json"
    )
    data = json.loads(answer["body"].read()).get("embedding")
    if not isinstance(data, list) or len(data) != dimensions:
        raise MalformedOutput(f"{model} gave no vector of {dimensions} numbers")
    return Embedding(tuple(data), space_of(model, dimensions))
