"""A conflict shown with both versions, and an edit made once more on the present one."""

import json
from datetime import date
from typing import Any

import pytest
from small_register import begin, town, write

from samenspel.errors import InputError
from samenspel.register import conflicts, editing, edits, history
from samenspel.register.conflicts import resolved, shown
from samenspel.register.edits import Edit
from samenspel.register.writing import Conflict, Reason

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 1, 1)


def met(edit: Edit, by: str | None = None) -> conflicts.Shown:
    """The conflict that ``edit`` meets, as it is shown."""
    with pytest.raises(Conflict) as conflict:
        write(edits.made(edit, by))
    (found,) = shown(conflict.value, [edit])
    return found


def two_editors(act: str = "correct", day: date | None = None, **mine: Any) -> conflicts.Shown:
    """What the second editor of municipality 1 is shown, after the first named it Anders and
    counted 11."""
    begin()
    edit = Edit("municipalities", act, town().row, mine, day)
    first = Reason("edit", "counted", acting_for="1")
    write(editing.correct(town(), {"name": "Anders", "population": 11}), first)
    return met(edit)


def test_both_versions_and_where_they_differ() -> None:
    found = two_editors(population=12, region="Ginder")
    assert found.key == ("1",)
    assert found.both == {"population": (10, 12, 11)}
    assert found.only_mine == {"region": (None, "Ginder", None)}
    assert found.only_theirs == {"name": ("Een", "Een", "Anders")}
    theirs = found.theirs
    assert (theirs.change, theirs.why, theirs.acting_for) == (2, "counted", "1")
    assert theirs.at is not None
    assert theirs.version is not None
    assert theirs.version.values["population"] == 11
    told = found.as_json()
    assert json.loads(json.dumps(told)) == told
    assert (told["both"], told["row"]) == ({"population": [10, 12, 11]}, theirs.version.row)
    assert (told["seen"]["population"], told["mine"]["population"]) == (10, 12)


def present() -> dict[str, Any]:
    return {name: town().values[name] for name in ("name", "population", "region")}


def settle(found: conflicts.Shown, take: str, **cells: str) -> dict[str, Any]:
    """What stands there once the conflict is settled so."""
    edit = resolved(found, take, cells)
    if edit is not None:
        write(edits.made(edit))
    return present()


def test_theirs_drops_my_edit() -> None:
    found = two_editors(population=12)
    assert settle(found, "theirs") == {"name": "Anders", "population": 11, "region": None}


def test_mine_is_made_on_the_present_version() -> None:
    found = two_editors(population=12, region="Ginder")
    assert settle(found, "mine") == {"name": "Anders", "population": 12, "region": "Ginder"}


@pytest.mark.parametrize(("choice", "population"), [("mine", 12), ("theirs", 11)])
def test_both_asks_for_each_cell_that_both_changed(choice: str, population: int) -> None:
    found = two_editors(population=12, region="Ginder")
    with pytest.raises(InputError, match="choose for population"):
        resolved(found, "both")
    assert settle(found, "both", population=choice) == {
        "name": "Anders", "population": population, "region": "Ginder",
    }  # fmt: skip


def test_both_where_nothing_clashes_needs_no_choice() -> None:
    found = two_editors(region="Ginder")
    assert settle(found, "both") == {"name": "Anders", "population": 11, "region": "Ginder"}


def test_a_change_from_a_day_on() -> None:
    found = two_editors("change_from", DAY, population=12)
    edit = resolved(found, "mine")
    assert edit is not None
    write(edits.made(edit))
    versions = history.current("municipalities", ["1"])
    assert [(v.values["name"], v.values["population"], v.valid_from) for v in versions] == [
        ("Anders", 11, None), ("Anders", 12, DAY),
    ]  # fmt: skip


def test_what_was_ended_here_and_edited_there() -> None:
    found = two_editors("end", DAY)
    assert found.only_mine == {"valid_to": (None, DAY, None)}
    edit = resolved(found, "both")
    assert edit is not None
    write(edits.made(edit))
    assert (town().values["name"], town().valid_to) == ("Anders", DAY)


def test_a_row_that_is_gone_can_only_be_let_go() -> None:
    begin()
    (seen,) = history.current("figures", ["1", "k", None, None])
    edit = Edit("figures", "correct", seen.row, {"value": 1.0})
    change = write(editing.take_out(seen), Reason("edit", "never was"))
    found = met(edit)
    assert (found.theirs.version, found.theirs.change, found.theirs.why) == (
        None, change, "never was",
    )  # fmt: skip
    assert resolved(found, "theirs") is None
    for take in ("mine", "both"):
        with pytest.raises(InputError, match="no longer on record"):
            resolved(found, take)
    assert resolved(met(Edit("figures", "take_out", seen.row)), "mine") is None


def test_two_who_add_the_same() -> None:
    begin()
    new = {"nis": "3", "name": "Drie", "population": 30}
    edit = Edit("municipalities", "add", None, {**new, "population": 31})
    write(editing.add("municipalities", new))
    found = met(edit)
    assert found.seen is None
    assert found.key == ("3",)
    assert found.both == {"population": (None, 31, 30)}
    again = resolved(found, "mine")
    assert again is not None
    assert again.act == "correct"
    write(edits.made(again))
    assert town("3").values["population"] == 31


def test_a_conflict_without_an_edit_is_shown_too_and_other_words_are_refused() -> None:
    begin()
    seen = town()
    write(editing.correct(seen, {"name": "Anders"}))
    with pytest.raises(Conflict) as conflict:
        write(editing.correct(seen, {"name": "Elders"}))
    (found,) = shown(conflict.value)
    assert found.edit is None
    assert found.only_theirs["name"] == ("Een", "Een", "Anders")
    assert resolved(found, "mine") is None
    edit = Edit("municipalities", "correct", seen.row, {"name": "Elders"})
    with pytest.raises(InputError, match="theirs, mine or both"):
        resolved(met(edit), "neither")
