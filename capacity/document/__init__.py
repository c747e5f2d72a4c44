"""SCALABILITY.md: its words stand in a file of that name here, and every number in them is computed beside it."""
