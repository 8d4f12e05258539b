"""Mergers that somebody picks: which they are, and the scenario that makes them."""

from collections.abc import Sequence

import numpy as np

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.mergers.assess import Assessed
from samenspel.mergers.facts import Facts
from samenspel.scenario.municipalities import MergeMunicipalities
from samenspel.scenario.scenario import Scenario
from samenspel.screening.select import find_municipality

JOINED = " + "  # between the names of the parts, until somebody gives the merger a name


def picked(facts: Facts, texts: Sequence[str]) -> list[list[int]]:
    """Mergers written as A,B: codes or names, as numbers in order of code. Raises InputError where
    one is no merger, or a municipality is in two."""
    where = {nis: number for number, nis in enumerate(facts.nis)}
    found = []
    for text in texts:
        parts = {where[find_municipality(facts.landscape, part.strip())]
                 for part in text.split(",") if part.strip()}  # fmt: skip
        if len(parts) < 2:
            raise InputError(
                _("--candidate {text}: name two municipalities or more, as A,B.").format(text=text)
            )
        found.append(sorted(parts))
    every = [town for towns in found for town in towns]
    for town in every:
        if every.count(town) > 1:
            raise InputError(
                _("--candidate: {name} is in two mergers; it can be in one.").format(
                    name=facts.names[town]
                )
            )
    return found


def located(zones: Sequence[Assessed], towns: list[int]) -> tuple[Assessed, int] | None:
    """The zone of which ``towns`` is a candidate, and its number there; None where there is none
    within the bounds."""
    for one in zones:
        if set(towns) <= set(one.zone.towns.tolist()):
            for number in one.candidates:
                if one.every.of(number) == towns:
                    return one, number
    return None


def checked(facts: Facts, zones: Sequence[Assessed], towns: list[int]) -> tuple[Assessed, int]:
    """The zone and number of the candidate ``towns``. Raises InputError where it is none."""
    found = located(zones, towns)
    if found is None:
        raise InputError(
            _("--candidate {names}: this is no candidate merger here; its municipalities must lie "
              "in one of these zones, border each other in one piece (or be linked with --link) "
              "and keep the bounds.").format(names=facts.called(towns))
        )  # fmt: skip
    return found


def operation(facts: Facts, towns: list[int]) -> MergeMunicipalities:
    """The merger of ``towns`` as an operation. It keeps the code of the part with the most
    inhabitants, of equals the first, is called after all parts until it has a name, and is a centre
    where one of them is and none where none is (choices)."""
    people = np.nan_to_num(facts.people[towns], nan=-1.0)
    largest = towns[int(np.argmax(people))]
    flags = facts.centre[towns]
    centre = 1.0 if (flags == 1).any() else flags.sum()  # one that is not known leaves it open
    return MergeMunicipalities(
        parts=tuple(facts.nis[town] for town in towns),
        nis=facts.nis[largest],
        name=JOINED.join(facts.names[town] for town in towns),
        centre=None if np.isnan(centre) else bool(centre),
    )


def scenario(facts: Facts, mergers: Sequence[list[int]], title: str = "") -> Scenario:
    """The scenario that makes ``mergers``."""
    return Scenario(title, tuple(operation(facts, towns) for towns in mergers))
