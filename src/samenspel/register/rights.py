"""Who may do what: the one table of rights, each with its reason. What no rule allows is refused.

Status of every rule: choice. No law says who may write in this register; whoever keeps one may
choose otherwise, here and in the test that holds the same table written apart from it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from samenspel.errors import InputError
from samenspel.language import _, mark

STATUS = "choice"
VISITORS = "visitor"
ROLES = ("municipality", "partnership", "coordinator", "agency", "administrator")
OPERATIONS = (
    "read",
    "read_people",
    "edit",
    "confirm",
    "import",
    "draft",
    "undo",
    "start_job",
    "read_job",
    "cancel_job",
    "invite",
    "close_account",
    "give_role",
    "end_role",
    "read_audit",
    "back_up",
)
# What a role is asked to have in common with the subject.
ANY = "any"
OWN_ORGANISATION = "own organisation"  # an organisation that the fact concerns
OWN_SEAT = "own seat"  # the organisation that is a member or sits there
OWN_ZONE = "own zone"  # a zone in which the fact lies
OWN_ACCOUNT = "own account"
OWN_NEW = "own new"  # of which nothing was on record before this same account added it
RELATIONS = (OWN_ORGANISATION, OWN_SEAT, OWN_ZONE, OWN_NEW, OWN_ACCOUNT, ANY)

WRITERS, KEEPERS = ROLES[:3], ROLES[3:]
PARTNERSHIP = ("partnerships", "organisations", "tasks", "task_provision")
SEATS = ("memberships", "mandates")


@dataclass(frozen=True)
class Held:
    """A role that somebody holds: for an organisation, for a zone of a zoning, or for all."""

    role: str
    organisation: str | None = None
    zoning: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: the number of the account, none for a visitor, and the roles held."""

    account: int | None
    held: tuple[Held, ...] = ()

    @property
    def organisations(self) -> frozenset[str]:
        """The organisations for which this actor may act."""
        return frozenset(held.organisation for held in self.held if held.organisation)

    def only(self, organisation: str) -> "Actor":
        """The same account with no other roles than those for ``organisation``."""
        return Actor(self.account, tuple(h for h in self.held if h.organisation == organisation))


VISITOR = Actor(None)


@dataclass(frozen=True)
class Subject:
    """What somebody asks it for. ``organisations``: those that the fact concerns; ``members``:
    those among them that are the member, or sit there; ``zones``: zoning and zone in which it
    lies; ``account``: whose it is; ``new``: ``account`` is the first to put it on record; ``row``:
    which row of the table, in words."""

    table: str | None = None
    organisations: frozenset[str] = frozenset()
    zones: frozenset[tuple[str, str]] = frozenset()
    account: int | None = None
    members: frozenset[str] = frozenset()
    new: bool = False
    row: str = ""


ANYTHING = Subject()


@dataclass(frozen=True)
class Rule:
    """``role`` may do ``operation`` where it has ``relation`` to the subject; on rows of ``tables``
    only, if any are named. ``reason``: why, in words."""

    operation: str
    role: str
    relation: str
    reason: str
    tables: tuple[str, ...] = field(default=())


def each(roles: Iterable[str], operation: str, relation: str, reason: str) -> Iterator[Rule]:
    """The same rule for each of ``roles``."""
    return (Rule(operation, role, relation, reason) for role in roles)


def both(role: str, relation: str, reason: str, tables: tuple[str, ...] = ()) -> Iterator[Rule]:
    """A rule for editing, and the one for undoing that follows from it: whoever may edit all rows
    that a change touched may take it back."""
    return (Rule(operation, role, relation, reason, tables) for operation in ("edit", "undo"))


FACTS_ARE_OPEN = mark("What is on record about local government is open to everybody.")
NAMES = mark("Whoever works on the register may see who changed what; the public sees which "
             "organisation acted.")  # fmt: skip
TOWN_WRITES = mark("A municipality and its OCMW know best what they are, what they are in, who "
                   "sits there for them and what they pay.")  # fmt: skip
BODY_WRITES = mark("A partnership knows best what it is, what it does and for whom.")
BODY_LISTS = mark("A partnership knows who its members are and who sits in its organs.")
ZONE_WRITES = mark("A region coordinator completes the picture of the region; a partnership with a "
                   "member there is part of it.")  # fmt: skip
AGENCY_WRITES = mark("The agency keeps the land, the figures and the sources, and mends what "
                     "nobody else can.")  # fmt: skip
NEW_SOURCE = mark("Whoever writes facts may name the source that they come from.")
TOWN_CONFIRMS = mark("A municipality confirms what is said about itself and its OCMW.")
BODY_CONFIRMS = mark("A partnership confirms what is said about itself.")
SEAT_CONFIRMS = mark("Only the member itself confirms its membership and its seats.")
WHOLE_PICTURES = mark("An import replaces whole pictures, so it belongs to who keeps all of them.")
OWN_DRAFT = mark("A draft is the own work of who writes it until it is published.")
ANY_JOB = mark("Whoever works on the register may compute with it.")
OWN_JOB = mark("A computation belongs to who asked for it.")
KEEPS_JOBS = mark("Whoever keeps the register keeps the machine free.")
KEEPS_ACCOUNTS = mark("The administrator keeps accounts and roles, and answers for them in the "
                      "audit.")  # fmt: skip
