"""From the dead letters back to their queue: what waits there and why is shown first, then each is sent and deleted."""

from collections.abc import Sequence

from operations.dead_letters import LANES, DeadLetter, DeadLetters
from operations.stack import Stack
from operations.terminal import Problem, arguments, counted, err, next_step, out, plain, run

_SHOWN_CHARACTERS = 80


def show(letters: Sequence[DeadLetter], dead: DeadLetters) -> None:
    """What waits, lane by lane, since when, and why."""
    for lane in LANES:
        waiting = [letter for letter in letters if letter.lane == lane]
        if waiting:
            out.print(plain(f"{counted(len(waiting), 'dead letter')} of {lane.name}", "bold"))
        for letter in waiting:
            _show(letter, dead)


def _show(letter: DeadLetter, dead: DeadLetters) -> None:
    told = f"{letter.sent:%Y-%m-%d %H:%M:%S}  received {counted(letter.received, 'time')}"
    if letter.reference:
        out.print(plain(f"\n{letter.reference.event_type}  {told}"))
        out.print(plain(f"  {letter.reference.receipt}, run {letter.reference.run}"), soft_wrap=True)
    else:
        what = "" if letter.is_readable else "not a reference to an event  "
        out.print(plain(f"\n{what}{told}"))
        out.print(plain(f"  {letter.body[:_SHOWN_CHARACTERS]}"), soft_wrap=True)
    began = "has started" if letter.lane.starts_runs else "was taken in"
    done = f"; it {began} meanwhile, so sending it again changes nothing" if dead.is_done(letter) else ""
    out.print(plain(f"  why: {dead.cause(letter)}{done}"))


def redrive(stack: Stack, *, agreed: bool, everything: bool) -> int:
    """Show the dead letters and send them back once somebody agrees; how many were sent.

    What its consumer can't read would only fail again: it stays, unless `everything` is asked for.
    """
    dead = DeadLetters(stack)
    letters: list[DeadLetter] = []
    sent: list[DeadLetter] = []
    try:
        letters.extend(dead.receive())
        if not letters:
            out.print("No dead letters wait.")
            return 0
        show(letters, dead)
        chosen = [each for each in letters if everything or each.is_readable]
        if chosen and (agreed or _asked(f"\nSend {counted(len(chosen), 'message')} back to the queue?")):
            for letter in chosen:
                dead.send_back(letter)
                sent.append(letter)
    finally:
        dead.leave([each for each in letters if each not in sent])
    return len(sent)


def _asked(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        raise Problem("Nobody is there to ask, so nothing was sent. To send without asking: --yes") from None


def main(argv: Sequence[str]) -> None:
    """scripts/redrive."""
    parser = arguments("redrive", "Send what its consumer gave up back to its queue, once its cause is mended.")
    parser.add_argument("--yes", action="store_true", help="send without asking")
    parser.add_argument("--all", action="store_true", help="also what is no reference to an event where one belongs")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    sent = redrive(stack, agreed=given.yes, everything=given.all)
    if unrecorded := DeadLetters(stack).unrecorded():
        err.print(f"{counted(unrecorded, 'end')} of executions or sweeps could not be recorded at first; "
                  "reconcile looks at open events every hour.")  # fmt: skip
    if sent:
        out.print(f"[green]✓[/] sent back {counted(sent, 'message')}")
        next_step("scripts/executions list", given.account)


if __name__ == "__main__":
    run(main)
