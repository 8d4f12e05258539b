"""What the shape of a cost function gives without looking at every group: up to 300 parties.

Joint facility and distance tree: the Shapley value shares every stretch equally among those who
need it (Littlechild and Owen 1973 for the airport, a tree with one branch), and the airport's
nucleolus has a formula (Littlechild 1974). Thresholds: groups are counted by size (``counting``).
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from samenspel.sharing.counting import by_counting, heaviest
from samenspel.sharing.functions import CostFunction, Facility, Steps, Tree

ZERO = Fraction(0)


def shapley_of(function: CostFunction) -> list[Fraction] | None:
    """The Shapley value in cents, per party; None where no formula is known or its work is too
    large."""
    match function:
        case Facility():
            each = function.fixed / len(function.parties)
            return [each + own for own in function.own]
        case Tree():
            return tree_shapley(function)
        case Steps():
            return by_counting(function)
    return None


def tree_shapley(tree: Tree) -> list[Fraction]:
    users = [group.bit_count() for group in tree.users()]
    return [
        sum((tree.costs[place] / users[place] for place in tree.path(at)), ZERO) for at in tree.at
    ]


def nucleolus_of(function: CostFunction) -> list[Fraction] | None:
    """The nucleolus in cents, per party; None where no formula is known."""
    match function:
        case Facility() if function.fixed >= 0:
            return shapley_of(function)
        case Tree():
            lengths = needed(function)
            return None if lengths is None else airport_nucleolus(lengths)
    return None


def needed(tree: Tree) -> list[Fraction] | None:
    """What each party alone needs of a tree without forks between parties; None for another."""
    groups = sorted({group for group in tree.users() if group}, key=int.bit_count)
    if any(small & ~large for small, large in pairwise(groups)):
        return None
    return [sum((tree.costs[place] for place in tree.path(at)), ZERO) for at in tree.at]


def airport_nucleolus(costs: Sequence[Fraction]) -> list[Fraction]:
    """The nucleolus where a group costs what its costliest member costs (Littlechild 1974): in
    rising order of cost, as many parties as bear it pay the same."""
    order = sorted(range(len(costs)), key=lambda i: costs[i])
    amounts = [ZERO] * len(costs)
    done, paid = 0, ZERO
    while done < len(order):
        best, until = ZERO, done
        for k in range(done, len(order)):
            last = k == len(order) - 1
            if not last and costs[order[k]] == costs[order[k + 1]]:
                continue
            others = 0 if last else 1  # those further on complain as one
            share = (costs[order[k]] - paid) / (k + 1 - done + others)
            if until == done or share <= best:
                best, until = share, k + 1
        for k in range(done, until):
            amounts[order[k]] = best
        paid += best * (until - done)
        done = until
    return amounts


def concave(function: CostFunction) -> bool | None:
    """Whether a party never adds more to a larger group; None where the shape does not tell."""
    match function:
        case Facility():
            return function.fixed >= 0
        case Tree():
            return True
    return None


def worst(function: CostFunction, amounts: Sequence[Fraction]) -> tuple[Fraction, list[int]] | None:
    """The largest excess of any group in cents and the members of a group that has it, where one
    is above zero; an excess of zero and no members where none is; None where that is not known."""
    match function:
        case Facility():
            gains = [paid - own for paid, own in zip(amounts, function.own, strict=True)]
            chosen = [i for i, gain in enumerate(gains) if gain > 0]
            excess = sum((gains[i] for i in chosen), ZERO) - function.fixed
            return complaint(excess, chosen)
        case Tree():
            return complaint(*heaviest_branch(function, amounts))
        case Steps():
            found = heaviest(function, amounts)
            return None if found is None else complaint(*found)
    return None


def complaint(excess: Fraction, chosen: list[int]) -> tuple[Fraction, list[int]]:
    return (excess, sorted(chosen)) if excess > 0 and chosen else (ZERO, [])


def heaviest_branch(tree: Tree, amounts: Sequence[Fraction]) -> tuple[Fraction, list[int]]:
    """The parties of a part of the tree around the root who pay most above its costs."""
    living: dict[int, list[int]] = {}
    for i, at in enumerate(tree.at):
        if amounts[i] > 0:
            living.setdefault(at, []).append(i)
    below: dict[int, list[int]] = {}
    for place, up in enumerate(tree.towards):
        below.setdefault(up, []).append(place)
    gain: dict[int, Fraction] = {}
    waiting = [(-1, False)]
    while waiting:  # children before parents, without recursion: branches may be long
        place, ready = waiting.pop()
        if not ready:
            waiting.append((place, True))
            waiting += [(child, False) for child in below.get(place, ())]
            continue
        gain[place] = sum((amounts[i] for i in living.get(place, ())), ZERO)
        for child in below.get(place, ()):
            gain[place] += max(ZERO, gain[child] - tree.costs[child])
    chosen, waiting_places = [], [-1]
    while waiting_places:
        place = waiting_places.pop()
        chosen += living.get(place, [])
        waiting_places += [
            child for child in below.get(place, ()) if gain[child] > tree.costs[child]
        ]
    return gain[-1], chosen
