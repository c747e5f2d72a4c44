"""Watch: every night a sample of the probes for each judge in production, so that one that slips is seen."""

from datetime import UTC, datetime
from typing import Any

from agent_platform import aws, telemetry
from agent_platform.invocations import invoke
from agent_platform.probes.answers import answers
from agent_platform.probes.practice import Practice
from agent_platform.probes.prober import Prober
from agent_platform.probes.sets import probe_sets
from agent_platform.probes.watching import Watch
from agent_platform.registry.aliases import aliases
from agent_platform.registry.manifests import manifests
from agent_platform.registry.probings import probings
from agent_platform.registry.versions import registry

# What a share of the probes takes at worst, with room for the figures after it.
_SHARE_MILLISECONDS = 300_000


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Tell of every judge; a repeated night goes on where it ended, and fails at its end if one was not probed."""

    def in_time() -> bool:
        return bool(context.get_remaining_time_in_millis() > _SHARE_MILLISECONDS)

    prober = Prober(registry(), manifests(), probe_sets(), answers(), probings(), invoke, in_time)
    watch = Watch(aliases(), prober, Practice(aws.client("cloudwatch")))
    swept = watch.tell(now=datetime.now(UTC))
    telemetry.log().info("watched", extra={"answers": dict(swept.answers)})
