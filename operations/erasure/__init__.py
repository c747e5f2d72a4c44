"""One person's data in a stack: where it is, how it is given to them, how it is forgotten, and what remains."""
