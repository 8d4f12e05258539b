"""What codes and figures are called in the interface, and how a figure is written."""

from typing import Any

from samenspel.language import _, mark

KNOWN = "_known"
MONEY = ("budget_cents", "contribution_cents")
SHARES = ("first_line_share", "bottom_up_share", "overlap", "changing_partners")

WORDS = {
    # figures
    "partnerships": mark("intermunicipal partnerships"),
    "distinct_partner_sets": mark("different circles of members"),
    "ocmw_associations": mark("OCMW associations"),
    "police_zones": mark("police zones"),
    "other_partnerships": mark("other partnerships"),
    "tables": mark("tables"),
    "mean_size": mark("municipalities per partnership"),
    "terms_ending": mark("terms that end"),
    "first_line": mark("with citizens at the counter"),
    "first_line_share": mark("share with citizens at the counter"),
    "bottom_up_share": mark("share begun by municipalities"),
    "without_budget": mark("without a budget of their own"),
    "budget_cents": mark("budget"),
    "staff_fte": mark("own staff (FTE)"),
    "mandates": mark("places in organs"),
    "seats": mark("seats"),
    "seats_majority": mark("seats of the majority"),
    "seats_opposition": mark("seats of the opposition"),
    "seats_other": mark("other seats"),
    "single_seat": mark("with a single seat"),
    "contribution_cents": mark("contribution"),
    "overlap": mark("members in common"),
    "changing_partners": mark("changing partners"),
    "partners_met": mark("municipalities met"),
    "neighbours": mark("neighbours"),
    "neighbours_met": mark("neighbours met"),
    "effective_partners": mark("effective number of partners"),
    "partition": mark("everywhere, one zone each"),
    "partial": mark("in part"),
    "overlapping": mark("overlapping"),
    # dimensions
    "legal_form": mark("legal form"),
    "theme": mark("theme"),
    "initiator": mark("initiative"),
    "level": mark("level"),
    "line": mark("line"),
    "size": mark("number of municipalities"),
    # codes
    "samenwerking_tussen_ocmws": mark("samenwerking tussen OCMW's"),
    "safety": mark("safety"),
    "mobility": mark("mobility"),
    "spatial_environment": mark("spatial environment"),
    "water": mark("water"),
    "economy_innovation": mark("economy and innovation"),
    "utilities": mark("utilities"),
    "leisure": mark("leisure"),
    "social_policy": mark("social policy"),
    "primary_care": mark("primary care"),
    "housing": mark("housing"),
    "labour_market": mark("labour market"),
    "bottom_up": mark("municipalities"),
    "flemish": mark("Flemish government"),
    "federal": mark("federal government"),
    "local": mark("local"),
    "zonal": mark("zonal"),
    "regional": mark("regional"),
    "first": mark("first line"),
    "second": mark("second line"),
    "planned": mark("planned"),
    "active": mark("active"),
    "inactive": mark("ended"),
    "public": mark("public"),
    "private": mark("private"),
    "energy": mark("energy"),
    "waste": mark("waste"),
    "drinking_water": mark("drinking water"),
    "sewerage": mark("sewerage"),
    "telecom": mark("telecom"),
    "tourism": mark("tourism"),
    "education": mark("education"),
    "bbc": "BBC",
    "landscape": mark("landscape (a basin, a river)"),
    "small_service": mark("small cooperation that serves citizens"),
    "scale": mark("scale is the main reason"),
    "granted": mark("granted"),
    "refused": mark("refused"),
    "postponed": mark("postponed"),
    "member": mark("member"),
    "managing": mark("managing municipality"),
    "observer": mark("observer"),
    "partner": mark("partner"),
    "majority": mark("majority"),
    "opposition": mark("opposition"),
    "other": mark("other"),
    "municipality": mark("municipality"),
    "organisation": mark("organisation"),
    "partnership": mark("partnership"),
    "zone": mark("zone"),
    "ocmw": mark("OCMW"),
    "province": mark("province"),
    "other_government": mark("other government"),
    "nonprofit": mark("non-profit"),
    "rescue_zone": mark("rescue zone"),
    "merger": mark("merger"),
    "code_change": mark("change of code"),
    "rename": mark("change of name"),
    "split": mark("split"),
    "all_kinds": mark("all kinds of partnerships"),
    "some_kinds": mark("some kinds of partnerships"),
    "intermunicipal_partnership": mark("intermunicipal partnership"),
    "ocmw_association": mark("OCMW association"),
    "police_zone": mark("police zone"),
    "other_partnership": mark("other partnership"),
    "unknown": mark("unknown"),
    "law": mark("law"),
    "policy": mark("policy"),
    "proposal": mark("proposal"),
    "unvalidated": mark("not validated"),
    "choice": mark("choice"),
    "recorded": mark("on record"),
}


# Short words for the heads of narrow columns.
BRIEF = {
    "partnerships": mark("partner-\nships"),
    "distinct_partner_sets": mark("circles"),
    "ocmw_associations": mark("OCMW\nassoc."),
    "other_partnerships": mark("other\nbodies"),
    "mean_size": mark("members\neach"),
    "changing_partners": mark("changing\npartners"),
    "neighbours_met": mark("neigh-\nbours met"),
    "terms_ending": mark("terms\nending"),
}


