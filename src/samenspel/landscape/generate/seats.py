"""Memberships, seats and the members for whom a task is done."""

from datetime import date as Date

import numpy as np
import polars as pl

from samenspel.landscape.generate.bodies import IGS, PRIVATE
from samenspel.landscape.generate.circles import OCMW_FORMS, Circles
from samenspel.landscape.generate.land import Ints

OBSERVERS = 0.01
BOARD = 12  # seats of the majority in a board; with the opposition's still under the 15 directors
WITH_CAPITAL = IGS[1:]


def membership_rows(
    circles: Circles,
    rows: pl.DataFrame,
    codes: pl.Series,
    people: Ints,
    others: pl.DataFrame,
    random: np.random.Generator,
) -> pl.DataFrame:
    """Table memberships with what seats need: ``p``, ``form``, ``j`` (rank by inhabitants),
    ``people``; the municipalities (or OCMWs) of the circles and the other members."""
    form = rows["legal_form"].gather(circles.partnership)
    nis = codes.gather(circles.member)
    ocmw = form.is_in(OCMW_FORMS)
    base = pl.DataFrame(
        {
            "p": circles.partnership,
            "form": form,
            "kind": rows["kind"].gather(circles.partnership),
            "organisation": pl.select(pl.when(ocmw).then("ocmw-" + nis).otherwise(nis)).to_series(),
            "people": people[circles.member],
            "first": circles.member == rows["first"].gather(circles.partnership).to_numpy(),
            "draw": random.random(len(circles.member)),
        }
    )
    base = pl.concat([base, extra_members(base, rows, others, random)], how="diagonal")
    base = base.unique(["p", "organisation"], keep="first", maintain_order=True)
    base = base.join(
        rows.select("p", partnership="id", start="start", budget="budget_cents"), on="p"
    )
    whole = pl.col("people").sum().over("p")
    part = pl.col("people") / whole
    capital = pl.col("form").is_in(WITH_CAPITAL)
    managing = pl.col("first") & (pl.col("form") == "interlokale_vereniging")
    municipal = pl.col("first").is_not_null()
    watching = municipal & ~pl.col("first") & (pl.col("draw") < OBSERVERS)
    watching &= ~pl.col("form").is_in([*IGS[:1], *OCMW_FORMS]) & (pl.len().over("p") > 3)
    base = base.with_columns(
        role=pl.col("role").fill_null(
            pl.when(managing).then(pl.lit("managing"))
            .when(watching).then(pl.lit("observer")).otherwise(pl.lit("member"))
        )
    )  # fmt: skip
    votes = (pl.col("people") // 1_000 + 1).cast(pl.Int64)
    late = (pl.col("draw") > 0.93) & ~pl.col("first").fill_null(value=True)
    joined = pl.max_horizontal("start", pl.lit(Date(2020, 7, 1)))
    return base.with_columns(
        share=pl.when(capital & (pl.col("draw") < 0.97)).then((part * 1e6).floor() / 1e6),
        votes=pl.when(pl.col("form").is_in(IGS) & (pl.col("role") != "observer")
                      & (pl.col("draw") > 0.04))
        .then(pl.when(capital).then(votes).otherwise(1)),
        contribution_cents=pl.when(
            (pl.col("role") != "observer") & (pl.col("draw") * 7 % 1 > 0.12)
        ).then((0.4 * pl.col("budget") * part).cast(pl.Int64)),
        valid_from=pl.when(pl.col("start") <= Date(2025, 1, 1))
        .then(pl.when(late).then(joined).otherwise("start")),
        valid_to=pl.when((pl.col("draw") < 0.005) & ~pl.col("first").fill_null(value=True))
        .then(pl.lit(Date(2031, 1, 1))),
        j=pl.col("people").rank("ordinal", descending=True).over("p").cast(pl.Int64) - 1,
    )  # fmt: skip


def extra_members(
    base: pl.DataFrame, rows: pl.DataFrame, others: pl.DataFrame, random: np.random.Generator
) -> pl.DataFrame:
    """Members that are no municipality of the circle: private partners, non-profits, provinces,
    the municipality beside the first OCMW, OCMWs in the care councils, other partnerships."""
    draw = pl.Series(random.random(rows.height))
    wanted = rows.select("p", "legal_form", "kind", "id", "first").with_columns(draw=draw)
    wanted = wanted.with_columns(n=pl.int_range(pl.len()))
    found = []

    def add(which: pl.Expr, kind: str, role: str) -> None:
        chosen = wanted.filter(which)
        ids = others.filter(pl.col("class") == kind)["id"]
        number = random.integers(len(ids), size=chosen.height)
        found.append(chosen.select("p", organisation=ids.gather(number), role=pl.lit(role)))

    form = pl.col("legal_form")
    light = form.is_in(["interlokale_vereniging", "vzw"])
    free = pl.col("kind") == "free"
    add(form == PRIVATE, "private", "partner")
    add((light & (pl.col("draw") < 0.1)) | (form.is_in(OCMW_FORMS[:1]) & (pl.col("draw") > 0.8)),
        "nonprofit", "partner")  # fmt: skip
    add(light & free & (pl.col("draw") > 0.95), "province", "member")
    add((pl.col("kind") == "transport"), "other_government", "partner")
    add((form == "andere") & free & (pl.col("draw") < 0.1), "other", "partner")
    services = rows.filter(form == IGS[1])["id"]
    inside = wanted.filter(form == IGS[0], (pl.col("draw") < 0.08) | (pl.col("p") == pl.col("p")
                           .filter(form == IGS[0]).min()))  # fmt: skip
    number = random.integers(len(services), size=inside.height)
    found.append(inside.select("p", organisation=services.gather(number), role=pl.lit("member")))
    town = base.filter(pl.col("form") == OCMW_FORMS[0], pl.col("first")).filter(
        pl.col("draw") < 0.5
    )
    found.append(town.select("p", pl.col("organisation").str.strip_prefix("ocmw-"), "people"))
    care = base.filter(pl.col("kind") == "care")
    found.append(care.select("p", "people", organisation="ocmw-" + pl.col("organisation")))
    extra = pl.concat(found, how="diagonal")
    forms = rows.select("p", "kind", form="legal_form")
    return extra.join(forms, on="p").with_columns(
        pl.col("people").fill_null(5_000), draw=pl.Series(random.random(extra.height))
    )


def mandate_rows(members: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """Table mandates. Of every member of a projectvereniging majority and opposition sit in the
    board; elsewhere a general meeting for all and a board for the largest."""
    rows = members.filter(pl.col("role").is_in(["member", "managing"])).with_columns(
        public=pl.col("first").is_not_null(),
        paid=(pl.col("p") * 7 % 10 < 6),
    )
    form = pl.col("form")
    meeting = [*IGS[1:], *OCMW_FORMS[:-1]]
    municipal = ~pl.col("organisation").str.starts_with("VO-")
    parts = []

    def add(which: pl.Expr, organ: str, side: str, paid: pl.Expr, seats: pl.Expr) -> None:
        parts.append(
            rows.filter(which).select(
                "partnership", "organisation", organ=pl.lit(organ), side=pl.lit(side),
                seats=seats.cast(pl.Int64), paid=paid,
            )
        )  # fmt: skip

    one, no = pl.lit(1), pl.lit(value=False)
    board = "raad_van_bestuur"
    project = (form == IGS[0]) & pl.col("public")
    add(project, board, "majority", pl.col("paid"), one)
    add(project, board, "opposition", pl.col("paid"), one)
    add((form == IGS[0]) & ~pl.col("public"), board, "other", no, one)
    add(form.is_in(meeting) & municipal, "algemene_vergadering", "majority", no, one)
    add(form.is_in(meeting) & ~municipal, "algemene_vergadering", "other", no, one)
    seated = form.is_in(meeting) & pl.col("public")
    add(seated & (pl.col("j") < BOARD), board, "majority", pl.col("paid"), one)
    add(seated & (pl.col("j") < 2), board, "opposition", pl.col("paid"), one)
    add(form == "interlokale_vereniging", "beheerscomite", "majority", no, one)
    police = pl.col("kind") == "police"
    add(police, "politieraad", "majority", ~no, 2 + pl.col("people") // 6_000)
    add(police, "politieraad", "opposition", ~no, 1 + pl.col("people") // 9_000)
    rows_ = pl.concat(parts)
    draw = random.random((3, rows_.height))
    loose = pl.col("organ").is_in(["algemene_vergadering", "beheerscomite"])
    return rows_.with_columns(
        side=pl.when(~(loose & (pl.Series(draw[0]) < 0.1))).then("side"),
        seats=pl.when(pl.Series(draw[1]) >= 0.03).then("seats"),
        paid=pl.when(pl.Series(draw[2]) >= 0.1).then("paid"),
    )


def provision_rows(
    task: pl.DataFrame, members: pl.DataFrame, random: np.random.Generator
) -> pl.DataFrame:
    """Table task_provision: every member but observers and partners, less a few that do a task
    which is not transferred themselves."""
    rows = members.filter(pl.col("role").is_in(["member", "managing"])).select("p", "organisation")
    rows = task.select("p", "partnership", "task", "transferred").join(rows, on="p")
    keeps = pl.col("transferred").fill_null(value=True)
    takes = pl.Series(random.random(rows.height)) >= 0.06
    first = pl.int_range(pl.len()).over("partnership", "task") == 0
    return rows.filter(keeps | takes | first).select("partnership", "task", "organisation")
