"""The agents: immutable versions of prompt, model and settings, what may be registered, and what is in production."""
