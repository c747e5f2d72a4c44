"""Ingestion: what Retrieve answers from is what the last job read, and not what lies in the bucket now.

Unlike the service's, a job is over when its call is answered: it takes milliseconds, and whoever waits asks once. And
who asks meanwhile waits for that, because the local AWS gathers no changes and would put a batch back for minutes.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from local_aws.bedrock_wire.case_sources import Document, Reading, Source, read_all
from local_aws.bedrock_wire.wire import WireError

_LOG = logging.getLogger(__name__)
_FAILED = "FAILED"
# Below the read timeout of whoever asks.
PATIENCE_SECONDS = 2.0


class IngestionJobs:
    """The jobs of one data source, one at a time; `documents` is what the last successful one found."""

    def __init__(self, source: Source, documents: Sequence[Document], kept: Callable[[], None]) -> None:
        self._source, self._kept = source, kept
        self.documents = list(documents)
        self._running = threading.Lock()
        self._jobs: dict[str, dict[str, Any]] = {}

    def start(self, about: dict[str, Any]) -> dict[str, Any]:
        """Run a job and give it as it began; `about` is what every job of this data source says of itself."""
        if not self._running.acquire(timeout=PATIENCE_SECONDS):
            raise WireError("ConflictException", "An ingestion job of this data source is running.")
        try:
            now = datetime.now(UTC).isoformat()
            begun = about | {"ingestionJobId": secrets.token_hex(5).upper(), "startedAt": now, "updatedAt": now}
            self._jobs[begun["ingestionJobId"]] = begun | self._run()
        finally:
            self._running.release()
        return begun | {"status": "STARTING"}

    def job(self, job_id: str) -> dict[str, Any]:
        """A job as it is now."""
        if job_id not in self._jobs:
            raise WireError("ResourceNotFoundException", f"Ingestion job {job_id} is not found.")
        return self._jobs[job_id]

    def newest_first(self) -> list[dict[str, Any]]:
        """Every job, without the reasons of a failure, as a list shows it."""
        return [
            {key: value for key, value in job.items() if key != "failureReasons"}
            for job in reversed(self._jobs.values())
        ]

    def _run(self) -> dict[str, Any]:
        try:
            reading = read_all(self._source)
        except Exception as error:  # noqa: BLE001 - a job that fails, whatever at, is an answer
            # Whatever S3 or the file system said belongs to this server's log; the caller learns that it failed.
            _LOG.warning("the files of a knowledge base can't be read: %s: %s", type(error).__name__, error)
            return {"status": _FAILED, "failureReasons": ["The files of the data source can't be read."]}
        statistics = _compared(self.documents, reading)
        self.documents = reading.documents
        self._kept()
        reasons = {"failureReasons": reading.problems} if reading.problems else {}
        return {"status": "COMPLETE", "statistics": statistics, **reasons}


def _compared(before: Sequence[Document], reading: Reading) -> dict[str, int]:
    old, new = ({each.uri: each for each in documents} for documents in (before, reading.documents))
    both = old.keys() & new.keys()
    return {
        "numberOfDocumentsScanned": len(new) + len(reading.problems),
        "numberOfMetadataDocumentsScanned": reading.metadata_files,
        "numberOfNewDocumentsIndexed": len(new.keys() - old.keys()),
        "numberOfModifiedDocumentsIndexed": sum(old[uri].text != new[uri].text for uri in both),
        "numberOfMetadataDocumentsModified": sum(old[uri].metadata != new[uri].metadata for uri in both),
        "numberOfDocumentsDeleted": len(old.keys() - new.keys()),
        "numberOfDocumentsFailed": len(reading.problems),
    }
