"""The environment with which any AWS SDK, the AWS CLI and SAM reach the local AWS, and nothing else of AWS."""

import os

from local_aws import servers
from local_aws.service import State


def variables(running: State) -> dict[str, str]:
    """What to set; the keys are no keys."""
    return {
        **servers.endpoints(emulator=running.endpoint, wire=running.model_endpoint),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": running.region,
        "AWS_DEFAULT_REGION": running.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        **servers.without_proxy(os.environ),
    }


def astray(running: State) -> list[str]:
    """What to unset: this process's other AWS variables (a profile, a token, one service's endpoint) lead past it."""
    return [name for name in os.environ if name.startswith("AWS_") and name not in variables(running)]


def of_subprocess(running: State) -> dict[str, str]:
    """This process's environment with both done, for a command such as `sam deploy`."""
    led_past = astray(running)
    return {name: value for name, value in os.environ.items() if name not in led_past} | variables(running)
