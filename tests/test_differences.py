"""Three-way comparison: what was given out, what is there now, and what came back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from samenspel.landscape.differences import Change, Comparison, Conflict, Key, Row, compare

COLUMNS = ("name", "seats", "paid")
CELLS = st.one_of(st.none(), st.integers(0, 2), st.sampled_from(["a", "b"]))
ROWS = st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELLS))
KEYS = st.tuples(st.sampled_from(["p1", "p2", "p3", None]))
STATES = st.dictionaries(KEYS, ROWS, max_size=4)
State = dict[Key, Row]


def put(state: State, changes: list[Change]) -> State:
    """``state`` with ``changes`` applied."""
    kept = dict(state)
    for change in changes:
        assert change.before == kept.get(change.key)
        if change.after is None:
            del kept[change.key]
        else:
            kept[change.key] = change.after
    return kept


def one(base: Row | None, ours: Row | None, theirs: Row | None, **how: bool) -> Comparison:
    states: list[State] = [{} if row is None else {("p",): row} for row in (base, ours, theirs)]
    return compare("mandates", states[0], states[1], states[2], **how)


@given(STATES, STATES)
def test_what_came_back_unchanged_changes_nothing(base: State, ours: State) -> None:
    found = compare("mandates", base, ours, base)
    assert found == Comparison([], [], [])


@given(STATES, STATES)
def test_where_nothing_happened_meanwhile_ours_becomes_theirs(base: State, theirs: State) -> None:
    found = compare("mandates", base, base, theirs, remove=True)
    assert found.conflicts == []
    assert found.missing == []
    assert put(base, found.changes) == theirs


@given(STATES, STATES)
def test_a_second_time_changes_nothing(base: State, theirs: State) -> None:
    again = compare("mandates", base, theirs, theirs, remove=True)
    assert again == Comparison([], [], [])


@given(STATES, st.data())
def test_merges_of_different_cells_land_in_either_order(base: State, data: Any) -> None:
    cells = [(key, name) for key in base for name in COLUMNS]
    first = set(data.draw(st.lists(st.sampled_from(cells)))) if cells else set()

    def edited(mine: set[tuple[Key, str]]) -> State:
        return {
            key: {n: data.draw(CELLS) if (key, n) in mine else v for n, v in row.items()}
            for key, row in base.items()
        }

    left, right = edited(first), edited(set(cells) - first)
    ends = []
    for one_, other in ((left, right), (right, left)):
        state = put(base, compare("mandates", base, base, one_).changes)
        found = compare("mandates", base, state, other)
        assert found.conflicts == []
        ends.append(put(state, found.changes))
    assert ends[0] == ends[1]


@given(STATES, STATES, STATES)
def test_nothing_is_lost_in_a_conflict(base: State, ours: State, theirs: State) -> None:
    found = compare("mandates", base, ours, theirs, remove=True)
    end = put(ours, found.changes)
    for conflict in found.conflicts:
        if conflict.column is not None:
            assert end[conflict.key][conflict.column] == ours[conflict.key][conflict.column]
            assert conflict.ours != conflict.theirs
        else:
            assert end.get(conflict.key) == ours.get(conflict.key)


def test_a_cell_changed_on_both_sides_in_different_ways_is_a_conflict() -> None:
    found = one({"seats": 1}, {"seats": 2}, {"seats": 3})
    assert found.conflicts == [Conflict("mandates", ("p",), "seats", 2, 3)]
    assert found.changes == []
    assert one({"seats": 1}, {"seats": 2}, {"seats": 2}) == Comparison([], [], [])


def test_other_cells_of_a_row_with_a_conflict_are_still_told() -> None:
    found = one({"seats": 1, "paid": None}, {"seats": 2, "paid": None}, {"seats": 3, "paid": True})
    (change,) = found.changes
    assert change.cells == {"paid": (None, True)}
    assert change.after == {"seats": 2, "paid": True}


def test_an_emptied_cell_becomes_unknown() -> None:
    (change,) = one({"seats": 1}, {"seats": 1}, {"seats": None}).changes
    assert change.cells == {"seats": (1, None)}


def test_a_new_row_that_is_there_already_is_filled_up_and_not_overwritten() -> None:
    here = {"name": "Fabel", "seats": None, "paid": True}
    found = one(None, here, {"name": "Fabel", "seats": 3, "paid": None})
    (change,) = found.changes
    assert change.cells == {"seats": (None, 3)}
    (conflict,) = one(None, here, {"name": "Verzinsel", "seats": None, "paid": None}).conflicts
    assert (conflict.column, conflict.ours, conflict.theirs) == ("name", "Fabel", "Verzinsel")


def test_a_row_that_did_not_come_back_stays_unless_it_may_go() -> None:
    row = {"seats": 1}
    kept, gone = one(row, row, None), one(row, row, None, remove=True)
    assert (kept.changes, [c.kind for c in kept.missing]) == ([], ["removed"])
    assert ([c.kind for c in gone.changes], gone.missing) == (["removed"], [])
    assert one(row, None, None, remove=True) == Comparison([], [], [])


def test_a_row_that_changed_meanwhile_does_not_go() -> None:
    found = one({"seats": 1}, {"seats": 2}, None, remove=True)
    assert (found.changes, found.conflicts) == ([], [Conflict("mandates", ("p",), None)])


def test_a_row_that_went_meanwhile_does_not_come_back_unseen() -> None:
    row = {"seats": 1}
    assert one(row, None, row) == Comparison([], [], [])
    assert one(row, None, {"seats": 2}).conflicts == [Conflict("mandates", ("p",), None)]


def test_columns_that_did_not_go_out_stay() -> None:
    (change,) = one({"seats": 1}, {"seats": 1, "own": "x"}, {"seats": 2}).changes
    assert change.after == {"seats": 2, "own": "x"}
    assert change.kind == "changed"
