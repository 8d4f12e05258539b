"""What stands behind a fact: the members, the tasks and the other partnerships that make it so."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import polars as pl

from samenspel.landscape.kinds import OBSERVER
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.law.engine import Step
from samenspel.law.facts import CLASSES, NOT_LOCAL, done_beside, member_links
from samenspel.law.seats import town_sides

Named = tuple[str, str]  # a code and what it is called; the code itself where no name is known
SHOWN = 8  # organisations named in one line of text


@dataclass(frozen=True)
class Witness:
    """One reason why a fact is as it is: the ``organisations`` concerned, the ``task`` that it is
    about and the other ``partnership`` that does it; empty where it is about none."""

    organisations: tuple[Named, ...] = ()
    task: str | None = None
    partnership: Named | None = None

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "organisations": [{"id": code, "name": name} for code, name in self.organisations]
        }
        if self.task is not None:
            found["task"] = self.task
        if self.partnership is not None:
            found["partnership"], found["partnership_name"] = self.partnership
        return found

    def __str__(self) -> str:
        who = ", ".join(map(called, self.organisations[:SHOWN]))
        if len(self.organisations) > SHOWN:
            who = _("{names} and {more} more").format(
                names=who, more=len(self.organisations) - SHOWN
            )
        if self.partnership is not None:
            return _("“{task}” is also done by {partnership}, for {names}").format(
                task=self.task, partnership=called(self.partnership), names=who
            )
        return who if self.task is None else _("task “{task}”").format(task=self.task)


def called(one: Named) -> str:
    """A name with its code, where these differ."""
    code, name = one
    return code if name == code else f"{name} [{code}]"


Evidence = Mapping[str, tuple[Witness, ...]]  # by the name of the fact


def evidence_by_partnership(landscape: Landscape) -> dict[str, Evidence]:
    """By partnership, of each fact that rests on members or tasks, who and which these are. A fact
    of which nothing is named is left out; costs one pass over memberships, tasks and seats."""
    frames = {name: landscape.coded(name) for name in landscape.frames}
    names = names_of(landscape)
    found: dict[str, dict[str, tuple[Witness, ...]]] = {}
    links = member_links(landscape, frames) if "memberships" in frames else None
    for partnership, fact, witness in chain(
        () if links is None else of_members(links, names),
        of_tasks(frames, names),
        of_boards(frames, names),
    ):
        mine = found.setdefault(partnership, {})
        mine[fact] = (*mine.get(fact, ()), witness)
    return dict(found)


Frames = dict[str, pl.DataFrame]
Found = Iterator[tuple[str, str, Witness]]


def of_members(links: pl.DataFrame, names: Mapping[str, str]) -> Found:
    """The members behind what is said of their classes."""
    links = links.filter(pl.col("role").is_null() | (pl.col("role") != OBSERVER))
    columns = ("partnership", "organisation", "class", "role")
    groups: dict[tuple[str, str], list[str]] = {}
    for partnership, organisation, kind, role in links.select(columns).sort(columns).iter_rows():
        facts = [f"has_{kind}"] if kind in CLASSES else []
        facts += ["municipalities"] if kind == "municipality" else []
        facts += ["local_only"] if kind in NOT_LOCAL else []
        facts += ["has_manager", "manager_is_municipality"] if role == "managing" else []
        for fact in facts:
            groups.setdefault((partnership, fact), []).append(organisation)
    for (partnership, fact), codes in groups.items():
        yield partnership, fact, Witness(named(codes, names))


def of_tasks(frames: Frames, names: Mapping[str, str]) -> Found:
    """The tasks that are transferred, and those of them that are done beside it, by whom."""
    if "tasks" not in frames:
        return
    tasks = frames["tasks"].filter("transferred").select("partnership", "task").sort(pl.all())
    for partnership, task in tasks.iter_rows():
        yield partnership, "has_transfer", Witness(task=task)
    beside = done_beside(frames).group_by("partnership", "task", "by").agg("organisation")
    for partnership, task, by, codes in beside.sort("partnership", "task", "by").iter_rows():
        [other] = named([by], names)
        witness = Witness(named(sorted(set(codes)), names), task, other)
        yield partnership, "task_done_beside", witness


def of_boards(frames: Frames, names: Mapping[str, str]) -> Found:
    """The municipalities of which one side has no seat in the board."""
    groups: dict[str, list[str]] = {}
    for partnership, town, both_there in town_sides(frames):
        if both_there is False:
            groups.setdefault(partnership, []).append(town)
    for partnership, codes in sorted(groups.items()):
        yield partnership, "both_sides_in_board", Witness(named(sorted(codes), names))


def behind(step: Step, evidence: Evidence) -> dict[str, tuple[Witness, ...]]:
    """The evidence of the facts that make ``step`` fail, by fact."""
    facts = dict.fromkeys(failing(step))
    return {fact: evidence[fact] for fact in facts if fact in evidence}


def failing(step: Step) -> Iterator[str]:
    """The facts of the comparisons that do not hold, or under a not those that do."""
    if step.kind == "comparison":
        yield step.fact
    for part in step.parts:
        if step.kind == "not" or part.truth is step.truth:
            yield from failing(part)


def named(codes: Iterable[str], names: Mapping[str, str]) -> tuple[Named, ...]:
    return tuple((code, names.get(code) or code) for code in codes)


def names_of(landscape: Landscape) -> dict[str, str]:
    """What every organisation, municipality and partnership is called."""
    found: dict[str, str] = {}
    for table, code in (("partnerships", "id"), ("organisations", "id"), ("municipalities", "nis")):
        found |= dict(landscape.table(table).select(code, "name").drop_nulls().iter_rows())
    return found
