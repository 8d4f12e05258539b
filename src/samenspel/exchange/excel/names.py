"""Which codes there are and what they are called, so that a name may stand for a code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from samenspel.exchange.excel.layout import NAMED, Field, folded
from samenspel.exchange.excel.values import Unreadable
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

Pairs = Iterable[tuple[Any, Any]]
ALSO = {"organisations.id": ("municipalities.nis", "partnerships.id")}


@dataclass(frozen=True)
class Names:
    """Per reference (``table.column``) the codes, and the codes by name, folded."""

    codes: Mapping[str, set[str]]
    by_name: Mapping[str, Mapping[str, set[str]]]

    def resolve(self, field: Field, value: Any) -> Any:
        """The code that ``value`` stands for in a cell of ``field``: itself, unless it is no code
        but the name of one. Raises Unreadable where more than one have that name."""
        reference = field.column.reference
        if not reference or value is None or value in self.codes[reference]:
            return value
        found = self.by_name[reference].get(folded(value), set())
        if len(found) > 1:
            raise Unreadable(
                _("“{value}” is the name of more than one; put a code: {codes}.").format(
                    value=value, codes=", ".join(sorted(found))
                )
            )
        return next(iter(found), value)


def collect(landscape: Landscape, typed: Mapping[str, Pairs]) -> Names:
    """The codes and names of ``landscape`` and those ``typed``, (code, name) per reference."""
    codes: dict[str, set[str]] = {}
    by_name: dict[str, dict[str, set[str]]] = {}
    for reference, title in NAMED.items():
        table, column = reference.split(".")
        pairs = [*landscape.table(table).select(column, title).iter_rows(), *typed[reference]]
        codes[reference] = {code for code, _name in pairs if code is not None}
        by_name[reference] = {}
        for code, name in pairs:
            if code is not None and name is not None:
                by_name[reference].setdefault(folded(name), set()).add(code)
    for reference, others in ALSO.items():
        for other in others:
            codes[reference] |= codes[other]
            for name, found in by_name[other].items():
                by_name[reference].setdefault(name, set()).update(found)
    return Names(codes, by_name)
