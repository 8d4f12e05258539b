"""Operations on zonings: a municipality lies elsewhere, or the zones are drawn anew."""

from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import AfterValidator, Field

from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.scenario.frames import added, replaced
from samenspel.scenario.operation import (
    Done,
    Id,
    Ids,
    Note,
    Operation,
    Part,
    Reason,
    Thing,
    Words,
    bodies,
    differing,
    refuse_for,
)
from samenspel.scenario.study import Study
from samenspel.scenario.things import hint, label, lacking, listed, names_of, no_municipality


class AssignZone(Operation):
    """The municipality ``nis`` lies in ``zone`` of ``zoning`` and in no other zone of it."""

    called: ClassVar[str] = "assign_zone"
    zoning: Id
    nis: Id
    zone: Id

    def about(self) -> frozenset[Thing]:
        return frozenset((("zoning", self.zoning), *bodies(self.nis)))

    def do(self, study: Study) -> Done:
        landscape = study.landscape
        refuse_for(self.reasons(landscape))
        members = landscape.table("zone_members")
        mine = (pl.col("zoning") == self.zoning) & (pl.col("nis") == self.nis)
        left = set(members.filter(mine)["zone"]) - {self.zone}
        kept = members.filter(~mine | (pl.col("zone") == self.zone))
        row = {"zoning": self.zoning, "zone": self.zone, "nis": self.nis}
        if not members.filter(mine & (pl.col("zone") == self.zone)).height:
            kept = added(kept, [row])
        after = landscape.with_tables(zone_members=kept)
        empty = left - set(kept.filter(pl.col("zoning") == self.zoning)["zone"])
        text = _("Zone {zone} of {zoning} has no municipality left.")
        notes = [Note(text.format(zone=zone, zoning=self.zoning)) for zone in sorted(empty)]
        return Done(Study(after, study.policy), tuple(notes))

    def reasons(self, landscape: Landscape) -> list[Reason]:
        """Why the state before it does not allow it."""
        about = (("zoning", self.zoning), *bodies(self.nis))
        found = no_zoning(landscape, self.zoning) + no_municipality(landscape, self.nis)
        zones = landscape.table("zones").filter(pl.col("zoning") == self.zoning)
        known: dict[str, str | None] = dict(zones.select("zone", "name").iter_rows())
        if not found and self.zone not in known:
            text = _("Zoning {zoning} has no zone {zone}{hint}.").format(
                zoning=self.zoning, zone=self.zone, hint=hint(self.zone, known)
            )
            found.append(Reason(text, (("zoning", self.zoning),)))
        if not found and lies_in(landscape, self.zoning, self.nis) == [self.zone]:
            text = _("This is done already: {name} lies in zone {zone} of {zoning}.").format(
                name=label(landscape, self.nis), zone=self.zone, zoning=self.zoning
            )
            found.append(Reason(text, about))
        return found


class Zone(Part):
    """A zone as drawn: its code, its name, and the codes of its municipalities."""

    zone: Id
    name: Words | None = None
    municipalities: Ids


