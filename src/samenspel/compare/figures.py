"""Every figure of the screening before and after, subject by subject.

A municipality that was merged stands beside its parts. What they held together is summed where a
sum has a meaning (SUMMED): seats and contributions, which a merger adds up, and places, each of
which is counted once for every municipality that had it, so that the change tells how many fell
together. Of other figures, such as shares and means, parts and whole stand beside each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from samenspel.compare.change import (
    BECAME_KNOWN,
    BECAME_UNKNOWN,
    BESIDE,
    CHANGED,
    EQUAL,
    GONE,
    NEW,
    SAME,
    SHARE_KNOWN,
    TOLERANCE,
    UNKNOWN,
)
from samenspel.compare.matching import Beside
from samenspel.landscape.unknown import KNOWN
from samenspel.screening.circles import ID
from samenspel.screening.screen import NOT_ELSEWHERE, Screening

PLACES = (
    "partnerships", "ocmw_associations", "police_zones", "other_partnerships", "tables", "mandates",
)  # fmt: skip
SUMMED = (
    *PLACES, "seats", "seats_majority", "seats_opposition", "seats_other", "contribution_cents",
)  # fmt: skip
# Tables without which it is unknown which subjects of a kind there are.
NAMED_BY = {"zone": ("zonings", "zones"), "theme": ("partnerships",)}
OF_A_SUBJECT = (ID, "kind", "zoning", "subject", "name")
PAIR = "pair"


@dataclass(frozen=True)
class Subject:
    """What figures are about, before and after. ``was``, ``now``: its rows in the figures of
    either; ``code``: after, else before; the code of an unknown theme is None."""

    kind: str
    zoning: str | None
    code: str | None
    name: str | None
    was: tuple[int, ...]
    now: tuple[int, ...]

    @property
    def what(self) -> str:
        if not self.was or not self.now:
            return GONE if self.was else NEW
        return SAME if len(self.was) == len(self.now) == 1 else BESIDE

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "zoning": self.zoning, "subject": self.code, "name": self.name}


@dataclass(frozen=True)
class Figures:
    """``cells``: one row per subject that is there before and after and per figure: ``pair``
    (number in ``subjects``), ``figure``, ``before``, ``before_known``, ``after``, ``after_known``,
    ``change`` and ``what``. ``parts``: before and after of those that are several, by subject and
    figure. ``breakdown``: ``pair``, ``dimension``, ``value``, ``before``, ``after``: partnerships
    by form, theme and so on that differ, of subjects that are one before and after."""

    subjects: tuple[Subject, ...]
    cells: pl.DataFrame
    parts: Mapping[tuple[int, str], dict[str, list[dict[str, Any]]]]
    breakdown: pl.DataFrame
    whole: frozenset[str]

    @cached_property
    def changed(self) -> pl.DataFrame:
        """The cells that differ."""
        return self.cells.filter(~pl.col("what").is_in(EQUAL))

    @property
    def differences(self) -> int:
        away = sum(one.what in (GONE, NEW) for one in self.subjects)
        return self.changed.height + self.breakdown.height + away

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Every figure of the subjects of one kind."""
        own = [number for number, one in enumerate(self.subjects) if one.kind == kind]
        return list(self.rows(self.cells.filter(pl.col(PAIR).is_in(own))))

    def rows(self, cells: pl.DataFrame) -> Iterator[dict[str, Any]]:
        """``cells`` as plain values, with their subjects; whole numbers whole."""
        for row in cells.iter_rows(named=True):
            number = row.pop(PAIR)
            subject = self.subjects[number]
            if row["figure"] in self.whole:
                for name in ("before", "after", "change"):
                    row[name] = None if row[name] is None else int(row[name])
            told = {**subject.as_json(), **row}
            if subject.what == BESIDE:
                told["summed"] = row["figure"] in SUMMED
                told["parts"] = self.parts[number, row["figure"]]
            yield told

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        counts = dict(self.cells.group_by("what").len().sort("what").iter_rows())
        return {
            "counts": counts,
            "summed": list(SUMMED),
            **{
                kind: [one.as_json() for one in self.subjects if one.what == kind]
                for kind in (GONE, NEW)
            },
            "figures": list(self.rows(self.cells if everything else self.changed)),
            "breakdown": [
                {**self.subjects[row.pop(PAIR)].as_json(), **row}
                for row in self.breakdown.iter_rows(named=True)
            ],
        }


