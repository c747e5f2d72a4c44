"""Choice (c): the real service answers: a request is signed anew and passed on, its answer passed back as it is.

The ordinary AWS_… variables hold the emulator's dummies, so this choice has its own: BEDROCK_PROFILE, or
BEDROCK_AWS_ACCESS_KEY_ID, BEDROCK_AWS_SECRET_ACCESS_KEY and BEDROCK_AWS_SESSION_TOKEN; BEDROCK_REGION;
BEDROCK_ENDPOINT_URL for another address than the region's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ConnectTimeoutError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

from local_aws.bedrock_wire.wire import Answer, Call, WireError

_PASSED_BACK = ("x-amzn-errortype", "x-amzn-requestid", "retry-after")
_INVOCATION = "x-amzn-bedrock-"
# Typed as anything, because the stubs of botocore lack the option.
_ITS_OWN_ADDRESS: dict[str, Any] = {"ignore_configured_endpoint_urls": True}


@dataclass(frozen=True)
class Connection:
    """Where the real service is, and as whom it is called; `credentials` are botocore's."""

    region: str
    credentials: Any
    runtime: str
    agent_runtime: str


def connection(environment: Mapping[str, str]) -> Connection:
    """The connection that the BEDROCK_… variables describe; names what is missing, and never a value."""
    try:
        session = _session(environment)
        region = environment.get("BEDROCK_REGION") or _region_of(session)
        credentials = session.get_credentials()
    except BotoCoreError as error:
        raise WireError("ValidationException", f"--model bedrock can't use the profile: {error}") from None
    if credentials is None:
        raise WireError("ValidationException", "--model bedrock: the profile has no credentials.")
    other = environment.get("BEDROCK_ENDPOINT_URL")
    # AWS_ENDPOINT_URL_… points at this very server: it must not be asked.
    config = Config(**_ITS_OWN_ADDRESS)
    runtime, agent_runtime = (
        other or session.create_client(name, region, config=config).meta.endpoint_url
        for name in ("bedrock-runtime", "bedrock-agent-runtime")
    )
    return Connection(region, credentials, runtime.rstrip("/"), agent_runtime.rstrip("/"))


def _session(environment: Mapping[str, str]) -> botocore.session.Session:
    if environment.get("BEDROCK_PROFILE"):
        return botocore.session.Session(profile=environment["BEDROCK_PROFILE"])
    _require(environment, "BEDROCK_AWS_ACCESS_KEY_ID", "BEDROCK_AWS_SECRET_ACCESS_KEY", "BEDROCK_REGION")
    session = botocore.session.Session()
    names = ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")
    session.set_credentials(*(environment.get(f"BEDROCK_AWS_{name}", "") for name in names))
    return session


def _require(environment: Mapping[str, str], *names: str) -> None:
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise WireError("ValidationException", f"--model bedrock needs {', '.join(missing)} (or BEDROCK_PROFILE).")


def _region_of(session: botocore.session.Session) -> str:
    # Only the profile's own: AWS_DEFAULT_REGION is the emulator's.
    region = session.get_scoped_config().get("region")
    if not region:
        raise WireError("ValidationException", "--model bedrock needs BEDROCK_REGION: the profile has no region.")
    return str(region)


class RealBedrock:
    """The real Bedrock, reached with credentials of its own."""

    def __init__(self, connection: Connection, *, timeout: float = 45.0) -> None:
        self._connection = connection
        waits: Any = (5.0, timeout)
        self._http = URLLib3Session(timeout=waits, max_pool_connections=50)
        self.name = f"Amazon Bedrock ({connection.region}, {connection.runtime})"

    def converse(self, call: Call) -> Answer:
        """Pass a Converse call on."""
        return self._pass_on(self._connection.runtime, call)

    def invoke_model(self, call: Call) -> Answer:
        """Pass an InvokeModel call on."""
        return self._pass_on(self._connection.runtime, call)

    def retrieve(self, call: Call) -> Answer:
        """Pass a Retrieve call on."""
        return self._pass_on(self._connection.agent_runtime, call)

    def _pass_on(self, endpoint: str, call: Call) -> Answer:
        headers = {"content-type": "application/json", "accept": "application/json"}
        request = AWSRequest("POST", endpoint + call.path, data=call.content, headers=headers)
        try:
            credentials = self._connection.credentials.get_frozen_credentials()
            SigV4Auth(credentials, "bedrock", self._connection.region).add_auth(request)
            response = self._http.send(request.prepare())
        except (ReadTimeoutError, ConnectTimeoutError):
            raise WireError("ModelTimeoutException", "Bedrock took too long.") from None
        except BotoCoreError as error:
            message = f"Bedrock can't be called: {type(error).__name__}."
            raise WireError("ServiceUnavailableException", message) from None
        kept = {
            name.lower(): value
            for name, value in response.headers.items()
            if name.lower() in _PASSED_BACK or name.lower().startswith(_INVOCATION)
        }
        return Answer(response.status_code, response.content, kept)
