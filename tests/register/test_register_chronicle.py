"""The register says what the library's chronicle says of the same rows, on every day and as known
at every moment; and it reads no more than it must."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import recorded
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded import Record, Refused, Row

from countries import example
from registers import make_database, point_at, remove_database
from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.landscape import About, Landscape
from samenspel.register import editing, history, reading, rows, writing
from samenspel.register.importing import first_batch
from samenspel.register.writing import Reason

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(5)]
LONG = [DAYS[0] - timedelta(days=400), *DAYS, DAYS[-1] + timedelta(days=400)]
OWN: dict[str, pl.DataType] = {
    "my text": pl.String(),
    "mine.whole": pl.Int64(),
    "mijn, getal": pl.Float64(),
    'ja "of" nee': pl.Boolean(),
    "dag": pl.Date(),
    "moment": pl.Datetime("us", "UTC"),
}
SCHEMAS = {
    "municipalities": {**tables.BY_NAME["municipalities"].schema, **OWN},
    "memberships": tables.BY_NAME["memberships"].schema,
    "figures": tables.BY_NAME["figures"].schema,
    "sources": tables.BY_NAME["sources"].schema,
}
ABOUT = About("Proefland", "nergens", True)


def first() -> Landscape:
    """Two municipalities, a member, a figure; no source; partnerships and the rest are unknown."""
    made = {
        "municipalities": [{"nis": "1", "name": "Een"}, {"nis": "2", "name": "Twee"}],
        "memberships": [{"partnership": "p", "organisation": "1"}],
        "figures": [{"nis": "1", "key": "k", "value": 0.1}],
        "sources": [],
    }
    frames = {
        name: pl.DataFrame([{**dict.fromkeys(schema), **row} for row in made[name]], schema)
        for name, schema in SCHEMAS.items()
    }
    return Landscape(DAYS[0], frames, ABOUT)


text = st.none() | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=4
)
whole = st.none() | st.integers(-(2**63), 2**63 - 1)
number = st.none() | st.floats(allow_nan=False, allow_infinity=False)
day = st.sampled_from(DAYS)
OWN_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "my text": text,
    "mine.whole": whole,
    "mijn, getal": number,
    'ja "of" nee': st.none() | st.booleans(),
    "dag": st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "moment": st.none() | st.datetimes(timezones=st.just(UTC)),
}
VALUES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "municipalities": st.fixed_dictionaries(
        {"nis": st.sampled_from("123"), "name": st.sampled_from("ab")},
        optional={"population": st.integers(0, 9), "area_km2": st.floats(0, 1e300), **OWN_VALUES},
    ),
    "memberships": st.fixed_dictionaries(
        {"partnership": st.sampled_from("pq"), "organisation": st.sampled_from("12")},
        optional={"votes": st.integers(0, 9), "role": st.sampled_from(["member", "observer"])},
    ),
    "figures": st.fixed_dictionaries(
        {"nis": st.sampled_from("12"), "key": st.just("k"), "year": st.sampled_from([None, 2024])},
        optional={"value": number, "additive": st.booleans(), "unit": text},
    ),
}
KINDS = ("add", "correct", "days", "change_from", "end", "take_out", "confirm")
edits = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 9),
    st.fixed_dictionaries(VALUES),
    st.none() | day,
    st.none() | day,
    day,
)
changes = st.lists(
    st.lists(edits, min_size=1, max_size=2) | st.integers(0, 9).map(lambda back: back),
    max_size=9,
)


def same_edit(
    drawn: tuple[Any, ...], record: Record
) -> tuple[Callable[[], editing.Batch], Callable[[], recorded.Edit]]:
    """What was drawn, for the register and for the model."""
    kind, pick, of_tables, since, until, on = drawn
    present = record.now()
    if kind == "add" or not present:
        table = list(of_tables)[pick % len(of_tables)]
        values = of_tables[table]
        return (
            lambda: editing.add(table, values, since, until),
            lambda: recorded.add(table, values, since, until),
        )
    row = present[pick % len(present)]
    seen = seen_of(row)
    values = of_tables[row.table]
    if kind == "days":
        kind, values = "correct", {"valid_from": since, "valid_to": until}
    given_: dict[str, tuple[Any, ...]] = {
        "correct": (values,),
        "change_from": (on, values),
        "end": (on,),
        "take_out": (),
        "confirm": ("1",),
    }
    return (
        lambda: getattr(editing, kind)(seen, *given_[kind]),
        lambda: getattr(recorded, kind)(row, *given_[kind]),
    )


def seen_of(row: Row) -> editing.Version:
    """The version of the register that is ``row`` of the model."""
    found = [
        version
        for version in history.current(row.table, row.key[1:])
        if (version.valid_from, version.valid_to) == (row.since, row.until)
    ]
    assert len(found) == 1
    return found[0]


def make(drawn: list[Any] | int, record: Record, at: datetime) -> None:
    """Make one change in both; both refuse or neither."""
    if isinstance(drawn, int):
        back = 1 + drawn % len(record.moments)
        asked = [(lambda: history.undoing(back), lambda: record.undoing(back))]
        if back == 1:  # what the register says of itself would go as well
            return
    else:
        asked = [same_edit(edit, record) for edit in drawn]
    before = reading.last_change()
    try:
        record.apply([model() for _, model in asked], at)
    except Refused:
        with pytest.raises(InputError):
            writing.write(
                editing.together([batch() for batch, _ in asked]), Reason("edit", "proef"), at
            )
        assert reading.last_change() == before
        return
    batches = [batch() for batch, _ in asked]
    number = writing.write(editing.together(batches), Reason("edit", "proef"), at)
    assert number == len(record.moments)


def begun() -> Record:
    """The first landscape in the register and in the model."""
    land = first()
    writing.write(first_batch(land), Reason("import", "begin"), START)
    record = Record(SCHEMAS, ABOUT)
    opens = [
        Row(
            name,
            {column: value for column, value in row.items() if column not in tables.VALIDITY},
            None,
            None,
        )
        for name, frame in land.frames.items()
        for row in frame.iter_rows(named=True)
    ]
    record.apply([recorded.Edit([], opens)], START)
    return record


@pytest.mark.usefixtures("database")
@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, *HealthCheck]
)
@given(changes, day)
def test_the_register_says_what_the_chronicle_says(drawn: list[Any], today: date) -> None:
    with transaction.atomic():
        reading.forget()
        record = begun()
        for place, change in enumerate(drawn):
            make(change, record, START + timedelta(seconds=1 + place))
            # Made from what was read before and what changed since.
            assert reading.landscape(today).equals(record.chronicle().at(today))
        reading.forget()
        agree(record)
        transaction.set_rollback(True)
    reading.forget()


def agree(record: Record) -> None:
    chronicle = record.chronicle()
    assert reading.chronicle().equals(chronicle)
    half = timedelta(seconds=0.5)
    known = [None, *record.moments, *(moment + half for moment in record.moments)]
    for on in LONG:
        for moment in known:
            assert reading.landscape(on, moment).equals(chronicle.at(on, moment))
    for moment in (START - timedelta(microseconds=1), datetime(1900, 1, 1, tzinfo=UTC)):
        with pytest.raises(InputError, match="knew no municipalities then"):
            reading.landscape(DAYS[0], moment)
        assert reading.last_change(moment) == 0
        assert not reading.chronicle(moment).frames


@pytest.mark.usefixtures("database")
def test_nothing_on_record_is_said_so() -> None:
    with pytest.raises(InputError, match="knew no municipalities then"):
        reading.landscape(DAYS[0])
    assert reading.last_change() == 0
    assert reading.chronicle().about == About()


@pytest.mark.usefixtures("database")
def test_a_table_and_a_column_are_known_from_the_change_that_made_them_known() -> None:
    begun()
    before = reading.landscape(DAYS[0])
    column = {"table": "figures", "column": "eigen", "type": "date"}
    figure = history.current("figures", ["1", "k", None, None])[0]
    writing.write(
        editing.together(
            [
                editing.add("known_tables", {"table": "zones"}),
                editing.add("own_columns", column),
                editing.correct(figure, {"eigen": DAYS[2]}),
            ]
        ),
        Reason("edit", "meer weten"),
        START + timedelta(days=1),
    )
    after = reading.landscape(DAYS[0])
    assert after.table("figures")["eigen"].to_list() == [DAYS[2]]
    assert (after.knows("zones"), after.table("zones").height) == (True, 0)
    then = reading.landscape(DAYS[0], START)
    assert then.equals(before)
    assert not then.knows("zones")
    assert "eigen" not in then.table("figures").columns

    writing.write(history.undoing(2), Reason("undo", "toch niet", undoes=2))
    assert reading.landscape(DAYS[0]).equals(before)
    writing.write(history.undoing(3), Reason("undo", "toch wel", undoes=3))
    assert reading.landscape(DAYS[0]).equals(after)


@pytest.mark.usefixtures("database")
def test_a_moment_that_is_unknown_was_always() -> None:
    land = first()
    with writing.turn():
        change = writing.begun(Reason("import", "van vroeger"), unknown=True)
        for name, frame in first_batch(land).opens.items():
            if frame.height:
                rows.insert(name, writing.checked(name, frame), change)
        writing.seal(change)
    assert reading.landscape(land.date, datetime(1900, 1, 1, tzinfo=UTC)).equals(land)
    assert reading.chronicle().frames["figures"]["recorded_from"].to_list() == [None]
    seen = history.current("figures", ["1", "k", None, None])[0]
    writing.write(editing.take_out(seen), Reason("edit", "weg"), START)
    assert reading.landscape(land.date, START - timedelta(microseconds=1)).equals(land)
    assert reading.landscape(land.date, START).table("figures").is_empty()
    assert reading.chronicle().frames["figures"]["recorded_to"].to_list() == [START]


@pytest.mark.usefixtures("database")
def test_a_picture_is_made_once_and_reads_only_what_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun()
    before = reading.landscape(DAYS[0])
    assert reading.landscape(DAYS[0]) is before
    assert reading.landscape(DAYS[0], START + timedelta(days=1)) is before
    assert reading.landscape(DAYS[1]) is not before
    assert reading.landscape(DAYS[0], change=1) is before

    asked: list[tuple[str, pl.DataFrame]] = []
    select = rows.select

    def watched(name: str, *given_: Any) -> pl.DataFrame:
        found = select(name, *given_)
        asked.append((name, found))
        return found

    seen = history.current("municipalities", ["2"])[0]
    writing.write(editing.correct(seen, {"population": 5}), Reason("edit", "geteld"))
    monkeypatch.setattr(rows, "select", watched)
    after = reading.landscape(DAYS[0])
    assert [(name, found["nis"].to_list()) for name, found in asked] == [("municipalities", ["2"])]
    assert after.table("municipalities")["population"].to_list() == [None, 5]
    asked.clear()
    assert reading.landscape(DAYS[0]) is after
    assert reading.landscape(DAYS[0], change=1) is before
    assert not asked


def test_two_databases_in_one_process_do_not_mix(
    template: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "forget", lambda: None)
    lands = [first(), example()]
    made, configs = [], []
    for place, kind in ((0, "sqlite"), (1, "sqlite"), (0, "postgresql"), (1, "postgresql")):
        folder = tmp_path / f"{kind}{place}"
        folder.mkdir()
        made.append(make_database(kind, template, folder, f"{kind}{place}"))
        configs.append(dict(connection.settings_dict))
        writing.write(first_batch(lands[place]), Reason("import", "begin"))
        assert reading.landscape(lands[place].date).equals(lands[place])
    for place, config in zip((0, 1, 0, 1), configs, strict=True):
        point_at(config)
        assert reading.landscape(lands[place].date).equals(lands[place])
    for database in made:
        remove_database(database)


@pytest.mark.usefixtures("database")
def test_a_picture_is_whole_while_others_write() -> None:
    begun()
    pinned = reading.landscape(DAYS[0])

    def writes() -> None:
        try:
            for population in range(25):
                seen = history.current("municipalities", ["1"])[0]
                edit = editing.correct(seen, {"population": population})
                writing.write(edit, Reason("edit", "geteld"))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as others:
        busy = others.submit(writes)
        while True:
            over = busy.done()
            reading.forget()
            assert reading.landscape(DAYS[0], change=1).equals(pinned)
            assert reading.landscape(DAYS[0]).table("municipalities").height == 2
            if over:
                break
        busy.result()
    assert reading.last_change() == 26
