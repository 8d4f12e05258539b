"""Before and after: parts against the whole, outsiders, segments, figures given by code."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from fundlands import land, rules, shared, together
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.fund.comparing import Comparison, compare
from samenspel.fund.distribution import distribute, prepare
from samenspel.fund.lineage import ancestors, parts_of, steps, successors
from samenspel.fund.model import fraction
from samenspel.fund.sensitivity import nudge, slide
from samenspel.landscape.landscape import Landscape

FIVE = land([1000, 2000, 3000, 4000, 5000], [10.0, 20.0, 5.0, 5.0, 7.5])


def beside(blocks: dict[str, Any], before: Landscape, after: Landscape, **more: Any) -> Comparison:
    stated = rules(blocks, **more)
    was = distribute(prepare(stated, before))
    return compare(was, distribute(prepare(stated, after, since=before), was))


def changes(found: Comparison) -> dict[str, int]:
    return {change.nis: change.difference for change in found.changes}


def test_a_merger_against_the_sum_of_its_parts() -> None:
    after = together(FIVE, ["001", "002"], "001")
    found = beside({"b": {"pot": 150, "key": "population"}}, FIVE, after)
    first = found.changes[0]
    assert (first.nis, first.parts, first.before, first.after) == (
        "001",
        ("001", "002"),
        3000,
        3000,
    )
    assert changes(found) == dict.fromkeys(("001", "003", "004", "005"), 0)
    assert [change.nis for change in found.outsiders()] == ["003", "004", "005"]
    assert all(change.exact_same for change in found.outsiders())


def test_a_merger_with_a_new_code() -> None:
    after = together(FIVE, ["001", "002"], "009", name="AB")
    found = beside({"b": {"pot": 150, "key": "1"}}, FIVE, after)
    assert changes(found) == {"003": 750, "004": 750, "005": 750, "009": -2250}
    assert found.changes[-1].parts == ("001", "002")
    told = found.as_json()
    assert (told["winners"], told["losers"], told["unchanged"]) == (3, 1, 0)
    assert (told["outsiders"], told["outsiders_changed"]) == (3, 3)
    assert told["outsiders_change_cents"] == 2250
    assert told["before_total_cents"] == told["after_total_cents"] == 15_000


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=3, max_size=8),
    st.integers(0, 10**9),
    st.booleans(),
    st.integers(0, 3000),
    st.booleans(),
)
def test_with_keys_that_add_up_nobody_outside_changes_by_a_cent(
    towns: list[tuple[int, int]], pot: int, new: bool, floor: int, over_all: bool
) -> None:
    before = land([p for p, _a in towns], [a / 1000 for _p, a in towns])
    after = together(before, ["001", "003"], "099" if new else "003", name="AC")
    euro = f"{pot // 100}.{pot % 100:02d}"
    blocks: dict[str, Any] = {
        "b": {"pot": euro, "key": "population"},
        "a": {"pot": euro, "key": "area_km2 / total(area_km2)"},
        "m": {"pot": euro, "key": "2 * population + area_km2", "members": {"nis": ["001", "002"]},
              "divided_over": "all"},
    }  # fmt: skip
    if not over_all:
        del blocks["m"]
    # A floor per inhabitant in whole cents; with parts of a cent two floors may round up to more.
    blocks["b"]["floor"] = f"min({floor}, {pot // sum(p for p, _a in towns)}) / 100 * population"
    found = beside(blocks, before, after)
    assert all(change.difference == 0 for change in found.outsiders())
    assert all(change.exact_same for change in found.outsiders())
    assert found.after.total + found.after.unspent == found.before.total + found.before.unspent
    if not over_all:
        assert changes(found)["099" if new else "003"] == 0


def test_each_rounded_for_itself_moves_at_most_a_cent_per_block() -> None:
    even = land([1, 1, 1, 1])
    after = together(even, ["001", "002"], "001")
    block = {"b": {"pot": 2.50, "key": "population"}}
    alone = beside(block, even, after, keep_cents=False)
    assert changes(alone) == {"001": -1, "003": 1, "004": 0}
    assert all(change.exact_same for change in alone.outsiders())
    assert changes(beside(block, even, after)) == {"001": 0, "003": 0, "004": 0}


def test_bounds_that_do_not_add_up_move_others() -> None:
    after = together(FIVE, ["001", "002"], "001")
    per_town = beside({"b": {"pot": 150, "key": "population", "floor": 25}}, FIVE, after)
    # Before, two stood at 25; after, one at 30: the other three divide 120 instead of 100.
    assert changes(per_town) == {"001": -2000, "003": 500, "004": 667, "005": 833}
    # A floor per inhabitant adds up, but the small one was held by it and the whole is not.
    towns = land([1000, 1000, 1000], [1.0, 20.0, 20.0])
    block = {"b": {"pot": 60, "key": "area_km2", "floor": "0.01 * population"}}
    per_head = beside(block, towns, together(towns, ["001", "002"], "001"))
    assert changes(per_head) == {"001": -427, "003": 427}


def test_a_segment_by_code_follows_the_merger() -> None:
    block = {"b": {"pot": 70, "key": "population", "members": {"nis": ["002", "005"]}}}
    after = together(FIVE, ["001", "002"], "009", name="AB")
    found = beside(block, FIVE, after)
    assert changes(found) == {"003": 0, "004": 0, "005": -625, "009": 625}
    assert found.changes[-1].moved == {"b": ({"001": (), "002": ("b",)}, ("b",))}
    assert found.as_json()["moved"] == ["009"]


def test_who_moves_segment() -> None:
    segments = {
        "small": {"share": "50%", "key": 1, "members": {"where": "population < 5000"}},
        "large": {"share": "rest", "key": 1, "members": {"where": "population >= 5000"}},
    }
    after = together(FIVE, ["001", "004"], "004")
    found = beside({"b": {"pot": 100, "segments": segments}}, FIVE, after)
    moved = {change.nis: change.moved for change in found.changes if change.moved}
    assert moved == {"004": {"b": ({"001": ("small",), "004": ("small",)}, ("large",))}}
    assert changes(found) == {"002": 1250, "003": 1250, "004": 0, "005": -2500}


def test_given_figures_of_the_parts_are_added_up() -> None:
    block = {"b": {"pot": 100, "key": "urban", "members": {"nis": ["001", "005"]}}}
    after = together(FIVE, ["001", "002"], "001")

    def gain(values: dict[str, float]) -> dict[str, int]:
        return changes(beside(block, FIVE, after, figures={"urban": {"values": values}}))

    assert gain({"001": 10, "005": 30, "002": 0}) == dict.fromkeys(("001", "003", "004", "005"), 0)
    assert gain({"001": 10, "005": 30, "002": 10})["005"] == -1500
    with pytest.raises(InputError, match=r"urban is unknown for A \(001\)"):
        gain({"001": 10, "005": 30})
    with pytest.raises(InputError, match=r"key figures\.urban: 009 is no municipality"):
        gain({"001": 10, "009": 30})


def lineage(*rows: tuple[str, str, date]) -> pl.DataFrame:
    return pl.DataFrame(
        [("municipality", old, new, day, "merger") for old, new, day in rows],
        schema=["kind", "old", "new", "date", "operation"],
        orient="row",
    )


THEN, NOW = date(2019, 1, 1), date(2025, 1, 1)


def test_codes_of_an_older_map_in_the_rules() -> None:
    # 901 and 902 became 903 in 2019; 903 and 904 became 001 in 2025; 002 absorbed 905.
    steps_ = lineage(
        ("901", "903", THEN), ("902", "903", THEN), ("903", "001", NOW), ("904", "001", NOW),
        ("002", "002", NOW), ("905", "002", NOW),
    )  # fmt: skip
    towns = land([10, 20], lineage=steps_)
    parts = parts_of(towns)
    assert ancestors("001", parts) == {"901", "902", "903", "904"}
    assert successors(parts, ("001", "002")) == {
        **dict.fromkeys(("901", "902", "903", "904"), "001"), "905": "002",
    }  # fmt: skip

    def given_values(values: dict[str, int]) -> tuple[Any, ...]:
        stated = rules({"b": {"pot": 1, "key": 1}}, figures={"f": {"values": values}})
        return prepare(stated, towns).facts.columns["f"].values

    assert given_values({"901": 1, "902": 2, "904": 4, "002": 8, "905": 16}) == (7, 24)
    assert given_values({"903": 3, "904": 4, "002": 8}) == (7, 8)
    assert given_values({"001": 9, "905": 16}) == (9, None)
    assert given_values({"901": 1, "904": 4}) == (None, None)
    block = {"b": {"pot": 1, "key": 1, "members": {"nis": ["902"]}}}
    assert shared(block, towns).amounts == [100, 0]


def test_what_is_still_to_come_is_no_past() -> None:
    towns = land([10, 20, 30], lineage=lineage(("001", "001", NOW), ("002", "001", NOW)))
    assert parts_of(towns) == {}
    block = {"b": {"pot": 3, "key": 1, "members": {"nis": ["002"]}}}
    assert shared(block, towns).amounts == [0, 300, 0]


def test_which_became_which() -> None:
    before = land([1, 2, 3, 4, 5])
    rows = lineage(
        ("001", "009", NOW), ("002", "009", NOW), ("009", "010", NOW), ("003", "010", NOW)
    )
    towns = before.table("municipalities")
    left = towns.filter(pl.col("nis").is_in(["004", "005"]))
    whole = left.clear().vstack(
        towns.head(1).with_columns(nis=pl.lit("010"), population=pl.lit(6, pl.Int64))
    )
    after = before.with_tables(municipalities=pl.concat([left, whole]), lineage=rows)
    assert steps(before, after) == {
        **dict.fromkeys(("001", "002", "003"), "010"), "004": "004", "005": "005",
    }  # fmt: skip
    split = lineage(("001", "004", NOW), ("001", "005", NOW))
    divided = before.with_tables(municipalities=towns.filter(pl.col("nis") != "001"), lineage=split)
    assert "001" not in steps(before, divided)
    stated = rules({"b": {"pot": 5, "key": 1}})
    found = compare(
        distribute(prepare(stated, before)), distribute(prepare(stated, divided, since=before))
    )
    assert found.gone == {"001": 100}
    back = compare(distribute(prepare(stated, divided)), distribute(prepare(stated, before)))
    assert back.new == ("001",)


def test_another_set_of_rules_on_the_same_land() -> None:
    was = shared({"b": {"pot": 150, "key": "population"}}, FIVE)
    found = compare(was, distribute(prepare(rules({"c": {"pot": 150, "key": 1}}), FIVE), was))
    assert changes(found) == {"001": 2000, "002": 1000, "003": 0, "004": -1000, "005": -2000}
    assert found.changes[0].blocks == {"b": (1000, 0), "c": (0, 3000)}
    assert not found.changes[2].exact_same  # the same sum, of another block


def test_one_figure_moved() -> None:
    found = shared({"b": {"pot": 150, "key": "population"}, "a": {"pot": 5, "key": 1}}, FIVE)
    moved = nudge(found, "001", "population", -fraction("50%"))
    assert changes(moved)["001"] == -483
    assert sum(changes(moved).values()) == 0
    assert all(change.blocks["a"][0] == change.blocks["a"][1] for change in moved.changes)
    with pytest.raises(InputError, match="no figure income in these rules"):
        nudge(found, "001", "income", fraction("1%"))
    gap = shared({"b": {"pot": 1, "key": 1}}, land([None, 5]))
    with pytest.raises(InputError, match=r"population is unknown for A \(001\)"):
        nudge(gap, "001", "population", fraction("1%"))


def test_a_slider() -> None:
    prepared = prepare(rules({"b": {"pot": 150, "key": "population", "floor": 5}}), FIVE)
    found = slide(prepared, "blocks.b.floor", [5, 15, 40])
    assert [step.found.amounts[0] if step.found else None for step in found] == [1000, 1500, None]
    assert found[2].fault is not None
    assert "the floors add up to € 200.00" in found[2].fault
    with pytest.raises(InputError, match=r"there is no blocks.c"):
        slide(prepared, "blocks.c.floor", [1, 2])
