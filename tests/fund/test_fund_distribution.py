"""What a fund gives: a case by hand, every rule in both directions, sums that always hold."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fundlands import DAY, land, rules, shared
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.fund.distribution import distribute, prepare
from samenspel.fund.facts import exact
from samenspel.fund.reading import example, read_rules, with_value
from samenspel.fund.telling import as_json
from samenspel.landscape.example import example as example_land
from samenspel.landscape.landscape import Landscape

FOUR = land([1000, 2000, 3000, 4000], [10.0, 20.0, 5.0, 5.0], ["a", "a", "b", None])


def amounts(blocks: dict[str, Any], landscape: Landscape = FOUR, **more: Any) -> list[int]:
    return shared(blocks, landscape, **more).amounts


def test_by_hand() -> None:
    # 10001 cents by 1 2 3 4: 1000.1, 2000.2, 3000.3, 4000.4; the one cent left to the last.
    assert amounts({"b": {"pot": 100.01, "key": "population"}}) == [1000, 2000, 3000, 4001]
    # 7000 cents by 10 20 5 5.
    assert amounts({"a": {"pot": 70, "key": "area_km2"}}) == [1750, 3500, 875, 875]
    # A floor of 12 holds the last two; 4600 by 10 20 is 1533 1/3 and 3066 2/3.
    floored = {"pot": 70, "key": "area_km2", "floor": 12}
    assert amounts({"a": floored}) == [1533, 3067, 1200, 1200]
    # A cap of 30 for the second: 4000 by 10 5 5.
    assert amounts({"a": {"pot": 70, "key": "area_km2", "cap": 30}}) == [2000, 3000, 1000, 1000]
    both = {"b": {"pot": 100.01, "key": "population"}, "a": floored}
    found = shared(both, FOUR)
    assert found.amounts == [2533, 5067, 4200, 5201]
    assert found.total == 17001
    assert found.blocks == {"b": [1000, 2000, 3000, 4001], "a": [1533, 3067, 1200, 1200]}


def test_bounds_may_be_per_inhabitant() -> None:
    # Floors of 4, 8, 12 and 16 euro hold the last two; 4200 cents by 10 20 for the others.
    block = {"pot": 70, "key": "area_km2", "floor": "0.004 * population"}
    assert amounts({"a": block}) == [1400, 2800, 1200, 1600]


def test_bounds_with_parts_of_a_cent_are_kept() -> None:
    # A floor of 8.755 euro is 876 cents, a cap of 34.999 euro 3499.
    block = {"pot": 70, "key": "area_km2", "floor": 8.755, "cap": 34.999}
    assert amounts({"a": block}) == [1749, 3499, 876, 876]


def test_segments_divide_their_part() -> None:
    block = {
        "pot": 100,
        "segments": {
            "one": {"share": "60%", "key": "population", "members": {"nis": ["001", "002"]}},
            "two": {"share": "rest", "key": 1, "members": {"where": "population > 2500"}},
        },
    }
    assert amounts({"s": block}) == [2000, 4000, 2000, 2000]


def test_segments_exclude_each_other_unless_stated() -> None:
    both: dict[str, Any] = {
        "pot": 100,
        "segments": {
            "one": {"pot": 60, "key": "population"},
            "two": {"pot": 40, "key": 1, "members": {"where": "population > 2500"}},
        },
    }
    with pytest.raises(InputError, match=r"blocks.s.segments.two: C \(003\) is in segment one too"):
        amounts({"s": both})
    assert amounts({"s": both | {"overlap": True}}) == [600, 1200, 3800, 4400]


@pytest.mark.parametrize(
    ("shares", "pots"),
    [
        (["50%", "rest"], [500, 500]),
        (["1/3", "1/3", "1/3"], [334, 333, 333]),
        (["1/3", "rest"], [333, 667]),
        (["rest"], [1000]),
        ([0.25, "75%"], [250, 750]),
        (["0%", "100%"], [0, 1000]),
    ],
)
def test_the_total_is_parted_to_the_cent(shares: list[Any], pots: list[int]) -> None:
    blocks = {f"b{i}": {"share": share, "key": 1} for i, share in enumerate(shares)}
    assert list(prepare(rules(blocks, total=10), FOUR).pots) == pots


@pytest.mark.parametrize(
    ("shares", "sum_"), [(["50%", "40%"], "9.00"), (["60%", "60%"], "12.00"), (["70%"], "7.00")]
)
def test_parts_that_are_not_the_whole_are_refused(shares: list[str], sum_: str) -> None:
    blocks = {f"b{i}": {"share": share, "key": 1} for i, share in enumerate(shares)}
    with pytest.raises(InputError, match=f"key blocks: the parts add up to € {sum_} of € 10.00"):
        amounts(blocks, total=10)


def test_pots_and_shares_together() -> None:
    blocks = {"a": {"pot": 4, "key": 1}, "b": {"share": "rest", "key": 1}}
    assert list(prepare(rules(blocks, total=10), FOUR).pots) == [400, 600]
    with pytest.raises(InputError, match=r"€ 4.00 of € 10.00"):
        amounts({"a": {"pot": 4, "key": 1}}, total=10)
    two = {"a": {"share": "rest", "key": 1}, "b": {"share": "rest", "key": 1}}
    with pytest.raises(InputError, match="a, b each take the rest"):
        amounts(two, total=10)


def test_the_unknown_is_refused_left_out_or_given_a_value() -> None:
    incomes = {"income": {2020: [10.0, None, 30.0, 60.0]}}
    towns = land([1000, 2000, 3000, 4000], figures=incomes)
    figure: dict[str, Any] = {"key": "income", "year": 2020}
    block: dict[str, Any] = {"pot": 1, "key": "income"}
    with pytest.raises(InputError, match=r"key blocks.b: income is unknown for B \(002\)"):
        amounts({"b": block}, towns, figures={"income": figure})
    found = shared({"b": block | {"unknown": "leave_out"}}, towns, figures={"income": figure})
    assert found.amounts == [10, 0, 30, 60]
    assert found.left_out == {"b": (1,)}
    filled = {"income": figure | {"unknown": 100}}
    assert amounts({"b": block}, towns, figures=filled) == [5, 50, 15, 30]


def test_who_is_left_out_is_in_no_total() -> None:
    incomes = {"income": {2020: [10.0, None, 30.0, 60.0]}}
    towns = land([1000, 2000, 3000, 4000], figures=incomes)
    key = "population * total(income) / total(population)"
    block = {"pot": 8, "key": key, "unknown": "leave_out"}
    found = shared({"b": block}, towns, figures={"income": {"key": "income", "year": 2020}})
    assert found.amounts == [100, 0, 300, 400]
    assert found.divided[0].portion.totals == {"income": 100, "population": 8000}
    assert found.divided[0].portion.counted == 3


def test_unknown_membership() -> None:
    block: dict[str, Any] = {"pot": 1, "key": 1, "members": {"equipment_level": ["a", "b"]}}
    with pytest.raises(InputError, match=r"membership is unknown for D \(004\)"):
        amounts({"b": block})
    assert amounts({"b": block | {"unknown": "leave_out"}}) == [34, 33, 33, 0]
    elsewhere = block | {"members": {"equipment_level": "a", "nis": ["001", "002", "003"]}}
    assert amounts({"b": elsewhere}) == [50, 50, 0, 0]


def test_what_nobody_needs_may_be_unknown() -> None:
    towns = land([1000, 2000, None, 4000])
    block = {"pot": 3, "key": "population", "members": {"nis": ["001", "002"]}}
    assert amounts({"b": block}, towns) == [100, 200, 0, 0]


def test_nobody() -> None:
    block: dict[str, Any] = {"pot": 1, "key": 1, "members": {"where": "population > 9999"}}
    with pytest.raises(InputError, match=r"nobody takes part.* € 1.00 cannot be shared"):
        amounts({"b": block})
    found = shared({"b": block | {"nobody": "unspent"}}, FOUR)
    assert (found.amounts, found.unspent, found.total) == ([0, 0, 0, 0], 100, 0)
    zero = {"pot": 1, "key": "max(0, population - 9999)"}
    with pytest.raises(InputError, match="nobody takes part"):
        amounts({"b": zero})


def test_nobody_because_all_is_unknown() -> None:
    towns = land([1, 2])
    block = {"pot": 1, "key": 1, "members": {"equipment_level": "a"}, "unknown": "leave_out"}
    with pytest.raises(InputError, match=r"something is unknown for A \(001\), B \(002\)"):
        amounts({"b": block}, towns)


def test_over_all_what_others_would_get_stays_unspent() -> None:
    block: dict[str, Any] = {"pot": 10, "key": "population", "members": {"nis": ["001", "002"]}}
    assert amounts({"b": block}) == [333, 667, 0, 0]
    found = shared({"b": block | {"divided_over": "all"}}, FOUR)
    assert (found.amounts, found.unspent) == ([100, 200, 0, 0], 700)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"floor": 30}, "the floors add up to € 120.00, more than the pot of € 70.00"),
        ({"cap": 10}, "the caps add up to € 40.00, less than the pot of € 70.00"),
        ({"floor": 9, "cap": 8}, r"the floor is above the cap for A \(001\)"),
        ({"key": "1 - population / 3000"}, r"is below zero for D \(004\); it cannot be"),
        ({"key": "1 / (population - 2000)"}, r"divides by zero for B \(002\)"),
        ({"members": {"where": "1 / (population - 2000) > 0"}}, r"divides by zero for B \(002\)"),
        ({"members": {"nis": ["009"]}}, "009 is no municipality of this landscape"),
        ({"members": {"zones": {"REGIO": ["N"]}}}, "there is no zone N in zoning REGIO"),
    ],
)
def test_what_cannot_be_divided_is_said_with_its_key(more: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError, match=f"^test, key blocks.b.*{what}"):
        amounts({"b": {"pot": 70, "key": "area_km2"} | more})


def test_a_supplement_is_called_so() -> None:
    more: dict[str, Any] = {"b": {"pot": 4, "key": 1}, "s": {"supplement": "population - 2000"}}
    with pytest.raises(InputError, match=r"key blocks\.s\.supplement: .* below zero for A \(001\)"):
        amounts(more)
    kept = more | {"s": {"supplement": "max(0, population - 2000) / 1000"}}
    assert amounts(kept) == [100, 100, 200, 300]


def test_what_cannot_be_divided_is_said_with_its_line(tmp_path: Path) -> None:
    text = """\
