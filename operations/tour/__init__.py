"""The tour: what the stack does after its first e-mails, shown by the commands that one would type oneself."""

from operations.stack import Stack
from operations.tour.case import show_what_comes_back
from operations.tour.figures import show_the_figures
from operations.tour.prompt import show_a_changed_prompt


def show_the_way(stack: Stack) -> None:
    """What comes back of messages, a changed prompt on its way to everybody, and the figures of it all."""
    show_what_comes_back(stack)
    show_a_changed_prompt(stack)
    show_the_figures(stack)
