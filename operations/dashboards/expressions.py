"""CloudWatch's metric math, as far as our dashboards use it: no local AWS computes it.

+ - * / of metrics by their ids and of numbers, SEARCH('{namespace,dimensions} MetricName="…" dimension="…"', 'stat',
seconds), FILL(metric, number) and RUNNING_SUM(metric). Every expression of these is one of Python's too.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate

from operations.dashboards.lines import Line, Search

type _Value = float | list[Line]

_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SCHEMA = re.compile(r"\{([^,}]+),([^}]+)\}")
_TERM = re.compile(r'(\w+)="([^"]*)"')


class UnknownMathError(Exception):
    """An expression has something that isn't computed here; the message says what."""


def searches(expression: str) -> Iterator[Search]:
    """What an expression searches for."""
    for node in ast.walk(_parsed(expression)):
        if isinstance(node, ast.Call) and _function(node) == "SEARCH":
            yield _search(node)


def names(expression: str) -> set[str]:
    """The ids of the metrics that an expression computes with."""
    nodes = list(ast.walk(_parsed(expression)))
    functions = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in functions}


def evaluate(
    expression: str, named: Mapping[str, Line], found: Mapping[Search, Sequence[Line]], times: Sequence[datetime]
) -> list[Line]:
    """The lines that an expression comes to; `times` are the periods that FILL fills."""

    def value(node: ast.expr) -> _Value:
        match node:
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name):
                return [named[name]]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return _combined(_ARITHMETIC[type(op)], value(left), value(right))
            case ast.Call(args=[metric, *more]):
                return called(node, metric, more)
        raise UnknownMathError(ast.unparse(node))

    def called(node: ast.Call, metric: ast.expr, more: Sequence[ast.expr]) -> list[Line]:
        match _function(node), more:
            case "SEARCH", _:
                return list(found[_search(node)])
            case "RUNNING_SUM", []:
                return [_running_sum(line) for line in _lines(value(metric))]
            case "FILL", [ast.Constant(value=int() | float() as number)]:
                return [_filled(line, number, times) for line in _lines(value(metric))]
        raise UnknownMathError(ast.unparse(node))

    return _lines(value(_parsed(expression)))


def _parsed(expression: str) -> ast.expr:
    try:
        return ast.parse(expression, mode="eval").body
    except SyntaxError:
        raise UnknownMathError(expression) from None


def _function(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)


def _search(node: ast.Call) -> Search:
    try:
        pattern, stat, period = (ast.literal_eval(each) for each in node.args)
        [(namespace, dimensions)] = _SCHEMA.findall(pattern)
    except (ValueError, TypeError):
        raise UnknownMathError(ast.unparse(node)) from None
    terms = dict(_TERM.findall(pattern))
    metric = terms.pop("MetricName")
    return Search(namespace, tuple(dimensions.split(",")), metric, tuple(sorted(terms.items())), stat, int(period))


def _lines(value: _Value) -> list[Line]:
    return value if isinstance(value, list) else []


def _combined(compute: Callable[[float, float], float], left: _Value, right: _Value) -> _Value:
    """Each line of one with the number or the only line of the other."""
    match left, right:
        case float() | int(), float() | int():
            return compute(left, right)
        case list(), [only] | (float() | int() as only):
            return [_computed(compute, each, only) for each in left]
        case [only] | (float() | int() as only), list():
            return [_computed(compute, only, each) for each in right]
    raise UnknownMathError("several metrics with several others")


def _computed(compute: Callable[[float, float], float], left: Line | float, right: Line | float) -> Line:
    lines = [each for each in (left, right) if isinstance(each, Line)]
    told = set[datetime]().union(*(each.points for each in lines))

    def at(moment: datetime | None) -> float | None:
        values = [each.whole if moment is None else each.points.get(moment) for each in lines]
        if all(value is None for value in values):
            return None
        # As in CloudWatch, what only one side has is computed with 0 for the other, and nothing is divided by that.
        read = iter(value or 0.0 for value in values)
        first, second = (next(read) if isinstance(each, Line) else each for each in (left, right))
        try:
            return compute(first, second)
        except ZeroDivisionError:
            return None

    points = {moment: result for moment in sorted(told) if (result := at(moment)) is not None}
    dimensions = next((each.dimensions for each in lines if each.dimensions), {})
    return Line(points, at(None), dimensions)


def _running_sum(line: Line) -> Line:
    moments = sorted(line.points)
    sums = accumulate(line.points[moment] for moment in moments)
    return Line(dict(zip(moments, sums, strict=True)), line.whole, line.dimensions)


def _filled(line: Line, number: float, times: Sequence[datetime]) -> Line:
    points = {moment: line.points.get(moment, number) for moment in times}
    return Line(points, number if line.whole is None else line.whole, line.dimensions)
