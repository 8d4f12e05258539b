"""Sampling: within its stated error in repeated runs, the same for a seed, exact in its sum."""

from fractions import Fraction

import pytest

from samenspel.errors import InputError
from samenspel.sharing import formulas
from samenspel.sharing.functions import Called, Park, Site, Steps, Tree
from samenspel.sharing.sampling import CONFIDENCE, sample
from samenspel.sharing.share import share_function

F = Fraction


def names(count: int) -> tuple[str, ...]:
    return tuple(f"{i:03}" for i in range(count))


def stairs(count: int) -> Steps:
    sizes = tuple(1 + i * i % 7 for i in range(count))
    bounds = (sum(sizes) // 5, sum(sizes) // 2, sum(sizes))
    return Steps(names(count), sizes, bounds, (F(3000), F(7000), F(12000)))


def runway(count: int) -> Tree:
    """Where the cheapest party seldom adds anything: only when it comes first."""
    return Tree(names(count), tuple(range(-1, count - 1)), (F(100),) * count, tuple(range(count)))


@pytest.mark.parametrize("function", [stairs(26), runway(60)], ids=["stairs", "runway"])
def test_it_lies_within_its_error_in_repeated_runs(function: Steps | Tree) -> None:
    """For all parties at once in at least 95% of the runs with seeds 0 to 39."""
    right = formulas.shapley_of(function)
    assert right is not None
    within = 0
    for seed in range(40):
        found = sample(function, 200, seed)
        assert sum(found.amounts) == sum(right)
        within += all(
            abs(float(a - b)) <= error
            for a, b, error in zip(found.amounts, right, found.errors, strict=True)
        )
    assert within >= CONFIDENCE * 40


def test_the_error_is_no_empty_promise() -> None:
    """A tenth of the error would not hold, so the test above can fail."""
    function = stairs(26)
    right = formulas.shapley_of(function)
    assert right is not None
    found = sample(function, 200)
    assert any(
        abs(float(a - b)) > error / 10
        for a, b, error in zip(found.amounts, right, found.errors, strict=True)
    )


def test_more_orders_make_the_error_smaller() -> None:
    few, many = sample(stairs(30), 101), sample(stairs(30), 1600)
    assert max(many.errors) < max(few.errors) / 2
    assert few.orders == 100


def test_equal_seeds_give_equal_amounts() -> None:
    assert sample(stairs(30), 400, 7) == sample(stairs(30), 400, 7)
    assert sample(stairs(30), 400, 7).amounts != sample(stairs(30), 400, 8).amounts


def test_a_game_where_all_are_alike_has_no_error() -> None:
    found = sample(Called(names(40), lambda group: 5 * len(group)), 100)
    assert set(found.amounts) == {5}
    assert set(found.errors) == {0.0}


def test_three_hundred_parties_by_python() -> None:
    asked = []

    def cost(group: frozenset[str]) -> int:
        asked.append(len(group))
        return 100 * int(max(group))

    found = share_function(names(300), cost, ["shapley"], samples=100)
    assert found.estimate is not None
    assert sum(found.cents["shapley"]) == found.total == 29_900
    assert found.core.in_core == {"shapley": None}
    assert found.divisions["shapley"].how == "sampled"
    assert max(asked) == 300


def test_a_large_park() -> None:
    areas = tuple(F(1 + i % 4, 2) for i in range(40))
    park = Park(names(40), areas, (Site(0, F(100), F(10), F(30)), Site(5, F(50), F(20), F(40))),
                F(35), F(5))  # fmt: skip
    found = sample(park, 400)
    assert sum(found.amounts) == park.along(range(40))[-1]
    # Who has land gains more than who has as much need and none.
    assert found.amounts[0] < found.amounts[4]
    assert found.amounts[5] < found.amounts[1]


def test_what_cannot_be_sampled_is_refused() -> None:
    with pytest.raises(InputError, match="300"):
        sample(stairs(301))
    with pytest.raises(InputError, match="--samples 99"):
        sample(stairs(30), 99)
