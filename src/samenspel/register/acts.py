"""What a person can do to facts. Pages, jobs and prompts call these and nothing below them.

Each act asks the rights for every row that it touches, in the turn in which it writes: against the
roles that the account holds at that moment, and the landscape of today as it then is.
"""

from collections import defaultdict
from collections.abc import Sequence

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register import asking, editing, history
from samenspel.register.actors import again
from samenspel.register.models import Change
from samenspel.register.rights import Actor, Refused, may
from samenspel.register.writing import Batch, Reason, turn, write


def edit(
    actor: Actor,
    batch: Batch,
    why: str,
    source: str | None = None,
    acting_for: str | None = None,
    kind: str = "edit",
) -> int:
    """Make ``batch`` one change; its number. ``kind``: edit or import. ``acting_for``: one of the
    actor's organisations. A row whose values change loses its confirmation, unless the actor gives
    it at once; a row imported by who may import keeps the one that it comes with.

    Raises Refused where a row may not be edited, InputError without a reason or with a row that
    breaks its contract, Conflict where somebody changed a row meanwhile; nothing is written.
    """
    if kind not in ("edit", "import"):
        raise ValueError(kind)
    with turn():
        actor = again(actor)
        opens, closes = asking.opened(batch), asking.closed(batch)
        land = asking.today()
        asking.may_edit(actor, opens, closes, land)
        if kind != "import" or not may(actor, "import").allowed:
            aside = ("source",) if kind == "import" else ()  # each import is a source of its own
            opens = asking.settled(actor, opens, closes, land, aside)
        reason = Reason(kind, stated(why), actor.account, own(acting_for, actor), source)
        return write(Batch(opens, batch.closes), reason)


def confirm(
    actor: Actor, found: Sequence[tuple[str, int]], for_organisation: str, why: str | None = None
) -> int:
    """Say on behalf of ``for_organisation`` that the rows ``found`` (table and number) are right;
    the number of the change. Rows that it had confirmed stay as they are.

    Raises Refused where it is not for this actor or this organisation to say, InputError where
    there is nothing left to confirm, Conflict where a row is not on record any more.
    """
    with turn():
        actor = again(actor)
        speaker = actor.only(for_organisation)
        if actor.held and not speaker.held:
            not_own(for_organisation)
        numbers: dict[str, list[int]] = defaultdict(list)
        for table, row in dict.fromkeys(found):
            numbers[table].append(row)
        seen = asking.closed(Batch(closes=numbers))
        land = asking.today()
        for table, versions in seen.items():
            rows = [version.values for version in versions]
            asking.permitted(speaker, "confirm", table, rows, land)
        batch = editing.together(
            editing.confirm(version, for_organisation)
            for versions in seen.values()
            for version in versions
        )
        text = stated(why) if why is not None else _("confirmed")
        return write(batch, Reason("confirm", text, actor.account, for_organisation))


def undo(actor: Actor, change: int, why: str, acting_for: str | None = None) -> int:
    """Take ``change`` back by a new change; its number. Raises Refused where one of its rows may
    not be edited, InputError without a reason or such a change, Conflict where a row was changed
    since."""
    with turn():
        actor = again(actor)
        made = Change.objects.filter(number=change).first()
        if made is None:
            raise InputError(_("There is no change {number}.").format(number=change))
        asking.may_undo(actor, change, made.account_id, asking.today())
        batch = history.undoing(change)
        reason = Reason("undo", stated(why), actor.account, own(acting_for, actor), undoes=change)
        return write(batch, reason)


def stated(why: str) -> str:
    """The reason of a change. Raises InputError where there is none."""
    text = why.replace("\0", "").strip()  # a sign that PostgreSQL cannot keep
    if not text:
        raise InputError(_("Say why: a change without a reason is not kept."))
    return text


def own(organisation: str | None, actor: Actor) -> str | None:
    """``organisation``, for which ``actor`` acts. Raises Refused where it is not the actor's."""
    if organisation is not None and organisation not in actor.organisations:
        not_own(organisation)
    return organisation


def not_own(organisation: str) -> None:
    """Raises Refused: ``organisation`` is none of those for which somebody may act."""
    raise Refused(
        _("You may not act for {organisation}: you hold no role for it.").format(
            organisation=organisation
        )
    )
