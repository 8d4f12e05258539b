"""The changes of an import as lines that a person reads before agreeing to them."""

from collections.abc import Iterable, Iterator
from typing import Any

from samenspel.exchange.excel.layout import Field, fields, sheet_title
from samenspel.exchange.excel.values import shown, spelt
from samenspel.landscape import tables
from samenspel.landscape.differences import Change
from samenspel.language import _


def preview(changes: Iterable[Change]) -> Iterator[str]:
    """A line for each row that comes or goes and each cell that changes; an emptied cell becomes
    unknown."""
    for change in changes:
        row = change.before or change.after or {}
        key = ", ".join(
            str(row[name]) for name in tables.BY_NAME[change.table].key if row.get(name) is not None
        )
        place = f"{sheet_title(change.table)}, {key}"
        if change.kind == "added":
            yield _("{place}: new row").format(place=place)
        elif change.kind == "removed":
            yield _("{place}: row goes").format(place=place)
        found = {field.name: field for field in fields(change.table, {})}
        for name, (before, after) in change.cells.items():
            if change.kind == "changed":
                title = found[name].title if name in found else name
                said = [told(found.get(name), value) for value in (before, after)]
                yield f"{place}, {title}: {said[0]} → {said[1]}"


def told(field: Field | None, value: Any) -> str:
    if value is None:
        return _("unknown")
    return spelt(shown(field, value) if field else value)
