"""Probes: drafts whose truth is known, what a judge's version said of them, and whether it may be believed."""
