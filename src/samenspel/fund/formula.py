"""Formulas over figures: a small language, parsed once and evaluated exactly, unknown included.

A formula knows numbers, the names of figures, ``+ - * /``, parentheses, ``min``, ``max``,
``total(...)`` (the sum over all municipalities that count), comparisons, ``and``, ``or``, ``not``
and ``a if condition else b``. Nothing else is parsed, nothing is ever executed as Python. Values
are integers and Fractions; None is unknown and follows Kleene's strong logic in conditions.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NoReturn, TypeVar

from samenspel.language import _

Value = int | Fraction | None
Truth = bool | None
Chosen = TypeVar("Chosen")

# Choices, far above what a person writes.
MOST_LETTERS = 600
MOST_LEVELS = 200
NUMBER = re.compile(r"\d{1,20}(\.\d{1,20})?")
FUNCTIONS = ("min", "max", "total")

ARITHMETIC: dict[type[ast.operator], Callable[[int | Fraction, int | Fraction], int | Fraction]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: whole(Fraction(a) / b),
}
ORDER: dict[type[ast.cmpop], Callable[[int | Fraction, int | Fraction], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}


class FormulaError(ValueError):
    """A formula that cannot be used, said without a place."""


class DividedByZero(ArithmeticError):
    """A division by zero in ``row``."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


@dataclass(frozen=True)
class Formula:
    """A parsed formula; equal where the text is. ``names``: the figures that it reads, in order;
    ``totalled``: those of them that stand inside ``total(...)``."""

    text: str
    tree: ast.expr = field(compare=False, repr=False)
    names: tuple[str, ...] = field(compare=False)
    totalled: frozenset[str] = field(compare=False)


def number(text: str) -> Formula:
    """The formula ``text`` that gives a number. Raises FormulaError."""
    return parsed(text, truth=False)


def condition(text: str) -> Formula:
    """The formula ``text`` that is true or not. Raises FormulaError."""
    return parsed(text, truth=True)


def parsed(text: str, *, truth: bool) -> Formula:
    if len(text) > MOST_LETTERS:
        raise FormulaError(
            _("a formula may have at most {most} characters").format(most=MOST_LETTERS)
        )
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        check(tree, text.strip(), truth=truth)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, FormulaError):
            raise
        refuse(_("“{text}” cannot be read").format(text=short(text)))
    found = list(names_in(tree))
    inner = [name for node in totals_in(tree) for name in names_in(node)]
    return Formula(text.strip(), tree, tuple(dict.fromkeys(found)), frozenset(inner))


