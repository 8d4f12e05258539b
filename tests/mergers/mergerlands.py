"""Small lands whose municipalities may merge: one drawn by hand, and any that Hypothesis thinks of.

The hand-drawn one has eight municipalities::

    A B C      borders run between squares that touch; G lies apart, H is south of F
    D E F
        H
    zone z1: A B D E G    zone z2: C F H
"""

from collections.abc import Iterable, Sequence
from datetime import date
from random import Random
from typing import Any

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.landscape import About, Landscape
from samenspel.mergers.assess import Known, known
from samenspel.mergers.zone import Sets, sets

DAY = date(2025, 1, 1)
TOWNS = "ABCDEFGH"
BORDERS = ("AB", "BC", "DE", "EF", "AD", "BE", "CF", "FH")
PEOPLE = {"A": 10, "B": 20, "C": 40, "D": 5, "E": 30, "F": None, "G": 8, "H": 7}
CENTRES = {"A": False, "B": False, "C": True, "D": False, "E": True, "F": None, "G": False,
           "H": False}  # fmt: skip
POINTS = {"A": (0, 1), "B": (1, 1), "C": (2, 1), "D": (0, 0), "E": (1, 0), "F": (2, 0),
          "H": (2, -1)}  # fmt: skip
LEVELS = {"A": "c1", "B": "c1", "D": "c2", "E": "a1"}
# Partnership to its members; small letters are the OCMWs of the municipalities, n is no government.
MEMBERS = {
    "i1": "AB", "i2": "AB", "i3": "ABDE", "i4": "BCE", "i5": "ADn", "i6": "AB", "i7": "DG",
    "o1": "ab", "p1": "DE",
}  # fmt: skip
LINES = {"i1": "first", "i2": "second", "i3": "first", "i4": "second", "i5": "second"}
FLOWS = {"AA": 4, "AB": 1, "AE": 3, "A-": 2, "BB": 8, "BA": 2, "BE": 6, "DD": 1, "DE": 3, "DA": 1,
         "EE": 20, "EB": 2, "EC": 1, "CC": 9, "HH": 2}  # fmt: skip
INCOME = {"A": 100.0, "B": 300.0, "D": 60.0, "E": 600.0}
Row = dict[str, Any]


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    schema = tables.BY_NAME[table].schema
    own = {name for row in rows for name in row} - set(schema)
    return pl.DataFrame(rows, {**schema, **dict.fromkeys(sorted(own), None)}, orient="row")


def landscape(about: About | None = None, **rows: list[Row]) -> Landscape:
    """A landscape of ``DAY`` with these tables."""
    found = {name: frame(name, listed) for name, listed in rows.items()}
    return Landscape(DAY, found, about or About(name="Handland", fictional=True))


def bare(towns: str = TOWNS, borders: Iterable[str] = BORDERS) -> dict[str, list[Row]]:
    """Municipalities, who borders whom, and zone z1 of zoning Z that holds them all."""
    return {
        "municipalities": [{"nis": c, "name": f"{c}dorp"} for c in towns],
        "adjacency": [{"nis_a": a, "nis_b": b} for a, b in borders],
        "zonings": [{"zoning": "Z", "cover": "partition"}],
        "zones": [{"zoning": "Z", "zone": "z1", "name": "Een"}],
        "zone_members": [{"zoning": "Z", "zone": "z1", "nis": c} for c in towns],
    }


def kind(member: str) -> str:
    if member == "n":
        return "nonprofit"
    return "ocmw" if member.islower() else "municipality"


