"""Whether areas are land and enterprise numbers add up: each value looked at by itself."""

from collections.abc import Iterator, Mapping

import polars as pl

from samenspel.landscape.findings import Finding, each
from samenspel.language import _

Frames = Mapping[str, pl.DataFrame]


def areas(held: Frames, names: pl.DataFrame) -> Iterator[Finding]:
    import shapely

    rows = held["geometries"].drop_nulls("geometry").join(names, on="nis")
    shapes = shapely.from_wkb(rows["geometry"].to_list(), on_invalid="ignore")
    polygonal = shapely.get_type_id(shapes)
    judged = rows.drop("geometry").with_columns(
        area=pl.Series(
            ((polygonal == 3) | (polygonal == 6)) & ~shapely.is_empty(shapes), dtype=pl.Boolean
        ),
        reason=pl.Series(shapely.is_valid_reason(shapes).tolist(), dtype=pl.String),
        valid=pl.Series(shapely.is_valid(shapes), dtype=pl.Boolean),
    )
    yield from each(
        judged.filter(~pl.col("area")),
        "geometries",
        "nis",
        "no_area",
        _("the geometry of {name} ({nis}) is not an area."),
    )
    yield from each(
        judged.filter(pl.col("area") & ~pl.col("valid")),
        "geometries",
        "nis",
        "invalid_area",
        _("the area of {name} ({nis}) is not valid ({reason})."),
        "warning",
    )
    yield from each(
        names.join(rows, on="nis", how="anti"),
        "geometries",
        "nis",
        "no_geometry",
        _("{name} ({nis}) has no area."),
        "warning",
    )


def enterprise_numbers(held: Frames) -> Iterator[Finding]:
    """The last two digits of an enterprise number are 97 minus the first eight modulo 97."""
    for table in ("municipalities", "organisations"):
        if table in held:
            digits = pl.col("kbo").str.contains(r"^[01][0-9]{9}$")
            number = pl.when(digits).then(pl.col("kbo")).cast(pl.Int64)
            good = (number % 100 == 97 - (number // 100) % 97).fill_null(value=False)
            yield from each(
                held[table].drop_nulls("kbo").filter(~good),
                table,
                "kbo",
                "enterprise_number",
                _("{kbo} of {name} is no valid enterprise number; check it."),
                "warning",
            )
