"""Servers on 127.0.0.1 that end with their test, and botocore's own clients of them."""

import threading
import time

import botocore.session
import pytest
from botocore.config import Config

from local_aws.bedrock_wire.offline import Offline
from local_aws.bedrock_wire.server import BedrockWireServer
from local_aws.bedrock_wire.service import Service


@pytest.fixture
def serve():
    """Serve a model, or any server made of http.server; gives the server."""
    started = []

    def start(server):
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        started.append((server, thread))
        return server

    yield lambda model_or_server: start(
        model_or_server if hasattr(model_or_server, "serve_forever") else BedrockWireServer(0, Service(model_or_server))
    )
    for server, thread in started:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def wire(serve):
    """The wire server, offline."""
    return serve(Offline())


@pytest.fixture
def client():
    """A client of a service at an address, with one attempt and short waits."""

    def make(server, service="bedrock-runtime", *, read_timeout=5):
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=read_timeout)
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return botocore.session.Session().create_client(
            service, "us-east-1", endpoint_url=server.url, config=config, **keys
        )

    return make


@pytest.fixture
def eventually():
    """Wait until something is so: a call is logged a moment after its caller has its answer."""

    def wait(condition, seconds=5.0):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it never came to be"
            time.sleep(0.01)

    return wait
