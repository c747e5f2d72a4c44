"""HTTP on 127.0.0.1: keep-alive, one thread a connection, no delay for small packets."""

import json
import logging
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local_aws.bedrock_wire.fault_effects import Disconnected
from local_aws.bedrock_wire.faults import read_faults
from local_aws.bedrock_wire.s3_vectors.vector_buckets import NAME as VECTORS
from local_aws.bedrock_wire.service import Service
from local_aws.bedrock_wire.wire import Answer, WireError, read_call, read_document

_LOG = logging.getLogger(__name__)
_LARGEST = 25 * 1024 * 1024


class BedrockWireServer(ThreadingHTTPServer):
    """The server; `service` answers what comes in. Port 0 takes a free one."""

    daemon_threads = True
    # Every function of the emulator may call at once.
    request_queue_size = 128

    def __init__(self, port: int, service: Service) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.service = service

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: BedrockWireServer

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_PUT(self) -> None:
        self._respond()

    def do_DELETE(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the overridden argument
        """Say nothing: calls are in the log of calls, and addresses hold model ids only."""

    def _respond(self) -> None:
        try:
            self._send(self._answer())
        except WireError as error:
            self._send(error.answer())
        except (Disconnected, ConnectionError):
            self.close_connection = True
        except Exception as error:  # noqa: BLE001 - a defect of one request must not end the connection's thread unsaid
            frame = traceback.extract_tb(error.__traceback__)[-1]
            # Type and place only: the message of an exception may quote a prompt.
            _LOG.error("%s in %s, line %s", type(error).__name__, frame.filename, frame.lineno)
            self._send(WireError("InternalServerException", f"{type(error).__name__} in the wire server.").answer())

    def _answer(self) -> Answer:
        content = self._content()
        if self.path == "/_ready" or self.path.startswith("/_control/"):
            return control(self.server.service, self.command, self.path, content)
        return self.server.service.answer(read_call(self.path, content, method=self.command))

    def _content(self) -> bytes:
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not length.isdigit() or int(length) > _LARGEST:
            # What follows can't be told from the next request.
            self.close_connection = True
            raise WireError("ValidationException", "A request needs a content-length of at most 25 MB.")
        return self.rfile.read(int(length))

    def _send(self, answer: Answer) -> None:
        try:
            self.send_response(answer.status)
            self.send_header("content-type", "application/json")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            if self.close_connection:
                self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(answer.content)
            self.wfile.flush()
        except ConnectionError:
            # The caller has gone, as one does after its own timeout.
            self.close_connection = True


def control(service: Service, method: str, path: str, content: bytes) -> Answer:
    """What is asked of the server itself, beside Bedrock's operations."""
    return Answer.of(_controlled(service, method, path, content))


def _controlled(service: Service, method: str, path: str, content: bytes) -> dict[str, Any]:
    match method, path:
        case "GET", "/_ready":
            return {"model": service.model.name, "vectors": VECTORS}
        case _, "/_control/faults":
            return _faults(service, method, content)
        case (("GET" | "DELETE"), "/_control/calls"):
            if method == "DELETE":
                service.calls.clear()
            return service.calls.report()
        case "DELETE", "/_control/vectors":
            service.vectors.clear()
            return {}
        case (("POST" | "PUT"), "/_control/knowledge-base"):
            return service.knowledge_bases.set(read_document(content))
    raise WireError("ResourceNotFoundException", f"Nothing is at {method} {path}.")


def _faults(service: Service, method: str, content: bytes) -> dict[str, Any]:
    if method == "POST":
        service.faults.add(read_faults(_listed(content)))
    elif method == "DELETE":
        service.faults.clear()
    return {"faults": service.faults.report()}


def _listed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise WireError("ValidationException", "The request body is not JSON.") from None
