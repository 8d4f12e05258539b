"""A value of the landscape as the content of a cell, and back."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from datetime import date as Date
from decimal import Decimal
from functools import cache
from typing import Any

from samenspel import words
from samenspel.exchange.excel.layout import Field, folded, speaker
from samenspel.language import LANGUAGES, _, mark

Raw = str | int | float | bool | None | object
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
EXACT = 10**15  # a cell keeps fifteen digits of a number
WIDEST = 2**63
EARLIEST = Date(1900, 3, 1)  # before this day spreadsheets disagree on the calendar
TRUTH = {True: mark("yes"), False: mark("no")}
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
WHOLE = re.compile(r"[+-]?\d{1,19}")
# Three digits after the mark may be thousands, so a text with those is refused.
DECIMAL = re.compile(r"([+-]?\d{1,15})(?:[.,](\d{1,2}|\d{4,15}))?")


class Unreadable(Exception):
    """A cell that gives no value; the message says why and what to do."""


def say(message: str) -> str:
    return _(message)


def shown(field: Field, value: Any, speak: Callable[[str], str] = say) -> Any:
    """What a cell shows of ``value``: text, a number, a date, or None where it is unknown."""
    if value is None:
        return None
    if field.type == "boolean":
        return speak(TRUTH[value])
    if field.type == "datetime":
        return value.strftime(MOMENT)
    if field.type == "date":
        return value if value >= EARLIEST else value.isoformat()
    if field.money:
        euro = Decimal(value) / 100
        return float(euro) if abs(value) < EXACT else f"{euro:.2f}"
    if field.type == "integer":
        return value if abs(value) < EXACT else str(value)
    if value in field.column.codes:
        return code_word(value, speak)
    return value


def code_word(code: str, speak: Callable[[str], str]) -> str:
    return speak(words.WORDS[code]) if code in words.WORDS else code.replace("_", " ")


@cache
def codes_by_word(codes: tuple[str, ...]) -> Mapping[str, str]:
    """Code by the code itself and by its word in every language, folded."""
    said = {
        folded(code_word(code, speaker(language))): code for code in codes for language in LANGUAGES
    }
    return said | {folded(code): code for code in codes}


@cache
def truths() -> Mapping[str, bool]:
    said = {
        folded(speaker(language)(word)): truth
        for truth, word in TRUTH.items()
        for language in LANGUAGES
    }
    return said | {"true": True, "false": False, "ja": True, "nee": False}


def escape(text: str) -> str:
    """``text`` as a workbook holds it: ``_x0041_`` would be read as a character there, and a
    carriage return would be lost."""
    return ESCAPED.sub(r"_x005F_x\1_", text).replace("\r", "_x000D_")


def unescape(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def content(raw: Raw) -> tuple[str, Any] | None:
    """The content of a cell, for comparison: a number by fifteen digits, a text by its lines and
    without escapes, as some programs lose the escape of what looks like one."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        return "truth", raw
    if isinstance(raw, int | float):
        return "number", f"{raw:.15g}"
    if isinstance(raw, datetime):
        return ("date", raw.date()) if is_midnight(raw) else ("moment", raw)
    if isinstance(raw, Date):
        return "date", raw
    text = str(raw)
    while text != unescape(text):
        text = unescape(text)
    return "text", lined(text)


