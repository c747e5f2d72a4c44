"""Write pair: keep what both arms wrote to one request, or why that could not be had; again changes nothing."""

from typing import Any

from agent_platform.evaluations.archive import archive
from agent_platform.evaluations.pairs import Pair, failure_in
from agent_platform.tasks import task


@task("Write pair")
def lambda_handler(state: dict[str, Any], context: Any) -> str:
    """One word, for five thousand of them have to fit into the output of a Map."""
    evaluation = state["pair"]["evaluation"]
    if "error" in state:
        archive().put_failure(evaluation, failure_in(state))
        return "failed"
    archive().put_pair(evaluation, Pair.of(state))
    return "written"
