"""Drift: whether what an agent is given, or makes of it, is still as it was when its version came into production."""
