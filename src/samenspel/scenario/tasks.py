"""Whom partnerships do their tasks for, and what that becomes when partnerships change.

A task for which nobody is named in ``task_provision`` is for all members, observers apart.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from samenspel.landscape.kinds import OBSERVER
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.scenario.frames import Row, replaced
from samenspel.scenario.operation import Note
from samenspel.scenario.things import label, listed


def members_of(landscape: Landscape, partnership: str) -> set[str]:
    """The members of ``partnership``, observers left out."""
    rows = landscape.table("memberships").filter(
        pl.col("partnership") == partnership, pl.col("role").ne_missing(OBSERVER)
    )
    return set(rows["organisation"])


def served(landscape: Landscape, partnership: str) -> dict[str, set[str]]:
    """For each task of ``partnership`` those for whom it does it."""
    tasks = landscape.table("tasks").filter(pl.col("partnership") == partnership)
    named: dict[str, set[str]] = {}
    rows = landscape.table("task_provision").filter(pl.col("partnership") == partnership)
    for task, organisation in rows.select("task", "organisation").iter_rows():
        named.setdefault(task, set()).add(organisation)
    everybody = members_of(landscape, partnership)
    return {task: named.get(task) or everybody for task in tasks["task"]}


def theme_of(landscape: Landscape) -> pl.DataFrame:
    """Table ``tasks`` with ``same``: equal for tasks of the same name and theme."""
    bodies = landscape.table("partnerships").select(partnership="id", body_theme="theme")
    return (
        landscape.table("tasks")
        .join(bodies, on="partnership", how="left")
        .with_columns(
            same=pl.format(
                "{}\n{}",
                pl.col("task").str.strip_chars().str.to_lowercase(),
                pl.coalesce("theme", "body_theme").fill_null(""),
            )
        )
    )


def tasks_that_end(before: Landscape, after: Landscape, partnership: str) -> list[Note]:
    """Notes on the tasks of ``partnership`` that somebody had before and nobody is known to do for
    them after; that it is unknown where no task of it is known."""
    name = label(before, partnership)
    mine = served(before, partnership)
    if not mine:
        text = _("Which tasks {name} does is unknown, so it is unknown what ends.")
        return [Note(text.format(name=name))]
    then = theme_of(before).filter(pl.col("partnership") == partnership)
    now = theme_of(after)
    notes = []
    for task, same in then.select("task", "same").iter_rows():
        left = set(mine[task])
        for other, called in now.filter(pl.col("same") == same).select(
            "partnership", "task"
        ).iter_rows():  # fmt: skip
            left -= served(after, other)[called]
        if left:
            text = _("The task “{task}” of {name} ends, and no other partnership is known to do it "
                     "for {whom}.").format(
                task=task, name=name, whom=listed(label(before, one) for one in left)
            )  # fmt: skip
            notes.append(Note(text))
    return notes


def without(landscape: Landscape, partnership: str, gone: Iterable[str]) -> dict[str, pl.DataFrame]:
    """The tables of tasks once ``partnership`` does nothing for those who are ``gone``."""
    if not landscape.knows("task_provision"):
        return {}
    leaving = (pl.col("partnership") == partnership) & pl.col("organisation").is_in(list(gone))
    frames = {"task_provision": landscape.table("task_provision").filter(~leaving)}
    return frames | nobody_named(landscape, frames)


def nobody_named(before: Landscape, frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Table ``tasks`` without those for which everybody who was named is gone from
    ``task_provision`` of ``frames``: with nobody named they would be for all."""
    if not (before.knows("tasks") and "task_provision" in frames):
        return {}
    key = ["partnership", "task"]
    named = before.table("task_provision").join(frames["task_provision"], on=key, how="anti")
    tasks = frames.get("tasks", before.table("tasks"))
    return {"tasks": tasks.join(named, on=key, how="anti", maintain_order="left")}


def united(
    landscape: Landscape, parts: Iterable[str], into: str, members: Iterable[str]
) -> dict[str, pl.DataFrame]:
    """The tables of tasks once the ``parts`` go on as ``into``, whose members are then ``members``.

    Every task stays for those who had it: where that is not all members, they are named. It keeps
    its theme, also where that was the theme of its partnership. What parts with a task of the same
    name say differently of it is unknown. ``into`` may be one of the parts, or be new.
    """
    if not landscape.knows("tasks"):
        return {}
    parts, everybody = list(parts), set(members)
    tasks, provision = landscape.table("tasks"), landscape.table("task_provision")
    mine = pl.col("partnership").is_in(parts)
    whom: dict[str, set[str]] = {}
    for part in parts:
        for task, those in served(landscape, part).items():
            whom.setdefault(task, set()).update(those - {*parts, into})
    named = set(provision.filter(mine)["task"])
    themes = dict(landscape.table("partnerships").select("id", "theme").iter_rows())
    own = pl.col("partnership").replace_strict(themes, default=None, return_dtype=pl.String)
    themed = tasks.filter(mine).with_columns(theme=pl.coalesce("theme", own))
    rows: list[Row] = [
        {**row, "partnership": into}
        for row in one_value(themed, "task")
        if whom[row["task"]] or row["task"] not in named  # with nobody named it would be for all
    ]
    frames = {"tasks": replaced(tasks, ~mine, rows)}
    if landscape.knows("task_provision"):
        served_rows: list[Row] = [
            {"partnership": into, "task": task, "organisation": one}
            for task, those in whom.items()
            if task in named or those != everybody
            for one in sorted(those)
        ]
        frames["task_provision"] = replaced(provision, ~mine, served_rows)
    return frames


def one_value(frame: pl.DataFrame, key: str) -> list[Row]:
    """One row for each value of ``key``; a cell is what the rows share, unknown where one is
    unknown or they differ."""
    others = [pl.col(name) for name in frame.columns if name != key]
    grouped = frame.group_by(key, maintain_order=True).agg(
        pl.when((one.null_count() == 0) & (one.n_unique() == 1)).then(one.first()).name.keep()
        for one in others
    )
    return list(grouped.iter_rows(named=True))
