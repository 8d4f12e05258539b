"""What people do to facts: each act asks the rights of every row, and writes all or nothing."""

from datetime import date as Date
from typing import Any

import peopled
import polars as pl
import pytest

from countries import example
from samenspel.errors import InputError
from samenspel.register import acts, editing, history, reading
from samenspel.register.actors import actor_of
from samenspel.register.editing import Version
from samenspel.register.models import Account, Change, Grant
from samenspel.register.rights import VISITOR, Actor, Held, Refused
from samenspel.register.writing import Batch, Conflict, Reason, write

pytestmark = pytest.mark.usefixtures("database")
DAY = Date(2025, 6, 1)


@pytest.fixture(autouse=True)
def filled(database: object) -> None:  # noqa: ARG001
    peopled.fill()


def row(table: str, *key: str) -> Version:
    """The row of ``table`` with this key that is now on record."""
    (found,) = history.current(table, key)
    return found


def refused(actor: Actor, batch: Batch, **said: Any) -> str:
    """What the refusal of an edit says; nothing is written."""
    before = reading.last_change()
    with pytest.raises(Refused) as found:
        acts.edit(actor, batch, "why not", **said)
    assert reading.last_change() == before
    return str(found.value)


def test_each_role_edits_its_own_and_no_more() -> None:
    town, body, agency = peopled.town("00005"), peopled.body("p03"), peopled.agency()
    zone, administrator = peopled.coordinator(), peopled.administrator()
    everybody = {"town": town, "body": body, "zone": zone, "agency": agency}
    edits: list[tuple[set[str], tuple[str, ...], dict[str, Any]]] = [
        ({"town", "zone", "agency"}, ("municipalities", "00005"), {"population": 1}),
        ({"zone", "agency"}, ("municipalities", "00006"), {"population": 1}),
        ({"agency"}, ("municipalities", "00001"), {"population": 1}),
        ({"town", "zone", "agency"}, ("organisations", "ocmw-00005"), {"name": "OCMW"}),
        ({"town", "body", "zone", "agency"}, ("memberships", "p03", "00005"), {"votes": 1}),
        ({"body", "zone", "agency"}, ("memberships", "p03", "00006"), {"votes": 1}),
        ({"zone", "agency"}, ("memberships", "p01", "00001"), {"votes": 1}),
        ({"agency"}, ("memberships", "p05", "00001"), {"contribution_cents": 1}),
        ({"body", "zone", "agency"}, ("partnerships", "p03"), {"staff_fte": 1.0}),
        ({"body", "zone", "agency"}, ("tasks", "p03", "huisvuil ophalen"), {"theme": "water"}),
        ({"agency"}, ("zones", "REGIO", "ZUID"), {"name": "Zuid"}),
        ({"agency"}, ("sources", "example"), {"note": "x"}),
    ]
    for allowed, name, values in edits:
        for who, actor in (*everybody.items(), ("administrator", administrator),
                           ("visitor", VISITOR)):  # fmt: skip
            batch = editing.correct(row(name[0], *name[1:]), values)
            if who in allowed:
                change = acts.edit(actor, batch, f"as {who}")
                made = Change.objects.get(number=change)
                assert (made.account_id, made.why) == (actor.account, f"as {who}")
            else:
                said = refused(actor, batch)
                assert said.startswith(f"You may not edit this row of table {name[0]} (")


def test_one_row_that_is_not_allowed_refuses_them_all() -> None:
    town = peopled.town("00005")
    own, other = row("municipalities", "00005"), row("municipalities", "00006")
    both = editing.together(
        [editing.correct(own, {"population": 1}), editing.correct(other, {"population": 1})]
    )
    assert "municipalities (00006)" in refused(town, both)
    # A row cannot be given away or taken over: both what it was and what it becomes are asked.
    assert "00006" in refused(town, editing.correct(own, {"nis": "00006"}))
    assert "00006" in refused(town, editing.correct(other, {"nis": "00005"}))
    assert "municipalities (00006)" in refused(town, editing.take_out(other))
    taken = editing.correct(row("organisations", "ocmw-00006"), {"nis": "00005"})
    assert "ocmw-00006" in refused(town, taken)


