"""The facts that a rule may read: their names, types and meaning, and what makes them unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any, Literal

from samenspel.errors import InputError
from samenspel.landscape.codes import (
    BOOKKEEPING,
    LEGAL_FORMS,
    PARTNERSHIP_CLASSES,
    SECTORS,
    THEMES,
)
from samenspel.language import _, mark

Type = Literal["text", "integer", "boolean", "date"]

INITIATORS = ("bottom_up", "flemish", "federal")


@dataclass(frozen=True)
class Fact:
    """A named fact of a partnership. ``title`` is how a reader calls it, ``unknown`` what makes it
    unknown when it is taken from a landscape; ``codes`` the values of a text, where they are few.
    """

    name: str
    type: Type
    title: str
    meaning: str
    unknown: str
    codes: tuple[str, ...] = ()


_CELL = mark("the cell is empty or the column absent")
_CLASS = mark(
    "no members are recorded; or none of them is one while the class of a member is unknown, or "
    "while the source of the members names such a member nowhere"
)
_ORGAN = mark("no seats are recorded in an organ of that name: it may still exist")


def _member(name: str, title: str, meaning: str) -> Fact:
    return Fact(name, "boolean", title, meaning, _CLASS)


FACTS: tuple[Fact, ...] = (
    Fact("legal_form", "text", mark("legal form"),
         mark("legal form of the partnership"), _CELL, LEGAL_FORMS),
    Fact("kind", "text", mark("kind of partnership"),
         mark("kind of partnership, from its class, its form or its members"),
         mark("class, form and members are unknown"), PARTNERSHIP_CLASSES),
    Fact("theme", "text", mark("theme"), mark("policy theme"), _CELL, THEMES),
    Fact("sector", "text", mark("sector"),
         mark("sector of activity, finer than theme"), _CELL, SECTORS),
    Fact("energy_or_waste", "boolean", mark("active in energy or waste"),
         mark("whether the sector is energy or waste; a theme other than utilities and spatial "
              "environment is neither"),
         mark("the sector is unknown and the theme leaves it open")),
    Fact("waste", "boolean", mark("active in waste"),
         mark("whether the sector is waste; a theme other than utilities and spatial environment "
              "is not"),
         mark("the sector is unknown and the theme leaves it open")),
    Fact("initiator", "text", mark("initiative"), mark("who took the initiative"), _CELL,
         INITIATORS),
    Fact("status", "text", mark("status"), mark("planned, active or inactive"), _CELL,
         ("planned", "active", "inactive")),
    Fact("scope_exception", "text", mark("ground of exception"),
         mark("ground on which it need not follow the reference regions"), _CELL,
         ("landscape", "small_service", "scale")),
    Fact("factual_cooperation", "boolean", mark("factual cooperation"),
         mark("cooperation without a structure of its own: an agreement, a form without legal "
              "personality, cooperation between OCMWs"),
         mark("the legal form is unknown, or an interlokale vereniging: the guide calls it a "
              "factual association and a form of its own")),
    Fact("listed_for_scale", "boolean", mark("listed as an exception because of scale"),
         mark("one of the forms that the Regiodecreet lists because scale is their only reason; "
              "another ground of exception is recorded: it is not"),
         mark("no ground is recorded, or scale: the list itself is not at hand")),
    Fact("cross_border", "boolean", mark("crosses the border of the region of the country"),
         mark("whether the member municipalities lie in more than one region of the country"),
         mark("no municipality is recorded as a member; or the region of one is unknown; or a "
              "member is of unknown class, or a municipality or OCMW that the landscape does not "
              "hold")),
    Fact("start", "date", mark("day of foundation"), mark("day of foundation"), _CELL),
    Fact("term_start", "date", mark("start of the present term"),
         mark("first day of the present term; what is still planned begins its first term on the "
              "day of foundation"), _CELL),
    Fact("term_end", "date", mark("end of the present term"),
         mark("first day after the present term"), _CELL),
    Fact("term_years", "integer", mark("length of the term in years"),
         mark("years of the present term, a part of a year counted as a year"),
         mark("start or end of the present term is unknown")),
    Fact("municipalities", "integer", mark("number of municipalities"),
         mark("municipalities that are members themselves, observers left out"),
         mark("no members are recorded for the partnership")),
    _member("has_municipality", mark("a municipality is a member"), mark("a municipality")),
    _member("has_ocmw", mark("an OCMW is a member"), mark("an OCMW")),
    _member("has_province", mark("a province is a member"), mark("a province")),
    _member("has_other_government", mark("another government is a member"),
            mark("a government that is no local authority and no province")),
    _member("has_private", mark("a private partner is a member"),
            mark("a private partner that seeks profit")),
    _member("has_nonprofit", mark("a non-profit legal person is a member"),
            mark("a private legal person without profit motive")),
    _member("has_police_zone", mark("a police zone is a member"), mark("a police zone")),
    _member("has_rescue_zone", mark("a rescue zone is a member"), mark("a rescue zone")),
    _member("has_ocmw_association", mark("an OCMW association is a member"),
            mark("an OCMW association")),
    _member("has_intermunicipal_partnership", mark("an intermunicipal partnership is a member"),
            mark("an intermunicipal partnership")),
    Fact("local_only", "boolean", mark("only local authorities are members"),
         mark("every member is a local authority in the wide sense: municipality, OCMW, OCMW "
              "association, police zone, rescue zone"),
         mark("no members are recorded; or a member's class is unknown or one that the guide does "
              "not name; or the source of the members names no others anywhere")),
    Fact("organs", "integer", mark("number of organs"), mark("organs in which seats are recorded"),
         mark("no seats are recorded for the partnership")),
    Fact("has_general_meeting", "boolean", mark("has a general meeting"),
         mark("an organ named algemene vergadering"), _ORGAN),
    Fact("has_board", "boolean", mark("has a board"), mark("an organ named raad van bestuur"),
         _ORGAN),
    Fact("both_sides_in_board", "boolean",
         mark("majority and opposition of every municipality sit in the board"),
         mark("each member municipality has a seat of its majority and one of its opposition in "
              "the board"),
         mark("a member municipality has no recorded seat in the board, or one of unknown side")),
    Fact("has_manager", "boolean", mark("has a managing member"),
         mark("a member has the role of manager (beherende gemeente)"),
         mark("no members are recorded, or the role of one is unknown while none manages")),
    Fact("manager_is_municipality", "boolean", mark("a member municipality manages"),
         mark("every managing member is a municipality"),
         mark("no managing member is recorded, or its class is unknown")),
    Fact("host", "text", mark("hosted by"), mark("organisation that hosts it"), _CELL),
    Fact("has_own_staff", "boolean", mark("has own staff"), mark("own staff is more than 0 FTE"),
         _CELL),
    Fact("has_transfer", "boolean", mark("management of a task is transferred"),
         mark("a task is recorded as transferred (beheersoverdracht)"),
         mark("no tasks are recorded, or of one it is unknown while none is transferred")),
    Fact("task_done_beside", "boolean", mark("a member has a transferred task done beside it"),
         mark("another active partnership does a transferred task for the same member"),
         mark("tasks are transferred and no such partnership is recorded: what a member does "
              "itself is recorded nowhere")),
    Fact("bookkeeping", "text", mark("bookkeeping"),
         mark("rules of bookkeeping"), _CELL, BOOKKEEPING),
    Fact("private_conditions_met", "boolean",
         mark("the further conditions for private partners are met"),
         mark("whether the conditions for private partners are met, which the guide does not "
              "state"), mark("always: a landscape does not record it")),
)  # fmt: skip
BY_NAME: dict[str, Fact] = {fact.name: fact for fact in FACTS}
PYTHON: dict[Type, type] = {"text": str, "integer": int, "boolean": bool, "date": Date}


def is_a(value: Any, kind: Type) -> bool:
    """Whether ``value`` is of type ``kind``; true and false are no numbers."""
    return type(value) is PYTHON[kind]


def value_of(name: str, facts: Mapping[str, Any]) -> Any:
    """Fact ``name`` of ``facts``; None (unknown) where it is absent.

    Raises InputError where its value is not of the type of the fact.
    """
    value = facts.get(name)
    fact = BY_NAME[name]
    if value is None or is_a(value, fact.type):
        return value
    raise InputError(
        _("Fact {fact}: {value} is not of type {type}; give such a value or leave it out.").format(
            fact=name, value=repr(value), type=fact.type
        )
    )
