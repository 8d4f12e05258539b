"""How steady a fund is: one figure moved, or one value of the rules moved through a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from samenspel.errors import InputError
from samenspel.fund.comparing import Comparison, compare
from samenspel.fund.distribution import Distribution, Prepared, distribute
from samenspel.fund.formula import whole
from samenspel.language import _


@dataclass(frozen=True)
class Step:
    """The amounts for one value of a slider, or why there are none."""

    value: Any
    found: Distribution | None
    fault: str | None


def nudge(found: Distribution, nis: str, figure: str, share: Fraction) -> Comparison:
    """What everybody gets where one ``figure`` of the municipality ``nis`` is larger by ``share``
    (smaller where negative), beside ``found``. Raises InputError for a figure that the fund does
    not read or that is unknown there."""
    prepared = found.prepared
    columns = prepared.facts.columns
    if figure not in columns:
        raise InputError(
            _("There is no figure {name} in these rules; there are {known}.").format(
                name=figure, known=", ".join(columns)
            )
        )
    value = columns[figure].values[prepared.facts.place[nis]]
    if value is None:
        raise InputError(
            _("{name} is unknown for {town}, so it cannot be changed by a share.").format(
                name=figure, town=prepared.facts.called([prepared.facts.place[nis]])
            )
        )
    moved = prepared.with_figure(nis, figure, whole(value * (1 + share)))
    return compare(found, distribute(moved, found))


def slide(prepared: Prepared, path: str, values: Sequence[Any]) -> list[Step]:
    """What everybody gets for each of ``values`` at ``path`` of the rules; a value with which there
    is no division comes with its reason. Raises InputError where the path itself is wrong, that
    is, where every value fails."""
    steps = []
    for value in values:
        try:
            steps.append(Step(value, distribute(prepared.with_value(path, value)), None))
        except InputError as error:
            steps.append(Step(value, None, str(error)))
    if values and all(step.found is None for step in steps):
        raise InputError(steps[0].fault or "")
    return steps
