"""What follows from the changes: versions, the feed, tags, and taking changes back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from small_register import DAY, START, begin, correct, everything, land, town, write

from samenspel.errors import InputError
from samenspel.register import editing, history, reading
from samenspel.register.writing import Batch, Conflict, Reason

pytestmark = pytest.mark.usefixtures("database")
FIGURE = {"nis": "1", "key": "j", "value": 1.5}
LATER = DAY + timedelta(days=10)


def undo(change: int) -> int:
    return write(history.undoing(change), Reason("undo", "toch niet", undoes=change))


def add() -> Batch:
    return editing.add("figures", FIGURE)


EDITS: dict[str, Callable[[], Batch]] = {
    "add": add,
    "correct": lambda: editing.correct(town(), {"population": 11, "name": "Anders"}),
    "key": lambda: editing.correct(town("2"), {"nis": "3"}),
    "change_from": lambda: editing.change_from(town(), LATER, {"population": 11}),
    "end": lambda: editing.end(town("2"), LATER),
    "take_out": lambda: editing.take_out(town("2")),
    "confirm": lambda: editing.confirm(town(), "1"),
    "many": lambda: editing.together([add(), editing.correct(town(), {"population": 11})]),
    "known": lambda: editing.together(
        [
            editing.add("known_tables", {"table": "zones"}),
            editing.add("own_columns", {"table": "figures", "column": "eigen", "type": "datetime"}),
            editing.add("figures", {**FIGURE, "eigen": START}),
        ]
    ),
}


@pytest.mark.parametrize("kind", EDITS)
def test_each_kind_of_change_is_taken_back_and_that_too(kind: str) -> None:
    begin()
    days = (DAY, LATER)
    before = [reading.landscape(day) for day in days]
    change = write(EDITS[kind]())
    after = [reading.landscape(day) for day in days]
    assert not all(one.equals(other) for one, other in zip(before, after, strict=True))

    first = undo(change)
    assert all(reading.landscape(day).equals(was) for day, was in zip(days, before, strict=True))
    second = undo(first)
    assert all(reading.landscape(day).equals(was) for day, was in zip(days, after, strict=True))
    undo(second)
    assert reading.landscape(DAY).equals(land())
    told = {entry.number: (entry.undoes, entry.undone_by) for entry in history.entries(after=1)}
    assert told[change] == (None, first)
    assert told[first] == (change, second)
    assert told[second] == (first, second + 1)
    assert reading.landscape(DAY, change=change).equals(after[0])


def test_what_changed_since_is_not_taken_back() -> None:
    begin()
    change = correct(population=11)
    between = correct(name="Anders")
    before = everything()
    with pytest.raises(Conflict, match=f"table municipalities by change {between}") as met:
        undo(change)
    (row,) = met.value.met
    assert (row.table, row.change, row.now) == ("municipalities", between, (town().row,))
    assert history.version("municipalities", row.seen or 0).opened == change
    assert everything() == before
    undo(between)
    with pytest.raises(Conflict):  # its rows came back as others; they are not those it opened
        undo(change)


def test_what_was_taken_out_since_is_not_taken_back() -> None:
    begin()
    change = correct("2", population=21)
    between = write(editing.take_out(town("2")))
    with pytest.raises(Conflict) as met:
        undo(change)
    assert [(row.now, row.change) for row in met.value.met] == [((), between)]


def test_what_came_in_the_place_of_what_left_stands_in_the_way() -> None:
    begin()
    change = write(editing.take_out(town("2")))
    between = write(editing.add("municipalities", {"nis": "2", "name": "Nieuw"}, LATER))
    before = everything()
    with pytest.raises(Conflict) as met:
        undo(change)
    (row,) = met.value.met
    assert (row.table, row.seen, row.change) == ("municipalities", None, between)
    assert row.now == (town("2").row,)
    assert everything() == before


def test_another_row_that_changed_is_not_in_the_way() -> None:
    begin()
    change = correct("1", population=11)
    correct("2", population=21)
    undo(change)
    assert (town("1").values["population"], town("2").values["population"]) == (10, 21)


def test_an_undo_by_which_a_reference_would_lead_nowhere() -> None:
    begin()
    change = write(editing.add("sources", {"id": "s"}))
    correct(source="s")
    with pytest.raises(InputError, match="source: “s” does not stand in sources"):
        undo(change)


def test_a_change_that_is_not_there() -> None:
    begin()
    for number in (0, 2, -1):
        with pytest.raises(InputError, match=f"There is no change {number}"):
            history.undoing(number)


def test_the_versions_of_a_record_in_the_order_of_the_record() -> None:
    begin()
    numbers = [1, *(correct(population=population) for population in (11, 12))]
    found = history.history("municipalities", ["1"])
    assert [version.values["population"] for version in found] == [10, 11, 12]
    assert [version.opened for version in found] == numbers
    assert [version.closed for version in found] == [*numbers[1:], None]
    assert len({version.record for version in found}) == 1
    assert history.current("municipalities", ["1"]) == found[-1:]
    assert history.history("municipalities", ["9"]) == []
    with pytest.raises(InputError, match="There is no table zomaar"):
        history.history("zomaar", ["1"])


def test_the_versions_of_a_day() -> None:
    begin()
    write(editing.change_from(town(), LATER, {"population": 11}))

    def population(*day: Any) -> list[Any]:
        found = history.current("municipalities", ["1"], *day)
        return [version.values["population"] for version in found]

    assert population() == [10, 11]
    assert population(LATER) == [11]
    assert population(LATER - timedelta(days=1)) == [10]


def test_a_row_is_found_by_its_number() -> None:
    begin()
    seen = town()
    correct(population=11)
    found = history.version("municipalities", seen.row)
    assert (found.values, found.closed) == (seen.values, 2)
    assert history.versions_of("municipalities", []) == []
    both = history.versions_of("municipalities", [town().row, seen.row, 10**6])
    assert [version.row for version in both] == [seen.row, town().row]
    with pytest.raises(InputError, match="Table municipalities has no row 1000000"):
        history.version("municipalities", 10**6)
    with pytest.raises(InputError, match="There is no table zomaar"):
        history.version("zomaar", 1)


def test_what_a_change_touched() -> None:
    begin()
    seen = town()
    change = write(EDITS["many"]())
    found = history.touched(change)
    assert set(found) == {"figures", "municipalities"}
    closed, opened = found["municipalities"]
    assert ([v.row for v in closed], [v.row for v in opened]) == ([seen.row], [town().row])
    closed, opened = found["figures"]
    assert (closed, [v.values["key"] for v in opened]) == ([], ["j"])
    assert history.touched(99) == {}


def test_the_feed_page_by_page() -> None:
    begin()
    for population in range(6):
        correct(population=population)

    def numbers(**asked: Any) -> list[int]:
        return [entry.number for entry in history.entries(**asked)]

    assert numbers() == [1, 2, 3, 4, 5, 6, 7]
    pages, after = [], 0
    while page := numbers(after=after, most=3):
        pages.append(page)
        after = page[-1]
    assert pages == [[1, 2, 3], [4, 5, 6], [7]]
    pages, before = [], 8
    while page := numbers(newest=True, most=3, before=before):
        pages.append(page)
        before = page[-1]
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]
    assert numbers(newest=True, after=5) == [7, 6]
    assert numbers(after=7) == []


def test_the_tag_changes_with_every_change_and_only_then() -> None:
    tags = [history.etag(reading.last_change())]
    begin()
    tags.append(history.etag(reading.last_change()))
    assert history.etag(reading.last_change()) == tags[-1]
    change = correct(population=11)
    tags.append(history.etag(reading.last_change()))
    undo(change)
    tags.append(history.etag(reading.last_change()))
    assert len(set(tags)) == 4
    assert tags[0] == '"0"'
