"""Every number, price, percentage, date, link, contact, name and placeholder of a draft, traced to a fact.

A text is folded (`folding`), read by one reader per kind of claim (`placeholders`, `links`, `phones`, `dates`,
`quantities`, `names`), each claim is compared with the facts (`comparing`), and what stands beside a slot is checked
(`surroundings`). What no fact can settle, a text that is not a mail at all, is `structure`. `tracing` is the way in.
What is copied from a past case is no claim, and is found by `copying`.

What is a claim: every digit; number words beside a currency, a percent or something that the facts count, and any
above twelve. "Two minutes" or "five-star" is a manner of speaking. Number words are read in English only.
"""

from outreach.claims.copying import copied
from outreach.claims.ledger import ledger
from outreach.claims.tracing import Traced, approvable, trace

__all__ = ["Traced", "approvable", "copied", "ledger", "trace"]