def figures(found: Beside, before: Screening, after: Screening) -> Figures:
    """The figures of ``before`` beside those of ``after``. Costs O(subjects times figures)."""
    subjects = tuple(subjects_of(found, before, after))
    columns = [c for c in before.figures.columns if c not in OF_A_SUBJECT and not c.endswith(KNOWN)]
    pairs = [i for i, one in enumerate(subjects) if one.what == SAME]
    plain = aligned(subjects, pairs, before, after, columns)
    cells, parts = several(subjects, before, after, columns)
    dtypes = before.figures.schema
    return Figures(
        subjects,
        pl.concat([told(plain), cells]).sort(PAIR, maintain_order=True),
        parts,
        breakdown(subjects, pairs, before, after),
        frozenset(name for name in columns if dtypes[name].is_integer()),
    )


def subjects_of(found: Beside, before: Screening, after: Screening) -> Iterator[Subject]:
    """Every subject of either, in the order of after, then those that are gone. Of a kind of which
    one does not know which there are, none is gone or new."""
    rows = [
        {
            (row["kind"], row["zoning"], row["subject"]): (row[ID], row["name"])
            for row in one.figures.select(OF_A_SUBJECT).iter_rows(named=True)
        }
        for one in (before, after)
    ]
    taken: set[tuple[Any, ...]] = set()
    for key in [*rows[1], *rows[0]]:
        kind, zoning, code = key
        group = None
        if kind == "municipality":
            group = found.towns.of_after.get(code) or found.towns.of_before.get(code)
        elif kind == "zone" and zoning in found.zones:
            matched = found.zones[zoning]
            group = matched.of_after.get(code) or matched.of_before.get(code)
        was, now = (
            [(kind, zoning, one) for one in (codes if group else (code,))]
            for codes in ((group.before, group.after) if group else ((), ()))
        )
        here = [k for k in was if k in rows[0]], [k for k in now if k in rows[1]]
        mark = (kind, zoning, tuple(here[0]), tuple(here[1]))
        lost = kind in NAMED_BY and not (here[0] and here[1])
        if mark in taken or (lost and not all(found.known(*NAMED_BY[kind]))):
            continue
        taken.add(mark)
        first = here[1] or here[0]
        name = (rows[1] if here[1] else rows[0])[first[0]][1]
        yield Subject(
            kind, zoning, first[0][2], name,
            tuple(rows[0][k][0] for k in here[0]), tuple(rows[1][k][0] for k in here[1]),
        )  # fmt: skip


def aligned(
    subjects: Sequence[Subject],
    pairs: Sequence[int],
    before: Screening,
    after: Screening,
    columns: Sequence[str],
) -> pl.DataFrame:
    """One row per subject of ``pairs``, one before and after, and figure that it has."""
    was = before.figures[[subjects[i].was[0] for i in pairs]]
    now = after.figures[[subjects[i].now[0] for i in pairs]]
    numbers = pl.Series(PAIR, pairs, dtype=pl.Int64)
    elsewhere = was["kind"] != "municipality"
    found = []
    for name in columns:
        frame = pl.DataFrame(
            {
                PAIR: numbers,
                "before": was[name].cast(pl.Float64),
                "before_known": was[name + KNOWN],
                "after": now[name].cast(pl.Float64),
                "after_known": now[name + KNOWN],
            }
        ).with_columns(figure=pl.lit(name))
        found.append(frame.filter(~elsewhere) if name in NOT_ELSEWHERE else frame)
    return pl.concat(found)


