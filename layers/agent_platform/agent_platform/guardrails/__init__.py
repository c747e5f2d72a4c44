"""Guardrails: personal data taken out of free text, and untrusted text kept inside one block that it can't close."""
