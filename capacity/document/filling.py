"""The words with their numbers: one that is missing, or that no word asks for, is an error."""

import re
from collections import ChainMap
from string import Template

from capacity.document import basis, choices, demand, file, held, money, reached, steps, today
from capacity.inputs import HERE
from capacity.scenarios import Scenarios

_WORDS = HERE / "document" / "SCALABILITY.md"
_CHAPTERS = (demand, reached, today, steps, choices, file, money, held, basis)


def text(told: Scenarios) -> str:
    """The page."""
    words = _WORDS.read_text(encoding="utf-8")
    values = ChainMap(*(chapter.values(told) for chapter in _CHAPTERS))
    if unasked := set(values) - set(re.findall(r"\$\{(\w+)}", words)):
        raise ValueError(f"{_WORDS.name} asks for no {', '.join(sorted(unasked))}")
    return Template(words).substitute(values)
