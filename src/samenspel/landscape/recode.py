"""Carrying a chronicle over municipal mergers and changes of code, by its own lineage.

At each date of the lineage the rows on the old codes end and rows on the new code start; nothing
that held before is changed, so ``recode(c)[0].at(d)`` equals ``c.at(d)`` for every earlier day.
What the parts held together becomes one: memberships and seats are merged, additive figures,
flows and borders are summed, areas united. A sum of which a part is unknown is unknown. Where the
parts lie in different zones both are kept and a finding says so.

That shares, votes, contributions and seats of the parts add up is an assumption (status: choice):
the merged municipality takes the place of its parts. Costs O(rows log rows) per date.
"""

from collections.abc import Mapping
from datetime import date as Date

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.findings import Finding, each
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
        if until is not None:
            steps = steps.filter(pl.col("date") <= until)
        for day in sorted(steps["date"].unique()):
            frames, found = at_date(frames, day, steps.filter(pl.col("date") == day))
            findings += found
    return Chronicle(frames, chronicle.about), tuple(findings)


def at_date(frames: Frames, day: Date, steps: pl.DataFrame) -> tuple[Frames, list[Finding]]:
    """``frames`` carried over the ``steps`` (lineage rows) of one ``day``."""
    split = steps.filter(pl.col("old").is_duplicated())
    if split.height:
        raise InputError(
            _("lineage: {old} becomes more than one municipality on {day}; a split cannot be "
              "recoded.").format(old=split["old"][0], day=day)
        )  # fmt: skip
    became = dict(steps.select("old", "new").iter_rows())
    frames = frames | {"municipalities": municipalities(frames["municipalities"], day, became)}
    names = dict(holding(frames["municipalities"], day).select("nis", "name").iter_rows())
    bodies = dict(became)
    if "organisations" in frames:
        frames, ocmws = organisations(frames, day, became, names)
        bodies |= ocmws
    findings: list[Finding] = []
    if "memberships" in frames:
        findings += merged_memberships(frames, day, bodies, names)
        before = frames["memberships"]
        frames["memberships"] = turned(
            before, day, {"organisation": bodies}, ["partnership", "organisation"],
            {"role": agreed, "share": whole_sum, "votes": whole_sum,
             "contribution_cents": whole_sum},
        )  # fmt: skip
        findings += few_left(frames, before, day)
    if "mandates" in frames:
        frames["mandates"] = turned(
            frames["mandates"], day, {"organisation": bodies},
            ["partnership", "organ", "organisation", "side"],
            {"seats": whole_sum, "paid": agreed},
        )  # fmt: skip
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
        frames["geometries"] = turned(
            frames["geometries"], day, {"nis": became}, ["nis"], {"geometry": united}
        )
    if "adjacency" in frames:
        frames["adjacency"] = borders(frames["adjacency"], day, became)
    for name, codes in (("figures", ["nis"]), ("flows", ["from", "to"])):
        if name in frames:
            frames[name] = counted(name, frames[name], day, dict.fromkeys(codes, became))
    return frames, findings


def before_and_after(day: Date) -> pl.Expr:
    """Rows on record that hold on the day before ``day`` and, unless ended, on ``day``."""
    started = pl.col("valid_from").is_null() | (pl.col("valid_from") < day)
    goes_on = pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    return started & goes_on & pl.col("recorded_to").is_null()


def holding(frame: pl.DataFrame, day: Date) -> pl.DataFrame:
    started = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    goes_on = pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    return frame.filter(started & goes_on & pl.col("recorded_to").is_null())


