"""The door of promotion: let an account run what the one before it runs."""

from collections.abc import Sequence

from operations import accounts
from operations.delivery.__main__ import deploy, say
from operations.terminal import Problem, arguments, run


def main(argv: Sequence[str]) -> None:
    """scripts/promote."""
    parser = arguments(
        "promote",
        "Deploy to an account the artefact that the account before runs: scripts/promote test prod.",
        account=False,
    )
    names = [*accounts.with_stack()]
    parser.add_argument("source", choices=names, metavar="FROM", help="the account whose artefact it is")
    parser.add_argument("destination", choices=names, metavar="TO", help="the account after it")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    given = parser.parse_args(argv)
    if (previous := accounts.named(given.destination).after) != given.source:
        where = f"what {previous} runs" if previous else "what is built: scripts/deploy"
        raise Problem(f"{given.destination} doesn't get what {given.source} runs, but {where}.")
    say(deploy(given.destination, agreed=given.yes), given.destination)


if __name__ == "__main__":
    run(main)
