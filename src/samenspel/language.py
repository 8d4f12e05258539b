"""The language of the interface: Dutch unless English is asked for, through gettext.

Source strings are English; ``locale/nl`` holds the Dutch. The language is a setting of the process
(a shell speaks to one user), chosen before the first string is shown; a server speaks to many and
chooses anew for each page (``speaking``).
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("nl", "en")
DEFAULT = "nl"
LOCALE = Path(__file__).parent / "locale"

_chosen = [DEFAULT]
_here: ContextVar[str | None] = ContextVar("language", default=None)


def use(language: str) -> None:
    """Speak ``language`` (``nl`` or ``en``) from now on.

    Raises ValueError for another language.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    _chosen[0] = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak ``language`` to whoever is served here, while others hear their own.

    Raises ValueError for another language.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    token = _here.set(language)
    try:
        yield
    finally:
        _here.reset(token)


def spoken() -> str:
    """The language in use: ``nl`` or ``en``."""
    return _here.get() or _chosen[0]


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The messages of ``language``; English is what stands in the source."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("samenspel", LOCALE, languages=[language], fallback=True)


def _(message: str) -> str:
    """``message`` in the language in use; an untranslated message stays English."""
    return catalogue(spoken()).gettext(message)


def mark(message: str) -> str:
    """Mark a constant for translation where it is defined; ``_`` translates it when shown."""
    return message
