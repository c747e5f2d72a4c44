"""The embedded AWS: the whole stack on one machine, without Docker or an account, on 127.0.0.1 only."""