READS_AUDIT = mark("Sign-ins and rights are for who watches over them, and nobody else.")
BACKS_UP = mark("A back-up holds everything, accounts included.")

RULES: tuple[Rule, ...] = (
    Rule("read", VISITORS, ANY, FACTS_ARE_OPEN),
    *each(ROLES, "read_people", ANY, NAMES),
    # Facts: who edits, and with it who takes such a change back.
    *both("municipality", OWN_ORGANISATION, TOWN_WRITES, ("municipalities", "organisations")),
    *both("municipality", OWN_SEAT, TOWN_WRITES, SEATS),
    *both("partnership", OWN_ORGANISATION, BODY_WRITES, PARTNERSHIP),
    *both("partnership", OWN_ORGANISATION, BODY_LISTS, SEATS),
    *both("coordinator", OWN_ZONE, ZONE_WRITES, ("municipalities", *PARTNERSHIP, *SEATS)),
    *both("agency", ANY, AGENCY_WRITES),
    *both("municipality", OWN_NEW, NEW_SOURCE, ("sources",)),
    *both("partnership", OWN_NEW, NEW_SOURCE, ("sources",)),
    *both("coordinator", OWN_NEW, NEW_SOURCE, ("sources",)),
    # Facts: who confirms. Nobody does so for another.
    Rule("confirm", "municipality", OWN_ORGANISATION, TOWN_CONFIRMS,
         ("municipalities", "organisations")),
    Rule("confirm", "municipality", OWN_SEAT, SEAT_CONFIRMS, SEATS),
    Rule("confirm", "partnership", OWN_ORGANISATION, BODY_CONFIRMS, PARTNERSHIP),
    Rule("confirm", "partnership", OWN_SEAT, SEAT_CONFIRMS, SEATS),
    Rule("import", "agency", ANY, WHOLE_PICTURES),
    # Work that is under way.
    *each(ROLES, "draft", OWN_ACCOUNT, OWN_DRAFT),
    *each(ROLES, "start_job", ANY, ANY_JOB),
    *each(WRITERS, "read_job", OWN_ACCOUNT, OWN_JOB),
    *each(WRITERS, "cancel_job", OWN_ACCOUNT, OWN_JOB),
    *each(KEEPERS, "read_job", ANY, KEEPS_JOBS),
    *each(KEEPERS, "cancel_job", ANY, KEEPS_JOBS),
    # People. This role gives no right to facts.
    Rule("invite", "administrator", ANY, KEEPS_ACCOUNTS),
    Rule("close_account", "administrator", ANY, KEEPS_ACCOUNTS),
    Rule("give_role", "administrator", ANY, KEEPS_ACCOUNTS),
    Rule("end_role", "administrator", ANY, KEEPS_ACCOUNTS),
    Rule("read_audit", "administrator", ANY, READS_AUDIT),
    Rule("back_up", "administrator", ANY, BACKS_UP),
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """Whether it is allowed: then ``reason`` says why, else ``missing`` what it would need."""

    allowed: bool
    reason: str = ""
    missing: str = ""


class Refused(InputError):
    """Somebody asked for what no rule allows; the message says what is missing."""


def may(actor: Actor, operation: str, subject: Subject = ANYTHING) -> Answer:
    """Whether ``actor`` may do ``operation`` on ``subject``. ValueError for another operation than
    those of OPERATIONS."""
    rule = granting_rule(actor, operation, subject)
    if rule:
        return Answer(True, reason=_(rule.reason))
    asked = [rule for rule in RULES if rule.operation == operation and about(rule, subject)]
    return Answer(False, missing=f"{needed(asked, subject)}; {standing(actor)}")


def granting_rule(actor: Actor, operation: str, subject: Subject = ANYTHING) -> Rule | None:
    """The first rule by which ``actor`` may do ``operation`` on ``subject``; None where none does.
    Raises ValueError as ``may`` does."""
    if operation not in OPERATIONS:
        raise ValueError(operation)
    for rule in RULES:
        if rule.operation == operation and about(rule, subject):
            held = holding(rule.role, actor)
            if any(meets(rule.relation, one, actor, subject) for one in held):
                return rule
    return None


def require(actor: Actor, operation: str, subject: Subject = ANYTHING) -> None:
    """Raises Refused where ``actor`` may not do ``operation`` on ``subject``."""
    if granting_rule(actor, operation, subject) is None:
        answer = may(actor, operation, subject)
        raise Refused(_("{refusal}: {missing}.").format(
            refusal=refusal(operation, subject), missing=answer.missing))  # fmt: skip


def about(rule: Rule, subject: Subject) -> bool:
    """Whether ``rule`` speaks of the table of ``subject``."""
    return not rule.tables or subject.table in rule.tables


def holding(role: str, actor: Actor) -> list[Held]:
    """What ``actor`` holds of ``role``; a visitor is what everybody is."""
    return [Held(VISITORS)] if role == VISITORS else [h for h in actor.held if h.role == role]


def meets(relation: str, held: Held, actor: Actor, subject: Subject) -> bool:
    """Whether a role held has ``relation`` to ``subject``."""
    own = subject.account is not None and subject.account == actor.account
    if relation == OWN_ORGANISATION:
        return held.organisation in subject.organisations
    if relation == OWN_SEAT:
        return held.organisation in subject.members
    if relation == OWN_ZONE:
        return (held.zoning, held.zone) in subject.zones
    if relation == OWN_ACCOUNT:
        return own
    if relation == OWN_NEW:
        return own and subject.new
    return relation == ANY


# How a refusal is said.
REFUSALS = {
    "read": mark("You may not read this"),
    "read_people": mark("You may not see who changed this"),
    "edit": mark("You may not edit this"),
    "confirm": mark("You may not confirm this"),
    "import": mark("You may not import a landscape"),
    "draft": mark("You may not read or change this draft"),
    "undo": mark("You may not undo this change"),
    "start_job": mark("You may not start a computation"),
    "read_job": mark("You may not see this computation"),
    "cancel_job": mark("You may not cancel this computation"),
    "invite": mark("You may not invite anybody"),
    "close_account": mark("You may not close this account"),
    "give_role": mark("You may not give this role"),
    "end_role": mark("You may not end this role"),
    "read_audit": mark("You may not read the audit"),
    "back_up": mark("You may not make a back-up"),
}
ROWS = {
    "edit": mark("You may not edit this row of table {table}"),
    "confirm": mark("You may not confirm this row of table {table}"),
    "undo": mark("You may not undo this change of table {table}"),
}
ROLE_NAMES = {
    "municipality": mark("municipality"),
    "partnership": mark("partnership"),
    "coordinator": mark("region coordinator"),
    "agency": mark("agency"),
    "administrator": mark("administrator"),
}
MOST = 4  # codes named in a refusal, before it says that there are more


def refusal(operation: str, subject: Subject) -> str:
    """What may not be done."""
    if subject.table and operation in ROWS:
        row = f"{subject.table} ({subject.row})" if subject.row else subject.table
        return _(ROWS[operation]).format(table=row)
    return _(REFUSALS[operation])


def needed(rules: Iterable[Rule], subject: Subject) -> str:
    """What any of ``rules`` asks for, in words."""
    ways = []
    ordered = sorted(rules, key=lambda rule: RELATIONS.index(rule.relation))
    for relation, group in groupby(ordered, key=lambda rule: rule.relation):
        roles = list(dict.fromkeys(rule.role for rule in group))
        names = either([_(ROLE_NAMES[role]) for role in roles])
        if relation == ANY:
            ways.append(_("the role {roles}").format(roles=names))
        elif relation == OWN_ORGANISATION and subject.organisations:
            ways.append(role_for(names, subject.organisations))
        elif relation == OWN_SEAT and subject.members:
            ways.append(role_for(names, subject.members))
        elif relation == OWN_ZONE and subject.zones:
            ways.append(role_for(names, (f"{zoning} {zone}" for zoning, zone in subject.zones)))
        elif relation == OWN_ACCOUNT:
            ways.append(_("a role, and that it is your own"))
        elif relation == OWN_NEW and subject.new:
            ways.append(_("the role {roles}, and that you added it yourself").format(roles=names))
    if not ways:
        return _("no role allows it")
    return _("that needs {ways}").format(ways=_(", or ").join(ways))


def role_for(roles: str, codes: Iterable[str]) -> str:
    """``roles`` for any of ``codes``."""
    found = sorted(codes)
    more = [_("{count} more").format(count=len(found) - MOST)] if len(found) > MOST else []
    return _("the role {roles} for {codes}").format(
        roles=roles, codes=either([*found[:MOST], *more])
    )


def either(words: list[str]) -> str:
    """``words`` joined by commas and 'or'."""
    if len(words) == 1:
        return words[0]
    return _("{others} or {last}").format(others=", ".join(words[:-1]), last=words[-1])


def standing(actor: Actor) -> str:
    """As what ``actor`` asks, in words."""
    if actor.account is None:
        return _("you are not signed in")
    if not actor.held:
        return _("your account has no role")
    roles = []
    for held in actor.held:
        role = _(ROLE_NAMES[held.role])
        place = held.organisation or (f"{held.zoning} {held.zone}" if held.zone else "")
        roles.append(_("{role} for {place}").format(role=role, place=place) if place else role)
    return _("you act as {roles}").format(roles=", ".join(roles))
