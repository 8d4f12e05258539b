"""The raw Flemish files: which there are, what they must hold, and reading them strictly."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import geopackage
from samenspel.landscape.csvfile import ROW, decode, read_csv
from samenspel.language import _


@dataclass(frozen=True)
class File:
    """One raw file. ``columns``: those that are read. ``filled``: those that no row leaves empty.
    ``key``: those that name a row once. ``numbers``: numeric columns with their lowest value.
    ``whole``: those among them that count."""

    path: str
    columns: tuple[str, ...]
    filled: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    numbers: Mapping[str, float] | None = None
    whole: tuple[str, ...] = ()


LARGEST_COUNT = 1e12  # larger is no count but damage (status: choice)

FISCAL = (
    "MS_NBR_NON_ZERO_INC",
    "MS_NBR_ZERO_INC",
    "MS_TOT_NET_TAXABLE_INC",
    "MS_TOT_NET_INC",
    "MS_TOT_STATE_TAXES",
    "MS_TOT_MUNICIP_TAXES",
    "MS_TOT_SUBURBS_TAXES",
    "MS_TOT_TAXES",
    "MS_TOT_RESIDENTS",
    "effective_apb_rate_pct",
)
LAND = ("area_ha", "cadastral_income_total", "cadastral_income_taxable")
ZONE_TABLE = (
    "provincie",
    "arrondissement",
    "referentieregio",
    "vervoerregio",
    "eerstelijnszone",
    "politiezone",
    "igs_wonen",
    "woonmaatschappij",
    "streekwerking",
    "toeristische_regio",
    "gezondheidsmakers_regio",
    "uitrustingsgraad",
)

CROSSWALK = File(
    "zones/nis_crosswalk_2018_2019_2025.csv",
    ("nis2018", "name2018", "nis2019", "name2019", "nis2025", "name2025"),
    filled=("nis2018", "name2018", "nis2019", "name2019", "nis2025", "name2025"),
    key=("nis2018",),
)
ZONES = File(
    "zones/zones_flanders_2025.csv",
    ("nis2025", "name", *(f"{zoning}{end}" for zoning in ZONE_TABLE for end in ("_code", ""))),
    filled=("nis2025", "name", *(f"{zoning}_code" for zoning in ZONE_TABLE)),
    key=("nis2025",),
)
MUNICIPALITIES = File(
    "lblod/gemeenten.csv", ("name", "kbo", "nis2019", "referentieregio2022"), filled=("name",)
)
REFNIS = File("lblod/refnis2019.csv", ("code", "name_nl", "parent"), ("code", "name_nl"), ("code",))
IGS = File(
    "lblod/igs.csv",
    ("kbo", "name", "type", "status_2023", "n_members"),
    filled=("kbo", "name", "type", "status_2023", "n_members"),
    key=("kbo",),
    numbers={"n_members": 0},
    whole=("n_members",),
)
IGS_MEMBERS = File(
    "lblod/igs_members.csv",
    ("igs_kbo", "member_kbo", "member_name", "member_nis2019"),
    filled=("igs_kbo", "member_name", "member_nis2019"),
    key=("igs_kbo", "member_nis2019"),
)
OCMW = File(
    "lblod/ocmw_verenigingen_members.csv",
    (
        "assoc_kbo",
        "assoc_name",
        "assoc_type",
        "status_2024",
        "member_kbo",
        "member_class",
        "member_name",
        "nis2019",
    ),
    filled=("assoc_kbo", "assoc_name", "member_kbo", "member_class"),
    key=("assoc_kbo", "member_kbo"),
)
POLICE = File(
    "lblod/politiezones_members.csv",
    ("pz_code", "pz_members_label", "status_2023", "municipality", "nis2019"),
    filled=("pz_code", "municipality", "nis2019"),
    key=("nis2019",),
)
POPULATION = File(
    "population/population_long.csv",
    ("nis", "year", "population", "source"),
    filled=("nis", "year", "population"),
    key=("nis", "year"),
    numbers={"year": 1800, "population": 0},
    whole=("year", "population"),
)
POPULATION_2025 = File(
    "population/population_2021_on_2025_municipalities.csv",
    ("nis2025", "population_2021"),
    filled=("nis2025", "population_2021"),
    key=("nis2025",),
    numbers={"population_2021": 0},
    whole=("population_2021",),
)
PRIMARY_CARE = File(
    "population/elz_population_2021_by_nis2019.csv",
    ("NIS_CD", "EERSTELIJNSZONE", "POPULATION_NBR"),
    filled=("NIS_CD", "EERSTELIJNSZONE", "POPULATION_NBR"),
    key=("NIS_CD",),
    numbers={"POPULATION_NBR": 0},
    whole=("POPULATION_NBR",),
)
INCOME = File(
    "fiscal/fiscal_income_2005_latest.csv.gz",
    ("CD_YEAR", "CD_MUNTY_REFNIS", *FISCAL),
    filled=("CD_YEAR", "CD_MUNTY_REFNIS"),
    key=("CD_YEAR", "CD_MUNTY_REFNIS"),
    numbers={"CD_YEAR": 1800, **dict.fromkeys(FISCAL, 0)},
    whole=("CD_YEAR",),
)
INCOME_2025 = File(
    "fiscal/fiscal_2020_on_2025_municipalities.csv",
    ("nis2025", "MS_TOT_NET_TAXABLE_INC", "MS_TOT_MUNICIP_TAXES", "MS_TOT_RESIDENTS"),
    filled=("nis2025",),
    key=("nis2025",),
    numbers=dict.fromkeys(
        ("MS_TOT_NET_TAXABLE_INC", "MS_TOT_MUNICIP_TAXES", "MS_TOT_RESIDENTS"), 0
    ),
)
LAND_REGISTER = File(
    "fiscal/land_register_2015.csv",
    ("CD_MUNTY_REFNIS", *LAND),
    filled=("CD_MUNTY_REFNIS",),
    key=("CD_MUNTY_REFNIS",),
    numbers=dict.fromkeys(LAND, 0),
)


def commuting(year: int) -> File:
    home, work = f"nis{year}_residence", f"nis{year}_workplace"
    columns = (home, work, "commuters")
    return File(
        f"commuting/be_commuting_on_{year}_municipalities.csv.gz",
        columns,
        filled=columns,
        key=(home, work),
        numbers={"commuters": 0},
        whole=("commuters",),
    )


def borders(year: int) -> File:
    columns = ("nis_a", "nis_b", "shared_border_m")
    return File(
        f"boundaries/gemeenten_{map_name(year)}_adjacency.csv",
        columns,
        filled=columns,
        key=("nis_a", "nis_b"),
        numbers={"shared_border_m": 0},
    )


def map_name(year: int) -> str:
    return "2019_2024" if year == 2019 else str(year)


def contents(folder: Path, name: str) -> bytes:
    """The bytes of ``name`` in ``folder``, unzipped. Raises InputError."""
    path = folder / name
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            _("{file} is missing in {folder}; put it there.").format(file=name, folder=folder)
        ) from error
    except OSError as error:
        raise InputError(
            _("{file} cannot be read ({error}).").format(file=name, error=error.strerror)
        ) from error
    if path.suffix == ".gz":
        try:
            return gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(
                _("{file}: is cut off or no gzip file; fetch it again.").format(file=name)
            ) from error
    return data


def read(folder: Path, file: File) -> pl.DataFrame:
    """The columns of ``file`` as text (numbers as numbers), with ``_row``.

    Raises InputError where the file is missing, empty, cut off, not UTF-8, lacks a column, leaves a
    needed cell empty, repeats a key, or has a number that is none.
    """
    data = contents(folder, file.path)
    name = Path(file.path)
    if decode(name, data).strip() and not data.endswith(b"\n"):
        raise InputError(
            _("{file}: the last line is cut off; fetch the file again.").format(file=file.path)
        )
    frame = read_csv(name, data)
    for column in file.columns:
        if column not in frame.columns:
            raise InputError(
                _("{file}: the column {column} is missing; is it another file or another year?")
                .format(file=file.path, column=column)
            )  # fmt: skip
    if not frame.height:
        raise InputError(_("{file}: there are no rows.").format(file=file.path))
    frame = frame.select(ROW, *file.columns)
    for column in file.filled:
        refuse(frame.filter(pl.col(column).is_null()), file, column, _("the cell is empty"))
    refuse_repeats(frame, file, file.key)
    for column, low in (file.numbers or {}).items():
        number = frame[column].cast(pl.Float64, strict=False)
        good = (number.is_finite() & (number >= low)).fill_null(value=False)
        bad = frame[column].is_not_null() & ~good
        refuse(
            frame.filter(bad), file, column, _("this is not a number of at least {low}"), low=low
        )
        if column in file.whole:
            broken = (number != number.floor()) | (number > LARGEST_COUNT)
            refuse(frame.filter(broken), file, column, _("this is not a whole number"))
        frame = frame.with_columns(number)
    return frame


def refuse(rows: pl.DataFrame, file: File, column: str, why: str, **words: object) -> None:
    """Raise InputError for the first of ``rows``, if there are any."""
    if rows.height:
        first = rows.row(0, named=True)
        raise InputError(
            _("{file}, row {row}, column {column}, “{value}”: {why}.").format(
                file=file.path,
                row=first[ROW],
                column=column,
                value=first[column] if first[column] is not None else "",
                why=why.format(**words),
            )
        )


def refuse_repeats(rows: pl.DataFrame, file: File, key: tuple[str, ...]) -> None:
    """Raise InputError where a row has the key of an earlier one."""
    if key:
        again = rows.filter(~pl.struct(key).is_first_distinct())
        refuse(again, file, key[-1], _("this row repeats an earlier one"))


def refuse_strangers(rows: pl.DataFrame, file: File, column: str, known: pl.Series) -> None:
    """Raise InputError where a code is not among ``known``, the municipalities of a map."""
    strange = rows.filter(~pl.col(column).is_in(known.implode()))
    refuse(strange, file, column, _("this is not a Flemish municipality of this map"))


def covers_all(
    file: File, column: str, found: pl.Series, needed: pl.Series, names: Mapping[str, str]
) -> None:
    """Raise InputError unless ``found`` holds all of ``needed``: else rows are missing, or the
    codes are of another year."""
    lacking = needed.filter(~needed.is_in(found.implode())).sort()
    if lacking.len():
        first = lacking[0]
        raise InputError(
            _(
                "{file}, column {column}: {count} municipalities of this map are missing, first "
                "{name} ({nis}); the file is cut off or belongs to another year."
            ).format(
                file=file.path,
                column=column,
                count=lacking.len(),
                name=names.get(first, first),
                nis=first,
            )
        )


def read_areas(folder: Path, year: int) -> pl.DataFrame:
    """Frame ``nis``, ``name``, ``region``, ``area_km2``, ``geometry`` of the map of ``year``."""
    name = f"boundaries/gemeenten_{map_name(year)}.gpkg"
    path = folder / name
    if not path.exists():
        raise InputError(
            _("{file} is missing in {folder}; put it there.").format(file=name, folder=folder)
        )
    frame = geopackage.read(path)
    for column in ("nis", "name", "region", "area_km2"):
        if column not in frame.columns:
            raise InputError(
                _("{file}: the column {column} is missing; is it another file or another year?")
                .format(file=name, column=column)
            )  # fmt: skip
    frame = frame.with_columns(
        pl.col("nis", "name", "region").cast(pl.String),
        pl.col("area_km2").cast(pl.Float64, strict=False),
    )
    size = pl.col("area_km2")
    faults = {
        _("it has no code or name"): pl.any_horizontal(pl.col("nis", "name", "region").is_null()),
        _("it stands there twice"): pl.col("nis").is_duplicated(),
        _("its area_km2 is not a number above 0"): ~(size.is_finite() & (size > 0)).fill_null(
            value=False
        ),
        _("its geometry is not an area"): pl.lit(~is_land(frame["geometry"])),
    }
    for why, fault in faults.items():
        bad = frame.filter(fault)
        if bad.height:
            raise InputError(
                _("{file}, municipality {nis}: {why}; fetch the file again.").format(
                    file=name, nis=bad["nis"][0], why=why
                )
            )
    if not frame.height:
        raise InputError(_("{file}: there are no rows.").format(file=name))
    return frame


def is_land(geometries: pl.Series) -> pl.Series:
    """Whether each WKB is an area that is not empty."""
    import shapely

    shapes = shapely.from_wkb(geometries.to_list(), on_invalid="ignore")
    areal = shapely.get_dimensions(shapes) == 2
    return pl.Series(areal & ~shapely.is_empty(shapes), dtype=pl.Boolean)
