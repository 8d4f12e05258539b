"""Two people with two workbooks, a kill half-way, and a real region completed."""

import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from conftest import Imported as FromFlanders
from samenspel.alignment.plan.check import check_plan
from samenspel.alignment.plan.plan import Plan
from samenspel.alignment.plan.rationalise import rationalise
from samenspel.errors import InputError
from samenspel.exchange.excel import import_workbook
from samenspel.landscape.codes import LEGAL_FORMS
from samenspel.landscape.kinds import OCMW_FORMS
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.load import load
from samenspel.reports.contents import contents
from samenspel.reports.page import page
from samenspel.screening.screen import screen
from samenspel.screening.select import find_zone
from workbooks import NOW, Filled, content, given_out, one

# Two people at once


def copies(region: tuple[Path, Path]) -> Iterator[Filled]:
    for name in ("an.xlsx", "jan.xlsx"):
        path = region[1].with_name(name)
        shutil.copy(region[1], path)
        yield Filled(path)


def test_two_people_who_change_different_cells_both_land(region: tuple[Path, Path]) -> None:
    first, second = copies(region)
    row = first.row("partnerships", id="p01")
    first.put("partnerships", row, name="Streekdienst Fabelland").save()
    second.put("partnerships", row, status="gepland").save()
    for filled in (first, second):
        assert import_workbook(filled.path, region[0], now=NOW).written
    after = load(region[0])
    found = one(after, "partnerships", id="p01")
    assert (found["name"], found["status"]) == ("Streekdienst Fabelland", "planned")
    assert found["source"] == "werkboek-NOORD-2025-06-01-2"
    assert "jan.xlsx" in one(after, "sources", id=found["source"])["note"]


def test_of_two_people_who_change_the_same_cell_the_second_is_told(
    region: tuple[Path, Path],
) -> None:
    first, second = copies(region)
    row = first.row("partnerships", id="p01")
    first.put("partnerships", row, name="Streekdienst Fabelland").save()
    second.put("partnerships", row, name="Streekdienst Droomland").save()
    assert import_workbook(first.path, region[0], now=NOW).written
    before = content(region[0])
    (fault,) = import_workbook(second.path, region[0], now=NOW).faults
    assert (fault.sheet, fault.row, fault.column) == ("partnerships", row, "name")
    assert "“Streekdienst Fabelland”" in fault.message
    assert content(region[0]) == before


CHILD = """
import sys
from pathlib import Path
from samenspel.exchange.excel import import_workbook
for path in sys.argv[2:]:
    done = import_workbook(Path(path), Path(sys.argv[1]))
    assert done.written, done.faults
"""


def child(folder: Path, *paths: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD, str(folder), *map(str, paths)])


def test_two_processes_at_once_lose_nothing(region: tuple[Path, Path]) -> None:
    works: list[list[Path]] = [[], []]
    for who, paths in enumerate(works):
        for turn in range(3):
            path = region[1].with_name(f"w{who}{turn}.xlsx")
            shutil.copy(region[1], path)
            filled = Filled(path)
            filled.add("partnerships", id=f"eigen-{who}{turn}", name="Fabeltafel")
            paths.append(filled.save())
    running = [child(region[0], *paths) for paths in works]
    assert [process.wait(120) for process in running] == [0, 0]
    ids = set(load(region[0]).table("partnerships")["id"])
    assert {f"eigen-{who}{turn}" for who in range(2) for turn in range(3)} <= ids


