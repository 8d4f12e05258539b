"""The calendar of what is due: terms that end, the moment to decide on renewal, the limits of the
reference regions, the end of the council term. What is unknown is counted, never dated."""

from collections.abc import Iterator
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
COUNCIL_YEARS = 6  # of one council term, by which earlier ends are counted back (choice)
COUNCIL_SOURCE = mark("SBV-toekomstvisie 2023, lines 2545–2556 (elections of 2030)")
COUNCIL_BEFORE = mark("counted back by terms of {years} years from {source}")
RECORDED = "recorded"  # the status of a date that the landscape gives
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
    ``recorded`` where it stands in the landscape."""

    date: Date
    kind: str
    partnership: str | None
    name: str | None
    source: str
    status: str

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "date": self.date.isoformat(), "what": _(KINDS[self.kind])}


@dataclass(frozen=True)
class Calendar:
    """The moments from ``since`` on, sorted; how many partnerships are ``active``; the ids of those
    of which a term or a limit is unknown; of those whose term has ended according to the landscape;
    of those of which it is unknown whether they are active, and which are left out."""

    since: Date
    lead: int
    active: int
    moments: tuple[Due, ...]
    term_unknown: tuple[str, ...]
    deadline_unknown: tuple[str, ...]
    ended: tuple[str, ...]
    status_unknown: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "lead_months": {"value": self.lead, "status": "choice"},
            "moments": [due.as_json() for due in self.moments],
            "term_unknown": list(self.term_unknown),
            "deadline_unknown": list(self.deadline_unknown),
            "term_ended": list(self.ended),
            "partnerships": self.active,
            "status_unknown": list(self.status_unknown),
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
    alignment = align(landscape, zoning, region, readings=readings)
    rows = alignment.partnerships
    sources = dict(landscape.table("partnerships").select("id", "source").iter_rows())
    titles = dict(landscape.table("sources").select("id", "title").iter_rows())
    found = list(council_ends(since))
    ended, unknown, undated = [], [], []
    for row in rows:
        told = row["id"], row["name"]
        if row["term_end"] is None:
            unknown.append(row["id"])
        else:
            end = Date.fromisoformat(row["term_end"])
            named = sources.get(row["id"])
            source = titles.get(named) or named or _("the landscape")
            if end <= since:
                ended.append(row["id"])
            found.append(Due(end, "term_end", *told, source, RECORDED))
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
    return Calendar(
        since,
        lead,
        len(rows),
        tuple(moments),
        tuple(unknown),
        tuple(undated),
        tuple(ended),
        tuple(row["id"] for row in alignment.status_unknown),
    )


def council_ends(since: Date) -> Iterator[Due]:
    """The ends of council terms from ``since`` on, up to the one that the source gives."""
    end, source = COUNCIL_END, _(COUNCIL_SOURCE)
    while since <= end and end > Date.min:  # before the first of all days none is counted back
        yield Due(end, "council_end", None, None, source, "choice")
        end = shifted(end, years=-COUNCIL_YEARS)
        source = _(COUNCIL_BEFORE).format(years=COUNCIL_YEARS, source=_(COUNCIL_SOURCE))
