"""What codes and figures are called in the interface."""

from samenspel.language import _, mark

WORDS = {
    # figures
    "partnerships": mark("partnerships"),
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
}


# Short words for the heads of narrow columns.
BRIEF = {
    "partnerships": mark("partner-\nships"),
    "distinct_partner_sets": mark("circles"),
    "ocmw_associations": mark("OCMW\nassoc."),
    "changing_partners": mark("changing\npartners"),
    "neighbours_met": mark("neigh-\nbours met"),
    "terms_ending": mark("terms\nending"),
}


def brief(code: str) -> str:
    """``code`` as the head of a narrow column."""
    return _(BRIEF[code]) if code in BRIEF else word(code)


def word(code: str | None) -> str:
    """``code`` as a reader calls it; a legal form is its Dutch term in every language."""
    if code is None:
        return _("unknown")
    return _(WORDS[code]) if code in WORDS else code.replace("_", " ")
