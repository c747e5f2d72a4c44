"""Many calls of a tenant end at once: their bookings are in each other's way, and yet each is made."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from agent_platform.errors import TransientError
from agent_platform.inference.budgets import Budget, Budgets
from agent_platform.inference.calls import Call
from agent_platform.inference.holds import Hold
from agent_platform.inference.ledger import Ledger
from agent_platform.inference.prices import Usage
from botocore.exceptions import ClientError

# A transaction takes so many seconds; all of them, one after the other, take longer than who reserves is patient.
TAKES, SPENDERS = 0.05, 50
CALL = Call("greenedge", "outreach", "runs", "e", "Generate", 1, 1, "platform#writer", 1, "a.model")


class Busy:
    """A DynamoDB whose transactions take time, and are cancelled if another is under way."""

    def __init__(self):
        self._under_way = threading.Lock()
        self.made = 0

    def transact_write_items(self, **asked):
        if not self._under_way.acquire(blocking=False):
            time.sleep(TAKES / 10)
            error = {"Error": {"Code": "TransactionCanceledException"},
                     "CancellationReasons": [{"Code": "TransactionConflict"}]}  # fmt: skip
            raise ClientError(error, "TransactWriteItems")
        try:
            time.sleep(TAKES)
            self.made += 1
        finally:
            self._under_way.release()


@pytest.fixture
def book_all():
    """Book so many calls at once, each trying until then; how many gave up, and how many were made."""

    def book_all(*, by):
        busy = Busy()
        budgets = Budgets(Budget(0, 0), table="ledger", dynamodb=busy)
        ledger = Ledger(budgets, table="ledger", dynamodb=busy, pause=time.sleep, clock=time.monotonic)

        def book(number):
            at = "2026-11-21T09:00:00Z"
            hold = Hold(f"{number}", CALL, 100, "2026-11-21", at, at, "1")
            try:
                ledger.settle(hold, Usage(1, 1), 10, by=by)
            except TransientError:
                return 1
            return 0

        with ThreadPoolExecutor(SPENDERS) as spenders:
            return sum(spenders.map(book, range(SPENDERS))), busy.made

    return book_all


def test_who_has_time_books_however_many_are_there(book_all):
    assert book_all(by=time.monotonic() + 60) == (0, SPENDERS)


def test_so_many_are_there_that_a_moment_would_not_do(book_all):
    gave_up, made = book_all(by=None)
    assert gave_up
    assert gave_up + made == SPENDERS
