"""Priorities: which crossing partnerships are easiest to align first, by visible rules of thumb.

Weights are the user's ``choice``; with none given all rules weigh the same, which is a choice too.
What is unknown gives a range of ranks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from samenspel.alignment.criteria import ALSO_WEIGH, BY_ID, CRITERIA, LINES, SOURCE, Judged, judged
from samenspel.alignment.fit import Fits, chosen_fits
from samenspel.alignment.ranking import Rank, Value, lexicographic, ranks, weighted
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.law.facts import partnership_facts
from samenspel.screening.choices import HORIZON
from samenspel.screening.screen import about

WINDOW = 1  # years between two renewals that coincide (status: choice)
STEP = Fraction(1)  # by which a weight changes in the sensitivity (status: choice)


@dataclass(frozen=True)
class Priorities:
    """The crossing partnerships, active or planned, in order of best, then worst rank.

    ``weights`` by criterion, or ``order`` of the criteria where the first decides. ``judged`` and
    ``ranks`` by id of the partnership.
    """

    found: Fits
    region: str | None
    bodies: pl.DataFrame
    judged: Mapping[str, Mapping[str, Judged]]
    weights: Mapping[str, Fraction]
    order: tuple[str, ...]
    step: Fraction
    horizon: int
    window: int

    def ranks(self, weights: Mapping[str, Fraction] | None = None) -> dict[str, Rank]:
        """Best and worst rank of each partnership, with other ``weights`` where given."""
        scores = self.scores(weights)
        found = ranks([low for low, _h in scores.values()], [high for _l, high in scores.values()])
        return dict(zip(scores, found, strict=True))

    def scores(self, weights: Mapping[str, Fraction] | None = None) -> dict[str, tuple[Any, Any]]:
        """Lowest and highest score of each partnership."""
        return {body: self.score(body, weights) for body in self.bodies["partnership"]}

    def score(self, body: str, weights: Mapping[str, Fraction] | None) -> tuple[Any, Any]:
        values = {name: one.value for name, one in self.judged[body].items()}
        if self.order:
            return lexicographic(values, self.order)
        return weighted(values, weights or self.weights, {c.id: c.top for c in CRITERIA})

    def sensitivity(self) -> list[dict[str, Any]]:
        """For each weight one step down and up: whose ranks change, from what to what. Empty where
        the criteria are in order, since nothing is weighed then."""
        if self.order:
            return []
        before = self.ranks()
        found = []
        for name, weight in self.weights.items():
            for other in (max(weight - self.step, Fraction(0)), weight + self.step):
                changed = {**self.weights, name: other}
                if other == weight or not any(changed.values()):
                    continue
                after = self.ranks(changed)
                found.append(
                    {
                        "criterion": name,
                        "from": plain(weight),
                        "to": plain(other),
                        "changes": [
                            {"id": body, "before": shown(rank), "after": shown(after[body])}
                            for body, rank in before.items()
                            if after[body] != rank
                        ],
                    }
                )
        return found

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values: each criterion with its weight, each value with its fact."""
        ranked, scores = self.ranks(), self.scores()
        rows = sorted(
            self.bodies.iter_rows(named=True),
            key=lambda row: (
                ranked[row["partnership"]].best,
                ranked[row["partnership"]].worst,
                (row["name"] or "").casefold(),
                row["partnership"],
            ),
        )
        return {
            "zoning": self.found.zoning,
            "region": self.region,
            "method": "lexicographic" if self.order else "weights",
            "method_status": "choice",
            "criteria": [self.criterion(c.id) for c in CRITERIA],
            "order": list(self.order) or None,
            "step": {"value": plain(self.step), "status": "choice"},
            "horizon_years": {"value": self.horizon, "status": "choice"},
            "window_years": {"value": self.window, "status": "choice"},
            "partnerships": [
                self.row(row, ranked[row["partnership"]], scores[row["partnership"]])
                for row in rows
            ],
            "sensitivity": self.sensitivity(),
            "landscape": about(self.found.landscape),
        }

    def criterion(self, name: str) -> dict[str, Any]:
        """One criterion with its levels, source, reading and weight."""
        criterion = BY_ID[name]
        return {
            "id": name,
            "title": _(criterion.title),
            "levels": [_(level) for level in criterion.levels],
            "source": SOURCE,
            "lines": list(LINES),
            "status": "proposal",
            "reading": _(criterion.reading),
            "reading_status": "choice",
            "weight": None if self.order else plain(self.weights[name]),
        }

    def row(self, body: Mapping[str, Any], rank: Rank, score: tuple[Any, Any]) -> dict[str, Any]:
        """One partnership with its values, score and ranks."""
        values = self.judged[body["partnership"]]
        operational = values["operational"].value.known
        heavy = values["transition"].value.known
        return {
            "id": body["partnership"],
            **{name: body[name] for name in ("name", "kind", "legal_form", "status", "fit")},
            "criteria": {name: level(name, one) for name, one in values.items()},
            "score": {"low": plain(score[0]), "high": plain(score[1])},
            "rank": shown(rank),
            "study_needed": None if heavy is None else heavy == 0,
            "also_weigh": None if operational is None else [*ALSO_WEIGH] * (operational == 0),
        }


