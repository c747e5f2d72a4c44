"""The wire server's services behind botocore's own clients, in this process: every shape is the real one."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from local_aws.bedrock_wire.service import Service
from local_aws.bedrock_wire.wire import WireError, read_call


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def answer_from(service: Service, client: Any, event: str = "before-send") -> Any:
    """Let the wire's service answer what a client sends, before anything else does; the client.

    `event` may name one operation, as in before-send.bedrock-runtime.InvokeModel.
    """

    def answered(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        try:
            answer = service.answer(read_call(urlsplit(request.url).path, request.body or b"", method=request.method))
        except WireError as error:
            answer = error.answer()
        headers = {"content-type": "application/json", **answer.headers}
        return AWSResponse(request.url, answer.status, headers, _Raw(answer.content))

    client.meta.events.register_first(event, answered)
    return client


def client(service: Service, name: str) -> Any:
    """A client that reaches nothing but the wire's service."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    config = Config(retries={"total_max_attempts": 1})
    made = botocore.session.get_session().create_client(name, "us-east-1", config=config, **keys)
    return answer_from(service, made)
