"""The parser of scripts/agents: one module for each group of commands."""

from collections.abc import Sequence

from operations.agents import evaluating, histories, probing, registering, releasing, rollouts, statuses, versions
from operations.stack import Stack
from operations.terminal import arguments, run

GROUPS = (registering, versions, evaluating, probing, releasing, rollouts, statuses, histories)


def main(argv: Sequence[str]) -> None:
    """scripts/agents."""
    parser = arguments(
        "agents",
        "Agents and their versions. An agent is called by its name, a company's own by TENANT/NAME; a version by its\n"
        "number. Running executions finish with the version that they began with.",
        account=False,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for group in GROUPS:
        group.add(commands)
    given = parser.parse_args(argv)
    given.do(Stack(given.account), given)


if __name__ == "__main__":
    run(main)
