"""Drafts: private, kept as data, previewed, and published as one change or not at all."""

from datetime import date
from typing import Any

import pytest
from peopled import agency, coordinator, fill, town

from samenspel.errors import InputError
from samenspel.register import checking, drafts, editing, history, reading, rights
from samenspel.register.conflicts import resolved
from samenspel.register.models import Change, Draft
from samenspel.register.writing import Conflict, Reason, write

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2025, 1, 1)
NIS = "00001"


def row(nis: str = NIS) -> editing.Version:
    return history.current("municipalities", [nis], DAY)[0]


def correction(nis: str = NIS, **values: Any) -> dict[str, Any]:
    return {"table": "municipalities", "row": row(nis).row, "act": "correct", "values": values}


def edits() -> list[dict[str, Any]]:
    """One of each kind."""
    (seat, *_rest) = history.current("mandates", reading.landscape(DAY).table("mandates").select(
        "partnership", "organ", "organisation", "side").row(0))  # fmt: skip
    body = history.current("partnerships", ["p02"], DAY)[0]
    task = history.current("partnerships", ["p03"], DAY)[0]
    return [
        correction(population=3, name="Anders"),
        {"table": "partnerships", "row": body.row, "act": "change_from", "day": "2026-01-01",
         "values": {"budget_cents": 5}},
        {"table": "partnerships", "row": task.row, "act": "correct", "values": {"line": "first"}},
        {"table": "mandates", "row": seat.row, "act": "take_out"},
        {"table": "figures", "act": "add",
         "values": {"nis": NIS, "key": "proef", "value": 1, "valid_from": "2025-01-01"}},
        {"table": "municipalities", "row": row("00002").row, "act": "end", "day": "2031-01-01"},
    ]  # fmt: skip


def test_a_draft_shows_nowhere_until_it_is_published_as_one_change() -> None:
    fill()
    keeper = agency()
    before = reading.landscape(DAY)
    draft = drafts.save(keeper, " Six ", edits(), "all at once")
    assert (draft.title, draft.version, Change.objects.count()) == ("Six", 1, 1)
    assert reading.landscape(DAY).equals(before)
    found = drafts.preview(draft)
    assert found.ready
    assert {change.kind for change in found.changes} == {"added", "changed", "removed"}
    number = drafts.publish(keeper, draft.pk, 1)
    assert (number, Change.objects.count(), Draft.objects.count()) == (2, 2, 0)
    towns = reading.landscape(DAY).table("municipalities").filter(nis=NIS)
    assert towns.select("population", "name").row(0) == (3, "Anders")
    assert history.current("partnerships", ["p02"], DAY)[0].values["budget_cents"] != 5
    assert history.current("partnerships", ["p02"], date(2026, 1, 1))[0].values["budget_cents"] == 5
    assert history.current("municipalities", ["00002"], date(2031, 1, 1)) == []
    assert checking.check() == []


def test_two_windows_do_not_write_over_each_other() -> None:
    fill()
    mayor = town(NIS)
    draft = drafts.save(mayor, "figures", [correction(population=3)], "counted")
    again = drafts.change(mayor, draft.pk, 1, edits=[correction(population=4)], title="more")
    assert (again.version, again.title, again.edits[0]["values"]) == (2, "more", {"population": 4})
    with pytest.raises(drafts.Stale) as stale:
        drafts.change(mayor, draft.pk, 1, why="lost")
    assert stale.value.draft.version == 2
    for act in (drafts.publish, drafts.remove):
        with pytest.raises(drafts.Stale):
            act(mayor, draft.pk, 1)
    drafts.remove(mayor, draft.pk, 2)
    assert drafts.mine(mayor) == []


def test_drafts_are_private() -> None:
    fill()
    mayor, other = town(NIS), agency()
    draft = drafts.save(mayor, "mine", [correction(population=3)], "counted", NIS)
    assert drafts.mine(other) == []
    asked: list[Any] = [
        lambda: drafts.get(other, draft.pk),
        lambda: drafts.change(other, draft.pk, 1, title="theirs"),
        lambda: drafts.remove(other, draft.pk, 1),
        lambda: drafts.publish(other, draft.pk, 1),
    ]
    for ask in asked:
        with pytest.raises(InputError, match=f"no draft {draft.pk}"):
            ask()
    for visit in (
        lambda: drafts.mine(rights.VISITOR),
        lambda: drafts.get(rights.VISITOR, draft.pk),
        lambda: drafts.save(rights.VISITOR, "none", []),
    ):
        with pytest.raises(rights.Refused):
            visit()
    assert Draft.objects.get().title == "mine"