title: Test
total: 10.00
figures: {x: {values: {"009": 1}}}
blocks:
  a: {share: 60%, key: area_km2}
  b:
    share: rest
    segments:
      one: {share: rest, key: population, floor: FLOOR}
"""
    file = tmp_path / "rules.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"rules.yaml, line 9, key .*floor: there is no figure"):
        read_rules(file)
    file.write_text(text.replace("FLOOR", "100.00"), "utf-8")
    with pytest.raises(InputError, match=r"rules.yaml, line 3, key figures.x: 009 is no muni"):
        prepare(read_rules(file), FOUR)
    text = text.replace("009", "001")
    file.write_text(text.replace("FLOOR", "100.00"), "utf-8")
    with pytest.raises(InputError, match=r"yaml, line 9, key blocks.b.segments.one: the floors"):
        distribute(prepare(read_rules(file), FOUR))
    file.write_text(text.replace("FLOOR", "1.00").replace("60%", "160/100"), "utf-8")
    with pytest.raises(InputError, match=r"line 5, key blocks\.a\.share: 160/100 is no share"):
        read_rules(file)
    file.write_text(text.replace("FLOOR", "1.00").replace("share: 60%", "share: rest"), "utf-8")
    with pytest.raises(InputError, match="line 4, key blocks: a, b each take the rest"):
        prepare(read_rules(file), FOUR)
    good = text.replace("FLOOR", "1.00")
    file.write_text(good, "utf-8")
    stated = read_rules(file)
    assert distribute(prepare(stated, FOUR)).total == 1000
    # A value put over the file stands on no line of it.
    other = with_value(stated, "blocks.b.segments.one.floor", "100.00")
    with pytest.raises(InputError, match=r"rules.yaml, key blocks.b.segments.one: the floors"):
        distribute(prepare(other, FOUR))


def test_floors_below_zero_are_none() -> None:
    assert amounts({"b": {"pot": 4, "key": 1, "floor": "1 - population", "cap": 1}}) == [100] * 4


def test_a_supplement_comes_on_top() -> None:
    blocks = {
        "b": {"pot": 100, "key": "population"},
        "top": {"supplement": "max(0, 25 - received)", "members": {"nis": ["001", "003", "004"]}},
        "each": {"supplement": "population / 300"},
    }
    found = shared(blocks, FOUR)
    assert found.blocks["top"] == [1500, 0, 0, 0]
    assert found.blocks["each"] == [333, 667, 1000, 1333]
    assert found.total == 10_000 + 1500 + 3333
    with pytest.raises(InputError, match=r"is below zero for C \(003\), D \(004\)"):
        amounts(blocks | {"top": {"supplement": "25 - received"}})


def test_a_guarantee_in_the_pot_and_on_top() -> None:
    last_year = {"values": {"001": 20, "002": 20, "003": 30, "004": 20}, "status": "choice"}
    inside = {"b": {"pot": 100, "key": "population", "floor": "last_year"}}
    # 20 and 20 and 30 are held; the last takes what is left.
    assert amounts(inside, figures={"last_year": last_year}) == [2000, 2000, 3000, 3000]
    top = {
        "b": {"pot": 100, "key": "population"},
        "guarantee": {"supplement": "max(0, 0.95 * last_year - received)"},
    }
    found = shared(top, FOUR, figures={"last_year": last_year})
    assert found.blocks["guarantee"] == [900, 0, 0, 0]


def test_rules_hold_on_their_days() -> None:
    blocks = {
        "old": {"block": "b", "pot": 4, "key": 1, "valid_to": "2026-01-01"},
        "new": {"block": "b", "pot": 8, "key": 1, "valid_from": "2026-01-01"},
    }
    dated = {
        name: {k: date.fromisoformat(v) if k.startswith("valid") else v for k, v in block.items()}
        for name, block in blocks.items()
    }
    stated = rules(dated)
    assert distribute(prepare(stated, FOUR)).blocks == {"b": [100] * 4}
    later = distribute(prepare(stated, FOUR, date(2026, 1, 1)))
    assert later.blocks == {"b": [200] * 4}
    only = rules({"old": dated["old"]})
    with pytest.raises(InputError, match="no block holds on 2026-01-01"):
        prepare(only, FOUR, date(2026, 1, 1))


def test_the_pot_grows_with_the_years() -> None:
    pot = {"amount": 100, "growth": "3.5%", "year": 2024}
    assert prepare(rules({"b": {"pot": pot, "key": 1}}), FOUR).pots == (10_350,)
    with pytest.raises(InputError, match=r"key blocks.b: the amount is that of 2024"):
        prepare(rules({"b": {"pot": pot, "key": 1}}), FOUR, date(2020, 1, 1))


def test_the_year_of_a_figure() -> None:
    towns = land([1, 1], figures={"x": {2019: [3.0, 1.0], 2020: [1.0, 1.0]}})
    block = {"b": {"pot": 1, "key": "f"}}
    for year, expected in ((2019, [75, 25]), (2020, [50, 50]), ("latest", [50, 50])):
        figure = {"f": {"key": ["y", "x"], "year": year}}
        assert amounts(block, towns, figures=figure) == expected
    with pytest.raises(InputError, match=r"key figures.f: this landscape has no x of 2018; it has"):
        amounts(block, towns, figures={"f": {"key": "x", "year": 2018}})
    with pytest.raises(InputError, match=r"this landscape has no figure y; it has x"):
        amounts(block, towns, figures={"f": {"key": "y", "year": 2018}})


def test_of_two_maps_the_latest_counts() -> None:
    table = pl.DataFrame(
        {"nis": ["001", "001"], "key": "x", "year": 2020, "map_year": [2025, 2019],
         "value": [7.0, 3.0]}
    )  # fmt: skip
    towns = land([1]).with_tables(figures=table)
    facts = prepare(rules({"b": {"pot": 1, "key": "f"}}, figures={"f": {"key": "x", "year": 2020}}),
                    towns).facts  # fmt: skip
    assert facts.columns["f"].values == (7,)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (204.266, Fraction(204266, 1000)),
        (204.266 + 3.901, Fraction(208167, 1000)),
        (0.1 + 0.2, Fraction(3, 10)),
        (5344170532.04, Fraction(534417053204, 100)),
        (1e22, 10**22),
        (12, 12),
        (3.0, 3),
    ],
)
def test_a_figure_is_what_its_decimals_say(value: float, expected: Fraction) -> None:
    assert exact(value) == expected


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.floats(0.01, 500)), min_size=1, max_size=8),
    st.integers(0, 10**12),
    st.integers(0, 100),
    st.integers(1, 200),
    st.integers(0, 100),
)
def test_every_block_adds_up(
    towns: list[tuple[int, float]], pot: int, floor: int, cap: int, first: int
) -> None:
    people, areas = [p for p, _a in towns], [round(a, 3) for _p, a in towns]
    blocks = {
        "b": {"share": f"{first}%", "key": "population"},
        "a": {"share": "rest", "key": "area_km2 / population + 1",
              "floor": f"{floor}/100 * {pot} / 10000", "cap": f"{cap} * {pot}"},
    }  # fmt: skip
    euro = f"{pot // 100}.{pot % 100:02d}"
    stated = rules(blocks, total=euro)
    try:
        found = distribute(prepare(stated, land(people, areas)))
    except InputError as error:
        assert "the floors add up" in str(error)  # noqa: PT017
        return
    assert found.total == pot
    for name, size in zip(blocks, found.prepared.pots, strict=True):
        assert sum(found.blocks[name]) == size
    assert all(cents >= 0 for cents in found.amounts)


def test_the_shipped_example_runs_on_the_example_land() -> None:
    found = distribute(prepare(example(), example_land()))
    assert found.total == 10_000_000_000
    assert found.prepared.facts.columns["income"].key == "taxable_income"
    told = as_json(found, "equipment_level")
    assert sum(block["amount_cents"] for block in told["blocks"]) == found.total
    assert [block["left_out"] for block in told["blocks"]] == [[], ["00010"], [], []]


def test_json_says_what_it_is() -> None:
    found = shared({"b": {"pot": 1, "key": "population"}}, FOUR)
    told = as_json(found)
    assert told["total_cents"] == 100
    assert told["rules"]["status"] == "choice"
    assert told["rules"]["date"] == DAY.isoformat()
    assert [town["nis"] for town in told["municipalities"]] == ["001", "002", "003", "004"]
    first = told["municipalities"][0]
    assert first == {
        "nis": "001", "name": "A", "amount_cents": 10, "per_inhabitant": 0.0001,
        "population": 1000, "blocks": {"b": 10},
    }  # fmt: skip
    assert told["blocks"][0]["segments"][0]["key"] == "population"


def test_a_slider_gives_what_starting_anew_gives() -> None:
    blocks: dict[str, Any] = {
        "b": {"share": "50%", "key": "population", "floor": 1},
        "s": {"share": "rest", "segments": {
            "x": {"share": "40%", "key": "area_km2"},
            "y": {"share": "rest", "key": 1, "members": {"where": "population > 2500"}},
        }, "overlap": True},
    }  # fmt: skip
    prepared = prepare(rules(blocks, total=100), FOUR)
    for path, value in (
        ("total", 70), ("blocks.b.share", "10%"), ("blocks.s.segments.x.share", "5%"),
        ("blocks.b.floor", 9), ("blocks.b.key", "area_km2"),
        ("blocks.s.segments.y.members.where", "population > 3500"), ("blocks.s.segments.x.cap", 7),
    ):  # fmt: skip
        moved = prepared.with_value(path, value)
        anew = prepare(moved.rules, FOUR)
        assert distribute(moved).blocks == distribute(anew).blocks
        assert distribute(moved).blocks != distribute(prepared).blocks
    kept = prepared.with_value("total", 70)
    assert all(a is b for a, b in zip(kept.portions, prepared.portions, strict=True))


def test_one_figure_of_one_municipality() -> None:
    prepared = prepare(rules({"b": {"pot": 100, "key": "population / total(population)"}}), FOUR)
    moved = prepared.with_figure("001", "population", 11_000)
    assert distribute(moved).amounts == [5500, 1000, 1500, 2000]
    assert distribute(prepared).amounts == [1000, 2000, 3000, 4000]
