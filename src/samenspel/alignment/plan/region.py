"""The partnerships of a region with all that a plan asks of them, read from a landscape."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date

import polars as pl

from samenspel.alignment.plan import forms
from samenspel.errors import InputError
from samenspel.landscape.kinds import OBSERVER
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.screening.select import find_zone

# A task for somebody: the task's name, its theme, the partnership where it can only be told apart
# by that (no name, or no theme known), and the organisation.
Need = tuple[str, str, str, str]


@dataclass(frozen=True)
class Body:
    """One partnership. ``members``: all but observers. ``outside``: those members that belong to a
    municipality outside the region. ``towns``: municipalities in it, themselves or by their OCMW.
    ``unclear``: members whose class is unknown. ``needs``: every task for everybody for whom it is
    done; ``transferred``: those of them that members have handed over, or may have.
    ``leaned_on``: partnerships of which it is a member or the host."""

    id: str
    name: str
    form: str | None
    theme: str | None
    line: str | None
    exception: str | None
    term_end: Date | None
    own_assets: bool | None
    staff_fte: float | None
    budget_cents: int | None
    members: frozenset[str]
    outside: frozenset[str]
    towns: frozenset[str]
    unclear: frozenset[str]
    mixed: bool | None
    shares_known: bool
    needs: frozenset[Need]
    transferred: frozenset[Need]
    tasks_known: bool
    leaned_on: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """``bodies``: the active partnerships with a member in the zone, by id. ``elsewhere``: what
    the other active partnerships of the landscape do for whom; the value says whether one with
    transfer of management does it. ``doubtful``: partnerships in the zone of which it is unknown
    whether they are active; a plan leaves them alone. ``names``: of every partnership of the
    landscape."""

    zoning: str
    zone: str
    name: str
    date: Date
    towns: tuple[str, ...]
    bodies: tuple[Body, ...]
    classes: dict[str, str | None]
    town_of: dict[str, str]
    elsewhere: dict[Need, bool]
    doubtful: tuple[str, ...]
    names: dict[str, str]


def read_region(landscape: Landscape, zone: str, zoning: str | None = None) -> Region:
    """The region with code or name ``zone``. Raises InputError where there is no such zone, or
    where the landscape knows no partnerships, members or land of zones."""
    for table in ("partnerships", "memberships", "zone_members"):
        if not landscape.knows(table):
            raise InputError(
                _("A plan needs the table {table}, and this landscape has none; add it.").format(
                    table=table
                )
            )
    zoning, zone = find_zone(landscape, zone, zoning)
    inside = landscape.table("zone_members").filter(
        (pl.col("zoning") == zoning) & (pl.col("zone") == zone)
    )
    towns = tuple(sorted(set(inside["nis"].to_list())))
    if not towns:
        raise InputError(
            _("Zone {zone} of {zoning} has no municipalities; fill table zone_members.").format(
                zone=zone, zoning=zoning
            )
        )
    classes, town_of = who_is_who(landscape)
    members = members_of(landscape)
    everybody = bodies_of(landscape, members, classes, town_of, frozenset(towns))
    here = {id for id, body in everybody.items()
            if any(town_of.get(m) in towns for m in body.members
                   if classes[m] in ("municipality", "ocmw"))}  # fmt: skip
    status = dict(landscape.coded("partnerships").select("id", "status").iter_rows())
    active = {id for id in everybody if status[id] == "active"}
    elsewhere: dict[Need, bool] = {}
    for id in active - here:
        holds = everybody[id].form in forms.WITH_TRANSFER
        for need in everybody[id].needs:
            elsewhere[need] = elsewhere.get(need, False) or holds
    names = landscape.table("zones").filter(
        (pl.col("zoning") == zoning) & (pl.col("zone") == zone)
    )["name"]
    return Region(
        zoning=zoning,
        zone=zone,
        name=(names[0] if len(names) else None) or zone,
        date=landscape.date,
        towns=towns,
        bodies=tuple(everybody[id] for id in sorted(here & active)),
        classes=classes,
        town_of=town_of,
        elsewhere=elsewhere,
        doubtful=tuple(sorted(id for id in here if status[id] is None)),
        names={
            id: title or id
            for id, title in landscape.table("partnerships").select("id", "name").iter_rows()
        },
    )


def who_is_who(landscape: Landscape) -> tuple[dict[str, str | None], dict[str, str]]:
    """Class of every organisation that is named anywhere, and the municipality that it belongs to.
    A code of a municipality is that municipality."""
    classes: dict[str, str | None] = dict.fromkeys(landscape.table("memberships")["organisation"])
    rows = landscape.coded("organisations").select("id", "class", "nis")
    town_of = {}
    for id, kind, nis in rows.iter_rows():
        classes[id] = kind
        if nis is not None:
            town_of[id] = nis
    for nis in landscape.table("municipalities")["nis"]:
        classes[nis] = "municipality"
        town_of[nis] = nis
    return classes, town_of


def members_of(landscape: Landscape) -> dict[str, set[str]]:
    """The members of every partnership, observers left out."""
    rows = landscape.coded("memberships").filter(
        pl.col("role").is_null() | (pl.col("role") != OBSERVER)
    )
    found: dict[str, set[str]] = {}
    for partnership, organisation in rows.select("partnership", "organisation").iter_rows():
        found.setdefault(partnership, set()).add(organisation)
    return found


def bodies_of(
    landscape: Landscape,
    members: dict[str, set[str]],
    classes: dict[str, str | None],
    town_of: dict[str, str],
    inside: frozenset[str],
) -> dict[str, Body]:
    """Every partnership that has members, by id."""
    raw = landscape.table("partnerships")
    exceptions = dict(raw.select("id", "scope_exception").iter_rows())
    shares = set(
        landscape.table("memberships").filter(pl.col("share").is_not_null())["partnership"]
    )
    leaning = who_leans(raw, members)
    done = tasks_of(landscape, members)
    found = {}
    for row in landscape.coded("partnerships").iter_rows(named=True):
        id, form = row["id"], row["legal_form"]
        all_members = frozenset(members.get(id, ()))
        if not all_members:
            continue
        kinds = [classes[m] for m in all_members]
        needs, transferred = needs_of(row, done.get(id, []), all_members)
        found[id] = Body(
            id=id,
            name=row["name"] or id,
            form=form,
            theme=row["theme"],
            line=row["line"],
            exception=exceptions[id],
            term_end=row["term_end"],
            own_assets=row["own_assets"],
            staff_fte=row["staff_fte"],
            budget_cents=row["budget_cents"],
            members=all_members,
            outside=frozenset(m for m in all_members if town_of.get(m, "") not in {"", *inside}),
            towns=frozenset(
                town_of[m]
                for m in all_members
                if classes[m] in ("municipality", "ocmw") and m in town_of
            ),
            unclear=frozenset(m for m in all_members if classes[m] is None),
            mixed=True
            if any(kind in forms.NOT_ONLY_GOVERNMENTS for kind in kinds)
            else (None if None in kinds else False),
            shares_known=id in shares,
            needs=needs,
            transferred=transferred,
            tasks_known=bool(done.get(id)),
            leaned_on=tuple(sorted(leaning.get(id, ()))),
        )
    return found


def who_leans(partnerships: pl.DataFrame, members: dict[str, set[str]]) -> dict[str, set[str]]:
    """For each partnership that is a member or the host of others those others."""
    ids = set(partnerships["id"])
    found: dict[str, set[str]] = {}
    for id, host in partnerships.select("id", "host").iter_rows():
        for other in {host, *members.get(id, ())} & ids - {id}:
            found.setdefault(other, set()).add(id)
    return found


# A task: its name, its theme, whether it is transferred, and for whom it is done.
Task = tuple[str, str | None, bool | None, frozenset[str]]


def tasks_of(landscape: Landscape, members: dict[str, set[str]]) -> dict[str, list[Task]]:
    """The tasks of every partnership. Where nobody is named a task is for all members."""
    served: dict[tuple[str, str], set[str]] = {}
    columns = ("partnership", "task", "organisation")
    for partnership, task, organisation in (
        landscape.table("task_provision").select(columns).iter_rows()
    ):
        served.setdefault((partnership, task), set()).add(organisation)
    found: dict[str, list[Task]] = {}
    for partnership, task, theme, transferred in (
        landscape.coded("tasks").select("partnership", "task", "theme", "transferred").iter_rows()
    ):
        whom = served.get((partnership, task)) or members.get(partnership, set())
        found.setdefault(partnership, []).append((task, theme, transferred, frozenset(whom)))
    return found


def needs_of(
    row: dict[str, object], tasks: list[Task], members: Iterable[str]
) -> tuple[frozenset[Need], frozenset[Need]]:
    """What a partnership does for whom, and which of that is or may be transferred. A partnership
    without known tasks is its own one unnamed task."""
    id = str(row["id"])
    holds = row["legal_form"] in forms.WITH_TRANSFER
    if not tasks:
        needs = frozenset(("", "", id, member) for member in members)
        return needs, needs if holds else frozenset()
    found, moved = set(), set()
    for task, own_theme, transferred, whom in tasks:
        theme = own_theme or row["theme"]
        key = (task.strip().casefold(), str(theme or ""), "" if theme else id)
        these = {(*key, one) for one in whom}
        found |= these
        if transferred or (transferred is None and holds):
            moved |= these
    return frozenset(found), frozenset(moved)
