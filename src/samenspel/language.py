"""The language of the interface: Dutch unless English is asked for, through gettext.

Source strings are English; ``locale/nl`` holds the Dutch. The language is a setting of the
process (a shell speaks to one user), chosen before the first string is shown.
"""

import gettext
from pathlib import Path

LANGUAGES = ("nl", "en")
DEFAULT = "nl"
LOCALE = Path(__file__).parent / "locale"

_state: dict[str, gettext.NullTranslations] = {}
_chosen = [DEFAULT]


def use(language: str) -> None:
    """Speak ``language`` (``nl`` or ``en``) from now on.

    Raises ValueError for another language.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    _chosen[0] = language
    if language == "en":
        _state["now"] = gettext.NullTranslations()
    else:
        _state["now"] = gettext.translation(
            "samenspel", LOCALE, languages=[language], fallback=True
        )


def spoken() -> str:
    """The language in use: ``nl`` or ``en``."""
    return _chosen[0]


def _(message: str) -> str:
    """``message`` in the chosen language; an untranslated message stays English."""
    if "now" not in _state:
        use(DEFAULT)
    return _state["now"].gettext(message)


def mark(message: str) -> str:
    """Mark a constant for translation where it is defined; ``_`` translates it when shown."""
    return message