def lined(text: str) -> str:
    """``text`` with one sign for the end of a line, whatever program wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)


def unchanged(field: Field, value: Any, raw: Raw) -> bool:
    """Whether a cell with ``raw`` still shows ``value``, in any language."""
    found = content(raw)
    return any(found == content(shown(field, value, speaker(name))) for name in LANGUAGES)


def parse(field: Field, raw: Raw) -> Any:
    """The value that a cell with ``raw`` gives; None where it is empty. Raises Unreadable."""
    if isinstance(raw, str):
        raw = lined(raw).strip()
        if UNSAFE.search(raw):
            raise Unreadable(_("the text holds a sign that cannot be shown; type it anew."))
        if raw.startswith("="):
            raise Unreadable(
                _("“{value}” begins with =, as a formula does; put its value.").format(value=raw)
            )
    if raw is None or raw == "":
        return None
    if field.type == "text":
        return (
            parse_code(field, parse_text(field, raw))
            if field.column.codes
            else parse_text(field, raw)
        )
    return within(field, PARSERS[field.type](field, raw))


def parse_text(field: Field, raw: Raw) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if not math.isfinite(raw) or abs(raw) >= EXACT:
            raise Unreadable(
                _("{value} has too many digits for a number in a cell; type it as text, with ' "
                  "before it.").format(value=raw)
            )  # fmt: skip
        if raw == int(raw):
            return str(int(raw))
        if field.code:
            raise Unreadable(
                _("{value} is a fraction; codes are text, type it with ' before it.").format(
                    value=raw
                )
            )
        return repr(raw)
    raise Unreadable(
        _("{value} has become a date or a truth value; type it as text, with ' before it.").format(
            value=spelt(raw)
        )
    )


def parse_code(field: Field, text: str) -> str:
    found = codes_by_word(field.column.codes).get(folded(text))
    if found is None and not field.column.open:
        raise Unreadable(
            _("“{value}” is not in the list of this column; choose one of {known}.").format(
                value=text, known=", ".join(code_word(code, say) for code in field.column.codes)
            )
        )
    return text if found is None else found


def parse_truth(_field: Field, raw: Raw) -> bool:
    if isinstance(raw, bool):
        return raw
    found = truths().get(folded(raw)) if isinstance(raw, str) else None
    if found is None:
        raise Unreadable(_("“{value}” is not yes or no; choose one.").format(value=spelt(raw)))
    return found


def parse_date(_field: Field, raw: Raw) -> Date:
    if isinstance(raw, datetime) and is_midnight(raw):
        return raw.date()
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", raw):
        try:
            return Date.fromisoformat(raw)
        except ValueError:
            pass
    raise Unreadable(
        _("“{value}” is not a date; type it as year-month-day, such as 2025-01-31.").format(
            value=spelt(raw)
        )
    )


def parse_moment(_field: Field, raw: Raw) -> datetime:
    if isinstance(raw, str):
        try:
            return datetime.strptime(raw, MOMENT).replace(tzinfo=UTC)
        except ValueError:
            pass
    raise Unreadable(
        _("“{value}” is not a moment; type it as 2025-01-01T12:00:00.000000Z.").format(
            value=spelt(raw)
        )
    )


def exact(field: Field, raw: Raw) -> Decimal:
    """The number in a cell, as it was typed. Raises Unreadable."""
    number: Decimal | None = None
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        number = Decimal(repr(raw))
    elif isinstance(raw, str):
        whole = WHOLE if field.type == "integer" and not field.money else DECIMAL
        if whole.fullmatch(raw):
            number = Decimal(raw.replace(",", "."))
    if number is None:
        wanted = _("a whole number") if whole_only(field) else _("a number")
        raise Unreadable(
            _("“{value}” is not {wanted}; type digits only, without thousands marks.").format(
                value=spelt(raw), wanted=wanted
            )
        )
    least = abs(number) * 100 if field.money else abs(number)
    if not number.is_finite() or (field.type == "integer" and least >= WIDEST):
        raise Unreadable(_("{value} is too large a number; correct it.").format(value=raw))
    return number


def whole_only(field: Field) -> bool:
    return field.type == "integer" and not field.money


def parse_integer(field: Field, raw: Raw) -> int:
    number = exact(field, raw)
    cents = number * 100 if field.money else number
    if cents != int(cents):
        fault = (
            _("{value} has more than two decimals; round it to whole cents.")
            if field.money
            else _("{value} is not a whole number; round it.")
        )
        raise Unreadable(fault.format(value=raw))
    return int(cents)


def parse_number(field: Field, raw: Raw) -> float:
    return float(exact(field, raw))


def within(field: Field, value: Any) -> Any:
    """``value`` where it lies in the range of its column. Raises Unreadable."""
    column, unit = field.column, 100 if field.money else 1
    told = value / 100 if field.money else value
    if column.low is not None and value < column.low:
        raise Unreadable(
            _("{value} is too small; at least {bound}.").format(
                value=told, bound=f"{column.low / unit:g}"
            )
        )
    if column.high is not None and value > column.high:
        raise Unreadable(
            _("{value} is too large; at most {bound}.").format(
                value=told, bound=f"{column.high / unit:g}"
            )
        )
    return value


def spelt(raw: Raw) -> str:
    """A cell as a message quotes it."""
    if isinstance(raw, bool):
        return _(TRUTH[raw])
    if isinstance(raw, datetime) and is_midnight(raw):
        return raw.date().isoformat()
    text = str(raw)
    return text if len(text) <= 80 else f"{text[:79]}…"


PARSERS: dict[str, Callable[[Field, Raw], Any]] = {
    "boolean": parse_truth,
    "date": parse_date,
    "datetime": parse_moment,
    "integer": parse_integer,
    "number": parse_number,
}
