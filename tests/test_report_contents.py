"""What a report shows as plain values, counted again by hand, and the command that writes it."""

import errno
import json
import os
import shlex
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from countries import example
from pages import Made, prompt, read, text
from samenspel.errors import InputError
from samenspel.landscape.codes import PARTNERSHIP_CLASSES
from samenspel.landscape.kinds import INTERMUNICIPAL_FORMS, OCMW_FORMS
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write
from samenspel.reports.contents import (
    KINDS_FIRST,
    MOST_ENTANGLED,
    contents,
    distribution,
    entangled,
    every_partnership,
)
from samenspel.screening.screen import screen

pytest_plugins = ("report_fixtures",)

Row = dict[str, Any]
INTERMUNICIPAL = "intermunicipal_partnership"


def rows(landscape: Landscape, table: str) -> list[Row]:
    return landscape.coded(table).to_dicts()


def kind_by_hand(form: str | None, stated: str | None, own: int) -> str | None:
    if stated is not None:
        return stated if stated in PARTNERSHIP_CLASSES else "other_partnership"
    if form in INTERMUNICIPAL_FORMS:
        return INTERMUNICIPAL
    if form in OCMW_FORMS:
        return "ocmw_association"
    return INTERMUNICIPAL if own >= 2 else None if form is None else "other_partnership"


def partnerships_by_hand(landscape: Landscape) -> list[Row]:
    """Every partnership with its members, from the tables and in plain Python."""
    towns = {row["nis"] for row in rows(landscape, "municipalities")}
    stated = {row["id"]: row["class"] for row in rows(landscape, "organisations")}
    ocmws = {r["id"]: r["nis"] for r in rows(landscape, "organisations") if r["class"] == "ocmw"}
    sitting: dict[str, set[str]] = {}
    for row in rows(landscape, "memberships"):
        if row["role"] != "observer":
            sitting.setdefault(row["partnership"], set()).add(row["organisation"])
    found = []
    for row in rows(landscape, "partnerships"):
        members = sitting.get(row["id"], set())
        own = members & towns
        kind = kind_by_hand(row["legal_form"], stated.get(row["id"]), len(own))
        beside = {ocmws[member] for member in members if ocmws.get(member) in towns}
        term_end, start = row["term_end"], row["start"]
        found.append(
            {
                "partnership": row["id"],
                **{key: row[key] for key in ("name", "legal_form", "theme", "status")},
                "body": kind,
                "start": start and start.isoformat(),
                "term_end": term_end and term_end.isoformat(),
                "size": len(own) or None,
                "members": len(members) or None,
                "municipalities": sorted(own if kind == INTERMUNICIPAL else own | beside),
            }
        )
    places = {kind: place for place, kind in enumerate(KINDS_FIRST)}

    def order(row: Row) -> tuple[object, ...]:
        name = row["name"]
        return (
            row["status"] != "active",
            places.get(row["body"], len(KINDS_FIRST)),
            name is None,
            (name or "").lower(),
            row["partnership"],
        )

    return sorted(found, key=order)


def test_every_partnership_by_hand(made: Made) -> None:
    by_hand = partnerships_by_hand(made.landscape)
    assert by_hand
    assert every_partnership(screen(made.landscape)) == by_hand
    assert made.found["partnerships"] == by_hand


def test_observers_are_no_members_and_ocmws_count_outside_intermunicipal_ones() -> None:
    land = example()
    watching = (pl.col("partnership") == "p01") & (pl.col("organisation") == "00001")
    role = pl.when(watching).then(pl.lit("observer")).otherwise("role")
    changed = land.with_tables(memberships=land.table("memberships").with_columns(role=role))
    before, after = (
        {row["partnership"]: row for row in every_partnership(screen(each))}
        for each in (land, changed)
    )
    was, became = before.pop("p01"), after.pop("p01")
    assert was["municipalities"] == ["00001", *became["municipalities"]]
    assert (was["size"], was["members"]) == (became["size"] + 1, became["members"] + 1)
    assert after == before
    through = [row for row in after.values() if row["body"] == "ocmw_association"]
    assert any(len(row["municipalities"]) > (row["size"] or 0) for row in through)
    for row in after.values():
        if row["body"] == INTERMUNICIPAL:
            assert len(row["municipalities"]) == (row["size"] or 0)


