"""What the tables of a landscape say together: borders, covers, members, terms, areas.

Errors make a landscape unusable; warnings are facts of the land or gaps in the sources that a
reader must know: an exclave, a partnership with one member left, a merger over a zone border.
"""

from collections.abc import Iterator, Mapping
from datetime import date as Date

import polars as pl

from samenspel.landscape.csvfile import ROW
from samenspel.landscape.findings import Finding, each
from samenspel.landscape.kinds import partnership_kinds
from samenspel.landscape.soundness import areas, enterprise_numbers
from samenspel.language import _

Frames = Mapping[str, pl.DataFrame]


def check_together(held: Frames, date: Date) -> Iterator[Finding]:
    """Every fault between the tables ``held``, which hold on ``date`` and carry ``_row``."""
    names = held["municipalities"].select("nis", name=pl.col("name").fill_null(pl.col("nis")))
    if "adjacency" in held:
        yield from borders(held, names)
    if {"zonings", "zones", "zone_members"} <= held.keys():
        yield from zone_rows(held)
        yield from covers(held, names, date)
        if "adjacency" in held:
            yield from scattered(held, names)
    if "memberships" in held and "partnerships" not in held:
        yield from each(
            held["memberships"].select("partnership").head(1),
            "memberships",
            "partnership",
            "no_partnerships",
            _("there is no table partnerships, so no membership can be counted; add it."),
            "warning",
        )
    if "partnerships" in held:
        yield from terms(held, date)
        if "memberships" in held:
            yield from members(held)
    if {"tasks", "task_provision"} <= held.keys():
        yield from each(
            held["task_provision"].join(held["tasks"], on=["partnership", "task"], how="anti"),
            "task_provision",
            "task",
            "unknown_task",
            _("task {task} of {partnership} does not stand in tasks; add it there."),
        )
    if "lineage" in held:
        yield from lineages(held, date)
    if "geometries" in held:
        yield from areas(held, names)
    yield from enterprise_numbers(held)


def shortened(words: pl.Expr, most: int = 8) -> pl.Expr:
    """A list of words as one text, sorted, with the number of words left out."""
    more = words.list.len().cast(pl.Int64) - most
    text = words.list.sort().list.head(most).list.join(", ")
    return pl.when(more > 0).then(pl.format("{} … (+{})", text, more)).otherwise(text)


def borders(held: Frames, names: pl.DataFrame) -> Iterator[Finding]:
    pairs = held["adjacency"]
    yield from each(
        pairs.filter(pl.col("nis_a") == pl.col("nis_b")),
        "adjacency",
        "nis_b",
        "self_border",
        _("{value} borders itself; remove the row."),
    )
    forward = pairs.filter(pl.col("nis_a") < pl.col("nis_b")).select("nis_a", "nis_b")
    yield from each(
        pairs.join(forward, left_on=["nis_a", "nis_b"], right_on=["nis_b", "nis_a"], how="semi"),
        "adjacency",
        "nis_a",
        "double_border",
        _("{nis_a} and {nis_b} stand here twice, in both directions; keep one row."),
    )
    inner = pairs.filter(pl.col("nis_b").is_not_null())
    touched = pl.concat([inner["nis_a"], inner["nis_b"]]).alias("nis_a").unique().to_frame()
    yield from each(
        names.rename({"nis": "nis_a"}).join(touched, on="nis_a", how="anti"),
        "adjacency",
        "nis_a",
        "no_neighbours",
        _(
            "{name} ({value}) has no neighbour in this landscape: an exclave or an island. "
            "Check that no border is missing."
        ),
        "warning",
    )


def zone_rows(held: Frames) -> Iterator[Finding]:
    zones, members = held["zones"], held["zone_members"]
    yield from each(
        members.join(zones, on=["zoning", "zone"], how="anti"),
        "zone_members",
        "zone",
        "unknown_zone",
        _("zone {zone} of {zoning} does not stand in zones; add it there."),
    )
    yield from each(
        zones.join(members, on=["zoning", "zone"], how="anti"),
        "zones",
        "zone",
        "empty_zone",
        _("zone {zone} of {zoning} has no municipality."),
        "warning",
    )


def named_zones(held: Frames) -> pl.DataFrame:
    """Frame ``zoning``, ``zone``, ``zone_name``."""
    return held["zones"].select(
        "zoning", "zone", zone_name=pl.col("name").fill_null(pl.col("zone"))
    )


