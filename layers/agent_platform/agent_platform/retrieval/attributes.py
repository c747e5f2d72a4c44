"""What a case may be found by: the attributes in its metadata file, and how large they may be."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

# A Knowledge Base on S3 Vectors fails a file with more (Amazon Bedrock, S3 Vectors as a vector store: 1 KB, 35 keys).
MOST_BYTES = 1024
MOST_KEYS = 35


def problems_of(attributes: Mapping[str, Any]) -> Iterator[str]:
    """Why a file with these attributes could not be ingested."""
    size = len(json.dumps(attributes, ensure_ascii=False).encode())
    if size >= MOST_BYTES:
        yield f"its attributes have {size} bytes, and must have less than {MOST_BYTES}"
    if len(attributes) > MOST_KEYS:
        yield f"it has {len(attributes)} attributes, and may have {MOST_KEYS}"