def turned(
    frame: pl.DataFrame,
    day: Date,
    codes: Mapping[str, Mapping[str, str]],
    key: list[str],
    combine: Mapping[str, object] | None = None,
    touched: pl.Expr | None = None,
) -> pl.DataFrame:
    """``frame`` with the rows that a merger touches ended on ``day`` and their successors started.

    ``codes``: for each column what its codes became. Successors with the same ``key`` become one
    row: columns in ``combine`` by their rule, others the first known value. ``touched`` says which
    rows a merger touches where that is more than those with a code that changed.
    """
    if touched is None:
        touched = pl.any_horizontal(pl.col(c).is_in(list(became)) for c, became in codes.items())
    mask = before_and_after(day) & touched.fill_null(value=False)
    ending = frame.filter(mask)
    if not ending.height:
        return frame
    renamed = ending.with_columns(
        pl.col(column).replace(dict(became)) for column, became in codes.items()
    )
    rules = dict(combine or {})
    rest = [c for c in frame.columns if c not in key]
    open_end = pl.col("valid_to").null_count() > 0
    special = {
        "valid_from": pl.lit(day),
        "valid_to": pl.when(~open_end).then(pl.col("valid_to").max()),
        "recorded_from": pl.lit(None, pl.Datetime("us", "UTC")),
        "recorded_to": pl.lit(None, pl.Datetime("us", "UTC")),
    }
    successors = renamed.group_by(key, maintain_order=True).agg(
        (
            special[column]
            if column in special
            else rules[column](pl.col(column))  # type: ignore[operator]
            if column in rules
            else pl.col(column).drop_nulls().first()
        ).alias(column)
        for column in rest
    )
    ended = ending.with_columns(valid_to=pl.lit(day))
    return pl.concat([frame.filter(~mask), ended, successors.select(frame.columns)])


def united(shapes: pl.Expr) -> pl.Expr:
    """Union of areas in WKB."""

    def union(parts: pl.Series) -> bytes:
        import shapely

        whole = shapely.union_all(shapely.from_wkb(parts.to_list()))
        return bytes(shapely.to_wkb(whole))

    return pl.when(shapes.null_count() == 0).then(
        shapes.implode().map_elements(union, return_dtype=pl.Binary)
    ).first()  # fmt: skip


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
    starting = (pl.col("valid_from") == day) & pl.col("nis").is_in(list(became.values()))
    given = frame.filter(starting)
    bare = summed.filter(
        ~pl.col("new").is_in(given["nis"].implode()) & pl.col("same_name").is_null()
    )
    if bare.height:
        raise InputError(
            _("municipalities: {nis}, new on {day}, has no row; add one with its name.").format(
                nis=bare["new"][0], day=day
            )
        )
    absent = summed.filter(~pl.col("new").is_in(given["nis"].implode())).select(
        pl.col("new").alias("nis"), name="same_name", valid_from=pl.lit(day)
    )
    whole = (
        pl.concat([given, absent], how="diagonal")
        .join(summed.drop("same_name"), left_on="nis", right_on="new", how="left", suffix="_sum")
        .with_columns(
            pl.col(column).fill_null(pl.col(f"{column}_sum"))
            for column in ("region", "population", "area_km2", "source")
        )
        .select(frame.columns)
    )
    ends = before_and_after(day) & pl.col("nis").is_in(list(became))
    closed = frame.filter(~starting).with_columns(
        valid_to=pl.when(ends).then(pl.lit(day)).otherwise("valid_to")
    )
    return pl.concat([closed, whole])


def organisations(
    frames: Frames, day: Date, became: Mapping[str, str], names: Mapping[str, str]
) -> tuple[Frames, dict[str, str]]:
    """The OCMWs of the parts become the OCMW of the whole; gives also their old and new ids."""
    rows = frames["organisations"]
    beside = rows.filter(
        before_and_after(day) & (pl.col("class") == "ocmw") & pl.col("nis").is_in(list(became))
    )
    ids = {id_: f"ocmw-{became[nis]}" for id_, nis in beside.select("id", "nis").iter_rows()}
    own = dict(became)
    turned_rows = turned(
        rows, day, {"id": {**own, **ids}, "nis": own}, ["id"], {"kbo": agreed, "class": agreed}
    )
    fresh = (pl.col("valid_from") == day) & pl.col("recorded_to").is_null()
    whole = {f"ocmw-{new}": f"OCMW {names[new]}" for new in became.values()} | {
        new: names[new] for new in became.values()
    }
    named = turned_rows.with_columns(
        name=pl.when(fresh & pl.col("id").is_in(list(whole)))
        .then(pl.col("id").replace(whole))
        .otherwise("name")
    )
    lineage = frames["lineage"]
    steps = pl.DataFrame(
        [("organisation", old, new, day, "merger") for old, new in ids.items()],
        schema={c: lineage.schema[c] for c in ("kind", "old", "new", "date", "operation")},
        orient="row",
    )
    steps = steps.join(lineage, on=["kind", "old", "new", "date"], how="anti")
    if steps.height:
        sources = frames["lineage"].filter(pl.col("date") == day)["source"].drop_nulls()
        steps = steps.with_columns(source=pl.lit(sources.first(), pl.String))
        lineage = pl.concat([lineage, steps], how="diagonal")
    return {**frames, "organisations": named, "lineage": lineage}, ids


