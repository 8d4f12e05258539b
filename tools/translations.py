"""Collect the strings of the interface, update the Dutch catalogue and compile it.

`python tools/translations.py` writes; `--check` writes nothing and fails where a string has no
Dutch or the compiled catalogue is not that of the text.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from samenspel.landscape.tables import TABLES

ROOT = Path(__file__).parents[1] / "src" / "samenspel"
PO = ROOT / "locale" / "nl" / "LC_MESSAGES" / "samenspel.po"
KEYWORDS: dict[str, None] = {"_": None, "mark": None}


def collected() -> Catalog:
    """Every string of the source and every meaning of a table, with the files that use it."""
    catalog = Catalog(project="Samenspel")
    found = extract_from_dir(
        ROOT,
        method_map=[("**.py", "python"), ("**.html", "jinja2")],
        keywords=KEYWORDS,
        comment_tags=(),
    )
    for file, _line, message, _comments, _context in found:
        catalog.add(message, locations=[(file, 0)])
    for table in TABLES:
        for meaning in (table.meaning, *(column.meaning for column in table.columns)):
            catalog.add(meaning, locations=[("landscape/tables.py", 0)])
    return catalog


def dutch() -> Catalog:
    """The Dutch catalogue brought up to date with the source."""
    with PO.open("rb") as file:
        catalog = read_po(file, locale="nl")
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    # Nothing in the catalogue says when or by whom, so equal text compiles to equal bytes.
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    catalog.last_translator = catalog.language_team = "Samenspel"
    catalog.msgid_bugs_address = ""
    return catalog


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def missing(catalog: Catalog) -> list[str]:
    return [str(m.id) for m in catalog if m.id and (not m.string or m.fuzzy)]


def main() -> int:
    catalog = dutch()
    if "--check" not in sys.argv:
        with PO.open("wb") as file:
            write_po(file, catalog, sort_output=True, include_lineno=False, width=100)
        PO.with_suffix(".mo").write_bytes(compiled(catalog))
    bare = missing(catalog)
    for message in bare:
        print(f"no Dutch for: {message}")
    stale = PO.with_suffix(".mo").read_bytes() != compiled(catalog)
    if stale:
        print("the compiled catalogue is stale; run make translations")
    return 1 if bare or stale else 0


if __name__ == "__main__":
    sys.exit(main())
