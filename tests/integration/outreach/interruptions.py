"""A process that ends at one of its AWS calls, before the call is carried out or after."""

from contextlib import contextmanager
from itertools import count

import botocore.client


class Killed(BaseException):
    """No code of a function's own sees its process end."""


@contextmanager
def killed_at(number, when):
    """End the work inside at its call of this number; without one, it only counts. Gives the calls that were made."""
    made, numbers, call = [], count(1), botocore.client.BaseClient._make_api_call

    def made_or_killed(client, operation, parameters):
        mine = next(numbers) == number
        if mine and when == "before":
            raise Killed
        made.append(operation)
        answer = call(client, operation, parameters)
        if mine:
            raise Killed
        return answer

    botocore.client.BaseClient._make_api_call = made_or_killed
    try:
        yield made
    except Killed:
        made.append("killed")
    finally:
        botocore.client.BaseClient._make_api_call = call
