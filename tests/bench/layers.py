"""P2: what a layer weighs, and how many of its modules are compiled while a function starts."""

from collections.abc import Iterator

from tests.bench.counts import Count
from tests.infrastructure import template
from tests.infrastructure.template import layer_folder
from tests.infrastructure.test_start_up import BUILD, LAYERS, MOST_MEGABYTES, imported


def figures() -> Iterator[Count]:
    """Every function's compiled modules, every layer's size unzipped."""
    for function in template.functions():
        layers = [BUILD / layer for layer in function.layers]
        compiled = [path for path in imported(function) if path.suffix == ".py"]
        of_layers = [path for path in compiled if any(path.is_relative_to(layer) for layer in layers)]
        yield Count("modules of layers compiled at start-up", len(of_layers), "modules", 0, function.name)
    for layer in LAYERS:
        size = sum(path.stat().st_size for path in (BUILD / layer).rglob("*") if path.is_file())
        yield Count("size unzipped", size / 1_000_000, "MB", MOST_MEGABYTES[layer_folder(layer).name], layer)
