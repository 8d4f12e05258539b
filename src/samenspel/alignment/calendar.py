"""The calendar of what is due: terms that end, the moment to decide on renewal, the limits of the
reference regions, the end of the council term. What is unknown is counted, never dated."""

from dataclasses import dataclass
from datetime import date as Date
from typing import Any

from samenspel.alignment.align import align
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _, mark
from samenspel.law.logic import shifted
from samenspel.law.reading import Settings

LEAD = 12  # months before the end of a term in which to decide (choice)
COUNCIL_END = Date(2030, 12, 31)  # the source gives the year of the elections; the day is a choice
COUNCIL_SOURCE = mark("SBV-toekomstvisie 2023, lines 2545–2556 (elections of 2030)")
KINDS = {
    "decide": mark("decide on renewal or not"),
    "term_end": mark("term ends"),
    "deadline": mark("must fit the reference region"),
    "deadline_limit": mark("absolute limit to fit the reference region"),
    "council_end": mark("end of the council term"),
}


@dataclass(frozen=True)
class Due:
    """One moment. ``partnership`` is None where it is of all; ``status`` is that of the date,
    None where it is a fact on record."""

    date: Date
    kind: str
    partnership: str | None
    name: str | None
    source: str
    status: str | None

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "date": self.date.isoformat(), "what": _(KINDS[self.kind])}


@dataclass(frozen=True)
class Calendar:
    """The moments from ``since`` on, sorted; the ids of active partnerships of which a term or a
    limit is unknown; those whose term has ended according to the landscape."""

    since: Date
    lead: int
    moments: tuple[Due, ...]
    term_unknown: tuple[str, ...]
    deadline_unknown: tuple[str, ...]
    ended: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "lead_months": {"value": self.lead, "status": "choice"},
            "moments": [due.as_json() for due in self.moments],
            "term_unknown": list(self.term_unknown),
            "deadline_unknown": list(self.deadline_unknown),
            "term_ended": list(self.ended),
        }


def calendar(
    landscape: Landscape,
    zoning: str | None = None,
    region: str | None = None,
    lead: int = LEAD,
    readings: Settings | None = None,
) -> Calendar:
    """What is due for the active partnerships of ``landscape`` (of one ``region`` of ``zoning``)
    from its date on. ``lead``: months before the end of a term in which to decide. ``readings``: as
    in ``align``. Raises InputError for a zone or reading that is not there, or a negative lead."""
    if lead < 0:
        raise InputError(_("A lead of {lead} months is none; give 0 or more.").format(lead=lead))
    since = landscape.date
    rows = align(landscape, zoning, region, readings=readings).partnerships
    sources = dict(landscape.table("partnerships").select("id", "source").iter_rows())
    found = [Due(COUNCIL_END, "council_end", None, None, _(COUNCIL_SOURCE), "choice")]
    ended, unknown, undated = [], [], []
    for row in rows:
        told = row["id"], row["name"]
        if row["term_end"] is None:
            unknown.append(row["id"])
        else:
            end = Date.fromisoformat(row["term_end"])
            source = sources.get(row["id"]) or _("the landscape")
            if end <= since:
                ended.append(row["id"])
            found.append(Due(end, "term_end", *told, source, None))
            found.append(Due(shifted(end, months=-lead), "decide", *told, source, "choice"))
        if row["deadline"] is None and row["deadline_applies"] is None:
            undated.append(row["id"])
        for kind in ("deadline", "deadline_limit"):
            if row[kind] is not None:
                chosen = next(r for r in row["deadline_readings"]
                              if r["chosen"] and r["date"] == row[kind])  # fmt: skip
                found.append(
                    Due(Date.fromisoformat(row[kind]), kind, *told, "; ".join(chosen["source"]),
                        chosen["status"])
                )  # fmt: skip
    order = list(KINDS)
    moments = sorted(
        (due for due in found if due.date >= since),
        key=lambda due: (due.date, order.index(due.kind), due.name or "", due.partnership or ""),
    )
    return Calendar(since, lead, tuple(moments), tuple(unknown), tuple(undated), tuple(ended))
