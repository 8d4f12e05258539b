"""One municipality or one zone out of a screening, found by code or by name."""

from difflib import get_close_matches
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.screening.indicators import neighbours
from samenspel.screening.screen import Screening

REFERENCE_REGION = "reference_region"
MOST_LISTED = 20  # zones that a message lists where none resembles what was asked


def find_municipality(landscape: Landscape, text: str) -> str:
    """The NIS code of the municipality with code or name ``text``. Raises InputError with the
    nearest names where there is none."""
    towns = landscape.table("municipalities").select("nis", "name")
    wanted = text.casefold()
    found = [
        (nis, name)
        for nis, name in towns.iter_rows()
        if wanted in (nis.casefold(), (name or "").casefold())
    ]
    found = [(nis, name) for nis, name in found if nis.casefold() == wanted] or found
    if len(found) == 1:
        return str(found[0][0])
    if found:
        raise InputError(
            _("“{text}” is the name of more than one municipality; give the code: {known}.").format(
                text=text, known=", ".join(nis for nis, _name in found)
            )
        )
    near = get_close_matches(text, sorted({*towns["name"].drop_nulls(), *towns["nis"]}), 3, 0.5)
    raise InputError(
        _("There is no municipality “{text}” in this landscape{hint}.").format(
            text=text, hint=meant(near)
        )
    )


def meant(near: list[str]) -> str:
    return _("; perhaps {names}").format(names=", ".join(near)) if near else ""


def find_zone(landscape: Landscape, text: str, zoning: str | None = None) -> tuple[str, str]:
    """(zoning, zone) of the zone with code or name ``text``, in ``zoning`` where given. Of several
    it is the only reference region. Raises InputError where there is none, or several."""
    zones = landscape.table("zones").select("zoning", "zone", "name")
    known = zones["zoning"].unique().sort().to_list()
    if zoning is not None:
        if zoning not in known:
            raise no_zoning(zoning, known)
        zones = zones.filter(pl.col("zoning") == zoning)
    found = zones_called(zones, text)
    # A zoning carried over from an older map (``x_2022``) gives way to the one that followed it.
    followed = {z for z, _zone in found}
    found = [f for f in found if f[0].rpartition("_")[0] not in followed]
    kinds = dict(landscape.table("zonings").select("zoning", "kind").iter_rows())
    regions = [f for f in found if kinds.get(f[0]) == REFERENCE_REGION]
    found = regions if len(regions) == 1 else found
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            _(
                "“{text}” is the name of more than one zone; choose with --zoning and --region: "
                "{known}."
            ).format(text=text, known=", ".join(sorted(f"{z} {zone}" for z, zone in found)))
        )
    others = sorted({z for z, _zone in zones_called(landscape.table("zones"), text)})
    if others:
        raise InputError(
            _("There is no zone “{text}” in {zoning}; it is one of {others}: choose that with "
              "--zoning.").format(text=text, zoning=zoning, others=", ".join(others))
        )  # fmt: skip
    names = sorted({*zones["name"].drop_nulls(), *zones["zone"]})
    near = get_close_matches(text, names, 3, 0.5)
    if not near and len(zones) <= MOST_LISTED:
        near = sorted(zones["zone"].unique())
    raise InputError(
        _("There is no zone “{text}” in this landscape{hint}.").format(text=text, hint=meant(near))
    )


def zones_called(zones: pl.DataFrame, text: str) -> list[tuple[str, str]]:
    """(zoning, zone) of every one of ``zones`` with code or name ``text``."""
    wanted = text.casefold()
    return [
        (zoning, zone)
        for zoning, zone, name in zones.select("zoning", "zone", "name").iter_rows()
        if wanted in (zone.casefold(), (name or "").casefold())
    ]