def test_a_conflict_keeps_the_draft_and_writes_nothing() -> None:
    fill()
    keeper = agency()
    draft = drafts.save(
        keeper, "two", [correction(population=3), correction("00002", name="Anders")], "both"
    )
    seen = row("00002")
    change = write(editing.correct(seen, {"population": 9}), Reason("edit", "counted"))
    found = drafts.preview(draft)
    assert not found.ready
    assert [(each.key, each.theirs.change) for each in found.conflicts] == [(("00002",), change)]
    assert found.gone == []
    with pytest.raises(Conflict) as conflict:
        drafts.publish(keeper, draft.pk, 1)
    assert [met.seen for met in conflict.value.met] == [seen.row]
    assert (Change.objects.count(), drafts.get(keeper, draft.pk).version) == (2, 1)
    drafts.resolve(keeper, draft.pk, 1, {1: resolved(found.conflicts[0], "both")})
    drafts.publish(keeper, draft.pk, 2)
    assert row("00002").values["population"] == 9
    assert row("00002").values["name"] == "Anders"
    assert row().values["population"] == 3


def test_a_row_that_is_gone_is_told() -> None:
    fill()
    keeper = agency()
    body = history.current("figures", example_figure())[0]
    draft = drafts.save(
        keeper, "old",
        [{"table": "figures", "row": body.row, "act": "correct", "values": {"value": 2}}], "why",
    )  # fmt: skip
    change = write(editing.take_out(body), Reason("edit", "never was"))
    found = drafts.preview(draft)
    assert [each.theirs.change for each in found.gone] == [change]
    with pytest.raises(Conflict):
        drafts.publish(keeper, draft.pk, 1)


def example_figure() -> tuple[Any, ...]:
    table = reading.landscape(DAY).table("figures")
    return table.select("nis", "key", "year", "map_year").row(0)


def test_rights_are_asked_on_publishing() -> None:
    fill()
    other = town("00002")
    draft = drafts.save(other, "not mine", [correction(population=3)], "counted")
    with pytest.raises(rights.Refused, match="edit this row of table municipalities"):
        drafts.publish(other, draft.pk, 1)
    with pytest.raises(rights.Refused):
        drafts.save(other, "for another", [], acting_for=NIS)
    assert (Change.objects.count(), Draft.objects.count()) == (1, 1)


def test_confirming_in_a_draft() -> None:
    fill()
    mayor, helper = town(NIS), coordinator("REGIO", "NOORD")
    confirm = {"table": "municipalities", "row": row().row, "act": "confirm"}
    draft = drafts.save(helper, "yes", [confirm], "right")
    assert "for which organisation" in drafts.preview(draft).faults[0]
    with pytest.raises(InputError, match="for which organisation"):
        drafts.publish(helper, draft.pk, 1)
    draft = drafts.save(mayor, "yes", [confirm], "right", NIS)
    drafts.publish(mayor, draft.pk, 1)
    assert row().values["confirmed_by"] == NIS


def test_a_draft_without_reason_or_edits_is_not_published() -> None:
    fill()
    mayor = town(NIS)
    draft = drafts.save(mayor, "no reason", [correction(population=3)])
    with pytest.raises(InputError, match="Say why"):
        drafts.publish(mayor, draft.pk, 1)
    drafts.publish(mayor, draft.pk, 1, "counted")
    empty = drafts.save(mayor, "empty", [], "why")
    with pytest.raises(InputError, match="nothing to change"):
        drafts.publish(mayor, empty.pk, 1)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ("text", "An edit holds"),
        ({"table": "municipalities"}, "An edit holds"),
        ({"table": "municipalities", "act": "add", "extra": 1}, "An edit holds"),
        ({"table": "known_tables", "act": "add", "values": {"table": "x"}}, "no table known_t"),
        ({"table": "municipalities", "act": "burn", "row": 1}, "no act burn"),
        ({"table": "municipalities", "act": "add", "row": 1, "values": {"nis": "9"}}, "number of"),
        ({"table": "municipalities", "act": "end", "day": "2030-01-01"}, "number of the row"),
        ({"table": "municipalities", "act": "correct", "row": 1}, "give values"),
        ({"table": "municipalities", "act": "take_out", "row": 1, "values": {"name": "x"}}, "none"),
        ({"table": "municipalities", "act": "end", "row": 1}, "give a day"),
        ({"table": "municipalities", "act": "end", "row": 1, "day": "tomorrow"}, "no date"),
        ({"table": "municipalities", "act": "correct", "row": 1, "values": {"mayor": "x"}},
         "no column mayor"),
        ({"table": "municipalities", "act": "correct", "row": 1, "values": {"population": "many"}},
         "column population: “many” is no integer"),
        ({"table": "municipalities", "act": "correct", "row": 1, "values": {"population": True}},
         "is no integer"),
        ({"table": "municipalities", "act": "change_from", "row": 1, "day": "2026-01-01",
          "values": {"valid_to": "2030-01-01"}}, "no column valid_to"),
    ],
)  # fmt: skip
def test_an_edit_that_is_none_is_refused(edit: Any, message: str) -> None:
    fill()
    with pytest.raises(InputError, match=message):
        drafts.save(agency(), "faulty", [edit])
    assert Draft.objects.count() == 0


def test_two_edits_of_one_row_and_a_title_are_refused() -> None:
    fill()
    mayor = town(NIS)
    with pytest.raises(InputError, match="make them one"):
        drafts.save(mayor, "twice", [correction(population=1), correction(name="x")])
    for title in (" ", "x" * 201):
        with pytest.raises(InputError, match="title"):
            drafts.save(mayor, title, [])
