"""One merger beside the status quo and beside cooperation only, in one table, and its effects."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from samenspel.fund.reading import Rules
from samenspel.landscape.unknown import KNOWN
from samenspel.language import _
from samenspel.mergers.assess import Asked, Assessed, Known
from samenspel.mergers.chosen import operation
from samenspel.mergers.effects import (
    aligned,
    applied,
    funded,
    screened,
    tables_met,
    zonings_met,
)
from samenspel.mergers.facts import POLITICAL, Facts
from samenspel.mergers.measures import MEASURES, UNKNOWN_CONTEXT, Measure, measure_json
from samenspel.mergers.signs import BY_ID
from samenspel.mergers.told import Json, data_of, warnings_json
from samenspel.scenario.scenario import Scenario, write_scenario

NOT_KNOWN: Json = {"value": None, "known": 0.0}
Cell = Json | None


def chosen_json(
    known: Known,
    asked: Asked,
    mergers: Sequence[tuple[Assessed, int]],
    made: Scenario,
    rules: Rules | None = None,
) -> Json:
    """The mergers that somebody picked (zone and number of each), with the scenario ``made`` of
    them and what it changes. Raises InputError where it cannot be applied, or the fund not be
    worked out."""
    done = applied(known.facts.landscape, made)
    return {
        "mergers": [merger_json(known, asked, one, number) for one, number in mergers],
        "scenario": write_scenario(made),
        "notes": list(done.notes),
        "screening": screened(done, made),
        "alignment": aligned(done, mergers[0][0].zone.zoning),
        "fund": None if rules is None else funded(done, rules),
    }


def merger_json(known: Known, asked: Asked, one: Assessed, number: int) -> Json:
    """One merger: its table, warnings, and what it does to tables and zonings."""
    facts, towns = known.facts, one.every.of(number)
    step = operation(facts, towns)
    tables = tables_met(facts, known.seated, towns)
    return {
        "zone": one.zone.zone,
        "municipalities": [facts.nis[town] for town in towns],
        "nis": step.nis,
        "name": step.name,
        "rows": [*(row(facts, one, number, measure) for measure in MEASURES),
                 *politics(facts, towns)],
        **warned(warnings_json(facts, one, number, asked.at_least)),
        "signals": [
            signal.subject for signal in one.signals
            if set(signal.municipalities) <= {facts.nis[town] for town in towns}
        ],
        "tables": tables,
        "places_gone": sum(table["places_gone"] for table in tables),
        "zonings": zonings_met(facts, towns, one.zone.zoning),
    }  # fmt: skip


def warned(found: Json) -> Json:
    """Warnings with who warns, where, and who sees it otherwise."""
    return {
        "warnings": [{**one, **BY_ID[one["warning"]].as_json()} for one in found["warnings"]],
        "warnings_unknown": [BY_ID[name].as_json() for name in found["warnings_unknown"]],
    }


def row(facts: Facts, one: Assessed, number: int, measure: Measure) -> Json:
    """One figure: in the status quo, with cooperation only, after the merger. A cell that is None
    means nothing there; a value that is None is unknown."""
    frame = one.figures
    now = today(facts, one, number, measure)
    together = now if measure.together == "" else cell(frame, number, measure.together)
    return {
        **measure_json(measure),
        "data": data_of(facts, measure.data),
        "status_quo": now,
        "cooperation": together,
        "merger": cell(frame, number, measure.merged),
    }


def cell(frame: pl.DataFrame, number: int, column: str | None) -> Cell:
    """A figure of one set."""
    if column is None:
        return None
    if column == "?":
        return dict(NOT_KNOWN)
    return {"value": frame[column][number], "known": frame[column + KNOWN][number]} | listed(
        frame[column][number]
    )


def listed(value: Any) -> Json:
    """A list of words as plain values."""
    return {"value": value.to_list()} if isinstance(value, pl.Series) else {}


def today(facts: Facts, one: Assessed, number: int, measure: Measure) -> Cell:
    """The same municipalities as they are: of all together, and of each."""
    whole = cell(one.figures, number, measure.now)
    if measure.each is None:
        return whole
    place = {town: at for at, town in enumerate(one.zone.towns.tolist())}
    towns = one.every.of(number)
    each = {facts.nis[town]: plain(one.figures[measure.each][place[town]]) for town in towns}
    found = [value for value in each.values() if value is not None]
    if whole is not None:
        return {**whole, "each": each}
    numbers = bool(found) and not isinstance(found[0], list)
    return {
        "value": None,
        "known": len(found) / len(each),
        "low": min(found) if numbers else None,
        "high": max(found) if numbers else None,
        "each": each,
    }


def plain(value: Any) -> Any:
    """A value of a frame as JSON holds it."""
    return value.to_list() if isinstance(value, pl.Series) else value


def politics(facts: Facts, towns: list[int]) -> list[Json]:
    """The political context: the figures that the user added, else one row that says that it is
    unknown."""
    codes = [facts.nis[town] for town in towns]
    table = facts.landscape.table("figures").filter(
        pl.col("key").str.starts_with(POLITICAL), pl.col("nis").is_in(codes)
    )
    same = {"family": "politics", "unit": "count", "note": None, "status": "choice"}
    found = []
    for key in table["key"].unique().sort().to_list():
        values = dict(
            table.filter(key=key).sort("year", nulls_last=False).select("nis", "value").iter_rows()
        )
        each = {nis: values.get(nis) for nis in codes}
        held = [value for value in each.values() if value is not None]
        now = {"value": None, "known": len(held) / len(each), "low": min(held, default=None),
               "high": max(held, default=None), "each": each}  # fmt: skip
        title = key.removeprefix(POLITICAL).replace("_", " ")
        found.append({"measure": key, "title": title, "data": f"figures.{key}", **same,
                      "status_quo": now, "cooperation": now,
                      "merger": dict(NOT_KNOWN)})  # fmt: skip
    if found:
        return found
    return [{"measure": "political_context", "title": _("majorities and agreements"), "data": "-",
             **same, "unit": "words", "note": _(UNKNOWN_CONTEXT), "status_quo": dict(NOT_KNOWN),
             "cooperation": dict(NOT_KNOWN), "merger": dict(NOT_KNOWN)}]  # fmt: skip
