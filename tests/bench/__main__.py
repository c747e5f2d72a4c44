"""scripts/bench: ratios, both sides in one run; what falls short is printed too, and makes the exit code 1."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from operations import deployment
from operations.terminal import arguments, counted, err, out, run, table
from tests.bench import evaluation, feature_read, generate, layers, retrieval, start_up, webhook
from tests.bench.layers import Count
from tests.bench.pairs import Figure
from tests.bench.retrieval import Ranking

BENCHES = {
    "start-up": start_up,
    "layers": layers,
    "generate": generate,
    "webhook": webhook,
    "feature-read": feature_read,
    "evaluation": evaluation,
    "retrieval": retrieval,
}


def main(argv: Sequence[str]) -> int:
    """Measure, print a table, and write JSON if asked to."""
    parser = arguments("bench", "How fast the stack is: ratios of two things measured in turns.", account=False)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHES)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    given = parser.parse_args(argv)
    if unknown := set(given.names) - set(BENCHES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join(BENCHES)}")
    err.print("sam build …")
    deployment.build()
    figures: list[Figure | Count | Ranking] = []
    for name in given.names or BENCHES:
        with err.status(f"{name} …"):
            figures += BENCHES[name].figures()  # type: ignore[attr-defined]
    _print(figures)
    if given.json:
        document = {"cpus": os.cpu_count(), "figures": [figure.document() for figure in figures]}
        given.json.write_text(json.dumps(document, indent=2) + "\n")
    return 0 if all(figure.kept for figure in figures) else 1


def _print(figures: list[Figure | Count | Ranking]) -> None:
    ratios = [each for each in figures if isinstance(each, Figure)]
    counts = [each for each in figures if isinstance(each, Count)]
    if ratios:
        columns = ("", "min", "median", "max", "limit", "median ms ÷ ms", "what")
        fewest = counted(min(len(each.ratios) for each in ratios), "pair")
        table(f"Ratios of {fewest} or more", columns, map(_ratio, ratios))
    if counts:
        table("Exact", ("", "found", "limit", "what"), map(_count, counts))
    if rankings := [each for each in figures if isinstance(each, Ranking)]:
        columns = ("", "recall@3", "at least", "MRR", "at least", "went well", "what")
        table("Cases found for the labelled queries", columns, map(_ranking, rankings))
    missed = [figure.name for figure in figures if not figure.kept]
    out.print(f"beyond the limit: {', '.join(missed)}" if missed else "every limit is kept")


def _ratio(figure: Figure) -> tuple[str, ...]:
    found = figure.document()
    least, middle, most = (f"{found['ratio'][name]:.2f}" for name in ("min", "median", "max"))
    limit = "" if figure.limit is None else f"{figure.limit:.2f}"
    times = f"{found['subject_ms']:.1f} ÷ {found['base_ms']:.1f}"
    return "✓" if figure.kept else "✗", least, middle, most, limit, times, figure.name


def _count(count: Count) -> tuple[str, ...]:
    found = f"{count.value:.0f}" if count.unit in {"modules", "requests"} else f"{count.value:.1f}"
    return "✓" if count.kept else "✗", f"{found} {count.unit}", f"{count.limit:.0f}", count.name


def _ranking(found: Ranking) -> tuple[str, ...]:
    least = (f"{each:.2f}" if each else "" for each in (found.least_recall, found.least_reciprocal_rank))
    recall, rank, well = (f"{each:.2f}" for each in (found.recall, found.reciprocal_rank, found.went_well))
    return "✓" if found.kept else "✗", recall, next(least), rank, next(least), well, found.name


if __name__ == "__main__":
    run(main)
