"""A landscape or chronicle as a folder: one CSV or Parquet file per table, geometries as
GeoPackage, and a ``datapackage.json`` (Frictionless Data Package) that describes them.

Reading needs only ``municipalities.csv`` with ``nis`` and ``name``. Writing is all or nothing: the
folder is made beside its place and moved there when it is whole.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import geopackage, tables
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.csvfile import ROW, read_csv
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.wholefolder import recover, standing, whole_folder
from samenspel.language import _, mark

DESCRIPTOR = "datapackage.json"
DATA_FILES = (".csv", ".parquet", ".gpkg")
FRICTIONLESS: dict[tables.Type, str] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}
REMEDY: dict[tables.Type, str] = {
    "integer": mark("a whole number, such as 12"),
    "number": mark("a number with a decimal point, such as 12.5"),
    "boolean": mark("true or false"),
    "date": mark("a date as year-month-day, such as 2025-01-01"),
    "datetime": mark("a moment, such as 2025-01-01T12:00:00.000000Z"),
}


@dataclass(frozen=True)
class Raw:
    """What a folder holds before it is checked: frames with ``_row``, the date and kind that it
    states, and the faults met in reading."""

    frames: dict[str, pl.DataFrame]
    about: About
    date: Date | None
    kind: str
    findings: list[Finding]


def parse(column: str, type_: tables.Type) -> pl.Expr:
    """Text column as its type; a value that cannot be read becomes null."""
    text = pl.col(column)
    if type_ == "integer":
        return text.str.replace(r"\.0$", "").cast(pl.Int64, strict=False)
    if type_ == "number":
        number = text.cast(pl.Float64, strict=False)
        return pl.when(number.is_finite()).then(number)
    if type_ == "boolean":
        lower = text.str.to_lowercase()
        return pl.when(lower == "true").then(True).when(lower == "false").then(False)
    if type_ == "date":
        iso = text.str.contains(r"^\d{4}-\d\d-\d\d$")
        return pl.when(iso).then(text).str.to_date("%Y-%m-%d", strict=False)
    if type_ == "datetime":
        return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", strict=False)
    return text


def typed(
    table: str, frame: pl.DataFrame, types: Mapping[str, tables.Type]
) -> tuple[pl.DataFrame, list[Finding]]:
    """``frame`` of text with its columns as ``types``, and a finding for each unreadable cell."""
    findings = []
    for name, type_ in types.items():
        if name not in frame.columns or type_ == "text":
            continue
        values = frame.select(parse(name, type_).alias(name)).to_series()
        wrong = frame.filter(values.is_null() & frame[name].is_not_null()).select(ROW, name)
        for row, value in wrong.iter_rows():
            findings.append(
                Finding(
                    "error",
                    "wrong_type",
                    table,
                    row,
                    name,
                    value,
                    _("“{value}” is not {wanted}.").format(value=value, wanted=_(REMEDY[type_])),
                )
            )
        if type_ == "datetime":
            values = values.dt.replace_time_zone("UTC")
        frame = frame.with_columns(values)
    return frame, findings


def read_raw(folder: Path) -> Raw:
    """The tables of ``folder`` with every fault that reading meets.

    Raises InputError where the folder is no landscape at all: missing, without municipalities, or
    with a ``datapackage.json`` that cannot be understood.
    """
    folder = standing(folder)
    if folder.is_file():
        raise InputError(
            _("{folder} is a file; name the folder that it is in.").format(folder=folder)
        )
    if not folder.is_dir():
        raise InputError(_("{folder}: there is no such folder.").format(folder=folder))
    about, date, kind, extra = read_descriptor(folder)
    frames: dict[str, pl.DataFrame] = {}
    findings: list[Finding] = []
    for table in tables.TABLES:
        try:
            frame, faults = read_table(folder, table, extra.get(table.name, {}))
        except InputError as error:
            findings.append(
                Finding("error", "unreadable_file", table.name, None, None, None, str(error))
            )
            continue
        findings += faults
        if frame is not None:
            frames[table.name] = frame
    if "municipalities" not in frames and not findings:
        raise InputError(
            _(
                "{folder}: there is no municipalities.csv; a landscape needs one with nis and name."
            ).format(folder=folder)
        )
    return Raw(frames, about, date, kind, findings + strange_names(folder, frames))


def is_number(frame: pl.DataFrame, column: str) -> bool:
    return column in frame.columns and frame.schema[column].is_numeric()


def codes_as_numbers(table: str, column: str) -> Finding:
    """An error for a column of codes that a Parquet file holds as numbers."""
    message = _("the column {column} holds numbers; codes are text, leading zeros may be lost.")
    return Finding("error", "wrong_type", table, 1, column, None, message.format(column=column))


def strange_names(folder: Path, frames: Mapping[str, pl.DataFrame]) -> list[Finding]:
    """A warning for each file that no table reads and each column that looks misspelt."""
    known = {f"{table.name}.{end}" for table in tables.TABLES for end in ("csv", "parquet")}
    known.add("geometries.gpkg")
    files = {path.name for path in folder.iterdir() if path.suffix.lower() in DATA_FILES}
    found = [
        Finding("warning", "unknown_file", name, None, None, name,
                _("no table is read from {name}; is the name spelt right?").format(name=name))
        for name in sorted(files - known)
    ]  # fmt: skip
    for table, frame in frames.items():
        names = list(tables.column_types(tables.BY_NAME[table]))
        for column in frame.columns:
            near = get_close_matches(column.lower(), names, 1, 0.8)
            if column not in names and near and near[0] not in frame.columns:
                message = _("the column {column} is not known; is {near} meant?")
                found.append(
                    Finding("warning", "unknown_column", table, 1, column, column,
                            message.format(column=column, near=near[0]))
                )  # fmt: skip
    return found


def read_table(
    folder: Path, table: tables.Table, extra: Mapping[str, tables.Type]
) -> tuple[pl.DataFrame | None, list[Finding]]:
    """Table ``table`` of ``folder``, or None where it has no file. Raises InputError."""
    names = [f"{table.name}.csv", f"{table.name}.parquet"]
    if table.name == "geometries":
        names = ["geometries.gpkg"]
    present = [folder / name for name in names if (folder / name).exists()]
    if not present:
        return None, []
    if len(present) > 1:
        raise InputError(
            _("{table} stands in the folder as CSV and as Parquet; keep one of them.").format(
                table=table.name
            )
        )
    path = present[0]
    types = {**extra, **tables.column_types(table)}
    if path.suffix == ".gpkg":
        areas = geopackage.read(path).with_row_index(ROW, offset=2)
        return typed(table.name, areas, {k: t for k, t in types.items() if t != "binary"})
    if path.suffix == ".parquet":
        try:
            frame = pl.read_parquet(path).drop(ROW, strict=False)
            number = [c for c, t in types.items() if t == "text" and is_number(frame, c)]
            text = frame.with_columns(
                geopackage.as_text(frame.schema[c], c) for c in types if c in frame.columns
            )
            found, findings = typed(table.name, text.with_row_index(ROW, offset=2), types)
            return found, [
                *missing_columns(table, frame),
                *(codes_as_numbers(table.name, column) for column in number),
                *findings,
            ]
        except pl.exceptions.PolarsError as error:
            raise InputError(
                _("{file}: cannot be read as Parquet ({error}).").format(
                    file=path.name, error=str(error).splitlines()[0]
                )
            ) from error
    frame, findings = typed(table.name, read_csv(path), types)
    return frame, missing_columns(table, frame) + findings


def missing_columns(table: tables.Table, frame: pl.DataFrame) -> list[Finding]:
    """A finding for each column that no row can do without and that the file lacks."""
    return [
        Finding(
            "error",
            "missing_column",
            table.name,
            1,
            column.name,
            None,
            _("the column {column} is missing; add it.").format(column=column.name),
        )
        for column in table.columns
        if column.required and column.name not in frame.columns
    ]


def read_descriptor(
    folder: Path,
) -> tuple[About, Date | None, str, dict[str, dict[str, tables.Type]]]:
    """What ``datapackage.json`` says: description, date, kind, types of columns of its own."""
    path = folder / DESCRIPTOR
    if not path.exists():
        return About(), None, "landscape", {}
    names = {frictionless: type_ for type_, frictionless in FRICTIONLESS.items()}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        own = data.get("samenspel", {})
        about = About(
            str(data.get("title") or ""),
            str(own.get("territory") or ""),
            bool(own.get("fictional")),
        )
        date = Date.fromisoformat(own["date"]) if own.get("date") else None
        extra = {
            resource["name"]: {
                column["name"]: names.get(column.get("type", "string"), "text")
                for column in resource.get("schema", {}).get("fields", [])
            }
            for resource in data.get("resources", [])
        }
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
        raise InputError(
            _("{file}: cannot be understood ({error}); mend it or remove it.").format(
                file=path, error=error
            )
        ) from error
    return about, date, str(own.get("kind") or "landscape"), extra


def descriptor(
    about: About, date: Date | None, frames: Mapping[str, pl.DataFrame], kind: str
) -> Any:
    """The content of ``datapackage.json`` for ``frames`` as they are written."""
    types = {dtype: FRICTIONLESS.get(type_) for type_, dtype in tables.POLARS.items()}
    resources = []
    for name, frame in frames.items():
        table = tables.BY_NAME[name]
        resource: dict[str, Any] = {"name": name, "path": file_name(name)}
        if name == "geometries":
            resource |= {"format": "gpkg", "mediatype": "application/geopackage+sqlite3"}
        else:
            resource |= {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
        fields = []
        for column, dtype in frame.schema.items():
            if dtype != pl.Binary:
                known = table.column(column)
                described: dict[str, Any] = {"name": column, "type": types.get(dtype, "string")}
                if known:
                    described["description"] = known.meaning
                if known and known.required:
                    described["constraints"] = {"required": True}
                if known and known.codes:
                    described.setdefault("constraints", {})["enum"] = list(known.codes)
                fields.append(described)
        resource["schema"] = {"fields": fields, "missingValues": [""]}
        resources.append(resource)
    own = {
        "kind": kind,
        "date": date.isoformat() if date else None,
        "territory": about.territory,
        "fictional": about.fictional,
    }
    return {
        "profile": "data-package",
        "name": "samenspel-landscape",
        "title": about.name,
        "samenspel": own,
        "resources": resources,
    }


def file_name(table: str) -> str:
    return "geometries.gpkg" if table == "geometries" else f"{table}.csv"


def write(
    picture: Landscape | Chronicle,
    folder: Path,
    *,
    replace: bool = False,
    date: Date | None = None,
) -> None:
    """Write ``picture`` as ``folder``, whole or not at all.

    With ``replace`` an earlier folder of this project is replaced. ``date``: the day that the
    folder of a chronicle states; that of a landscape states its own. Raises InputError where the
    place is taken by anything else or cannot be written, or a value cannot be kept in a file.
    """
    try:
        folder = folder.resolve()
        recover(folder)
        may_write(folder, replace=replace)
    except (OSError, RuntimeError) as error:
        raise InputError(
            _("{folder} cannot be written ({error}).").format(folder=folder, error=error)
        ) from error
    kind = "landscape" if isinstance(picture, Landscape) else "chronicle"
    date = picture.date if isinstance(picture, Landscape) else date
    frames = {name: trimmed(name, frame) for name, frame in picture.frames.items()}
    for name, frame in frames.items():
        refuse_unwritable(name, frame)
    with whole_folder(folder) as made:
        for name, frame in frames.items():
            if name == "geometries":
                geopackage.write(frame, made / file_name(name))
            else:
                frame.write_csv(made / file_name(name), datetime_format=geopackage.MOMENT)
        described = descriptor(picture.about, date, frames, kind)
        text = json.dumps(described, ensure_ascii=False, indent=1)
        (made / DESCRIPTOR).write_text(text + "\n", encoding="utf-8")


def refuse_unwritable(name: str, frame: pl.DataFrame) -> None:
    """Raise InputError where reading the file would not give the table again."""
    if ROW in frame.columns:
        raise InputError(
            _("Table {table}: a column cannot be called {name}.").format(table=name, name=ROW)
        )
    text = frame.select(pl.col(pl.String).str.contains("\0", literal=True).any())
    for column in text.columns:
        if text[column][0]:
            raise InputError(
                _("Table {table}, column {name}: a text holds a zero byte; remove it.").format(
                    table=name, name=column
                )
            )


def trimmed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` without chronicle columns that say nothing and are not in the table's contract."""
    keep = set(tables.VALIDITY) if tables.BY_NAME[name].dated else set()
    empty = [
        column
        for column in (*tables.VALIDITY, *tables.RECORDED)
        if column in frame.columns
        and column not in keep
        and frame[column].null_count() == frame.height
    ]
    return frame.drop(empty)


def may_write(folder: Path, *, replace: bool) -> None:
    """Raises InputError where ``folder`` holds something that must not be overwritten."""
    if folder.exists() and not folder.is_dir():
        raise InputError(_("{folder} is a file; name a folder.").format(folder=folder))
    if folder.is_dir() and any(folder.iterdir()):
        known = {DESCRIPTOR, *(file_name(table.name) for table in tables.TABLES)}
        strange = sorted(path.name for path in folder.iterdir() if path.name not in known)
        ours = (folder / DESCRIPTOR).exists() and not strange
        if not (replace and ours):
            raise InputError(
                _(
                    "{folder} is not empty; name a new folder, or one that holds "
                    "nothing but an earlier landscape."
                ).format(folder=folder)
            )
