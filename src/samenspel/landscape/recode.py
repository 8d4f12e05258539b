"""Carrying a chronicle over municipal mergers and changes of code, by its own lineage.

At each date of the lineage the rows on the old codes end and rows on the new code start; nothing
that held before is changed, so ``recode(c)[0].at(d)`` equals ``c.at(d)`` for every earlier day.
What the parts held together becomes one: memberships and seats are merged, additive figures,
flows and borders are summed, areas united. A sum of which a part is unknown is unknown. Where the
parts lie in different zones both are kept and a finding says so.

That shares, votes, contributions and seats of the parts add up is an assumption (status: choice):
the merged municipality takes the place of its parts. Costs O(rows log rows) per date.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date as Date

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.findings import Finding, each
from samenspel.landscape.turn import (
    before_and_after,
    counted,
    holding,
    in_order,
    parts_of,
    turned,
    united,
)
from samenspel.landscape.unknown import agreed, whole_sum
from samenspel.language import _

Frames = dict[str, pl.DataFrame]


def recode(
    chronicle: Chronicle, until: Date | None = None
) -> tuple[Chronicle, tuple[Finding, ...]]:
    """``chronicle`` carried over every municipal date of its lineage, ``until`` and with that day
    where given, and what a reader must know: merged memberships, partnerships with fewer than two
    members left, zone conflicts.

    Applying it twice changes nothing more. Raises InputError where a code is split over several
    (no rule can say which part gets what) or a new municipality has no row and no name.
    """
    frames = dict(chronicle.frames)
    findings: list[Finding] = []
    if "lineage" in frames:
        steps = frames["lineage"].filter(
            (pl.col("kind") == "municipality") & pl.col("recorded_to").is_null()
        )
        steps = steps.drop_nulls("date")
        if until is not None:
            steps = steps.filter(pl.col("date") <= until)
        for day in sorted(steps["date"].unique()):
            frames, found = at_date(frames, day, steps.filter(pl.col("date") == day))
            findings += found
    return Chronicle(frames, chronicle.about), tuple(findings)


def at_date(frames: Frames, day: Date, steps: pl.DataFrame) -> tuple[Frames, list[Finding]]:
    """``frames`` carried over the ``steps`` (lineage rows) of one ``day``; steps of municipalities
    outside the landscape are passed over."""
    steps = steps.filter(pl.col("old").is_in(frames["municipalities"]["nis"].implode()))
    became = successors_of(frames["municipalities"], day, steps)
    if not became:
        return frames, []
    frames = frames | {"municipalities": municipalities(frames["municipalities"], day, became)}
    names = dict(holding(frames["municipalities"], day).select("nis", "name").iter_rows())
    bodies = dict(became)
    if "organisations" in frames:
        frames, ocmws = organisations(frames, day, became, names, steps)
        bodies |= ocmws
    findings: list[Finding] = []
    if "memberships" in frames:
        findings += merged_memberships(frames, day, bodies, names)
        before = frames["memberships"]
        key = ["partnership", "organisation"]
        summed = dict.fromkeys(("share", "votes", "contribution_cents"), whole_sum)
        frames["memberships"] = turned(
            before, day, {"organisation": bodies}, key, {"role": agreed, **summed}
        )
        findings += few_left(frames, before, day)
    if "mandates" in frames:
        key = ["partnership", "organ", "organisation", "side"]
        rules = {"seats": whole_sum, "paid": agreed}
        frames["mandates"] = turned(frames["mandates"], day, {"organisation": bodies}, key, rules)
    if "task_provision" in frames:
        key = ["partnership", "task", "organisation"]
        frames["task_provision"] = turned(
            frames["task_provision"], day, {"organisation": bodies}, key
        )
    if "partnerships" in frames:
        frames["partnerships"] = turned(frames["partnerships"], day, {"host": bodies}, ["id"])
    if "zone_members" in frames:
        key = ["zoning", "zone", "nis"]
        frames["zone_members"] = turned(frames["zone_members"], day, {"nis": became}, key)
        findings += zone_conflicts(frames, day, became, names)
    if "geometries" in frames:
        areas = turned(
            frames["geometries"],
            day,
            {"nis": became},
            ["nis"],
            {"geometry": united},
            parts=parts_of(became),
        )
        frames["geometries"] = areas.drop_nulls("geometry")
    if "adjacency" in frames:
        both = {"nis_a": became, "nis_b": became}
        frames["adjacency"] = turned(
            frames["adjacency"], day, both, list(both), {"border_m": whole_sum}, then=in_order
        )
    for name, codes in (("figures", ["nis"]), ("flows", ["from", "to"])):
        if name in frames:
            frames[name] = counted(name, frames[name], day, dict.fromkeys(codes, became))
    return frames, findings


def successors_of(towns: pl.DataFrame, day: Date, steps: pl.DataFrame) -> dict[str, str]:
    """Old code to new code. One that absorbs others without a step of its own becomes itself.
    Raises InputError for a split."""
    split = steps.filter(pl.col("old").is_duplicated())
    if split.height:
        raise InputError(
            _(
                "lineage: {old} becomes more than one municipality on {day}; a split cannot be "
                "recoded."
            ).format(old=split["old"][0], day=day)
        )
    became = dict(steps.select("old", "new").iter_rows())
    here = set(towns.filter(before_and_after(day) | (pl.col("valid_to") == day))["nis"])
    return became | {new: new for new in became.values() if new in here and new not in became}


def municipalities(frame: pl.DataFrame, day: Date, became: Mapping[str, str]) -> pl.DataFrame:
    """The parts end on ``day``; the whole starts, with inhabitants and area of its parts where its
    own row does not state them."""
    parts = frame.filter(before_and_after(day) | (pl.col("valid_to") == day)).filter(
        pl.col("nis").is_in(list(became)) & pl.col("recorded_to").is_null()
    )
    summed = (
        parts.with_columns(new=pl.col("nis").replace(dict(became)))
        .group_by("new", maintain_order=True)
        .agg(
            same_name=pl.col("name").filter(pl.col("nis") == pl.col("new")).first(),
            region=agreed(pl.col("region")),
            population=whole_sum(pl.col("population")),
            area_km2=whole_sum(pl.col("area_km2")),
            source=pl.col("source").drop_nulls().first(),
        )
    )
    starts = (pl.col("valid_from") == day).fill_null(value=False)
    whole = starts & pl.col("nis").is_in(list(became.values())) & pl.col("recorded_to").is_null()
    given, others = frame.filter(whole), frame.filter(~whole)
    bare = summed.join(given, left_on="new", right_on="nis", how="anti")
    nameless = bare.filter(pl.col("same_name").is_null())
    if nameless.height:
        raise InputError(
            _("municipalities: {nis}, new on {day}, has no row; add one with its name.").format(
                nis=nameless["new"][0], day=day
            )
        )
    made = bare.select(pl.col("new").alias("nis"), name="same_name", valid_from=pl.lit(day))
    filled = (
        pl.concat([given, made], how="diagonal")
        .join(summed.drop("same_name"), left_on="nis", right_on="new", how="left", suffix="_sum")
        .with_columns(
            pl.col(column).fill_null(pl.col(f"{column}_sum"))
            for column in ("region", "population", "area_km2", "source")
        )
    )
    ends = before_and_after(day) & pl.col("nis").is_in(list(became))
    closed = others.with_columns(valid_to=pl.when(ends).then(pl.lit(day)).otherwise("valid_to"))
    return pl.concat([closed, filled.select(frame.columns)])


def organisations(
    frames: Frames,
    day: Date,
    became: Mapping[str, str],
    names: Mapping[str, str],
    steps: pl.DataFrame,
) -> tuple[Frames, dict[str, str]]:
    """The OCMWs of merging municipalities become the OCMW of the whole; gives also their old and
    new ids. Where only a code changes an OCMW keeps its id."""
    rows, lineage = frames["organisations"], frames["lineage"]
    whole_of = Counter(became.values())
    merging = [old for old, new in became.items() if whole_of[new] > 1]
    beside = rows.filter(
        before_and_after(day) & (pl.col("class") == "ocmw") & pl.col("nis").is_in(merging)
    )
    ids = {id_: f"ocmw-{became[nis]}" for id_, nis in beside.select("id", "nis").iter_rows()}
    titles = {new: names[new] for new in became.values()}
    titles |= {f"ocmw-{new}": f"OCMW {names[new]}" for new in became.values()}

    def renamed(found: pl.DataFrame) -> pl.DataFrame:
        return found.with_columns(
            name=pl.when(pl.col("id").is_in(list(titles)))
            .then(pl.col("id").replace(titles))
            .otherwise("name")
        )

    codes = {"id": {**became, **ids}, "nis": became}
    rules = {"kbo": agreed, "class": agreed}
    whole = turned(rows, day, codes, ["id"], rules, then=renamed)
    how = {old: (operation, source) for old, operation, source in
           steps.select("old", "operation", "source").iter_rows()}  # fmt: skip
    lines = [
        ("organisation", id_, ids[id_], day, *how.get(nis, ("merger", None)), day)
        for id_, nis in beside.select("id", "nis").iter_rows()
    ]
    columns = ("kind", "old", "new", "date", "operation", "source", "valid_from")
    added = pl.DataFrame(lines, schema={c: lineage.schema[c] for c in columns}, orient="row")
    added = added.join(lineage, on=["kind", "old", "new", "date"], how="anti")
    return {
        **frames,
        "organisations": whole,
        "lineage": pl.concat([lineage, added], how="diagonal"),
    }, ids


def merged_memberships(
    frames: Frames, day: Date, bodies: Mapping[str, str], names: Mapping[str, str]
) -> list[Finding]:
    """A finding for each partnership in which parts of a merger were members beside each other."""
    rows = frames["memberships"].filter(
        before_and_after(day) & pl.col("organisation").is_in(list(bodies))
    )
    double = (
        rows.with_columns(pl.col("organisation").replace(dict(bodies)))
        .group_by("partnership", "organisation", maintain_order=True)
        .agg(
            parts=pl.len(),
            summed=pl.any_horizontal(
                pl.col("share", "votes", "contribution_cents").is_not_null()
            ).any(),
        )
        .filter(pl.col("parts") > 1)
        .join(titles(frames, day), on="partnership", how="left")
        .with_columns(
            name=pl.col("organisation").replace_strict(dict(names), default=pl.col("organisation")),
            day=pl.lit(day),
        )
    )
    said = {
        True: _(
            "{parts} memberships of {title} became one of {name} ({organisation}) on {day}; their "
            "shares, votes and contributions were added up: check them."
        ),
        False: _("{parts} memberships of {title} became one of {name} ({organisation}) on {day}."),
    }
    return [
        finding
        for summed, message in said.items()
        for finding in each(
            double.filter(pl.col("summed") == summed),
            "memberships",
            "organisation",
            "merged_membership",
            message,
            "warning",
        )
    ]


def titles(frames: Frames, day: Date) -> pl.DataFrame:
    """Frame ``partnership``, ``title``."""
    if "partnerships" not in frames:
        return pl.DataFrame(schema={"partnership": pl.String, "title": pl.String})
    return holding(frames["partnerships"], day).select(
        partnership="id", title=pl.col("name").fill_null(pl.col("id"))
    )


def few_left(frames: Frames, before: pl.DataFrame, day: Date) -> list[Finding]:
    """A finding for each partnership that fell below two members on ``day``."""
    count = pl.col("organisation").n_unique()
    then = before.filter(before_and_after(day)).group_by("partnership").agg(then=count)
    now = holding(frames["memberships"], day).group_by("partnership").agg(members=count)
    fallen = (
        then.join(now, on="partnership", how="left")
        .join(titles(frames, day), on="partnership", how="left")
        .filter(pl.col("then") >= 2, pl.col("members").fill_null(0) < 2)
        .sort("partnership")
        .with_columns(day=pl.lit(day))
    )
    return list(
        each(
            fallen,
            "memberships",
            "partnership",
            "members_lost",
            _("{title} ({partnership}) has fewer than two members left from {day}; it is kept."),
            "warning",
        )
    )


def zone_conflicts(
    frames: Frames, day: Date, became: Mapping[str, str], names: Mapping[str, str]
) -> list[Finding]:
    """A finding for each merged municipality whose parts lie in different zones."""
    rows = holding(frames["zone_members"], day).filter(pl.col("nis").is_in(list(became.values())))
    if "zonings" in frames:
        free = frames["zonings"].filter(pl.col("cover") == "overlapping")
        rows = rows.join(free, on="zoning", how="anti")
    if "zones" in frames:
        named = holding(frames["zones"], day).select("zoning", "zone", zone_name="name")
        rows = rows.join(named, on=["zoning", "zone"], how="left")
    else:
        rows = rows.with_columns(zone_name=pl.lit(None, pl.String))
    torn = (
        rows.with_columns(pl.col("zone_name").fill_null(pl.col("zone")))
        .group_by("zoning", "nis", maintain_order=True)
        .agg("zone_name")
        .filter(pl.col("zone_name").list.len() > 1)
        .sort("zoning", "nis")
        .with_columns(
            zones=pl.col("zone_name").list.sort().list.join(", "),
            name=pl.col("nis").replace_strict(dict(names), default=pl.col("nis")),
        )
    )
    return list(
        each(
            torn,
            "zone_members",
            "nis",
            "zone_conflict",
            _("{name} ({nis}) is the merger of parts in different zones of {zoning}: {zones}. "
              "All are kept; assign one zone to settle it."),
            "warning",
        )
    )  # fmt: skip
