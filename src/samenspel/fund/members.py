"""Who belongs to a segment: by class, code, centre, zone or figures, in three values."""

from collections.abc import Mapping, Sequence

import polars as pl

from samenspel.errors import InputError
from samenspel.fund.facts import Facts
from samenspel.fund.formula import DividedByZero, Sheet, Truth
from samenspel.fund.model import Members
from samenspel.fund.places import Place
from samenspel.language import _


def inside(members: Members | str | None, facts: Facts, sheet: Sheet, place: Place) -> list[Truth]:
    """Whether each municipality belongs to ``members``; None where that is not known. Raises
    InputError with ``place`` for a code, a zoning or a zone that the landscape does not have."""
    count = len(facts.nis)
    if not isinstance(members, Members):
        return [True] * count
    tests: list[Sequence[Truth]] = []
    if members.equipment_level is not None:
        tests.append(equal_to(facts, "equipment_level", members.equipment_level))
    if members.centre is not None:
        tests.append(equal_to(facts, "centre", (members.centre,)))
    if members.nis is not None:
        tests.append(listed(members.nis, facts, place))
    for zoning, zones in (members.zones or {}).items():
        tests.append(in_zones(zoning, zones, facts, place))
    if members.where is not None:
        try:
            tests.append(sheet.truths(members.where, range(count)))
        except DividedByZero as error:
            raise InputError(
                _("{place}: {formula} divides by zero for {town}.").format(
                    place=place, formula=members.where.text, town=facts.called([error.row])
                )
            ) from error
    return [all_of([test[row] for test in tests]) for row in range(count)]


def all_of(truths: Sequence[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def equal_to(facts: Facts, column: str, values: Sequence[str | bool]) -> list[Truth]:
    towns = facts.landscape.table("municipalities").sort("nis")
    return [None if value is None else value in values for value in towns[column].to_list()]


def listed(codes: Sequence[str], facts: Facts, place: Place) -> list[Truth]:
    """Those whose code is listed, and those that a listed one became: what merges with a member
    is a member."""
    known: Mapping[str, str] = {**facts.became, **{nis: nis for nis in facts.nis}}
    for code in codes:
        if code not in known:
            raise InputError(
                _("{place}: {nis} is no municipality of this landscape; correct the code.").format(
                    place=place, nis=code
                )
            )
    found = {known[code] for code in codes}
    return [nis in found for nis in facts.nis]


def in_zones(zoning: str, zones: Sequence[str], facts: Facts, place: Place) -> list[Truth]:
    """Those in one of ``zones``; unknown for those in no zone of a zoning that is to cover all."""
    table = facts.landscape.table("zones").filter(pl.col("zoning") == zoning)
    known = set(table["zone"])
    for zone in zones:
        if zone not in known:
            raise InputError(
                _("{place}: there is no zone {zone} in zoning {zoning}.").format(
                    place=place, zone=zone, zoning=zoning
                )
            )
    rows = facts.landscape.table("zone_members").filter(pl.col("zoning") == zoning)
    somewhere = set(rows["nis"])
    found = set(rows.filter(pl.col("zone").is_in(list(zones)))["nis"])
    covers = facts.landscape.table("zonings").filter(pl.col("zoning") == zoning)["cover"].to_list()
    everywhere = covers == ["partition"]
    return [
        True if nis in found else None if everywhere and nis not in somewhere else False
        for nis in facts.nis
    ]
