"""What stands in the way of a change: the five obstacles of the VVSG-standpunt 2020, 3.4.1.

Each is a fact of a line: there is one (``known``), there is none as far as the facts tell
(``none``), or the facts that would tell it are missing (``unknown``).
"""

from typing import Literal

from samenspel.alignment.plan import forms
from samenspel.alignment.plan.moments import Moment
from samenspel.alignment.plan.region import Body
from samenspel.alignment.plan.settings import Settings
from samenspel.language import mark

Fact = Literal["known", "unknown", "none"]
KINDS = {
    "early_exit": mark("no exit before the end of the term"),
    "settlement": mark("settlement of an exit"),
    "capital": mark("capital for the structure that carries it"),
    "staff": mark("staff that moves to another legal person"),
    "soil": mark("soil duties when land goes over"),
    "deadline": mark("after the deadline"),
}


def obstacles(
    body: Body, carrier: Body | None, moment: Moment, ends: bool, settings: Settings
) -> dict[str, Fact]:
    """The obstacles of changing ``body`` at ``moment``. ``ends``: it ends, so staff and land move;
    else it lets members go. The landscape knows assets but not land, so soil duties are never
    known. ``deadline`` is there only where one is set."""
    person = body.form in forms.LEGAL_PERSONS
    assets: Fact = "none" if not person else told(body.own_assets)
    found: dict[str, Fact] = {
        "early_exit": exit_of(body, moment),
        "settlement": "known" if person and body.shares_known else assets,
        "capital": capital_of(carrier),
        "staff": told(body.staff_fte) if person and ends else "none",
        "soil": "unknown" if assets != "none" and ends else "none",
    }
    if settings.deadline is not None:
        found["deadline"] = (
            "unknown"
            if moment.date is None
            else ("known" if moment.date > settings.deadline else "none")
        )
    return found


def told(value: bool | float | None) -> Fact:
    if value is None:
        return "unknown"
    return "known" if value else "none"


def exit_of(body: Body, moment: Moment) -> Fact:
    """Bound to its term: known. Of other legal persons the publications say nothing about an exit
    before the end of the term."""
    if body.form in forms.BOUND_TO_TERM:
        return "known"
    if body.form in forms.LEGAL_PERSONS and moment.kind != "renewal":
        return "unknown"
    return "none"


def capital_of(carrier: Body | None) -> Fact:
    if carrier is None or carrier.form not in forms.LEGAL_PERSONS:
        return "none"
    return "known" if carrier.shares_known else "unknown"
