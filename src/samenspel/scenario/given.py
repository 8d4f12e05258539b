"""A scenario as it is given, and the operations that there are."""

from dataclasses import dataclass, field

from samenspel.scenario.memberships import ExtendPartnership, Join, Leave, ShrinkPartnership
from samenspel.scenario.municipalities import MergeMunicipalities
from samenspel.scenario.operation import Operation
from samenspel.scenario.partnerships import (
    ConvertPartnership,
    DissolvePartnership,
    FoundPartnership,
)
from samenspel.scenario.policy import ChangeFundRule, ChangeParameter
from samenspel.scenario.uniting import HostPartnership, MergePartnerships
from samenspel.scenario.zonings import AssignZone, RedrawZoning

OPERATIONS: dict[str, type[Operation]] = {
    operation.called: operation
    for operation in (
        MergeMunicipalities,
        AssignZone,
        RedrawZoning,
        FoundPartnership,
        DissolvePartnership,
        MergePartnerships,
        HostPartnership,
        ExtendPartnership,
        ShrinkPartnership,
        ConvertPartnership,
        Join,
        Leave,
        ChangeFundRule,
        ChangeParameter,
    )
}


@dataclass(frozen=True)
class Scenario:
    """Operations in the order in which they are applied.

    ``lines``: of each the line of the file that it stands on; empty where it was not read from one.
    Lines are no part of what a scenario says, so they do not make two scenarios differ.
    """

    title: str = ""
    operations: tuple[Operation, ...] = ()
    lines: tuple[int, ...] = field(default=(), compare=False)

    def line(self, number: int) -> int | None:
        """The line of operation ``number``, from 1."""
        return self.lines[number - 1] if self.lines else None
