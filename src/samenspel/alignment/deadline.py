"""By when a partnership must fit, with every published reading of the day and its source.

Initiative and theme decide. Where one of them is unknown the deadline is unknown, never the latest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.law.deadlines import Deadline, Reading, deadlines
from samenspel.law.logic import Truth
from samenspel.law.reading import Settings
from samenspel.law.tables import case_of, decide, decision_tables
from samenspel.law.wording import basis_words

# Municipal cooperation has a deadline, and a limit beyond it.
LIMITS = {"municipal": "municipal_limit"}
TRUTHS: dict[str, Truth] = {"in": True, "out": False, "unknown": None}


@dataclass(frozen=True)
class Due:
    """``deadline``: the id of the deadline that holds, None where unknown or not stated;
    ``applies``: whether the partnership lies in the scope that the deadline is of, unknown where
    that is. ``readings``: every published reading of the deadline and of its limit; ``chosen`` and
    ``limit``: those that are taken."""

    deadline: str | None
    applies: Truth
    reason: str
    readings: tuple[tuple[Deadline, Reading], ...] = ()
    chosen: Reading | None = None
    limit: Reading | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values. ``deadline`` is the last day on which it can still be done;
        None where it is unknown, not stated, or the partnership lies outside the scope."""
        holds = self.applies is not False
        taken = (self.chosen, self.limit)
        return {
            "deadline": self.chosen.date.isoformat() if self.chosen and holds else None,
            "deadline_limit": self.limit.date.isoformat() if self.limit and holds else None,
            "deadline_kind": self.deadline,
            "deadline_applies": self.applies,
            "deadline_reason": self.reason,
            "deadline_readings": [
                {
                    "deadline": deadline.id,
                    "title": str(deadline.title),
                    "reading": reading.reading,
                    "date": reading.date.isoformat(),
                    "stated": str(reading.stated),
                    "source": [basis_words(basis) for basis in reading.legal_basis],
                    "status": reading.status,
                    "note": None if reading.note is None else str(reading.note),
                    "chosen": reading in taken,
                }
                for deadline, reading in self.readings
            ],
        }


def due(facts: Mapping[str, Any], law: str, policy: str, readings: Settings | None = None) -> Due:
    """By when a partnership with ``facts`` must fit. ``law``, ``policy``: in, out or unknown.

    The law is about what municipalities begin; what grew out of Flemish rules follows the policy
    note. ``readings`` as in ``scope.scopes``.
    """
    table = decision_tables()["deadline"]
    row = decide(table, case_of(table, facts))
    reason = str(row.because)
    outside = _("It lies outside the scope.")
    if law == policy == "out":
        return Due(None, False, outside)
    if row.outcome not in deadlines():
        return Due(None, None, reason)
    applies = TRUTHS[policy if row.outcome == "flemish_rules" else law]
    if applies is False:
        reason = outside
    main = deadlines()[row.outcome]
    limit = deadlines().get(LIMITS.get(row.outcome, ""))
    listed = tuple(
        (deadline, reading)
        for deadline in (main, limit)
        if deadline is not None
        for reading in deadline.readings
    )
    wanted = readings or {}
    return Due(
        row.outcome,
        applies,
        reason,
        listed,
        main.chosen(wanted),
        None if limit is None else limit.chosen(wanted),
    )


def readings_known(readings: Settings | None) -> None:
    """Raise InputError where ``readings`` name a deadline or reading that is not there."""
    for name in readings or {}:
        if name not in deadlines():
            raise InputError(
                _("There is no deadline “{name}”; choose among {known}.").format(
                    name=name, known=", ".join(deadlines())
                )
            )
        deadlines()[name].chosen(readings)
