"""Looking up anything by name or code: municipalities, partnerships, organisations, zones, themes.

A name is found by the beginning of any of its words, without capitals or accents, so that
"sint-nik" and "niklaas" find Sint-Niklaas. Costs O(names) per question; the names are gathered once
for each picture.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from samenspel.landscape.codes import THEMES
from samenspel.language import _, mark
from samenspel.web.known import Picture, kept
from samenspel.words import word

KINDS = ("municipality", "partnership", "zone", "theme", "organisation")
CALLED = {
    "municipality": mark("municipality"),
    "partnership": mark("partnership"),
    "zone": mark("zone"),
    "theme": mark("theme"),
    "organisation": mark("organisation"),
}


@dataclass(frozen=True)
class Found:
    """One thing: what it is, the code or codes that name it, how it is called, and what tells it
    from others of that name."""

    kind: str
    codes: tuple[str, ...]
    name: str
    beside: str

    @property
    def called(self) -> str:
        """What kind of thing it is, in the reader's words."""
        return _(CALLED[self.kind])


def plain(text: str) -> str:
    """``text`` as it is compared: small letters without accents, words with one space between."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[0-9a-z]+", letters))


@kept(4)
def everything(picture: Picture) -> list[tuple[str, Found]]:
    """Everything that can be looked up, with its name as it is compared."""
    found = [*municipalities(picture), *partnerships(picture), *zones(picture), *themes()]
    known = {one.codes[0] for one in found if one.kind in ("municipality", "partnership")}
    found += [one for one in organisations(picture) if one.codes[0] not in known]
    return [(f" {plain(one.name)} {plain(' '.join(one.codes))}", one) for one in found]


def municipalities(picture: Picture) -> Iterator[Found]:
    for nis, name in picture.land.table("municipalities").select("nis", "name").iter_rows():
        yield Found("municipality", (nis,), name or nis, nis)


def partnerships(picture: Picture) -> Iterator[Found]:
    rows = picture.land.table("partnerships").select("id", "name", "legal_form", "theme")
    for code, name, form, theme in rows.iter_rows():
        told = ", ".join(word(value) for value in (form, theme) if value)
        yield Found("partnership", (code,), name or code, told or code)


def zones(picture: Picture) -> Iterator[Found]:
    titles = dict(picture.land.table("zonings").select("zoning", "title").iter_rows())
    for zoning, zone, name in (
        picture.land.table("zones").select("zoning", "zone", "name").iter_rows()
    ):
        yield Found("zone", (zoning, zone), name or zone, titles.get(zoning) or zoning)


def themes() -> Iterator[Found]:
    for theme in THEMES:
        yield Found("theme", (theme,), word(theme), "")


def organisations(picture: Picture) -> Iterator[Found]:
    for code, name, class_ in (
        picture.land.table("organisations").select("id", "name", "class").iter_rows()
    ):
        yield Found("organisation", (code,), name or code, word(class_) if class_ else code)


def search(picture: Picture, text: str, most: int = 10) -> list[Found]:
    """Up to ``most`` things of which every word of ``text`` begins a word of the name or a code:
    what is called exactly so first, then what begins so, then in the order of KINDS and by name."""
    wanted = plain(text)
    if not wanted:
        return []
    parts = [f" {part}" for part in wanted.split()]
    met = [(key, one) for key, one in everything(picture) if all(part in key for part in parts)]

    def order(pair: tuple[str, Found]) -> tuple[bool, bool, int, int, str]:
        key, one = pair
        name = plain(one.name)
        return (
            name != wanted,
            not key.startswith(f" {wanted}"),
            KINDS.index(one.kind),
            len(name),
            name,
        )

    return [one for _key, one in sorted(met, key=order)[:most]]
