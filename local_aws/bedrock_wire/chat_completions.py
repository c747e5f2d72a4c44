"""Choice (b): an OpenAI-compatible server (Ollama, llama.cpp, vLLM …) answers; its errors become Bedrock's."""

import json
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from local_aws.bedrock_wire.chat_translation import as_converse, as_schema, as_tools
from local_aws.bedrock_wire.conversation import check, forced_tool
from local_aws.bedrock_wire.embeddings import invoke_titan
from local_aws.bedrock_wire.wire import Answer, Call, WireError

_CODE_OF_STATUS = {
    400: "ValidationException",
    401: "AccessDeniedException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    413: "ValidationException",
    422: "ValidationException",
    429: "ThrottlingException",
    503: "ServiceUnavailableException",
    504: "ModelTimeoutException",
}
_REFUSES_SCHEMA = (400, 422)
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        # Following one would carry the key to another address; the status is reported instead.
        return None


class _RefusedError(Exception):
    """The upstream server's answer with an error status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def named(self) -> WireError:
        code = _CODE_OF_STATUS.get(self.status, "ModelErrorException")
        return WireError(code, f"The upstream server answered {self.status}: {self}")


class ChatCompletions:
    """An OpenAI-compatible server at a URL, with or without /v1 at its end."""

    def __init__(self, url: str, *, model: str | None, timeout: float, api_key: str | None) -> None:
        base = url.rstrip("/")
        self._base = base if base.endswith("/v1") else f"{base}/v1"
        self._model = model
        self._timeout = timeout
        self._key = api_key
        self._knows_schemas = True
        address = urlsplit(url)
        # A proxy would look for this machine's own addresses on its side.
        direct = [urllib.request.ProxyHandler({})] if address.hostname in _THIS_MACHINE else []
        self._opener = urllib.request.build_opener(_NoRedirect, *direct)
        # Without user, password and query: the name is printed.
        place = f"{address.scheme}://{address.hostname}" + (f":{address.port}" if address.port else "")
        self.name = f"OpenAI-compatible server at {place} ({model or 'the first model it lists'})"

    def converse(self, call: Call) -> Answer:
        """Pass the conversation on and map the answer back; raises the Bedrock error that a failure corresponds to."""
        started = time.perf_counter()
        document = call.document
        check(document)
        forced = forced_tool(document)
        try:
            model = self._upstream_model()
            reply = None
            if forced and self._knows_schemas:
                reply = self._with_schema(as_schema(document, model, forced))
            if reply is None:
                reply = self._request("/chat/completions", as_tools(document, model, forced))
                # The same request went through without a schema: this server knows none.
                self._knows_schemas = self._knows_schemas and not forced
        except _RefusedError as refusal:
            raise refusal.named() from None
        return as_converse(reply, document, forced, started)

    def _with_schema(self, request: dict[str, Any]) -> Any:
        try:
            return self._request("/chat/completions", request)
        except _RefusedError as refusal:
            if refusal.status in _REFUSES_SCHEMA:
                return None
            raise

    def invoke_model(self, call: Call) -> Answer:
        """Embed a text with the stand-in: chat servers have no Titan."""
        return invoke_titan(call.target, call.document)

    def retrieve(self, call: Call) -> Answer:
        """There is no knowledge base but the local ones."""
        raise WireError("ResourceNotFoundException", f"Knowledge base with id {call.target} is not found.")

    def _upstream_model(self) -> str:
        if self._model is None:
            listed = self._request("/models")
            try:
                self._model = str(listed["data"][0]["id"])
            except (LookupError, TypeError):
                raise WireError(
                    "ResourceNotFoundException", "The upstream server lists no model; name one with --upstream-model."
                ) from None
        return self._model

    def _request(self, path: str, document: dict[str, Any] | None = None) -> Any:
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        content = json.dumps(document).encode() if document is not None else None
        # The URL is the one that the person who started this server gave; only http and https get here.
        request = urllib.request.Request(self._base + path, data=content, headers=headers)  # noqa: S310
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            raise _RefusedError(error.code, self._reason(error)) from None
        except TimeoutError:
            raise WireError("ModelTimeoutException", "The upstream server took too long.") from None
        except (urllib.error.URLError, OSError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise WireError("ModelTimeoutException", "The upstream server took too long to connect.") from None
            raise WireError("ServiceUnavailableException", "The upstream server can't be reached.") from None
        except ValueError:
            raise WireError("ModelErrorException", "The upstream server's reply is not JSON.") from None

    def _reason(self, error: urllib.error.HTTPError) -> str:
        """The server's own words, in short and without the key."""
        text = error.read().decode("utf-8", errors="replace")
        try:
            said = json.loads(text)["error"]
            text = said["message"] if isinstance(said, dict) else str(said)
        except (ValueError, LookupError, TypeError):
            pass
        text = str(text).replace(self._key, "[key]") if self._key else str(text)
        return " ".join(text.split())[:300]
