"""The game of a file of sharing: what every group would cost, by a table or by a function."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm

from samenspel.language import _
from samenspel.sharing.functions import (
    CostFunction,
    Facility,
    Park,
    Site,
    Steps,
    Tree,
)
from samenspel.sharing.game import Game, from_table
from samenspel.sharing.keys import Figures
from samenspel.sharing.reading import NOTHING, Text

ABOUT = ("of", "source", "status", "missing")
UNKNOWN, CHEAPEST = "unknown", "cheapest_division"


def read_game(place: Text, codes: tuple[str, ...], figures: Figures) -> Game | CostFunction:
    """The game under ``place``: exactly one of coalitions, facility, tree, airport, steps and
    business_park. Raises InputError with its place."""
    place.only((*ABOUT, "coalitions", *SHAPES))
    place.origin()
    stated = [word for word in ("coalitions", *SHAPES) if place.has(word)]
    if len(stated) != 1:
        place.fail(_("it needs one of {known}").format(known=", ".join(("coalitions", *SHAPES))))
    word = stated[0]
    benefits = place.has("of") and place.at("of").choice(("costs", "benefits")) == "benefits"
    if word == "coalitions":
        return read_table(place, codes, benefits=benefits)
    if place.has("missing"):
        place.at("missing").fail(_("only a table of groups can miss one; leave it out"))
    if benefits and word != "business_park":
        place.at("of").fail(_("{word} states costs; leave it out").format(word=word))
    if word == "business_park" and place.has("of") and not benefits:
        place.at("of").fail(_("{word} states benefits; leave it out").format(word=word))
    shape = place.at(word)
    return SHAPES[word](shape, codes, figures)


def group_of(key: str, place: Text) -> frozenset[str]:
    """The codes in a key such as "A,B"."""
    codes = [code.strip() for code in key.split(",")]
    if not all(codes):
        place.fail(_('a group names its parties with commas between, such as "A,B"'))
    if len(set(codes)) != len(codes):
        place.fail(_("a party stands twice in this group; name it once"))
    return frozenset(codes)


def coalition_names(place: Text) -> list[str]:
    """The parties named in a table, in the order of the file."""
    found: dict[str, None] = {}
    for key, inner in place.pairs():
        if not key.strip():  # nobody
            continue
        group_of(key, inner)
        found.update((code.strip(), None) for code in key.split(","))
    return list(found)


def read_table(place: Text, codes: tuple[str, ...], *, benefits: bool) -> Game:
    listed = place.at("coalitions")
    table: dict[frozenset[str], Fraction | int] = {}
    for key, inner in listed.pairs():
        if not key.strip():
            if inner.cents() != 0:
                inner.fail(_("The group of nobody costs nothing; leave it out."))
            continue
        group = group_of(key, inner)
        for code in sorted(group):
            if code not in codes:
                inner.fail(
                    _("“{code}” is no party of this file; name parties only").format(code=code)
                )
        if group in table:
            inner.fail(_("this group stands there twice; keep one"))
        if inner.value not in NOTHING:  # empty is unknown
            table[group] = inner.cents()
    missing = UNKNOWN
    if place.has("missing"):
        missing = place.at("missing").choice((UNKNOWN, CHEAPEST))
    return listed.attempt(
        lambda: from_table(table, codes, benefits=benefits, cheapest=missing == CHEAPEST)
    )


def numbers_of(
    place: Text, codes: tuple[str, ...], figures: Figures, read: Callable[[Text], Fraction]
) -> list[Fraction]:
    """One number per party: of a figure by its name, or stated party by party."""
    if not place.is_mapping():
        name = place.choice(tuple(figures) or ("-",))
        values: Mapping[str, Fraction] = figures[name]
    else:
        values = {}
        for code, inner in place.pairs():
            if code not in codes:
                inner.fail(_("“{code}” is no party of this file").format(code=code))
            values[code] = read(inner)
    for code in codes:
        if code not in values:
            place.fail(
                _("{party} is not named here, and unknown is not zero; give its number").format(
                    party=code
                )
            )
    return [values[code] for code in codes]


def cents(place: Text) -> Fraction:
    return Fraction(place.cents(least=0))


def read_facility(place: Text, codes: tuple[str, ...], figures: Figures) -> Facility:
    """``fixed``, and ``own`` by party, or ``price`` per unit of the figure ``size``."""
    place.only(("fixed", "own", "size", "price"))
    if place.has("own") == place.has("size"):
        place.fail(_("it needs either own, with amounts by party, or size with a price"))
    if place.has("own"):
        own = [cents(inner) for inner in parties_of(place.at("own"), codes)]
    else:
        price = cents(place.at("price"))
        sizes = numbers_of(place.at("size"), codes, figures, lambda one: one.number())
        own = [price * size for size in sizes]
    return Facility(codes, cents(place.at("fixed")), tuple(own))


def parties_of(place: Text, codes: tuple[str, ...]) -> list[Text]:
    """What stands for each party, in the order of ``codes``."""
    for code, inner in place.pairs():
        if code not in codes:
            inner.fail(_("“{code}” is no party of this file").format(code=code))
    for code in codes:
        if not place.has(code):
            place.fail(
                _("{party} is not named here, and unknown is not zero; give its number").format(
                    party=code
                )
            )
    return [place.at(code) for code in codes]


def read_airport(place: Text, codes: tuple[str, ...], _figures: Figures) -> Tree:
    """What each party needs; a group needs what its most demanding member needs."""
    needs = [cents(inner) for inner in parties_of(place, codes)]
    levels = sorted({need for need in needs if need})
    costs = [level - before for level, before in zip(levels, [Fraction(0), *levels], strict=False)]
    at = [levels.index(need) if need else -1 for need in needs]
    return Tree(codes, tuple(range(-1, len(levels) - 1)), tuple(costs), tuple(at))


def read_tree(place: Text, codes: tuple[str, ...], _figures: Figures) -> Tree:
    """``stretches``: by place its ``towards`` and ``cost``; ``at``: the place of each party;
    ``root``: the place where all begins."""
    place.only(("root", "stretches", "at"))
    root = place.at("root").text()
    listed = place.at("stretches").pairs()
    number = {name: i for i, (name, _inner) in enumerate(listed)}
    if root in number:
        place.at("root").fail(_("the root has no stretch towards another place; leave that out"))
    number[root] = -1
    towards, costs = [], []
    for _name, inner in listed:
        inner.only(("towards", "cost"))
        towards.append(number[inner.at("towards").choice(tuple(number))])
        costs.append(cents(inner.at("cost")))
    for name, inner in listed:
        spot, steps = number[name], 0
        while spot >= 0 and steps <= len(listed):
            spot, steps = towards[spot], steps + 1
        if spot >= 0:
            inner.fail(_("from here one never comes to the root; correct towards"))
    at = [number[inner.choice(tuple(number))] for inner in parties_of(place.at("at"), codes)]
    return Tree(codes, tuple(towards), tuple(costs), tuple(at))


def read_steps(place: Text, codes: tuple[str, ...], figures: Figures) -> Steps:
    """``size`` by party or the name of a figure; ``costs``: by size, up to and with which it
    holds."""
    place.only(("size", "costs"))
    sizes = numbers_of(place.at("size"), codes, figures, lambda one: one.number())
    if any(size == 0 for size in sizes):
        place.at("size").fail(_("the size of a party is above zero; leave out who has none"))
    parts = lcm(*(size.denominator for size in sizes))
    steps: list[tuple[Fraction, Fraction]] = []
    for bound, inner in place.at("costs").pairs():
        size = Text(place.source, bound, inner.path).number(above_zero=True)
        if steps and size <= steps[-1][0]:
            inner.fail(_("sizes must rise from line to line"))
        steps.append((size, cents(inner)))
    if steps[-1][0] < sum(sizes):
        place.at("costs").fail(
            _("all together have size {size}, and no cost is stated for more than {most}; add "
              "it").format(size=sum(sizes), most=steps[-1][0])
        )  # fmt: skip
    bounds = tuple(int(bound * parts) for bound, _cost in steps)
    return Steps(
        codes,
        tuple(int(size * parts) for size in sizes),
        bounds,
        tuple(cost for _bound, cost in steps),
    )


def read_park(place: Text, codes: tuple[str, ...], figures: Figures) -> Park:
    """``area``: hectares that each party needs; ``sites`` by party; ``income_per_ha``;
    ``minimum_area`` of a site, none where it is absent."""
    place.only(("area", "sites", "income_per_ha", "minimum_area"))
    areas = numbers_of(place.at("area"), codes, figures, lambda one: one.number())
    sites = []
    for code, inner in place.at("sites").pairs():
        if code not in codes:
            inner.fail(_("“{code}” is no party of this file").format(code=code))
        inner.only(("fixed", "per_ha", "capacity"))
        sites.append(
            Site(
                codes.index(code),
                cents(inner.at("fixed")),
                cents(inner.at("per_ha")),
                inner.at("capacity").number(above_zero=True),
            )
        )
    minimum = place.at("minimum_area").number() if place.has("minimum_area") else Fraction(0)
    income = cents(place.at("income_per_ha"))
    return place.at("sites").attempt(
        lambda: Park(codes, tuple(areas), tuple(sites), income, minimum)
    )


SHAPES: dict[str, Callable[[Text, tuple[str, ...], Figures], CostFunction]] = {
    "facility": read_facility,
    "tree": read_tree,
    "airport": read_airport,
    "steps": read_steps,
    "business_park": read_park,
}
