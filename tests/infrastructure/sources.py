"""The Python sources as data: modules by their dotted names, what each imports, and what it names."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = {package.name: package for package in ROOT.glob("layers/*/*/") if package.name == package.parent.name}
# Made at build time, and no person's code.
_GENERATED = {"event_contracts.generated"}


@dataclass(frozen=True)
class Module:
    """One file: its dotted name as code imports it, and its syntax tree."""

    name: str
    path: Path

    def __str__(self) -> str:
        return self.name

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def imports(self) -> set[str]:
        """Every module that it imports, wherever in the file: ours by their full names, others as they are written."""
        return {_module_of(name) for name in self._names()} - {self.name}

    def imports_below(self, package: str) -> set[str]:
        return {name for name in self.imports if is_below(name, package)}

    def _names(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path}: imports are absolute here"
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def modules() -> dict[str, Module]:
    """Every module of the project but the tests, by its name."""
    folders = [*((package.parent, package) for package in LAYERS.values())]
    folders += [(ROOT, ROOT / name) for name in ("functions", "operations", "local_aws", "capacity")]
    found = {}
    for start, folder in folders:
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(start).with_suffix("").parts).removesuffix(".__init__")
            if name not in _GENERATED:
                found[name] = Module(name, path)
    return found


def below(package: str) -> list[Module]:
    """The modules of a package."""
    return [module for name, module in modules().items() if is_below(name, package)]


def is_below(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def reachable(start: str) -> set[str]:
    """Our modules that are imported when this one is, itself included; a package's `__init__` counts."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name in seen or name not in modules():
            continue
        seen.add(name)
        ahead += [*modules()[name].imports, *_parents(name)]
    return seen


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _module_of(name: str) -> str:
    """The module that an imported name is or stands in; for other people's code the name as it is."""
    for candidate in (name, *_parents(name)):
        if candidate in modules() or candidate in _GENERATED:
            return candidate
    return name
