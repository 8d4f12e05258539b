"""Applying a scenario: each operation in turn, all of them or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from samenspel.language import _
from samenspel.scenario.given import Scenario
from samenspel.scenario.operation import Note, Operation, Reason, Refused, Thing
from samenspel.scenario.study import Study
from samenspel.scenario.zonings import lies_in


@dataclass(frozen=True)
class Fault:
    """Why an operation cannot be applied.

    ``number``: of the operation, from 1. ``line``: of its file, None where it was not read from
    one. ``operation``: what it is called. ``reason``: one sentence. ``follows``: earlier operations
    with faults on the same things, from which this fault may only follow. ``earlier``: operations
    applied before it that name the same things.
    """

    number: int
    line: int | None
    operation: str
    reason: str
    follows: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "follows": list(self.follows), "earlier": list(self.earlier)}

    def __str__(self) -> str:
        place = _("operation {number}").format(number=self.number)
        if self.line is not None:
            place += ", " + _("line {line}").format(line=self.line)
        words = f"{place}, {self.operation}: {self.reason}"
        if self.follows:
            words += " " + _("It may follow from the fault in operation {numbers}.").format(
                numbers=", ".join(map(str, self.follows))
            )
        elif self.earlier:
            words += " " + _("Before it, operation {numbers} was about the same.").format(
                numbers=", ".join(map(str, self.earlier))
            )
        return words


@dataclass(frozen=True)
class Applied:
    """``study``: what the scenario makes; None where ``faults`` stand in the way, for nothing is
    half applied. ``notes``: what a reader must know of it; with faults, of what could be done."""

    study: Study | None
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def apply(study: Study, scenario: Scenario) -> Applied:
    """``study`` after every operation of ``scenario`` in their order.

    Each is checked against the state before it. After one that cannot be applied the others are
    checked on the state without it, so that every fault is told at once. Costs that of its
    operations; a merger of municipalities in all of Flanders takes about a tenth of a second.
    """
    state = study
    faults: list[Fault] = []
    notes: list[Note] = []
    applied: dict[int, frozenset[Thing]] = {}
    refused: dict[int, frozenset[Thing]] = {}
    for number, operation in enumerate(scenario.operations, 1):
        try:
            done = operation.do(state)
        except Refused as error:
            refused[number] = operation.about()
            faults += [
                fault(scenario, number, operation, reason, applied, refused)
                for reason in error.reasons
            ]
        else:
            state = done.study
            notes += done.notes
            applied[number] = operation.about()
    open_ones = tuple(note.text for note in notes if stands(state, note))
    return Applied(None if faults else state, tuple(faults), open_ones)


def fault(
    scenario: Scenario,
    number: int,
    operation: Operation,
    reason: Reason,
    applied: dict[int, frozenset[Thing]],
    refused: dict[int, frozenset[Thing]],
) -> Fault:
    """``reason`` as a fault of operation ``number``, with what came before it on the same."""
    about = frozenset(reason.about) or operation.about()

    def on_the_same(others: Iterable[tuple[int, frozenset[Thing]]]) -> tuple[int, ...]:
        return tuple(other for other, named in others if other < number and named & about)

    return Fault(
        number,
        scenario.line(number),
        operation.called,
        reason.text,
        on_the_same(refused.items()),
        on_the_same(applied.items()),
    )


def stands(study: Study, note: Note) -> bool:
    """Whether ``note`` still holds: a conflict of zones may have been settled since."""
    return note.conflict is None or len(lies_in(study.landscape, *note.conflict)) > 1