def told(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with ``change`` and ``what``."""
    was, now = pl.col("before"), pl.col("after")
    near = TOLERANCE * pl.max_horizontal(was.abs(), now.abs(), pl.lit(1.0))
    shares = (pl.col("before_known") - pl.col("after_known")).abs() <= TOLERANCE
    same = (now - was).abs() <= near
    what = (
        pl.when(was.is_null() & now.is_null()).then(pl.lit(UNKNOWN))
        .when(was.is_null()).then(pl.lit(BECAME_KNOWN))
        .when(now.is_null()).then(pl.lit(BECAME_UNKNOWN))
        .when(~same).then(pl.lit(CHANGED))
        .when(~shares).then(pl.lit(SHARE_KNOWN))
        .otherwise(pl.lit(SAME))
    )  # fmt: skip
    return frame.select(
        PAIR, "figure", "before", "before_known", "after", "after_known",
        change=pl.when(same).then(0.0).otherwise(now - was), what=what,
    )  # fmt: skip


Parts = dict[tuple[int, str], dict[str, list[dict[str, Any]]]]


def several(
    subjects: Sequence[Subject], before: Screening, after: Screening, columns: Sequence[str]
) -> tuple[pl.DataFrame, Parts]:
    """The cells of subjects that are several before or after, and the figures of their parts."""
    rows: list[dict[str, Any]] = []
    parts: Parts = {}
    for number, subject in enumerate(subjects):
        if subject.what != BESIDE:
            continue
        sides = [
            [side.figures.row(place, named=True) for place in places]
            for side, places in ((before, subject.was), (after, subject.now))
        ]
        for name in columns:
            if subject.kind != "municipality" and name in NOT_ELSEWHERE:
                continue
            parts[number, name] = {
                word: [part(row, name) for row in side]
                for word, side in zip(("before", "after"), sides, strict=True)
            }
            row: dict[str, Any] = {PAIR: number, "figure": name}
            for word, side in zip(("before", "after"), sides, strict=True):
                row[word], row[f"{word}_known"] = together(side, name)
            rows.append(row)
    schema = {
        PAIR: pl.Int64, "figure": pl.String, "before": pl.Float64, "before_known": pl.Float64,
        "after": pl.Float64, "after_known": pl.Float64,
    }  # fmt: skip
    beside = ~pl.col("figure").is_in(SUMMED)
    cells = told(pl.DataFrame(rows, schema=schema)).with_columns(
        change=pl.when(~beside).then("change"),
        what=pl.when(beside).then(pl.lit(BESIDE)).otherwise("what"),
    )
    return cells, parts


def part(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"subject": row["subject"], "name": row["name"], "value": row[name],
            "known": row[name + KNOWN]}  # fmt: skip


def together(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[float | None, float | None]:
    """The figure of a side and the share known: of one its own, of several their sum (unknown where
    one is) and the least share; nothing where no sum has a meaning."""
    if len(rows) == 1:
        return rows[0][name], rows[0][name + KNOWN]
    if name not in SUMMED:
        return None, None
    values = [row[name] for row in rows]
    return None if None in values else sum(values), min(row[name + KNOWN] for row in rows)


def breakdown(
    subjects: Sequence[Subject], pairs: Sequence[int], before: Screening, after: Screening
) -> pl.DataFrame:
    """How many partnerships of each form, theme and so on, where that differs. What is not counted
    is none, where it is known which partnerships there are."""
    keys = [PAIR, "dimension", "value"]
    sides = []
    known = set(pairs)
    for word, side in (("before", before), ("after", after)):
        places = [(subjects[i].was if side is before else subjects[i].now)[0] for i in pairs]
        counts = side.figures["partnerships"].gather(places)
        known &= {i for i, count in zip(pairs, counts, strict=True) if count is not None}
        numbers = pl.DataFrame({ID: places, PAIR: pairs}, schema={ID: pl.Int64, PAIR: pl.Int64})
        counted = side.breakdown.with_columns(pl.col(ID).cast(pl.Int64)).join(numbers, on=ID)
        sides.append(counted.select(*keys, pl.col("partnerships").alias(word)))
    return (
        sides[0]
        .join(sides[1], on=keys, how="full", coalesce=True, nulls_equal=True)
        .filter(pl.col(PAIR).is_in(list(known)))
        .with_columns(pl.col("before", "after").fill_null(0))
        .filter(pl.col("before") != pl.col("after"))
        .with_columns(change=pl.col("after") - pl.col("before"))
        .sort(keys, nulls_last=True)
    )
