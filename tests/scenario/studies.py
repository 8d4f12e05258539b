"""The example as a study, and short words for what tests of scenarios do with it."""

from typing import Any

import polars as pl

from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.validation import check
from samenspel.scenario.applying import Applied, apply
from samenspel.scenario.given import OPERATIONS, Scenario
from samenspel.scenario.operation import Operation, Refused
from samenspel.scenario.study import Policy, Study

FUND = {"total": 1000, "blocks": {"basic": {"share": "50%", "years": [2024, 2025]}}}
LAND = example()
STUDY = Study(LAND, Policy(FUND))


def op(called: str, **stated: Any) -> Operation:
    """The operation of that name; what is stated as YAML gives it."""
    return OPERATIONS[called].model_validate(stated)


def scenario(*operations: Operation) -> Scenario:
    return Scenario("", operations)


def after(*operations: Operation, study: Study = STUDY) -> Landscape:
    """The landscape after ``operations``, which must all be possible and leave no new error."""
    found = apply(study, scenario(*operations))
    assert found.faults == ()
    assert found.study is not None
    before = {f.code for f in check(study.landscape.frames, study.landscape.date)
              if f.severity == "error"}  # fmt: skip
    errors = [f for f in check(found.study.landscape.frames, study.landscape.date)
              if f.severity == "error" and f.code not in before]  # fmt: skip
    assert errors == []
    return found.study.landscape


def notes(*operations: Operation, study: Study = STUDY) -> tuple[str, ...]:
    return apply(study, scenario(*operations)).notes


def reasons(operation: Operation, study: Study = STUDY) -> list[str]:
    """Why ``operation`` is refused; it must be."""
    try:
        operation.do(study)
    except Refused as refused:
        return [reason.text for reason in refused.reasons]
    raise AssertionError(f"{operation} is not refused")


def faults(*operations: Operation, study: Study = STUDY) -> Applied:
    found = apply(study, scenario(*operations))
    assert found.study is None
    return found


def pick(landscape: Landscape, table: str, *columns: str, **where: Any) -> set[tuple[Any, ...]]:
    """The rows of ``columns`` where other columns have a value; they must all differ."""
    rows = landscape.table(table)
    for column, value in where.items():
        rows = rows.filter(pl.col(column) == value)
    found = list(rows.select(columns).iter_rows())
    assert len(found) == len(set(found))
    return set(found)


def members(landscape: Landscape, partnership: str) -> set[str]:
    return {row[0] for row in pick(landscape, "memberships", "organisation",
                                   partnership=partnership)}  # fmt: skip


def without(*tables: str) -> Study:
    """The example with some tables unknown."""
    frames = {name: frame for name, frame in LAND.frames.items() if name not in tables}
    return Study(Landscape(LAND.date, frames, LAND.about), STUDY.policy)
