"""The only reader of the environment: a room declares what it needs as a frozen dataclass and reads it here."""

import os
from dataclasses import MISSING, fields

from agent_platform.errors import ConfigurationError


def read[T](declared: type[T]) -> T:
    """Fill a dataclass of str and int fields from the variables of the same names in capitals.

    Raises ConfigurationError that names every variable which is missing or not a number.
    """
    values: dict[str, str | int] = {}
    missing, wrong = [], []
    for field in fields(declared):  # type: ignore[arg-type]
        name = field.name.upper()
        text = os.environ.get(name)
        if text is None or text == "":
            if field.default is MISSING:
                missing.append(name)
        elif field.type in (int, "int"):
            try:
                values[field.name] = int(text)
            except ValueError:
                wrong.append(name)
        else:
            values[field.name] = text
    problems = []
    if missing:
        problems.append("missing environment variables: " + ", ".join(missing))
    if wrong:
        problems.append("not a whole number: " + ", ".join(wrong))
    if problems:
        raise ConfigurationError("; ".join(problems))
    return declared(**values)
