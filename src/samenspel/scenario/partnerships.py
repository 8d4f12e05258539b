"""Operations on partnerships by themselves: founded, dissolved, converted to another form."""

from datetime import date as Date
from typing import Annotated, ClassVar

import polars as pl
from pydantic import AfterValidator, Field

from samenspel.landscape.codes import BOOKKEEPING, LEGAL_FORMS, PARTNERSHIP_CLASSES, SECTORS, THEMES
from samenspel.landscape.kinds import class_of_form
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.scenario.frames import Row, added, replaced
from samenspel.scenario.memberships import too_many_shares
from samenspel.scenario.operation import (
    Cents,
    Done,
    Id,
    Ids,
    Members,
    Note,
    Operation,
    Part,
    Reason,
    Thing,
    Words,
    bodies,
    coded,
    differing,
    refuse_for,
)
from samenspel.scenario.study import Study
from samenspel.scenario.tasks import nobody_named, tasks_that_end
from samenspel.scenario.things import (
    in_use,
    label,
    lacking,
    listed,
    no_organisation,
    no_partnership,
    successor,
)
from samenspel.words import column_word, word

Form = Annotated[str, coded(*LEGAL_FORMS)]


class Facts(Operation):
    """What may be stated of a partnership; the columns of table ``partnerships``."""

    legal_form: Form | None = None
    theme: Annotated[str, coded(*THEMES)] | None = None
    sector: Annotated[str, coded(*SECTORS)] | None = None
    initiator: Annotated[str, coded("bottom_up", "flemish", "federal")] | None = None
    level: Annotated[str, coded("local", "zonal", "regional")] | None = None
    line: Annotated[str, coded("first", "second")] | None = None
    start: Date | None = None
    term_start: Date | None = None
    term_end: Date | None = None
    legal_nature: Annotated[str, coded("public", "private")] | None = None
    own_assets: bool | None = None
    staff_fte: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    budget_cents: Annotated[Cents, Field(ge=0)] | None = None
    bookkeeping: Annotated[str, coded(*BOOKKEEPING)] | None = None
    host: Id | None = None
    scope_exception: Annotated[str, coded("landscape", "small_service", "scale")] | None = None

    def stated(self) -> Row:
        """The cells that are stated."""
        cells = {name: getattr(self, name) for name in Facts.model_fields if name != "reason"}
        return {name: value for name, value in cells.items() if value is not None}


class Task(Part):
    """A task of a partnership. ``organisations``: for whom; without, for all its members."""

    task: Words
    theme: Annotated[str, coded(*THEMES)] | None = None
    transferred: bool | None = None
    organisations: Ids | None = None


def tasks_differ(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    differing(tuple(task.task for task in tasks))
    return tasks


class FoundPartnership(Facts):
    """A partnership with code ``id``, active and begun on the day of the landscape unless stated.
    ``kind``: the class of its organisation, where its legal form does not say it."""

    called: ClassVar[str] = "found_partnership"
    id: Id
    name: Words
    members: Members
    kind: Annotated[str, coded(*PARTNERSHIP_CLASSES)] | None = None
    tasks: Annotated[tuple[Task, ...], Field(strict=False), AfterValidator(tasks_differ)] = ()
    status: Annotated[str, coded("planned", "active", "inactive")] = "active"

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(self.id, *(m.organisation for m in self.members)))

    def do(self, study: Study) -> Done:
        landscape = study.landscape
        own = {"id": self.id, "name": self.name, "status": self.status}
        row: Row = {"start": landscape.date, **self.stated(), **own}
        refuse_for(self.reasons(landscape, row))
        frames = with_partnership(landscape, row, self.kind)
        frames["memberships"] = added(
            landscape.table("memberships"),
            [
                {**m.model_dump(), "partnership": self.id, "valid_from": landscape.date}
                for m in self.members
            ],
        )
        if self.tasks:
            rows = [{**task.model_dump(), "partnership": self.id} for task in self.tasks]
            named: list[Row] = [
                {"partnership": self.id, "task": task.task, "organisation": one}
                for task in self.tasks for one in task.organisations or ()
            ]  # fmt: skip
            for task in rows:
                del task["organisations"]
            frames["tasks"] = added(landscape.table("tasks"), rows)
            if named:
                frames["task_provision"] = added(landscape.table("task_provision"), named)
        return Done(Study(landscape.with_tables(**frames), study.policy))

    def reasons(self, landscape: Landscape, row: Row) -> list[Reason]:
        """Why the state before it does not allow it."""
        served = [one for task in self.tasks for one in task.organisations or ()]
        found = lacking(
            landscape,
            "partnerships",
            "memberships",
            *(["tasks"] if self.tasks else []),
            *(["task_provision"] if served else []),
        )
        if not found:
            found = founded_already(landscape, self) or in_use(landscape, self.id)
        ids = dict.fromkeys([*(m.organisation for m in self.members), *served])
        for one in ids:
            found += no_organisation(landscape, one)
        shares = [member.share for member in self.members]
        found += too_many_shares(f"{self.name} ({self.id})", self.id, shares)
        return found + fact_reasons(landscape, self.id, row)


def founded_already(landscape: Landscape, found: FoundPartnership) -> list[Reason]:
    """A reason where there is a partnership of that code and name."""
    rows = landscape.table("partnerships").filter(pl.col("id") == found.id)
    if rows.is_empty() or rows["name"][0] != found.name:
        return []
    text = _("This is done already: {name} is there.")
    return [Reason(text.format(name=label(landscape, found.id)), bodies(found.id))]


