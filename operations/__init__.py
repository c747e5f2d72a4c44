"""Behind scripts/: one module for each door. Nothing here is deployed, and nothing decides what a layer should."""

import sys
from types import TracebackType


def _interrupted(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """End without a traceback, as `terminal.run` does, also where Ctrl-C comes before it: while modules are loaded."""
    if issubclass(kind, KeyboardInterrupt):
        sys.stderr.write("interrupted\n")
        sys.exit(130)
    sys.__excepthook__(kind, error, trace)


sys.excepthook = _interrupted