def hand_tables() -> dict[str, list[Row]]:
    """The tables of the hand-drawn land."""
    zones = {("Z", "z1"): "ABDEG", ("Z", "z2"): "CFH", ("P", "p1"): "AB", ("P", "p2"): "DE",
             ("P", "p3"): "CFH", ("P_2019", "old"): TOWNS, ("W", "w1"): "A", ("W", "w2"): "B",
             ("T", "t1"): "ABD", ("T", "t2"): "BE"}  # fmt: skip
    covers = {"Z": "partition", "P": "partition", "P_2019": "partition", "W": "partial",
              "T": "overlapping"}  # fmt: skip
    people = sorted({m for members in MEMBERS.values() for m in members})
    return {
        **bare(),
        "municipalities": [
            {
                "nis": c, "name": f"{c}dorp", "population": PEOPLE[c], "area_km2": 2.0,
                "centre": CENTRES[c], "equipment_level": LEVELS.get(c),
                **({"x": 1000.0 * POINTS[c][0], "y": 1000.0 * POINTS[c][1]} if c in POINTS else {}),
            }
            for c in TOWNS
        ],
        "zonings": [{"zoning": z, "title": f"Indeling {z}", "cover": c} for z, c in covers.items()],
        "zones": [{"zoning": z, "zone": zone, "name": f"Zone {zone}"} for z, zone in zones],
        "zone_members": [
            {"zoning": z, "zone": zone, "nis": c} for (z, zone), inside in zones.items()
            for c in inside
        ],
        "organisations": [
            *({"id": m, "class": kind(m), "nis": m.upper() if m in "ab" else None} for m in people),
            *({"id": p, "class": {"o": "ocmw_association", "p": "police_zone"}.get(
                p[0], "intermunicipal_partnership")} for p in MEMBERS),
        ],
        "partnerships": [
            {"id": p, "name": f"Verband {p}", "line": LINES.get(p),
             "status": {"i6": "inactive", "i7": None}.get(p, "active")}
            for p in MEMBERS
        ],
        "memberships": [{"partnership": p, "organisation": m, "role": "member"}
                        for p, members in MEMBERS.items() for m in members],
        "mandates": [
            {"partnership": "i1", "organ": "board", "organisation": "A", "side": "majority",
             "seats": 2},
            {"partnership": "i1", "organ": "board", "organisation": "B", "side": "majority",
             "seats": 1},
            {"partnership": "i3", "organ": "board", "organisation": "A", "side": "majority",
             "seats": 4},
        ],
        "flows": [
            {"kind": "commuting", "map_year": 2025, "from": way[0],
             "to": None if way[1] == "-" else way[1], "count": count}
            for way, count in FLOWS.items()
        ],
        "figures": [
            row
            for c, income in INCOME.items()
            for row in (
                {"nis": c, "key": "net_taxable_income", "year": 2020, "map_year": 2025,
                 "value": income, "additive": True},
                {"nis": c, "key": "population", "year": 2020, "map_year": 2025,
                 "value": float(PEOPLE[c] or 0), "additive": True},
            )
        ],
        "lineage": [{"kind": "municipality", "old": old, "new": "D", "date": date(2019, 1, 1),
                     "operation": "merger"} for old in ("D1", "D2")],
    }  # fmt: skip


def hand(**changed: list[Row]) -> Landscape:
    """The hand-drawn land, with some tables changed."""
    return landscape(**{**hand_tables(), **changed})


def without(*names: str) -> Landscape:
    """The hand-drawn land without some of its tables."""
    return landscape(**{name: rows for name, rows in hand_tables().items() if name not in names})


def knowing(land: Landscape, **given: Any) -> Known:
    return known(land, **given)


def some(land: Landscape, *groups: str) -> Sets:
    """Sets of municipalities with one letter each."""
    where = {nis: number for number, nis in enumerate(land.index.nis)}
    return sets([[where[c] for c in group] for group in groups])


def codes(land: Landscape, found: Sets) -> list[str]:
    """The municipalities of each set, with one letter each."""
    return ["".join(land.index.nis[town] for town in found.of(i)) for i in range(found.count)]


def random_land(seed: int, places: int) -> Landscape:
    """Any small land: who borders whom, inhabitants, some of them unknown, partnerships, flows."""
    chance = Random(seed)
    towns = TOWNS[:places]
    pairs = [a + b for i, a in enumerate(towns) for b in towns[i + 1 :]]
    rows = bare(towns, [pair for pair in pairs if chance.random() < 0.45] or pairs[:1])
    for row in rows["municipalities"]:
        row["population"] = None if chance.random() < 0.1 else chance.randint(0, 30)
        row["centre"] = chance.random() < 0.3
    bodies = {f"i{n}": sorted(chance.sample(towns, chance.randint(2, len(towns))))
              for n in range(chance.randint(0, 5)) if len(towns) > 1}  # fmt: skip
    rows["partnerships"] = [{"id": p, "name": p, "status": "active"} for p in bodies]
    rows["memberships"] = [{"partnership": p, "organisation": m, "role": "member"}
                           for p, members in bodies.items() for m in members]  # fmt: skip
    rows["organisations"] = [{"id": p, "class": "intermunicipal_partnership"} for p in bodies]
    rows["flows"] = [{"kind": "commuting", "from": a, "to": b, "count": chance.randint(0, 9)}
                     for a in towns for b in towns]  # fmt: skip
    return landscape(**rows)


def connected(inside: Sequence[str], borders: Iterable[tuple[str, str]]) -> bool:
    """Whether the municipalities hang together, by plain growth."""
    reached, wanted = {inside[0]}, set(inside)
    while True:
        more = {b for pair in borders for a, b in (pair, pair[::-1]) if a in reached} & wanted
        if more <= reached:
            return reached == wanted
        reached |= more
