"""Operations by which partnerships go on in another: merged with it, or hosted by it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import polars as pl
from pydantic import AfterValidator, Field

from samenspel.landscape.kinds import OBSERVER
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.oneday import rekeyed
from samenspel.landscape.tables import BY_NAME
from samenspel.landscape.unknown import agreed, whole_sum
from samenspel.language import _
from samenspel.scenario.frames import Row, added
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
from samenspel.scenario.partnerships import Facts, fact_reasons, with_partnership
from samenspel.scenario.study import Study
from samenspel.scenario.tasks import members_of, served, united
from samenspel.scenario.things import (
    in_use,
    label,
    lacking,
    listed,
    no_longer_active,
    no_partnership,
    successor,
)

Rules = dict[str, Callable[[pl.Expr], pl.Expr]]
# One seat at a table instead of two: what both had adds up there (status: choice, as in recoding).
ADDED: Rules = {"role": agreed, "share": whole_sum, "votes": whole_sum,
                "contribution_cents": whole_sum}  # fmt: skip


class MergePartnerships(Facts):
    """``parts`` become one, with code ``into``: that of a part, whose row then goes on, or a new
    one, which then needs a ``name``. What is stated of it goes before what its parts had."""

    called: ClassVar[str] = "merge_partnerships"
    parts: Annotated[tuple[Id, ...], Field(strict=False, min_length=2), AfterValidator(differing)]
    into: Id
    name: Words | None = None

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(*self.parts, self.into))

    def do(self, study: Study) -> Done:
        landscape, into = study.landscape, self.into
        refuse_for(self.reasons(landscape))
        row = self.row(landscape)
        refuse_for(fact_reasons(landscape, into, row))
        guests = [part for part in self.parts if part != into]
        links, notes = self.memberships(landscape, guests)
        seated = pl.col("role").ne_missing(OBSERVER)
        whole = links.filter(pl.col("partnership") == into, seated)["organisation"]
        tasks = united(landscape, self.parts, into, set(whole))
        frames = {"memberships": links, **tasks}
        frames |= with_partnership(landscape, row, self.kind(landscape))
        after = absorbed(landscape, guests, into, frames)
        notes += endings(landscape, guests, into)
        return Done(Study(after, study.policy), tuple(notes))

    def reasons(self, landscape: Landscape) -> list[Reason]:
        """Why the state before it does not allow it."""
        found = lacking(landscape, "partnerships", "memberships")
        found = found or done_already(landscape, self.parts, self.into)
        if found:
            return found
        found = [reason for part in self.parts for reason in no_partnership(landscape, part)]
        found += no_longer_active(landscape, self.into)
        if self.into not in self.parts:
            found += in_use(landscape, self.into)
            if self.name is None:
                text = _("The new partnership {id} has no name; give one.")
                found.append(Reason(text.format(id=self.into), bodies(self.into)))
        return found

    def kind(self, landscape: Landscape) -> str | None:
        """The class of the organisations of its parts, where they share one."""
        table = landscape.table("organisations").filter(pl.col("id").is_in(self.parts))
        known: list[str | None] = table["class"].to_list()
        return known[0] if len(known) == len(self.parts) and len(set(known)) == 1 else None

    def row(self, landscape: Landscape) -> Row:
        """The row of the whole. Staff and budget are added up, and unknown where one is."""
        table = landscape.table("partnerships").filter(pl.col("id").is_in(self.parts))
        [whole] = table.select(
            *(agreed(pl.col(c)).alias(c) for c in ("theme", "sector", "level", "line")),
            *(whole_sum(pl.col(c)).alias(c) for c in ("staff_fte", "budget_cents")),
            own_assets=pl.when(pl.col("own_assets").any()).then(True).otherwise(
                agreed(pl.col("own_assets"))
            ),
        ).to_dicts()  # fmt: skip
        if self.into in self.parts:
            [kept] = table.filter(pl.col("id") == self.into).to_dicts()
            summed = {name: whole[name] for name in ("staff_fte", "budget_cents", "own_assets")}
            whole = {**kept, **summed}
        else:
            whole |= {"status": "active", "start": landscape.date}
        if whole.get("host") in self.parts:
            whole["host"] = None
        name = {} if self.name is None else {"name": self.name}
        return {**whole, **self.stated(), **name, "id": self.into}

    def memberships(
        self, landscape: Landscape, guests: Sequence[str]
    ) -> tuple[pl.DataFrame, list[Note]]:
        """The memberships once the parts are one, and what was added up in them. The shares in it
        are unknown: nobody says what a share of one part is worth in the whole."""
        table = landscape.table("memberships")
        mine = table.filter(pl.col("partnership").is_in(self.parts))
        moved = set(mine.filter(pl.col("partnership").is_in(guests))["organisation"])
        touched = pl.col("partnership").is_in(guests) | (
            (pl.col("partnership") == self.into) & pl.col("organisation").is_in(list(moved))
        )
        links = rekeyed(
            landscape, "memberships", {"partnership": dict.fromkeys(guests, self.into)}, ADDED,
            touched,
        )  # fmt: skip
        in_it = pl.col("partnership") == self.into
        itself = in_it & pl.col("organisation").is_in([*self.parts, self.into])
        links = links.filter(~itself).with_columns(share=pl.when(~in_it).then("share"))
        notes = []
        whole = self.name or label(landscape, self.into)
        double = mine.filter(
            pl.col("organisation").is_duplicated() & ~pl.col("organisation").is_in(self.parts)
        )
        summed = double.filter(
            pl.any_horizontal(pl.col("votes", "contribution_cents").is_not_null())
        )
        if summed.height:
            text = _("In {name} the votes and contributions of members of more than one part were "
                     "added up; check them: {names}.")  # fmt: skip
            names = listed(label(landscape, one) for one in summed["organisation"].unique())
            notes.append(Note(text.format(name=whole, names=names)))
        if mine["share"].drop_nulls().len():
            text = _("The shares in {name} are unknown: what a share of a part is worth in the "
                     "whole is not known.")  # fmt: skip
            notes.append(Note(text.format(name=whole)))
        return links, notes


class HostPartnership(Operation):
    """``partnership`` goes on in ``host``, of which its members are members already: its tasks go
    over for those who had them, and it is no partnership of its own any more."""

    called: ClassVar[str] = "host_partnership"
    partnership: Id
    host: Id

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(self.partnership, self.host))

    def do(self, study: Study) -> Done:
        landscape, guest, host = study.landscape, self.partnership, self.host
        refuse_for(self.reasons(landscape))
        links = landscape.table("memberships").filter(
            pl.col("partnership") != guest,
            ~((pl.col("partnership") == host) & (pl.col("organisation") == guest)),
        )
        tasks = united(landscape, (host, guest), host, members_of(landscape, host) - {guest})
        after = absorbed(landscape, [guest], host, {"memberships": links, **tasks})
        return Done(Study(after, study.policy), tuple(endings(landscape, [guest], host)))

    def reasons(self, landscape: Landscape) -> list[Reason]:
        """Why the state before it does not allow it."""
        found = lacking(landscape, "partnerships", "memberships")
        found = found or done_already(landscape, (self.partnership,), self.host)
        if found:
            return found
        found = no_partnership(landscape, self.partnership) + no_partnership(landscape, self.host)
        found += no_longer_active(landscape, self.host)
        if self.partnership == self.host:
            text = _("{id} cannot be hosted by itself.")
            found.append(Reason(text.format(id=self.host), bodies(self.host)))
        if not found:
            inside = members_of(landscape, self.host) | {self.host}
            absent = members_of(landscape, self.partnership) - inside
            if absent:
                text = _("{host} cannot host {guest}, for these of its members are not in it: "
                         "{names}; extend it first, or merge the two.").format(
                    host=label(landscape, self.host), guest=label(landscape, self.partnership),
                    names=listed(label(landscape, one) for one in absent),
                )  # fmt: skip
                found.append(Reason(text, bodies(self.partnership, self.host)))
        return found


def done_already(landscape: Landscape, parts: Sequence[str], into: str) -> list[Reason]:
    """A reason where the lineage says that all ``parts`` went on in ``into``."""
    there = set(landscape.table("partnerships")["id"])
    gone = [part for part in parts if part not in there]
    later = {part: successor(landscape, "partnership", part) for part in gone}
    if not gone or any(step is None or step[0] != into for step in later.values()):
        return []
    if any(part in there and part != into for part in parts):
        return []
    text = _("This is done already: {parts} went on in {into}.")
    return [Reason(text.format(parts=listed(gone), into=label(landscape, into)), bodies(*parts))]


def endings(landscape: Landscape, guests: Sequence[str], into: str) -> list[Note]:
    """Notes on what ends with ``guests``, and on what is unknown of their tasks."""
    notes = []
    for guest in guests:
        if not served(landscape, guest):
            text = _("Which tasks {name} does is unknown, so it is unknown what goes over.")
            notes.append(Note(text.format(name=label(landscape, guest))))
        if (landscape.table("mandates")["partnership"] == guest).any():
            text = _("The organs of {name} end with their seats; those of {into} stay as they are.")
            notes.append(
                Note(text.format(name=label(landscape, guest), into=label(landscape, into)))
            )
    return notes


def absorbed(
    landscape: Landscape,
    guests: Sequence[str],
    into: str,
    frames: Mapping[str, pl.DataFrame],
) -> Landscape:
    """``landscape`` in which ``guests`` went on in ``into``, with the tables ``frames`` in which
    that was worked in. Their places in other partnerships are those of ``into``."""
    became = dict.fromkeys(guests, into)
    frames = dict(frames)
    bodies_ = frames.get("partnerships", landscape.table("partnerships"))
    host = pl.col("host").replace(became)
    frames["partnerships"] = bodies_.filter(~pl.col("id").is_in(list(guests))).with_columns(
        host=pl.when(host != pl.col("id")).then(host)
    )
    if landscape.knows("organisations"):
        known = frames.get("organisations", landscape.table("organisations"))
        frames["organisations"] = known.filter(~pl.col("id").is_in(list(guests)))
    if landscape.knows("mandates"):
        seats = landscape.table("mandates").filter(~pl.col("partnership").is_in(list(guests)))
        frames["mandates"] = seats
    if landscape.knows("task_provision"):
        frames.setdefault("task_provision", landscape.table("task_provision"))
    after = landscape.with_tables(**frames, lineage=lineage(landscape, guests, into))
    return places_of(after, became)


def places_of(landscape: Landscape, became: dict[str, str]) -> Landscape:
    """``landscape`` in which the places of some partnerships in others are those of what they
    became. Two places at one table are one, and nobody sits at its own."""
    rules: dict[str, Rules] = {
        "memberships": ADDED,
        "mandates": {"seats": whole_sum, "paid": agreed},
        "task_provision": {},
    }
    frames: dict[str, pl.DataFrame] = {}
    for name, combine in rules.items():
        if not landscape.knows(name):
            continue
        table = landscape.table(name)
        tables_ = table.filter(pl.col("organisation").is_in(list(became)))["partnership"]
        if not len(tables_):
            continue
        touched = pl.col("organisation").is_in([*became, *became.values()]) & pl.col(
            "partnership"
        ).is_in(tables_.implode())
        moved = rekeyed(landscape, name, {"organisation": became}, combine, touched)
        itself = pl.col("partnership") == pl.col("organisation")
        itself &= pl.col("partnership").is_in(list(became.values()))
        frames[name] = moved.filter(~itself)
    return landscape.with_tables(**frames) if frames else landscape


def lineage(landscape: Landscape, guests: Sequence[str], into: str) -> pl.DataFrame:
    """The lineage with a row for each of ``guests``."""
    table = landscape.table("lineage")
    rows: list[Any] = [
        {"kind": "partnership", "old": guest, "new": into, "date": landscape.date,
         "operation": "merger"}
        for guest in guests
    ]  # fmt: skip
    whole = added(table, rows)
    return whole.unique(BY_NAME["lineage"].key, keep="first", maintain_order=True)
