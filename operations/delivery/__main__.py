"""The door of delivery: deploy, go back, history, unlock."""

import argparse
from collections.abc import Sequence

from operations import access, accounts, deployment
from operations.delivery import choosing
from operations.delivery.delivering import CONTENT_STAYS, Delivery
from operations.delivery.releases import Run
from operations.stack import Stack
from operations.terminal import Problem, arguments, err, next_step, out, plain, print_json, run, table, with_json

_UNRECORDED = "What was begun may run without a record, and --back counts from the record: deploy again first."


def deploy(account: str, *, artefact: str | None = None, back: bool = False, agreed: bool = False) -> Run:
    """Deploy to an account what is to run there next, or what ran there before; what runs then."""
    delivery = _delivery(account, agreed=agreed)
    with delivery.log.alone(delivery.by):
        target = choosing.before(delivery) if back else choosing.chosen(delivery, artefact)
        release = target.release
        err.print(plain(f"{account}: {release.short}, of {release.origin}, built {release.built_at}"), soft_wrap=True)
        if told := CONTENT_STAYS if back else choosing.other_content(release):
            err.print(plain(told, "yellow"), soft_wrap=True)
        try:
            return delivery.deploy(target)
        except KeyboardInterrupt:
            err.print(plain(_UNRECORDED, "yellow"))
            raise


def say(done: Run, account: str) -> None:
    """Print what runs, and how to let the next account have it."""
    stands = f"{account} runs {done.release.artefact} at {Stack(account, deploying=True).api_url}"
    out.print("[green]✓[/]", plain(stands), soft_wrap=True)
    for following in accounts.with_stack().values():
        if following.after == account:
            next_step(f"scripts/promote {account} {following.name}", "local")


def history(runs: Sequence[Run], account: str) -> None:
    """Print who deployed what when, the newest first."""
    rows = [
        (each.at, each.release.short, each.by, each.release.origin
         + (f"; back from {each.instead_of[:12]}, which failed" if each.instead_of else ""))
        for each in runs
    ]  # fmt: skip
    table(f"What {account} ran", ("since", "artefact", "by", "of"), rows)


def _delivery(account: str, *, agreed: bool = False) -> Delivery:
    found = accounts.named(account)
    return Delivery(found, access.deploying(found), agreed=agreed)


def _parser() -> argparse.ArgumentParser:
    parser = arguments(
        "deploy",
        "Deploy the stack. To the laptop's own (without --account): sam build && sam deploy --config-env local.\n"
        "To an account: the artefact that the account before runs, or, in the first, a new one. What would change is\n"
        "shown; prod asks. Then a synthetic event is sent through the public URL: if no right message\n"
        "comes of it, the release before is deployed again.",
    )
    parser.add_argument("command", nargs="?", choices=["history", "unlock"],
                        help="history: who deployed what when; unlock: after a deployment was killed")  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--artefact", metavar="HASH", help="this one, by how it begins; it must have worked in the account before"
    )
    which.add_argument("--back", action="store_true", help="the release that ran before, with its parameters")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    with_json(parser)
    return parser


def main(argv: Sequence[str]) -> None:
    """scripts/deploy."""
    given = _parser().parse_args(argv)
    if given.command == "history":
        runs = _delivery(given.account).log.history()
        if given.json:
            print_json([vars(each) | {"release": vars(each.release)} for each in runs])
        else:
            history(runs, given.account)
    elif given.command == "unlock":
        forgot = _delivery(given.account).log.unlock()
        out.print(plain(f"It is forgotten. {_UNRECORDED}" if forgot else f"Nobody deploys to {given.account}."))
    elif given.account == "local":
        if given.artefact or given.back:
            raise Problem("The laptop's own stack is deployed as it stands here. For releases: --account local-dev")
        deployment.main(["--account", "local"])
    else:
        say(deploy(given.account, artefact=given.artefact, back=given.back, agreed=given.yes), given.account)


if __name__ == "__main__":
    run(main)