def one_of_each(zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
    differing(tuple(zone.zone for zone in zones))
    return zones


class RedrawZoning(Operation):
    """The zones of ``zoning`` are these and no others; a zoning of that code that is there gives
    way, and keeps the title and kind that the operation does not state."""

    called: ClassVar[str] = "redraw_zoning"
    zoning: Id
    title: Words | None = None
    kind: Id | None = None
    cover: Literal["partition", "partial", "overlapping"]
    zones: Annotated[
        tuple[Zone, ...], Field(strict=False, min_length=1), AfterValidator(one_of_each)
    ]

    def about(self) -> frozenset[Thing]:
        towns = (nis for zone in self.zones for nis in zone.municipalities)
        return frozenset((("zoning", self.zoning), *bodies(*towns)))

    def do(self, study: Study) -> Done:
        landscape = study.landscape
        refuse_for(self.reasons(landscape))
        zonings, zones, members = (
            landscape.table(name) for name in ("zonings", "zones", "zone_members")
        )
        old = zonings.filter(pl.col("zoning") == self.zoning).to_dicts()
        stated = {"title": self.title, "kind": self.kind, "cover": self.cover}
        row = {
            **(old[0] if old else {}),
            **{name: value for name, value in stated.items() if value is not None},
            "zoning": self.zoning, "valid_from": landscape.date, "valid_to": None,
            "source": None, "confirmed_by": None,
        }  # fmt: skip
        names = dict(
            zones.filter(pl.col("zoning") == self.zoning).select("zone", "name").iter_rows()
        )
        others = pl.col("zoning") != self.zoning
        drawn = [
            {"zoning": self.zoning, "zone": z.zone, "name": z.name or names.get(z.zone)}
            for z in self.zones
        ]
        placed = [
            {"zoning": self.zoning, "zone": z.zone, "nis": nis}
            for z in self.zones for nis in z.municipalities
        ]  # fmt: skip
        after = landscape.with_tables(
            zonings=replaced(zonings, others, [row]),
            zones=replaced(zones, others, drawn),
            zone_members=replaced(members, others, placed),
        )
        return Done(Study(after, study.policy))

    def reasons(self, landscape: Landscape) -> list[Reason]:
        """Why the state before it does not allow it."""
        placed: dict[str, list[str]] = {}
        for zone in self.zones:
            for nis in zone.municipalities:
                placed.setdefault(nis, []).append(zone.zone)
        found = [reason for nis in placed for reason in no_municipality(landscape, nis)]
        thing = (("zoning", self.zoning),)
        for nis, zones in placed.items():
            if len(zones) > 1 and self.cover != "overlapping":
                text = _("{name} lies in more than one zone ({zones}), and the cover is {cover}.")
                words = text.format(
                    name=label(landscape, nis), zones=listed(zones), cover=self.cover
                )
                found.append(Reason(words, thing))
        names = names_of(landscape, "municipalities", "nis")
        absent = [label(landscape, nis) for nis in names if nis not in placed]
        if absent and self.cover == "partition":
            text = _("The zoning is declared a partition but leaves out {names}.")
            found.append(Reason(text.format(names=listed(absent)), thing))
        if not found and self.drawn_so(landscape):
            text = _("This is done already: the zones of {zoning} are these.")
            found.append(Reason(text.format(zoning=self.zoning), thing))
        return found

    def drawn_so(self, landscape: Landscape) -> bool:
        """Whether the zoning is there as the operation states it."""
        rows = landscape.table("zonings").filter(pl.col("zoning") == self.zoning).to_dicts()
        stated = {"title": self.title, "kind": self.kind, "cover": self.cover}
        if not rows or any(v is not None and rows[0][name] != v for name, v in stated.items()):
            return False
        mine = pl.col("zoning") == self.zoning
        names = dict(landscape.table("zones").filter(mine).select("zone", "name").iter_rows())
        members = landscape.table("zone_members").filter(mine)
        return (
            set(members.select("zone", "nis").iter_rows())
            == {(z.zone, nis) for z in self.zones for nis in z.municipalities}
            and names.keys() == {z.zone for z in self.zones}
            and all(z.name in (None, names[z.zone]) for z in self.zones)
        )


def no_zoning(landscape: Landscape, zoning: str) -> list[Reason]:
    """Why ``zoning`` cannot be used; nothing where it is there."""
    found = lacking(landscape, "zonings", "zones", "zone_members")
    known = dict(landscape.table("zonings").select("zoning", "title").iter_rows())
    if not found and zoning not in known:
        text = _("There is no zoning {zoning} in this landscape{hint}.").format(
            zoning=zoning, hint=hint(zoning, known)
        )
        found.append(Reason(text, (("zoning", zoning),)))
    return found


def lies_in(landscape: Landscape, zoning: str, nis: str) -> list[str]:
    """The zones of ``zoning`` in which the municipality ``nis`` lies."""
    rows = landscape.table("zone_members").filter(pl.col("zoning") == zoning, pl.col("nis") == nis)
    return sorted(set(rows["zone"]))


def conflicts(landscape: Landscape, nis: str) -> list[Note]:
    """A note for each zoning, not declared overlapping, that has ``nis`` in more than one zone."""
    zonings = landscape.table("zonings").filter(pl.col("cover").ne_missing("overlapping"))
    notes = []
    for zoning in zonings["zoning"]:
        zones = lies_in(landscape, zoning, nis)
        if len(zones) > 1:
            table = landscape.table("zones").filter(pl.col("zoning") == zoning)
            names = dict(table.select("zone", "name").iter_rows())
            text = _("{name} is the merger of parts in different zones of {zoning}: {zones}. All "
                     "are kept; assign one zone to settle it.").format(
                name=label(landscape, nis), zoning=zoning,
                zones=", ".join(names.get(zone) or zone for zone in zones),
            )  # fmt: skip
            notes.append(Note(text, (zoning, nis)))
    return notes
