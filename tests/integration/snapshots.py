"""What stands on moto, copied: a stack is deployed once in a process, and every test gets a copy of it."""

import io
import pickle
from threading import RLock
from types import FunctionType
from typing import Any

from moto.core.base_backend import BackendDict
from moto.ssm.models import ParameterDict

_LOCK = type(RLock())


class Snapshot:
    """All that moto holds at the moment of its making, for as many restorations as one likes."""

    def __init__(self) -> None:
        # What belongs to moto and not to the data: its services, and the functions that fill their defaults.
        self._shared: list[Any] = []
        written = io.BytesIO()
        _Writer(written, self._shared).dump([(each, dict(each)) for each in BackendDict._instances])
        self._written = written.getvalue()

    def restore(self) -> None:
        """Let moto hold the same again, in place of what it holds of these services."""
        for service, accounts in _Reader(io.BytesIO(self._written), self._shared).load():
            service.update(accounts)
            if service not in BackendDict._instances:
                BackendDict._instances.append(service)


class _Writer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._shared = shared

    def persistent_id(self, each: Any) -> int | None:
        if isinstance(each, BackendDict) or (isinstance(each, FunctionType) and "<locals>" in each.__qualname__):
            self._shared.append(each)
            return len(self._shared) - 1
        return None

    def reducer_override(self, each: Any) -> Any:
        if isinstance(each, _LOCK):
            return RLock, ()
        if isinstance(each, ParameterDict):
            return ParameterDict, (each.account_id, each.region_name), vars(each), None, iter(each.items())
        return NotImplemented


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, number: int) -> Any:
        return self._shared[number]
