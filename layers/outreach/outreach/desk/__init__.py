"""What people see of a message that waits for them, what speaks against a decision, and what comes of it.

`drafts` has a message's draft with its claims; `showing` what a reviewer sees; `objections` what a decision lacks;
`concluding` what is written with the last one; `sitting` is the way in.
"""