def test_an_organisation_is_not_claimed_by_adding_a_row_to_it() -> None:
    town = peopled.town("00005")
    seen = row("organisations", "ocmw-00006")
    acts.edit(peopled.agency(), editing.end(seen, Date(2025, 1, 1)), "until then")
    claim = editing.add("organisations", {"id": "ocmw-00006", "nis": "00005"}, Date(2025, 1, 1))
    assert "ocmw-00006" in refused(town, claim)
    # Nor does a municipality or a partnership belong to who says so.
    for code in ("p15", "00006"):
        rows = reading.landscape(DAY).table("organisations").filter(pl.col("id") == code)
        claim = editing.add("organisations", {"id": code, "nis": "00005"}, Date(2030, 1, 1))
        if not rows.is_empty():
            claim = editing.correct(row("organisations", code), {"nis": "00005"})
        assert code in refused(town, claim)
    new = editing.add("organisations", {"id": "agb-5", "nis": "00005", "class": "other"})
    seat = editing.add("memberships", {"partnership": "p03", "organisation": "agb-5"})
    assert "agb-5" in refused(peopled.town("00006"), new)
    acts.edit(town, editing.together([new, seat]), "our own company takes part")


def test_a_coordinator_adds_a_partnership_with_a_member_there() -> None:
    zone = peopled.coordinator()
    new = editing.add("partnerships", {"id": "n1", "name": "Nieuw"})
    there = editing.add("memberships", {"partnership": "n1", "organisation": "00005"})
    elsewhere = editing.add("memberships", {"partnership": "n1", "organisation": "00001"})
    assert "partnerships (n1)" in refused(zone, new)
    assert "n1" in refused(zone, editing.together([new, elsewhere]))
    acts.edit(zone, editing.together([new, there, elsewhere]), "found in the minutes")
    found = reading.landscape(DAY).table("memberships").filter(pl.col("partnership") == "n1")
    assert found.height == 2
    # One that is on record is not made one's own by adding a member to it in the same change.
    mine = editing.add("memberships", {"partnership": "p05", "organisation": "00005"})
    claim = editing.correct(row("partnerships", "p05"), {"name": "x"})
    assert "partnerships (p05)" in refused(zone, editing.together([mine, claim]))


def test_whoever_writes_facts_names_a_new_source_but_changes_none() -> None:
    town = peopled.town("00005")
    source = editing.add("sources", {"id": "raad-5", "title": "Gemeenteraad"})
    fact = editing.correct(row("municipalities", "00005"), {"population": 3, "source": "raad-5"})
    change = acts.edit(town, editing.together([source, fact]), "decided by the council")
    assert "sources (example)" in refused(town, editing.correct(row("sources", "example"), {}))
    assert "sources (raad-5)" in refused(town, editing.take_out(row("sources", "raad-5")))
    with pytest.raises(Refused, match="sources"):
        acts.undo(peopled.coordinator(), change, "not theirs")
    acts.undo(town, change, "not yet")
    assert history.current("sources", ["raad-5"]) == []
    by_nobody = write(editing.add("sources", {"id": "s"}), Reason("import", "at the prompt"))
    for actor in (town, VISITOR):
        with pytest.raises(Refused, match="sources"):
            acts.undo(actor, by_nobody, "not theirs")


def test_a_change_says_why_and_for_whom() -> None:
    town, batch = peopled.town("00005"), editing.correct(
        row("municipalities", "00005"), {"population": 5}
    )  # fmt: skip
    with pytest.raises(InputError, match="Say why"):
        acts.edit(town, batch, "  ")
    assert refused(town, batch, acting_for="00006") == (
        "You may not act for 00006: you hold no role for it."
    )
    change = acts.edit(town, batch, " counted ", source="our own books", acting_for="00005")
    made = Change.objects.get(number=change)
    said = (made.why, made.source, made.acting_for, made.kind)
    assert said == ("counted", "our own books", "00005", "edit")
    with pytest.raises(ValueError, match="undo"):
        acts.edit(town, batch, "x", kind="undo")


