"""Figures of mergers in words, for the prompt and for pages alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from samenspel.language import _, mark
from samenspel.words import number, part

Json = Mapping[str, Any]
UNITS = {"commuting_own": "share", "commuting_inside": "share"}
SHORT = {  # goals in a few words, for heads of columns and titles of maps
    "smallest": mark("smallest municipality"),
    "moved": mark("inhabitants moved"),
    "internal": mark("partnerships with nobody else"),
    "tables": mark("places at tables"),
    "commuting": mark("commuters at home"),
    "zonings_cut": mark("zonings cut"),
    "centre_left_out": mark("centres left out"),
    "below": mark("inhabitants below the bound"),
}


def value_told(value: Any, known: float, unit: str) -> str:
    """A value with the share known where that is not all."""
    if value is None:
        return _("unknown")
    if isinstance(value, (list, tuple)):
        text = ", ".join(value) or "-"
    elif unit == "share":
        text = f"{value:.0%}"
    elif unit == "eur":
        text = f"€ {number(value, 0)}"
    elif unit == "ratio":
        text = number(value, 2)
    else:
        text = number(value, 1 if unit in ("km", "km2") else 0)
    return with_share(text, known)


def with_share(text: str, known: float) -> str:
    """``text`` with the share known where that is not all."""
    return text if known == 1 else _("{text} ({share} known)").format(text=text, share=part(known))


def figure_told(row: Json, name: str) -> str:
    """A figure of a set of municipalities."""
    return value_told(row["figures"][name], row["known"].get(name, 1.0), UNITS.get(name, ""))


def cell_told(found: Json | None, unit: str) -> str:
    """A cell of the table of one merger; a dash where it means nothing there."""
    if found is None:
        return "-"
    if found["value"] is None and found.get("low") is not None:
        low, high = (value_told(found[end], 1.0, unit) for end in ("low", "high"))
        return with_share(low if low == high else span(low, high), found["known"])
    return value_told(found["value"], found["known"], unit)


def span(low: str, high: str) -> str:
    """From the lowest to the highest."""
    return _("{low} to {high}").format(low=low, high=high)


def arrow(before: str, after: str) -> str:
    """Today, and as one."""
    return f"{before} → {after}"


def sizes_told(row: Json) -> str:
    """The inhabitants of the smallest and the largest part, and of all as one."""
    low, high = figure_told(row, "smallest"), figure_told(row, "largest")
    return arrow(low if low == high else span(low, high), figure_told(row, "population"))


def listed(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """A merger by the names of its parts."""
    return " + ".join(names[nis] for nis in codes)


def choices_told(found: Json) -> str:
    """The bounds, as the user's choice."""
    low, high = found["bounds"]["municipalities"]
    number_told = str(low) if low == high else span(str(low), str(high))
    said = [_("{count} municipalities").format(count=number_told)]
    least, most = found["bounds"]["population"]
    if least is not None:
        said.append(_("at least {count} inhabitants").format(count=number(least, 0)))
    if most is not None:
        said.append(_("at most {count} inhabitants").format(count=number(most, 0)))
    if found["at_least"] is not None:
        said.append(
            _("too small below {count} inhabitants").format(
                count=number(found["at_least"]["value"], 0)
            )
        )
    return _("Your choice: {bounds}.").format(bounds=", ".join(said))


def cooperation_told(row: Json) -> str:
    """What the municipalities of a zone share today, without any merger."""
    return _(
        "Cooperation only: of {partnerships} partnerships {shared} join two of these "
        "municipalities or more, {internal} nobody but them; places there: {places}, seats: "
        "{seats}."
    ).format(
        partnerships=figure_told(row, "partnerships"),
        shared=figure_told(row, "shared"),
        internal=figure_told(row, "internal"),
        places=figure_told(row, "shared_places"),
        seats=figure_told(row, "shared_seats"),
    )


def goal_head(goal: Json) -> str:
    """A goal as the head of a column."""
    short = goal_short(goal["goal"])
    return (_("{goal} (more)") if goal["more"] else _("{goal} (fewer)")).format(goal=short)


def goal_short(goal: str) -> str:
    """A goal in a few words."""
    return _(SHORT[goal])


def goal_told(goal: Json) -> str:
    """What a goal counts."""
    told = f"{goal_short(goal['goal'])} ({goal['goal']}): {goal['title']}"
    if goal["known"] == 1:
        return told
    return _("{goal} (known: {share})").format(goal=told, share=part(goal["known"]))


def kind_told(kind: str) -> str:
    """What a row of the alternatives is."""
    return {
        "status_quo": _("status quo"),
        "cooperation": _("cooperation only"),
        "alternative": _("alternative"),
    }[kind]


def front_told(found: Json | None) -> list[str]:
    """How many alternatives there are, and how sure that is."""
    if found is None:
        return [_("No alternatives for the whole zone: none were asked, or fewer than two goals "
                  "are known.")]  # fmt: skip
    said = []
    if found["goals_left_out"]:
        said.append(
            _("Not known here, so left out: {goals}.").format(
                goals=", ".join(found["goals_left_out"])
            )
        )
    if found["complete"]:
        said.append(_("The goals are your choice. All alternatives are found; that is proven. Of "
                      "equals one is shown."))  # fmt: skip
    elif not found["found"]:
        said.append(_("No alternative was found in time; give more --seconds."))
    else:
        said.append(_("The goals are your choice. These are a part of the alternatives; of each "
                      "it is proven that no other is better on one goal and no worse on the "
                      "rest."))  # fmt: skip
    if found["rows"][0]["dominated"]:
        said.append(_("The status quo is not among them: one is better on a goal and no worse on "
                      "the rest."))  # fmt: skip
    said.append(_("None of them is the best: that is for people to decide."))
    return said


def cut_off_told(zone: Json, names: Mapping[str, str]) -> list[str]:
    """Municipalities of a zone that can be in no merger."""
    return [
        _("{name} borders nobody in this zone, so it is in no merger; --link {nis}=OTHER makes it "
          "a neighbour.").format(name=names[nis], nis=nis)
        for nis in zone["cut_off"]
    ] + [
        _("{nis} lies in this zone and not in this landscape.").format(nis=nis)
        for nis in zone["absent"]
    ]  # fmt: skip


def zoning_told(zoning: Json, names: Mapping[str, str]) -> str:
    """How a merger lies in a zoning, where it does not lie in one zone for certain."""
    title = zoning["title"] or zoning["zoning"]
    if zoning["cut"] is None:
        return _("Whether it lies across {zoning} is unknown.").format(zoning=title)
    zones = "; ".join(
        f"{zone['name'] or zone['zone']}: {', '.join(names[n] for n in zone['municipalities'])}"
        for zone in zoning["zones"]
    )
    return _("Lies across {zoning}: {zones}").format(zoning=title, zones=zones)


def fits_told(align: Json) -> str:
    """What a merger changes in the fit of partnerships."""
    said = "; ".join(
        f"{row['name'] or row['partnership']}: {row['before']} → {row['after']}"
        for row in align["changed"]
    )
    text = _("Fit to {zoning}: {count} partnerships change.").format(
        zoning=align["zoning"], count=len(align["changed"])
    )
    return f"{text} {said}" if said else text