def covers(held: Frames, names: pl.DataFrame, date: Date) -> Iterator[Finding]:
    """Whether each zoning covers the land as it declares."""
    cover = held["zonings"].select("zoning", "cover")
    placed = held["zone_members"].join(cover, on="zoning").join(names, on="nis")
    twice = (
        placed.filter(pl.col("cover") != "overlapping")
        .join(named_zones(held), on=["zoning", "zone"])
        .group_by("zoning", "nis", "name", maintain_order=True)
        .agg(pl.col("zone_name"), pl.col(ROW).max(), pl.col("zone").n_unique())
        .filter(pl.col("zone") > 1)
        .with_columns(zones=shortened(pl.col("zone_name")))
    )
    after_merger = pl.col("nis").is_in(merged_codes(held, date).implode())
    yield from each(
        twice.filter(after_merger),
        "zone_members",
        "nis",
        "zone_conflict",
        _(
            "{name} ({nis}) is the merger of parts in different zones of {zoning}: {zones}. "
            "All are kept; assign one zone to settle it."
        ),
        "warning",
    )
    yield from each(
        twice.filter(~after_merger),
        "zone_members",
        "nis",
        "overlapping_zones",
        _(
            "{name} ({nis}) lies in more than one zone of {zoning}: {zones}. "
            "Keep one, or declare the zoning overlapping."
        ),
    )
    left_out = (
        cover.filter(pl.col("cover") == "partition")
        .join(names, how="cross")
        .join(placed, on=["zoning", "nis"], how="anti")
        .group_by("zoning", maintain_order=True)
        .agg(count=pl.len(), names=pl.col("name"))
        .with_columns(names=shortened(pl.col("names")))
    )
    yield from each(
        left_out,
        "zone_members",
        "zoning",
        "not_covered",
        _("{zoning} is declared a partition but leaves out {count}: {names}."),
        "warning",
    )


def merged_codes(held: Frames, date: Date) -> pl.Series:
    """Codes that a merger of municipalities made, up to ``date``."""
    if "lineage" not in held:
        return pl.Series([], dtype=pl.String)
    return held["lineage"].filter(
        pl.col("kind") == "municipality",
        pl.col("operation") == "merger",
        pl.col("date") <= date,
    )["new"]


def scattered(held: Frames, names: pl.DataFrame) -> Iterator[Finding]:
    """Zones in more than one piece; land that one must cross the outside to reach."""
    neighbours: dict[str, set[str]] = {}
    for a, b in held["adjacency"].select("nis_a", "nis_b").drop_nulls().iter_rows():
        neighbours.setdefault(a, set()).add(b)
        neighbours.setdefault(b, set()).add(a)
    loose = []
    members = held["zone_members"].drop_nulls("nis")  # one without is a fault of its own
    zones = members.group_by("zoning", "zone", maintain_order=True).agg("nis")
    for zoning, zone, listed in zones.iter_rows():
        pieces = connected_pieces(set(listed), neighbours)
        smaller = sorted(pieces, key=lambda piece: (len(piece), sorted(piece)))[:-1]
        loose += [(zoning, zone, len(pieces), nis) for piece in smaller for nis in piece]
    frame = pl.DataFrame(
        loose,
        schema={"zoning": pl.String, "zone": pl.String, "pieces": pl.Int64, "nis": pl.String},
        orient="row",
    )
    yield from each(
        frame.join(names, on="nis")
        .join(named_zones(held), on=["zoning", "zone"])
        .group_by("zoning", "zone", "zone_name", "pieces", maintain_order=True)
        .agg("name")
        .with_columns(names=shortened(pl.col("name"))),
        "zones",
        "zone",
        "not_contiguous",
        _("zone {zone_name} of {zoning} is in {pieces} pieces; apart lie {names}."),
        "warning",
    )


def connected_pieces(nodes: set[str], neighbours: Mapping[str, set[str]]) -> list[set[str]]:
    """The connected pieces of ``nodes``."""
    left, pieces = set(nodes), []
    while left:
        piece, edge = set(), {left.pop()}
        while edge:
            piece |= edge
            edge = {b for a in edge for b in neighbours.get(a, ()) if b in left}
            left -= edge
        pieces.append(piece)
    return pieces


