"""The feature store: views declared once, rows folded from a history that is only appended to, one request to read.

An entity is a keyed reference, never an e-mail address.
"""
