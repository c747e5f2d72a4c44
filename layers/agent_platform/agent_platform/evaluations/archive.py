"""What evaluations keep in their bucket, a folder for each: requests, terms, items, pairs, failures and the result.

A pair has its own key, so that writing it again changes nothing and a rerun sees what is done.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.errors import Refused
from agent_platform.evaluations.pairs import Pair
from agent_platform.evaluations.plans import MOST_REQUESTS, Terms

_READ_AT_ONCE = 8
# The folders of an evaluation in which a file is one request's.
_OF_A_REQUEST = ("pairs", "failures")


@dataclass(frozen=True)
class _Settings:
    evaluations_bucket: str


class Archive:
    """The bucket of evaluations."""

    def __init__(self, *, bucket: str, s3: Any) -> None:
        self.bucket, self._s3 = bucket, s3

    def named_set(self, key: str) -> list[str]:
        """The requests that a JSON list in the bucket names, each as `tenant#recording`; Refused if it is none."""
        listed = self._asked_for(key, f"there is no list of requests {key}")
        if not (isinstance(listed, list) and all(isinstance(each, str) and "#" in each for each in listed)):
            raise Refused([f"{key} must be a JSON list of texts, each <tenant>#<recording>"])
        named = list(dict.fromkeys(listed))
        if len(named) > MOST_REQUESTS:
            raise Refused([f"{key} names {len(named):,} requests, and {MOST_REQUESTS:,} are the most"])
        return named

    def put_terms(self, evaluation: str, terms: Terms, *, requests: Sequence[str]) -> None:
        """Keep what an evaluation is made with and on: who begins it, or goes on with it, takes this over."""
        self._put(requests_of(evaluation), json.dumps(requests).encode())
        self._put(f"{evaluation}/terms.json", json.dumps(terms).encode())

    def terms(self, evaluation: str) -> Terms:
        """What an evaluation was planned with; Refused if there is none of this name."""
        terms: Terms = self._asked_for(f"{evaluation}/terms.json", f"there is no evaluation {evaluation}")
        return terms

    def put_items(self, evaluation: str, items: Iterable[Mapping[str, Any]]) -> str:
        """Keep the pairs that are to be written; the key of their list."""
        key = f"{evaluation}/items.jsonl"
        self._put(key, b"".join(json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in items))
        return key

    def done(self, evaluation: str) -> set[str]:
        """The requests whose pairs are there, each as `tenant#recording`."""
        return {_request_of(key) for key in self._keys(f"{evaluation}/pairs/")}

    def put_pair(self, evaluation: str, pair: Pair) -> None:
        """Keep a pair under its own key."""
        self._put(f"{evaluation}/pairs/{pair.tenant}/{pair.recording}.json", pair.stored())

    def put_failure(self, evaluation: str, failure: Mapping[str, str]) -> None:
        """Keep why a pair could not be written."""
        key = f"{evaluation}/failures/{failure['tenant']}/{failure['recording']}.json"
        self._put(key, json.dumps(failure).encode())

    def pairs(self, evaluation: str) -> list[Pair]:
        """Every pair that is there, in the order of their keys."""
        return [Pair.read(body) for body in self._bodies(f"{evaluation}/pairs/")]

    def failures(self, evaluation: str) -> list[dict[str, str]]:
        """What could not be written, and wasn't in a later run either."""
        done = self.done(evaluation)
        listed = [json.loads(body) for body in self._bodies(f"{evaluation}/failures/")]
        return [each for each in listed if f"{each['tenant']}#{each['recording']}" not in done]

    def put_result(self, evaluation: str, result: Mapping[str, Any]) -> str:
        """Keep the result; its key."""
        key = f"{evaluation}/result.json"
        self._put(key, json.dumps(result, ensure_ascii=False).encode())
        return key

    def result(self, evaluation: str) -> dict[str, Any]:
        """The result of an evaluation that has ended."""
        found: dict[str, Any] = json.loads(self._get(f"{evaluation}/result.json"))
        return found

    def written_to(self, tenant: str, recordings: Collection[str]) -> Iterator[tuple[str, Any]]:
        """The pairs and failures of these requests in all evaluations, each with its key; only keys are all read."""
        for key in list(self._keys("")):
            *_, folder, owner, name = ("", "", *key.split("/"))
            if folder in _OF_A_REQUEST and owner == tenant and name.removesuffix(".json") in recordings:
                yield key, json.loads(self._get(key))

    def forget(self, tenant: str, recordings: Collection[str]) -> int:
        """Delete what was written to these requests, and what results show of it; how many files that were.

        The figures of a result stay as they are: they are counts.
        """
        found = [key for key, _ in self.written_to(tenant, recordings)]
        # Its pairs lead to an evaluation: they go last.
        for evaluation in sorted({key.rsplit("/", 3)[0] for key in found}):
            self._show_no_more(evaluation, tenant, recordings)
        for key in found:
            self._s3.delete_object(Bucket=self.bucket, Key=key)
        return len(found)

    def _show_no_more(self, evaluation: str, tenant: str, recordings: Collection[str]) -> None:
        if f"{evaluation}/result.json" not in self._keys(f"{evaluation}/result.json"):
            return
        result = self.result(evaluation)
        theirs = [each for each in result["losses"] if each["tenant"] == tenant and each["recording"] in recordings]
        if theirs:
            kept = [each for each in result["losses"] if each not in theirs]
            self.put_result(evaluation, result | {"losses": kept})

    def _asked_for(self, key: str, or_else: str) -> Any:
        """A document that a person named; Refused, saying so, if it isn't there."""
        try:
            return json.loads(self._get(key))
        except ClientError as error:
            if aws.code_of(error) not in {"NoSuchKey", "AccessDenied"}:
                raise
            raise Refused([or_else]) from None

    def _bodies(self, prefix: str) -> Iterator[bytes]:
        with ThreadPoolExecutor(_READ_AT_ONCE) as pool:
            yield from pool.map(self._get, sorted(self._keys(prefix)))

    def _keys(self, prefix: str) -> Iterator[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return (found["Key"] for page in pages for found in page.get("Contents", []))

    def _get(self, key: str) -> bytes:
        body: bytes = self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body

    def _put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")


def requests_of(evaluation: str) -> str:
    """The key of an evaluation's requests, a named set for those who try another version on them."""
    return f"{evaluation}/requests.json"


def _request_of(key: str) -> str:
    tenant, recording = key.removesuffix(".json").split("/")[-2:]
    return f"{tenant}#{recording}"


@cache
def archive() -> Archive:
    """The stack's evaluations, as the function's environment names them."""
    return Archive(bucket=settings.read(_Settings).evaluations_bucket, s3=aws.client("s3"))
