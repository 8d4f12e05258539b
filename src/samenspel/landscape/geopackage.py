"""Areas in and out of a GeoPackage file, as WKB in Lambert 72."""

from pathlib import Path

import polars as pl

from samenspel.errors import InputError
from samenspel.language import _

CRS = "EPSG:31370"
MOMENT = "%Y-%m-%dT%H:%M:%S%.6fZ"


def read(path: Path) -> pl.DataFrame:
    """Every field of the only layer of ``path`` and ``geometry`` (WKB).

    Raises InputError where the file cannot be read, or is not in Lambert 72.
    """
    import numpy as np
    import pyogrio
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        layers = pyogrio.list_layers(path)
        if len(layers) != 1:
            raise InputError(
                _("{file}: there are {count} layers; keep the one with the areas.").format(
                    file=path.name, count=len(layers)
                )
            )
        meta, _fids, geometry, fields = pyogrio.raw.read(path, layer=layers[0][0])
    except (DataSourceError, DataLayerError, ValueError, RuntimeError) as error:
        raise InputError(
            _("{file}: cannot be read as GeoPackage ({error}).").format(
                file=path.name, error=str(error).splitlines()[0][:120]
            )
        ) from error
    if meta["crs"] != CRS:
        raise InputError(
            _("{file}: the coordinates are in {crs}; give them in Lambert 72 (EPSG:31370).").format(
                file=path.name, crs=meta["crs"]
            )
        )
    columns = {
        name: pl.Series(name, np.asarray(values).tolist(), strict=False)
        for name, values in zip(meta["fields"], fields, strict=True)
    }
    return pl.DataFrame(columns).with_columns(
        pl.Series("geometry", [bytes(g) if g is not None else None for g in geometry], pl.Binary)
    )


def write(frame: pl.DataFrame, path: Path) -> None:
    """Write the areas of ``frame`` and its other columns as text; equal frames, equal bytes.

    Raises InputError where a geometry is none.
    """
    import numpy as np
    import pyogrio
    import pyogrio.raw
    from pyogrio.errors import FieldError, GeometryError

    fields = [name for name in frame.columns if name != "geometry"]
    text = frame.select(as_text(frame.schema[name], name) for name in fields)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    try:
        pyogrio.raw.write(
            path,
            geometry=np.array(frame["geometry"].to_list(), dtype=object),
            field_data=[np.array(text[name].to_list(), dtype=object) for name in fields],
            fields=fields,
            layer="geometries",
            driver="GPKG",
            geometry_type="Unknown",
            crs=CRS,
        )
    except (GeometryError, FieldError) as error:
        raise InputError(
            _("Table geometries cannot be written ({error}).").format(error=error)
        ) from error


def as_text(dtype: pl.DataType, name: str) -> pl.Expr:
    """A column as the text that a CSV file would hold."""
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).dt.strftime(MOMENT)
    return pl.col(name).cast(pl.String)
