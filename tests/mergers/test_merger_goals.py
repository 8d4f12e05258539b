"""What alternatives are weighed by: every goal counted by hand, and goals that cannot be."""

from dataclasses import replace

import polars as pl
import pytest
from mergerlands import bare, hand, knowing, landscape, some, without

from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape

pytest.importorskip("numba")

from samenspel.mergers import alternatives
from samenspel.mergers.assess import Asked, assess
from samenspel.mergers.figures import figures
from samenspel.mergers.goals import GOALS, Counted, counted
from samenspel.mergers.signs import flags
from samenspel.mergers.wording import front_told
from samenspel.mergers.zone import Bounds, zones_of

SETS = ("A", "B", "D", "E", "AB", "DE", "ABDE")
# By hand: A 10, B 20, D 5, E 30 inhabitants; tables of A: i1 i2 i3 i5 o1, of B: i1 i2 i3 i4 o1, of
# D: i3 i5 p1, of E: i3 i4 p1; commuters within A 4, B 8, D 1, E 20, with 3 more in AB, 3 in DE
# and 1 + 3 + 3 + 6 + 2 + 1 in all.
VALUES = {
    "smallest": [10, 20, 5, 30, 30, 35, 65],
    "moved": [0, 0, 0, 0, 10, 5, 35],
    "internal": [0, 0, 0, 0, 2, 0, 3],
    "tables": [5, 5, 3, 3, 6, 4, 7],
    "commuting": [4, 8, 1, 20, 15, 24, 51],
    "zonings_cut": [0, 0, 0, 0, 1, 1, 3],
    "centre_left_out": [0, 0, 0, 0, 1, 0, 0],
    "below": [10, 20, 5, 0, 0, 0, 0],
}


def of(land: Landscape, goals: tuple[str, ...] | None, *groups: str) -> Counted | None:
    known, sets = knowing(land), some(land, *(groups or SETS))
    (zone,) = zones_of(land, "Z", "z1")
    rows = figures(known.facts, known.seated, sets, "Z")
    flagged = flags(known.facts, zone, sets, rows, 30)
    return counted(rows, flagged, sets.sizes, goals, 30)


@pytest.mark.parametrize("goal", VALUES)
def test_what_each_set_brings_to_a_goal(goal: str) -> None:
    other = "moved" if goal == "smallest" else "smallest"
    found = of(hand(), (goal, other))
    assert found is not None
    assert found.values[:, 0].tolist() == VALUES[goal]


def test_every_goal_is_counted_above() -> None:
    assert VALUES.keys() == {goal.id for goal in GOALS}


def test_what_is_partly_known_is_counted_and_told() -> None:
    # D may be in i7 too: of its partnerships 2 of 3 are known to be active.
    found = of(hand(), ("internal", "smallest"))
    assert found is not None
    assert found.known == (pytest.approx((1 + 1 + 2 / 3 + 1) / 4), 1.0)


@pytest.mark.parametrize("goal", ["smallest", "moved", "below", "commuting", "centre_left_out"])
def test_a_goal_that_is_not_known_everywhere_is_refused(goal: str) -> None:
    other = "tables" if goal != "tables" else "internal"
    with pytest.raises(InputError, match=f"The goal {goal} .* is not known of every municipality"):
        of(hand(), (goal, other), "C", "F", "H", "CF")


def test_default_goals_that_are_not_known_are_left_out() -> None:
    found = of(hand(), None)
    assert found is not None
    assert [goal.id for goal in found.goals] == ["smallest", "moved", "internal"]
    land = without("partnerships", "memberships", "mandates")
    known = of(land, None)
    assert known is not None
    assert [goal.id for goal in known.goals] == ["smallest", "moved"]
    assert known.left_out == ("internal",)
    assert of(hand(), None, "C", "F", "H") is None
    assert of(landscape(**bare()), None) is None


WRONG = [
    (("beauty", "moved"), "There is no goal “beauty”"),
    (("moved",), "two to four"),
    (("moved", "moved"), "two to four"),
    (("smallest", "moved", "internal", "tables", "commuting"), "two to four"),
]


