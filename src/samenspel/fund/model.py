"""What the rules of a fund are: blocks, segments, keys, pots; dated, with a status and a source."""

from collections.abc import Iterator, Mapping
from datetime import date as Date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from samenspel.errors import InputError
from samenspel.fund.formula import FUNCTIONS, Formula, condition, number
from samenspel.language import _, spoken
from samenspel.money import cents_of

Status = Literal["law", "policy", "proposal", "unvalidated", "choice"]
REST = "rest"
BUILT_IN = ("population", "area_km2")  # columns of municipalities that a formula may name
RECEIVED = "received"  # in a supplement: euro received from the pots
MOST_YEARS = 200
EXACT_DIGITS = 15  # decimal digits that every double keeps
NEVER = ("and", "or", "not", "if", "else", *FUNCTIONS, *BUILT_IN, RECEIVED)

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def code(value: Any) -> str:
    """A code as text; YAML takes leading zeros off what is not in quotation marks."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(_("{value} is no code; write it in quotation marks").format(value=value))
    return value


def written(value: Any) -> str:
    """A number as it stands in the file."""
    if isinstance(value, float):
        digits = Decimal(repr(value))
        if (
            not digits.is_finite()
            or len(digits.as_tuple().digits) > EXACT_DIGITS
            or abs(digits) >= 10**EXACT_DIGITS  # of a longer number the last digits may be lost
        ):
            raise ValueError(
                _("{value} cannot be read exactly; write it in quotation marks").format(value=value)
            )
        return f"{digits:f}"
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(_("{value} is no number").format(value=value))
    return str(value).strip()


def cents(value: Any) -> int:
    """An amount in euro in cents, not below zero."""
    try:
        found = cents_of(written(value))
    except InputError as error:
        raise ValueError(str(error).rstrip(".")) from error
    if found < 0:
        raise ValueError(_("{value} is below zero").format(value=value))
    return found


def fraction(value: Any) -> Fraction:
    """A number, ``40%`` or ``2/5``, exactly."""
    text = written(value).replace(" ", "")
    if len(text) > 40 or "e" in text.casefold() or "_" in text:
        raise ValueError(_("{value} is no number such as 0.4, 2/5 or 40%").format(value=value))
    try:
        return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        what = _("{value} is no number such as 0.4, 2/5 or 40%").format(value=value)
        raise ValueError(what) from error


def part_of_whole(value: Any) -> Fraction | str:
    """A share between nothing and all, or what the others leave."""
    if value == REST:
        return REST
    found = fraction(value)
    if not 0 <= found <= 1:
        raise ValueError(_("{value} is no share between 0 and 100%").format(value=value))
    return found


def rate(value: Any) -> Fraction:
    """Growth per year: more than minus 100%, at most 100%."""
    found = fraction(value)
    if not -1 < found <= 1:
        raise ValueError(_("{value} is no growth per year, such as 3.5%").format(value=value))
    return found


def as_formula(value: Any) -> Formula:
    if isinstance(value, Formula):
        return value
    return number(written(value))


def as_condition(value: Any) -> Formula:
    if isinstance(value, Formula):
        return value
    if not isinstance(value, str):
        raise ValueError(
            _("{value} is no condition, such as population > 5000").format(value=value)
        )
    return condition(value)


def one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Code = Annotated[str, BeforeValidator(code)]
Exact = Annotated[Fraction, BeforeValidator(fraction)]
Number = Annotated[Formula, BeforeValidator(as_formula)]
ShareOf = Annotated[Fraction | Literal["rest"], BeforeValidator(part_of_whole)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(one_or_more), Field(strict=False, min_length=1)]


class Part(BaseModel):
    """A frozen piece of the rules that refuses unknown keys and values of another type."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", arbitrary_types_allowed=True
    )


class Text(Part):
    """Words in Dutch and in English."""

    nl: Words
    en: Words

    def __str__(self) -> str:
        return self.nl if spoken() == "nl" else self.en


class Source(Part):
    """Where it stands: a publication, its section or article, and the lines of its plain text, a
    page or an address."""

    publication: Words
    section: Words | None = None
    article: Words | None = None
    lines: Annotated[tuple[int, int] | None, Field(strict=False)] = None
    page: int | None = None
    url: Words | None = None

    def __str__(self) -> str:
        place = (self.section, self.article and _("art. {article}").format(article=self.article))
        return ", ".join(part for part in (self.publication, *place) if part)


Title = Text | Words


class Cited(Part):
    """What carries a status and, unless it is a choice, a source."""

    status: Status = "choice"
    source: Source | None = None
    note: Title | None = None

    @model_validator(mode="after")
    def grounded(self) -> "Cited":
        if self.status != "choice" and self.source is None:
            raise ValueError(
                _("what has status {status} needs a source with its publication").format(
                    status=self.status
                )
            )
        return self


class Money(Cited):
    """An amount; with ``growth`` it is that of ``year`` and grows each year after, rounded to the
    cent each year (half up), the rounded amount being what grows on."""

    amount: Annotated[int, BeforeValidator(cents)]
    growth: Annotated[Fraction, BeforeValidator(rate)] | None = None
    year: int | None = None

    @model_validator(mode="after")
    def both(self) -> "Money":
        if (self.growth is None) != (self.year is None):
            raise ValueError(_("growth and year belong together; give both or neither"))
        return self

    def on(self, day: Date) -> int:
        """The cents of the year of ``day``. Raises ValueError for a year before the first."""
        if self.growth is None or self.year is None:
            return self.amount
        years = day.year - self.year
        if not 0 <= years <= MOST_YEARS:
            raise ValueError(
                _("the amount is that of {year} and says nothing of {day}").format(
                    year=self.year, day=day.year
                )
            )
        found = self.amount
        for _year in range(years):
            found = half_up(found * (1 + self.growth))
        return found


