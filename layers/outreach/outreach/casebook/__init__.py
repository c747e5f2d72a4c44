"""Past cases from messages that went well: about a kind of customer and never about one, and only where there are many.

Which message may become one is `choosing`, its words `writing` (from `bands` and what `cleaning` leaves), where it is
kept `store` and `files`, and when it may be read by others `publishing`.
"""
