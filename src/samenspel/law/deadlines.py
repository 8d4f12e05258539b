"""The days by which partnerships must follow the reference regions, with every reading of them."""

from collections.abc import Mapping
from datetime import date as Date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from samenspel import yamlfile
from samenspel.language import _
from samenspel.law.reading import FOLDER, Settings, check_reading, validated
from samenspel.law.rule import Basis, Name, Part, Status, Text


class Reading(Part):
    """What one source says. ``date`` is the last day on which it can still be done; ``stated`` is
    what the source says, where that is no day."""

    reading: Name
    date: Date
    stated: Text
    default: bool
    legal_basis: Annotated[tuple[Basis, ...], Field(strict=False, min_length=1)]
    status: Status
    note: Text | None = None


class Deadline(Part):
    """One deadline. Which of its ``readings`` holds is a choice; ``default`` is this software's."""

    id: Name
    title: Text
    readings: Annotated[tuple[Reading, ...], Field(strict=False, min_length=1)]

    def chosen(self, settings: Settings | None = None) -> Reading:
        """The reading that ``settings`` (deadline id to reading) choose, or the default.

        Raises InputError for a reading that it does not have.
        """
        wanted = (settings or {}).get(self.id)
        if wanted is not None:
            check_reading(self.id, wanted, [each.reading for each in self.readings])
        return next(
            each
            for each in self.readings
            if (each.default if wanted is None else each.reading == wanted)
        )


@cache
def deadlines() -> Mapping[str, Deadline]:
    """Every deadline by its id."""
    return {deadline.id: deadline for deadline in read_deadlines(FOLDER / "deadlines.yaml")}


def read_deadlines(file: Path) -> list[Deadline]:
    """The deadlines of ``file``. Raises InputError with the place of what is wrong."""
    source = yamlfile.read(file)
    listed = source.data.get("deadlines")
    if not isinstance(listed, list):
        source.fail(("deadlines",), _("it must be a list"))
    found: list[Deadline] = []
    for i, raw in enumerate(listed):
        owner = str(raw.get("id", "")) if isinstance(raw, dict) else ""
        deadline = validated(source, ("deadlines", i), raw, Deadline, owner)
        if deadline.id in (other.id for other in found):
            source.fail(("deadlines", i, "id"), _("it stands there twice; keep one"), owner)
        names = [each.reading for each in deadline.readings]
        if len(set(names)) < len(names):
            what = _("two readings have the same name")
            source.fail(("deadlines", i, "readings"), what, owner)
        if sum(each.default for each in deadline.readings) != 1:
            what = _("exactly one reading must be the default")
            source.fail(("deadlines", i, "readings"), what, owner)
        found.append(deadline)
    return found
