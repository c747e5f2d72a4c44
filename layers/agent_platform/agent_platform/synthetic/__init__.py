"""Synthetic runs: now and then an event of nobody's goes the whole way, so that one knows that the way is open."""