def zoning_chosen(landscape: Landscape, wanted: str | None = None) -> str | None:
    """The zoning ``wanted``, else the present reference regions; None where there are none.
    Raises InputError for a zoning that is not there."""
    table = landscape.table("zonings").sort("zoning")
    if wanted is not None:
        known = table["zoning"].to_list()
        if wanted not in known:
            raise no_zoning(wanted, known)
        return wanted
    regions: list[str] = table.filter(kind=REFERENCE_REGION)["zoning"].to_list()
    # Of a zoning and its self of an earlier year (``x_2022``) the first in order is the present.
    return next(iter(regions), None)


def of_municipality(screening: Screening, nis: str) -> dict[str, Any]:
    """The screening of one municipality, with its partnerships and its neighbours."""
    whole = screening.as_json()
    found = screening.found
    place = found.towns["nis"].to_list().index(nis)
    inside = found.places[:, [place]].toarray().ravel() > 0
    zones = found.subjects.filter(pl.Series(inside)).select("zoning", "subject")
    own = set(zones.drop_nulls("zoning").iter_rows())
    return {
        **whole,
        "municipalities": [row for row in whole["municipalities"] if row["nis"] == nis],
        "zones": {
            zoning: kept
            for zoning, rows in whole["zones"].items()
            if (kept := [row for row in rows if (zoning, row["zone"]) in own])
        },
        "signals": [s for s in whole["signals"] if nis in s["municipalities"]],
        "confirmed": confirmed_in(whole["confirmed"], {nis}),
        "partnerships": partnerships_of(screening, nis),
        "neighbours": neighbours(screening.landscape, found, screening.figures, nis).to_dicts(),
    }


def partnerships_of(screening: Screening, nis: str) -> list[dict[str, Any]]:
    """Every partnership that ``nis`` or its OCMW is in, and what is known of its place there."""
    found = screening.found
    members = screening.landscape.table("memberships").filter(pl.col("organisation") == nis)
    rows = (
        found.links.join(found.towns.filter(pl.col("nis") == nis), on="m")
        .join(found.bodies, on="p")
        .join(
            members.select("partnership", "share", "votes", "contribution_cents"),
            on="partnership",
            how="left",
        )
        .sort("body", "name", "partnership")
    )
    columns = (
        "partnership", "name", "body", "own", "legal_form", "theme", "initiator", "level", "line",
        "status", "start", "term_end", "size", "members", "share", "votes", "contribution_cents",
    )  # fmt: skip
    return [
        {**row, "start": iso(row["start"]), "term_end": iso(row["term_end"])}
        for row in rows.select(columns).iter_rows(named=True)
    ]


def iso(date: Any) -> str | None:
    return None if date is None else str(date.isoformat())


def of_zone(screening: Screening, zoning: str, zone: str) -> dict[str, Any]:
    """The screening of one zone and of the municipalities in it; signals that touch one of them."""
    whole = screening.as_json()
    members = screening.landscape.table("zone_members").filter(
        (pl.col("zoning") == zoning) & (pl.col("zone") == zone)
    )
    inside = set(members["nis"])
    return {
        **whole,
        "municipalities": [row for row in whole["municipalities"] if row["nis"] in inside],
        "zones": {zoning: [row for row in whole["zones"][zoning] if row["zone"] == zone]},
        "signals": [s for s in whole["signals"] if inside & set(s["municipalities"])],
        "confirmed": confirmed_in(whole["confirmed"], inside),
    }


def confirmed_in(confirmed: dict[str, Any], towns: set[str]) -> dict[str, Any]:
    """``confirmed`` with only ``towns`` of its municipalities."""
    kept = {nis: of for nis, of in confirmed["municipalities"].items() if nis in towns}
    return {**confirmed, "municipalities": kept}


def one_zoning(zones: dict[str, Any], zoning: str) -> dict[str, Any]:
    """The figures of the zones of one zoning. Raises InputError where there is none such."""
    if zoning not in zones:
        raise no_zoning(zoning, sorted(zones))
    return {zoning: zones[zoning]}


def no_zoning(zoning: str, known: list[str]) -> InputError:
    return InputError(
        _("There is no zoning “{zoning}” in this landscape; it has {known}.").format(
            zoning=zoning, known=", ".join(known) or _("none")
        )
    )
