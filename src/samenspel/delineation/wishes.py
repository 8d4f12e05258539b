"""What the user asks of a plan, in codes and names of a landscape."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from samenspel.delineation.problem import Bound

# Weight 1 on partnerships cut and nothing else: the user's choice, this default included.
DEFAULT_WEIGHTS: Mapping[str, float] = {"cut": 1.0}


@dataclass(frozen=True)
class Wishes:
    """The rules and goals of ``problem.py`` as a user writes them.

    Municipalities are NIS codes or names, zonings codes. ``bounds``: ``area`` in square kilometres.
    ``whole``: zonings whose zones stay whole. ``within``: a zoning whose zones no zone may cross.
    ``links``: pairs that count as neighbours (exclaves). ``present``: the zoning to compare with
    and to move few from. ``agree``: zonings to agree with, besides those with a weight. ``flow``:
    the kind of flows. The rest as in ``Rules``.
    """

    zones: tuple[int, int]
    bounds: Mapping[str, Bound] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    within: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    present: str | None = None
    agree: tuple[str, ...] = ()
    flow: str = "commuting"
    centre: bool = False
    oversize: int | None = 0
    penalty: float = 1.0
