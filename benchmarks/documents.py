"""How long the report and the workbook take, beside peers that make part of them.

`python benchmarks/documents.py [--from FOLDER]`: FOLDER holds the public Flemish files; without it
only Voorbeeldland is measured. The peers: the map of the report drawn by Altair (geoshape) with
vl-convert, and the sheets of the workbook written by pandas with openpyxl, without drop-downs,
comments or locks. Clocks start after imports and a first run.
"""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import shapely
import vl_convert
from rich.console import Console
from rich.table import Table

from samenspel.exchange.excel import import_workbook, write_workbook
from samenspel.exchange.excel.region import rows_of_region
from samenspel.exchange.flanders import import_flanders
from samenspel.landscape.generate import generate
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write
from samenspel.reports.contents import contents
from samenspel.reports.drawings import count_map
from samenspel.reports.maps import outline
from samenspel.reports.page import page
from samenspel.screening.screen import screen

ROUNDS = 3


def best(work: Callable[[], Any]) -> float:
    """Shortest of ROUNDS runs after one that is not counted, in seconds."""
    work()
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peer_map(landscape: Landscape, found: dict[str, Any]) -> str:
    """The map of partnerships per municipality by Altair and vl-convert, of the whole areas."""
    counts = {row["nis"]: row["partnerships"] for row in found["municipalities"]}
    areas = landscape.table("geometries")
    features = [
        {
            "type": "Feature",
            "properties": {"nis": nis, "count": counts[nis]},
            "geometry": shapely.geometry.mapping(shapely.from_wkb(area)),
        }
        for nis, area in areas.select("nis", "geometry").iter_rows()
    ]
    shapes = alt.InlineData(values=features)
    chart = alt.Chart(shapes).mark_geoshape().encode(color="properties.count:O")
    drawn: str = vl_convert.vegalite_to_svg(
        chart.project("identity", reflectY=True).properties(width=2000, height=900).to_dict()
    )
    return drawn


def peer_sheets(landscape: Landscape, zoning: str, zone: str) -> bytes:
    """The same rows as the workbook's, by pandas and openpyxl."""
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as book:
        for name, frame in rows_of_region(landscape, zoning, zone).items():
            pd.DataFrame(frame.to_dict(as_series=False)).to_excel(
                book, sheet_name=name[:31], index=False
            )
    return buffer.getvalue()


def measure(landscape: Landscape, zoning: str, zone: str) -> list[tuple[str, str, str, str]]:
    """Rows of the table: what, ours, peer, ratio of peer to ours."""
    screening = screen(landscape)
    found = contents(screening)
    ours_map = best(lambda: (outline(landscape), count_map(found["municipalities"])))
    their_map = best(lambda: peer_map(landscape, found))
    whole = best(lambda: page(landscape, contents(screening), "land"))
    size = len(page(landscape, found, "land").encode())
    with tempfile.TemporaryDirectory() as place:
        folder, book = Path(place, "land"), Path(place, "region.xlsx")
        write(landscape, folder)
        ours_book = best(lambda: write_workbook(landscape, zoning, zone, book))
        merging = best(lambda: import_workbook(book, folder, dry_run=True))
    their_book = best(lambda: peer_sheets(landscape, zoning, zone))
    return [
        ("outline and classes of a map", f"{ours_map:.2f} s", f"{their_map:.2f} s",
         f"{their_map / ours_map:.1f}"),
        ("whole report", f"{whole:.2f} s, {size / 1e6:.2f} MB", "", ""),
        ("workbook of a region", f"{ours_book:.2f} s", f"{their_book:.2f} s",
         f"{their_book / ours_book:.2f}"),
        ("reading and comparing it, nothing changed", f"{merging:.2f} s", "", ""),
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path)
    parser.add_argument("--size", type=int, default=300)
    asked = parser.parse_args()
    lands = [(f"Voorbeeldland, {asked.size}", generate(asked.size, 1), "VREG01")]
    if asked.source:
        lands.append(("Flanders 2025", import_flanders(asked.source, 2025)[0], "REFREG10"))
    for name, landscape, zone in lands:
        table = Table(title=name)
        for head in ("what", "Samenspel", "peer", "peer / Samenspel"):
            table.add_column(head)
        for row in measure(landscape, "referentieregio", zone):
            table.add_row(*row)
        Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
