"""The releases in the tooling account's bucket, and which of them passed where.

Code and snippets lie under `artefacts/`; `releases/<artefact>/` holds the packaged template and what it was built from;
`runs/<account>/` what worked there, so that nobody needs a role in the account before to know it. The artefact's name
is the hash of its template and of every file that the template names: SAM CLI names a file by what went into it, but
who builds could write another under that name, after it was tried out.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from botocore.exceptions import ClientError

from operations.terminal import Problem

CODE = "artefacts"
_FILES = re.compile(rf"(?<=[/ ]){CODE}/[\w.-]+".encode())


def origin(commit: str, *, dirty: bool) -> str:
    """What was checked out, in words."""
    return f"commit {commit[:12]}" + (" with changes that are in no commit" if dirty else "")


@dataclass(frozen=True)
class Release:
    """An artefact, and the commit that it was built from; dirty if files had changed since."""

    artefact: str
    commit: str
    dirty: bool
    built_at: str

    @property
    def short(self) -> str:
        """As people read and type it."""
        return self.artefact[:12]

    @property
    def origin(self) -> str:
        """What it was built from, in words."""
        return origin(self.commit, dirty=self.dirty)


@dataclass(frozen=True)
class Run:
    """What an account runs: the release, its parameters, who deployed it and when; and instead of which failed one."""

    release: Release
    parameters: Mapping[str, str]
    by: str
    at: str
    instead_of: str = ""
    why: str = ""

    @property
    def document(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self) | {"parameters": dict(self.parameters)})

    @classmethod
    def read(cls, document: str | bytes) -> Self:
        """From what was kept."""
        told = json.loads(document)
        return cls(**told | {"release": Release(**told["release"])})


@dataclass(frozen=True)
class Releases:
    """The bucket, by an S3 client that may read it; only where artefacts are built it may write all of it."""

    bucket: str
    s3: Any

    def keep(self, template: bytes, *, commit: str, dirty: bool, built_at: str) -> Release:
        """Keep a packaged template; the same content is the same release as before, with when it was first built."""
        artefact = self._hash(template)
        if held := self._object(f"releases/{artefact}/release.json"):
            return Release(**json.loads(held))
        release = Release(artefact, commit, dirty, built_at)
        self.s3.put_object(Bucket=self.bucket, Key=f"releases/{artefact}/template.yaml", Body=template)
        # Last, so that a release which can be found is whole.
        self.s3.put_object(
            Bucket=self.bucket, Key=f"releases/{artefact}/release.json", Body=json.dumps(asdict(release))
        )
        return release

    def find(self, beginning: str) -> Release:
        """The one release whose artefact begins like this; Problem if there is none, or more."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=f"releases/{beginning}").get("Contents", [])
        found = {each["Key"].split("/")[1] for each in listed if each["Key"].endswith("/release.json")}
        if len(found) != 1:
            raise Problem(f"{'No release begins' if not found else 'More than one release begins'} with {beginning}.")
        return Release(**json.loads(self._object(f"releases/{found.pop()}/release.json") or b""))

    def url(self, release: Release) -> str:
        """Where CloudFormation reads the template; Problem if it, or its code, isn't what was built and tried out."""
        key = f"releases/{release.artefact}/template.yaml"
        if self._hash(self._object(key) or b"") != release.artefact:
            raise Problem(
                f"The template of {release.short}, or a file of its code, was changed after it was built; "
                "build and deploy another."
            )
        return f"{self.s3.meta.endpoint_url}/{self.bucket}/{key}"

    def passed(self, account: str, artefact: str) -> bool:
        """Whether a release ran in an account, and its synthetic event was answered."""
        return self._object(f"runs/{account}/{artefact}.json") is not None

    def running(self, account: str) -> Run | None:
        """What an account runs."""
        held = self._object(f"runs/{account}/now.json")
        return Run.read(held) if held else None

    def note(self, account: str, run: Run) -> None:
        """Let the other accounts know what passed here."""
        for name in (run.release.artefact, "now"):
            self.s3.put_object(Bucket=self.bucket, Key=f"runs/{account}/{name}.json", Body=run.document)

    def _hash(self, template: bytes) -> str:
        told = hashlib.sha256(template)
        for key in sorted({found.decode() for found in _FILES.findall(template)}):
            told.update(hashlib.sha256(self._object(key) or b"").digest())
        return told.hexdigest()

    def _object(self, key: str) -> bytes | None:
        try:
            content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None
        return content
