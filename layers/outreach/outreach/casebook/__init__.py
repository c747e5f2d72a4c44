"""Past cases from messages that went well: about a kind of customer and never about one, and only where there are many.

Which message may become one is `choosing`, its words `writing` (from what `cleaning` leaves of a draft), where it is
kept `store` (of `rows`) and `files`, what follows from news of it `publishing`, and when others may read it
`circulation`. Customers are forgotten by `forgetting`.
"""
