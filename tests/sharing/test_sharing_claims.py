"""Claims: what every rule keeps, how rules mirror each other, and brute force."""

from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.money import whole_cents
from samenspel.sharing.claims import RULES, checked, common_part, random_arrival
from samenspel.sharing.functions import Estate, game_of
from samenspel.sharing.kohlberg import certified
from samenspel.sharing.nucleolus import nucleolus
from samenspel.sharing.rules import CLAIM_RULES

F = Fraction
SELF_DUAL = ("proportional", "talmud", "random_arrival", "adjusted_proportional")
TRUNCATION = ("constrained_equal_awards", "talmud", "random_arrival", "minimal_overlap",
              "adjusted_proportional")  # fmt: skip
CONSISTENT = ("proportional", "constrained_equal_awards", "constrained_equal_losses", "talmud")


@st.composite
def problems(draw: st.DrawFn, most: int = 5) -> tuple[int, list[int]]:
    owed = draw(st.lists(st.integers(0, 60), min_size=1, max_size=most))
    return draw(st.integers(0, sum(owed))), owed


@pytest.mark.parametrize("rule", RULES)
@given(problem=problems())
def test_nobody_gets_less_than_nothing_or_more_than_claimed(
    rule: str, problem: tuple[int, list[int]]
) -> None:
    estate, owed = problem
    amounts = RULES[rule](estate, owed)
    assert sum(amounts) == estate
    assert all(0 <= amount <= claim for amount, claim in zip(amounts, owed, strict=True))
    cents = whole_cents(amounts, estate)
    assert sum(cents) == estate
    assert all(0 <= amount <= claim for amount, claim in zip(cents, owed, strict=True))
    # A larger claim gets no less and loses no less, and equal claims get the same.
    order = sorted(range(len(owed)), key=lambda i: owed[i])
    for i, j in pairwise(order):
        assert amounts[i] <= amounts[j]
        assert owed[i] - amounts[i] <= owed[j] - amounts[j]
        if owed[i] == owed[j]:
            assert amounts[i] == amounts[j]


@pytest.mark.parametrize("rule", SELF_DUAL)
@given(problem=problems())
def test_losses_are_shared_as_gains_are(rule: str, problem: tuple[int, list[int]]) -> None:
    estate, owed = problem
    losses = RULES[rule](sum(owed) - estate, owed)
    assert RULES[rule](estate, owed) == [c - loss for c, loss in zip(owed, losses, strict=True)]


@given(problems())
def test_equal_awards_mirror_equal_losses(problem: tuple[int, list[int]]) -> None:
    estate, owed = problem
    losses = RULES["constrained_equal_losses"](sum(owed) - estate, owed)
    mirrored = [claim - loss for claim, loss in zip(owed, losses, strict=True)]
    assert RULES["constrained_equal_awards"](estate, owed) == mirrored


@pytest.mark.parametrize("rule", TRUNCATION)
@given(problem=problems())
def test_what_is_claimed_beyond_the_estate_is_void(
    rule: str, problem: tuple[int, list[int]]
) -> None:
    estate, owed = problem
    assert RULES[rule](estate, owed) == RULES[rule](estate, [min(c, estate) for c in owed])


@pytest.mark.parametrize("rule", CONSISTENT)
@given(problem=problems())
def test_who_leaves_with_its_part_changes_nothing(
    rule: str, problem: tuple[int, list[int]]
) -> None:
    estate, owed = problem
    amounts = RULES[rule](estate, owed)
    assert RULES[rule](estate - amounts[0], owed[1:]) == amounts[1:]


def test_not_every_rule_mirrors_or_keeps() -> None:
    """The other direction: the tests above can fail."""
    awards = RULES["constrained_equal_awards"]
    assert awards(10, [10, 30]) != [c - x for c, x in zip([10, 30], awards(30, [10, 30]),
                                                          strict=True)]  # fmt: skip
    assert RULES["proportional"](10, [10, 30]) != RULES["proportional"](10, [10, 10])
    arrival = RULES["random_arrival"](200, [100, 200, 300])
    assert RULES["random_arrival"](F(200) - 33, [200, 300])[0] != arrival[1]


@settings(max_examples=60)
@given(problems())
def test_random_arrival_by_every_order(problem: tuple[int, list[int]]) -> None:
    estate, owed = problem
    total = [F(0)] * len(owed)
    orders = list(permutations(range(len(owed))))
    for order in orders:
        left = estate
        for i in order:
            total[i] += min(left, owed[i])
            left -= min(left, owed[i])
    assert RULES["random_arrival"](estate, owed) == [amount / len(orders) for amount in total]


@settings(max_examples=60)
@given(problems())
def test_talmud_is_the_nucleolus_of_what_groups_are_sure_of(
    problem: tuple[int, list[int]],
) -> None:
    """Aumann and Maschler 1985, theorem D."""
    estate, owed = problem
    game = game_of(Estate(tuple(f"{i}" for i in range(len(owed))), tuple(owed), estate))
    found = nucleolus(game)
    assert found is not None
    amounts = RULES["talmud"](estate, owed)
    assert [-amount for amount in found.amounts] == amounts
    assert certified(game, [-amount for amount in amounts])


@given(problems())
def test_the_part_that_overlaps(problem: tuple[int, list[int]]) -> None:
    estate, owed = problem
    capped = [F(min(claim, estate)) for claim in owed]
    t = common_part(F(estate), capped)
    assert t + sum(max(F(0), claim - t) for claim in capped) == estate


def test_rules_are_described() -> None:
    assert set(RULES) == set(CLAIM_RULES)


def test_what_is_no_problem_is_refused() -> None:
    checked(5, [2, 3])
    with pytest.raises(InputError, match="larger"):
        checked(6, [2, 3])
    with pytest.raises(InputError, match="zero or more"):
        checked(-1, [2])
    with pytest.raises(InputError, match="24"):
        random_arrival(1, [1] * 25)
    with pytest.raises(ValueError, match="whole"):
        random_arrival(F(1, 2), [1])