def test_who_has_to_wait_too_long_is_told(
    region: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    from samenspel.exchange.excel import importing

    monkeypatch.setattr(importing, "PATIENCE", 0.1)
    with (
        FileLock(region[0].with_name(".land.lock"), is_singleton=False),
        pytest.raises(InputError, match="somebody else"),
    ):
        import_workbook(region[1], region[0])


@pytest.mark.parametrize("wait", [0.0, 0.02, 0.05])
def test_an_import_that_is_killed_leaves_the_old_or_the_new(
    region: tuple[Path, Path], wait: float
) -> None:
    folder, path = region
    filled = Filled(path)
    filled.add("partnerships", id="eigen-1", name="Fabeltafel")
    filled.save()
    old = load(folder)
    process = child(folder, path)
    writing = f".{folder.name}.writing-*"
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if any(folder.parent.glob(writing)):
            time.sleep(wait)
            break
    process.kill()
    process.wait()
    found = load(folder)
    assert found.equals(old) or "eigen-1" in found.table("partnerships")["id"]
    done = import_workbook(path, folder)
    assert done.faults == []
    assert "eigen-1" in load(folder).table("partnerships")["id"]
    assert not done.written or list(folder.parent.glob(writing)) == []


# A real region completed


def midwest(land: Landscape) -> tuple[str, str, list[str]]:
    """A real region: its zoning, its zone and its municipalities."""
    zoning, zone = find_zone(land, "Midwest")
    lies = (pl.col("zoning") == zoning) & (pl.col("zone") == zone)
    return zoning, zone, land.table("zone_members").filter(lies)["nis"].to_list()


def test_a_real_region_completed_counts_what_was_added(
    flanders_2025: FromFlanders, tmp_path: Path
) -> None:
    land = flanders_2025[0]
    zoning, zone, towns = midwest(land)
    folder, path = given_out(tmp_path, land, zoning, zone)
    filled = Filled(path)
    added: dict[str, Counter[str]] = {"partnerships": Counter(), "ocmw_associations": Counter()}
    for at in range(20):
        form, name = LEGAL_FORMS[at % len(LEGAL_FORMS)], f"Verzonnen verband {at}"
        welfare = form in OCMW_FORMS
        filled.add(
            "partnerships", id=f"verzonnen-{at}", name=name, legal_form=form, status="active"
        )
        kind = "ocmw_association" if welfare else "intermunicipal_partnership"
        filled.add("organisations", id=f"verzonnen-{at}", name=name, **{"class": kind})
        for nis in towns[at % 5 : at % 5 + 4]:
            filled.add("memberships", partnership=name, organisation=nis, role="lid")
            added["ocmw_associations" if welfare else "partnerships"][nis] += 1
    done = import_workbook(filled.save(), folder, now=NOW)
    assert [str(fault) for fault in done.faults] == []
    assert Counter(change.table for change in done.changes) == {
        "partnerships": 20, "organisations": 20, "memberships": 80, "sources": 1,
    }  # fmt: skip
    before, after = screen(land).as_json(), screen(load(folder)).as_json()
    for name, counts in added.items():
        grown = {
            new["nis"]: new[name] - old[name]
            for old, new in zip(before["municipalities"], after["municipalities"], strict=True)
            if new[name] != old[name]
        }
        assert grown == dict(counts)
    sizes = [
        next(row for row in found["zones"][zoning] if row["zone"] == zone)["partnerships"]
        for found in (before, after)
    ]
    assert sizes[1] - sizes[0] == sum(LEGAL_FORMS[at % 15] not in OCMW_FORMS for at in range(20))
    told = page(load(folder), contents(screen(load(folder))), "land")
    assert all(f"Verzonnen verband {at} <small>verzonnen-{at}</small>" in told for at in range(20))


def test_a_completed_real_region_gets_a_plan_that_keeps_every_task(
    flanders_2025: FromFlanders, tmp_path: Path
) -> None:
    land = flanders_2025[0]
    zoning, zone, towns = midwest(land)
    folder, path = given_out(tmp_path, land, zoning, zone)
    filled = Filled(path)
    circles = [towns[:3], towns[:3], towns[:8], towns[4:7], towns[4:7], towns]
    for at, circle in enumerate(circles):
        name = f"Verzonnen woonloket {at}"
        filled.add("partnerships", id=f"verzonnen-{at}", name=name, status="active",
                   legal_form="interlokale_vereniging", theme="housing")  # fmt: skip
        filled.add("tasks", partnership=name, task="woonloket", theme="housing", transferred="nee")
        for nis in circle:
            filled.add("memberships", partnership=name, organisation=nis, role="lid")
    assert import_workbook(filled.save(), folder, now=NOW).written
    after = load(folder)
    plan = rationalise(after, zone, zoning)
    assert isinstance(plan, Plan)
    assert plan.proven_optimal
    assert plan.before - plan.after == 5  # the six housing desks go on as one
    assert check_plan(after, plan.as_json()) == []
