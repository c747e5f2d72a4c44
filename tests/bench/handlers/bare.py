"""The least that a function which speaks to AWS must do when it starts: its botocore clients, and no more."""

import os
from typing import Any

import botocore.session

session = botocore.session.get_session()
for service in os.environ["BENCH_CLIENTS"].split():
    session.create_client(service)


def lambda_handler(event: Any, context: Any) -> None:
    """Never called: what is measured ends when the process asks for its first event."""
