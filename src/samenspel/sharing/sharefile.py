"""A file of sharing: parties, figures, keys, posts, and a game or claims, in YAML or JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from samenspel.language import _
from samenspel.sharing.functions import CostFunction
from samenspel.sharing.game import Game
from samenspel.sharing.gamefile import coalition_names, read_game
from samenspel.sharing.keys import EQUAL, OWN, Key, Limit
from samenspel.sharing.ledger import Post
from samenspel.sharing.postfile import KINDS, read_posts
from samenspel.sharing.reading import NOTHING, Text, read_text
from samenspel.sharing.sampling import MOST_PARTIES

ABOUT = ("title", "source", "status", "note", "fictional")
KEYS = (*ABOUT, "parties", "figures", "keys", *KINDS, "printed", "game", "estate", "claims")
PRINTED = ("truncated_to",)
UNITS = {"euro": 100, "cent": 1}


@dataclass(frozen=True)
class Figure:
    """A figure of the parties. ``values``: those that are known."""

    name: str
    title: str
    values: Mapping[str, Fraction]
    source: str = ""
    status: str = "choice"


@dataclass(frozen=True)
class ShareFile:
    """What a file of sharing holds. ``parties``: name by code, in the order of the file; ``game``:
    a table or a cost function; ``claims``: cents by code; ``printed``: the step in cents to which
    a printed table cuts amounts down."""

    title: str
    parties: Mapping[str, str]
    source: str = ""
    status: str = "choice"
    note: str = ""
    fictional: bool = False
    figures: Mapping[str, Figure] = field(default_factory=dict)
    keys: Mapping[str, Key] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()
    printed: int | None = None
    game: Game | CostFunction | None = None
    game_source: str = ""
    game_status: str = "choice"
    estate: int | None = None
    claims: Mapping[str, int] | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the parties in rising order, in which all is computed."""
        return tuple(sorted(self.parties))

    @property
    def values(self) -> dict[str, Mapping[str, Fraction]]:
        """The known values of every figure."""
        return {name: figure.values for name, figure in self.figures.items()}


def read_sharefile(file: Path) -> ShareFile:
    """The sharing in ``file``. Raises InputError with file, line and key of the first fault."""
    top = read_text(file)
    top.only(KEYS)
    source, status = top.origin()
    parties = read_parties(top)
    if len(parties) > MOST_PARTIES:
        top.at("parties").fail(
            _("there are {count} parties, and the most is {most}").format(
                count=len(parties), most=MOST_PARTIES
            )
        )
    codes = tuple(sorted(parties))
    figures = read_figures(top, codes)
    values = {name: figure.values for name, figure in figures.items()}
    keys = read_keys(top, parties, figures)
    posts = read_posts(top, codes, values, keys)
    game, game_source, game_status = None, "", "choice"
    if top.has("game"):
        game = read_game(top.at("game"), codes, values)
        game_source, game_status = top.at("game").origin()
    claims, estate = read_claims(top, parties)
    if game is None and claims is None and not posts:
        top.fail(_("there is nothing to share; state costs, a game, or claims with an estate"))
    return ShareFile(
        title=top.at("title").text() if top.has("title") else "",
        parties=parties,
        source=source,
        status=status,
        note=top.at("note").text() if top.has("note") else "",
        fictional=top.has("fictional") and top.at("fictional").choice(("true", "false")) == "true",
        figures=figures,
        keys=keys,
        posts=posts,
        printed=read_printed(top),
        game=game,
        game_source=game_source,
        game_status=game_status,
        estate=estate,
        claims=claims,
    )


def read_parties(top: Text) -> dict[str, str]:
    """Name by code: of ``parties``, else of those whom the claims or the groups name."""
    if not top.has("parties"):
        if top.has("claims"):
            return {checked(code, place): code for code, place in top.at("claims").pairs()}
        if top.has("game") and top.at("game").has("coalitions"):
            return {code: code for code in coalition_names(top.at("game").at("coalitions"))}
        top.fail(_("parties is missing; name them, such as parties: [A, B]"))
    listed = top.at("parties")
    found: dict[str, str] = {}
    if not listed.is_mapping():
        for item in listed.items():
            code = checked(item.text(), item)
            if code in found:
                item.fail(_("{code} stands there twice; keep one").format(code=code))
            found[code] = code
        return found
    for code, place in listed.pairs():
        name = code
        if place.is_mapping():
            place.only(("name",))
            name = place.at("name").text()
        elif place.value != "":
            name = place.text()
        found[checked(code, place)] = name
    return found


