"""The agents' door: register a version, look at versions and histories, put one into production and take it back.

Each module is a group of commands: its `add` gives the parser its subcommands. What changes an agent goes through the
stack's Lambdas; what only looks reads the table.
"""
