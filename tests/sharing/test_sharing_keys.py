"""Keys and posts: shares that add up, floors and caps in both directions, what settles a ledger."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.money import whole_cents
from samenspel.sharing.keys import EQUAL, OWN, Key, Limit, divided, weights
from samenspel.sharing.ledger import (
    BENEFIT,
    BURDEN,
    COST,
    DIRECT,
    ESTIMATED,
    FORGONE,
    GAIN,
    INDIRECT,
    MEASURED,
    Post,
    ledger,
    truncated,
)

F = Fraction
FIGURES = {"people": {"A": F(60), "B": F(30), "C": F(10)}, "use": {"A": F(1), "B": F(0), "C": F(3)}}
ALL = ("A", "B", "C")


def shares(total: int, key: Key) -> list[Fraction]:
    return divided(F(total), key, ALL, FIGURES)


def test_equal_figure_and_mixture() -> None:
    assert shares(900, Key({EQUAL: F(1)})) == [300, 300, 300]
    assert shares(900, Key({"people": F(1)})) == [540, 270, 90]
    assert shares(900, Key({"people": F(1, 3), EQUAL: F(1, 3), "use": F(1, 3)})) == [
        180 + 100 + 75, 90 + 100, 30 + 100 + 225
    ]  # fmt: skip
    assert weights(Key({"use": F(1)}), ALL, FIGURES) == [F(1, 4), 0, F(3, 4)]


def test_a_floor_binds_or_not() -> None:
    low = Key({"people": F(1)}, floor={"C": Limit(F(200))})
    assert shares(900, low) == [F(1400, 3), F(700, 3), 200]
    assert shares(9000, low) == [5400, 2700, 900]
    part = Key({"people": F(1)}, floor={"C": Limit(F(1, 5), relative=True)})
    assert shares(1000, part)[2] == 200


def test_a_cap_binds_or_not() -> None:
    high = Key({"people": F(1)}, cap={"A": Limit(F(500))})
    assert shares(900, high) == [500, 300, 100]
    assert shares(600, high) == [360, 180, 60]
    half = Key({"people": F(1)}, cap={"A": Limit(F(1, 2), relative=True)})
    assert shares(1000, half) == [500, 375, 125]


def test_one_limit_drives_another() -> None:
    """The cap of A pushes B up to its own, and C bears the rest."""
    both = Key({"people": F(1)}, cap={"A": Limit(F(500)), "B": Limit(F(290))})
    assert shares(900, both) == [500, 290, 110]
    against = Key({"people": F(1)}, floor={"C": Limit(F(400))}, cap={"A": Limit(F(100))})
    assert shares(900, against) == [100, 400, 400]
    all_low = Key({"people": F(1)}, floor=dict.fromkeys(ALL, Limit(F(300))))
    assert shares(900, all_low) == [300, 300, 300]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (Key({EQUAL: F(1)}, floor=dict.fromkeys(ALL, Limit(F(301)))), "floors come to 9.03"),
        (Key({EQUAL: F(1)}, cap=dict.fromkeys(ALL, Limit(F(299)))), "caps leave 0.03"),
        (Key({"use": F(1)}, cap={"A": Limit(F(1)), "C": Limit(F(2))}), "caps leave 8.97"),
        (Key({EQUAL: F(1)}, {"A": Limit(F(5))}, {"A": Limit(F(4))}), "floor of 0.05"),
    ],
)
def test_limits_without_a_way_are_refused(key: Key, says: str) -> None:
    with pytest.raises(InputError, match=says):
        shares(900, key)


def test_unknown_is_not_zero() -> None:
    key = Key({"partly": F(1)})
    with pytest.raises(InputError, match="not known for B"):
        divided(F(1), key, ALL, {"partly": {"A": F(1)}})
    with pytest.raises(InputError, match="zero for all"):
        divided(F(1), key, ALL, {"partly": dict.fromkeys(ALL, F(0))})
    assert divided(F(8), key, ("A",), {"partly": {"A": F(1)}}) == [8]


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(0, 50), min_size=1, max_size=6),
    st.data(),
)
def test_shares_add_up_within_their_limits(
    total: int, values: list[int], data: st.DataObject
) -> None:
    parties = "ABCDEF"[: len(values)]
    figures = {"x": {code: F(v) for code, v in zip(parties, values, strict=True)}}
    limits = st.dictionaries(st.sampled_from(parties), st.integers(0, 10**6).map(F).map(Limit))
    key = Key({"x": F(3, 4), EQUAL: F(1, 4)}, data.draw(limits), data.draw(limits))
    if not sum(values):
        return
    try:
        found = divided(F(total), key, tuple(parties), figures)
    except InputError:
        floors = sum(limit.amount for limit in key.floor.values())
        caps = [key.cap[c].amount if c in key.cap else None for c in parties]
        crossed = any(key.floor[c].amount > key.cap[c].amount for c in key.floor if c in key.cap)
        full = None not in caps and sum(cap for cap in caps if cap is not None) < total
        assert floors > total or crossed or full
        return
    assert sum(found) == total
    cents = whole_cents(found, total)
    assert sum(cents) == total
    rates = set()
    mine = weights(key, tuple(parties), figures)
    for code, amount, whole, weight in zip(parties, found, cents, mine, strict=True):
        low = key.floor[code].amount if code in key.floor else F(0)
        high = key.cap[code].amount if code in key.cap else F(total)
        assert low <= amount <= max(high, low)
        assert low <= whole <= max(high, low)
        if low < amount < high:
            rates.add(amount / weight)
    assert len(rates) <= 1  # between the limits all pay at one rate


def post(kind: str, total: int, today: tuple[int, ...] | None, key: str = "people",
         certainty: str | None = None) -> Post:  # fmt: skip
    return Post("p", "p", kind, total, today, key, certainty)


KEYS = {"people": Key({"people": F(1)}), EQUAL: Key({EQUAL: F(1)})}


def test_a_settlement_moves_what_falls_on_one_to_all() -> None:
    made = ledger(ALL, [post(COST, 1000, (1000, 0, 0)), post(BENEFIT, 500, (0, 0, 500))],
                  KEYS, FIGURES)  # fmt: skip
    assert made.agreed_cents((COST,)) == [600, 300, 100]
    assert made.settlement((COST,)) == [-400, 300, 100]
    # C holds the income: it hands over what is above its part.
    assert made.settlement((BENEFIT,)) == [-300, -150, 450]
    assert made.settlement(DIRECT) == [-700, 150, 550]
    assert sum(made.settlement(DIRECT)) == 0
    assert made.agreed_cents(DIRECT) == [300, 150, 50]


def test_what_is_paid_together_is_paid_in() -> None:
    made = ledger(ALL, [post(COST, 1000, None)], KEYS, FIGURES)
    assert made.settlement((COST,)) == [600, 300, 100]


def test_each_keeps_its_own() -> None:
    made = ledger(ALL, [post(BENEFIT, 9, (2, 3, 4), OWN)], KEYS, FIGURES)
    assert made.settlement(DIRECT) == [0, 0, 0]
    assert made.agreed_cents((BENEFIT,)) == [-2, -3, -4]


def test_estimates_stand_apart() -> None:
    posts = [
        post(COST, 300, (300, 0, 0), EQUAL),
        post(FORGONE, 600, (0, 600, 0), EQUAL, ESTIMATED),
        post(BURDEN, 90, (0, 0, 90), EQUAL, MEASURED),
        post(GAIN, 30, (30, 0, 0), EQUAL, ESTIMATED),
    ]
    made = ledger(ALL, posts, KEYS, FIGURES)
    every = (*DIRECT, FORGONE, *INDIRECT)
    assert made.settlement((FORGONE,)) == [200, -400, 200]
    assert made.settlement(INDIRECT) == [30 + 20, 30 - 10, -60 - 10]
    assert made.settlement(every, estimated=False) == [-200 + 30, 100 + 30, 100 - 60]
    assert made.as_json()["totals_cents"][FORGONE] == {"all": 600, "without_estimated": 0}
    assert [line.post.kind for line in made.of(every, estimated=False)] == [COST, BURDEN]


@given(st.lists(st.tuples(st.sampled_from([COST, BENEFIT, FORGONE, BURDEN, GAIN]),
                          st.lists(st.integers(0, 10**5), min_size=3, max_size=3),
                          st.sampled_from(["people", EQUAL, OWN])), max_size=6))  # fmt: skip
def test_a_ledger_adds_up_both_ways(rows: list[tuple[str, list[int], str]]) -> None:
    posts = [post(kind, sum(today), tuple(today), key) for kind, today, key in rows]
    made = ledger(ALL, posts, KEYS, FIGURES)
    every = (*DIRECT, FORGONE, *INDIRECT)
    for line in made.lines:
        assert sum(line.cents) == line.post.total == sum(line.exact)
    assert sum(made.settlement(every)) == 0
    now = [sum(p.sign * (p.today or (0, 0, 0))[i] for p in posts) for i in range(3)]
    ends = [a + b for a, b in zip(now, made.settlement(every), strict=True)]
    assert ends == made.agreed_cents(every)


def test_cut_down_amounts_miss_what_they_miss() -> None:
    assert truncated([F(1_056_250)] * 4 + [F(4_225_000)], 100) == (
        [1_056_200] * 4 + [4_225_000],
        200,
    )
    assert truncated([F(100), F(-150)], 100) == ([100, -100], -50)
    assert truncated([F(7)], 1) == ([7], 0)
