"""How much the stack carries: what is reached first, and what changes then; written down as SCALABILITY.md.

Everything is read from where it stands: what a message takes from what a test measured, concurrency and retries from
template.yaml and the state machine, prices from operations. What is left stands in two files: quotas.toml, which cites
AWS, and assumptions.toml, which says why. Nothing imports this package.
"""
