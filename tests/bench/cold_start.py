"""P9: the cold start of our Generate ÷ that of the same handler as most people ship it.

The other one stands in usual/: boto3's resources, Powertools' Tracer and parser, jsonschema, packed by `sam build` as
it is, which leaves the bytecode to Lambda, whose /var/task is read-only. Both start in turns under the genuine runtime
client, with every client that their work needs, and are measured until they ask for their first event.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from operations import deployment
from tests.bench.pairs import Figure, measured
from tests.bench.start_up import BUILD, CLIENTS, package, seconds_to_first_event
from tests.infrastructure import template
from tests.infrastructure.template import ROOT

PAIRS = 15
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
    """With all clients; and ours as it is packaged, which makes them when it needs them."""
    deployment.build(
        *("--template-file", str(USUAL)),
        *("--build-dir", str(USUAL_BUILT / "build")),
        *("--cache-dir", str(USUAL_BUILT / "cache")),
    )
    ours, clients = template.function(FUNCTION), CLIENTS[FUNCTION]
    with tempfile.TemporaryDirectory() as folder:
        # Copies, so that a build meanwhile changes nothing.
        build = Path(shutil.copytree(BUILD, folder, dirs_exist_ok=True))
        usual = Path(shutil.copytree(USUAL_BUILT / "build/GenerateFunction", build / "usual"))
        for what, made, limit in (("with its clients", clients, LIMIT), ("as packaged", [], None)):
            yield measured(
                "cold start of Generate ÷ as most people ship it",
                lambda made=made: seconds_to_first_event(package(ours, build), "packaged", made),
                lambda: seconds_to_first_event([usual], "app", settings=SETTINGS),
                pairs=PAIRS,
                limit=limit,
                of=what,
            )
