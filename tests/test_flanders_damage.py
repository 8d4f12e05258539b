"""Damaged raw files: each is refused in one clear line that names the file and the place.

Not here, as nothing in the files can show it: the list of OCMW associations cut off at the end of
a line (it states no number of members), a single flow that is missing, and rows of Wallonia missing
at the end of a Belgian file (nothing of them is used).
"""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely

from conftest import FLANDERS, Imported
from samenspel.errors import InputError
from samenspel.exchange.flanders import import_flanders

Damage = Callable[[bytes], bytes | None]
ZONES = "zones/zones_flanders_2025.csv"
CROSSWALK = "zones/nis_crosswalk_2018_2019_2025.csv"
TOWNS = "lblod/gemeenten.csv"
REFNIS = "lblod/refnis2019.csv"
IGS = "lblod/igs.csv"
MEMBERS = "lblod/igs_members.csv"
OCMW = "lblod/ocmw_verenigingen_members.csv"
POLICE = "lblod/politiezones_members.csv"
CARE = "population/elz_population_2021_by_nis2019.csv"
PEOPLE = "population/population_long.csv"
PEOPLE_2025 = "population/population_2021_on_2025_municipalities.csv"
INCOME = "fiscal/fiscal_income_2005_latest.csv.gz"
INCOME_2025 = "fiscal/fiscal_2020_on_2025_municipalities.csv"
LAND = "fiscal/land_register_2015.csv"
FLOWS_2019 = "commuting/be_commuting_on_2019_municipalities.csv.gz"
FLOWS_2025 = "commuting/be_commuting_on_2025_municipalities.csv.gz"
BORDERS_2025 = "boundaries/gemeenten_2025_adjacency.csv"
AREAS_2019 = "boundaries/gemeenten_2019_2024.gpkg"
AREAS_2025 = "boundaries/gemeenten_2025.gpkg"


def text(change: Damage) -> Damage:
    """``change`` of the content of a file that is zipped."""
    return lambda data: gzip.compress(change(gzip.decompress(data)) or b"")