@pytest.mark.parametrize(("goals", "text"), WRONG)
def test_wrong_goals(goals: tuple[str, ...], text: str) -> None:
    with pytest.raises(InputError, match=text):
        of(hand(), goals)


def test_below_needs_a_bound() -> None:
    land = hand()
    (zone,) = zones_of(land, "Z", "z1")
    with pytest.raises(InputError, match="--at-least"):
        assess(knowing(land), zone, Asked(goals=("below", "moved")))


def test_the_alternatives_of_the_hand_drawn_zone() -> None:
    # G is apart, so it stays and is counted in every goal: 8 inhabitants, of whom nobody moves.
    land = hand()
    (zone,) = zones_of(land, "Z", "z1")
    found = assess(knowing(land), zone, Asked(goals=("smallest", "moved"))).alternatives
    assert found is not None
    plans = [
        sorted("".join(land.index.nis[t] for t in found.sets.of(i)) for i in plan)
        for plan in found.plans
    ]
    assert found.complete
    # With D merged the smallest is G; the fewest who move for that are those of D itself.
    assert found.values.tolist() == [[8, 5], [5, 0]]
    assert plans[1] == ["A", "B", "D", "E", "G"]
    assert plans[0] in (["AD", "B", "E", "G"], ["A", "B", "DE", "G"])
    assert (found.status_quo.tolist(), found.dominated) == ([5, 0], False)


def test_a_status_quo_that_another_betters_is_told() -> None:
    land = hand()
    (zone,) = zones_of(land, "Z", "z1")
    asked = Asked(Bounds((2, 2)), goals=("smallest", "internal"))
    found = assess(knowing(land), zone, asked).alternatives
    assert found is not None
    # A with B leaves two partnerships to themselves; D with E makes 8 of G the smallest.
    assert found.values.tolist() == [[8, 2]]
    assert found.dominated is True


def test_no_alternatives_where_none_are_asked() -> None:
    land = hand()
    (zone,) = zones_of(land, "Z", "z1")
    found = assess(knowing(land), zone, Asked(goals=()))
    assert found.alternatives is None
    assert found.figures.filter(pl.Series(found.every.sizes > 1)).height == 9


def test_where_not_all_can_be_found_a_part_is_told_as_a_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("ortools")
    land = hand()
    (zone,) = zones_of(land, "Z", "z1")
    asked = Asked(goals=("smallest", "internal", "moved"))
    every = assess(knowing(land), zone, asked).alternatives
    assert every is not None
    monkeypatch.setattr(alternatives, "front", lambda *_words: None)
    part = assess(knowing(land), zone, replace(asked, count=1)).alternatives
    assert part is not None
    assert (len(part.plans), part.complete, part.dominated) in ((1, False, None), (1, False, False))
    assert {tuple(row) for row in part.values.tolist()} < {tuple(r) for r in every.values.tolist()}
    none = assess(knowing(land), zone, replace(asked, seconds=0.0)).alternatives
    assert none is not None
    assert (len(none.plans), none.complete, none.dominated) == (0, False, None)
    rest = assess(knowing(land), zone, replace(asked, seconds=None, count=99)).alternatives
    assert rest is not None
    assert rest.complete
    assert sorted(rest.values.tolist()) == sorted(every.values.tolist())


@pytest.mark.parametrize(
    ("complete", "found", "text"),
    [
        (True, 3, "All alternatives are found; that is proven."),
        (False, 3, "These are a part of the alternatives"),
        (False, 0, "No alternative was found in time"),
    ],
)
def test_how_sure_it_is_is_said(complete: bool, found: int, text: str) -> None:
    told = {"complete": complete, "found": found, "goals_left_out": [],
            "rows": [{"dominated": None}]}  # fmt: skip
    said = " ".join(front_told(told))
    assert text in said
    assert said.count("proven") == (0 if found == 0 else 1)
