"""What a report says in sentences, key figures and explanations of words."""

from typing import Any

from samenspel.language import _, mark
from samenspel.words import KNOWN, day, figure, number, part, word

MISSED = {
    "theme": mark("its theme"),
    "initiator": mark("who began it"),
    "line": mark("whether it serves citizens at the counter"),
    "term_end": mark("when its term ends"),
    "budget_cents": mark("its budget"),
    "staff_fte": mark("its staff"),
}


def value(amount: float | None, name: str = "partnerships") -> str:
    """A lowest, median or highest figure as text; a whole number stays whole."""
    whole = amount is not None and amount == int(amount) and name == "partnerships"
    return figure({name: int(amount) if whole and amount is not None else amount}, name)


def brief_sentences(found: dict[str, Any]) -> list[str]:
    """What there is, in three or four sentences."""
    total, spread = found["total"], found["spread"]
    one, tables, change = (spread[name] for name in ("partnerships", "tables", "changing_partners"))
    said = [
        _(
            "{towns} municipalities work together in {partnerships} active intermunicipal "
            "partnerships, beside {ocmw} OCMW associations and {police} police zones."
        ).format(
            towns=number(len(found["municipalities"]), 0),
            partnerships=value(total["partnerships"]),
            ocmw=value(total["ocmw_associations"]),
            police=value(total["police_zones"]),
        )
    ]
    if total["partnerships"] is None:
        said = [_("Which partnerships these {towns} municipalities are in is unknown.").format(
            towns=number(len(found["municipalities"]), 0))]  # fmt: skip
    if one["median"] is not None:
        said.append(
            _("A municipality is in {low} to {high} of them; the median is {mid}.").format(
                low=value(one["min"]), high=value(one["max"]), mid=value(one["median"])
            )
        )  # fmt: skip
    if tables["median"] is not None:
        said.append(
            _("With OCMW associations and police zones they sit at {low} to {high} tables.").format(
                low=value(tables["min"]), high=value(tables["max"])
            )
        )
    if change["median"] is not None:
        said.append(
            _("Is it always the same company? Between two partnerships of a municipality, {change} "
              "of the members differ (the median).").format(
                change=value(change["median"], "changing_partners")
            )
        )  # fmt: skip
    days = [day(date) for date in found["member_days"]]
    if days:
        said.append(_("Who is in what comes from sources of {days}.").format(days=", ".join(days)))
    missing = [
        _(MISSED[gap["column"]])
        for gap in found["unknown"]
        if (gap["table"], gap["known_share"]) == ("partnerships", 0) and gap["column"] in MISSED
    ]
    if missing:
        said.append(_("Of no partnership is known: {facts}.").format(facts=", ".join(missing)))
    return said


def cards(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The key figures: (what, figure, what stands beside it)."""
    total, spread = found["total"], found["spread"]

    def middle(name: str) -> tuple[str, str]:
        row, shown = spread[name], "changing_partners" if name == "changing_partners" else ""
        shown = shown or "partnerships"
        if row["median"] is None:
            return _("unknown"), ""
        beside = _("{low} to {high}").format(
            low=value(row["min"], shown), high=value(row["max"], shown)
        )
        return value(row["median"], shown), f"({beside})"

    def whole(name: str) -> tuple[str, str]:
        known = total[name + KNOWN]
        beside = "" if known == 1 else _("{share} known").format(share=part(known))
        return figure({name: total[name]}, name), beside

    return [
        (_("active intermunicipal partnerships"), *whole("partnerships")),
        (_("partnerships per municipality, median"), *middle("partnerships")),
        (_("tables per municipality, median"), *middle("tables")),
        (_("different circles of members per municipality, median"),
         *middle("distinct_partner_sets")),
        (_("of the members differ from one partnership to the next, median"),
         *middle("changing_partners")),
        (_("municipalities per partnership, mean"), *whole("mean_size")),
        (_("OCMW associations"), *whole("ocmw_associations")),
        (_("police zones"), *whole("police_zones")),
    ]  # fmt: skip


def glossary() -> list[tuple[str, str]]:
    """The figures in words."""
    return [
        (word("partnerships"), _(
            "active intermunicipal partnerships of which the municipality itself is a member")),
        (word("tables"), _(
            "every active partnership at which the municipality or its OCMW sits: intermunicipal, "
            "OCMW associations, police zones and others")),
        (word("distinct_partner_sets"), _(
            "how many different groups of municipalities these partnerships have as members")),
        (word("changing_partners"), _(
            "take any two partnerships of a municipality: the share of all municipalities in "
            "either that are not in both, on average (Jaccard distance); 0% is always the same "
            "company")),
        (word("neighbours_met"), _(
            "how many neighbouring municipalities one meets in at least one of them")),
        (_("share known"), _(
            "the share of the rows for which a figure is known; the figure is about those")),
        (_("OCMW"), _("public centre for social welfare, beside each municipality")),
    ]  # fmt: skip