def test_roles_and_accounts_that_ended_count_no_more() -> None:
    account = peopled.account("gone", Held("municipality", "00005"))
    town = actor_of(account)
    batch = editing.correct(row("municipalities", "00005"), {"population": 5})
    Grant.objects.filter(account=account).update(ended_at="2025-01-01T00:00:00Z")
    assert town.held  # as it was read before
    assert "your account has no role" in refused(town, batch)
    assert actor_of(account) == Actor(account.pk)
    Grant.objects.filter(account=account).update(ended_at=None)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert "you are not signed in" in refused(town, batch)
    assert actor_of(Account.objects.get(pk=account.pk)) == VISITOR
    for nobody in (None, "somebody", Account(email="x@example.test")):
        assert actor_of(nobody) == VISITOR


def test_nothing_but_what_it_says_is_asked_for() -> None:
    agency = peopled.agency()
    with pytest.raises(InputError, match="There is no table nowhere"):
        acts.edit(agency, Batch({"nowhere": pl.DataFrame({"a": [1]})}), "x")
    with pytest.raises(InputError, match="There is no table nowhere"):
        acts.edit(agency, Batch({}, {"nowhere": [1]}), "x")
    with pytest.raises(InputError, match="has no row 999999"):
        acts.edit(agency, Batch({}, {"municipalities": [999999]}), "x")
    with pytest.raises(InputError, match="nothing to change"):
        acts.edit(agency, Batch(), "x")
    with pytest.raises(InputError, match="There is no change 99"):
        acts.undo(agency, 99, "x")
    with pytest.raises(InputError, match="nothing to change"):
        acts.confirm(peopled.town("00005"), [], "00005")


def test_the_owner_confirms_and_nobody_else() -> None:
    town, ocmw = peopled.town("00005"), row("organisations", "ocmw-00005")
    seat, other = row("memberships", "p03", "00005"), row("memberships", "p03", "00006")
    asked = [("memberships", seat.row), ("organisations", ocmw.row), ("memberships", seat.row)]
    change = acts.confirm(town, asked, "00005")
    made = Change.objects.get(number=change)
    assert (made.kind, made.acting_for, made.account_id) == ("confirm", "00005", town.account)
    assert made.why
    assert row("memberships", "p03", "00005").values["confirmed_by"] == "00005"
    for actor, organisation, version in (
        (town, "00005", other),
        (town, "00006", other),
        (peopled.body("p03"), "p03", other),
        (peopled.coordinator(), "00006", other),
        (peopled.agency(), "00006", other),
        (VISITOR, "00006", other),
    ):
        with pytest.raises(Refused):
            acts.confirm(actor, [(version.table, version.row)], organisation)
    assert row("memberships", "p03", "00006") == other
    with pytest.raises(Conflict):
        acts.confirm(town, [("memberships", seat.row)], "00005")
    with pytest.raises(InputError, match="nothing to change"):
        acts.confirm(town, [("memberships", row("memberships", "p03", "00005").row)], "00005")
    with pytest.raises(Refused, match="no role allows it"):
        acts.confirm(town, [("zones", row("zones", "REGIO", "ZUID").row)], "00005")


def test_a_partnership_confirms_itself_and_its_own_seat_elsewhere() -> None:
    body = peopled.body("p01")
    own, seat = row("partnerships", "p01"), row("memberships", "p04", "p01")
    member = row("memberships", "p01", "00001")
    acts.confirm(body, [("partnerships", own.row), ("memberships", seat.row)], "p01")
    assert row("memberships", "p04", "p01").values["confirmed_by"] == "p01"
    with pytest.raises(Refused) as found:
        acts.confirm(body, [("memberships", member.row)], "p01")
    assert str(found.value) == (
        "You may not confirm this row of table memberships (p01, 00001): that needs the role "
        "municipality or partnership for 00001; you act as partnership for p01."
    )


