"""What is known of a customer, folded from what events say of them: pure functions, in any order of the events.

What isn't known is None with the reason, never 0.
"""
