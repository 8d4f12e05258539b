"""Pictures of several days in one register: what is compared, what holds when, what is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from peopled import agency, fill, town
from pictured import EARLY, LATE, MIDDLE, alike, picture, take, undated
from small_register import everything

from samenspel.errors import InputError
from samenspel.landscape.findings import errors
from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.validation import check
from samenspel.register import editing, history, importing, pictures, reading, rights
from samenspel.register.writing import Conflict, Reason, write

pytestmark = pytest.mark.usefixtures("database")

TOWN = {"nis": "1", "name": "Een"}
OTHER = {"nis": "2", "name": "Twee"}


def days(table: str, *key: Any) -> list[tuple[date | None, date | None]]:
    """The days of the rows of a record, in their order."""
    return [(seen.valid_from, seen.valid_to) for seen in history.current(table, key)]


def population(day: date, nis: str = "1") -> int | None:
    found = reading.landscape(day).table("municipalities").filter(nis=nis)["population"]
    return found[0] if found.len() else None


def test_the_first_picture_holds_always_and_keeps_stated_days() -> None:
    land = picture(MIDDLE, municipalities=[TOWN | {"valid_from": EARLY}], sources=[{"id": "b"}])
    found = pictures.preview(land)
    assert found.counts["sources"] == {
        "added": 1, "changed": 0, "removed": 0, "missing": 0, "same": 0,
    }  # fmt: skip
    assert take(land) == 1
    assert reading.landscape(MIDDLE).equals(land)
    assert (days("municipalities", "1"), days("sources", "b")) == (
        [(EARLY, None)],
        [(None, None)],
    )


def test_rows_are_added_changed_the_same_and_missing() -> None:
    take(picture(EARLY, municipalities=[TOWN | {"population": 5}, OTHER], sources=[{"id": "b"}]))
    new = {"nis": "3", "name": "Drie"}
    land = picture(LATE, municipalities=[TOWN | {"population": 6}, new], sources=[{"id": "b"}])
    found = pictures.preview(land)
    assert found.counts["municipalities"] == {
        "added": 1, "changed": 1, "removed": 0, "missing": 1, "same": 0,
    }  # fmt: skip
    assert found.counts["sources"]["same"] == 1
    told = found.as_json()
    changed = next(each for each in told["changes"] if each["kind"] == "changed")
    assert changed["cells"] == {"population": {"before": 5, "after": 6}}
    take(land, whole=False)
    assert (population(MIDDLE), population(LATE)) == (5, 6)
    assert days("municipalities", "2") == [(None, None)]
    assert days("municipalities", "3") == [(LATE, None)]
    assert days("sources", "b") == [(None, None)]
    take(land)
    assert days("municipalities", "2") == [(None, LATE)]
    assert alike(reading.landscape(LATE), land)


def test_nothing_is_left_to_change_the_second_time() -> None:
    take(picture(EARLY, municipalities=[TOWN, OTHER]))
    land = picture(LATE, municipalities=[TOWN | {"population": 6, "valid_to": date(2030, 1, 1)}])
    take(land)
    again = pictures.preview(land, whole=True)
    assert again.batch.empty
    with pytest.raises(InputError, match="nothing to change"):
        importing.take_in(again, "again")


def test_a_stated_first_day_holds_unless_a_picture_speaks_against_it() -> None:
    take(picture(MIDDLE))
    since = date(2023, 1, 1)
    take(picture(LATE, municipalities=[TOWN, OTHER | {"valid_from": since}]), whole=False)
    assert days("municipalities", "2") == [(since, None)]
    drie = {"nis": "3", "name": "Drie", "valid_from": EARLY}  # but it was not there in MIDDLE
    take(picture(LATE, municipalities=[TOWN, OTHER, drie]), whole=False)
    assert days("municipalities", "3") == [(LATE, None)]


def test_a_stated_last_day_is_taken_over_and_none_stated_says_nothing() -> None:
    end = date(2030, 1, 1)
    take(picture(EARLY, municipalities=[TOWN, OTHER]))
    take(picture(LATE, municipalities=[TOWN | {"valid_to": end}, OTHER]))
    assert days("municipalities", "1") == [(None, end)]
    take(picture(date(2026, 1, 1), municipalities=[TOWN, OTHER]))
    assert days("municipalities", "1") == [(None, end)]


def test_a_new_row_holds_until_the_next_of_its_record() -> None:
    take(picture(EARLY))
    later = {**dict.fromkeys(("kbo", "region")), **OTHER, "population": 9}
    write(editing.add("municipalities", later, LATE), Reason("edit", "van dan af"))
    take(picture(MIDDLE, municipalities=[TOWN, OTHER]))
    assert days("municipalities", "2") == [(MIDDLE, LATE), (LATE, None)]
    assert population(LATE, "2") == 9


def test_a_table_and_a_column_are_known_from_their_picture_on() -> None:
    take(picture(EARLY, municipalities=[TOWN]))
    before = reading.landscape(MIDDLE)
    land = picture(LATE, figures=[{"nis": "1", "key": "k", "value": 1.0}], sources=[])
    land = land.with_tables(
        municipalities=land.table("municipalities").with_columns(ours=pl.lit("x"))
    )
    take(land)
    now = reading.landscape(MIDDLE)
    assert now.frames.keys() == before.frames.keys()
    assert alike(now, before)
    assert not reading.landscape(MIDDLE).knows("figures")
    assert alike(reading.landscape(LATE), land)


def test_an_earlier_picture_may_come_later() -> None:
    late = picture(LATE, municipalities=[TOWN | {"population": 9}, OTHER])
    early = picture(EARLY, municipalities=[TOWN | {"population": 3}, {"nis": "4", "name": "Vier"}])
    take(late)
    take(early)
    assert alike(reading.landscape(EARLY), early)
    assert alike(reading.landscape(LATE), late)
    assert population(MIDDLE) == 3
    assert reading.landscape(LATE, change=1).equals(late)


def test_a_confirmation_stays_with_what_was_confirmed() -> None:
    take(picture(EARLY, municipalities=[TOWN | {"confirmed_by": "1"},
                                        OTHER | {"confirmed_by": "2"}]))  # fmt: skip
    take(picture(LATE, municipalities=[TOWN, OTHER | {"population": 8}]))
    found = reading.landscape(LATE).table("municipalities")
    assert dict(found.select("nis", "confirmed_by").iter_rows()) == {"1": "1", "2": None}
    found = reading.landscape(EARLY).table("municipalities")
    assert found["confirmed_by"].to_list() == ["1", "2"]


def test_faults_of_the_resulting_picture_are_refused_with_the_first_and_their_number() -> None:
    take(picture(EARLY))
    before = everything()
    land = picture(LATE, partnerships=[{"id": "p", "host": "nobody"}], organisations=[])
    found = pictures.preview(land)
    assert len(errors(list(found.findings))) == 1
    with pytest.raises(InputError, match=r"1 errors, the first: partnerships, host: row p: "):
        importing.take_in(found, "wrong")
    assert everything() == before


@pytest.mark.parametrize(
    ("land", "message"),
    [
        (picture(LATE, figures=[{"nis": "1", "key": "k"}] * 2), "figures: 1, k.*more than one row"),
        (picture(LATE, municipalities=[TOWN | {"valid_to": MIDDLE}]), "does not hold on 2025-01"),
        (Landscape(LATE, {"municipalities": pl.DataFrame([TOWN])}, About("Echt", "", False)),
         "register of its own"),
        (Landscape(LATE, {"municipalities": pl.DataFrame([TOWN | {"ours": "text"}])},
                   About("Proefland", "", True)), "column ours.*another name"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(land: Landscape, message: str) -> None:
    first = picture(EARLY)
    take(first.with_tables(municipalities=first.table("municipalities").with_columns(ours=1)))
    with pytest.raises(InputError, match=message):
        pictures.preview(land)


def test_somebody_else_changed_what_it_touches() -> None:
    take(picture(EARLY, municipalities=[TOWN, OTHER]))
    land = picture(LATE, municipalities=[TOWN | {"population": 6}, OTHER])
    stale = pictures.preview(land)
    seen = history.current("municipalities", ["1"])[0]
    number = write(editing.correct(seen, {"population": 1}), Reason("edit", "counted"))
    before = everything()
    with pytest.raises(Conflict) as conflict:
        importing.take_in(stale, "late")
    assert [(met.table, met.seen, met.change) for met in conflict.value.met] == [
        ("municipalities", seen.row, number)
    ]
    assert everything() == before


def test_somebody_else_changed_something_else() -> None:
    take(picture(EARLY, municipalities=[TOWN, OTHER], sources=[{"id": "b"}]))
    land = picture(LATE, municipalities=[TOWN | {"population": 6}, OTHER])
    stale = pictures.preview(land)
    seen = history.current("sources", ["b"])[0]
    write(editing.correct(seen, {"title": "Bron"}), Reason("edit", "named"))
    assert importing.take_in(stale, "late") == 3
    assert population(LATE) == 6


def test_a_row_added_since_is_a_conflict_where_the_picture_is_whole() -> None:
    take(picture(EARLY))
    stale = pictures.preview(picture(LATE), whole=True)
    write(editing.add("municipalities", OTHER), Reason("edit", "forgotten"))
    with pytest.raises(Conflict):
        importing.take_in(stale, "late")


def test_the_same_picture_twice_at_once_is_taken_in_once() -> None:
    take(picture(EARLY))
    land = picture(LATE, municipalities=[TOWN | {"population": 6}, OTHER])
    one, two = pictures.preview(land), pictures.preview(land)
    importing.take_in(one, "one")
    with pytest.raises(Conflict):
        importing.take_in(two, "two")


def test_who_may_import() -> None:
    fill()
    keeper, mayor = agency(), town("00001")
    land = reading.landscape(LATE)
    towns = land.table("municipalities").with_columns(
        population=pl.when(nis="00001").then(7).otherwise("population")
    )
    found = pictures.preview(Landscape(LATE, {"municipalities": towns}, land.about))
    before = everything()
    for actor in (rights.VISITOR, mayor):
        with pytest.raises(rights.Refused, match="import a landscape"):
            importing.apply(actor, found, "new figures")
    assert everything() == before
    with pytest.raises(InputError, match="Say why"):
        importing.apply(keeper, found, " ")
    number = importing.apply(keeper, found, "new figures", "the census")
    entry = history.entries(number - 1)[0]
    assert (entry.kind, entry.source, entry.account) == ("import", "the census", keeper.account)
    assert population(LATE, "00001") == 7


@contextmanager
def taken_back() -> Iterator[None]:
    """Inside, an empty register that is empty again afterwards."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        reading.forget()


