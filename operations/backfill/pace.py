"""So many services in a second and no more, whoever asks."""

import threading
import time
from collections.abc import Callable


class Pace:
    """A limit that several workers share."""

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._each, self._clock, self._sleep = 1 / per_second, clock, sleep
        self._free_at, self._lock = clock(), threading.Lock()

    def wait(self, number: int) -> None:
        """Wait until so many more may be begun."""
        with self._lock:
            now = self._clock()
            begin = max(self._free_at, now)
            self._free_at = begin + number * self._each
        if begin > now:
            self._sleep(begin - now)
