"""The figures of the screening counted again, with dicts, sets and loops only.

``figures`` shares no code with the screening; ``build`` makes the small landscapes of its tests.
A partnership of which no municipality is listed as a member has unknown members.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from fractions import Fraction
from itertools import combinations
from typing import Any

import polars as pl

from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.tables import BY_NAME, VALIDITY

Row = dict[str, Any]
Subject = tuple[str, str | None, str | None]
Figure = tuple[Any, float]

INTERMUNICIPAL = "intermunicipal_partnership"
COUNTED = {
    "partnerships": INTERMUNICIPAL,
    "ocmw_associations": "ocmw_association",
    "police_zones": "police_zone",
    "other_partnerships": "other_partnership",
}
MUNICIPAL_FORMS = {
    "overeenkomst",
    "interlokale_vereniging",
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
    "opdrachthoudende_vereniging_met_private_deelname",
}
WELFARE_FORMS = {
    "samenwerking_tussen_ocmws",
    "welzijnsvereniging",
    "autonome_verzorgingsinstelling",
    "ziekenhuisvereniging",
    "vereniging_of_vennootschap_voor_sociale_dienstverlening",
    "woonzorgvereniging_of_vennootschap",
}


def build(
    tables: Mapping[str, list[Row]], date: Date = Date(2025, 1, 1), about: About | None = None
) -> Landscape:
    """A landscape of plain rows; a table that is not named is absent."""
    frames = {
        name: pl.DataFrame(rows, schema={**BY_NAME[name].schema, **VALIDITY}, orient="row")
        for name, rows in tables.items()
    }
    return Landscape(date, frames, about or About("Proefland", "Proefland", fictional=True))


def towns(*codes: str) -> list[Row]:
    """Rows of municipalities with invented names."""
    return [{"nis": code, "name": f"Dorp {code}"} for code in codes]


def bodies(*codes: str, **facts: Any) -> list[Row]:
    """Rows of active partnerships that municipalities found by agreement."""
    given = {"status": "active", "legal_form": "overeenkomst", **facts}
    return [{"id": code, **given} for code in codes]


def members(**sets: str | Iterable[str]) -> list[Row]:
    """Rows of members: ``p=["1", "2"]``."""
    return [
        {"partnership": body, "organisation": code, "role": "member"}
        for body, codes in sets.items()
        for code in codes
    ]


def summed(values: Iterable[Any]) -> Figure:
    """Sum of what is known, and the share that is; no rows at all are a known 0."""
    rows = list(values)
    known = [value for value in rows if value is not None]
    if rows and not known:
        return None, 0.0
    return sum(known), len(known) / len(rows) if rows else 1.0


def averaged(values: Iterable[Any]) -> Figure:
    """Mean of what is known; of nothing there is none."""
    rows = list(values)
    known = [value for value in rows if value is not None]
    mean = float(sum(map(Fraction, known)) / len(known)) if known else None
    return mean, len(known) / len(rows) if rows else 1.0


def equals(value: Any, wanted: Any) -> bool | None:
    return None if value is None else value == wanted


@dataclass
class World:
    """The tables as dicts. ``own``: partnership to the municipalities that are members; ``beside``:
    to those whose OCMW is. ``seats``: (partnership, municipality) to its rows of mandates."""

    names: dict[str, str]
    bodies: dict[str, Row]
    own: dict[str, set[str]]
    beside: dict[str, set[str]]
    paid: dict[tuple[str, str], Any]
    seats: dict[tuple[str, str], list[Row]]
    listed: set[str]
    near: dict[str, set[str]]


def plain_rows(landscape: Landscape, name: str) -> list[Row]:
    """The rows of a table as dicts; a code that is not on the list of its column is unknown."""
    lists = {column.name: column.codes for column in BY_NAME[name].columns if column.codes}
    return [
        {key: None if key in lists and value not in lists[key] else value
         for key, value in row.items()}
        for row in landscape.table(name).to_dicts()
    ]  # fmt: skip


def world(landscape: Landscape) -> World:
    def rows(name: str) -> list[Row]:
        return plain_rows(landscape, name)

    names = {row["nis"]: row["name"] for row in rows("municipalities")}
    classes = {row["id"]: row["class"] for row in rows("organisations")}
    ocmws = {row["id"]: row["nis"] for row in rows("organisations") if row["class"] == "ocmw"}
    found = {row["id"]: row for row in rows("partnerships")}
    own: dict[str, set[str]] = {code: set() for code in found}
    beside: dict[str, set[str]] = {code: set() for code in found}
    paid = {}
    for row in rows("memberships"):
        body, who = row["partnership"], row["organisation"]
        if body not in found or row["role"] == "observer":
            continue
        if who in names:
            own[body].add(who)
            paid[body, who] = row["contribution_cents"]
        if ocmws.get(who) in names:
            beside[body].add(ocmws[who])
    for code, row in found.items():
        row["kind"] = kind(classes.get(code), row["legal_form"], len(own[code]))
    seats: dict[tuple[str, str], list[Row]] = {}
    for row in rows("mandates"):
        seats.setdefault((row["partnership"], row["organisation"]), []).append(row)
    near: dict[str, set[str]] = {code: set() for code in names}
    for row in rows("adjacency"):
        if row["nis_a"] in names and row["nis_b"] in names:
            near[row["nis_a"]].add(row["nis_b"])
            near[row["nis_b"]].add(row["nis_a"])
    return World(names, found, own, beside, paid, seats, {body for body, _ in seats}, near)


def kind(stated: str | None, form: str | None, size: int) -> str | None:
    """The class decides, then the form, then whether two municipalities are members."""
    if stated is not None:
        return stated if stated in COUNTED.values() else "other_partnership"
    if form in MUNICIPAL_FORMS:
        return INTERMUNICIPAL
    if form in WELFARE_FORMS:
        return "ocmw_association"
    if size >= 2:
        return INTERMUNICIPAL
    return None if form is None else "other_partnership"


def places(landscape: Landscape, of: World) -> dict[Subject, set[str] | None]:
    """Every subject with the municipalities that lie in it; a theme and the whole have none."""
    subjects: dict[Subject, set[str] | None] = {("landscape", None, None): None}
    for code in of.names:
        subjects["municipality", None, code] = {code}
    for row in landscape.table("zones").to_dicts():
        subjects["zone", row["zoning"], row["zone"]] = set()
    for row in landscape.table("zone_members").to_dicts():
        inside = subjects.get(("zone", row["zoning"], row["zone"]))
        if inside is not None:
            inside.add(row["nis"])
    for body in of.bodies.values():
        if body["kind"] == INTERMUNICIPAL and body["status"] in ("active", None):
            subjects["theme", None, body["theme"]] = None
    return subjects


def figures(landscape: Landscape, until: Date) -> dict[Subject, Row]:
    """Every figure of every subject, where members and partnerships are both given."""
    of = world(landscape)
    found = {}
    for subject, inside in places(landscape, of).items():
        values = counts(of, subject, inside)
        circle = circle_of(of, subject, inside)
        values |= facts(of, circle, landscape.date, until)
        values |= seat_figures(of, circle, inside)
        values |= alikeness([of.own[code] for code in circle])
        values |= meetings(landscape, of, subject)
        values = as_far_as_known(values)
        if not landscape.knows("organisations") and subject[0] in ("municipality", "zone"):
            for name in ("ocmw_associations", "other_partnerships", "tables"):
                values[name] = (None, 0.0)
        if subject[0] == "zone" and not landscape.knows("zone_members"):
            values = dict.fromkeys(values, (None, 0.0))
        row = {name: value for name, (value, _) in values.items()}
        found[subject] = row | {f"{name}_known": share for name, (_, share) in values.items()}
    return found


def as_far_as_known(values: dict[str, Figure]) -> dict[str, Figure]:
    """A figure of active partnerships is known as far as it is known which of them are active."""
    share = values["partnerships"][1]
    free = {*COUNTED, "tables", "neighbours"}
    return {
        name: figure if name in free else (figure[0] if share else None, figure[1] * share)
        for name, figure in values.items()
    }


def counts(of: World, subject: Subject, inside: set[str] | None) -> dict[str, Figure]:
    possible = []
    for code, body in of.bodies.items():
        sitting = of.own[code] | (of.beside[code] if body["kind"] != INTERMUNICIPAL else set())
        here = touches(body, sitting, subject, inside)
        if here and body["status"] in ("active", None):
            possible.append(body)
    values = {"tables": summed(equals(body["status"], "active") for body in possible)}
    for name, wanted in COUNTED.items():
        same = [body for body in possible if body["kind"] in (wanted, None)]
        values[name] = summed(
            None if body["kind"] is None else equals(body["status"], "active") for body in same
        )
    return values


def touches(body: Row, sitting: set[str], subject: Subject, inside: set[str] | None) -> bool:
    if inside is not None:
        return bool(sitting & inside)
    return subject[0] == "landscape" or body["theme"] == subject[2]


def circle_of(of: World, subject: Subject, inside: set[str] | None) -> list[str]:
    return [
        code
        for code, body in of.bodies.items()
        if (body["kind"], body["status"]) == (INTERMUNICIPAL, "active")
        and touches(body, of.own[code], subject, inside)
    ]


def facts(of: World, circle: list[str], day: Date, until: Date) -> dict[str, Figure]:
    rows = [of.bodies[code] for code in circle]
    sets = [frozenset(of.own[code]) for code in circle]
    known = [one for one in sets if one]
    distinct = None if sets and not known else len(set(known))
    ends = [None if row["term_end"] is None else day < row["term_end"] <= until for row in rows]
    lines = [equals(row["line"], "first") for row in rows]
    return {
        "distinct_partner_sets": (distinct, len(known) / len(sets) if sets else 1.0),
        "mean_size": averaged(len(one) or None for one in sets),
        "terms_ending": summed(ends),
        "first_line": summed(lines),
        "first_line_share": averaged(lines),
        "bottom_up_share": averaged(equals(row["initiator"], "bottom_up") for row in rows),
        "without_budget": summed(equals(row["budget_cents"], 0) for row in rows),
        "budget_cents": summed(row["budget_cents"] for row in rows),
        "staff_fte": summed(row["staff_fte"] for row in rows),
    }


def seat_figures(of: World, circle: list[str], inside: set[str] | None) -> dict[str, Figure]:
    """One row per member municipality and partnership. Where the landscape lists seats of a
    partnership, a member without a row there has none."""
    pairs = [
        (body, nis) for body in circle for nis in of.own[body] if inside is None or nis in inside
    ]
    rows: dict[str, list[Any]] = {}
    for pair in pairs:
        here = of.seats.get(pair, [])
        unknown = pair[0] not in of.listed or any(row["seats"] is None for row in here)
        held = [row for row in here if row["seats"]]
        values = {
            "mandates": None if unknown else len({row["organ"] for row in held}),
            "seats": None if unknown else sum(row["seats"] for row in held),
        }
        values["single_seat"] = equals(values["seats"], 1)
        sideless = any(row["side"] is None for row in held)
        for side in ("majority", "opposition", "other"):
            on_side = sum(row["seats"] or 0 for row in held if row["side"] == side)
            values[f"seats_{side}"] = None if unknown or sideless else on_side
        values["contribution_cents"] = of.paid[pair]
        for name, value in values.items():
            rows.setdefault(name, []).append(value)
    unlisted = sum(not of.own[body] for body in circle) if inside is None else 0
    names = ("mandates", "seats", "single_seat", "contribution_cents",
             "seats_majority", "seats_opposition", "seats_other")  # fmt: skip
    return {name: summed([*rows.get(name, []), *[None] * unlisted]) for name in names}


def alikeness(sets: list[set[str]]) -> dict[str, Figure]:
    """Mean Jaccard similarity over the pairs of which both sets are known."""
    known = [one for one in sets if one]
    share = len(known) / len(sets) if sets else 1.0
    pairs = [Fraction(len(a & b), len(a | b)) for a, b in combinations(known, 2)]
    if not pairs:
        return {"overlap": (None, share), "changing_partners": (None, share)}
    overlap = sum(pairs) / len(pairs)
    return {
        "overlap": (float(overlap), share),
        "changing_partners": (float(1 - overlap), share),
    }


def meetings(landscape: Landscape, of: World, subject: Subject) -> dict[str, Figure]:
    """Whom a municipality meets; no other subject has these figures."""
    nis = subject[2]
    if subject[0] != "municipality" or nis is None:
        return {}
    met = Counter(
        other for body in circle_of(of, subject, {nis}) for other in of.own[body] if other != nis
    )
    squares = sum(times * times for times in met.values())
    borders = landscape.knows("adjacency")
    return {
        "partners_met": (len(met), 1.0),
        "effective_partners": (
            float(Fraction(met.total() ** 2, squares)) if met else None,
            1.0,
        ),
        "neighbours": (len(of.near[nis]), 1.0) if borders else (None, 0.0),
        "neighbours_met": (len(of.near[nis] & met.keys()), 1.0) if borders else (None, 0.0),
    }