# Tables and columns of a landscape.
TABLES = {
    "municipalities": mark("municipalities"),
    "lineage": mark("mergers and changes"),
    "geometries": mark("land"),
    "adjacency": mark("borders"),
    "zonings": mark("zonings"),
    "zones": mark("zones"),
    "zone_members": mark("municipalities per zone"),
    "organisations": mark("organisations"),
    "partnerships": mark("partnerships"),
    "tasks": mark("tasks"),
    "task_provision": mark("tasks, for whom"),
    "memberships": mark("memberships"),
    "mandates": mark("mandates"),
    "flows": mark("flows"),
    "figures": mark("figures"),
    "sources": mark("sources"),
}
COLUMNS = {
    "nis": mark("municipality (NIS code)"),
    "name": mark("name"),
    "kbo": mark("enterprise number"),
    "region": mark("region of the country"),
    "population": mark("inhabitants"),
    "area_km2": mark("area (km²)"),
    "equipment_level": mark("equipment level"),
    "centre": mark("centre"),
    "x": mark("point inside, east"),
    "y": mark("point inside, north"),
    "source": mark("source"),
    "confirmed_by": mark("confirmed by"),
    "kind": mark("kind"),
    "zoning": mark("zoning"),
    "old": mark("code before"),
    "new": mark("code after"),
    "date": mark("date"),
    "operation": mark("what happened"),
    "geometry": mark("area"),
    "nis_a": mark("municipality (NIS code)"),
    "nis_b": mark("neighbour (NIS code)"),
    "border_m": mark("border (m)"),
    "title": mark("title"),
    "cover": mark("cover"),
    "binding": mark("binding"),
    "zone": mark("zone"),
    "id": mark("code"),
    "class": mark("class"),
    "legal_form": mark("legal form"),
    "theme": mark("theme"),
    "sector": mark("sector"),
    "initiator": mark("initiative"),
    "level": mark("level"),
    "line": mark("line"),
    "start": mark("founded on"),
    "term_start": mark("term began on"),
    "term_end": mark("term ends on"),
    "status": mark("status"),
    "legal_nature": mark("public or private law"),
    "own_assets": mark("own assets"),
    "staff_fte": mark("own staff (FTE)"),
    "budget_cents": mark("yearly budget"),
    "bookkeeping": mark("bookkeeping"),
    "host": mark("hosted by"),
    "scope_exception": mark("ground of exception"),
    "deviation_requested": mark("deviation asked on"),
    "deviation_decision": mark("decision on deviation"),
    "deviation_decided_by": mark("deviation decided by"),
    "deviation_decided_on": mark("deviation decided on"),
    "deviation_review": mark("deviation reviewed on"),
    "partnership": mark("partnership"),
    "task": mark("task"),
    "transferred": mark("management transferred"),
    "organisation": mark("organisation"),
    "role": mark("role"),
    "share": mark("share of the capital"),
    "votes": mark("votes"),
    "contribution_cents": mark("yearly contribution"),
    "organ": mark("organ"),
    "side": mark("side of the council"),
    "seats": mark("seats"),
    "paid": mark("paid"),
    "year": mark("year"),
    "map_year": mark("year of the map"),
    "from": mark("from"),
    "to": mark("to"),
    "count": mark("number"),
    "key": mark("what is measured"),
    "value": mark("value"),
    "unit": mark("unit"),
    "additive": mark("adds up in a merger"),
    "publisher": mark("publisher"),
    "licence": mark("licence"),
    "coverage": mark("which partnerships"),
    "note": mark("note"),
    "valid_from": mark("valid from"),
    "valid_to": mark("valid until"),
}


def table_word(table: str) -> str:
    """Table ``table`` of a landscape as a reader calls it."""
    return _(TABLES[table])


def column_word(column: str) -> str:
    """A column of a landscape as a reader calls it; a column of the user's own by its own name."""
    return _(COLUMNS[column]) if column in COLUMNS else column


def brief(code: str) -> str:
    """``code`` as the head of a narrow column."""
    return _(BRIEF[code]) if code in BRIEF else word(code)


def word(code: str | None) -> str:
    """``code`` as a reader calls it; a legal form is its Dutch term in every language."""
    if code is None:
        return _("unknown")
    return _(WORDS[code]) if code in WORDS else code.replace("_", " ")


def figure(row: dict[str, Any], name: str) -> str:
    """A figure as text, with the share known where that is not all."""
    value, known = row.get(name), row.get(name + KNOWN, 1.0)
    if value is None:
        return _("unknown")
    if name in MONEY:
        text = f"€ {number(value / 100, 2)}"
    elif name in SHARES:
        text = f"{value:.0%}"
    elif isinstance(value, float):
        text = number(value, 1)
    else:
        text = number(value, 0)
    return text if known == 1 else _("{text} ({share} known)").format(text=text, share=part(known))


MONTHS = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"),
    mark("July"), mark("August"), mark("September"), mark("October"), mark("November"),
    mark("December"),
)  # fmt: skip


def day(iso: str) -> str:
    """A date such as 2025-01-01 in words."""
    year, month, date = iso.split("-")
    return f"{int(date)} {_(MONTHS[int(month) - 1])} {year}"


def number(value: float, decimals: int) -> str:
    """A number with a space between thousands and the reader's decimal mark."""
    return with_mark(f"{value:,.{decimals}f}".replace(",", " "))


def short_number(value: float) -> str:
    """A number with no more decimals than it has, six digits at most."""
    return with_mark(f"{value:g}")


def with_mark(text: str) -> str:
    """The digits ``text`` with the reader's decimal mark."""
    # Translators: the decimal mark.
    return text.replace(".", "," if _("decimal point") == "," else ".")


def part(share: float) -> str:
    """A share below 1 as a percentage that never reads as all."""
    return f"{share:.0%}" if share < 0.995 else number(min(100 * share, 99.9), 1) + "%"