STATED = st.sampled_from([None, None, date(2010, 1, 1), date(2020, 6, 1), date(2018, 6, 1)])
UNTIL = st.sampled_from([None, None, date(2026, 1, 1), LATE])


@st.composite
def pictured(draw: st.DrawFn, day: date, *, stated: bool) -> Landscape:
    """A sound picture of ``day``."""

    def dated(row: dict[str, Any]) -> dict[str, Any]:
        since = draw(STATED) if stated else None
        until = draw(UNTIL) if stated else None
        return row | {
            "valid_from": since if since and since <= day else None,
            "valid_to": until if until and until > day else None,
        }

    towns = draw(st.sets(st.sampled_from("123"), min_size=1))
    bodies = draw(st.sets(st.sampled_from("pq")))
    few = st.sampled_from([None, 0, 1])
    members = [(b, t) for b in sorted(bodies) for t in sorted(towns) if draw(st.booleans())]
    land = picture(
        day,
        municipalities=[
            dated({"nis": nis, "name": f"T{nis}", "population": draw(few)}) for nis in sorted(towns)
        ],
        partnerships=[{"id": body, "budget_cents": draw(few)} for body in sorted(bodies)],
        memberships=[
            dated({"partnership": b, "organisation": t, "votes": draw(few)}) for b, t in members
        ],
        figures=[
            {"nis": nis, "key": "k", "year": draw(few), "value": 0.5}
            for nis in sorted(towns)
            if draw(st.booleans())
        ],
    )
    assume(not errors(check(land.frames, day)))
    return land


