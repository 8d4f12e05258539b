"""Operations on municipalities: several become one."""

from typing import Annotated, ClassVar

import polars as pl
from pydantic import AfterValidator, Field

from samenspel.landscape.landscape import Landscape
from samenspel.landscape.oneday import merged
from samenspel.language import _
from samenspel.scenario.operation import (
    Done,
    Id,
    Note,
    Operation,
    Reason,
    Thing,
    Words,
    bodies,
    differing,
    refuse_for,
)
from samenspel.scenario.study import Study
from samenspel.scenario.things import in_use, label, listed, no_municipality, successor
from samenspel.scenario.zonings import conflicts
from samenspel.words import column_word

# What a merger does not add up: it is unknown unless the operation states it.
STATED = ("kbo", "equipment_level", "centre")


class MergeMunicipalities(Operation):
    """``parts`` become one municipality with code ``nis``: that of a part, or a new one, which
    then needs a ``name``. All that they had is carried over as recoding does it."""

    called: ClassVar[str] = "merge_municipalities"
    parts: Annotated[tuple[Id, ...], Field(strict=False, min_length=2), AfterValidator(differing)]
    nis: Id
    name: Words | None = None
    kbo: Id | None = None
    equipment_level: Id | None = None
    centre: bool | None = None

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(*self.parts, self.nis))

    def do(self, study: Study) -> Done:
        before = study.landscape
        refuse_for(self.reasons(before))
        facts = {name: getattr(self, name) for name in ("name", *STATED)}
        after, findings = merged(before, self.parts, self.nis, facts)
        notes = [Note(found.message) for found in findings if found.code != "zone_conflict"]
        notes += [*conflicts(after, self.nis), *self.unknowns(before, after)]
        return Done(Study(after, study.policy), tuple(notes))

    def reasons(self, landscape: Landscape) -> list[Reason]:
        """Why the state before it does not allow it."""
        there = set(landscape.table("municipalities")["nis"])
        later = {part: successor(landscape, "municipality", part) for part in self.parts}
        now = {p: p if p in there else None if step is None else step[0]
               for p, step in later.items()}  # fmt: skip
        if set(now.values()) == {self.nis} and not there.issuperset(self.parts):
            text = _("This is done already: {parts} became {new}.").format(
                parts=listed(set(self.parts) - {self.nis}), new=label(landscape, self.nis)
            )
            return [Reason(text, bodies(*self.parts))]
        found = [reason for part in self.parts for reason in no_municipality(landscape, part)]
        if self.nis not in self.parts:
            found += in_use(landscape, self.nis)
            if self.name is None:
                text = _("The new municipality {nis} has no name; give one.")
                found.append(Reason(text.format(nis=self.nis), bodies(self.nis)))
        return found

    def unknowns(self, before: Landscape, after: Landscape) -> list[Note]:
        """What was known of the parts and is not known of the whole."""
        towns = after.table("municipalities").filter(pl.col("nis") == self.nis)
        parts = before.table("municipalities").filter(pl.col("nis").is_in(self.parts))
        name = label(after, self.nis)
        lost = [
            column
            for column in ("population", "area_km2", *STATED)
            if towns[column][0] is None and parts[column].null_count() < parts.height
        ]
        notes = []
        if lost:
            text = _("Of {name} unknown, though known of parts: {columns}.")
            notes.append(Note(text.format(name=name, columns=", ".join(map(column_word, lost)))))
        figures = before.table("figures").filter(pl.col("nis").is_in(self.parts))
        bare = figures.filter(~pl.col("additive").fill_null(value=False))["key"].unique()
        if len(bare):
            text = _("Figures that do not add up are unknown of {name}: {keys}.")
            notes.append(Note(text.format(name=name, keys=listed(bare))))
        return notes
