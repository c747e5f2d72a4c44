"""P1: the start of each packaged function ÷ the start of a function that makes one botocore client and no more.

Both run under the genuine runtime client, in a new process with the built code and layers on its path as on Lambda.
What is measured: from the start of the process until it asks for its first event. The limit is for that, as Lambda's
init phase does it. Our clients are made when first used; the row `first-event` makes them before: what the first event
waits for in all, against one client and against the same clients (what our own code adds).
"""

import http.server
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tests.bench.pairs import Figure, measured
from tests.infrastructure import template
from tests.infrastructure.template import ROOT

HANDLERS = Path(__file__).with_name("handlers")
BUILD = ROOT / ".aws-sam/build"
RUNTIME = ROOT / ".venvs/lambda-runtime/bin/python"
PAIRS = 9
ONE_CLIENT = "dynamodb"
LIMIT = 1.25
LIMITS = {
    "ReceiveWebhookFunction": 1.20,
    # Babel, with which it formats by locale.
    "OutreachStoreFunction": 1.5,
    "OutreachNextReviewFunction": 1.5,
    "OutreachDecideReviewFunction": 1.5,
}
# What the first event of each needs. Policies don't tell: some are SAM's templates, some attached from elsewhere.
CLIENTS = {
    "ReceiveWebhookFunction": ["dynamodb", "events", "secretsmanager"],
    "ReadStreamFunction": ["dynamodb", "events", "secretsmanager", "sqs"],
    "RecordFailureFunction": ["dynamodb", "stepfunctions"],
    "ReconcileFunction": ["dynamodb", "events", "stepfunctions"],
    "BulkIngestPlanUploadFunction": ["dynamodb", "s3"],
    "BulkIngestAcceptLinesFunction": ["dynamodb", "events", "s3", "secretsmanager"],
    "BulkIngestReportUploadFunction": ["s3"],
    "ReleaseSlotsFunction": ["dynamodb", "stepfunctions"],
    "ReleaseHoldsFunction": ["dynamodb"],
    "WatchBudgetsFunction": ["dynamodb"],
    "IngestCasesFunction": ["bedrock-agent", "ssm"],
    "WatchIngestionFunction": ["bedrock-agent", "ssm"],
    "ExpireProfilesFunction": ["s3vectors"],
    "SyntheticSendFunction": ["secretsmanager", "ssm"],
    "SyntheticWatchFunction": ["dynamodb", "ssm"],
    "RegisterAgentFunction": ["dynamodb", "ssm"],
    "DeployAgentFunction": ["cloudwatch", "dynamodb", "ssm", "stepfunctions"],
    "RollBackAgentFunction": ["cloudwatch", "dynamodb", "ssm"],
    "AgentEvaluationSampleFunction": ["dynamodb", "s3", "ssm"],
    "AgentEvaluationWritePairFunction": ["s3"],
    "AgentEvaluationCompareFunction": ["dynamodb", "s3"],
    "ProbeJudgeFunction": ["dynamodb", "lambda", "s3", "ssm"],
    "WatchJudgesFunction": ["cloudwatch", "dynamodb", "lambda", "s3", "ssm"],
    "AgentRolloutLookFunction": ["dynamodb"],
    "AgentRolloutShiftFunction": ["cloudwatch", "dynamodb", "ssm"],
    "DriftFindAgentsFunction": ["dynamodb", "ssm"],
    "DriftCompareFunction": ["dynamodb", "events"],
    "DriftConcludeFunction": [],
    "OutreachStartExecutionFunction": ["dynamodb", "sqs", "stepfunctions"],
    "OutreachValidateFunction": ["dynamodb", "s3", "secretsmanager"],
    "OutreachEnrichFunction": ["dynamodb", "s3"],
    "OutreachRetrieveFunction": ["bedrock-agent-runtime", "dynamodb", "ssm"],
    "OutreachGenerateFunction": ["bedrock-runtime", "dynamodb", "s3"],
    "OutreachJudgeFunction": ["bedrock-runtime", "dynamodb", "s3"],
    "OutreachStoreFunction": ["dynamodb", "events", "s3"],
    "OutreachNextReviewFunction": ["dynamodb", "s3"],
    "OutreachDecideReviewFunction": ["dynamodb", "events", "s3"],
    "OutreachMaterializeFeaturesFunction": ["bedrock-runtime", "dynamodb", "s3", "s3vectors", "secretsmanager"],
    "OutreachPublishCaseFunction": ["dynamodb", "s3"],
    "OutreachRecordOutcomeFunction": ["dynamodb", "events"],
    "OutreachSettleOutcomesFunction": ["dynamodb"],
}


def figures() -> Iterator[Figure]:
    """Each function as it is packaged."""
    for function, build in _built():
        limit = LIMITS.get(function.name, LIMIT)
        yield _figure("start-up ÷ one client's", function, build, [], [ONE_CLIENT], limit)


def with_clients() -> Iterator[Figure]:
    """Each function with every client that its first event needs."""
    for function, build in _built():
        clients = CLIENTS[function.name]
        yield _figure("start-up with all clients ÷ one client's", function, build, clients, [ONE_CLIENT])
        yield _figure("start-up with all clients ÷ theirs alone", function, build, clients, clients)


def _built() -> Iterator[tuple[template.Function, Path]]:
    # A copy, so that a build meanwhile changes nothing.
    with tempfile.TemporaryDirectory() as folder:
        build = Path(shutil.copytree(BUILD, folder, dirs_exist_ok=True))
        for function in template.functions():
            yield function, build


def _figure(
    name: str,
    function: template.Function,
    build: Path,
    made: Sequence[str],
    against: Sequence[str],
    limit: float | None = None,
) -> Figure:
    path = package(function, build)
    return measured(
        name,
        lambda: seconds_to_first_event(path, "packaged", made),
        lambda: seconds_to_first_event(path, "bare", against),
        pairs=PAIRS,
        limit=limit,
        of=function.name,
    )


def package(function: template.Function, build: Path) -> list[Path]:
    """The folders of a function's code and layers, the code's first, as Lambda finds modules."""
    return [build / function.name, *(build / layer / "python" for layer in reversed(function.layers))]


def seconds_to_first_event(
    path: Sequence[Path], handler: str, clients: Sequence[str] = (), settings: Mapping[str, str] = MappingProxyType({})
) -> float:
    """From the start of a new process of a function until it asks for work."""
    asked = threading.Event()

    class RuntimeApi(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.set()

        def do_POST(self) -> None:
            self.server.failed = self.rfile.read(int(self.headers["Content-Length"]))  # type: ignore[attr-defined]
            asked.set()

    with http.server.HTTPServer(("127.0.0.1", 0), RuntimeApi) as server:
        server.failed = None  # type: ignore[attr-defined]
        threading.Thread(target=server.handle_request, daemon=True).start()
        environment = {
            **settings,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "BENCH_CLIENTS": " ".join(clients),
            "LANG": "C.UTF-8",
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, [HANDLERS, *path])),
        }
        began = time.perf_counter()
        with subprocess.Popen(
            [RUNTIME, "-BPu", "-m", "awslambdaric", f"{handler}.lambda_handler"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=path[0],
        ) as process:  # fmt: skip
            came = asked.wait(timeout=30)
            seconds = time.perf_counter() - began
            process.kill()
        if not came or server.failed:  # type: ignore[attr-defined]
            raise RuntimeError(f"{path[0].name} did not start: {server.failed!r}")  # type: ignore[attr-defined]
    return seconds