def checked(code: str, place: Text) -> str:
    """``code`` where it can name a party in a group."""
    if not code.strip() or "," in code or code != code.strip():
        place.fail(_("the code of a party is a text without commas"))
    return code


def read_figures(top: Text, codes: tuple[str, ...]) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for name, place in top.at("figures").pairs() if top.has("figures") else []:
        if name in (EQUAL, OWN):
            place.fail(_("the name {name} is taken; choose another").format(name=name))
        place.only(("title", "values", "source", "status"))
        values: dict[str, Fraction] = {}
        for code, value in place.at("values").pairs():
            known_party(code, codes, value)
            if value.value not in NOTHING:  # empty is unknown
                values[code] = value.number()
        title = place.at("title").text() if place.has("title") else name
        found[name] = Figure(name, title, values, *place.origin())
    return found


def known_party(code: str, codes: tuple[str, ...], place: Text) -> None:
    if code not in codes:
        place.fail(
            _("“{code}” is no party of this file; use one of {known}").format(
                code=code, known=", ".join(codes[:20]) + (" ..." if len(codes) > 20 else "")
            )
        )


def read_keys(
    top: Text, parties: Mapping[str, str], figures: Mapping[str, Figure]
) -> dict[str, Key]:
    """The keys of the file; beside them every figure, and equal, is a key by its own name."""
    found = {name: Key({name: Fraction(1)}) for name in (EQUAL, *figures)}
    for name, place in top.at("keys").pairs() if top.has("keys") else []:
        if name in found or name == OWN:
            place.fail(_("the name {name} is taken; choose another").format(name=name))
        place.only(("by", "mix", "floor", "cap", "source", "status"))
        if place.has("by") == place.has("mix"):
            place.fail(_("it needs either by, with one figure, or mix, with several"))
        if place.has("by"):
            mix = {place.at("by").choice((EQUAL, *figures)): Fraction(1)}
        else:
            mix = {}
            for part, weight in place.at("mix").pairs():
                if part != EQUAL and part not in figures:
                    weight.fail(
                        _("{value} is not known here; use one of {known}").format(
                            value=part, known=", ".join((EQUAL, *figures))
                        )
                    )
                mix[part] = weight.part()
            if sum(mix.values()) != 1:
                place.at("mix").fail(
                    _("the weights add up to {sum}, not to 1; change them").format(
                        sum=sum(mix.values())
                    )
                )
        floor, cap = (read_limits(place, word, parties) for word in ("floor", "cap"))
        found[name] = Key(mix, floor, cap, *place.origin())
    return found


def read_limits(place: Text, word: str, parties: Mapping[str, str]) -> dict[str, Limit]:
    """Floors or caps by party; one value holds for all."""
    if not place.has(word):
        return {}
    listed = place.at(word)
    if not listed.is_mapping():
        return dict.fromkeys(parties, limit(listed))
    found = {}
    for code, value in listed.pairs():
        known_party(code, tuple(parties), value)
        found[code] = limit(value)
    return found


def limit(value: Text) -> Limit:
    if value.text().endswith("%"):
        return Limit(value.part(), relative=True)
    return Limit(Fraction(value.cents(least=0)))


def read_printed(top: Text) -> int | None:
    if not top.has("printed"):
        return None
    top.at("printed").only(PRINTED)
    return UNITS[top.at("printed").at("truncated_to").choice(tuple(UNITS))]


def read_claims(top: Text, parties: Mapping[str, str]) -> tuple[dict[str, int] | None, int | None]:
    if not top.has("claims") and not top.has("estate"):
        return None, None
    for word in ("game", *KINDS):
        if top.has(word):
            top.at(word).fail(_("a file holds claims or a division of costs; keep one of them"))
    estate = top.at("estate").cents(least=0)
    claims = {}
    for code, value in top.at("claims").pairs():
        known_party(code, tuple(parties), value)
        claims[code] = value.cents(least=0)
    for code in parties:
        if code not in claims:
            top.at("claims").fail(
                _("{party} has no claim here; give it, 0 where it has none").format(party=code)
            )
    if sum(claims.values()) < estate:
        top.at("estate").fail(
            _("the estate is more than all claims together, so there is nothing to divide")
        )
    return claims, estate
