"""Changes of goals in words, for a reader who does not know their names."""

from collections.abc import Mapping

from samenspel.delineation.goals import Value
from samenspel.delineation.problem import AGREEMENT
from samenspel.language import _, mark
from samenspel.words import number

TOLD = {
    "cut": mark("partnerships cut {change}"),
    "connectivity": mark("zones that partnerships touch beyond one each {change}"),
    "flows": mark("flows inside zones, in percentage points {change}"),
    "agreement": mark("pieces that the zones of {zoning} are cut into {change}"),
    "border": mark("border between zones {change} km"),
    "balance": mark("inhabitants above the average zone, in percentage points {change}"),
    "moved": mark("inhabitants outside their present zone {change}"),
}
PENALTY = mark("the cost of soft bounds {change}")
# Factor and most decimals of the unit that is told.
UNITS = {"flows": (100.0, 2), "balance": (100.0, 2), "border": (0.001, 1), "moved": (1.0, 0)}
DECIMALS = 2
NOTHING = 1e-12  # a smaller change of a cost is rounding


def goal_told(goal: str, value: float) -> str:
    """A change of one goal: "partnerships cut +2"."""
    kind, _colon, zoning = goal.partition(":") if goal.startswith(AGREEMENT) else (goal, "", "")
    factor, decimals = UNITS.get(goal, (1.0, DECIMALS))
    return _(TOLD[kind]).format(change=signed(value * factor, decimals), zoning=zoning)


def penalty_told(value: float) -> str:
    """A change of the cost of soft bounds."""
    return _(PENALTY).format(change=signed(value, 4))


def signed(value: float, decimals: int) -> str:
    """A number with its sign, without zeros at its end; what rounds to 0 is said to be less than
    the last decimal."""
    if value and abs(value) < 0.5 * 10**-decimals:
        least = number(10**-decimals, decimals)
        return f"{'+' if value > 0 else '−'}<{least}"
    text = number(abs(value), decimals)
    if decimals:
        text = text.rstrip("0").rstrip(".,")
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + text


def losses_and_gains(
    goals: Mapping[str, Value], penalty: float, weights: Mapping[str, float]
) -> tuple[list[str], list[str]]:
    """What gets worse and what gets better, in words; goals without weight are left out."""
    worse: list[str] = []
    better: list[str] = []
    for goal, change in goals.items():
        if weights.get(goal) and abs(change.cost) > NOTHING:
            (worse if change.cost > 0 else better).append(goal_told(goal, change.value))
    if abs(penalty) > NOTHING:
        (worse if penalty > 0 else better).append(penalty_told(penalty))
    return worse, better
