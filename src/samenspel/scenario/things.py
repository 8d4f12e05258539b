"""What a landscape knows of codes that operations name: whether they are there, and their names."""

from collections.abc import Iterable
from difflib import get_close_matches

import polars as pl

from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.scenario.operation import Reason, bodies

CODES = (("municipalities", "nis"), ("partnerships", "id"), ("organisations", "id"))
MOST_NAMED = 8  # of a list that a message shows (status: choice)


def label(landscape: Landscape, id: str) -> str:
    """Name and code of a municipality, partnership or organisation; the code alone without name."""
    for table, column in (
        ("municipalities", "nis"),
        ("partnerships", "id"),
        ("organisations", "id"),
    ):
        found = landscape.table(table).filter(pl.col(column) == id)["name"].drop_nulls()
        if len(found):
            return f"{found[0]} ({id})"
    return id


def listed(words: Iterable[str]) -> str:
    """``words`` in order, the first of them where they are many, with how many more there are."""
    found = sorted(set(words))
    more = len(found) - MOST_NAMED
    return ", ".join(found[:MOST_NAMED]) + (f" … (+{more})" if more > 0 else "")


def hint(wanted: str, names: dict[str, str | None]) -> str:
    """Codes that may be meant by ``wanted``, which is none: by name, or by likeness where it is a
    word; numbers that are alike mean nothing."""
    near = [f"{code} ({name})" for code, name in names.items()
            if name is not None and name.casefold() == wanted.casefold()]  # fmt: skip
    if not near and not any(letter.isdigit() for letter in wanted):
        near = get_close_matches(wanted, [code for code in names if code], 3, 0.7)
    return _("; perhaps {names}").format(names=", ".join(near)) if near else ""


def names_of(landscape: Landscape, table: str, column: str) -> dict[str, str | None]:
    return dict(landscape.table(table).select(column, "name").iter_rows())


def lacking(landscape: Landscape, *tables: str) -> list[Reason]:
    """A reason for each of ``tables`` that the landscape does not have: adding to the unknown would
    make it known to be all there is."""
    text = _("This landscape has no table {table}, so what is in it is unknown; add it first.")
    return [Reason(text.format(table=name)) for name in tables if not landscape.knows(name)]


def successor(landscape: Landscape, kind: str, id: str) -> tuple[str, str] | None:
    """What a municipality or partnership of an earlier day became, and when; None where the
    lineage does not know."""
    rows = landscape.table("lineage").filter(
        pl.col("kind") == kind,
        pl.col("old") == id,
        pl.col("new") != id,
        pl.col("date") <= landscape.date,
    )
    if rows.is_empty():
        return None
    last = rows.sort("date").row(-1, named=True)
    return last["new"], str(last["date"])


def no_municipality(landscape: Landscape, nis: str) -> list[Reason]:
    """Why ``nis`` cannot be used: what it became, or that there is none; nothing where it is."""
    names = names_of(landscape, "municipalities", "nis")
    if nis in names:
        return []
    later = successor(landscape, "municipality", nis)
    if later is not None:
        text = _("Municipality {nis} is there no more: it became {new} on {day}.").format(
            nis=nis, new=label(landscape, later[0]), day=later[1]
        )
    else:
        text = _("There is no municipality {nis} in this landscape{hint}.").format(
            nis=nis, hint=hint(nis, names)
        )
    return [Reason(text, bodies(nis))]


def no_partnership(landscape: Landscape, id: str) -> list[Reason]:
    """Why ``id`` cannot be used: what it went on in, or that there is none; nothing where it is."""
    names = names_of(landscape, "partnerships", "id")
    if id in names:
        return []
    later = successor(landscape, "partnership", id)
    if later is not None:
        text = _("Partnership {id} is there no more: it went on in {new} on {day}.").format(
            id=id, new=label(landscape, later[0]), day=later[1]
        )
    else:
        text = _("There is no partnership {id} in this landscape{hint}.").format(
            id=id, hint=hint(id, names)
        )
    return [Reason(text, bodies(id))]


def no_longer_active(landscape: Landscape, id: str) -> list[Reason]:
    """Why nobody can go into the partnership ``id``: it is known to be over."""
    rows = landscape.coded("partnerships").filter(pl.col("id") == id)
    if rows.is_empty() or rows["status"][0] != "inactive":
        return []
    text = _("{name} is inactive, so nobody can join it and nothing can go on in it.")
    return [Reason(text.format(name=label(landscape, id)), bodies(id))]


def no_organisation(landscape: Landscape, id: str) -> list[Reason]:
    """Why ``id`` cannot be a member; nothing where it is a municipality, a partnership or another
    organisation. Without a table of organisations those that are members somewhere are known."""
    found = names_of(landscape, "municipalities", "nis") | names_of(landscape, "partnerships", "id")
    if landscape.knows("organisations"):
        found |= names_of(landscape, "organisations", "id")
    else:
        found |= dict.fromkeys(landscape.table("memberships")["organisation"].drop_nulls())
    if id in found:
        return []
    if successor(landscape, "municipality", id) is not None:
        return no_municipality(landscape, id)
    if successor(landscape, "partnership", id) is not None:
        return no_partnership(landscape, id)
    text = _("There is no organisation {id} in this landscape{hint}.")
    return [Reason(text.format(id=id, hint=hint(id, found)), bodies(id))]


def in_use(landscape: Landscape, id: str) -> list[Reason]:
    """Why ``id`` cannot be given to something new: somebody has it, or had it."""
    for table, column in (
        ("municipalities", "nis"),
        ("partnerships", "id"),
        ("organisations", "id"),
    ):
        if (landscape.table(table)[column] == id).any():
            text = _("The code {id} is that of {name} already; give another.")
            return [Reason(text.format(id=id, name=label(landscape, id)), bodies(id))]
    for kind in ("municipality", "partnership", "organisation"):
        later = successor(landscape, kind, id)
        if later is not None:
            text = _("The code {id} was in use until {day} and became {new}; give another.")
            return [
                Reason(text.format(id=id, day=later[1], new=label(landscape, later[0])), bodies(id))
            ]
    return []
