"""S3 Vectors as the wire server asks it: who answers which operation, one at a time."""

import threading
from collections.abc import Callable
from pathlib import Path

from local_aws.bedrock_wire.s3_vectors import control_plane, data_plane, requests
from local_aws.bedrock_wire.s3_vectors.account import Account, Document
from local_aws.bedrock_wire.wire import Answer, Call, WireError

NAME = "exact search in memory (a stand-in for Amazon S3 Vectors)"

_ANSWERS: dict[str, Callable[[Account, Document], Document]] = {
    "CreateVectorBucket": control_plane.create_vector_bucket,
    "GetVectorBucket": control_plane.get_vector_bucket,
    "ListVectorBuckets": control_plane.list_vector_buckets,
    "DeleteVectorBucket": control_plane.delete_vector_bucket,
    "CreateIndex": control_plane.create_index,
    "GetIndex": control_plane.get_index,
    "ListIndexes": control_plane.list_indexes,
    "DeleteIndex": control_plane.delete_index,
    "PutVectors": data_plane.put_vectors,
    "GetVectors": data_plane.get_vectors,
    "ListVectors": data_plane.list_vectors,
    "QueryVectors": data_plane.query_vectors,
    "DeleteVectors": data_plane.delete_vectors,
}


class VectorBuckets:
    """The account's vector buckets, kept in a file if one is named; safe to share between threads."""

    def __init__(self, *, kept: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._account = Account(kept)
        self.operations: dict[str, Callable[[Call], Answer]] = dict.fromkeys(_ANSWERS, self._answer)

    def clear(self) -> None:
        """Empty the account."""
        with self._lock:
            self._account.clear()

    def _answer(self, call: Call) -> Answer:
        if len(call.content) > requests.LARGEST_REQUEST:
            raise WireError("ValidationException", "The request is larger than 20 MiB.")
        requests.check_imitated(call.document)
        with self._lock:
            return Answer.of(_ANSWERS[call.operation](self._account, call.document))
