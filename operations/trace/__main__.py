"""The whole way of one event, as a table or as one JSON document."""

from collections.abc import Sequence

from agent_platform.ingest.receipts import outcome_in
from outreach.over_budget import OVER_BUDGET

from operations.rerun import record_of
from operations.stack import Stack
from operations.terminal import Problem, arguments, next_step, print_json, run, with_json
from operations.trace.documents import document
from operations.trace.drawing import show, show_lines
from operations.trace.ways import way_of


def main(argv: Sequence[str]) -> None:
    """scripts/trace."""
    parser = arguments(
        "trace",
        "The whole way of one event, from the webhook to the message: when, how long, in how many tries, for how many\n"
        "tokens and how much. Log lines are kept for 30 days, executions for 90.",
    )
    parser.add_argument("id", help="a receipt, an execution's name (or its first characters), or its ARN")
    parser.add_argument("--logs", action="store_true", help="its log lines, too")
    with_json(parser)
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    receipt = stack.records.receipt(record_of(stack, given.id))
    if receipt is None:
        raise Problem(f"No event has the receipt {given.id}")
    way = way_of(stack, receipt)
    if given.json:
        print_json(document(way))
        return
    show(way)
    if given.logs:
        show_lines(way)
    if way.message and way.message.get("skip", {}).get("reason") == OVER_BUDGET:
        next_step(f"scripts/rerun {way.name}", given.account)
    elif (outcome := outcome_in(receipt)) and outcome.kind == "message":
        next_step(f"scripts/messages show {way.name}", given.account)
    elif outcome and outcome.kind == "failure" and way.runs:
        next_step(f"scripts/rerun {way.name}", given.account)


if __name__ == "__main__":
    run(main)
