"""A campaign on top of the busiest hour, event by event: queue, starters, slots, functions, models, and every retry.

The rule of slots and the time after which a waiting message asks again are the deployed ones, called as they stand.
"""
