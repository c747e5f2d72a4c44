"""Knowledge bases: ingested from Markdown files, asked by the words that a query shares with them.

Unlike the real service this one doesn't cut files into chunks: a result is a whole file.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local_aws.bedrock_wire import lexical
from local_aws.bedrock_wire.case_sources import BucketSource, Document, FolderSource, Source, s3_client
from local_aws.bedrock_wire.ingestion_jobs import IngestionJobs
from local_aws.bedrock_wire.metadata_filters import matches
from local_aws.bedrock_wire.wire import Answer, Call, WireError

# A knowledge base here has one data source; unless it is given another id, this one.
DATA_SOURCE = "LOCALFILES"
_ID_LENGTH = 10
# For the signature only: the emulator keeps its buckets in one region.
_REGION = "us-east-1"
# The emulator's own account; that of another is its id.
_KEY = "test"
_DESCRIPTION = (
    "A knowledge base is an id of ten letters and digits, with a bucket (endpoint, region, account) or a folder."
)


@dataclass(frozen=True)
class _KnowledgeBase:
    described: dict[str, Any]
    jobs: IngestionJobs

    @property
    def data_source(self) -> str:
        return str(self.described.get("data_source", DATA_SOURCE))


class KnowledgeBases:
    """The local knowledge bases by id, kept in a file if one is named; safe to share between threads."""

    def __init__(self, *, endpoint: str | None = None, kept: Path | None = None) -> None:
        self._endpoint, self._kept = endpoint, kept
        self._lock = threading.RLock()
        self._by_id: dict[str, _KnowledgeBase] = {}
        for each in json.loads(kept.read_text()) if kept and kept.exists() else []:
            documents = [Document(**document) for document in each["documents"]]
            self._by_id[each["described"]["id"]] = self._made(each["described"], documents)
        self.operations: dict[str, Callable[[Call], Answer]] = {
            "StartIngestionJob": self._start_ingestion_job,
            "GetIngestionJob": self._get_ingestion_job,
            "ListIngestionJobs": self._list_ingestion_jobs,
        }

    def set(self, described: dict[str, Any]) -> dict[str, Any]:
        """Make or replace one, empty until ingested: an id, and a bucket (endpoint, region, account) or a folder."""
        unknown = described.keys() - {"id", "data_source", "bucket", "endpoint", "region", "account", "folder"}
        ids = (described.get("id"), described.get("data_source", DATA_SOURCE))
        if unknown or not all(map(_is_id, ids)) or ("bucket" in described) == ("folder" in described):
            raise WireError("ValidationException", _DESCRIPTION)
        with self._lock:
            before = self._by_id.get(described["id"])
            if before is None or before.described != described:
                self._by_id[described["id"]] = self._made(described, [])
                self._keep()
        return described

    def ingest(self, knowledge_base: str) -> dict[str, Any]:
        """Ingest what its bucket or folder holds now, and give the job."""
        base = self._base(knowledge_base)
        about = {"knowledgeBaseId": base.described["id"], "dataSourceId": base.data_source}
        return base.jobs.start(about)

    def holds(self, target: str) -> bool:
        """Whether an id, or the end of an ARN, is a local knowledge base."""
        with self._lock:
            return _id_in(target) in self._by_id

    def retrieve(self, target: str, request: dict[str, Any]) -> Answer:
        """Answer a Retrieve call from the ingested files that pass its filter, the nearest first."""
        documents = self._base(target).jobs.documents
        query = request.get("retrievalQuery", {}).get("text")
        if not isinstance(query, str) or not query.strip():
            raise WireError("ValidationException", "retrievalQuery.text must be a text that is not empty.")
        search = request.get("retrievalConfiguration", {}).get("vectorSearchConfiguration", {})
        wanted = search.get("numberOfResults", 5)
        if not isinstance(wanted, int) or not 1 <= wanted <= 100:
            raise WireError("ValidationException", "numberOfResults must be between 1 and 100.")
        if search.get("overrideSearchType", "SEMANTIC") != "SEMANTIC":
            # As a knowledge base on S3 Vectors says.
            raise WireError("ValidationException", "HYBRID search is not supported by this knowledge base's storage.")
        found = _filtered(documents, search.get("filter"))
        nearness = lexical.scores(query, [file.text for file in found])
        ranked = sorted(zip(nearness, found, strict=True), key=lambda pair: (-pair[0], pair[1].uri))
        return Answer.of({"retrievalResults": [_result(score, file) for score, file in ranked[:wanted]]})

    def _start_ingestion_job(self, call: Call) -> Answer:
        self._of_data_source(call)
        return Answer.of({"ingestionJob": self.ingest(call.target)}, 202)

    def _get_ingestion_job(self, call: Call) -> Answer:
        return Answer.of({"ingestionJob": self._of_data_source(call).job(call.targets[2])})

    def _list_ingestion_jobs(self, call: Call) -> Answer:
        jobs = self._of_data_source(call).newest_first()
        for condition in call.document.get("filters", []):
            jobs = [job for job in jobs if job["status"] in condition["values"]]
        most, begin = call.document.get("maxResults", 10), int(call.document.get("nextToken", 0))
        more = {"nextToken": str(begin + most)} if len(jobs) > begin + most else {}
        return Answer.of({"ingestionJobSummaries": jobs[begin : begin + most], **more})

    def _of_data_source(self, call: Call) -> IngestionJobs:
        base = self._base(call.target)
        if call.targets[1] != base.data_source:
            raise WireError("ResourceNotFoundException", f"Data source with id {call.targets[1]} is not found.")
        return base.jobs

    def _base(self, target: str) -> _KnowledgeBase:
        with self._lock:
            if _id_in(target) not in self._by_id:
                raise WireError("ResourceNotFoundException", f"Knowledge base with id {_id_in(target)} is not found.")
            return self._by_id[_id_in(target)]

    def _made(self, described: dict[str, Any], documents: list[Document]) -> _KnowledgeBase:
        return _KnowledgeBase(described, IngestionJobs(self._source(described), documents, self._keep))

    def _source(self, described: dict[str, Any]) -> Source:
        if "folder" in described:
            return FolderSource(Path(described["folder"]))
        endpoint = described.get("endpoint") or self._endpoint
        if not endpoint:
            # Without one the client would look for the bucket on AWS.
            raise WireError("ValidationException", "A bucket needs an endpoint, or AWS_ENDPOINT_URL set.")
        s3 = s3_client(endpoint, described.get("region") or _REGION, key=described.get("account") or _KEY)
        return BucketSource(s3, described["bucket"])

    def _keep(self) -> None:
        if self._kept:
            with self._lock:
                everything = [
                    {"described": base.described, "documents": [asdict(each) for each in base.jobs.documents]}
                    for base in self._by_id.values()
                ]
                self._kept.write_text(json.dumps(everything, indent=2))


def _is_id(text: Any) -> bool:
    return isinstance(text, str) and len(text) == _ID_LENGTH and text.isascii() and text.isalnum()


def _id_in(target: str) -> str:
    return target.rsplit("/", 1)[-1]


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
