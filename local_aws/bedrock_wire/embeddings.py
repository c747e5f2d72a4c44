"""A stand-in for Titan Text Embeddings V2: hashed character n-grams, so that similar spellings lie near each other.

It knows nothing of meaning. Same text, same vector, on every machine.
"""

import math
import zlib
from typing import Any

from local_aws.bedrock_wire.conversation import estimated_tokens
from local_aws.bedrock_wire.wire import Answer, WireError

NAME = "hashed character n-grams (a stand-in for Titan Text Embeddings V2)"
_MODEL = "amazon.titan-embed-text-v2"
_DIMENSIONS = (256, 512, 1024)
_TYPES = ("float", "binary")


def embed(text: str, dimensions: int, *, normalize: bool = True) -> list[float]:
    """The vector of a text; normalised to length 1 unless told otherwise."""
    padded = f" {' '.join(text.casefold().split())} "
    vector = [0.0] * dimensions
    for size in (3, 4, 5):
        for start in range(max(1, len(padded) - size + 1)):
            hashed = zlib.crc32(padded[start : start + size].encode())
            # One bit for the sign, so that collisions cancel out instead of piling up.
            vector[(hashed >> 1) % dimensions] += 1.0 if hashed & 1 else -1.0
    length = math.sqrt(sum(part * part for part in vector)) if normalize else 1.0
    return [part / length for part in vector] if length else vector


def invoke_titan(model: str, document: dict[str, Any]) -> Answer:
    """Answer InvokeModel as Titan Text Embeddings V2 would; no other model is imitated."""
    if _MODEL not in model:
        raise WireError("ValidationException", f"Here InvokeModel only imitates {_MODEL}; {model} is another model.")
    text, dimensions = document.get("inputText"), document.get("dimensions", 1024)
    types = document.get("embeddingTypes", ["float"])
    if not isinstance(text, str) or not text.strip():
        raise WireError("ValidationException", "inputText must be a text that is not empty.")
    if dimensions not in _DIMENSIONS:
        raise WireError("ValidationException", f"dimensions must be one of {_DIMENSIONS}.")
    if not isinstance(types, list) or not types or not set(types) <= set(_TYPES):
        raise WireError("ValidationException", f"embeddingTypes must be a list of {_TYPES}.")
    vector = embed(text, dimensions, normalize=document.get("normalize", True))
    by_type: dict[str, list[float] | list[int]] = {"float": vector, "binary": [int(part > 0) for part in vector]}
    answer: dict[str, Any] = {"embeddingsByType": {name: by_type[name] for name in types}}
    if "float" in types:
        answer["embedding"] = vector
    tokens = estimated_tokens(text)
    answer["inputTextTokenCount"] = tokens
    return Answer.of(answer, x_amzn_bedrock_input_token_count=str(tokens))
