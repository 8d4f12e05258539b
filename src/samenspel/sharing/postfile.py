"""The posts of a file of sharing: costs, benefits, forgone income and indirect effects.

An amount is stated in euro, or as staff (``fte``), ``days`` or another ``quantity`` at a
``price``; for all together, per unit of a figure (``per``), or party by party. Amounts that are
reckoned are made whole cents one by one, half a cent up, as on an invoice.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from samenspel.language import _
from samenspel.sharing.keys import OWN, Figures, Key
from samenspel.sharing.ledger import (
    BENEFIT,
    BURDEN,
    COST,
    ESTIMATED,
    FORGONE,
    GAIN,
    MEASURED,
    Post,
    line_of,
)
from samenspel.sharing.reading import Text

KINDS = ("costs", "benefits", "forgone", "indirect")
QUANTITIES = ("fte", "days", "quantity")
FIELDS = ("name", "amount", *QUANTITIES, "price", "per", "by", "key", "certainty", "effect",
          "source", "status")  # fmt: skip
EFFECTS = {"burden": BURDEN, "gain": GAIN}


def read_posts(
    top: Text, codes: tuple[str, ...], figures: Figures, keys: Mapping[str, Key]
) -> tuple[Post, ...]:
    """Every post under costs, benefits, forgone and indirect, in the order of the file."""
    found = []
    for word in KINDS:
        for name, place in top.at(word).pairs() if top.has(word) else []:
            found.append(read_post(word, name, place, codes, figures, keys))
    return tuple(found)


def read_post(
    word: str,
    name: str,
    place: Text,
    codes: tuple[str, ...],
    figures: Figures,
    keys: Mapping[str, Key],
) -> Post:
    place.only(FIELDS)
    kind = {"costs": COST, "benefits": BENEFIT, "forgone": FORGONE}.get(word)
    if kind is None:
        kind = EFFECTS[place.at("effect").choice(tuple(EFFECTS))]
    elif place.has("effect"):
        place.at("effect").fail(_("only what stands under indirect has an effect; leave it out"))
    certainty = None
    if place.has("certainty") or word in ("forgone", "indirect"):
        certainty = place.at("certainty").choice((MEASURED, ESTIMATED))
    total, today, reckoning = read_amounts(place, codes, figures)
    key = place.at("key").choice((*keys, OWN))
    if key == OWN and today is None:
        place.at("key").fail(
            _("each keeps its own only where it is said what falls on whom; add by or per, or "
              "give amounts by party")
        )  # fmt: skip
    if word in ("forgone", "indirect") and today is None:
        place.fail(_("it falls on somebody; add by or per, or give amounts by party"))
    source, status = place.origin()
    post = Post(
        id=name,
        name=place.at("name").text() if place.has("name") else name,
        kind=kind,
        total=total,
        today=today,
        key=key,
        certainty=certainty,
        reckoning=reckoning,
        source=source,
        status=status,
    )
    place.at("key").attempt(lambda: line_of(codes, post, keys, figures))
    return post


def read_amounts(
    place: Text, codes: tuple[str, ...], figures: Figures
) -> tuple[int, tuple[int, ...] | None, str]:
    """(total in cents, what falls on each party where that is stated, how it was reckoned)."""
    stated = [word for word in ("amount", *QUANTITIES) if place.has(word)]
    if len(stated) != 1:
        place.fail(_("it needs one of {known}").format(known=", ".join(("amount", *QUANTITIES))))
    word = stated[0]
    if (word == "amount") == place.has("price"):
        place.fail(
            _("a price belongs to {known}, and these need one").format(known=", ".join(QUANTITIES))
        )
    price = Fraction(place.at("price").cents(least=0)) if word != "amount" else Fraction(1)
    told = "" if word == "amount" else f" {word} × {place.at('price').text()}"
    value = place.at(word)
    if sum((value.is_mapping(), place.has("per"), place.has("by"))) > 1:
        place.fail(_("say what falls on whom in one way: by, per, or amounts by party"))
    if value.is_mapping():
        mine = by_party(value, word, codes)
        today = tuple(rounded(mine[code] * price) for code in codes)
        return sum(today), today, told.strip()
    one = quantity(value, word)
    reckoning = f"{value.text()}{told}" if told else ""
    if place.has("per"):
        name = place.at("per").choice(tuple(figures) or ("-",))
        absent = [code for code in codes if code not in figures[name]]
        if absent:
            place.at("per").fail(
                _("the figure {figure} is not known for {party}; give it").format(
                    figure=name, party=absent[0]
                )
            )
        today = tuple(rounded(one * price * figures[name][code]) for code in codes)
        return sum(today), today, f"{value.text()}{told} × {name}"
    total = rounded(one * price)
    if place.has("by"):
        bearer = place.at("by").choice(codes)
        return total, tuple(total if code == bearer else 0 for code in codes), reckoning
    return total, None, reckoning


def by_party(value: Text, word: str, codes: tuple[str, ...]) -> dict[str, Fraction]:
    """What stands for each party; every party must have its own."""
    found = {}
    for code, inner in value.pairs():
        if code not in codes:
            inner.fail(_("“{code}” is no party of this file").format(code=code))
        found[code] = quantity(inner, word)
    for code in codes:
        if code not in found:
            value.fail(
                _("{party} is not named here; give its own, 0 where it has none").format(party=code)
            )
    return found


def quantity(value: Text, word: str) -> Fraction:
    return Fraction(value.cents(least=0)) if word == "amount" else value.number()


def rounded(cents: Fraction) -> int:
    """``cents`` to the nearest whole one, half a cent up."""
    return floor(cents + Fraction(1, 2))
