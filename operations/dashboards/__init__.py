"""A workflow's dashboard as its stack has it: the questions it asks, and their answers, also where nothing draws it."""
