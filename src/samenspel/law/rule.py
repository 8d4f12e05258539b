"""What a rule is: dated, cited, with a status of its own and words that a citizen can read."""

from datetime import date as Date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from samenspel.language import spoken
from samenspel.law.conditions import All, AnyOf, Comparison, Not

Status = Literal["law", "policy", "proposal", "unvalidated", "choice"]
Severity = Literal["error", "warning", "notice"]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Condition = All | AnyOf | Comparison | Not


class Part(BaseModel):
    """A frozen piece of the rule base that refuses unknown keys and values of another type."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", arbitrary_types_allowed=True
    )


class Text(Part):
    """Words in Dutch and in English."""

    nl: Words
    en: Words

    def __str__(self) -> str:
        return self.nl if spoken() == "nl" else self.en


class Passage(Part):
    """Where it stands: ``lines`` (first and last) of the plain text of the publication, a ``page``,
    or the address of a public web page; exactly one of them."""

    lines: Annotated[tuple[int, int] | None, Field(strict=False)] = None
    page: int | None = None
    url: Words | None = None

    @model_validator(mode="after")
    def one(self) -> "Passage":
        if sum(value is not None for value in (self.lines, self.page, self.url)) != 1:
            raise ValueError("lines, page, url")
        return self


class Basis(Part):
    """What a statement rests on: a publication, its section or article, and the passage."""

    publication: Words
    section: Words | None = None
    article: Words | None = None
    passage: Passage

    @model_validator(mode="after")
    def placed(self) -> "Basis":
        if self.section is None and self.article is None:
            raise ValueError("section, article")
        return self


class Variant(Part):
    """One of several readings of what publications say differently. ``question`` joins them; a
    setting chooses a ``reading``, and the ``default`` is a choice of this software."""

    question: Name
    reading: Name
    default: bool


class Statement(Part):
    """What rules and scopes have in common. Half open: in force on a day when ``valid_from <= day <
    valid_to``; an empty bound is open, and its key must be there all the same."""

    id: Name
    title: Text
    facts: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    explanation: Text
    legal_basis: Annotated[tuple[Basis, ...], Field(strict=False, min_length=1)]
    status: Status
    note: Text | None = None
    viewpoint: Text | None = None
    variant: Variant | None = None
    valid_from: Date | None
    valid_to: Date | None
    topic: Name

    def in_force(self, day: Date) -> bool:
        """Whether it holds on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


class Rule(Statement):
    """A rule: whom it concerns (``applies``), what must hold (``condition``), how serious it is
    when it does not, and what to do then (``message``)."""

    applies: Condition
    condition: Condition
    severity: Severity
    message: Text


class Scope(Statement):
    """The reach of a decree or a policy: a partnership lies inside it where ``inside`` holds."""

    inside: Condition
