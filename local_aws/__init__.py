"""The embedded AWS: the whole stack on one machine, with neither Docker nor an account; nothing listens beyond 127.0.0.1."""
