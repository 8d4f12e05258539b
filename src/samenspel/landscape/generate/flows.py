"""Commuters by gravity, and figures of the years, on the map of before the mergers."""

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from samenspel.landscape.generate.land import Floats, Ints

MAP = 2018
YEARS = (2015, 2020, 2024)
PER_INHABITANT = 1_947_681 / 6_653_062  # commuters, inhabitants: Flanders, STRIDE and Statbel
INTERNAL = 710_744 / 1_947_681  # of the commuters: who live and work in one municipality
OUTSIDE = 0.13
NEIGHBOURS, CENTRES = 8, 6  # destinations looked at


def flow_rows(
    codes: pl.Series, xy: Floats, people: Ints, centre: Floats, random: np.random.Generator
) -> pl.DataFrame:
    """Table flows: to places near by and to the nearest centres, and some to and from outside."""
    count = len(people)
    places = cKDTree(xy).query(xy, k=min(NEIGHBOURS + 1, count))[1]
    towns = np.flatnonzero(centre)
    if len(towns):
        found = cKDTree(xy[towns]).query(xy, k=min(CENTRES, len(towns)))[1].reshape(count, -1)
        places = np.hstack([places, towns[found]])
    start = np.repeat(np.arange(count), places.shape[1])
    end = places.ravel()
    pairs = pl.DataFrame({"a": start, "b": end}).filter(pl.col("a") != pl.col("b")).unique(
        maintain_order=True)  # fmt: skip
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    far = np.hypot(*(xy[a] - xy[b]).T) / 1_000
    pull = people[b] * (1 + 2 * centre[b]) / (far + 3) ** 1.6 * random.lognormal(0, 0.4, len(a))
    total = np.bincount(a, pull, count)
    workers = PER_INHABITANT * people * random.normal(1, 0.05, count).clip(0.7, 1.3)
    moving = (workers * (1 - INTERNAL - OUTSIDE))[a] * pull / np.maximum(total[a], 1e-12)
    inside = workers * INTERNAL * random.normal(1, 0.1, count).clip(0.5, 1.5)
    away, into = workers * OUTSIDE, workers * OUTSIDE * random.random(count) * 0.4
    rows = [(a, b, moving), (np.arange(count), np.arange(count), inside)]
    frames = [
        pl.DataFrame({"from": codes.gather(x), "to": codes.gather(y), "count": number})
        for x, y, number in rows
    ]
    frames.append(pl.DataFrame({"from": codes, "count": away}))
    frames.append(pl.DataFrame({"to": codes, "count": into}))
    return (
        pl.concat(frames, how="diagonal")
        .with_columns(pl.col("count").round().cast(pl.Int64))
        .filter(pl.col("count") > 0)
        .with_columns(
            kind=pl.lit("commuting"), year=pl.lit(2021, pl.Int64), map_year=pl.lit(MAP, pl.Int64)
        )
    )


def figure_rows(codes: pl.Series, people: Ints, random: np.random.Generator) -> pl.DataFrame:
    """Table figures: inhabitants and taxable income by year, which add up, and the rate of the
    municipal income tax, which does not. Some incomes are unknown."""
    count = len(people)
    wealth = random.lognormal(0, 0.12, count)
    growth = random.normal(0.005, 0.004, count)
    rows = []
    for year in YEARS:
        then = (people * (1 + growth) ** (year - YEARS[-1])).round()
        income = (then * wealth * 19_500 * 1.025 ** (year - 2020)).round()
        income[random.random(count) < 0.01] = np.nan
        rows.append(
            pl.DataFrame({"nis": codes, "value": then}).with_columns(
                key=pl.lit("population"), unit=pl.lit("inhabitants"), year=year, additive=True
            )
        )
        rows.append(
            pl.DataFrame({"nis": codes, "value": income}).with_columns(
                key=pl.lit("net_taxable_income"), unit=pl.lit("euro"), year=year, additive=True
            )
        )
    rate = random.normal(7.2, 0.9, count).clip(0, 9).round(1)
    rows.append(
        pl.DataFrame({"nis": codes, "value": rate}).with_columns(
            key=pl.lit("income_tax_rate"), unit=pl.lit("percent"), year=2024, additive=False
        )
    )
    return pl.concat([
        frame.with_columns(pl.col("year").cast(pl.Int64), map_year=pl.lit(MAP, pl.Int64))
        for frame in rows
    ])  # fmt: skip
