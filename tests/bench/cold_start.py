"""P9: the cold start of our Generate ÷ that of the same handler as most people ship it.

The other one stands in usual/: boto3's resources, Powertools' Tracer and parser, jsonschema, packed by `sam build` as
it is, which leaves the bytecode to Lambda, whose /var/task is read-only. Both start in turns under the genuine runtime
client, with every client that their work needs, and are measured until they ask for their first event. Two lines more:
ours as it is packaged, which makes its clients when it needs them, and the processor's time, which a busy machine
disturbs less.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from operations import deployment
from tests.bench.pairs import Figure, measured
from tests.bench.start_up import BUILD, CLIENTS, package, seconds_to_first_event
from tests.infrastructure import template
from tests.infrastructure.template import ROOT

PAIRS = 9
LIMIT = 0.35
FUNCTION = "OutreachGenerateFunction"
USUAL = Path(__file__).with_name("usual") / "template.yaml"
USUAL_BUILT = ROOT / ".aws-sam/usual"
SETTINGS = {
    **dict.fromkeys(("AGENTS_TABLE", "EVENTS_TABLE", "LEDGER_TABLE", "BRANDS_BUCKET"), "never-asked"),
    # By which the Tracer knows that it is on Lambda, and patches what it traces.
    "LAMBDA_TASK_ROOT": "/var/task",
}


def figures() -> Iterator[Figure]:
    """In seconds with all clients, in seconds as packaged, in the processor's seconds with all clients."""
    deployment.build(
        *("--template-file", str(USUAL)),
        *("--build-dir", str(USUAL_BUILT / "build")),
        *("--cache-dir", str(USUAL_BUILT / "cache")),
    )
    function, clients = template.function(FUNCTION), CLIENTS[FUNCTION]
    with tempfile.TemporaryDirectory() as folder:
        # Copies, so that a build meanwhile changes nothing.
        build = Path(shutil.copytree(BUILD, folder, dirs_exist_ok=True))
        other = Path(shutil.copytree(USUAL_BUILT / "build/GenerateFunction", build / "usual"))
        path = package(function, build)

        def ours() -> float:
            return seconds_to_first_event(path, "packaged", clients)

        def as_packaged() -> float:
            return seconds_to_first_event(path, "packaged")

        def usual() -> float:
            return seconds_to_first_event([other], "app", settings=SETTINGS)

        yield _figure("with its clients", ours, usual, LIMIT)
        yield _figure("as packaged", as_packaged, usual)
        yield _figure("processor's time with its clients", lambda: _processor(ours), lambda: _processor(usual))


def _figure(of: str, ours: Callable[[], float], usual: Callable[[], float], limit: float | None = None) -> Figure:
    return measured("cold start of Generate ÷ as most people ship it", ours, usual, pairs=PAIRS, limit=limit, of=of)


def _processor(start: Callable[[], float]) -> float:
    """The processor's seconds of a process that is started, and ended, meanwhile."""
    before = os.times()
    start()
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system