def short(text: str) -> str:
    """``text`` on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def refuse(what: str) -> NoReturn:
    raise FormulaError(
        _("{what}; a formula knows numbers, names of figures, + - * /, min, max, total, "
          "comparisons, and, or, not, if else, and parentheses").format(what=what)
    )  # fmt: skip


def check(node: ast.expr, text: str, *, truth: bool, level: int = 0) -> None:
    """Refuse what the language does not know, and a truth where a number belongs or the other way
    round; numbers get their exact value."""
    if level > MOST_LEVELS:
        refuse(_("“{text}” has too many levels").format(text=short(text)))
    level += 1
    match node:
        case ast.BoolOp(values=parts) if truth:
            for part in parts:
                check(part, text, truth=True, level=level)
        case ast.UnaryOp(op=ast.Not(), operand=part) if truth:
            check(part, text, truth=True, level=level)
        case ast.Compare(left=left, ops=ops, comparators=others) if truth:
            if any(type(op) not in ORDER for op in ops):
                refuse(_("“{text}” compares in a way that is not known").format(text=short(text)))
            for part in (left, *others):
                check(part, text, truth=False, level=level)
        case ast.Constant(value=int() | float()) if not truth and not isinstance(node.value, bool):
            written = ast.get_source_segment(text, node) or ""
            if not NUMBER.fullmatch(written):
                refuse(_("“{text}” is no number that can be read exactly").format(text=written))
            node.value = whole(Fraction(written))  # type: ignore[assignment]
        case ast.Name() if not truth and node.id not in FUNCTIONS:
            pass
        case ast.BinOp(left=left, op=op, right=right) if not truth and type(op) in ARITHMETIC:
            check(left, text, truth=False, level=level)
            check(right, text, truth=False, level=level)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=part) if not truth:
            check(part, text, truth=False, level=level)
        case ast.IfExp(test=test, body=body, orelse=other):
            check(test, text, truth=True, level=level)
            check(body, text, truth=truth, level=level)
            check(other, text, truth=truth, level=level)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if (
            not truth and name in FUNCTIONS and args and (name != "total" or len(args) == 1)
        ):
            for part in args:
                check(part, text, truth=False, level=level)
        case _other:
            piece = short(ast.get_source_segment(text, node) or text)
            if truth and isinstance(node, (ast.Name, ast.Constant, ast.BinOp, ast.Call)):
                refuse(_("“{text}” is no condition, such as population > 5000").format(text=piece))
            refuse(_("“{text}” does not belong here").format(text=piece))


def names_in(tree: ast.AST) -> Iterator[str]:
    """The names of figures under ``tree`` as they are written, some perhaps more than once."""
    if isinstance(tree, ast.Name) and tree.id not in FUNCTIONS:
        yield tree.id
    for node in ast.iter_child_nodes(tree):
        yield from names_in(node)


def totals_in(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "total":
            yield node.args[0]


def whole(value: Fraction | int) -> int | Fraction:
    """``value`` as an integer where it is one: integers are several times as quick."""
    return value.numerator if value.denominator == 1 else value


class Sheet:
    """Columns of figures by name, equally long, on which formulas are worked out; ``counted``: the
    rows that ``total(...)`` sums, all of them where None."""

    def __init__(
        self, columns: Mapping[str, Sequence[Value]], counted: Sequence[int] | None = None
    ) -> None:
        self.columns = columns
        length = len(next(iter(columns.values()), ()))
        self.counted = range(length) if counted is None else counted
        self._totals: dict[str, Value] = {}

    def numbers(self, formula: Formula, rows: Sequence[int]) -> list[Value]:
        """The value of ``formula`` for each of ``rows``. Raises DividedByZero."""
        return self._numbers(formula.tree, rows)

    def truths(self, formula: Formula, rows: Sequence[int]) -> list[Truth]:
        """Whether the condition ``formula`` holds for each of ``rows``. Raises DividedByZero."""
        return self._truths(formula.tree, rows)

    def totals(self, formula: Formula) -> dict[str, Value]:
        """Each ``total(...)`` of ``formula`` by the text inside it."""
        return {ast.unparse(node): self._total(node) for node in totals_in(formula.tree)}

    def _total(self, node: ast.expr) -> Value:
        text = ast.unparse(node)
        if text not in self._totals:
            values = self._numbers(node, self.counted)
            known = [value for value in values if value is not None]
            self._totals[text] = whole(sum(known)) if len(known) == len(values) else None
        return self._totals[text]

    def _numbers(self, node: ast.expr, rows: Sequence[int]) -> list[Value]:
        match node:
            case ast.Constant():
                return [node.value] * len(rows)  # type: ignore[list-item]
            case ast.Name(id=name):
                column = self.columns[name]
                return [column[row] for row in rows]
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                above, below = self._numbers(left, rows), self._numbers(right, rows)
                for row, divisor in zip(rows, below, strict=True):
                    if divisor == 0:
                        raise DividedByZero(row)
                return paired(ARITHMETIC[ast.Div], above, below)
            case ast.BinOp(left=left, op=op, right=right):
                sides = self._numbers(left, rows), self._numbers(right, rows)
                return paired(ARITHMETIC[type(op)], *sides)
            case ast.UnaryOp(op=op, operand=part):
                values = self._numbers(part, rows)
                if isinstance(op, ast.UAdd):
                    return values
                return [None if value is None else -value for value in values]
            case ast.IfExp():
                return self._chosen(node, rows, self._numbers)
            case ast.Call(func=ast.Name(id="total"), args=[part]):
                return [self._total(part)] * len(rows)
            case ast.Call(func=ast.Name(id=name), args=args):
                pick = min if name == "min" else max
                columns = [self._numbers(part, rows) for part in args]
                return [
                    None if None in values else pick(v for v in values if v is not None)
                    for values in zip(*columns, strict=True)
                ]
        raise AssertionError(ast.dump(node))

    def _truths(self, node: ast.expr, rows: Sequence[int]) -> list[Truth]:
        match node:
            case ast.UnaryOp(operand=part):
                return [None if t is None else not t for t in self._truths(part, rows)]
            case ast.BoolOp(op=op, values=parts):
                settles = isinstance(op, ast.Or)  # the value of one part that settles the whole
                found: dict[int, Truth] = dict.fromkeys(rows, not settles)
                for part in parts:  # what is settled is not asked again: it may divide by zero
                    open_rows = [row for row, truth in found.items() if truth is not settles]
                    for row, truth in zip(open_rows, self._truths(part, open_rows), strict=True):
                        if truth is settles or truth is None:
                            found[row] = truth
                return [found[row] for row in rows]
            case ast.Compare(left=left, ops=ops, comparators=others):
                columns = [self._numbers(part, rows) for part in (left, *others)]
                return [compared(ops, values) for values in zip(*columns, strict=True)]
            case ast.IfExp():
                return self._chosen(node, rows, self._truths)
        raise AssertionError(ast.dump(node))

    def _chosen(
        self,
        node: ast.IfExp,
        rows: Sequence[int],
        work_out: Callable[[ast.expr, Sequence[int]], list[Chosen]],
    ) -> list[Chosen | None]:
        """The branch that each row takes, worked out for the rows that take it only."""
        tests = self._truths(node.test, rows)
        found: dict[int, Chosen | None] = dict.fromkeys(rows)
        for wanted, branch in ((True, node.body), (False, node.orelse)):
            takes = [row for row, test in zip(rows, tests, strict=True) if test is wanted]
            found.update(zip(takes, work_out(branch, takes), strict=True))
        return [found[row] for row in rows]


def paired(
    work_out: Callable[[int | Fraction, int | Fraction], int | Fraction],
    left: Sequence[Value],
    right: Sequence[Value],
) -> list[Value]:
    return [
        None if a is None or b is None else work_out(a, b) for a, b in zip(left, right, strict=True)
    ]


def compared(ops: Sequence[ast.cmpop], values: Sequence[Value]) -> Truth:
    """Whether every step of a chain of comparisons holds; one that fails settles it."""
    unknown = False
    for op, a, b in zip(ops, values, values[1:], strict=False):
        if a is None or b is None:
            unknown = True
        elif not ORDER[type(op)](a, b):
            return False
    return None if unknown else True
