"""Plans in and out: the JSON of ``samenspel delineate``, and a GeoPackage with zones on the map."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from samenspel.delineation.facts import listed, titled
from samenspel.errors import InputError
from samenspel.landscape.geopackage import CRS
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.wholefolder import checked_place, whole_file
from samenspel.language import _
from samenspel.screening.select import zoning_chosen

Json = dict[str, Any]
Columns = dict[str, list[Any]]
SUFFIXES = {".json": "JSON", ".gpkg": "GeoPackage"}


@dataclass(frozen=True)
class Plan:
    """A plan as somebody gave it. ``plan``: what it was called: a file or a zoning. ``zones``: of
    each municipality, by code, the code of its zone. ``names``: of those zones, where known."""

    plan: str
    title: str | None
    zones: dict[str, str]
    names: dict[str, str | None]


def read_plan(landscape: Landscape, text: str) -> Plan:
    """The plan in the .json file ``text`` (of ``samenspel delineate`` or ``zones``), else the
    zoning with that code. Raises InputError unless it gives every municipality one zone."""
    if Path(text).is_dir():
        raise InputError(
            _("{plan} is a folder; name a zoning of the landscape or a .json file of samenspel "
              "delineate.").format(plan=text)
        )  # fmt: skip
    if not text.lower().endswith(".json"):
        return zoning_plan(landscape, text)
    try:
        found = json.loads(Path(text).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            _("{file} cannot be read as JSON ({error}).").format(
                file=text, error=getattr(error, "strerror", None) or error
            )
        ) from error
    return plan_in(landscape, text, found)


def plan_in(landscape: Landscape, called: str, found: Any) -> Plan:
    """The plan in the JSON of ``samenspel delineate`` or ``zones``. Raises InputError unless it
    gives every municipality one zone."""
    towns = names_of(landscape)
    zones = found.get("plan") if isinstance(found, dict) else None
    if not isinstance(zones, dict) or not all(isinstance(zone, str) for zone in zones.values()):
        raise InputError(
            _("{file} holds no plan: “plan” must give each municipality the code of its zone.")
            .format(file=called)
        )  # fmt: skip
    complete(called, towns, zones)
    rows = found.get("zones")
    names = {
        row["zone"]: row.get("name")
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and isinstance(row.get("zone"), str)
    }
    return Plan(called, None, {nis: zones[nis] for nis in towns}, names)


def names_of(landscape: Landscape) -> dict[str, str]:
    """Of each municipality, by code, its name and code."""
    towns = landscape.table("municipalities").sort("nis")
    return dict(zip(towns["nis"], titled(towns), strict=True))


def zoning_plan(landscape: Landscape, zoning: str) -> Plan:
    """A zoning of the landscape as a plan. Raises InputError unless it gives every municipality one
    zone."""
    towns = names_of(landscape)
    zoning_chosen(landscape, zoning)
    rows = landscape.table("zone_members").filter(pl.col("zoning") == zoning)
    rows = rows.filter(pl.col("nis").is_in(list(towns)))
    several = rows.filter(pl.col("nis").is_duplicated())["nis"].to_list()
    if several:
        raise InputError(
            _("{plan}: {nis} lies in more than one zone, so it is no plan.").format(
                plan=zoning, nis=towns[several[0]]
            )
        )
    zones = dict(rows.select("nis", "zone").iter_rows())
    complete(zoning, towns, zones)
    table = landscape.table("zones").filter(pl.col("zoning") == zoning)
    titles = dict(landscape.table("zonings").select("zoning", "title").iter_rows())
    names = dict(table.select("zone", "name").iter_rows())
    return Plan(zoning, titles[zoning], zones, names)


def complete(plan: str, towns: Mapping[str, str], zones: Mapping[str, object]) -> None:
    """Raise InputError unless ``zones`` has every municipality and no other."""
    absent = [name for nis, name in towns.items() if nis not in zones]
    strange = sorted(set(zones) - set(towns))
    if absent:
        raise InputError(
            _("{plan} gives no zone to {nis}; a plan gives one to every municipality.").format(
                plan=plan, nis=listed(absent)
            )
        )
    if strange:
        raise InputError(
            _("{plan} names {nis}, which this landscape does not have; is it of another map?")
            .format(plan=plan, nis=listed(strange))
        )  # fmt: skip


def checked_files(landscape: Landscape, out: Path | None, map_file: Path | None) -> None:
    """Raise InputError where ``out`` or ``map_file`` is no place to write, or the land of the
    municipalities is not known and a map is asked."""
    for option, path, suffix in (("--out", out, ".json"), ("--map", map_file, ".gpkg")):
        if path is None:
            continue
        if path.suffix.lower() != suffix:
            raise InputError(
                _("{option} {file}: {kind} is called {suffix}; name it so.").format(
                    option=option, file=path, kind=SUFFIXES[suffix], suffix=suffix
                )
            )
        checked_place(path)
    known = landscape.table("geometries").drop_nulls("geometry")
    if map_file is not None and known.is_empty():
        raise InputError(
            _("--map {file}: this landscape knows no areas; add the table geometries.").format(
                file=map_file
            )
        )


def write_files(
    landscape: Landscape, found: Json, out: Path | None, map_file: Path | None
) -> list[Path]:
    """Write what was found as ``out``, and its zones as ``map_file`` where they break no rule;
    the files written. Each comes whole or not at all."""
    written = []
    if map_file is not None and found["zones"] and not found["violations"]:
        whole_file(map_file, geopackage(landscape, found["zones"]))
        written.append(map_file)
    return written + write_out(found, out)


def write_out(found: Json, out: Path | None) -> list[Path]:
    """Write what was found as ``out``, where that is asked; the file written."""
    if out is None:
        return []
    whole_file(out, (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())
    return [out]


def geopackage(landscape: Landscape, zones: Sequence[Json]) -> bytes:
    """A GeoPackage in Lambert 72 with the layers ``zones`` (their areas, merged) and
    ``municipalities`` (each with its zone). A municipality without known area has none there."""
    import shapely

    towns = landscape.table("municipalities").join(
        landscape.table("geometries").select("nis", "geometry"), on="nis", how="left"
    )
    shapes = dict(zip(towns["nis"], shapely.from_wkb(towns["geometry"].to_list()), strict=True))
    of = {nis: zone["zone"] for zone in zones for nis in zone["municipalities"]}
    merged = [
        shapely.union_all([s for nis in zone["municipalities"] if (s := shapes[nis]) is not None])
        for zone in zones
    ]
    zone_columns: Columns = {
        "zone": [zone["zone"] for zone in zones],
        "name": [zone["name"] for zone in zones],
        "named_by": [zone["named_by"] for zone in zones],
        "municipalities": [len(zone["municipalities"]) for zone in zones],
        "population": [zone["population"] for zone in zones],
        "area_km2": [zone["area_km2"] for zone in zones],
        "centres": [None if zone["centres"] is None else ", ".join(zone["centres"])
                    for zone in zones],
    }  # fmt: skip
    if any("region" in zone for zone in zones):
        zone_columns["region"] = [zone.get("region") for zone in zones]
    town_columns: Columns = {
        "nis": towns["nis"].to_list(),
        "name": towns["name"].to_list(),
        "zone": [of.get(nis) for nis in towns["nis"]],
        "population": towns["population"].to_list(),
        "area_km2": towns["area_km2"].to_list(),
        "centre": [None if c is None else int(c) for c in towns["centre"]],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        write_layer(path, "zones", merged, zone_columns)
        write_layer(path, "municipalities", list(shapes.values()), town_columns)
        return path.read_bytes()


def write_layer(path: Path, layer: str, shapes: Sequence[Any], columns: Columns) -> None:
    """Add a layer of areas with ``columns``, unknown values as such; equal input, equal bytes."""
    import pyogrio
    import pyogrio.raw
    import shapely

    series = {name: pl.Series(name, values, strict=False) for name, values in columns.items()}
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    pyogrio.raw.write(
        path,
        geometry=np.array([None if s is None else shapely.to_wkb(several(s)) for s in shapes],
                          dtype=object),
        field_data=[field(values) for values in series.values()],
        field_mask=[values.is_null().to_numpy() for values in series.values()],
        fields=list(series),
        layer=layer,
        driver="GPKG",
        geometry_type="MultiPolygon",
        crs=CRS,
        append=path.exists(),
    )  # fmt: skip


def several(shape: Any) -> Any:
    """``shape`` as an area of several parts, so that a layer holds one kind."""
    import shapely

    return shapely.multipolygons(shapely.get_parts(shape))


def field(values: pl.Series) -> Any:
    """A column as an array; the mask says which of its values are unknown."""
    if values.dtype.is_integer():
        return values.fill_null(0).to_numpy()
    if values.dtype.is_float():
        return values.fill_null(0.0).to_numpy()
    return np.array(values.cast(pl.String).to_list(), dtype=object)