def test_the_rest_of_the_contents_by_hand(made: Made) -> None:
    found, land = made.found, made.landscape
    assert json.dumps(found, allow_nan=False)
    zoned: dict[str, list[str]] = {}
    for row in rows(land, "zone_members"):
        if row["zoning"] == found["drawn"]["zoning"]:
            zoned.setdefault(row["nis"], []).append(row["zone"])
    facts = {row["nis"]: row for row in rows(land, "municipalities")}
    for shown, screened in zip(found["municipalities"], made.screened["municipalities"],
                               strict=True):  # fmt: skip
        nis = shown["nis"]
        assert shown == {
            **screened,
            "population": facts[nis]["population"],
            "centre": facts[nis]["centre"],
            "zones": sorted(zoned.get(nis, [])),
        }
    for key in made.screened.keys() - {"municipalities"}:
        assert found[key] == made.screened[key], key
    assert [row["id"] for row in found["sources"]] == sorted(r["id"] for r in rows(land, "sources"))
    for shown in found["sources"]:
        (source,) = [row for row in rows(land, "sources") if row["id"] == shown["id"]]
        day = source["date"]
        wanted = {key: source[key] for key in shown} | {"date": day and day.isoformat()}
        assert shown == wanted


def test_the_distribution_adds_up(made: Made) -> None:
    counts = Counter(row["partnerships"] for row in made.found["municipalities"])
    shown = {row["partnerships"]: row["municipalities"] for row in made.found["distribution"]}
    assert sum(shown.values()) == made.landscape.table("municipalities").height
    assert {step: count for step, count in shown.items() if count} == counts
    known = [step for step in shown if step is not None]
    assert known == list(range(min(known), max(known) + 1))


def test_the_distribution_counts_the_unknown_apart() -> None:
    given = [{"partnerships": count} for count in (3, None, 5, 3, None)]
    assert distribution(given) == [
        {"partnerships": 3, "municipalities": 2},
        {"partnerships": 4, "municipalities": 0},
        {"partnerships": 5, "municipalities": 1},
        {"partnerships": None, "municipalities": 2},
    ]
    assert distribution([{"partnerships": None}]) == [{"partnerships": None, "municipalities": 1}]


def test_the_most_entangled_first(made: Made) -> None:
    tables = {row["nis"]: row["tables"] for row in made.found["municipalities"]}
    known = {nis: count for nis, count in tables.items() if count is not None}
    shown = made.found["entangled"]
    assert len(shown) == len(set(shown)) == min(MOST_ENTANGLED, len(known))
    ranked = [known[nis] for nis in shown]
    assert ranked == sorted(known.values(), reverse=True)[: len(shown)]


def test_equally_entangled_by_partnerships_then_code_and_the_unknown_never() -> None:
    given: list[Row] = [
        {"nis": "d", "tables": None, "partnerships": 9},
        {"nis": "c", "tables": 2, "partnerships": 1},
        {"nis": "b", "tables": 2, "partnerships": 2},
        {"nis": "a", "tables": 2, "partnerships": 1},
        {"nis": "e", "tables": 0, "partnerships": None},
    ]
    assert entangled(given) == ["b", "a", "c", "e"]


def test_confirmed_is_the_share_of_the_rows(made: Made) -> None:
    wanted = {}
    for table in ("partnerships", "memberships", "tasks", "mandates"):
        by = [row["confirmed_by"] for row in rows(made.landscape, table)]
        if by:
            wanted[table] = sum(name is not None for name in by) / len(by)
    shares = {row["table"]: row["share"] for row in made.found["confirmed"]["tables"]}
    assert {table: shares[table] for table in wanted} == pytest.approx(wanted)


def test_what_is_drawn_unless_asked_otherwise(made: Made) -> None:
    drawn, land = made.found["drawn"], made.landscape
    kinds = {row["zoning"]: row["kind"] for row in rows(land, "zonings")}
    assert kinds[drawn["zoning"]] == "reference_region"
    sizes = {b["partnership"]: b["size"] or 0 for b in made.found["partnerships"]}
    wide = {b["partnership"]: len(b["municipalities"]) for b in made.found["partnerships"]}
    with_own = [partnership for partnership, size in sizes.items() if size]
    assert wide[drawn["partnership"]] == max(wide[partnership] for partnership in with_own)


def test_what_is_drawn_when_asked() -> None:
    screening = screen(example())
    for zoning in ("POLITIE", "REGIO", "TOERISME", "WOON"):
        found = contents(screening, zoning, "p08")
        assert found["drawn"] == {"zoning": zoning, "partnership": "p08"}
        members = screening.landscape.table("zone_members").filter(zoning=zoning)
        pairs = {(row["nis"], zone) for row in found["municipalities"] for zone in row["zones"]}
        assert pairs == set(members.select("nis", "zone").iter_rows())


@pytest.mark.parametrize("wanted", ["regio", "NOORD", ""])
def test_a_zoning_that_is_not_there(wanted: str) -> None:
    with pytest.raises(InputError, match=f"no zoning “{wanted}”.*POLITIE, REGIO, TOERISME, WOON"):
        contents(screen(example()), zoning=wanted)


@pytest.mark.parametrize("wanted", ["P01", "Streekdienst Voorbeeldstreek", ""])
def test_a_partnership_that_is_not_there(wanted: str) -> None:
    with pytest.raises(InputError, match=f"no partnership “{wanted}”"):
        contents(screen(example()), partnership=wanted)


