"""Drafts: edits that somebody prepares and that nobody else sees until they are published, all of
them as one change or none. A draft belongs to its account alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from samenspel.errors import InputError
from samenspel.landscape.differences import Change
from samenspel.language import _
from samenspel.register import acts, edits, history
from samenspel.register.actors import again
from samenspel.register.conflicts import Shown, row_of, shown
from samenspel.register.contract import BY_NAME
from samenspel.register.editing import together
from samenspel.register.edits import Edit
from samenspel.register.models import Draft
from samenspel.register.rights import Actor, Subject, require
from samenspel.register.writing import Batch, Conflict, Met, held, turn

MOST_EDITS = 1_000  # a choice: far above what anybody types, far below what an import holds
MOST_TITLE = 200


class Stale(InputError):
    """The draft was changed elsewhere since it was read. ``draft``: as it is now."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(
            _("This draft was changed elsewhere meanwhile, in another window perhaps; look at it "
              "again and repeat what is missing.")
        )  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """What publishing a draft would do. ``changes``: the rows beside each other; ``conflicts``:
    rows that somebody else changed since, ``gone``: those of them that are not on record any more;
    ``faults``: by the place of an edit why it cannot be made."""

    changes: list[Change]
    conflicts: list[Shown]
    gone: list[Shown]
    faults: dict[int, str]

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.conflicts or self.faults)


def mine(actor: Actor) -> list[Draft]:
    """The drafts of ``actor``, the one changed last first. Raises Refused for a visitor."""
    return list(Draft.objects.filter(account_id=own(actor)).order_by("-changed_at", "-id"))


def own(actor: Actor) -> int:
    """The account whose drafts ``actor`` may see. Raises Refused for a visitor."""
    require(again(actor), "draft", Subject(account=actor.account))
    assert actor.account is not None  # nobody else holds a role
    return actor.account


def get(actor: Actor, number: int) -> Draft:
    """One draft of ``actor``. Raises InputError where there is none, which is also said of the
    draft of somebody else, and Refused for a visitor."""
    draft = Draft.objects.filter(pk=number, account_id=own(actor)).first()
    if draft is None:
        raise InputError(_("You have no draft {number}.").format(number=number))
    return draft


def save(
    actor: Actor,
    title: str,
    found: Sequence[Any],
    why: str = "",
    acting_for: str | None = None,
) -> Draft:
    """A new draft of ``actor`` that holds the edits ``found``, as JSON (see ``edits.read``). Raises
    Refused for a visitor or for an organisation for which the actor may not act; InputError for an
    edit that is none."""
    return Draft.objects.create(
        account_id=own(actor),
        title=titled(title),
        edits=as_json(read(found)),
        why=why.strip(),
        acting_for=acts.own(acting_for, again(actor)),
    )


def change(actor: Actor, number: int, version: int, **what: Any) -> Draft:
    """Put ``what`` (title, edits, why, acting_for) in the draft as it was in ``version``. Raises
    Stale where it was changed elsewhere since, and as ``save``."""
    strange = what.keys() - {"title", "edits", "why", "acting_for"}
    if strange:
        raise TypeError(", ".join(sorted(strange)))
    draft = get(actor, number)
    if "title" in what:
        what["title"] = titled(what["title"])
    if "edits" in what:
        what["edits"] = as_json(read(what["edits"]))
    if "why" in what:
        what["why"] = str(what["why"]).strip()
    if "acting_for" in what:
        what["acting_for"] = acts.own(what["acting_for"], again(actor))
    kept = Draft.objects.filter(pk=draft.pk, version=version)
    if not kept.update(**what, version=F("version") + 1, changed_at=timezone.now()):
        raise Stale(get(actor, number))
    return get(actor, number)


def remove(actor: Actor, number: int, version: int) -> None:
    """Throw a draft away. Raises Stale where it was changed elsewhere since."""
    draft = get(actor, number)
    if not Draft.objects.filter(pk=draft.pk, version=version).delete()[0]:
        raise Stale(get(actor, number))


