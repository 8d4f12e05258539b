"""Decision tables over finite domains, and the proof that each is complete and free of conflict.

Unknown is a value of every domain, so a table answers for what is not known too. Exactly one row
may match a combination of inputs (hit policy unique).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from samenspel import yamlfile
from samenspel.errors import InputError
from samenspel.language import _
from samenspel.law.reading import FOLDER, validated
from samenspel.law.rule import Basis, Name, Part, Status, Text
from samenspel.law.vocabulary import BY_NAME, value_of

ANY = "-"
UNKNOWN = "unknown"
Case = dict[str, str]
Values = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]


class Input(Part):
    """One input with its finite domain; ``fact`` where it is a fact of a partnership, of which yes
    and no are written ``yes`` and ``no``."""

    name: Name
    title: Text
    fact: Name | None = None
    values: Values


def as_tuple(wanted: Any) -> Any:
    """One value or a list of values as a tuple; anything else is left for the check to refuse."""
    if isinstance(wanted, str):
        return (wanted,)
    return tuple(wanted) if isinstance(wanted, list) else wanted


Wanted = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]


class Row(Part):
    """One row: per input a value, a list of values or ``-`` for any; what comes out, and why."""

    when: dict[str, Wanted]
    outcome: str
    because: Text

    def matches(self, case: Mapping[str, str]) -> bool:
        """Whether the row answers ``case``, a value for every input."""
        return all(wanted == (ANY,) or case[name] in wanted for name, wanted in self.when.items())


class DecisionTable(Part):
    """A table: inputs, the outcomes that it knows, and its rows."""

    id: Name
    title: Text
    hit: Literal["unique"]
    inputs: Annotated[tuple[Input, ...], Field(strict=False, min_length=1)]
    outcomes: dict[str, Text]
    rows: Annotated[tuple[Row, ...], Field(strict=False, min_length=1)]
    legal_basis: Annotated[tuple[Basis, ...], Field(strict=False, min_length=1)]
    status: Status
    note: Text


@cache
def decision_tables() -> Mapping[str, DecisionTable]:
    """The decision tables of the project by their id."""
    found = [read_table(file) for file in sorted((FOLDER / "tables").glob("*.yaml"))]
    return {table.id: table for table in found}


def read_table(file: Path) -> DecisionTable:
    """The table in ``file``: well formed, not yet proven. Raises InputError with the place of what
    is wrong: an input, value or outcome that the table does not have, an input that a row leaves
    out, a domain without unknown."""
    source = yamlfile.read(file)
    owner = str(source.data.get("id", ""))
    table = validated(source, (), source.data, DecisionTable, owner)
    domains = {one.name: one.values for one in table.inputs}
    for i, one in enumerate(table.inputs):
        if one.fact is not None and one.fact not in BY_NAME:
            what = _("{name} is no fact that the software knows").format(name=one.fact)
            source.fail(("inputs", i, "fact"), what, owner)
        if UNKNOWN not in one.values:
            source.fail(("inputs", i, "values"), _("unknown must be one of the values"), owner)
    for i, row in enumerate(table.rows):
        if row.outcome not in table.outcomes:
            what = _("{value} is none of {codes}").format(
                value=row.outcome, codes=", ".join(table.outcomes)
            )
            source.fail(("rows", i, "outcome"), what, owner)
        if set(row.when) != set(domains):
            what = _("it must name each input once: {names}").format(names=", ".join(domains))
            source.fail(("rows", i, "when"), what, owner)
        for name, wanted in row.when.items():
            for value in wanted:
                if value not in domains[name] and wanted != (ANY,):
                    what = _("{value} is none of {codes}").format(
                        value=value, codes=", ".join(domains[name])
                    )
                    source.fail(("rows", i, "when", name), what, owner)
    return table


def cases(table: DecisionTable) -> Iterator[Case]:
    """Every combination of input values, in the order of the domains."""
    names = [one.name for one in table.inputs]
    for values in product(*(one.values for one in table.inputs)):
        yield dict(zip(names, values, strict=True))


def gaps(table: DecisionTable) -> list[Case]:
    """The combinations that no row answers; none where the table is complete."""
    return [case for case in cases(table) if not any(row.matches(case) for row in table.rows)]


def overlaps(table: DecisionTable) -> list[tuple[Case, tuple[int, ...]]]:
    """The combinations that more than one row answers, with the numbers (from 0) of those rows;
    none where the table is free of conflict."""
    found = []
    for case in cases(table):
        rows = tuple(i for i, row in enumerate(table.rows) if row.matches(case))
        if len(rows) > 1:
            found.append((case, rows))
    return found


def decide(table: DecisionTable, case: Mapping[str, str]) -> Row:
    """The row that answers ``case``. Raises InputError for a value outside the domain."""
    for one in table.inputs:
        if case.get(one.name) not in one.values:
            raise InputError(
                _("Table {table}, input {input}: {value} is none of {codes}.").format(
                    table=table.id,
                    input=one.name,
                    value=case.get(one.name),
                    codes=", ".join(one.values),
                )
            )
    return next(row for row in table.rows if row.matches(case))


def case_of(table: DecisionTable, facts: Mapping[str, Any], **given: str) -> Case:
    """The case of a partnership with ``facts``; inputs that are no facts are ``given``."""
    case = dict(given)
    for one in table.inputs:
        if one.fact is not None and one.name not in given:
            value = value_of(one.fact, facts)
            if isinstance(value, bool):
                value = "yes" if value else "no"
            case[one.name] = UNKNOWN if value is None else value
    return case
