"""Delivery: one artefact from account to account, each step of the way shown, tried out and recorded."""
