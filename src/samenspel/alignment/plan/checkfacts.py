"""The facts on which a plan is checked, read from the landscape apart from the solver.

Nothing here or in ``check.py`` is shared with what makes a plan: a rule that one of them has wrong
must not be wrong in the other by the same line.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any

from samenspel.landscape.landscape import Landscape

ANYONE_IN = ("overeenkomst", "interlokale_vereniging")
INTERMUNICIPAL = (
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
    "opdrachthoudende_vereniging_met_private_deelname",
)
KNOWN_FORMS = (*ANYONE_IN, *INTERMUNICIPAL, "samenwerking_tussen_ocmws", "welzijnsvereniging")
PERSONS = (*INTERMUNICIPAL, "welzijnsvereniging")
TERM_BOUND = INTERMUNICIPAL[1:]
HOLDING = INTERMUNICIPAL[2:]


@dataclass
class Known:
    """One partnership. ``served``: organisations by task; ``handed``: tasks that are or may be
    transferred, with the organisation; ``above``: it is a member or the host of another."""

    row: dict[str, Any]
    members: set[str] = field(default_factory=set)
    served: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    handed: set[tuple[tuple[str, ...], str]] = field(default_factory=set)
    has_tasks: bool = False
    above: bool = False

    @property
    def form(self) -> Any:
        return self.row["legal_form"]


@dataclass
class World:
    """All active partnerships, and who is what and where. ``mine``: ids of the region."""

    date: Date
    active: dict[str, Known]
    mine: set[str]
    kind: dict[str, str | None]
    town: dict[str, str]
    inside: set[str]

    def far(self, organisation: str) -> bool:
        """Whether it belongs to a municipality outside the region."""
        return organisation in self.town and self.town[organisation] not in self.inside

    def seats_of(self, members: set[str]) -> set[str]:
        """The municipalities of which they or their OCMW are among ``members``."""
        local = ("municipality", "ocmw")
        return {self.town[m] for m in members if self.kind.get(m) in local and m in self.town}

    def admits(self, id: str, members: set[str]) -> bool:
        """Whether the legal form of partnership ``id`` is known to admit all ``members``."""
        row = self.active[id].row
        return all(admits(row["legal_form"], row["theme"], self.kind.get(m)) for m in members)


def admits(form: str | None, theme: str | None, kind: str | None) -> bool:
    """The table of legal forms of the VVSG praktijkgids, read as who may join."""
    if kind is None or form not in KNOWN_FORMS:
        return False
    if form in ANYONE_IN:
        return True
    if form == "samenwerking_tussen_ocmws":
        return kind == "ocmw"
    if form == "welzijnsvereniging":
        return kind not in ("private", "other", "other_partnership")
    if kind == "private":
        return form.endswith("met_private_deelname") and theme == "utilities"
    if kind in ("police_zone", "rescue_zone"):
        return form == "projectvereniging"
    return kind in ("municipality", "ocmw", "intermunicipal_partnership", "ocmw_association")


def read_world(landscape: Landscape, zoning: str, zone: str) -> World:
    """What ``landscape`` tells of the partnerships of a zone."""
    inside = {row["nis"] for row in landscape.table("zone_members").to_dicts()
              if (row["zoning"], row["zone"]) == (zoning, zone)}  # fmt: skip
    towns = landscape.table("municipalities")["nis"].to_list()
    people = landscape.coded("organisations").to_dicts()
    kind = {row["id"]: row["class"] for row in people} | dict.fromkeys(towns, "municipality")
    town = {row["id"]: row["nis"] for row in people if row["nis"]} | {nis: nis for nis in towns}
    raw = {r["id"]: r["scope_exception"] for r in landscape.table("partnerships").to_dicts()}
    everything = {
        row["id"]: Known({**row, "scope_exception": raw[row["id"]]})
        for row in landscape.coded("partnerships").to_dicts()
    }
    for row in landscape.coded("memberships").to_dicts():
        if row["role"] != "observer" and row["partnership"] in everything:
            everything[row["partnership"]].members.add(row["organisation"])
    for id, one in everything.items():
        for other in {*one.members, one.row["host"]} - {id}:
            if other in everything and one.members:
                everything[other].above = True
    read_tasks(landscape, everything)
    active = {id: one for id, one in everything.items()
              if one.row["status"] == "active" and one.members}  # fmt: skip
    world = World(landscape.date, active, set(), kind, town, inside)
    world.mine = {id for id, one in active.items() if world.seats_of(one.members) & inside}
    return world


def read_tasks(landscape: Landscape, everything: dict[str, Known]) -> None:
    """Fill in what every partnership does for whom."""
    whom: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in landscape.table("task_provision").to_dicts():
        whom[row["partnership"], row["task"]].add(row["organisation"])
    for row in landscape.coded("tasks").to_dicts():
        one = everything.get(row["partnership"])
        if one is None:
            continue
        theme = row["theme"] or one.row["theme"]
        name = row["task"].strip().casefold()
        key = (name, theme) if theme else (name, "?", row["partnership"])
        one.has_tasks = True
        served = whom[row["partnership"], row["task"]] or one.members
        one.served.setdefault(key, set()).update(served)
        if row["transferred"] or (row["transferred"] is None and one.form in HOLDING):
            one.handed |= {(key, member) for member in served}
    for id, one in everything.items():
        if not one.has_tasks:
            one.served[("", "?", id)] = set(one.members)
            if one.form in HOLDING:
                one.handed = {(("", "?", id), member) for member in one.members}
