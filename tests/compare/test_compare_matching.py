"""What stands beside what: by code, forward and backward by lineage, and not at all."""

from datetime import date
from typing import Any

import polars as pl
from compared import DAY, EXAMPLE, after, op, small

from samenspel.compare.matching import Group, Matched, beside
from samenspel.fund.lineage import steps
from samenspel.landscape.landscape import Landscape

Pairs = set[tuple[tuple[str, ...], tuple[str, ...]]]


def pairs(found: Matched) -> Pairs:
    return {(group.before, group.after) for group in found.groups}


def land(towns: str, *became: str, day: date = DAY, kind: str = "municipality") -> Landscape:
    """Municipalities, and what became what: ``AB`` says that A became B."""
    rows: dict[str, Any] = {"municipalities": [{"nis": one, "name": one} for one in towns]}
    if became:
        rows["lineage"] = [
            {"kind": kind, "old": old, "new": new, "date": day, "operation": "merger"}
            for old, new in became
        ]
    return small(**rows)


def towns(before: Landscape, after: Landscape) -> Pairs:
    return pairs(beside(before, after).towns)


def test_the_same_code_is_the_same_town() -> None:
    assert towns(land("AB"), land("BC")) == {(("A",), ()), (("B",), ("B",)), ((), ("C",))}


def test_a_merger_stands_beside_its_parts() -> None:
    merged = {(("A", "B"), ("M",)), (("C",), ("C",))}
    assert towns(land("ABC"), land("CM", "AM", "BM")) == merged
    kept = {(("A", "B"), ("A",)), (("C",), ("C",))}
    assert towns(land("ABC"), land("AC", "AA", "BA")) == kept


def test_what_before_knows_and_after_does_not_leads_backward() -> None:
    assert towns(land("CM", "AM", "BM"), land("ABC")) == {(("M",), ("A", "B")), (("C",), ("C",))}
    assert towns(land("AC", "AA", "BA"), land("ABC")) == {(("A",), ("A", "B")), (("C",), ("C",))}


def test_two_lands_that_were_made_of_one_stand_beside_each_other() -> None:
    one, other = land("ACD", "AA", "BA"), land("ABC", "CC", "DC")
    assert towns(one, other) == {(("A",), ("A", "B")), (("C", "D"), ("C",))}


def test_chains_on_one_day_and_on_several() -> None:
    assert towns(land("AB"), land("N", "AM", "BM", "MN")) == {(("A", "B"), ("N",))}
    later = small(
        municipalities=[{"nis": "N", "name": "N"}],
        lineage=[
            {"kind": "municipality", "old": old, "new": new, "date": date(year, 1, 1)}
            for old, new, year in (("A", "M", 2019), ("B", "M", 2019), ("M", "N", 2025))
        ],
    )
    assert towns(land("AB"), later) == {(("A", "B"), ("N",))}


def test_a_split_stands_beside_what_it_became() -> None:
    assert towns(land("A"), land("PQ", "AP", "AQ")) == {(("A",), ("P", "Q"))}


def test_what_is_still_to_come_has_not_happened() -> None:
    assert towns(land("AB"), land("AB", "AB", day=date(2030, 1, 1))) == {
        (("A",), ("A",)), (("B",), ("B",)),
    }  # fmt: skip


def test_what_both_know_fell_between_their_days() -> None:
    known = land("AB", "BA", day=date(2024, 6, 1))
    old = Landscape(date(2023, 1, 1), known.frames)
    new = Landscape(
        DAY, {**known.frames, "municipalities": pl.DataFrame({"nis": ["A"], "name": ["A"]})}
    )
    assert towns(old, new) == {(("A", "B"), ("A",))}
    # On the days of both it was long ago, and B is another that is gone.
    assert towns(Landscape(DAY, known.frames), new) == {(("A",), ("A",)), (("B",), ())}


def test_partnerships_organisations_and_zones_have_a_lineage_too() -> None:
    study = after(
        op("merge_partnerships", parts=["p07", "p08"], into="p07"),
        op("merge_municipalities", parts=["00006", "00007"], nis="00006"),
    )
    found = beside(EXAMPLE, study.landscape)
    assert found.bodies.united == [Group(("p07", "p08"), ("p07",))]
    assert found.others.united == [Group(("ocmw-00006", "ocmw-00007"), ("ocmw-00006",))]
    assert found.body("ocmw-00007", after=False) == found.body("ocmw-00006", after=True)
    assert found.body("p08", after=False) == "p07"
    assert found.body("elsewhere", after=True) == "elsewhere"
    rows = {"zonings": [{"zoning": "Z"}], "zones": [{"zoning": "Z", "zone": "old"}]}
    renamed = small(
        zonings=rows["zonings"],
        zones=[{"zoning": "Z", "zone": "new"}],
        lineage=[{"kind": "zone", "zoning": "Z", "old": "old", "new": "new", "date": DAY}],
    )
    assert pairs(beside(small(**rows), renamed).zones["Z"]) == {(("old",), ("new",))}
    elsewhere = renamed.table("lineage").with_columns(zoning=pl.lit("Y"))
    found = beside(small(**rows), renamed.with_tables(lineage=elsewhere))
    assert pairs(found.zones["Z"]) == {(("old",), ()), ((), ("new",))}


def test_it_agrees_with_the_room_of_the_fund(
    flanders_2019: tuple[Landscape, list[Any]], flanders_2025: tuple[Landscape, list[Any]]
) -> None:
    old, new = flanders_2019[0], flanders_2025[0]
    found = beside(old, new).towns
    told = steps(old, new)
    assert len(told) == 300
    assert all(found.of_before[code].after == (became,) for code, became in told.items())
    back = {(group.after, group.before) for group in found.groups}
    assert pairs(beside(new, old).towns) == back