MANY = settings(
    max_examples=12,
    phases=[phase for phase in Phase if phase is not Phase.shrink],  # each step writes thrice
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@MANY
@given(
    pictured(EARLY, stated=True), pictured(LATE, stated=True), pictured(MIDDLE, stated=True),
    st.permutations([0, 1, 2]),
)  # fmt: skip
def test_every_day_that_was_pictured_comes_out(
    early: Landscape, late: Landscape, middle: Landscape, order: list[int]
) -> None:
    lands = [early, late, middle]
    with taken_back():
        for place in order:
            take(lands[place])
            assert alike(reading.landscape(lands[place].date), lands[place])
        for land in lands:
            assert alike(reading.landscape(land.date), land)
            assert pictures.preview(land, whole=True).batch.empty
        assert reading.landscape(lands[order[0]].date, change=1).equals(lands[order[0]])


@MANY
@given(pictured(MIDDLE, stated=False), pictured(LATE, stated=False), st.booleans())
def test_earlier_days_stay_as_they_were(first: Landscape, then: Landscape, whole: bool) -> None:
    before = (EARLY, MIDDLE, date(2024, 12, 31))
    with taken_back():
        take(first)
        was = [undated(reading.landscape(day)) for day in before]
        found = pictures.preview(then, whole)
        assume(not errors(list(found.findings)))
        importing.take_in(found, "then")
        for day, frames in zip(before, was, strict=True):
            now = undated(reading.landscape(day))
            assert all(now[name].equals(frame) for name, frame in frames.items())
        there = undated(reading.landscape(LATE))
        for name, frame in undated(then).items():
            assert frame.join(
                there[name], on=frame.columns, how="anti", nulls_equal=True
            ).is_empty()