def cell(row: int, column: str, value: str) -> Damage:
    """One cell replaced; rows as a spreadsheet numbers them, row 0 is the last."""

    def change(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        where = lines[0].strip().split(b",").index(column.encode())
        cells = lines[row - 1].rstrip(b"\r\n").split(b",")
        cells[where] = value.encode()
        lines[row - 1] = b",".join(cells) + b"\n"
        return b"".join(lines)

    return change


def line(row: int, change: Callable[[bytes], bytes]) -> Damage:
    """One line, its end included, replaced; row 0 is the last, nothing removes it."""

    def damage(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        lines[row - 1] = change(lines[row - 1])
        return b"".join(lines)

    return damage


def before(start: str) -> Damage:
    """The file cut off at the end of the line above the first that begins with ``start``."""
    return lambda data: data[: data.index(b"\n" + start.encode()) + 1]


def replaced(old: str, new: str) -> Damage:
    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode())

    return change


def areas(edit: Callable[[dict[str, Any], Any], Any], crs: str = "EPSG:31370") -> Damage:
    """The areas of 2025 written anew after ``edit`` of columns and shapes (or what it returns)."""

    def damage(_data: bytes) -> bytes:
        meta, _, shapes, values = pyogrio.raw.read(FLANDERS / AREAS_2025)
        columns = dict(zip(meta["fields"], values, strict=True))
        columns, shapes = edit(columns, shapes) or (columns, shapes)
        file = io.BytesIO()
        pyogrio.raw.write(
            file, geometry=shapes, field_data=list(columns.values()), fields=list(columns),
            layer="areas", driver="GPKG", geometry_type="Unknown", crs=crs,
        )  # fmt: skip
        return file.getvalue()

    return damage


def put(column: str, value: object) -> Damage:
    """``value`` in ``column`` of the third area."""

    def edit(columns: dict[str, Any], _shapes: Any) -> None:
        columns[column][2] = value

    return areas(edit)


def typed(column: str, values: Callable[[Any], Any]) -> Damage:
    return areas(lambda columns, shapes: (columns | {column: values(columns[column])}, shapes))


def shape(shapes: Callable[[Any], Any]) -> Damage:
    """Every area made another, as Shapely geometries."""
    return areas(lambda columns, old: (columns, shapely.to_wkb(shapes(shapely.from_wkb(old)))))


def without(column: str) -> Damage:
    return areas(lambda found, old: ({k: v for k, v in found.items() if k != column}, old))


def some(rows: slice) -> Damage:
    return areas(lambda found, old: ({k: v[rows] for k, v in found.items()}, old[rows]))


def empty_third(shapes: Any) -> Any:
    shapes[2] = shapely.Polygon()
    return shapes


def twice(found: bytes) -> bytes:
    return found * 2


def gone(_found: bytes) -> bytes:
    return b""


def header(data: bytes) -> bytes:
    return data[: data.index(b"\n") + 1]


def copy(flanders: Path, folder: Path, file: str, damage: Damage) -> Path:
    """The raw files under ``folder`` as links, ``file`` damaged (or absent)."""
    for path in flanders.rglob("*.*"):
        name = path.relative_to(flanders).as_posix()
        place = folder / name
        place.parent.mkdir(exist_ok=True)
        data = damage(path.read_bytes()) if name == file else None
        if data is not None:
            place.write_bytes(data)
        elif name != file:
            place.symlink_to(path)
    return folder


# Name, file, what is done to it, what the message must say beside the name of the file.
FILES: list[tuple[str, str, Damage, str]] = [
    ("no csv", IGS, lambda _: None, "is missing in"),
    ("no gz", INCOME, lambda _: None, "is missing in"),
    ("no gpkg", AREAS_2025, lambda _: None, "is missing in"),
    ("nothing in csv", IGS, lambda _: b"", "the file is empty"),
    ("nothing in gz", INCOME, lambda _: b"", "the file is empty"),
    ("nothing zipped", FLOWS_2025, text(gone), "the file is empty"),
    ("nothing in gpkg", AREAS_2025, lambda _: b"", "cannot be read as GeoPackage"),
    ("only a header", OCMW, header, "there are no rows"),
    ("only a zipped header", INCOME, text(header), "there are no rows"),
    ("cut in a line", PEOPLE, lambda b: b[: len(b) // 2 + 5], "the last line is cut off"),
    ("cut in a zipped line", INCOME, text(lambda b: b[:-9]), "the last line is cut off"),
    ("cut gz", INCOME, lambda b: b[: len(b) // 2], "is cut off or no gzip file"),
    ("gz without its last byte", FLOWS_2025, lambda b: b[:-1], "is cut off or no gzip file"),
    ("gz with a flipped byte", INCOME,
     lambda b: b[:9000] + bytes([b[9000] ^ 255]) + b[9001:], "is cut off or no gzip file"),
    ("no gz but text", INCOME, gzip.decompress, "is cut off or no gzip file"),
    ("cut gpkg", AREAS_2025, lambda b: b[: len(b) // 2], "cannot be read as GeoPackage"),
    ("junk gpkg", AREAS_2025, lambda _: bytes(range(256)) * 99, "cannot be read as GeoPackage"),
    ("latin-1", REFNIS, lambda b: b.decode().replace("’", "'").encode("latin-1"),
     "line 2: this is not UTF-8"),
    ("zipped latin-1", INCOME, text(lambda b: b.decode().encode("latin-1", "replace")),
     "line 2530: this is not UTF-8"),
    ("utf-16", IGS, lambda b: b.decode().encode("utf-16"), "not UTF-8"),
    ("junk csv", MEMBERS, lambda _: bytes(range(11, 256)) * 9 + b"\n", "line 1: this is not UTF-8"),
    ("nul bytes", IGS, lambda b: b[:500] + b"\0\0" + b[502:], "this is not a text file"),
    ("semicolons", IGS, lambda b: b.replace(b",", b";"), "not separated by commas"),
    ("column renamed", IGS, replaced("n_members", "members"), "the column n_members is missing"),
    ("column lost", LAND, lambda b: b"".join(
        x.rpartition(b",")[0] + b"\n" for x in b.splitlines()),
     "the column cadastral_income_taxable is missing"),
    ("header lost", CARE, line(1, gone), "the column NIS_CD is missing"),
    ("double column", IGS, line(1, lambda b: b.replace(b"name", b"kbo")), "repeated column name"),
    ("column without name", IGS, line(1, lambda b: b.replace(b"name", b"")), "empty or repeated"),
    ("cell too many", PEOPLE, line(7, lambda b: b"x," + b),
     "row 7: 5 cells where the header has 4"),
    ("cell too few", INCOME, text(line(7, lambda b: b.partition(b",")[2])),
     "row 7: 12 cells where the header has 13"),
    ("line broken in two", POLICE, line(9, lambda b: b.replace(b",", b"\n", 1)), "row 9: 1 cells"),
    ("quote left open", REFNIS, line(9, lambda b: b'"' + b), "row 9"),
    ("quote left open in the last cell", TOWNS, line(9, lambda b: b.replace(b",ac", b',"ac')),
     "row 9"),
    ("quote left open in a large file", PEOPLE, line(9, lambda b: b'"' + b), "row 9"),
]  # fmt: skip

CUT: list[tuple[str, str, Damage, str]] = [
    ("zones", ZONES, line(0, gone), "Tongeren-Borgloon (73111)"),
    ("half the zones", ZONES, before("32010,"), "143 municipalities of this map are missing"),
    ("crosswalk", CROSSWALK, line(0, gone), "73109"),
    ("municipalities", TOWNS, line(0, gone), "Zwijndrecht (11056)"),
    ("codes", REFNIS, before("73109,"), "Voeren (73109)"),
    ("partnerships", IGS, line(0, gone), "this partnership does not stand in igs.csv"),
    ("members", MEMBERS, line(0, gone), "has 6 members here and 7 in igs.csv"),
    ("police zones", POLICE, line(0, gone), "Willebroek (12040)"),
    ("primary care", CARE, line(0, gone), "Voeren (73109)"),
    ("population", PEOPLE, line(0, gone), "Voeren (73109)"),
    ("population 2025", PEOPLE_2025, line(0, gone), "Tongeren-Borgloon (73111)"),
    ("income", INCOME, text(before("2005,73109,")), "Voeren (73109)"),
    ("income 2025", INCOME_2025, line(0, gone), "Tongeren-Borgloon (73111)"),
    ("land register", LAND, before("73109,"), "Voeren (73109)"),
    ("commuting", FLOWS_2025, text(before("73109,")), "Voeren (73109)"),
    ("an arrondissement", REFNIS, replaced("\n11000,", "\n11999,"), "11000"),
    ("a province", REFNIS, replaced("\n10000,", "\n19999,"), "10000"),
]

VALUES: list[tuple[str, str, Damage, str]] = [
    ("negative count", IGS, cell(5, "n_members", "-1"), "row 5, column n_members, “-1”"),
    ("negative population", PEOPLE, cell(0, "population", "-3"),
     "row 6175, column population, “-3”"),
    ("negative flow", FLOWS_2025, text(cell(8, "commuters", "-2")),
     "row 8, column commuters, “-2”"),
    ("text in a count", IGS, cell(5, "n_members", "many"), "row 5, column n_members, “many”"),
    ("text in a year", PEOPLE, cell(5, "year", "MMIX"), "row 5, column year, “MMIX”"),
    ("text in income", INCOME, text(cell(6, "MS_TOT_NET_INC", "n/a")),
     "row 6, column MS_TOT_NET_INC, “n/a”"),
    ("infinite area", LAND, cell(4, "area_ha", "inf"), "row 4, column area_ha, “inf”"),
    ("no number", PEOPLE_2025, cell(3, "population_2021", "NaN"),
     "row 3, column population_2021, “NaN”"),
    ("infinite border", BORDERS_2025, cell(3, "shared_border_m", "-inf"), "row 3, column shared_"),
    ("impossible year", INCOME, text(cell(5, "CD_YEAR", "205")), "row 5, column CD_YEAR, “205”"),
    ("half a commuter", FLOWS_2025, text(cell(5, "commuters", "12.5")),
     "row 5, column commuters, “12.5”"),
    ("half an inhabitant", PEOPLE, cell(0, "population", "12.5"),
     "row 6175, column population, “12.5”"),
    ("half a year", PEOPLE, cell(5, "year", "2009.5"), "row 5, column year, “2009.5”"),
    ("endless commuters", FLOWS_2025, text(cell(5, "commuters", "1e300")),
     "row 5, column commuters, “1e300”"),
    ("endless population", PEOPLE, cell(0, "population", "1e300"),
     "row 6175, column population, “1e300”"),
    ("endless year", INCOME, text(cell(5, "CD_YEAR", "1e300")), "row 5, column CD_YEAR"),
    ("no name", IGS, cell(5, "name", ""), "row 5, column name, “”: the cell is empty"),
    ("no code", MEMBERS, cell(5, "member_nis2019", ""), "row 5, column member_nis2019, “”"),
    ("no zone", ZONES, cell(5, "vervoerregio_code", ""), "row 5, column vervoerregio_code, “”"),
    ("no count", CARE, cell(5, "POPULATION_NBR", ""), "row 5, column POPULATION_NBR, “”"),
    ("no code of an OCMW", OCMW, cell(5, "nis2019", ""), "row 5, column nis2019, “”: an OCMW"),
    ("unknown form", IGS, cell(5, "type", "gilde"), "row 5, column type, “gilde”"),
    ("unknown status", IGS, cell(5, "status_2023", "asleep"),
     "row 5, column status_2023, “asleep”"),
    ("strange member", MEMBERS, cell(5, "member_nis2019", "21004"),
     "row 5, column member_nis2019, “21004”: this is not a Flemish municipality"),
    ("strange police zone", POLICE, cell(5, "nis2019", "99999"), "row 5, column nis2019, “99999”"),
    ("strange OCMW", OCMW, cell(5, "nis2019", "62063"), "row 5, column nis2019, “62063”"),
    ("unlisted partnership", MEMBERS, cell(5, "igs_kbo", "0000000097"),
     "row 5, column igs_kbo, “0000000097”: this partnership does not stand in igs.csv"),
    ("other number of members", IGS, cell(5, "n_members", "11"),
     "10 members here and 11 in igs.csv"),
    ("strange row of zones", ZONES, line(5, lambda b: b + b.replace(b"11005", b"99999")), "99999"),
    *[
        (f"double row of {Path(file).name}", file, damage, f"row 6, column {column}, “{value}")
        for file, damage, column, value in [
            (ZONES, line(5, twice), "nis2025", "11005"),
            (CROSSWALK, line(5, twice), "nis2018", "11005"),
            (TOWNS, line(5, twice), "nis2019", "24001"),
            (REFNIS, line(5, twice), "code", "11001"),
            (IGS, line(5, twice), "kbo", "0"),
            (MEMBERS, line(5, twice), "member_nis2019", "43010"),
            (OCMW, line(5, twice), "member_kbo", "0"),
            (POLICE, line(5, twice), "nis2019", "11037"),
            (CARE, line(5, twice), "NIS_CD", "11005"),
            (PEOPLE, line(5, twice), "year", "2009"),
            (LAND, line(5, twice), "CD_MUNTY_REFNIS", "11005"),
            (INCOME, text(line(5, twice)), "CD_MUNTY_REFNIS", "11001"),
            (FLOWS_2025, text(line(5, twice)), "nis2025_workplace", "11005"),
            (BORDERS_2025, line(5, twice), "nis_b", "11002"),
        ]
    ],
]  # fmt: skip

MAPS: list[tuple[str, str, Damage, str]] = [
    ("areas of 2019", AREAS_2025, lambda _: (FLANDERS / AREAS_2019).read_bytes(),
     "codes without an area 12, areas without a code 27"),
    ("flows of 2019", FLOWS_2025, lambda _: (FLANDERS / FLOWS_2019).read_bytes(),
     "the column nis2025_residence is missing"),
    ("flows of 2019 renamed", FLOWS_2025, lambda _: text(replaced("nis2019", "nis2025"))(
        (FLANDERS / FLOWS_2019).read_bytes()), "12 municipalities of this map are missing"),
    ("codes of 2025", REFNIS, lambda _: (FLANDERS / "lblod/refnis2025.csv").read_bytes(),
     "27 municipalities of this map are missing"),
    ("income on old codes", INCOME_2025, replaced("\n73110,", "\n73006,"), "(73110)"),
    ("population on old codes", PEOPLE_2025, replaced("\n73110,", "\n73006,"), "(73110)"),
    ("population on two maps", PEOPLE, replaced("73006,2021", "73110,2021"), "Bilzen (73006)"),
    ("other coordinates", AREAS_2025, areas(lambda *_: None, "EPSG:4326"), "are in EPSG:4326"),
    *[(f"no {name}", AREAS_2025, without(name), f"the column {name} is missing")
      for name in ("nis", "name", "region", "area_km2")],
    ("no municipality", AREAS_2025, some(slice(0)), "there are no rows"),
    ("one municipality less", AREAS_2025, some(slice(1, None)),
     "codes without an area 1, areas without a code 0"),
    ("no code", AREAS_2025, put("nis", None), "it has no code or name"),
    ("code twice", AREAS_2025, put("nis", "11001"), "it stands there twice"),
    ("strange code", AREAS_2025, put("nis", "99999"),
     "codes without an area 1, areas without a code 1"),
    ("area as text", AREAS_2025, typed("area_km2", lambda v: np.full(len(v), "?", object)),
     "area_km2"),
    ("negative area", AREAS_2025, put("area_km2", -1.0), "area_km2"),
    ("points", AREAS_2025, shape(shapely.centroid), "geometr"),
    ("empty geometry", AREAS_2025, shape(empty_third), "geometr"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "damage", "place"),
    [pytest.param(*case[1:], id=case[0]) for case in [*FILES, *CUT, *VALUES, *MAPS]],
)
def test_damage_is_refused(
    flanders: Path, tmp_path: Path, file: str, damage: Damage, place: str
) -> None:
    with pytest.raises(InputError) as caught:
        import_flanders(copy(flanders, tmp_path, file, damage), 2025)
    message = str(caught.value)
    assert Path(file).name in message
    assert place in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("file", "damage", "place"),
    [
        (
            AREAS_2019,
            lambda _: (FLANDERS / AREAS_2025).read_bytes(),
            "do not have the same municipalities in 2019",
        ),
        (FLOWS_2019, text(before("73109,")), "Voeren (73109)"),
        (MEMBERS, line(0, gone), "has 6 members here and 7 in igs.csv"),
    ],
)
def test_damage_is_refused_on_the_map_of_2019(
    flanders: Path, tmp_path: Path, file: str, damage: Damage, place: str
) -> None:
    with pytest.raises(InputError, match=Path(file).name) as caught:
        import_flanders(copy(flanders, tmp_path, file, damage), 2019)
    assert place in str(caught.value)


@pytest.mark.parametrize(
    ("file", "damage", "code", "said"),
    [
        (BORDERS_2025, line(0, gone), "border_differs", "73110 and 73111: 7861.4 m by the areas"),
        (PEOPLE_2025, cell(2, "population_2021", "9"), "differs_from_publisher",
         "of 11001 the parts add up to 14455.0"),
        (INCOME_2025, cell(2, "MS_TOT_MUNICIP_TAXES", "9"), "differs_from_publisher",
         "municipal_income_tax 2020 differs"),
    ],
)  # fmt: skip
def test_a_difference_with_the_publisher_is_a_warning(
    flanders: Path, flanders_2025: Imported, tmp_path: Path,
    file: str, damage: Damage, code: str, said: str,
) -> None:  # fmt: skip
    landscape, findings = import_flanders(copy(flanders, tmp_path, file, damage), 2025)
    (new,) = [finding for finding in findings if finding not in flanders_2025[1]]
    assert (new.severity, new.code) == ("warning", code)
    assert said in new.message
    assert landscape.equals(flanders_2025[0])


@pytest.mark.parametrize(
    ("file", "change"),
    [
        pytest.param(IGS, lambda b: b, id="none"),
        pytest.param(PEOPLE, lambda b: b.replace(b"\n", b"\r\n"), id="line ends"),
        pytest.param(IGS, lambda b: b"\xef\xbb\xbf" + b, id="byte order mark"),
        pytest.param(PEOPLE, line(7, lambda b: b"\n" + b), id="blank line"),
        pytest.param(CARE, lambda b: b.replace(b"\n", b",x\n"), id="one column more"),
        pytest.param(AREAS_2025, areas(lambda *_: None), id="another layer name"),
        pytest.param(AREAS_2025, typed("nis", lambda v: v.astype(np.int64)), id="codes as numbers"),
    ],
)
def test_what_does_no_harm_is_read(
    flanders: Path, flanders_2025: Imported, tmp_path: Path, file: str, change: Damage
) -> None:
    landscape, findings = import_flanders(copy(flanders, tmp_path, file, change), 2025)
    assert landscape.equals(flanders_2025[0])
    assert findings == flanders_2025[1]


def test_a_folder_or_year_that_does_not_exist(flanders: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere: there is no such folder\."):
        import_flanders(tmp_path / "nowhere", 2025)
    with pytest.raises(InputError, match=r"no map of 2018; choose 2019 or 2025\."):
        import_flanders(flanders, 2018)
