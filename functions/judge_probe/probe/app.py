"""Probe: ask a judge's version about drafts whose truth is known, and keep how often it was right."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.invocations import invoke
from agent_platform.probes.answers import answers
from agent_platform.probes.plans import Wanted
from agent_platform.probes.prober import Prober
from agent_platform.probes.sets import probe_sets
from agent_platform.registry.commands import command
from agent_platform.registry.manifests import manifests
from agent_platform.registry.probings import probings
from agent_platform.registry.versions import registry

# What a share of the probes takes at worst, with room for the figures after it.
_SHARE_MILLISECONDS = 300_000


@command
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do {agent_id, version, seed, half_width?, most?, …}; the answer says what is left, and at the end the figures."""

    def in_time() -> bool:
        return bool(context.get_remaining_time_in_millis() > _SHARE_MILLISECONDS)

    prober = Prober(registry(), manifests(), probe_sets(), answers(), probings(), invoke, in_time)
    return {**prober.probe(Wanted.of(event), now=datetime.now(UTC))}
