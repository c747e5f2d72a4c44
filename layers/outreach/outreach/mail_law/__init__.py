"""What the law of the reader's country asks of a commercial e-mail: whose consent suffices, what the mail must show.

Not legal advice: rules that code can check, each with its source, for a lawyer to read in `docs/law.md`.
"""
