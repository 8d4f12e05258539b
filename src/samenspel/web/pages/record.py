"""What was put on record and when: one change, and every version of one record."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from samenspel.language import _
from samenspel.register import history
from samenspel.register.contract import BY_NAME
from samenspel.register.editing import DAYS, Version
from samenspel.register.models import Change
from samenspel.web.pages.shared import Missing, asked, show

MOST = 200


@require_safe
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One change: who it was for, why, and what it did; cell by cell where it is not very large."""
    picture = asked(request)
    found = history.entries(after=number - 1, most=1)
    if not found or found[0].number != number:
        raise Missing(_("There is no change {number}.").format(number=number))
    counts = history.counts(number)
    rows = sum(closed + opened for closed, opened in counts.values())
    touched = history.touched(number) if rows <= MOST else {}
    tables = [
        {
            "name": name,
            "closed": closed,
            "opened": opened,
            "rows": cells(*touched[name]) if name in touched else [],
        }
        for name, (closed, opened) in counts.items()
    ]
    return show(request, "change", picture, section="changes", entry=found[0], tables=tables)


def cells(closed: list[Version], opened: list[Version]) -> list[dict[str, Any]]:
    """What a change did to the rows that it closed, cell by cell; rows that came for the first time
    are not among them."""
    after = {version.record: version for version in opened}
    found: list[dict[str, Any]] = []
    for before in closed:
        now = after.get(before.record)
        key = " ".join(str(value) for value in before.key)
        if now is None:
            found.append({"key": key, "column": None, "before": _("on record"), "after": _("gone")})
            continue
        values = [(name, value, now.values.get(name)) for name, value in before.values.items()]
        values += [(name, getattr(before, name), getattr(now, name)) for name in DAYS]
        found += [
            {"key": key, "column": name, "before": one, "after": other}
            for name, one, other in values
            if one != other
        ]
    return found


@require_safe
def record(request: HttpRequest, table: str, key: str) -> HttpResponse:
    """Every version of one record, the latest first."""
    picture = asked(request)
    if table not in BY_NAME:
        raise Missing(_("There is no table {table}.").format(table=table))
    parts = key.split("/")
    found = history.history(table, parts)
    if not found:
        raise Missing(_("Nothing is on record of {key}.").format(key=" ".join(parts)))
    said = {c.number: c for c in Change.objects.filter(number__in=[v.opened for v in found])}
    versions = [
        {
            "at": said[v.opened].at,
            "why": said[v.opened].why,
            "opened": v.opened,
            "closed": v.closed,
            "valid_from": v.valid_from,
            "valid_to": v.valid_to,
            "values": v.values,
        }
        for v in reversed(found)
    ]
    name = found[-1].values.get("name") or " ".join(parts)
    return show(request, "record", picture, table=table, key=parts, name=name, versions=versions)
