"""Examples of files of sharing: the crisis shelter of the VVSG guide, and a business park."""

from pathlib import Path

from samenspel.errors import InputError
from samenspel.language import _

NAMES = ("crisisopvang", "bedrijventerrein")


def example_file(name: str) -> Path:
    """The file of the example ``name``. Raises InputError where there is none."""
    if name not in NAMES:
        raise InputError(
            _("--example {name}: there is none; use one of {known}.").format(
                name=name, known=", ".join(NAMES)
            )
        )
    return Path(__file__).parent / f"{name}.yaml"