def merged_memberships(
    frames: Frames, day: Date, bodies: Mapping[str, str], names: Mapping[str, str]
) -> list[Finding]:
    """A finding for each partnership in which parts of a merger were members beside each other."""
    rows = frames["memberships"].filter(
        before_and_after(day) & pl.col("organisation").is_in(list(bodies))
    )
    double = (
        rows.with_columns(new=pl.col("organisation").replace(dict(bodies)))
        .group_by("partnership", "new", maintain_order=True)
        .agg(parts=pl.len())
        .filter(pl.col("parts") > 1)
        .join(titles(frames, day), on="partnership", how="left")
        .with_columns(
            name=pl.col("new").replace_strict(dict(names), default=pl.col("new")), day=pl.lit(day)
        )
    )
    return list(
        each(
            double,
            "memberships",
            "organisation",
            "merged_membership",
            _("{parts} memberships of {title} became one of {name} ({new}) on {day}; their shares, "
              "votes and contributions were added up: check them."),
            "warning",
        )
    )  # fmt: skip


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


def borders(frame: pl.DataFrame, day: Date, became: Mapping[str, str]) -> pl.DataFrame:
    """Borders of the parts summed; borders between parts vanish; each pair stays in code order."""
    key = ["nis_a", "nis_b"]
    both = {"nis_a": became, "nis_b": became}
    after = turned(frame, day, both, key, {"border_m": whole_sum})
    fresh = (pl.col("valid_from") == day) & pl.col("nis_b").is_not_null()
    a, b = pl.min_horizontal(key), pl.max_horizontal(key)
    ordered = after.with_columns(
        nis_a=pl.when(fresh).then(a).otherwise("nis_a"),
        nis_b=pl.when(fresh).then(b).otherwise("nis_b"),
    ).filter(pl.col("nis_a").ne_missing(pl.col("nis_b")))
    twice = (pl.col("valid_from") == day) & ordered.select(
        pl.struct(*key, "valid_from", "recorded_to").is_duplicated()
    ).to_series()
    merged = (
        ordered.filter(twice)
        .group_by(*key, maintain_order=True)
        .agg(
            whole_sum(pl.col("border_m")).alias("border_m"),
            *(pl.col(c).first() for c in frame.columns if c not in (*key, "border_m")),
        )
    )
    return pl.concat([ordered.filter(~twice.fill_null(value=False)), merged.select(frame.columns)])


def counted(
    name: str, frame: pl.DataFrame, day: Date, codes: Mapping[str, Mapping[str, str]]
) -> pl.DataFrame:
    """Figures or flows on older maps, expressed on the map of ``day``.

    Every row goes over, so that one map year holds the whole country; figures that do not add up
    go over only where their municipality did not change.
    """
    older = pl.col("map_year").is_not_null() & (pl.col("map_year") < day.year)
    key = [column for column in tables.BY_NAME[name].key if column != "map_year"]
    value = "value" if name == "figures" else "count"
    fixed = pl.lit(value=True)
    if name == "figures":
        fixed = pl.col("additive").fill_null(value=False) | ~pl.col("nis").is_in(list(codes["nis"]))
    started = frame.filter(older & before_and_after(day)).select(pl.len()).item()
    if not started:
        return frame
    after = turned(frame, day, codes, [*key, "map_year"], {value: whole_sum}, touched=older & fixed)
    dropped = older & ~fixed & before_and_after(day)
    return after.with_columns(
        valid_to=pl.when(dropped).then(pl.lit(day)).otherwise("valid_to"),
        map_year=pl.when((pl.col("valid_from") == day) & older)
        .then(pl.lit(day.year))
        .otherwise("map_year"),
    )
