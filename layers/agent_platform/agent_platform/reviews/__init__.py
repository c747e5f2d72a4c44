"""What people decide: items that wait for them, who has one in hand, what each said, and what came of it.

`items` has the rules, without a store; `rows` how an item and a decision are kept; `desk` is the way in. An item names
its workflow and its message, and says nothing of what stands there: the workflow shows it, and by its own writes,
in the same transaction as the last decision, makes it so.
"""