def titled(title: str) -> str:
    """``title`` as it is kept. Raises InputError."""
    kept = str(title).replace("\0", "").strip()
    if not 0 < len(kept) <= MOST_TITLE:
        raise InputError(
            _("Give the draft a title of at most {most} signs.").format(most=MOST_TITLE)
        )
    return kept


def read(found: Sequence[Any]) -> list[Edit]:
    """The edits that ``found`` holds. Raises InputError for one that is none, too many, or two of
    one row, which could not both be made."""
    if not isinstance(found, Sequence) or isinstance(found, str) or len(found) > MOST_EDITS:
        raise InputError(_("A draft holds a list of at most {most} edits.").format(most=MOST_EDITS))
    made = [edits.read(each) for each in found]
    rows = [(edit.table, edit.row) for edit in made if edit.row is not None]
    for table, row in rows:
        if rows.count((table, row)) > 1:
            raise InputError(
                _("Two edits are of row {row} of table {table}; make them one.").format(
                    row=row, table=table
                )
            )
    return made


def as_json(found: Sequence[Edit]) -> list[dict[str, Any]]:
    return [edit.as_json() for edit in found]


def preview(draft: Draft) -> Preview:
    """What publishing ``draft`` would do to what is now on record; nothing is written and no right
    is asked."""
    found = read(draft.edits)
    changes: list[Change] = []
    met: list[Met] = []
    faults: dict[int, str] = {}
    for place, edit in enumerate(found):
        try:
            seen = edits.seen(edit)
            if seen is not None and seen.closed is not None:
                met.append(
                    Met(seen.table, seen.record, seen.row, held(seen.table, seen.record),
                        seen.closed)
                )  # fmt: skip
                continue
            batch = edits.made(edit, draft.acting_for)
        except InputError as error:
            faults[place] = str(error)
            continue
        changes += changes_of(edit, batch)
    told = shown(Conflict(met), found) if met else []
    gone = [each for each in told if each.theirs.version is None]
    return Preview(changes, told, gone, faults)


def changes_of(edit: Edit, batch: Batch) -> list[Change]:
    """What ``batch``, made of ``edit``, does to rows, each with its days."""
    table = BY_NAME[edit.table]
    before = [history.version(table.name, row) for row in batch.closes.get(table.name, ())]
    frame = batch.opens.get(table.name)
    after = [] if frame is None else list(frame.iter_rows(named=True))
    old = row_of(before[0]) if before else None
    made: list[dict[str, Any] | None] = [*after] or [None]
    return [
        Change(table.name, tuple((row or old or {})[name] for name in table.key), old, row)
        for row in made
        if row != old
    ]


def publish(actor: Actor, number: int, version: int, why: str | None = None) -> int:
    """Make the draft, as it was in ``version``, one change and throw it away; the number of the
    change. ``why``: else what the draft says.

    Raises Stale, InputError for an edit that cannot be made or a draft without reason or edits,
    Refused where a row may not be edited or confirmed, Conflict where somebody changed a row since
    (``conflicts.shown`` tells both versions). Nothing is written then, and the draft stays.
    """
    with turn():
        draft = get(actor, number)
        if draft.version != version:
            raise Stale(draft)
        found = read(draft.edits)
        batch = together(edits.made(edit, draft.acting_for) for edit in found)
        made = acts.edit(
            actor, batch, draft.why if why is None else why, acting_for=draft.acting_for
        )
        if not Draft.objects.filter(pk=draft.pk, version=version).delete()[0]:
            raise Stale(get(actor, number))
        return made


def resolve(actor: Actor, number: int, version: int, made: Mapping[int, Edit | None]) -> Draft:
    """Put, by its place, another edit in the draft, or none: what ``conflicts.resolved`` gives.
    Raises Stale where it was changed elsewhere since."""
    found = read(get(actor, number).edits)
    kept = [made.get(place, edit) for place, edit in enumerate(found)]
    return change(
        actor, number, version, edits=as_json([edit for edit in kept if edit is not None])
    )
