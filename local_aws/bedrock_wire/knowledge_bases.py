"""Retrieve, answered from Markdown files by the words that a query shares with them.

Unlike the real service it doesn't cut files into chunks: a result is a whole file.
"""

import json
import logging
import threading
from pathlib import Path
from typing import Any

from local_aws.bedrock_wire import lexical
from local_aws.bedrock_wire.case_sources import BucketSource, Cached, Document, FolderSource, Source, s3_client
from local_aws.bedrock_wire.metadata_filters import matches
from local_aws.bedrock_wire.wire import Answer, WireError

_LOG = logging.getLogger(__name__)
_ID_LENGTH = 10
# For the signature only: the emulator keeps its buckets in one region.
_REGION = "us-east-1"
_DESCRIPTION = "A knowledge base is an id of ten letters and digits, with a bucket (endpoint, region) or a folder."


class KnowledgeBases:
    """The local knowledge bases by id, kept in a file if one is named; safe to share between threads."""

    def __init__(self, *, endpoint: str | None = None, kept: Path | None = None) -> None:
        self._endpoint, self._kept = endpoint, kept
        self._lock = threading.Lock()
        self._by_id: dict[str, Cached] = {}
        self._described: dict[str, dict[str, Any]] = {}
        if kept and kept.exists():
            for described in json.loads(kept.read_text()):
                self.set(described)

    def set(self, described: dict[str, Any]) -> dict[str, Any]:
        """Make or replace a knowledge base: {"id", "bucket", "endpoint"?, "region"?} or {"id", "folder"}."""
        unknown = described.keys() - {"id", "bucket", "endpoint", "region", "folder"}
        if unknown or not _is_id(described.get("id")) or ("bucket" in described) == ("folder" in described):
            raise WireError("ValidationException", _DESCRIPTION)
        cached = Cached(self._source(described))
        with self._lock:
            self._by_id[described["id"]] = cached
            self._described[described["id"]] = described
            if self._kept:
                self._kept.write_text(json.dumps(list(self._described.values()), indent=2))
        return described

    def _source(self, described: dict[str, Any]) -> Source:
        if "folder" in described:
            return FolderSource(Path(described["folder"]))
        endpoint = described.get("endpoint") or self._endpoint
        if not endpoint:
            # Without one the client would look for the bucket on AWS.
            raise WireError("ValidationException", "A bucket needs an endpoint, or AWS_ENDPOINT_URL set.")
        return BucketSource(s3_client(endpoint, described.get("region") or _REGION), described["bucket"])

    def holds(self, target: str) -> bool:
        """Whether an id, or the end of an ARN, is a local knowledge base."""
        with self._lock:
            return _id_in(target) in self._by_id

    def retrieve(self, target: str, request: dict[str, Any]) -> Answer:
        """Answer a Retrieve call from the files that pass its filter, the nearest first."""
        with self._lock:
            base = self._by_id.get(_id_in(target))
        if base is None:
            raise WireError("ResourceNotFoundException", f"Knowledge base with id {_id_in(target)} is not found.")
        query = request.get("retrievalQuery", {}).get("text")
        if not isinstance(query, str) or not query.strip():
            raise WireError("ValidationException", "retrievalQuery.text must be a text that is not empty.")
        search = request.get("retrievalConfiguration", {}).get("vectorSearchConfiguration", {})
        wanted = search.get("numberOfResults", 5)
        if not isinstance(wanted, int) or not 1 <= wanted <= 100:
            raise WireError("ValidationException", "numberOfResults must be between 1 and 100.")
        found = _filtered(_files(base), search.get("filter"))
        nearness = lexical.scores(query, [file.text for file in found])
        ranked = sorted(zip(nearness, found, strict=True), key=lambda pair: (-pair[0], pair[1].uri))
        return Answer.of({"retrievalResults": [_result(score, file) for score, file in ranked[:wanted]]})


def _is_id(text: Any) -> bool:
    return isinstance(text, str) and len(text) == _ID_LENGTH and text.isascii() and text.isalnum()


def _id_in(target: str) -> str:
    return target.rsplit("/", 1)[-1]


def _files(base: Cached) -> list[Document]:
    try:
        return base.documents()
    except WireError:
        raise
    except Exception as error:
        # Whatever S3 or the file system said belongs to this server's log; the caller learns that a dependency failed.
        _LOG.warning("the files of a knowledge base can't be read: %s: %s", type(error).__name__, error)
        raise WireError("DependencyFailedException", "The files of the knowledge base can't be read.") from error


def _filtered(files: list[Document], condition: Any) -> list[Document]:
    if condition is None:
        return files
    # Also without any file a filter that the service refuses is refused.
    matches({}, condition)
    return [file for file in files if matches(file.metadata, condition)]


def _result(score: float, file: Document) -> dict[str, Any]:
    location = {"type": "S3", "s3Location": {"uri": file.uri}}
    return {
        "content": {"type": "TEXT", "text": file.text},
        "location": location,
        "score": score,
        "metadata": file.metadata,
    }
