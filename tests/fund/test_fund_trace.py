"""The trace: from its numbers alone the amount comes out again."""

from fractions import Fraction
from typing import Any

from fundlands import land, shared
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.fund.trace import plain, trace


def again(step: dict[str, Any]) -> int:
    """The cents of a step of a trace, by hand."""
    exact = Fraction(step["free_pot_cents"]) * Fraction(step["weight"])
    if Fraction(step["free_weights_sum"]):
        exact /= Fraction(step["free_weights_sum"])
    if step["held"] is not None:
        exact = Fraction(step[f"{step['held']}_cents"])
    assert exact == Fraction(step["exact_cents"])
    down = exact.numerator // exact.denominator
    assert down == step["rounded_down_cents"]
    return down + (exact != down and step["place_in_row"] <= step["left_over_cents"])


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**5), st.integers(1, 500)), min_size=2, max_size=7
    ),
    st.integers(1, 10**8),
    st.integers(0, 10**4),
    st.integers(0, 10**6),
)  # fmt: skip
def test_every_amount_can_be_done_again(
    towns: list[tuple[int, int]], pot: int, floor: int, cap: int
) -> None:
    people, areas = [p for p, _a in towns], [float(a) for _p, a in towns]
    blocks = {
        "b": {"pot": pot, "key": "population + total(area_km2)"},
        "a": {"pot": pot, "key": "area_km2 / population", "floor": floor, "cap": floor + cap},
    }
    try:
        found = shared(blocks, land(people, areas))
    except InputError:
        return
    for row, nis in enumerate(found.prepared.facts.nis):
        told = trace(found, nis)
        assert [again(step) for step in told["portions"]] == [
            step["cents"] for step in told["portions"]
        ]
        assert sum(step["cents"] for step in told["portions"]) == told["amount_cents"]
        assert told["amount_cents"] == found.amounts[row]


def test_a_trace_by_hand() -> None:
    towns = land([1000, 2000, 3000, 4000], [10.0, 20.0, 5.0, 5.0], ["a", "a", "b", None],
                 figures={"x": {2020: [1.0, 2.0, None, 4.0]}})  # fmt: skip
    blocks = {
        "b": {"pot": 100.01, "key": "population"},
        "a": {"pot": 70, "key": "area_km2", "floor": 12},
        "c": {"pot": 5, "key": "x", "unknown": "leave_out", "members": {"nis": ["001", "003"]}},
        "top": {"supplement": "received / 10"},
    }
    found = shared(blocks, towns, figures={"x": {"key": "x", "year": 2020}})
    first, _area, other, top = trace(found, "001")["portions"]
    assert first["figures"] == {
        "population": {"value": "1000", "key": "population", "year": None, "source": None,
                       "put_for_unknown": False}
    }  # fmt: skip
    assert (first["weight"], first["weights_sum"], first["exact_cents"]) == (
        "1000", "10000", "1000.1",
    )  # fmt: skip
    assert (first["rounding"], first["left_over_cents"], first["place_in_row"]) == ("down", 1, 4)
    assert other["figures"]["x"]["year"] == 2020
    assert other["rounding"] == "exact"
    assert top["supplement"] == "received / 10"
    assert top["cents"] == 303
    steps = trace(found, "003")["portions"]
    assert steps[1]["held"] == "floor"
    assert steps[1]["rounding"] == "exact"
    assert (steps[2]["member"], steps[2]["cents"]) == (None, 0)
    steps = trace(found, "004")["portions"]
    assert steps[0]["rounding"] == "up"
    assert steps[2]["member"] is False


def test_numbers_as_text() -> None:
    assert plain(12) == "12"
    assert plain(Fraction(25, 2)) == "12.5"
    assert plain(Fraction(-1, 4)) == "-0.25"
    assert plain(Fraction(1, 3)) == "1/3"
    assert plain(1200) == "1200"
    assert plain(0) == "0"
    assert plain(None) is None
