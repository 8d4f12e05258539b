"""Mergers of 2025 carried over real data, against what the publishers give for 2025 themselves."""

from collections import Counter, defaultdict
from datetime import date as Date
from pathlib import Path

import polars as pl
import pytest

from conftest import Imported, crosswalk, flemish, pairs, rows
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.recode import recode

MERGERS = Date(2025, 1, 1)
INCOME = {
    "MS_NBR_NON_ZERO_INC": "tax_returns_with_income",
    "MS_TOT_NET_TAXABLE_INC": "net_taxable_income",
    "MS_TOT_STATE_TAXES": "state_income_tax",
    "MS_TOT_MUNICIP_TAXES": "municipal_income_tax",
    "MS_TOT_RESIDENTS": "fiscal_residents",
}


def figures(imported: Imported, key: str, year: int) -> dict[str, float]:
    table = imported[0].table("figures")
    found = table.filter((pl.col("key") == key) & (pl.col("year") == year))
    assert found["nis"].is_unique().all()
    return dict(found.select("nis", "value").iter_rows())


def merged(folder: Path) -> set[str]:
    """The municipalities of 2025 that more than one of 2019 became."""
    here = flemish(folder, 2025)
    parts = Counter(new for new in crosswalk(folder, 2019, 2025).values() if new in here)
    return {nis for nis, count in parts.items() if count > 1}


def test_lineage_is_the_crosswalk(flanders_2025: Imported, flanders: Path) -> None:
    here, whole = flemish(flanders, 2025), merged(flanders)
    steps = {
        (old, new, "merger" if new in whole else "code_change")
        for old, new in crosswalk(flanders, 2019, 2025).items()
        if new in here and (old != new or new in whole)
    }
    assert len(whole) == 13
    table = flanders_2025[0].table("lineage")
    table = table.filter((pl.col("kind") == "municipality") & (pl.col("date") == MERGERS))
    assert pairs(table, "old", "new", "operation") == steps


def test_intermunicipal_memberships(flanders_2025: Imported, flanders: Path) -> None:
    given = {
        (row["igs_kbo"], row["member_nis2025"]) for row in rows(flanders, "lblod/igs_members.csv")
    }
    listed = [row["kbo"] for row in rows(flanders, "lblod/igs.csv")]
    links = flanders_2025[0].table("memberships").filter(pl.col("partnership").is_in(listed))
    assert pairs(links, "partnership", "organisation") == given


def test_members_of_ocmw_associations(flanders_2025: Imported, flanders: Path) -> None:
    given, listed = set(), set()
    for row in rows(flanders, "lblod/ocmw_verenigingen_members.csv"):
        by_class = {"OCMW": f"ocmw-{row['nis2025']}", "gemeente": row["nis2025"]}
        given.add((row["assoc_kbo"], by_class.get(row["member_class"], row["member_kbo"])))
        listed.add(row["assoc_kbo"])
    links = flanders_2025[0].table("memberships")
    links = links.filter(pl.col("partnership").is_in(list(listed)))
    assert pairs(links, "partnership", "organisation") == given


def test_partnerships_that_a_merger_leaves_with_one_member(
    flanders_2025: Imported, flanders: Path
) -> None:
    before, after = defaultdict(set), defaultdict(set)
    for row in rows(flanders, "lblod/igs_members.csv"):
        before[row["igs_kbo"]].add(row["member_nis2019"])
        after[row["igs_kbo"]].add(row["member_nis2025"])
    for row in rows(flanders, "lblod/ocmw_verenigingen_members.csv"):
        what = row["member_class"] if row["nis2019"] else row["member_kbo"]
        before[row["assoc_kbo"]].add((what, row["nis2019"]))
        after[row["assoc_kbo"]].add((what, row["nis2025"]))
    fallen = {body for body in before if len(before[body]) > 1 and len(after[body]) == 1}
    told = [f for f in flanders_2025[1] if f.table == "memberships" and f.column == "partnership"]
    assert {f.value for f in told} == fallen
    assert len(told) == len(fallen) == 3
    kept = flanders_2025[0].table("memberships").filter(pl.col("partnership").is_in(list(fallen)))
    assert kept.height == 3


def test_population_of_2021(flanders_2025: Imported, flanders: Path) -> None:
    given = {
        row["nis2025"]: int(row["population_2021"])
        for row in rows(flanders, "population/population_2021_on_2025_municipalities.csv")
    }
    assert figures(flanders_2025, "population", 2021) == given
    towns = flanders_2025[0].table("municipalities")
    assert dict(towns.select("nis", "population").iter_rows()) == given


@pytest.mark.parametrize("column", INCOME)
def test_income_of_2020(flanders_2025: Imported, flanders: Path, column: str) -> None:
    given = {
        row["nis2025"]: float(row[column])
        for row in rows(flanders, "fiscal/fiscal_2020_on_2025_municipalities.csv")
    }
    found = figures(flanders_2025, INCOME[column], 2020)
    assert found.keys() == given.keys()
    assert all(abs(found[nis] - given[nis]) < 0.05 for nis in given)
    assert not [f for f in flanders_2025[1] if f.code == "differs_from_publisher"]


def test_a_rate_is_not_added_up(flanders_2025: Imported, flanders: Path) -> None:
    # The publisher has recomputed the rate of a merged municipality from its taxes; here it is
    # unknown, and the others keep theirs.
    given = {
        row["nis2025"]: float(row["effective_apb_rate_pct"])
        for row in rows(flanders, "fiscal/fiscal_2020_on_2025_municipalities.csv")
    }
    found = figures(flanders_2025, "effective_municipal_income_tax_rate", 2020)
    assert given.keys() - found.keys() == merged(flanders)
    assert found == {nis: given[nis] for nis in found}


