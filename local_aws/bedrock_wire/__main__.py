"""python -m local_aws.bedrock_wire --port N --model offline|bedrock|URL: Bedrock's wire, until SIGTERM or Ctrl-C."""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from local_aws.bedrock_wire.chat_completions import ChatCompletions
from local_aws.bedrock_wire.knowledge_bases import KnowledgeBases
from local_aws.bedrock_wire.offline import Offline
from local_aws.bedrock_wire.s3_vectors.vector_buckets import VectorBuckets
from local_aws.bedrock_wire.server import BedrockWireServer
from local_aws.bedrock_wire.service import Service
from local_aws.bedrock_wire.wire import Model, WireError


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local_aws.bedrock_wire", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument(
        "--model",
        default="offline",
        help="offline (default), bedrock (credentials in BEDROCK_… variables), or an OpenAI-compatible server's URL",
    )
    parser.add_argument("--upstream-model", help="the model's name at that server; default: the first that it lists")
    parser.add_argument("--upstream-timeout", type=float, default=45.0, help="seconds to wait for it (default 45)")
    parser.add_argument("--cases-bucket", help="bucket whose Markdown files Retrieve answers from")
    parser.add_argument("--cases-folder", help="folder to use instead of a bucket")
    parser.add_argument("--knowledge-base-id", default="LOCALCASES", help="id of that knowledge base (LOCALCASES)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where knowledge bases and vectors outlive a stop")
    return parser.parse_args()


def _model(arguments: argparse.Namespace) -> Model:
    if arguments.model == "offline":
        return Offline()
    if arguments.model == "bedrock":
        # Imported only when chosen: it needs botocore, which the other choices don't.
        from local_aws.bedrock_wire.real_bedrock import RealBedrock, connection

        return RealBedrock(connection(os.environ))
    if arguments.model.startswith(("http://", "https://")):
        return ChatCompletions(
            arguments.model,
            model=arguments.upstream_model,
            timeout=arguments.upstream_timeout,
            api_key=os.environ.get("OPENAI_API_KEY"),
        )
    sys.exit(f"--model must be offline, bedrock or an http(s) URL, not {arguments.model!r}")


def _service(arguments: argparse.Namespace) -> Service:
    folder = arguments.keep
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    bases = KnowledgeBases(endpoint=os.environ.get("AWS_ENDPOINT_URL"), kept=folder and folder / "knowledge-bases.json")
    return Service(_model(arguments), bases, VectorBuckets(kept=folder and folder / "vectors.sqlite"))


def _end(server: BedrockWireServer) -> None:
    # shutdown() waits for the serving loop, which runs in the thread that the signal interrupts.
    threading.Thread(target=server.shutdown).start()


def main() -> None:
    """Serve until told to end."""
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        service = _service(arguments)
        for kind, place in (("bucket", arguments.cases_bucket), ("folder", arguments.cases_folder)):
            if place:
                service.knowledge_bases.set({"id": arguments.knowledge_base_id, kind: place})
                service.knowledge_bases.ingest(arguments.knowledge_base_id)
    except WireError as error:
        sys.exit(error.message)
    with BedrockWireServer(arguments.port, service) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _end(server))
        logging.info("Bedrock's wire at %s, answered by %s", server.url, service.model.name)
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
