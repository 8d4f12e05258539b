"""Operations on memberships, from the side of the partnership and from that of the member."""

from collections.abc import Sequence
from typing import ClassVar

import polars as pl

from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.scenario.frames import added
from samenspel.scenario.operation import (
    Cents,
    Done,
    Id,
    Ids,
    Member,
    Members,
    Note,
    Operation,
    Reason,
    Role,
    Share,
    Thing,
    Votes,
    bodies,
    refuse_for,
)
from samenspel.scenario.study import Study
from samenspel.scenario.tasks import tasks_that_end, without
from samenspel.scenario.things import (
    label,
    lacking,
    no_longer_active,
    no_organisation,
    no_partnership,
)

ALL_SHARES = 1 + 1e-9


class ExtendPartnership(Operation):
    """``members`` become members of ``partnership``."""

    called: ClassVar[str] = "extend_partnership"
    partnership: Id
    members: Members

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(self.partnership, *(m.organisation for m in self.members)))

    def do(self, study: Study) -> Done:
        return entered(study, self.partnership, self.members)


class Join(Operation):
    """``organisation`` becomes a member of ``partnership``; what is not stated is unknown."""

    called: ClassVar[str] = "join"
    organisation: Id
    partnership: Id
    role: Role = "member"
    share: Share | None = None
    votes: Votes | None = None
    contribution_cents: Cents | None = None

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(self.partnership, self.organisation))

    def do(self, study: Study) -> Done:
        stated = {name: getattr(self, name) for name in Member.model_fields}
        return entered(study, self.partnership, (Member(**stated),))


class ShrinkPartnership(Operation):
    """``members`` are no longer members of ``partnership``."""

    called: ClassVar[str] = "shrink_partnership"
    partnership: Id
    members: Ids

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(self.partnership, *self.members))

    def do(self, study: Study) -> Done:
        return left(study, self.partnership, self.members)


class Leave(Operation):
    """``organisation`` is no longer a member of ``partnership``."""

    called: ClassVar[str] = "leave"
    organisation: Id
    partnership: Id

    def about(self) -> frozenset[Thing]:
        return frozenset(bodies(self.partnership, self.organisation))

    def do(self, study: Study) -> Done:
        return left(study, self.partnership, (self.organisation,))


def entered(study: Study, partnership: str, members: Sequence[Member]) -> Done:
    """``study`` with new ``members`` of ``partnership``. Raises Refused."""
    landscape = study.landscape
    refuse_for(entry_reasons(landscape, partnership, members))
    rows = [
        {**member.model_dump(), "partnership": partnership, "valid_from": landscape.date}
        for member in members
    ]
    table = added(landscape.table("memberships"), rows)
    return Done(Study(landscape.with_tables(memberships=table), study.policy))


def entry_reasons(
    landscape: Landscape, partnership: str, members: Sequence[Member]
) -> list[Reason]:
    """Why ``members`` cannot become members of ``partnership``."""
    found = lacking(landscape, "partnerships", "memberships")
    if found:
        return found
    found = no_partnership(landscape, partnership) + no_longer_active(landscape, partnership)
    table = landscape.table("memberships").filter(pl.col("partnership") == partnership)
    here = set(table["organisation"])
    for member in members:
        one = member.organisation
        if one == partnership:
            text = _("{id} cannot be a member of itself.").format(id=label(landscape, one))
            found.append(Reason(text, bodies(one)))
        elif one in here:
            text = _("This is done already: {member} takes part in {partnership}.").format(
                member=label(landscape, one), partnership=label(landscape, partnership)
            )
            found.append(Reason(text, bodies(one, partnership)))
        else:
            found += no_organisation(landscape, one)
    return found + too_many_shares(
        label(landscape, partnership), partnership, [*table["share"], *(m.share for m in members)]
    )


def too_many_shares(name: str, id: str, shares: Sequence[float | None]) -> list[Reason]:
    """A reason where the known ``shares`` of a partnership are more than all of its capital."""
    total = sum(share for share in shares if share is not None)
    if total <= ALL_SHARES:
        return []
    text = _("The shares in {name} would add up to {total}, more than 1; leave the new ones out "
             "where the others are not known to shrink.")  # fmt: skip
    return [Reason(text.format(name=name, total=f"{total:g}"), bodies(id))]


def left(study: Study, partnership: str, gone: Sequence[str]) -> Done:
    """``study`` in which those ``gone`` are no members of ``partnership``, hold no seats in it and
    are done no tasks by it. Raises Refused."""
    before = study.landscape
    refuse_for(exit_reasons(before, partnership, gone))
    leaving = (pl.col("partnership") == partnership) & pl.col("organisation").is_in(list(gone))
    frames = {
        name: before.table(name).filter(~leaving)
        for name in ("memberships", "mandates")
        if before.knows(name)
    }
    after = before.with_tables(**frames, **without(before, partnership, gone))
    notes = tasks_that_end(before, after, partnership)
    rows = frames["memberships"].filter(pl.col("partnership") == partnership)
    if rows.height < 2:
        text = _("{name} has fewer than two members left; it is kept.")
        notes.append(Note(text.format(name=label(before, partnership))))
    return Done(Study(after, study.policy), tuple(notes))


def exit_reasons(landscape: Landscape, partnership: str, gone: Sequence[str]) -> list[Reason]:
    """Why those ``gone`` cannot leave ``partnership``."""
    found = lacking(landscape, "partnerships", "memberships") or no_partnership(
        landscape, partnership
    )
    if found:
        return found
    table = landscape.table("memberships").filter(pl.col("partnership") == partnership)
    here = set(table["organisation"])
    for one in gone:
        if one not in here:
            found += no_organisation(landscape, one) or [
                Reason(
                    _("{member} is no member of {partnership}, so this is done already or was "
                      "never so.").format(
                        member=label(landscape, one), partnership=label(landscape, partnership)
                    ),
                    bodies(one, partnership),
                )
            ]  # fmt: skip
    if not found and here == set(gone):
        text = _("No member of {name} would be left; dissolve it instead.")
        found.append(Reason(text.format(name=label(landscape, partnership)), bodies(partnership)))
    return found