@pytest.mark.parametrize("year", [2019, 2025])
@pytest.mark.parametrize(
    ("name", "nis", "column", "key", "since"),
    [
        ("population/population_long.csv", "nis", "population", "population", None),
        ("fiscal/fiscal_income_2005_latest.csv.gz", "CD_MUNTY_REFNIS", "MS_TOT_NET_INC",
         "net_income", None),
        ("fiscal/land_register_2015.csv", "CD_MUNTY_REFNIS", "area_ha", "cadastral_area", 2015),
    ],
)  # fmt: skip
def test_sums_over_the_mergers_of_2019_and_2025(
    request: pytest.FixtureRequest, flanders: Path, year: int,
    name: str, nis: str, column: str, key: str, since: int | None,
) -> None:  # fmt: skip
    became = crosswalk(flanders, 2018, year) | crosswalk(flanders, 2019, year)
    here = flemish(flanders, year)
    sums: dict[tuple[str, int], float] = defaultdict(float)
    for row in rows(flanders, name):
        code = became.get(row[nis], row[nis])
        if code in here and row[column]:
            sums[code, since or int(row.get("year") or row["CD_YEAR"])] += float(row[column])
    table = request.getfixturevalue(f"flanders_{year}")[0].table("figures")
    found = table.filter(pl.col("key") == key).select("nis", "year", "value", "map_year")
    assert set(found["map_year"]) == {year}
    assert {(code, at): value for code, at, value, _ in found.iter_rows()} == pytest.approx(sums)


def test_commuting_of_2019_recoded_is_that_of_2025(
    flanders_2019: Imported, flanders_2025: Imported, flanders: Path
) -> None:
    here = flemish(flanders, 2025)
    eras = {
        (row[f"nis{year}"], row[f"name{year}"], Date(year, 1, 1), end)
        for row in rows(flanders, "zones/nis_crosswalk_2018_2019_2025.csv")
        if row["nis2025"] in here
        for year, end in ((2019, MERGERS), (2025, None))
    }
    chronicle = Chronicle(
        {
            "municipalities": pl.DataFrame(
                sorted(eras, key=str),
                schema={"nis": pl.String, "name": pl.String,
                        "valid_from": pl.Date, "valid_to": pl.Date},
                orient="row",
            ),
            "lineage": flanders_2019[0].table("lineage"),
            "flows": flanders_2019[0].table("flows").with_columns(
                valid_from=pl.lit(Date(2019, 1, 1))
            ),
        }
    )  # fmt: skip
    later = recode(chronicle)[0].at(MERGERS)
    assert later.table("municipalities").height == 285
    given: Counter[tuple[str | None, str | None]] = Counter()
    for row in rows(flanders, "commuting/be_commuting_on_2025_municipalities.csv.gz"):
        home, work = row["nis2025_residence"], row["nis2025_workplace"]
        tie = (home if home in here else None, work if work in here else None)
        given[tie] += int(row["commuters"])
    del given[None, None]
    flows = later.table("flows")
    assert set(flows["map_year"]) == {2025}
    found = {(a, b): count for a, b, count in flows.select("from", "to", "count").iter_rows()}
    assert len(found) == flows.height
    assert found == given
    own = flanders_2025[0].table("flows").select("from", "to", "count")
    assert {(a, b): count for a, b, count in own.iter_rows()} == found


def test_reference_regions_of_2022_and_2025(flanders_2025: Imported, flanders: Path) -> None:
    now = {
        row["nis2025"]: row["referentieregio"]
        for row in rows(flanders, "zones/zones_flanders_2025.csv")
    }
    listed = [row for row in rows(flanders, "lblod/gemeenten.csv") if row["nis2025"]]
    moved = {
        (row["name"], row["nis2025"], row["referentieregio2022"], now[row["nis2025"]])
        for row in listed
        if row["referentieregio2022"].replace("Regio Oostende", "Middenkust") != now[row["nis2025"]]
    }
    # Zwijndrecht merged with Beveren and Kruibeke, which lie in Waasland.
    assert moved == {("Zwijndrecht", "46030", "Regio Antwerpen", "Waasland")}
    renamed = [row for row in listed if row["referentieregio2022"] == "Regio Oostende"]
    assert {now[row["nis2025"]] for row in renamed} == {"Middenkust"}
    members = flanders_2025[0].table("zone_members").join(
        flanders_2025[0].table("zones").select("zoning", "zone", "name"), on=["zoning", "zone"]
    )  # fmt: skip
    before, after = (
        pairs(members.filter(pl.col("zoning") == zoning), "nis", "name")
        for zoning in ("referentieregio_2022", "referentieregio")
    )
    coast = {(row["nis2025"], "Regio Oostende") for row in renamed}
    assert before - after == {("46030", "Regio Antwerpen"), *coast}
    assert after - before == {(nis, "Middenkust") for nis, _ in coast}
    lineage = flanders_2025[0].table("lineage").filter(pl.col("zoning") == "referentieregio")
    codes = {row["referentieregio"]: row["referentieregio_code"]
             for row in rows(flanders, "zones/zones_flanders_2025.csv")}  # fmt: skip
    became = {old: (new, how) for old, new, how in
              lineage.select("old", "new", "operation").iter_rows()}  # fmt: skip
    assert became.pop("Regio Oostende") == (codes["Middenkust"], "rename")
    assert became == {
        name: (code, "code_change") for name, code in codes.items() if name != "Middenkust"
    }