def terms(held: Frames, date: Date) -> Iterator[Finding]:
    rows = held["partnerships"].with_columns(pl.col("name").fill_null(pl.col("id")))
    yield from each(
        rows.filter(pl.col("term_end") <= pl.col("start")),
        "partnerships",
        "term_end",
        "wrong_period",
        _("{name}: the term ends on {term_end}, not after the start on {start}."),
    )
    yield from each(
        rows.filter(pl.col("term_end") <= pl.col("term_start")),
        "partnerships",
        "term_end",
        "wrong_period",
        _("{name}: the term ends on {term_end}, not after its first day, {term_start}."),
    )
    yield from each(
        rows.filter(pl.col("deviation_decided_on") < pl.col("deviation_requested")),
        "partnerships",
        "deviation_decided_on",
        "wrong_period",
        _("{name}: decided on {deviation_decided_on}, before it was asked for on "
          "{deviation_requested}."),
    )  # fmt: skip
    active = rows.filter(pl.col("status") == "active")
    yield from each(
        active.filter(pl.col("term_end") <= date),
        "partnerships",
        "term_end",
        "term_passed",
        _("{name} is active but its term ended on {term_end}; was it renewed or did it end?"),
        "warning",
    )
    yield from each(
        active.filter(pl.col("start") > date),
        "partnerships",
        "start",
        "not_started",
        _("{name} is active but starts on {start} only."),
        "warning",
    )
    if "organisations" in held:
        yield from each(
            rows.join(held["organisations"], on="id", how="anti"),
            "partnerships",
            "id",
            "no_organisation_row",
            _("{name} ({id}) has no row in organisations; add one."),
            "warning",
        )


def members(held: Frames) -> Iterator[Finding]:
    rows = held["partnerships"].with_columns(pl.col("name").fill_null(pl.col("id")))
    links = held["memberships"]
    yield from each(
        links.filter(pl.col("partnership") == pl.col("organisation")),
        "memberships",
        "organisation",
        "self_membership",
        _("{partnership} is a member of itself; remove the row."),
    )
    counted = links.group_by(id="partnership").agg(members=pl.col("organisation").n_unique())
    alive = pl.col("status").is_null() | (pl.col("status") != "inactive")
    # A police zone can be one municipality's, and some forms of the OCMW one OCMW's.
    needs_two = pl.col("kind").is_in(["intermunicipal_partnership", "other_partnership"])
    yield from each(
        rows.filter(alive)
        .join(partnership_kinds(held).filter(needs_two), on="id")
        .join(counted, on="id", how="left")
        .with_columns(pl.col("members").fill_null(0))
        .filter(pl.col("members") < 2),
        "partnerships",
        "id",
        "few_members",
        _("{name} ({id}) has {members} known members; a partnership has at least two."),
        "warning",
    )
    known = pl.concat([held["municipalities"]["nis"], rows["id"]])
    loose = links.filter(~pl.col("organisation").is_in(known.implode()))
    merged = (
        held["lineage"].filter(pl.col("kind") == "municipality").select("old", "new", "date")
        if "lineage" in held
        else pl.DataFrame(schema={"old": pl.String, "new": pl.String, "date": pl.Date})
    ).unique("old", keep="last", maintain_order=True)
    yield from each(
        loose.join(merged, left_on="organisation", right_on="old"),
        "memberships",
        "organisation",
        "ended_member",
        _("{value} became {new} on {date}; this row goes on, so give it the new code."),
        "warning",
    )
    if "organisations" not in held:
        yield from each(
            loose.join(merged, left_on="organisation", right_on="old", how="anti"),
            "memberships",
            "organisation",
            "unresolved_member",
            _("{value} is unknown, as there is no table organisations; add it."),
            "warning",
        )
    yield from each(
        links.group_by("partnership")
        .agg(pl.col("share").sum())
        .filter(pl.col("share") > 1 + 1e-9)
        .sort("partnership"),
        "memberships",
        "share",
        "shares_exceed",
        _("the shares in {partnership} add up to {value}, more than 1."),
        "warning",
    )
    if "mandates" in held:
        yield from each(
            held["mandates"].join(links, on=["partnership", "organisation"], how="anti"),
            "mandates",
            "organisation",
            "seat_without_membership",
            _("{organisation} has seats in {partnership} but is not a member."),
            "warning",
        )


def lineages(held: Frames, date: Date) -> Iterator[Finding]:
    """What a municipality became must be there, and what ended must not."""
    steps = held["lineage"].filter((pl.col("kind") == "municipality") & (pl.col("date") <= date))
    here = held["municipalities"].select("nis")
    ended = steps.filter(pl.col("old") != pl.col("new"))
    yield from each(
        steps.join(here, left_on="new", right_on="nis", how="anti").join(
            ended.select(new="old"), on="new", how="anti"
        ),
        "lineage",
        "new",
        "lost_successor",
        _("{new}, that {old} became on {date}, does not stand in municipalities."),
    )
    yield from each(
        ended.join(here, left_on="old", right_on="nis", how="semi"),
        "lineage",
        "old",
        "still_there",
        _("{old} became {new} on {date} but still stands in municipalities."),
    )
