"""Voorbeeldland: an invented country of any size, made by seed, like the published Flanders.

``generate`` gives the landscape of 1 January 2025. Its map is older and was carried over two dates
of mergers by the general recoding. What is calibrated on which published figure stands in
``docs/explanation/voorbeeldland.md``; everything else is invented.
"""

from datetime import date as Date

import numpy as np
import polars as pl
import shapely

from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.generate import bodies, flows, people, records, seats
from samenspel.landscape.generate.circles import make_circles
from samenspel.landscape.generate.land import Ints, Land, make_land
from samenspel.landscape.generate.names import enterprise_numbers, village_names
from samenspel.landscape.generate.zones import Places, Zones, make_zones, zone_tables
from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.recode import recode

SMALLEST, LARGEST = 30, 30_000
DAY = bodies.DAY
ABOUT = About(name="Voorbeeldland (verzonnen)", territory="Voorbeeldland", fictional=True)
SOURCE = "verzonnen"
LARGE = ("memberships", "mandates", "task_provision")
MERGED = Date(2019, 1, 1)


def generate(size: int, seed: int = 1) -> Landscape:
    """Voorbeeldland with ``size`` municipalities on 1 January 2025; the same ``size`` and ``seed``
    give the same frames. Raises ValueError for a size below 30 or above 30,000."""
    frames = dated_rows(size, seed)
    kept = {name: frames[name] for name in ("municipalities", "lineage", "organisations")}
    # One large table at a time: at 30,000 that halves the memory that all at once would take.
    large = {name: carried({**kept, name: frames.pop(name)}).table(name) for name in LARGE}
    return carried(frames).with_tables(**large)


def carried(frames: dict[str, pl.DataFrame]) -> Landscape:
    return recode(Chronicle(frames, ABOUT))[0].at(DAY)


def generate_chronicle(size: int, seed: int = 1) -> Chronicle:
    """The dated rows from which ``generate`` starts: the map of before the mergers of 2019 and
    2025, and the lineage. ``recode`` and ``at`` give the same landscape as ``generate``."""
    return Chronicle(dated_rows(size, seed), ABOUT)


def dated_rows(size: int, seed: int) -> dict[str, pl.DataFrame]:
    """The tables of the chronicle. Every part draws from a stream of its own."""
    if not SMALLEST <= size <= LARGEST:
        raise ValueError(f"size must be {SMALLEST} to {LARGEST}, not {size}")
    streams = np.random.default_rng(seed).spawn(16)
    mergers = people.merger_sizes(size)
    count = size + sum(parts - 1 for _, parts in mergers)
    codes = tuple(f"V{i + 1:05d}" for i in range(count + len(mergers) + 1))
    land = make_land(count, codes, streams[0])
    level, inhabitants = people.levels(land, streams[1])
    merged = people.merge(land, inhabitants, size, streams[2])
    names = village_names(count, streams[3])
    became = merged.became
    zones = make_zones(*both_maps(land, inhabitants, merged), became, streams[4])
    series = pl.Series("nis", codes[:count])
    frames = {
        **land_tables(land, level, inhabitants, names, merged, codes),
        **zone_tables(zones, became, list(codes[:count]), inhabitants, names),
        **partnership_tables(land, inhabitants, zones, became, names, streams[5:13]),
        "flows": flows.flow_rows(
            series, land.xy, inhabitants, (level < 3).astype(np.float64), streams[13]
        ),
        "figures": flows.figure_rows(series, inhabitants, streams[14]),
        "sources": pl.DataFrame(
            {
                "id": SOURCE,
                "title": "Voorbeeldland: verzonnen land",
                "publisher": "Samenspel",
                "licence": "EUPL-1.2",
                "date": DAY,
                "coverage": "all_kinds",
                "note": f"Verzonnen: {size} gemeenten, zaad {seed}; niets hierin is echt.",
            }
        ),
    }
    frames["lineage"] = pl.concat([frames["lineage"], other_lineage(frames)], how="diagonal")
    confirmed = pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("Samenspel (verzonnen)"))
    return {
        name: frame
        if name == "sources"
        else frame.with_columns(source=pl.lit(SOURCE), confirmed_by=confirmed)
        for name, frame in frames.items()
    }


def both_maps(land: Land, inhabitants: Ints, merged: people.Mergers) -> tuple[Places, Places]:
    """The municipalities of 2025 and the older ones."""
    became, count = merged.became, len(inhabitants)
    size = int(became.max()) + 1
    a, b = became[land.a], became[land.b]
    parts = np.bincount(became, minlength=size)
    centre = [np.bincount(became, land.xy[:, axis], size) / parts for axis in (0, 1)]
    now = Places(
        people.neighbour_lists(a[a != b], b[a != b], size),
        np.bincount(became, inhabitants, size).astype(np.float64),
        np.column_stack(centre),
    )
    near = people.neighbour_lists(land.a, land.b, count)
    return now, Places(near, inhabitants.astype(np.float64), land.xy)


