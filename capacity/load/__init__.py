"""The simulation held against a stack that runs: the same events at three rates, by locust, on the local AWS.

Its models answer after a fixed time, and its slots are few, so that slots are what runs out, and not the laptop.
"""
