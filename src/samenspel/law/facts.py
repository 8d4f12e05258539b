"""The facts of every partnership of a landscape, as rules read them.

Unknown stays unknown: a class of members is absent only where the members are recorded, each with
its class, by a source that names such members somewhere. The public Flemish list, for one, knows
municipalities as members only, so there it is unknown whether a private partner takes part.
"""

from typing import Any

import polars as pl

from samenspel.landscape.kinds import OBSERVER, partnership_kinds
from samenspel.landscape.landscape import Landscape
from samenspel.law.logic import Truth, all_of, any_of, negated
from samenspel.law.seats import seat_facts
from samenspel.law.vocabulary import FACTS

Row = dict[str, Any]

CLASSES = (
    "municipality", "ocmw", "province", "other_government", "private", "nonprofit", "police_zone",
    "rescue_zone", "ocmw_association", "intermunicipal_partnership",
)  # fmt: skip
# VVSG praktijkgids, lines 186-188 and 229-231; the list there is open.
LOCAL = ("municipality", "ocmw", "ocmw_association", "police_zone", "rescue_zone")
NOT_LOCAL = ("province", "other_government", "private", "nonprofit")
# A theme that leaves open whether it is energy or waste; the eleven themes have neither apart.
OPEN_THEMES = ("utilities", "spatial_environment")
FACTUAL = ("overeenkomst", "samenwerking_tussen_ocmws", "zonder_rechtspersoonlijkheid")
PLAIN = (
    "legal_form", "theme", "sector", "initiator", "status", "scope_exception", "start",
    "term_start", "term_end", "bookkeeping", "host",
)  # fmt: skip


def partnership_facts(landscape: Landscape) -> dict[str, dict[str, Any]]:
    """The facts of ``vocabulary`` by partnership id; None is unknown.

    Costs one pass over partnerships, memberships, mandates, tasks and task_provision.
    """
    frames = {name: landscape.coded(name) for name in landscape.frames}
    if "partnerships" not in frames:
        return {}
    bodies = frames["partnerships"]
    kinds = dict(partnership_kinds(frames).iter_rows())
    members = member_facts(landscape, frames)
    seats = seat_facts(frames)
    tasks = task_facts(frames)
    names = [fact.name for fact in FACTS]
    found: dict[str, Row] = {}
    for row in bodies.select(*PLAIN, "id", "staff_fte").iter_rows(named=True):
        code = row["id"]
        facts: Row = dict.fromkeys(names)
        facts |= {name: row[name] for name in PLAIN}
        facts["kind"] = kinds.get(code)
        facts["has_own_staff"] = None if row["staff_fte"] is None else row["staff_fte"] > 0
        facts |= {**members.get(code, {}), **seats.get(code, {}), **tasks.get(code, {})}
        facts |= derived(facts)
        found[code] = facts
    return found


def derived(facts: Row) -> Row:
    """What follows from the other facts of one partnership."""
    form, theme, sector = facts["legal_form"], facts["theme"], facts["sector"]
    neither: Truth = False if theme is not None and theme not in OPEN_THEMES else None
    start = facts["term_start"]
    if start is None and facts["status"] == "planned":
        start = facts["start"]
    factual = None if form in (None, "interlokale_vereniging") else form in FACTUAL
    return {
        "term_start": start,
        "term_years": years(start, facts["term_end"]),
        "waste": neither if sector is None else sector == "waste",
        "energy_or_waste": neither if sector is None else sector in ("energy", "waste"),
        "factual_cooperation": factual,
        "listed_for_scale": None if facts["scope_exception"] in (None, "scale") else False,
    }


def years(start: Any, end: Any) -> int | None:
    """Years from ``start`` to ``end``, a part of a year counted as one; None where unknown."""
    if start is None or end is None:
        return None
    whole = end.year - start.year
    return int(whole + ((end.month, end.day) > (start.month, start.day)))


