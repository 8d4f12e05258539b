"""What every operation is: its shape in YAML, what it did, and why it was refused."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date
from math import isfinite
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from samenspel.scenario.study import Study

Id = Annotated[str, StringConstraints(pattern=r"^\S([^\n]*\S)?$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Role = Literal["member", "managing", "observer", "partner"]
Votes = Annotated[int, Field(ge=0, le=10**12)]
Cents = Annotated[int, Field(ge=-(10**15), le=10**15)]

# What an operation is about: a kind (body: municipality, partnership or other organisation; zoning,
# fund, parameter) and its code.
Thing = tuple[str, str]


@dataclass(frozen=True)
class Note:
    """What a reader must know of what an operation did. ``conflict``: the zoning and municipality
    whose zones differ, where the note is about that: a later operation may settle it."""

    text: str
    conflict: tuple[str, str] | None = None


@dataclass(frozen=True)
class Done:
    """The study after an operation."""

    study: Study
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One sentence that says why an operation cannot be done, and the things that it is about."""

    text: str
    about: tuple[Thing, ...] = ()


class Refused(Exception):
    """An operation that cannot be done in this study; every reason."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reason.text for reason in self.reasons))


def refuse_for(reasons: Iterable[Reason]) -> None:
    """Raise Refused where there are ``reasons``."""
    found = tuple(dict.fromkeys(reasons))
    if found:
        raise Refused(found)


class Part(BaseModel):
    """A frozen piece of an operation that refuses unknown keys and values of another type."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Operation(Part):
    """One operation. ``called``: its name in YAML. ``reason``: why it is there, in the author's
    words; it changes nothing."""

    called: ClassVar[str]
    reason: Words | None = None

    @abstractmethod
    def do(self, study: Study) -> Done:
        """``study`` after this operation. Raises Refused with every reason why it cannot be."""

    @abstractmethod
    def about(self) -> frozenset[Thing]:
        """What it names."""


def bodies(*ids: str) -> tuple[Thing, ...]:
    """Municipalities, partnerships and organisations as things."""
    return tuple(("body", id) for id in ids)


class Member(Part):
    """A member as an operation states it; what is not stated is unknown, and its role is member."""

    organisation: Id
    role: Role = "member"
    share: Share | None = None
    votes: Votes | None = None
    contribution_cents: Cents | None = None


def by_id(value: Any) -> Any:
    return {"organisation": value} if isinstance(value, str) else value


def differing(listed: tuple[Any, ...]) -> tuple[Any, ...]:
    """``listed``, members or codes, of which none may stand there twice."""
    ids = [one.organisation if isinstance(one, Member) else one for one in listed]
    twice = sorted(id for id, count in Counter(ids).items() if count > 1)
    if twice:
        raise PydanticCustomError("twice", "{ids}", {"ids": ", ".join(twice)})
    return listed


def coded(*codes: str) -> AfterValidator:
    """Text that is one of ``codes``."""

    def check(value: str) -> str:
        if value not in codes:
            raise PydanticCustomError("code", "{codes}", {"codes": ", ".join(codes)})
        return value

    return AfterValidator(check)


def plain_data(value: Any) -> Any:
    """``value``, which must be what YAML and JSON hold: text, numbers, truth, dates, lists and
    mappings of those, or nothing."""
    if isinstance(value, dict):
        return {plain_key(key): plain_data(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain_data(one) for one in value]
    endless = isinstance(value, float) and not isfinite(value)
    known = isinstance(value, (str, int, float, Date, type(None)))
    if endless or not known or (isinstance(value, str) and not writable(value)):
        raise PydanticCustomError("plain", "no plain data")
    return value


def plain_key(key: Any) -> Any:
    if not isinstance(key, int) and not (isinstance(key, str) and writable(key)):
        raise PydanticCustomError("plain", "no plain data")
    return key


def writable(text: str) -> bool:
    """Whether ``text`` can stand in a file; half a pair of characters cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


Plain = Annotated[Any, BeforeValidator(plain_data)]
Ids = Annotated[tuple[Id, ...], Field(strict=False, min_length=1), AfterValidator(differing)]
Members = Annotated[
    tuple[Annotated[Member, BeforeValidator(by_id)], ...],
    Field(strict=False, min_length=1),
    AfterValidator(differing),
]
