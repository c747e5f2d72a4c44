"""What one looks at afterwards: whether the way works, where one run was, what it cost, and how it all goes."""

from operations import costs, report, synthetic
from operations.stack import Stack
from operations.tour.walking import type_out, write_to
from operations.trace import __main__ as trace


def show_the_figures(stack: Stack) -> None:
    """Send a synthetic event, follow one run, sum what the models cost, and end with the dashboard's answers."""
    type_out("synthetic", synthetic.main, "once")
    [written] = write_to(stack, 1)
    type_out("trace", trace.main, written.message_id[:12])
    type_out("costs", costs.main, "--by", "agent")
    type_out("report", report.main)