def member_facts(landscape: Landscape, frames: dict[str, pl.DataFrame]) -> dict[str, Row]:
    """Facts on the members by partnership; a partnership without recorded members is left out."""
    if "memberships" not in frames:
        return {}
    links = member_links(landscape, frames)
    listed = {
        source: set(known) for source, known in links.group_by("source").agg("class").iter_rows()
    }
    seated = links.filter(pl.col("role").is_null() | (pl.col("role") != OBSERVER))
    grouped = seated.group_by("partnership").agg(
        pl.col("class"), pl.col("source"), pl.col("role"), pl.col("elsewhere").any(),
        regions=pl.col("region").filter(pl.col("town")),
        towns=pl.col("organisation").filter(pl.col("town")).n_unique(),
    )  # fmt: skip
    return {row["partnership"]: of_members(row, listed) for row in grouped.iter_rows(named=True)}


def member_links(landscape: Landscape, frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The memberships with the class of each member (``class``), whether it is a municipality of
    the landscape (``town``, its ``region``) or a place outside it (``elsewhere``)."""
    towns = frames["municipalities"].select(organisation="nis", town=pl.lit(True), region="region")
    stated = landscape.coded("organisations").select("class", organisation="id", place="nis")
    known = towns["organisation"].implode()
    return (
        frames["memberships"]
        .join(towns, on="organisation", how="left")
        .join(stated.unique("organisation", keep="first"), on="organisation", how="left")
        .with_columns(
            pl.when("town").then(pl.lit("municipality")).otherwise("class").alias("class")
        )
        .with_columns(
            elsewhere=((pl.col("class") == "municipality") & pl.col("town").is_null())
            | ((pl.col("class") == "ocmw") & ~pl.col("place").is_in(known).fill_null(value=False))
        )
    )


def of_members(row: Row, listed: dict[str | None, set[str | None]]) -> Row:
    """Facts on the members of one partnership. ``listed``: the classes that each source names."""
    classes = row["class"]
    named = set.intersection(*(listed[source] for source in set(row["source"])))
    facts: Row = {"municipalities": row["towns"]}
    for one in CLASSES:
        absent: Truth = False if one in named and None not in classes else None
        facts[f"has_{one}"] = True if one in classes else absent
    others = [
        True if one in LOCAL else False if one in NOT_LOCAL else None for one in classes
    ]  # fmt: skip
    complete: Truth = True if named.issuperset(NOT_LOCAL) else None
    facts["local_only"] = all_of([*others, complete])
    regions = row["regions"]
    if len(set(regions) - {None}) > 1:
        facts["cross_border"] = True
    elif regions and None not in {*regions, *classes} and not row["elsewhere"]:
        facts["cross_border"] = False
    managers = [one for one, role in zip(classes, row["role"], strict=True) if role == "managing"]
    manages: list[Truth] = [None if role is None else role == "managing" for role in row["role"]]
    facts["has_manager"] = any_of(manages)
    if managers:
        facts["manager_is_municipality"] = all_of(
            None if one is None else one == "municipality" for one in managers
        )
    return facts


def task_facts(frames: dict[str, pl.DataFrame]) -> dict[str, Row]:
    """Facts on the tasks by partnership; one without recorded tasks is left out."""
    if "tasks" not in frames:
        return {}
    grouped = frames["tasks"].group_by("partnership").agg("transferred")
    beside = set(done_beside(frames)["partnership"])
    found = {}
    for partnership, transferred in grouped.iter_rows():
        transfers = any_of(transferred)
        done: Truth = True if partnership in beside else None
        none_transferred = negated(transfers)
        found[partnership] = {
            "has_transfer": transfers,
            "task_done_beside": False if none_transferred else done,
        }
    return found


def done_beside(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Frame ``partnership``, ``task``, ``organisation``, ``by``: transferred tasks that another
    partnership, which is active (``by``), does for the same organisation. Tasks are the same where
    their names are."""
    columns = ("partnership", "task", "organisation", "by")
    if "task_provision" not in frames:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    active = frames["partnerships"].filter(pl.col("status") == "active")["id"].implode()
    provided = frames["task_provision"].select("partnership", "task", "organisation")
    others = provided.filter(pl.col("partnership").is_in(active)).rename({"partnership": "by"})
    return (
        frames["tasks"]
        .filter("transferred")
        .select("partnership", "task")
        .join(provided, on=["partnership", "task"])
        .join(others, on=["task", "organisation"])
        .filter(pl.col("by") != pl.col("partnership"))
        .select(columns)
    )
