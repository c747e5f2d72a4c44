"""What a draft claims, held against what is known: facts, features, the offer's conditions, the customer's day.

A text is folded (`folding`) and read by one reader per kind of claim (`reading` has their order). Figures, dates,
links, contacts, names and placeholders are compared with the facts (`comparing`), and become slots where they equal
one. What is said in words is settled where it is read: `spans`, `ordinals`, `roundings`, `frequencies`, `appointments`,
`ranges`, `codes`, `conditions`, `promises`, `concessions`, `urgency`, `comparatives`, `readers` and `households` (both
may be known from the comment), `ratings`, `lapses`, `endings`, `offer_names`, `bought` (services) and `capitals` (names
and places that are no fact); `colloquial` reads money and shares as people say them. Of what only the offer's
conditions could vouch for there are `sorts`, by subject: `payments`, `inclusions`, `entitlements`, `automatisms`,
`reachability`, `causes`, `outcomes`, `reputation` and `workers`. What is left over on a topic of weight (`topics`)
waits for a person. What stands beside a slot, and what the slot means there, is checked too (`surroundings`, `meanings`
with `denials`, `multiples` and `receivers`). A text that is no mail at all is `structure`; what is copied from a past
case is no claim, and is found by `copying`.

`tracing` is the writer's way in, with findings for what stops a draft; `ledger` is the reviewer's, with every claim;
`candidates` are what a model takes for claims, where no rule has read.

What is a claim: every digit; number words beside a currency, a percent or something that the facts count, and any
above twelve. "Two minutes" or "five-star" is a manner of speaking. Words are read in English only: in another language
each part with prose has a ledger entry `not_checked`, and so has in English what only a person can know.
"""

from outreach.claims.candidates import candidates
from outreach.claims.copying import copied
from outreach.claims.ledger import ledger
from outreach.claims.sheet import Evidence
from outreach.claims.tracing import Traced, trace

__all__ = ["Evidence", "Traced", "candidates", "copied", "ledger", "trace"]
