"""Plans of other rooms, as the JSON that they give, written as scenarios.

This room lies below those that make plans, so it knows their JSON and not their classes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.scenario.given import Scenario
from samenspel.scenario.memberships import ShrinkPartnership
from samenspel.scenario.operation import Operation
from samenspel.scenario.partnerships import DissolvePartnership
from samenspel.scenario.uniting import HostPartnership, MergePartnerships
from samenspel.scenario.zonings import RedrawZoning, Zone

STAYING = ("keep", "extend")
PLAN = "plan"  # the code of a drawn zoning where none is given (status: choice)


class Line(BaseModel):
    """What a rationalisation plan does with one partnership."""

    operation: str
    partnerships: tuple[str]
    result: str | None = None
    given_up: tuple[str, ...] = ()
    reason: str = ""


class Rationalisation(BaseModel):
    """The JSON of ``samenspel rationalise``, as far as a scenario needs it."""

    name: str = ""
    lines: tuple[Line, ...]


class Drawn(BaseModel):
    """A zone in the JSON of ``samenspel delineate``."""

    zone: str
    name: str | None = None


class Delineation(BaseModel):
    """The JSON of ``samenspel delineate`` and ``zones``. ``plan``: the zone of each town."""

    plan: dict[str, str]
    zones: tuple[Drawn, ...] = ()


def read_plan(file: Path, zoning: str | None = None) -> Scenario:
    """The plan in the JSON of ``samenspel rationalise``, ``delineate`` or ``zones`` as a scenario.

    ``zoning``: the code of the zoning that a drawn plan replaces or makes, ``plan`` where none is
    given. Raises InputError where the file holds no such plan.
    """
    try:
        data = json.loads(file.read_text("utf-8"))
        json.dumps(data, ensure_ascii=False).encode()  # half a pair of characters is no text
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise InputError(
            _("{file} cannot be read as JSON ({error}).").format(file=file, error=reason)
        ) from error
    try:
        return from_plan(data, zoning)
    except InputError as error:
        raise InputError(f"{file}: {error}") from error


def from_plan(data: Any, zoning: str | None = None) -> Scenario:
    """The plan in ``data``, as ``read_plan`` says. Raises InputError."""
    if not isinstance(data, Mapping) or not ("lines" in data or data.get("plan")):
        raise InputError(
            _("this is no plan; give the JSON of samenspel rationalise, delineate or zones in "
              "which a plan was found.")
        )  # fmt: skip
    try:
        if "lines" not in data:
            return zoning_of(Delineation.model_validate(data), zoning or PLAN)
        plan = Rationalisation.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            _("the plan has at {key} something else than belongs there.").format(
                key=".".join(str(part) for part in first["loc"])
            )
        ) from error
    if zoning is not None:
        raise InputError(_("a plan of partnerships draws no zoning; leave out --zoning."))
    title = _("Rationalisation of {name}").format(name=plan.name) if plan.name else ""
    operations = [operation_of(line) for line in plan.lines if line.operation not in STAYING]
    return Scenario(title, tuple(operations))


def operation_of(line: Line) -> Operation:
    """A line that changes something as an operation. What a carrier takes in comes with those that
    merge with it, so a line that extends it asks nothing more."""
    [partnership] = line.partnerships
    reason, result = line.reason.strip() or None, line.result
    match line.operation:
        case "dissolve":
            return DissolvePartnership(partnership=partnership, reason=reason)
        case "shrink" if line.given_up:
            return ShrinkPartnership(partnership=partnership, members=line.given_up, reason=reason)
        case "merge" if result is not None and result != partnership:
            return MergePartnerships(parts=(result, partnership), into=result, reason=reason)
        case "host" if result is not None and result != partnership:
            return HostPartnership(partnership=partnership, host=result, reason=reason)
    raise InputError(
        _("the line of {id} says “{operation}” and does not say with what.").format(
            id=partnership, operation=line.operation
        )
    )


def zoning_of(plan: Delineation, zoning: str) -> Scenario:
    """A drawn plan as one operation: every municipality in its zone."""
    names = {zone.zone: zone.name for zone in plan.zones}
    towns: dict[str, list[str]] = {}
    for nis, zone in sorted(plan.plan.items()):
        towns.setdefault(zone, []).append(nis)
    zones = tuple(
        Zone(zone=zone, name=names.get(zone) or None, municipalities=tuple(towns[zone]))
        for zone in sorted(towns)
    )
    return Scenario("", (RedrawZoning(zoning=zoning, cover="partition", zones=zones),))
