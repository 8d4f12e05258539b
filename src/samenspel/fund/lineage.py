"""Which municipality became which: for codes in rules, given figures and comparisons."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

import polars as pl

from samenspel.fund.formula import Value, whole
from samenspel.landscape.landscape import Landscape

Parts = Mapping[str, frozenset[str]]


def parts_of(landscape: Landscape) -> Parts:
    """Code to the older codes that it was made of, by the mergers and changes of code that have
    happened in ``landscape``; among them the code itself where it absorbed others."""
    here = set(landscape.table("municipalities")["nis"])
    groups = defaultdict(set)
    for old, new, day in rows(landscape):
        groups[new, day].add(old)
    found: dict[str, set[str]] = defaultdict(set)
    for (new, _day), olds in groups.items():
        if not (olds - {new}) & here:  # else it is still to come
            found[new] |= olds
    return {code: frozenset(olds) for code, olds in found.items()}


def rows(landscape: Landscape) -> Iterable[tuple[str, str, object]]:
    table = landscape.table("lineage").filter(pl.col("kind") == "municipality")
    return table.select("old", "new", "date").iter_rows()


def successors(parts: Parts, here: Iterable[str]) -> dict[str, str]:
    """Older code to the one ``here`` that it became; one that was split is left out."""
    ways = defaultdict(set)
    known = set(here)
    for code in known:
        for old in ancestors(code, parts) - known:
            ways[old].add(code)
    return {old: next(iter(codes)) for old, codes in ways.items() if len(codes) == 1}


def ancestors(code: str, parts: Parts) -> set[str]:
    """Every older code that ``code`` was made of, however long ago; not itself."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        for old in parts.get(waiting.pop(), frozenset()) - found - {code}:
            found.add(old)
            waiting.append(old)
    return found


def carried(code: str, given: Mapping[str, Fraction], parts: Parts) -> Value:
    """The value of ``code``: its own, or the sum of those of its parts where all are known. A code
    that absorbed others counts as a part where another part has a value of its own."""
    return sum_of(code, given, parts, frozenset())


def sum_of(code: str, given: Mapping[str, Fraction], parts: Parts, above: frozenset[str]) -> Value:
    others = parts.get(code, frozenset()) - {code} - above
    by_part = any(p in given or ancestors(p, parts) & given.keys() for p in others)
    own = given.get(code)
    if not by_part:
        return None if own is None else whole(own)
    values: list[Value] = [sum_of(p, given, parts, above | {code}) for p in others]
    if code in parts[code]:
        values.append(own)
    known = [value for value in values if value is not None]
    return whole(sum(known)) if len(known) == len(values) else None


def steps(before: Landscape, after: Landscape) -> dict[str, str]:
    """Each municipality of ``before`` to the one of ``after`` that it is or went into, by the
    lineage that was added or fell between their days. One that has none is left out."""
    told = set(rows(before))
    happened = [
        row
        for row in rows(after)
        if row not in told or (row[2] is not None and before.date < row[2] <= after.date)  # type: ignore[operator]
    ]
    by_day: dict[object, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for old, new, day in sorted(happened, key=lambda row: (row[2] is None, str(row[2]))):
        by_day[day][old].add(new)
    here = set(after.table("municipalities")["nis"])
    now = {nis: nis for nis in before.table("municipalities")["nis"]}
    for became in by_day.values():
        now = {nis: followed(code, became, here) for nis, code in now.items()}
    return {nis: code for nis, code in now.items() if code in here}


def followed(code: str, became: Mapping[str, set[str]], here: set[str]) -> str:
    """What ``code`` became on one day, on which what it became may itself have gone on; nothing
    where it was split, for nobody can say which part it is."""
    for _step in became:
        new = became.get(code, {code})
        if len(new) != 1:
            return ""
        (code,) = new
        if code in here:
            break
    return code
