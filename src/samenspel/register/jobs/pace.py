"""How often a worker looks, tells and keeps: settings, each with a choice where none is made."""

from dataclasses import dataclass, fields

from django.conf import settings


@dataclass(frozen=True)
class Pace:
    """Seconds, all of status choice. ``poll``: between two looks for work. ``beat``: between two
    signs of life, and so until a cancellation is heard. ``keep``: between two checkpoints, at
    least. ``sweep``: between two looks for jobs whose worker died. ``limit``: without a sign of
    life after which a worker counts as dead; far more than a writer of an embedded database waits
    for its turn."""

    poll: float = 1.0
    beat: float = 2.0
    keep: float = 10.0
    sweep: float = 15.0
    limit: float = 150.0


def pace() -> Pace:
    """The pace of this process: ``JOBS`` of the settings, by the names of ``Pace``."""
    chosen: dict[str, float] = getattr(settings, "JOBS", {})
    return Pace(**{one.name: chosen[one.name] for one in fields(Pace) if one.name in chosen})
