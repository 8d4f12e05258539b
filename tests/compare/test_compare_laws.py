"""What holds for any two studies: nothing differs from itself, before and after can change places,
pieces of a scenario add up, and no change of a cell goes unnoticed."""

from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from compared import EXAMPLE, STUDY, bodies, compare, mirrored, op, plain, study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samenspel.compare.figures import SUMMED
from samenspel.landscape.findings import errors
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.tables import BY_NAME
from samenspel.landscape.validation import check
from samenspel.scenario.applying import apply
from samenspel.scenario.given import Scenario
from samenspel.scenario.operation import Operation
from samenspel.scenario.study import Policy, Study

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TOWNS, BODIES, ZONES = "ABCD", "pqr", "12"
PIECES = ("screening", "signals", "law", "fit", "partnerships")
RULES: dict[str, Any] = {
    "title": {"nl": "Proef", "en": "Trial"},
    "keep_cents": False,
    "blocks": {"basic": {"pot": "1000.00", "key": "area_km2"}},
}
counts = st.none() | st.integers(0, 9)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Four municipalities with some of three partnerships, of which little may be known."""
    own = draw(st.lists(st.sampled_from(BODIES), min_size=1, max_size=3, unique=True))
    rows = []
    for code in own:
        [row] = bodies(code)
        row |= {
            "status": draw(st.sampled_from(["active", "active", "planned", None])),
            "theme": draw(st.sampled_from(["water", "housing", None])),
            "line": draw(st.sampled_from(["first", "second", None])),
            "budget_cents": draw(counts),
            "term_end": draw(st.sampled_from([None, date(2026, 1, 1), date(2040, 1, 1)])),
        }
        rows.append(row)
    pairs = draw(
        st.sets(st.tuples(st.sampled_from(own), st.sampled_from(TOWNS)), min_size=1, max_size=8)
    )
    zones = {nis: draw(st.sampled_from(ZONES)) for nis in TOWNS}
    land = {
        "municipalities": [
            {"nis": nis, "name": f"Stad {nis}", "population": draw(counts), "area_km2": 1.0}
            for nis in TOWNS
        ],
        "partnerships": rows,
        "memberships": [
            {"partnership": p, "organisation": nis, "contribution_cents": draw(counts),
             "role": draw(st.sampled_from(["member", "observer", None]))}
            for p, nis in sorted(pairs)
        ],
        "mandates": [
            {"partnership": p, "organ": "raad", "organisation": nis, "seats": draw(counts),
             "side": draw(st.sampled_from(["majority", None]))}
            for p, nis in sorted(pairs)
        ],
        "organisations": [{"id": f"ocmw-{nis}", "class": "ocmw", "nis": nis} for nis in "AB"],
        "zonings": [{"zoning": "Z", "cover": "partition", "kind": "reference_region"}],
        "zones": [{"zoning": "Z", "zone": zone} for zone in sorted(set(zones.values()))],
        "zone_members": [{"zoning": "Z", "zone": z, "nis": nis} for nis, z in zones.items()],
        "adjacency": [{"nis_a": a, "nis_b": b, "border_m": 1.0} for a, b in ("AB", "BC", "CD")],
        "lineage": [],
    }  # fmt: skip
    made = study(**land)
    horizon = draw(st.sampled_from([{}, {"horizon": 1}, {"many": 3}]))
    return Study(made.landscape, Policy(RULES, horizon))


def possible(before: Study, wanted: list[Operation]) -> list[Study]:
    """``before`` and what it is after each of ``wanted`` that can be done, one after the other."""
    states = [before]
    for one in wanted:
        found = apply(states[-1], Scenario("", (one,))).study
        if found is not None:
            states.append(found)
    return states


towns = st.sampled_from(TOWNS)
known = st.sampled_from(BODIES)
operations = st.lists(
    st.one_of(
        st.builds(lambda p: op("dissolve_partnership", partnership=p), known),
        st.builds(lambda p, a: op("join", partnership=p, organisation=a, contribution_cents=3),
                  known, towns),
        st.builds(lambda p, a: op("leave", partnership=p, organisation=a), known, towns),
        st.builds(lambda a, z: op("assign_zone", zoning="Z", nis=a, zone=z), towns,
                  st.sampled_from(ZONES)),
        st.builds(lambda p, q: op("merge_partnerships", parts=sorted({p, q, "p"}), into="p"),
                  known, st.sampled_from("qr")),
        st.builds(lambda ab: op("merge_municipalities", parts=sorted(ab), nis=min(ab)),
                  st.sets(towns, min_size=2, max_size=2)),
    ),
    min_size=2,
    max_size=4,
)  # fmt: skip


def differing(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two values of JSON differ, first places only."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [f"{path}: {sorted(one.keys() ^ other.keys())}"] if one.keys() ^ other.keys() else []
        inner = (differing(one[key], other[key], f"{path}.{key}") for key in one if key in other)
        return [*keys, *(place for places in inner for place in places)][:5]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        inner = (differing(a, b, f"{path}[]") for a, b in zip(one, other, strict=True))
        return [place for places in inner for place in places][:5]
    return [] if one == other else [f"{path}: {one!r:.300} is not {other!r:.300}"]


@few
@given(studies())
def test_nothing_differs_from_itself(one: Study) -> None:
    found = compare(one, Study(Landscape(one.landscape.date, one.landscape.frames), one.policy))
    assert found.equal
    assert not any(found.differences.values())
    told = found.as_json()
    assert told["screening"]["figures"] == told["screening"]["breakdown"] == []
    assert told["law"]["changes"] == told["fit"]["scope"]["changes"] == []
    assert found.fund is not None
    assert told["fund"]["municipalities"] == []


@few
@given(studies(), studies())
def test_before_and_after_can_change_places(one: Study, other: Study) -> None:
    there, back = compare(one, other, PIECES), compare(other, one, PIECES)
    assert there.equal == back.equal
    assert there.differences == back.differences
    told = mirrored(back.as_json(everything=True))
    assert differing(told, plain(there.as_json(everything=True))) == []


@few
@given(studies(), studies())
def test_the_fund_can_change_places_too(one: Study, other: Study) -> None:
    there, back = (
        compare(a, b, ["fund"]).as_json(everything=True)["fund"]
        for a, b in ((one, other), (other, one))
    )
    rows = {
        row["nis"]: (row["before_cents"], row["after_cents"]) for row in there["municipalities"]
    }
    turned = {row["nis"]: (row["after_cents"], row["before_cents"])
              for row in back["municipalities"]}  # fmt: skip
    assert rows == turned


def sums(before: Study, after: Study) -> tuple[dict[tuple[Any, ...], int], set[tuple[Any, ...]]]:
    """Of every figure that adds up, by subject of after, its change; and those of which not all is
    known."""
    found = compare(before, after, ["screening"]).as_json(everything=True)["screening"]
    changes, unknown = {}, set()
    for row in found["figures"]:
        if row["figure"] in SUMMED and row["kind"] != "theme":
            key = row["kind"], row["zoning"], row["subject"], row["figure"]
            if None in (row["before"], row["after"]):
                unknown.add(key)
            else:
                changes[key] = row["after"] - row["before"]
    return changes, unknown


@few
@given(studies(), operations)
def test_pieces_add_up_to_the_whole(before: Study, wanted: list[Operation]) -> None:
    states = possible(before, wanted)
    whole, _unknown = sums(states[0], states[-1])
    pieces: dict[tuple[Any, ...], int] = {}
    open_ones: set[tuple[Any, ...]] = set()
    steps = [sums(one, other) for one, other in pairwise(states)]
    for place, (changes, unknown) in enumerate(steps):
        later = {nis: nis for nis in states[place + 1].landscape.table("municipalities")["nis"]}
        for one, other in pairwise(states[place + 1 :]):
            groups = compare(one, other, ()).beside.towns.of_before
            later = {nis: groups[code].code for nis, code in later.items()}
        for key, change in changes.items():
            kind, zoning, subject, name = key
            last = later[subject] if kind == "municipality" else subject
            pieces[kind, zoning, last, name] = pieces.get((kind, zoning, last, name), 0) + change
        for kind, zoning, subject, name in unknown:
            last = later[subject] if kind == "municipality" else subject
            open_ones.add((kind, zoning, last, name))
    for key, change in whole.items():
        if key not in open_ones:
            assert pieces.get(key, 0) == change, key


OTHER = {"text": "elders", "integer": 17, "number": 0.75, "date": date(2027, 3, 1),
         "binary": b"land"}  # fmt: skip


@st.composite
def damages(draw: st.DrawFn) -> tuple[str, str, int, Any]:
    """One cell of any table of the example, and another value for it, unknown among them."""
    name = draw(st.sampled_from(sorted(EXAMPLE.frames)))
    # A figure on the map of another year is the same figure.
    columns = [column for column in BY_NAME[name].columns if column.name != "map_year"]
    column = draw(st.sampled_from(columns))
    values = EXAMPLE.table(name)[column.name].to_list()
    row = draw(st.integers(0, len(values) - 1))
    if column.type == "boolean":
        new = [not values[row], None]
    else:
        new = [*column.codes, *(draw(st.sampled_from([values])) if column.reference else ()),
               OTHER[column.type], None]  # fmt: skip
    return name, column.name, row, draw(st.sampled_from([v for v in new if v != values[row]]))


@settings(few, max_examples=150)
@given(damages())
def test_no_cell_changes_unnoticed(damage: tuple[str, str, int, Any]) -> None:
    name, column, row, value = damage
    frame = EXAMPLE.table(name)
    cells = frame[column].to_list()
    cells[row] = value
    other = frame.with_columns(pl.Series(column, cells, frame.schema[column]))
    frames = {**EXAMPLE.frames, name: other}
    if errors(check(frames, EXAMPLE.date)):
        return  # such a landscape is refused
    found = compare(STUDY, Study(EXAMPLE.with_tables(**{name: other})), ["screening"])
    assert not found.equal, damage
    assert name in found.tables


# Of each table that an indicator reads a cell that it reads: row, column, another value.
READ = [
    ("partnerships", {"id": "p08"}, "status", "planned"),
    ("partnerships", {"id": "p08"}, "status", None),
    ("partnerships", {"id": "p08"}, "theme", "safety"),
    ("partnerships", {"id": "p08"}, "initiator", "federal"),
    ("partnerships", {"id": "p08"}, "level", "zonal"),
    ("partnerships", {"id": "p08"}, "line", "first"),
    ("partnerships", {"id": "p08"}, "legal_form", "projectvereniging"),
    ("partnerships", {"id": "p08"}, "budget_cents", 5),
    ("partnerships", {"id": "p08"}, "staff_fte", 0.5),
    ("partnerships", {"id": "p08"}, "term_end", date(2040, 1, 1)),
    ("memberships", {"partnership": "p08", "organisation": "00005"}, "role", "observer"),
    ("memberships", {"partnership": "p08", "organisation": "00005"}, "contribution_cents", 9),
    ("memberships", {"partnership": "p08", "organisation": "00005"}, "organisation", "00001"),
    ("memberships", {"partnership": "p08", "organisation": "00005"}, "partnership", "p05"),
    ("mandates", {"partnership": "p09", "organisation": "00005", "side": "majority"}, "seats", 4),
    ("mandates", {"partnership": "p09", "organisation": "00005", "side": "majority"}, "side",
     "other"),
    ("mandates", {"partnership": "p09", "organisation": "00005", "side": "majority"}, "organ",
     "college"),
    ("organisations", {"id": "ocmw-00001"}, "nis", "00005"),
    ("organisations", {"id": "p08"}, "class", "police_zone"),
    ("zone_members", {"zoning": "REGIO", "nis": "00002"}, "zone", "ZUID"),
    ("zones", {"zoning": "REGIO", "zone": "ZUID"}, "zone", "elders"),
    ("adjacency", {"nis_a": "00001", "nis_b": "00002"}, "nis_b", "00009"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "where", "column", "value"), READ)
def test_the_figures_notice_what_they_read(
    name: str, where: dict[str, str], column: str, value: Any
) -> None:
    frame = EXAMPLE.table(name)
    mine = pl.all_horizontal(pl.col(key) == code for key, code in where.items())
    assert frame.filter(mine).height == 1
    dtype = frame.schema[column]
    other = frame.with_columns(
        pl.when(mine).then(pl.lit(value, dtype)).otherwise(column).alias(column)
    )
    found = compare(STUDY, Study(EXAMPLE.with_tables(**{name: other})), ["screening"])
    assert found.screening is not None
    assert found.screening.differences > 0