def priorities(
    landscape: Landscape,
    zoning: str | None = None,
    region: str | None = None,
    weights: Mapping[str, Any] | None = None,
    order: Sequence[str] | None = None,
    step: Any = STEP,
    horizon: int = HORIZON,
    window: int = WINDOW,
) -> Priorities:
    """Rank the partnerships that cross the zones of ``zoning`` (else the reference regions), of one
    ``region`` where given, by the rules of thumb.

    ``weights``: by id of the criterion (see CRITERIA), whole numbers or fractions from 0; one that
    is left out weighs 0. ``order``: instead of weights, criteria of which the first decides, then
    the next. ``step``: change of a weight in the sensitivity. ``horizon``, ``window``: years, see
    ``criteria.judged``. Raises InputError for a zoning, zone, criterion, weight or step that cannot
    be used. Costs O(links + n log n).
    """
    if weights is not None and order is not None:
        raise InputError(_("Priorities follow either weights or an order of criteria; give one."))
    given = weights_of(weights)
    places = order_of(order)
    change = number(step, _("the step"))
    if not change:
        raise InputError(_("Priorities: the step must be more than 0."))
    found, zone = chosen_fits(landscape, zoning, region)
    bodies = found.bodies.filter(
        pl.col("status").is_in(["active", "planned"]), pl.col("fit") == "crossing"
    )
    if zone is not None:
        bodies = bodies.filter(pl.col("p").is_in(found.of_zone(zone)))
    values = judged(found, partnership_facts(landscape), horizon, window)
    return Priorities(found, zone, bodies, values, given, places, change, horizon, window)


def weights_of(given: Mapping[str, Any] | None) -> dict[str, Fraction]:
    """Weights by criterion, 1 each where none are given."""
    if given is None:
        return {criterion.id: Fraction(1) for criterion in CRITERIA}
    known_only(given)
    found = {
        c.id: number(given.get(c.id, 0), _("the weight of {name}").format(name=c.id))
        for c in CRITERIA
    }
    if not any(found.values()):
        raise InputError(_("Priorities: all weights are 0; give one of them more."))
    return found


def order_of(given: Sequence[str] | None) -> tuple[str, ...]:
    """The order of criteria; empty where none is given."""
    if given is None:
        return ()
    known_only(given)
    if not given or len(set(given)) < len(given):
        raise InputError(_("Priorities: the order must name one criterion or more, each once."))
    return tuple(given)


def known_only(names: Sequence[str] | Mapping[str, Any]) -> None:
    unknown = [name for name in names if name not in BY_ID]
    if unknown:
        raise InputError(
            _("Priorities: there is no criterion “{name}”; choose among {known}.").format(
                name=unknown[0], known=", ".join(BY_ID)
            )
        )


def number(value: Any, what: str) -> Fraction:
    """``value`` as an exact number from 0. Raises InputError where it is none."""
    try:
        found = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if found < 0:
        raise InputError(
            _("Priorities: {what} is “{value}”; give a number from 0.").format(
                what=what, value=value
            )
        )
    return found


def plain(value: Any) -> Any:
    """An exact score or weight as JSON has it."""
    if isinstance(value, tuple):
        return list(value)
    return int(value) if value.denominator == 1 else float(value)


def shown(rank: Rank) -> dict[str, int]:
    return {"best": rank.best, "worst": rank.worst}


def level(name: str, one: Judged) -> dict[str, Any]:
    """A value on a criterion with what it means and the facts behind it."""
    value: Value = one.value
    meaning = None if value.known is None else _(BY_ID[name].levels[value.known])
    return {
        "value": value.known,
        "low": value.low,
        "high": value.high,
        "meaning": meaning,
        "facts": one.facts,
    }