def test_a_value_that_changes_is_not_confirmed_any_more() -> None:
    town, zone = peopled.town("00005"), peopled.coordinator()
    key = ("memberships", "p03", "00005")

    def confirmed() -> list[str | None]:
        return [v.values["confirmed_by"] for v in history.current(key[0], key[1:])]

    acts.confirm(town, [(key[0], row(*key).row)], "00005")
    acts.edit(zone, editing.end(row(*key), Date(2040, 1, 1)), "the term ends")
    assert confirmed() == ["00005"]
    acts.edit(zone, editing.correct(row(*key), {"votes": 9}), "counted again")
    assert confirmed() == [None]
    acts.edit(
        town, editing.correct(row(*key), {"votes": 8, "confirmed_by": "00005"}), "counted ourselves"
    )
    assert confirmed() == ["00005"]
    acts.edit(zone, editing.change_from(row(*key), Date(2026, 1, 1), {"votes": 7}), "from then on")
    assert confirmed() == ["00005", None]
    for actor, by in ((zone, "00006"), (peopled.agency(), "00006"), (town, "p03")):
        said = refused(actor, editing.correct(history.current(key[0], key[1:])[0],
                                              {"confirmed_by": by}))  # fmt: skip
        assert said.startswith("You may not confirm this row of table memberships")


def test_an_import_keeps_confirmations_only_for_who_keeps_the_pictures() -> None:
    batch = editing.correct(row("municipalities", "00005"), {"confirmed_by": "00005"})
    with pytest.raises(Refused):
        acts.edit(peopled.coordinator(), batch, "x", kind="import")
    change = acts.edit(peopled.agency(), batch, "taken over", kind="import")
    assert Change.objects.get(number=change).kind == "import"
    assert row("municipalities", "00005").values["confirmed_by"] == "00005"
    # To name the import as the source is no other value; to do so by hand is.
    new = editing.add("sources", {"id": "book"})
    zone = peopled.somebody("zuid", Held("coordinator", None, "REGIO", "ZUID"))
    seen = row("municipalities", "00005")
    acts.edit(zone, editing.together([new, editing.correct(seen, {"source": "book"})]), "x",
              kind="import")  # fmt: skip
    assert row("municipalities", "00005").values["confirmed_by"] == "00005"
    seen = row("municipalities", "00005")
    acts.edit(zone, editing.correct(seen, {"source": "example"}), "x")
    assert row("municipalities", "00005").values["confirmed_by"] is None


def test_whoever_may_edit_all_it_touched_takes_a_change_back() -> None:
    land = reading.landscape(DAY)
    town, zone = peopled.town("00005"), peopled.coordinator()
    change = acts.edit(
        zone,
        editing.together(
            [
                editing.correct(row("municipalities", "00005"), {"population": 1}),
                editing.correct(row("municipalities", "00006"), {"population": 1}),
            ]
        ),
        "both",
    )
    with pytest.raises(Refused) as found:
        acts.undo(town, change, "not ours")
    assert str(found.value).startswith(
        "You may not undo this change of table municipalities (00006): that needs the role "
        "municipality for 00006, or the role region coordinator for "
    )
    with pytest.raises(Refused):
        acts.undo(VISITOR, change, "x")
    with pytest.raises(InputError, match="Say why"):
        acts.undo(zone, change, "")
    undone = acts.undo(zone, change, "miscounted")
    assert Change.objects.get(number=undone).undoes_id == change
    assert reading.landscape(DAY).equals(land)
    with pytest.raises(Refused):
        acts.undo(town, 1, "the whole import")
    own = acts.edit(town, editing.correct(row("municipalities", "00005"), {"population": 1}), "x")
    acts.undo(town, own, "miscounted", acting_for="00005")
    assert reading.landscape(DAY).equals(land)


def test_the_agency_begins_an_empty_part_of_the_register() -> None:
    """What nobody has on record yet concerns nobody, so it is for the agency to begin."""
    new = editing.add("municipalities", {"nis": "00011", "name": "Nieuwstad"}, Date(2030, 1, 1))
    assert "00011" in refused(peopled.town("00005"), new)
    acts.edit(peopled.agency(), new, "founded by decree")
    assert write(editing.take_out(row("municipalities", "00011")), Reason("edit", "x"))


def test_what_a_merged_municipality_was_is_of_the_one_it_became() -> None:
    old = editing.add("municipalities", {"nis": "00003", "name": "F"}, None, Date(2025, 1, 1))
    acts.edit(peopled.town("00010"), old, "as it was before the merger")
    assert "00003" in refused(
        peopled.town("00005"), editing.take_out(row("municipalities", "00003"))
    )


def test_the_example_is_what_these_tests_think() -> None:
    assert set(example().table("zone_members").filter(zone="ZUID")["nis"]) == {
        "00005", "00006", "00007", "00008",
    }  # fmt: skip
