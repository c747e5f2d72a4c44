"""The answers of a probing as they come in, so that what was paid for is never asked again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.probes.asking import Answer


@dataclass(frozen=True)
class _Settings:
    evaluations_bucket: str


class Answers:
    """A folder for each probing in the bucket of evaluations; an object for each share of its answers."""

    def __init__(self, *, bucket: str, s3: Any) -> None:
        self._bucket, self._s3 = bucket, s3

    def of(self, probing: str) -> dict[str, Answer]:
        """Every answer that is there, by its probe's id."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"probings/{probing}/")
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        bodies = (self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read() for key in keys)
        return {probe: answer for body in bodies for probe, answer in json.loads(body).items()}

    def keep(self, probing: str, answers: Mapping[str, Answer]) -> None:
        """Keep some answers beside those that are there; the same ones again change nothing."""
        if not answers:
            return
        named = hashlib.sha256(" ".join(sorted(answers)).encode()).hexdigest()[:20]
        body = json.dumps(answers, sort_keys=True).encode()
        self._s3.put_object(Bucket=self._bucket, Key=f"probings/{probing}/{named}.json", Body=body)


@cache
def answers() -> Answers:
    """The stack's answers, as the function's environment names their bucket."""
    return Answers(bucket=settings.read(_Settings).evaluations_bucket, s3=aws.client("s3"))
