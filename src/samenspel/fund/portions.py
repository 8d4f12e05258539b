"""The portions of a fund: each segment with its members, weights and bounds, ready to divide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from samenspel.errors import InputError
from samenspel.fund.facts import Facts
from samenspel.fund.formula import DividedByZero, Formula, Sheet, Truth, Value, short
from samenspel.fund.members import inside
from samenspel.fund.model import Block, Division, Members
from samenspel.fund.places import Place
from samenspel.language import _
from samenspel.yamlfile import KeyPath


@dataclass(frozen=True)
class Portion:
    """One segment, or a block without segments, of one landscape.

    ``rows``: its members by place in the facts, in order of code; ``weights``: theirs on one scale,
    the value of the key being ``weight / scale``; ``outside``: the weight of all others on that
    scale where they count in the whole, else None; ``low`` and ``high``: bounds in cents, None
    where there are none; ``left_out``: rows of which membership, key or bound is unknown and that
    get nothing; ``counted``: how many municipalities each of ``totals``, the total(...) of the key,
    sums.
    """

    entry: str
    block: str
    segment: str | None
    division: Division
    rows: tuple[int, ...]
    weights: tuple[int, ...]
    scale: int
    outside: int | None
    low: tuple[int, ...] | None
    high: tuple[int | None, ...] | None
    left_out: tuple[int, ...]
    counted: int
    totals: Mapping[str, Value]

    @property
    def path(self) -> KeyPath:
        """Where the portion stands in the rules."""
        return ("blocks", self.entry, *(() if self.segment is None else ("segments", self.segment)))

    @property
    def name(self) -> str:
        """The same in words."""
        return ".".join(map(str, self.path))

    def reads(self) -> frozenset[str]:
        """The figures that it depends on."""
        members = self.division.members
        asked = members.where if isinstance(members, Members) else None
        formulas = (self.division.key, self.division.floor, self.division.cap, asked)
        return frozenset(name for f in formulas if f is not None for name in f.names)


def portions_of(
    facts: Facts, entry: str, name: str, block: Block, place: Place
) -> Iterator[Portion]:
    """The portions of one block, in the order of the rules. Raises InputError with ``place`` and
    key for what cannot be worked out, and where two segments that exclude each other have a member
    in common."""
    columns = {name: column.values for name, column in facts.columns.items()}
    taken: dict[int, str] = {}
    for segment, division in block.divisions():
        inner = place.at("blocks", entry, *(() if segment is None else ("segments", segment)))
        portion = portion_of(facts, columns, block, division, (entry, name, segment), inner)
        for row in portion.rows:
            if row in taken and not block.overlap:
                raise InputError(
                    _("{place}: {town} is in segment {other} too; make the segments exclude each "
                      "other, or state overlap: true.").format(
                        place=inner, town=facts.called([row]), other=taken[row])
                )  # fmt: skip
            taken[row] = segment or ""
        yield portion


def portion_of(
    facts: Facts,
    columns: Mapping[str, Sequence[Value]],
    block: Block,
    division: Division,
    names: tuple[str, str, str | None],
    place: Place,
    called: str = "key",
) -> Portion:
    """One portion, worked out. What is unknown is refused, or left out where the block says so.
    ``called``: what the rules call its key."""
    every = range(len(facts.nis))
    key = division.key
    assert key is not None  # the model sees to it
    members = inside(division.members, facts, Sheet(columns), place.at("members"))
    out = unknown_rows(facts, columns, block, division, members, place)
    counted = [row for row in every if row not in out]
    sheet = Sheet(columns, counted)
    rows = [row for row in counted if members[row]]
    weighed = counted if division.divided_over == "all" else rows
    values = numbers(sheet, key, weighed, facts, place.at(called))
    if below := [row for row, value in zip(weighed, values, strict=True) if value < 0]:
        raise InputError(
            _("{place}: {formula} is below zero for {towns}; it cannot be.").format(
                place=place.at(called), formula=short(key.text), towns=facts.called(below)
            )
        )
    scale = lcm(*(value.denominator for value in values)) if values else 1
    scaled = dict(zip(weighed, (v.numerator * (scale // v.denominator) for v in values),
                      strict=True))  # fmt: skip
    weights = tuple(scaled[row] for row in rows)
    low = high = None
    if division.floor is not None:
        low = tuple(up(v) for v in numbers(sheet, division.floor, rows, facts, place.at("floor")))
        low = tuple(max(0, cents) for cents in low)
    if division.cap is not None:
        found = numbers(sheet, division.cap, rows, facts, place.at("cap"))
        high = tuple(max(0, down(v)) for v in found)
    return Portion(
        *names[:2],
        names[2],
        division,
        tuple(rows),
        weights,
        scale,
        sum(scaled.values()) - sum(weights) if division.divided_over == "all" else None,
        low,
        high,
        tuple(row for row in sorted(out) if members[row] is not False),
        len(counted),
        sheet.totals(key),
    )


def unknown_rows(
    facts: Facts,
    columns: Mapping[str, Sequence[Value]],
    block: Block,
    division: Division,
    members: Sequence[Truth],
    place: Place,
) -> set[int]:
    """The rows to leave out: not known to be members or not, or with an unknown figure that the key
    or a bound needs. Raises InputError where the block does not leave the unknown out."""
    needed: dict[str, list[int]] = {}
    torn = [row for row, member in enumerate(members) if member is None]
    if torn:
        needed[_("membership")] = torn
    formulas = [f for f in (division.key, division.floor, division.cap) if f is not None]
    for formula in formulas:
        for name in formula.names:
            asked = name in formula.totalled or division.divided_over == "all"
            rows = [
                row
                for row, value in enumerate(columns[name])
                if value is None and (asked or members[row])
            ]
            if rows:
                needed.setdefault(name, rows)
    if needed and block.unknown == "refuse":
        what, rows = next(iter(needed.items()))
        raise InputError(
            _("{place}: {figure} is unknown for {towns}; fill it in, or state unknown: leave_out "
              "for the block.").format(place=place, figure=what, towns=facts.called(rows))
        )  # fmt: skip
    return {row for rows in needed.values() for row in rows}


def numbers(
    sheet: Sheet, formula: Formula, rows: Sequence[int], facts: Facts, place: Place
) -> list[int | Fraction]:
    """The values of ``formula``, all of them known. Raises InputError."""
    try:
        values = sheet.numbers(formula, rows)
    except DividedByZero as error:
        raise InputError(
            _("{place}: {formula} divides by zero for {town}.").format(
                place=place, formula=short(formula.text), town=facts.called([error.row])
            )
        ) from error
    return [value for value in values if value is not None]


def up(euro: int | Fraction) -> int:
    """The cents of ``euro``, parts of a cent upward."""
    cents = 100 * euro
    return -(-cents.numerator // cents.denominator)


def down(euro: int | Fraction) -> int:
    cents = 100 * euro
    return cents.numerator // cents.denominator
