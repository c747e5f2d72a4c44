"""What came of a run, and what became of its message: attached once, and settled once when it is mature."""
