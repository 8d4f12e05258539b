"""Two scenarios as one, or where they cannot go together."""

from dataclasses import dataclass, replace
from typing import Any

from samenspel.language import _
from samenspel.scenario.applying import Applied, Fault, apply
from samenspel.scenario.given import Scenario
from samenspel.scenario.operation import Operation
from samenspel.scenario.study import Study


@dataclass(frozen=True)
class Clash:
    """An operation of the second scenario that cannot be applied after the first. ``fault``: why;
    ``against``: numbers of the operations of the first that are about the same things."""

    fault: Fault
    against: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        return {**self.fault.as_json(), "against": list(self.against)}

    def __str__(self) -> str:
        if not self.against:
            return str(self.fault)
        numbers = ", ".join(map(str, self.against))
        return f"{self.fault} " + _("In the first, operation {numbers} is about the same.").format(
            numbers=numbers
        )


@dataclass(frozen=True)
class Combined:
    """``scenario``: both as one, and ``study``: what it makes; None where they cannot go together.

    ``first_faults``, ``second_faults``: what is wrong with either by itself. ``clashes``: where the
    second cannot follow the first, nor the first the second. ``notes``: what a reader must know.
    """

    scenario: Scenario | None
    study: Study | None
    first_faults: tuple[Fault, ...] = ()
    second_faults: tuple[Fault, ...] = ()
    clashes: tuple[Clash, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "combines": self.scenario is not None,
            "first_faults": [fault.as_json() for fault in self.first_faults],
            "second_faults": [fault.as_json() for fault in self.second_faults],
            "clashes": [clash.as_json() for clash in self.clashes],
            "notes": list(self.notes),
        }


def combine(study: Study, first: Scenario, second: Scenario) -> Combined:
    """Both scenarios applied to ``study``, the first first where that can be, else the second.

    An operation that both have is done once. A note says so, and says where the order makes a
    difference. Costs two applications of both, and one of each where they cannot go together.
    """
    done = {bare(one): number for number, one in reversed([*enumerate(first.operations, 1)])}
    numbers = [n for n, one in enumerate(second.operations, 1) if bare(one) not in done]
    rest = tuple(second.operations[number - 1] for number in numbers)
    notes = [
        _("Operation {number} of the second is operation {same} of the first; it is done once.")
        .format(number=number, same=done[bare(one)])
        for number, one in enumerate(second.operations, 1) if bare(one) in done
    ]  # fmt: skip
    title = " + ".join(one for one in (first.title, second.title) if one)
    one_way = Scenario(title, (*first.operations, *rest))
    other_way = Scenario(title, (*rest, *first.operations))
    forward, backward = apply(study, one_way), apply(study, other_way)
    if forward.study is not None:
        if backward.study is not None and not same(forward.study, backward.study):
            notes.append(
                _("The order makes a difference: here the first scenario is applied first.")
            )
        return Combined(one_way, forward.study, notes=(*notes, *forward.notes))
    if backward.study is not None:
        notes.append(_("The second scenario is applied first: after the first it cannot be."))
        return Combined(other_way, backward.study, notes=(*notes, *backward.notes))
    return apart(study, first, second, forward, numbers)


def apart(
    study: Study, first: Scenario, second: Scenario, forward: Applied, numbers: list[int]
) -> Combined:
    """Where two scenarios cannot go together. ``forward``: both applied; ``numbers``: of the
    operations of ``second`` that were, as it numbers them itself."""
    count = len(first.operations)
    own = apply(study, first).faults
    second_own = apply(study, second).faults
    wrong_alone = {fault.number for fault in second_own}
    clashes = []
    for fault in forward.faults:
        if fault.number <= count:
            continue
        number = numbers[fault.number - count - 1]
        if number in wrong_alone:
            continue
        told = replace(
            fault,
            number=number,
            line=second.line(number),
            follows=tuple(numbers[n - count - 1] for n in fault.follows if n > count),
            earlier=tuple(numbers[n - count - 1] for n in fault.earlier if n > count),
        )
        before = {*fault.earlier, *fault.follows}
        clashes.append(Clash(told, tuple(sorted(n for n in before if n <= count))))
    refused = {numbers[f.number - count - 1] for f in forward.faults if f.number > count}
    still = tuple(fault for fault in second_own if fault.number in refused)
    return Combined(None, None, own, still, tuple(clashes))


def bare(operation: Operation) -> str:
    """What ``operation`` does, without its reason, to compare with others."""
    return operation.called + operation.model_dump_json(exclude={"reason"}, exclude_defaults=True)


def same(left: Study, right: Study) -> bool:
    """Whether two studies hold the same."""
    return left.landscape.equals(right.landscape) and left.policy == right.policy
