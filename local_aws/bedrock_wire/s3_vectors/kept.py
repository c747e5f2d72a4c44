"""Where vector buckets outlive a stop: one SQLite file, written with every change."""

import json
import sqlite3
from array import array
from pathlib import Path

from local_aws.bedrock_wire.s3_vectors.index import Index, Vector

_TABLES = """
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, created REAL);
CREATE TABLE IF NOT EXISTS indexes (bucket TEXT, name TEXT, described TEXT, PRIMARY KEY (bucket, name));
CREATE TABLE IF NOT EXISTS vectors (bucket TEXT, name TEXT, key TEXT, data BLOB, metadata TEXT,
                                    PRIMARY KEY (bucket, name, key));
"""


class Kept:
    """The file; `None` keeps nothing over a stop. Its owner calls it from one thread at a time."""

    def __init__(self, file: Path | None) -> None:
        self._file = sqlite3.connect(file or ":memory:", check_same_thread=False, autocommit=True)
        self._file.executescript(_TABLES)

    def load(self) -> tuple[dict[str, float], dict[tuple[str, str], Index]]:
        """Every bucket with its time of creation, and every index with its vectors."""
        indexes = {
            (bucket, name): Index(**json.loads(described))
            for bucket, name, described in self._file.execute("SELECT bucket, name, described FROM indexes")
        }
        for bucket, name, key, data, metadata in self._file.execute("SELECT * FROM vectors"):
            indexes[bucket, name].vectors[key] = Vector(key, array("f", data), json.loads(metadata))
        return dict(self._file.execute("SELECT name, created FROM buckets")), indexes

    def add_bucket(self, name: str, created: float) -> None:
        """Keep a bucket."""
        self._file.execute("INSERT INTO buckets VALUES (?, ?)", (name, created))

    def remove_bucket(self, name: str) -> None:
        """Forget a bucket, which is empty."""
        self._file.execute("DELETE FROM buckets WHERE name = ?", (name,))

    def add_index(self, bucket: str, name: str, index: Index) -> None:
        """Keep an index, which is empty."""
        described = {
            "dimension": index.dimension,
            "created": index.created,
            "non_filterable": index.non_filterable,
        }
        self._file.execute("INSERT INTO indexes VALUES (?, ?, ?)", (bucket, name, json.dumps(described)))

    def remove_index(self, bucket: str, name: str) -> None:
        """Forget an index and its vectors."""
        self._file.execute("DELETE FROM vectors WHERE bucket = ? AND name = ?", (bucket, name))
        self._file.execute("DELETE FROM indexes WHERE bucket = ? AND name = ?", (bucket, name))

    def put(self, bucket: str, name: str, vectors: list[Vector]) -> None:
        """Keep vectors in the place of those with the same keys."""
        rows = [(bucket, name, each.key, each.data.tobytes(), json.dumps(each.metadata)) for each in vectors]
        self._file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)", rows)

    def delete(self, bucket: str, name: str, keys: list[str]) -> None:
        """Forget vectors."""
        rows = [(bucket, name, key) for key in keys]
        self._file.executemany("DELETE FROM vectors WHERE bucket = ? AND name = ? AND key = ?", rows)

    def clear(self) -> None:
        """Forget everything."""
        self._file.executescript("DELETE FROM vectors; DELETE FROM indexes; DELETE FROM buckets;")
