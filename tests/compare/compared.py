"""Short words for what the tests of comparisons do with the example and with small lands."""

import json
import re
from datetime import date
from typing import Any

import polars as pl

from samenspel.compare.compare import PIECES, Comparison, compare
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.tables import BY_NAME
from samenspel.scenario.applying import apply
from samenspel.scenario.given import OPERATIONS, Scenario
from samenspel.scenario.operation import Operation
from samenspel.scenario.study import Policy, Study

DAY = date(2025, 1, 1)
EXAMPLE = example()
STUDY = Study(EXAMPLE)
# Every key of the JSON that has a side, by its other side.
SIDES = (("before", "after"), ("gone", "new"), ("gained", "lost"), ("winners", "losers"),
         ("became_known", "became_unknown"))  # fmt: skip
TOLD_AFTER = ("message",)  # what is said of after alone


def op(called: str, **stated: Any) -> Operation:
    """The operation of that name; what is stated as YAML gives it."""
    return OPERATIONS[called].model_validate(stated)


def after(*operations: Operation, study: Study = STUDY) -> Study:
    """``study`` after ``operations``, which must all be possible."""
    found = apply(study, Scenario("", operations))
    assert found.faults == ()
    assert found.study is not None
    return found.study


def changed(*operations: Operation, study: Study = STUDY, only: Any = PIECES) -> Comparison:
    """What ``operations`` change of ``study``."""
    return compare(study, after(*operations, study=study), only)


def small(**rows: list[dict[str, Any]]) -> Landscape:
    """A land of the tables in ``rows``; municipalities A to D where none are given."""
    rows.setdefault("municipalities", [{"nis": one, "name": f"Stad {one}"} for one in "ABCD"])
    frames = {
        name: pl.DataFrame(own) if own else pl.DataFrame(schema=BY_NAME[name].schema)
        for name, own in rows.items()
    }
    return Landscape(DAY, frames)


def study(**rows: list[dict[str, Any]]) -> Study:
    return Study(small(**rows), Policy())


def links(*pairs: str) -> list[dict[str, Any]]:
    """Memberships such as ``pA``: municipality A in partnership p."""
    return [{"partnership": pair[0], "organisation": pair[1:]} for pair in pairs]


def bodies(codes: str, **facts: Any) -> list[dict[str, Any]]:
    """Active intermunicipal partnerships."""
    return [
        {"id": code, "name": code.upper(), "legal_form": "interlokale_vereniging",
         "status": "active", **facts}
        for code in codes
    ]  # fmt: skip


def figure(found: Comparison, name: str, subject: str | None, kind: str = "municipality") -> Any:
    """The cell of one figure of one subject, as JSON."""
    assert found.screening is not None
    [row] = [
        row for row in found.screening.rows(found.screening.cells)
        if (row["figure"], row["subject"], row["kind"]) == (name, subject, kind)
    ]  # fmt: skip
    return row


def mirrored(value: Any, key: str = "") -> Any:
    """What the JSON of a comparison is when before and after change places; lists as sets."""
    if isinstance(value, dict):
        return {swapped(name): mirrored(one, name) for name, one in value.items()
                if name not in TOLD_AFTER}  # fmt: skip
    if isinstance(value, list):
        return in_order([mirrored(one, key) for one in value])
    if key in ("change", "change_cents", "change_per_inhabitant") and value is not None:
        return 0 if not value else -value
    return swapped(value) if key == "what" else value


def in_order(listed: list[Any]) -> list[Any]:
    return sorted(listed, key=lambda one: json.dumps(one, sort_keys=True))


def plain(value: Any) -> Any:
    """The JSON of a comparison with lists as sets, to hold against a mirrored one."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if name not in TOLD_AFTER}
    if isinstance(value, list):
        return in_order([plain(one) for one in value])
    return value


def swapped(name: str) -> str:
    for one, other in SIDES:
        for side, against in ((one, other), (other, one)):
            if re.search(rf"(^|_){side}(_|$)", name):
                return re.sub(rf"(^|_){side}(_|$)", rf"\1{against}\2", name)
    return name
