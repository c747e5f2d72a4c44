"""Leave in an installed botocore only what the layer's clients read: their services' models, without documentation.

    python prune_botocore.py TARGET_DIR SERVICE…        where `pip install --target` put botocore

A cold start parses what stands here: endpoints of 400 services at the first client, and each model with its manual.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

_DOCUMENTATION = {"documentation", "documentationUrl"}


def prune(target: Path, services: set[str]) -> None:
    """Remove the other services' data from TARGET_DIR/botocore, and of these what no call needs."""
    data = target / "botocore" / "data"
    if missing := sorted(service for service in services if not (data / service).is_dir()):
        sys.exit(f"no botocore data of {', '.join(missing)} under {target}")
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in services:
            shutil.rmtree(folder)
    for examples in data.glob("*/*/examples-*"):
        examples.unlink()
    prefixes = {_endpoint_prefix(model) for model in data.glob("*/*/service-2.json.gz")}
    _keep_endpoints(data / "endpoints.json", prefixes)


def _endpoint_prefix(path: Path) -> str:
    """The name under which endpoints.json knows a service, whose model is written back without its manual."""
    model = json.loads(gzip.decompress(path.read_bytes()))
    # A fixed time, so that the same layer has the same hash.
    path.write_bytes(gzip.compress(json.dumps(_undocumented(model), separators=(",", ":")).encode(), mtime=0))
    return str(model["metadata"]["endpointPrefix"])


def _undocumented(value: Any) -> Any:
    """A model without documentation; a member that is called so is no text, and stays."""
    if isinstance(value, list):
        return [_undocumented(each) for each in value]
    if not isinstance(value, dict):
        return value
    # Emptied, not removed: botocore reads some of them by name.
    return {
        name: "" if name in _DOCUMENTATION and isinstance(each, str) else _undocumented(each)
        for name, each in value.items()
    }


def _keep_endpoints(path: Path, prefixes: set[str]) -> None:
    endpoints = json.loads(path.read_bytes())
    for partition in endpoints["partitions"]:
        partition["services"] = {name: known for name, known in partition["services"].items() if name in prefixes}
    path.write_text(json.dumps(endpoints, separators=(",", ":")))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    prune(Path(sys.argv[1]), set(sys.argv[2:]))
