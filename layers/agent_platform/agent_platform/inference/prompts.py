"""Strict prompts: `${name}` is a variable, `{{slot}}` is only ever a slot and passes through."""

from collections.abc import Mapping
from string import Template

from agent_platform.errors import ConfigurationError


def render_prompt(template: str, variables: Mapping[str, str]) -> str:
    """The template with its variables filled in; a template need not use every variable that it is offered.

    ConfigurationError lists every variable that doesn't exist or has no value, and a `$` that starts none.
    Values are inserted as they are, never expanded again: only words that people of the house wrote belong here.
    """
    prompt = Template(template)
    problems = [] if prompt.is_valid() else ["a $ starts no variable: write $$ for a dollar sign"]
    used = prompt.get_identifiers()
    unknown = sorted(name for name in used if name not in variables)
    if unknown:
        problems.append(f"unknown variables: {', '.join(unknown)}; known are: {', '.join(sorted(variables))}")
    empty = sorted(name for name in used if name in variables and not variables[name].strip())
    if empty:
        problems.append(f"variables without a value: {', '.join(empty)}")
    if problems:
        raise ConfigurationError("prompt: " + "; ".join(problems))
    return prompt.substitute(variables)