def test_nothing_to_draw_and_nothing_confirmed() -> None:
    towns = example().table("municipalities").select("nis", "name")
    found = contents(screen(Landscape(date(2025, 1, 1), {"municipalities": towns})))
    assert found["drawn"] == {"zoning": None, "partnership": None}
    assert (found["confirmed"]["confirmed"], found["sources"], found["partnerships"]) == (0, [], [])
    assert found["distribution"] == [{"partnerships": None, "municipalities": towns.height}]
    assert found["entangled"] == []


def test_the_command_writes_the_file_and_tells_the_same(tmp_path: Path) -> None:
    streek = Made("example", example(), tmp_path / "voorbeeldstreek")
    write(streek.landscape, streek.folder)
    assert streek.found["file"] == str(streek.file)
    assert read(streek.file.read_text(encoding="utf-8")).find("html") is not None
    before = streek.file.read_bytes()
    code, out, err = prompt(
        "--lang", "en", "report", str(streek.folder), "--out", str(streek.file), "--partnership",
        "p08", "--zoning", "POLITIE", "--horizon", "0", "--many", "4",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert str(streek.file) in out.replace("\n", "")
    assert streek.file.read_bytes() != before
    page = streek.file.read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert 'data-pick="p-p08"' in page
    assert sorted(path.name for path in streek.file.parent.iterdir()) == [
        "voorbeeldstreek", "voorbeeldstreek.html",
    ]  # fmt: skip


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "arguments",
    [
        ["nergens", "--out", "r.html"],
        ["land", "--out", "r.html", "--zoning", "PROVINCIE"],
        ["land", "--out", "r.html", "--partnership", "p99"],
        ["land", "--out", "r.html", "--date", "1900-01-01"],
        ["land", "--out", "land"],
        ["land", "--out", "."],
        ["land", "--out", "land/municipalities.csv/r.html"],
        ["land", "--out", "/proc/samenspel/r.html"],
        ["land", "--out", "r" * 300],
        ["land"],
    ],
)
def test_what_cannot_be_made_is_said_in_one_line_and_nothing_is_written(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(example(), tmp_path / "land")
    monkeypatch.chdir(tmp_path)
    before = everything(tmp_path)
    code, out, err = prompt("report", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "Traceback" not in err
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(OSError(errno.ENOSPC, "No space left on device"), 2), (KeyboardInterrupt(), 130)],
)
def test_an_earlier_report_stands_until_the_new_one_is_whole(
    fault: BaseException, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(example(), tmp_path / "land")
    out = tmp_path / "report.html"
    out.write_text('<meta name="generator" content="Samenspel 0">', encoding="utf-8")
    before = everything(tmp_path)
    seen = []

    def failing(source: Any, target: Any) -> None:
        seen.append((Path(source).stat().st_size, Path(target)))
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", failing)
        code, told, _err = prompt("report", str(tmp_path / "land"), "--out", str(out))
    assert (code, told) == (expected, "")
    assert [(size > 50_000, target) for size, target in seen] == [(True, out)]
    assert everything(tmp_path) == before
    assert prompt("report", str(tmp_path / "land"), "--out", str(out))[0] == 0
    assert everything(tmp_path).keys() == before.keys()
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def shown_commands(page: Path) -> list[list[str]]:
    """The commands that a page tells to type, as a shell takes them apart."""
    blocks = read(page.read_text(encoding="utf-8")).iter("code")
    return [shlex.split(line) for block in blocks for line in "".join(block.itertext()).split("\n")]


@pytest.mark.parametrize("name", ["land", "mijn streek", "l'and; x"])
def test_the_commands_shown_name_the_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(example(), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert prompt("report", name, "--out", "r.html")[0] == 0
    workbook, preview, merge, again = shown_commands(tmp_path / "r.html")
    assert workbook[1:3] == ["workbook", name]
    assert preview[-2:] == [name, "--dry-run"]
    assert merge[-1] == name
    assert again[1:3] == ["report", name]


def test_the_commands_shown_name_the_folder_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(example(), tmp_path / "land")
    monkeypatch.chdir(tmp_path / "land")
    out = tmp_path / "r.html"
    assert prompt("report", ".", "--out", str(out))[0] == 0
    for command in shown_commands(out):
        assert command.count(".") + command.count("land") == 1


def test_the_day_asked_for_is_the_day_shown(tmp_path: Path) -> None:
    write(example(), tmp_path / "land")
    out = tmp_path / "r.html"
    code, _out, err = prompt(
        "--lang", "en", "report", str(tmp_path / "land"), "--out", str(out), "--date", "2026-03-01"
    )
    assert (code, err.count("\n")) == (0, 1)
    assert "1 March 2026" in text(read(out.read_text(encoding="utf-8")))
