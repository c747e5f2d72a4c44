"""State machines as Mermaid flowcharts, drawn from their definitions, so that a page never shows another machine."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from operations.stack import ROOT
from operations.terminal import Problem, arguments, err, run

State = Mapping[str, Any]

_BLOCK = re.compile(r"(<!-- diagram: ([a-z0-9_]+) -->\n).*?(<!-- /diagram -->)", re.DOTALL)
# Opening and closing of a node, by the type of its state; any other type is drawn as a box.
_SHAPES = {"Choice": ("{", "}"), "Wait": ("([", "])"), "Succeed": ("((", "))"), "Fail": ("((", "))")}
_COMPARED_BY = re.compile(r"^(String|Numeric|Boolean|Timestamp|Is)")


def drawn(word: str) -> str:
    """The Mermaid source of statemachines/WORD.asl.json; the same definition always gives the same text."""
    return draw(json.loads(_definition(word).read_text(encoding="utf-8")))


def draw(machine: Mapping[str, Any]) -> str:
    """A definition as a flowchart: tasks with the key that they add, choices as diamonds, failures as dotted lines."""
    states: Mapping[str, State] = machine["States"]
    ids = {name: f"s{number}" for number, name in enumerate(states)}
    lines = ["flowchart LR", f"    start(( )) --> {ids[machine['StartAt']]}"]
    lines += [f"    {ids[name]}{_shape(name, state)}" for name, state in states.items()]
    for name, state in states.items():
        lines += [f"    {ids[name]} {arrow} {ids[target]}" for arrow, target in _arrows(state)]
        if state.get("End"):
            lines.append(f"    {ids[name]} --> finish((( )))")
    return "\n".join(lines) + "\n"


def with_diagrams(page: str) -> str:
    """The page with each block between `<!-- diagram: WORD -->` and `<!-- /diagram -->` drawn anew."""
    if not _BLOCK.search(page):
        raise Problem("The page has no place for a diagram: <!-- diagram: outreach --> and then <!-- /diagram -->")
    return _BLOCK.sub(lambda block: f"{block[1]}```mermaid\n{drawn(block[2])}```\n{block[3]}", page)


def _definition(word: str) -> Path:
    found = ROOT / "statemachines" / f"{word}.asl.json"
    if not found.exists():
        known = ", ".join(sorted(path.name.partition(".")[0] for path in found.parent.glob("*.asl.json")))
        raise Problem(f"There is no state machine {word}; there is: {known}")
    return found


def _shape(name: str, state: State) -> str:
    opening, closing = _SHAPES.get(state["Type"], ("[", "]"))
    added = f"<br/>{state['ResultPath']}" if state.get("ResultPath") else ""
    return f'{opening}"{_quotable(name)}{added}"{closing}'


def _arrows(state: State) -> Iterator[tuple[str, str]]:
    """Where a state may lead, with the arrow's own text."""
    for rule in state.get("Choices", []):
        yield f'-- "{_quotable(_condition(rule))}" -->', rule["Next"]
    if "Default" in state:
        yield '-- "otherwise" -->', state["Default"]
    if "Next" in state:
        yield "-->", state["Next"]
    for caught in state.get("Catch", []):
        yield f'-. "{_quotable(", ".join(caught["ErrorEquals"]))}" .->', caught["Next"]


def _condition(rule: Mapping[str, Any]) -> str:
    """What a rule asks, in few words: the value that is compared with, and how unless it is for equality."""
    for word in ("And", "Or"):
        if word in rule:
            return f" {word.lower()} ".join(map(_condition, rule[word]))
    if "Not" in rule:
        return f"not {_condition(rule['Not'])}"
    comparison = next(name for name in rule if _COMPARED_BY.match(name))
    how = comparison.removesuffix("Path")
    value = str(rule[comparison]).lower() if isinstance(rule[comparison], bool) else str(rule[comparison])
    return value if how in {"StringEquals", "NumericEquals"} else f"{rule['Variable']} {how} {value}"


def _quotable(text: str) -> str:
    return text.replace('"', "#quot;")


def main(argv: Sequence[str]) -> int:
    """scripts/diagram."""
    parser = arguments("diagram", "Draw the state machines, or keep a page's diagrams true.", account=False)
    parser.add_argument("word", nargs="?", default="outreach", help="which machine to print (default: outreach)")
    page = parser.add_mutually_exclusive_group()
    page.add_argument("--write", metavar="PAGE", type=Path, help="draw the page's diagrams anew")
    page.add_argument("--check", metavar="PAGE", type=Path, help="exit with 1 if the page shows them otherwise")
    given = parser.parse_args(argv)
    if not (given.write or given.check):
        print(drawn(given.word), end="")  # noqa: T201 - the diagram is this door's output
        return 0
    return _keep_true(given.write or given.check, write=bool(given.write))


def _keep_true(page: Path, *, write: bool) -> int:
    if not page.is_file():
        raise Problem(f"There is no page {page}")
    now = page.read_text(encoding="utf-8")
    true = with_diagrams(now)
    if write:
        page.write_text(true, encoding="utf-8")
    elif now != true:
        err.print(f"{page} shows another state machine. Draw it anew: scripts/diagram --write {page}", soft_wrap=True)
        return 1
    return 0


if __name__ == "__main__":
    run(main)