def land_tables(
    land: Land,
    level: Ints,
    inhabitants: Ints,
    names: list[str],
    merged: people.Mergers,
    codes: tuple[str, ...],
) -> dict[str, pl.DataFrame]:
    """Tables municipalities, lineage, geometries and adjacency. The largest part gives a merged
    municipality its name and level; its inhabitants and area follow from the recoding."""
    count = len(land.codes)
    classes = list(people.LEVELS)
    numbers = enterprise_numbers(1, len(codes))
    groups = [*merged.merged, (MERGED, (merged.recoded,))]
    rows, steps = [], []
    for number, (day, group) in enumerate(groups):
        code = codes[count + number]
        shape = shapely.union_all(land.shapes[list(group)])
        point = shapely.point_on_surface(shape)
        first = min(group, key=lambda i: (level[i], i))
        name = names[group[0]] if len(group) != 2 else "-".join(names[i] for i in group)
        rows.append((code, name, numbers[count + number], classes[level[first]],
                     bool(level[first] < 3), round(point.x, 1), round(point.y, 1),
                     day))  # fmt: skip
        operation = "merger" if len(group) > 1 else "code_change"
        steps += [("municipality", codes[i], code, day, operation) for i in group]
    before = pl.DataFrame(
        {
            "nis": land.codes,
            "name": names,
            "kbo": numbers[:count],
            "region": "Voorbeeldland",
            "population": inhabitants,
            "area_km2": land.area_km2.round(3),
            "equipment_level": pl.Series(classes).gather(level),
            "centre": level < 3,
            "x": land.xy[:, 0],
            "y": land.xy[:, 1],
        }
    )
    columns = ("nis", "name", "kbo", "equipment_level", "centre", "x", "y", "valid_from")
    after = pl.DataFrame(rows, schema=columns, orient="row")
    return {
        "municipalities": pl.concat([before, after], how="diagonal"),
        "lineage": pl.DataFrame(
            steps, schema=("kind", "old", "new", "date", "operation"), orient="row"
        ).with_columns(valid_from="date"),
        "geometries": pl.DataFrame(
            {"nis": land.codes, "geometry": shapely.to_wkb(land.shapes).tolist()}
        ),
        "adjacency": land.borders,
    }


def partnership_tables(
    land: Land,
    inhabitants: Ints,
    zones: Zones,
    became: Ints,
    names: list[str],
    streams: list[np.random.Generator],
) -> dict[str, pl.DataFrame]:
    """Tables of organisations, partnerships, tasks, memberships and seats."""
    of = {zoning: label[became] for zoning, label in zones.of.items()}
    of |= {"politiezone": zones.police, "brandweer": of["referentieregio"]}
    model = of["referentieregio"] == zones.model
    circles = make_circles(land.xy, inhabitants.astype(np.float64), of, model, streams[0])
    codes, titles = pl.Series(land.codes), pl.Series(names)
    count = len(codes)
    rows = bodies.partnership_rows(circles, names, streams[1])
    rows = bodies.with_hosts(rows, codes)
    provinces = [names[int(i)] for i in np.unique(of["provincie"], return_index=True)[1]]
    others = bodies.other_organisations(count, provinces)
    numbers = enterprise_numbers(60_000, 2 * count)
    numbers = pl.concat([enterprise_numbers(1, count), numbers[count:]])
    members = seats.membership_rows(circles, rows, codes, inhabitants, others, streams[2])
    tasks = bodies.tasks(rows, streams[3])
    recorded = records.record_rows(rows, tasks, circles, of["referentieregio"], streams[7])
    bare = bodies.with_unknown(rows, streams[4]).drop("term_start")
    return {
        "organisations": bodies.organisation_rows(codes, titles, rows, others, numbers),
        "partnerships": bare.join(recorded, on="id", maintain_order="left").select(
            "id", "name", "legal_form", "theme", "initiator", "level", "line", "start", "term_end",
            "status", "legal_nature", "own_assets", "staff_fte", "budget_cents", "host",
            "scope_exception", *records.COLUMNS,
        ),
        "tasks": tasks.select("partnership", "task", "theme", "transferred"),
        "task_provision": seats.provision_rows(tasks, members, streams[5]),
        "memberships": members.select(
            "partnership", "organisation", "role", "share", "votes", "contribution_cents",
            "valid_from", "valid_to",
        ),
        "mandates": seats.mandate_rows(members, streams[6]),
    }  # fmt: skip


def other_lineage(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """What else became what: a zone with a new code, and a partnership that went on in another."""
    zone = frames["zones"].filter(pl.col("zoning") == "toeristische_regio")["zone"][0]
    body = frames["partnerships"].filter(pl.col("legal_form") == bodies.IGS[1])["id"][0]
    rows = [
        ("zone", "toeristische_regio", "VTOE-OUD", zone, MERGED, "code_change", MERGED),
        ("partnership", None, "VS-OUD", body, MERGED, "rename", MERGED),
    ]
    columns = ("kind", "zoning", "old", "new", "date", "operation", "valid_from")
    return pl.DataFrame(rows, schema=columns, orient="row")