def half_up(amount: Fraction | int) -> int:
    """``amount`` rounded to a whole, halves upward."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def as_money(value: Any) -> Any:
    return value if isinstance(value, (dict, Mapping, Money)) else {"amount": value}


Amount = Annotated[Money, BeforeValidator(as_money)]


class Figure(Cited):
    """A figure that formulas may name: of the landscape by ``key`` (the first of several that it
    has) and ``year``, or given here by code in ``values``. ``unknown``: the value put where it is
    unknown, which is a choice."""

    title: Title | None = None
    key: Codes | None = None
    year: int | Literal["latest"] | None = None
    values: Annotated[dict[Code, Exact] | None, Field(strict=False)] = None
    unknown: Exact | None = None

    @model_validator(mode="after")
    def one(self) -> "Figure":
        if (self.key is None) == (self.values is None):
            raise ValueError(_("it needs a key of the landscape or values, one of the two"))
        if (self.key is None) != (self.year is None):
            raise ValueError(_("a key needs a year, such as 2020 or latest; values have none"))
        return self


class Members(Part):
    """Which municipalities: those that meet everything that is named here."""

    equipment_level: Codes | None = None
    nis: Codes | None = None
    centre: bool | None = None
    zones: Annotated[dict[Code, Codes] | None, Field(strict=False)] = None
    where: Annotated[Formula, BeforeValidator(as_condition)] | None = None

    @model_validator(mode="after")
    def some(self) -> "Members":
        if not self.model_fields_set:
            raise ValueError(_("it must name members, or say: all"))
        return self


class Division(Part):
    """How a pot is divided: among whom, by which key, between which bounds (formulas in euro).
    ``divided_over``: whose weights make the whole; what others would get stays unspent."""

    members: Members | Literal["all"] | None = None
    key: Number | None = None
    floor: Number | None = None
    cap: Number | None = None
    divided_over: Literal["members", "all"] = "members"


OWN = tuple(Division.model_fields)


class Segment(Division):
    """A group of like municipalities with a part of the pot of its block."""

    title: Title | None = None
    pot: Amount | None = None
    share: ShareOf | None = None

    @model_validator(mode="after")
    def whole(self) -> "Segment":
        if self.key is None:
            raise ValueError(_("it needs a key"))
        if (self.pot is None) == (self.share is None):
            raise ValueError(_("it needs a pot or a share, one of the two"))
        return self


class Block(Division, Cited):
    """A building block: a pot with its key or its segments, or a supplement on top."""

    block: Name | None = None
    title: Title | None = None
    pot: Amount | None = None
    share: ShareOf | None = None
    supplement: Number | None = None
    segments: dict[Name, Segment] | None = Field(default=None, min_length=1)
    overlap: bool = False
    unknown: Literal["refuse", "leave_out"] = "refuse"
    nobody: Literal["refuse", "unspent"] = "refuse"
    valid_from: Date | None = None
    valid_to: Date | None = None

    @model_validator(mode="after")
    def whole(self) -> "Block":
        if sum(v is not None for v in (self.pot, self.share, self.supplement)) != 1:
            raise ValueError(_("it needs a pot, a share or a supplement, one of the three"))
        if self.supplement is not None:
            others = {"segments", "key", "floor", "cap", "divided_over", "nobody", "overlap"}
            if others & self.model_fields_set:
                raise ValueError(_("a supplement has no key, segments or bounds"))
        elif (self.key is None) == (self.segments is None):
            raise ValueError(_("it needs a key or segments, one of the two"))
        elif self.segments is not None and set(OWN) & self.model_fields_set:
            raise ValueError(_("with segments, members and bounds stand in each segment"))
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError(_("it ends before it starts"))
        return self

    def in_force(self, day: Date) -> bool:
        """Whether it holds on ``day``: ``valid_from <= day < valid_to``, empty bounds open."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )

    def divisions(self) -> Iterator[tuple[str | None, Division]]:
        """Each segment with its name; the block itself where it has none."""
        if self.segments is None:
            yield None, self
        else:
            yield from self.segments.items()


class Fund(Cited):
    """The rules of a fund. ``total``: the whole of which blocks take a share. ``keep_cents``: in a
    comparison a municipality whose exact share stays keeps its cents (a choice)."""

    title: Title
    total: Amount | None = None
    keep_cents: bool = True
    figures: dict[Name, Figure] = Field(default_factory=dict)
    blocks: dict[Name, Block] = Field(min_length=1)

    @model_validator(mode="after")
    def joined(self) -> "Fund":
        shares = [b for b in self.blocks.values() if b.share is not None]
        if shares and self.total is None:
            raise ValueError(_("a block takes a share, so the fund needs a total"))
        return self

    def on(self, day: Date) -> dict[str, tuple[str, Block]]:
        """The blocks in force on ``day``: id to the name of the entry and the block."""
        return {
            block.block or name: (name, block)
            for name, block in self.blocks.items()
            if block.in_force(day)
        }


def called(title: Title | None, name: str) -> str:
    """How a reader calls what has ``title``; its name where it has none."""
    return name.replace("_", " ") if title is None else str(title)
