"""One person's data: how what is theirs is told from what isn't, and where their messages are."""
