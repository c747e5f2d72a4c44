"""The emulator's process: MiniStack with its seams checked, the genuine Lambda runtime client, and the missing metrics.

`python -m local_aws.emulator FUNCTION_PYTHON`, configured by MiniStack's own environment variables.
"""

import sys
import time
from pathlib import Path
from typing import Any

from local_aws import seams


class _PromptClock:
    """The time module without the pause before an execution's first state."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    @staticmethod
    def sleep(seconds: float) -> None:
        if seconds != seams.START_DELAY_SECONDS:
            time.sleep(seconds)


def main() -> None:
    """Run until SIGTERM."""
    seams.check()
    # After the check, so that a module that moved is named there and isn't an ImportError here.
    from ministack import app
    from ministack.services import stepfunctions

    from local_aws import function_environment, metrics, runtime_bridge

    runtime_bridge.install(Path(sys.argv[1]))
    function_environment.install()
    metrics.install()
    stepfunctions.time = _PromptClock()
    # MiniStack reads its own options from the command line, and has none here.
    del sys.argv[1:]
    app.main()


if __name__ == "__main__":
    main()
