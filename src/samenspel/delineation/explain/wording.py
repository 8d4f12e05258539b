"""Goals and their figures as a reader calls them."""

from collections.abc import Mapping
from typing import Any

from samenspel.delineation.counts import UNITS, municipalities_told, people_told
from samenspel.delineation.problem import AGREEMENT
from samenspel.language import _, mark
from samenspel.words import number

GOAL_WORDS = {
    "cut": mark("partnerships cut"),
    "connectivity": mark("zones beyond one, over all partnerships"),
    "flows": mark("flows that stay inside a zone"),
    "border": mark("border between zones"),
    "balance": mark("inhabitants above the average zone"),
    "moved": mark("inhabitants whose zone changes"),
}
# Of these more is better; of all others less is.
MORE = ("flows",)
NAMED_BY = {
    "fixed": mark("your wish"),
    "present": mark("the present zone that it carries on"),
    "plan": mark("the plan itself"),
    "number": mark("a number, in order of municipality code"),
}
RULE_WORDS = {
    "hole": mark("no holes (no border with land outside is listed)"),
    "population": mark("the inhabitants (not known of every municipality)"),
    "area": mark("the area (not known of every municipality)"),
    "centre": mark("a centre in every zone (not known of every municipality)"),
}


# Rules that can be relaxed; a bound stands with its measure after a colon.
RELAXED = {
    "low": mark("the lower bound ({unit})"),
    "high": mark("the upper bound ({unit})"),
    "oversize": mark("what may lie beside a municipality above the upper bound"),
    "zones": mark("the number of zones"),
    "together": mark("what must stay together"),
    "apart": mark("what must lie apart"),
    "fixed": mark("municipalities with a fixed zone"),
}


def rule_word(rule: str) -> str:
    """What a rule that can be relaxed is called; ``low:population`` for a bound."""
    name, _sign, measure = rule.partition(":")
    if name == "centre":
        return _("a centre in every zone")
    return _(RELAXED[name]).format(unit=_(UNITS[measure]) if measure else "")


def goal_word(goal: str) -> str:
    """What ``goal`` counts."""
    if goal.startswith(AGREEMENT):
        return _("pieces of {zoning} beyond one each").format(zoning=goal.removeprefix(AGREEMENT))
    return _(GOAL_WORDS[goal])


def goal_figure(goal: str, value: float | None) -> str:
    """A value of ``goal`` with its unit."""
    if value is None:
        return _("unknown")
    if goal in ("flows", "balance"):
        return f"{number(100 * value, 1)}%"
    if goal == "border":
        return f"{number(value / 1000, 0)} km"
    return number(value, 0 if value == int(value) else 1)


def way_told(first: str, second: str, way: Mapping[str, Any]) -> str:
    """How far two plans lie apart, from the JSON of their difference."""
    return _(
        "From {first} to {second}: {towns} and {people} change zone; {kept}% of all inhabitants "
        "stay; variation of information {bits} bits."
    ).format(
        first=first,
        second=second,
        towns=municipalities_told(len(way["municipalities"])),
        people=people_told(way["inhabitants"]),
        kept=number(100 * way["kept"], 1),
        bits=number(way["variation_of_information"], 2),
    )