class DissolvePartnership(Operation):
    """``partnership`` ends, and all that refers to it: members, seats, tasks, and its own places in
    other partnerships."""

    called: ClassVar[str] = "dissolve_partnership"
    partnership: Id

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(self.partnership))

    def do(self, study: Study) -> Done:
        before, id = study.landscape, self.partnership
        refuse_for(lacking(before, "partnerships") or self.gone(before))
        frames = {
            name: before.table(name).filter(*(pl.col(column).ne_missing(id) for column in columns))
            for name, columns in REFERS.items()
            if before.knows(name)
        }
        frames["partnerships"] = frames["partnerships"].with_columns(
            host=pl.when(pl.col("host") != id).then("host")
        )
        frames |= nobody_named(before, frames)
        after = before.with_tables(**frames)
        notes = tasks_that_end(before, after, id) + leaned_on(before, id)
        return Done(Study(after, study.policy), tuple(notes))

    def gone(self, landscape: Landscape) -> list[Reason]:
        """Why it cannot be dissolved; nothing where it is there."""
        found = no_partnership(landscape, self.partnership)
        if not found or successor(landscape, "partnership", self.partnership) is not None:
            return found
        text = _("This is done already or was never so: {reason}")
        return [Reason(text.format(reason=one.text), one.about) for one in found]


# The columns of each table that name a partnership whose end ends the row.
REFERS = {
    "partnerships": ("id",),
    "organisations": ("id",),
    "memberships": ("partnership", "organisation"),
    "mandates": ("partnership", "organisation"),
    "tasks": ("partnership",),
    "task_provision": ("partnership", "organisation"),
}


def leaned_on(landscape: Landscape, id: str) -> list[Note]:
    """A note where other partnerships had ``id`` as member or host."""
    members = landscape.table("memberships").filter(pl.col("organisation") == id)["partnership"]
    hosted = landscape.table("partnerships").filter(pl.col("host") == id)["id"]
    names = {label(landscape, other) for other in [*members, *hosted]}
    if not names:
        return []
    text = _("{name} was member or host of others, and is no more: {others}.")
    return [Note(text.format(name=label(landscape, id), others=listed(names)))]


class ConvertPartnership(Operation):
    """``partnership`` takes another legal form; its term is the one stated, else unknown."""

    called: ClassVar[str] = "convert_partnership"
    partnership: Id
    legal_form: Form
    term_start: Date | None = None
    term_end: Date | None = None

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(self.partnership))

    def do(self, study: Study) -> Done:
        landscape, id = study.landscape, self.partnership
        found = lacking(landscape, "partnerships") or no_partnership(landscape, id)
        refuse_for(found)
        [before] = landscape.table("partnerships").filter(pl.col("id") == id).to_dicts()
        stated = {name: getattr(self, name) for name in ("legal_form", "term_start", "term_end")}
        if before["legal_form"] == self.legal_form:
            text = _("This is done already: the legal form of {name} is {form}.").format(
                name=label(landscape, id), form=word(self.legal_form)
            )
            found.append(Reason(text, bodies(id)))
        refuse_for(found + fact_reasons(landscape, id, {**before, **stated}))
        frames = with_partnership(landscape, {**before, **stated})
        lost = [name for name in stated if stated[name] is None and before[name] is not None]
        notes = []
        if lost:
            text = _("Of {name} unknown, as that was of its former legal form: {columns}.").format(
                name=label(landscape, id), columns=", ".join(map(column_word, lost))
            )
            notes.append(Note(text))
        return Done(Study(landscape.with_tables(**frames), study.policy), tuple(notes))


def with_partnership(
    landscape: Landscape, row: Row, kind: str | None = None
) -> dict[str, pl.DataFrame]:
    """The tables of partnerships and organisations with ``row`` as the partnership of its id, and
    an organisation of its name. Its class is the one that it has, else ``kind``; where its legal
    form contradicts that, the class of its form."""
    id = row["id"]
    other = pl.col("id") != id
    frames = {"partnerships": replaced(landscape.table("partnerships"), other, [row])}
    if landscape.knows("organisations"):
        table = landscape.table("organisations")
        before = next(iter(table.filter(~other).to_dicts()), {})
        stated = before.get("class") or kind
        of_form = class_of_form(row.get("legal_form"))
        if stated is None or (of_form is not None and stated in PARTNERSHIP_CLASSES):
            stated = of_form
        body = {**before, "id": id, "name": row["name"], "class": stated}
        frames["organisations"] = replaced(table, other, [body])
    return frames


def fact_reasons(landscape: Landscape, id: str, row: Row) -> list[Reason]:
    """Why the cells of ``row`` cannot stand: a term that ends before it begins, a host that is not
    there."""
    found = []
    end = row.get("term_end")
    for column in ("start", "term_start"):
        begin = row.get(column)
        if isinstance(end, Date) and isinstance(begin, Date) and end <= begin:
            text = _("The term would end on {end}, not after {begin} ({what}).")
            words = text.format(end=end, begin=begin, what=column_word(column))
            found.append(Reason(words, bodies(id)))
    host = row.get("host")
    if isinstance(host, str):
        if host == id:
            text = _("{id} cannot be hosted by itself.")
            found.append(Reason(text.format(id=id), bodies(id)))
        else:
            found += no_organisation(landscape, host)
    return found
