"""The emulator's process: MiniStack with its seams checked, the genuine Lambda runtime client, and the missing metrics.

`python -m local_aws.emulator FUNCTION_PYTHON`, configured by MiniStack's own environment variables.
"""

import sys
from pathlib import Path

from local_aws import seams


def main() -> None:
    """Run until SIGTERM."""
    seams.check()
    # After the check, so that a module that moved is named there and isn't an ImportError here.
    from ministack import app

    from local_aws import (
        alarms,
        batches,
        decisions,
        function_environment,
        metrics,
        public_apis,
        runtime_bridge,
        shared_buckets,
        step_functions,
        streams,
        trimmed_counts,
    )

    runtime_bridge.install(Path(sys.argv[1]))
    function_environment.install()
    streams.install()
    metrics.install()
    trimmed_counts.install()
    alarms.install()
    step_functions.install()
    shared_buckets.install()
    public_apis.install()
    decisions.install()
    # After what notes decisions, so that they are noted under IAM's own names.
    batches.install()
    # MiniStack reads its own options from the command line, and has none here.
    del sys.argv[1:]
    app.main()


if __name__ == "__main__":
    main()
