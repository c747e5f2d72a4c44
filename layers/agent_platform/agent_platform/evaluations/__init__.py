"""Evaluations: two versions of an agent on the same past requests, what they came to, and what may be said of it."""
