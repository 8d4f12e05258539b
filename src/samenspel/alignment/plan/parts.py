"""The parts of a region that do not touch, and what a choice in one of them comes to.

Two partnerships touch when one may go into the other, or when one can end only if the other stays.
"""

from collections.abc import Sequence

from samenspel.alignment.plan.effort import of_opening, total
from samenspel.alignment.plan.model import Choice, Part
from samenspel.alignment.plan.options import KEEP, SHRINK, Option
from samenspel.alignment.plan.settings import Weights


def parts_of(options: Sequence[Sequence[Option]], weights: Weights) -> list[Part]:
    """The parts in the order of their first partnership. A partnership that stays in any case ties
    nothing together, but where it pays for new members."""
    stays = {i for i, ways in enumerate(options) if [way.operation for way in ways] == [KEEP]}
    root = list(range(len(options)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    def join(i: int, j: int) -> None:
        low, high = sorted((find(i), find(j)))
        root[high] = low

    for i, ways in enumerate(options):
        for way in ways:
            if way.carrier is not None and (way.newcomers or way.carrier not in stays):
                join(i, way.carrier)
            for cover in way.covers:
                if not any(other in stays for other, _whole in cover):
                    for other, _whole in cover:
                        join(i, other)
    groups: dict[int, list[int]] = {}
    for i in range(len(options)):
        groups.setdefault(find(i), []).append(i)
    return [Part({i: options[i] for i in group}, weights) for group in groups.values()]


def count_of(part: Part, choice: Choice) -> int:
    """How many partnerships of ``part`` are left; ``choice`` may tell of others too."""
    return sum(part.ways[i][choice[i]].operation in (KEEP, SHRINK) for i in part.ways)


def effort_of(part: Part, choice: Choice) -> int:
    """The effort of ``choice``, as the model counts it."""
    taken = [part.ways[i][choice[i]] for i in part.ways]
    arrived: dict[int, set[str]] = {}
    for way in taken:
        if way.carrier is not None and way.newcomers:
            arrived.setdefault(way.carrier, set()).update(way.newcomers)
    return sum(total(way.points) for way in taken) + sum(
        total(of_opening(len(new), part.weights)) for new in arrived.values()
    )
