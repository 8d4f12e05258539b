"""The hand-drawn example: a small invented region with one of each difficulty.

The tables stand as CSV files in ``example_data``, the land as a map of letters beside them.
"""

from datetime import date as Date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.areas import shared_borders
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.csvfile import ROW
from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.package import read_table
from samenspel.landscape.recode import recode

FOLDER = Path(__file__).with_name("example_data")
ABOUT = About(name="Voorbeeldstreek (verzonnen)", territory="Voorbeeldstreek", fictional=True)
CELL = 1000
WEST, SOUTH = 100_000, 200_000


def example() -> Landscape:
    """The eight municipalities of the example on 1 January 2025, the day of the merger."""
    return recode(example_chronicle())[0].at(Date(2025, 1, 1))


def example_chronicle() -> Chronicle:
    """Every dated row of the example, as it was on record before the merger was worked in.

    All but ``municipalities`` and ``lineage`` still use the codes of the nine older
    municipalities. Areas, points and borders come from the map, in metres and square kilometres.
    """
    frames = {}
    for table in tables.TABLES:
        frame, findings = read_table(FOLDER, table, {})
        if findings:
            raise InputError(str(findings[0]))
        if frame is not None:
            frames[table.name] = frame.drop(ROW)
    cells, legend = read_map(FOLDER / "map.txt")
    source = frames["sources"].select(source="id")
    frames["geometries"] = geometries(cells, legend).join(source, how="cross")
    frames["adjacency"] = shared_borders(frames["geometries"]).join(source, how="cross")
    frames["municipalities"] = frames["municipalities"].join(
        places(frames["geometries"], frames["lineage"]), on="nis", how="left"
    )
    return Chronicle(frames, ABOUT)


def read_map(path: Path) -> tuple[npt.NDArray[np.str_], dict[str, str]]:
    """The map as letters, one row of the array per row of land, and letter to NIS code.

    A line is a remark (``#``), a letter of the legend (``A = 00001``) or a row of the map.
    """
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    legend = dict(line.split(" = ") for line in lines if "=" in line)
    return np.array([list(line) for line in lines if "=" not in line]), legend


def geometries(cells: npt.NDArray[np.str_], legend: dict[str, str]) -> pl.DataFrame:
    """Frame ``nis``, ``geometry`` (WKB, metres): the cells of each letter united."""
    import shapely

    rows, columns = np.indices(cells.shape)
    west, south = WEST + CELL * columns, SOUTH + CELL * (len(cells) - 1 - rows)
    boxes = shapely.box(west, south, west + CELL, south + CELL)
    areas = [shapely.normalize(shapely.union_all(boxes[cells == letter])) for letter in legend]
    return pl.DataFrame({"nis": list(legend.values()), "geometry": shapely.to_wkb(areas).tolist()})


def places(areas: pl.DataFrame, lineage: pl.DataFrame) -> pl.DataFrame:
    """Frame ``nis``, ``area_km2``, ``x``, ``y`` of every municipality, merged ones included."""
    import shapely

    shapes = dict(zip(areas["nis"], shapely.from_wkb(areas["geometry"].to_list()), strict=True))
    mergers = lineage.filter(pl.col("kind") == "municipality").group_by("new").agg("old")
    for new, parts in mergers.iter_rows():
        shapes[new] = shapely.union_all([shapes[old] for old in parts])
    found = list(shapes.values())
    points = shapely.point_on_surface(found)
    return pl.DataFrame(
        {
            "nis": list(shapes),
            "area_km2": shapely.area(found) / 1e6,
            "x": shapely.get_x(points),
            "y": shapely.get_y(points),
        }
    )
