"""An account's own log of deployments, and who deploys there now: two SSM parameters."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from operations.delivery.releases import Run
from operations.terminal import Problem


@dataclass(frozen=True)
class Log:
    """What was deployed in an environment, by an SSM client of its account; SSM keeps the last hundred entries."""

    environment: str
    ssm: Any

    @property
    def _release(self) -> str:
        return f"/referral-system/{self.environment}/release"

    @property
    def _deploying(self) -> str:
        return f"/referral-system/{self.environment}/deploying"

    def current(self) -> Run | None:
        """What runs now, if anything was ever recorded."""
        held = self._value(self._release)
        return Run.read(held) if held else None

    def history(self) -> list[Run]:
        """Every entry that is kept, the newest first."""
        pages = self.ssm.get_paginator("get_parameter_history").paginate(Name=self._release)
        try:
            return [Run.read(entry["Value"]) for page in pages for entry in page["Parameters"]][::-1]
        except self.ssm.exceptions.ParameterNotFound:
            return []

    def before(self) -> Run | None:
        """The newest entry of another artefact than the one that runs."""
        entries = self.history()
        others = (entry for entry in entries if entry.release.artefact != entries[0].release.artefact)
        return next(others, None)

    def write(self, run: Run) -> None:
        """Record what runs now."""
        # Many parameters in their full length are more than a standard parameter holds.
        tier = "Intelligent-Tiering"
        self.ssm.put_parameter(Name=self._release, Value=run.document, Type="String", Tier=tier, Overwrite=True)

    @contextmanager
    def alone(self, by: str) -> Iterator[None]:
        """Deploy as the only one; Problem if somebody else does."""
        value = json.dumps({"by": by, "at": datetime.now(UTC).isoformat(timespec="seconds")})
        try:
            self.ssm.put_parameter(Name=self._deploying, Value=value, Type="String", Overwrite=False)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterAlreadyExists":
                raise
            raise Problem(self._refusal()) from None
        try:
            yield
        finally:
            self.unlock()

    def unlock(self) -> bool:
        """Forget who deploys; whether there was anybody."""
        try:
            self.ssm.delete_parameter(Name=self._deploying)
        except self.ssm.exceptions.ParameterNotFound:
            return False
        return True

    def _refusal(self) -> str:
        holder = json.loads(self._value(self._deploying) or '{"by": "somebody", "at": "just now"}')
        return (
            f"{holder['by']} deploys to {self.environment} since {holder['at']}; nothing was changed. Wait; "
            f"if it was killed: scripts/deploy unlock --account {self.environment}"
        )

    def _value(self, name: str) -> str | None:
        try:
            value: str = self.ssm.get_parameter(Name=name)["Parameter"]["Value"]
        except self.ssm.exceptions.ParameterNotFound:
            return None
        return value
