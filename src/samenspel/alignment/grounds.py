"""The three grounds on which cooperation may cross a region, and what the facts say of each.

VVSG-standpunt regiovorming 2020, 3.4.1 ('leg uit'), in own words. Which facts speak for a ground is
a reading of this software (status: ``choice``); a fact that only hints decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samenspel.language import _, mark
from samenspel.law.logic import Truth, all_of, any_of
from samenspel.words import column_word, word

SOURCE = "VVSG-standpunt regiovorming 2020, 3.4.1"
SMALL = (2, 6)  # municipalities, as in the publication
# Themes that hint that land or water dominates.
OF_THE_LAND = ("water", "spatial_environment")
SUPPORTED = {True: "supported", False: "not_supported", None: "unknown"}
VERDICTS = {
    "supported": mark("the facts support it"),
    "not_supported": mark("the facts do not support it"),
    "unknown": mark("the facts leave it open"),
}
FACT_WORDS = {"municipalities": mark("number of municipalities")}


@dataclass(frozen=True)
class Ground:
    """One ground: what it says, its examples and its lines in the plain text of the source."""

    id: str
    title: str
    text: str
    examples: tuple[str, ...]
    lines: tuple[int, int]


GROUNDS = (
    Ground(
        "landscape",
        mark("The landscape dominates"),
        mark("The work is tied to a basin or a nature area, which does not follow a border that "
             "people draw."),
        (mark("a basin board"), mark("shared management of a nature area")),
        (1154, 1162),
    ),
    Ground(
        "small_service",
        mark("Small cooperation that serves citizens or operates something"),
        mark("Such work often makes more sense for two to six municipalities. A larger body can "
             "house it and take over its overhead; small should fit inside large where it can."),
        (mark("a housing desk"), mark("a care association"), mark("a swimming pool")),
        (1164, 1191),
    ),
    Ground(
        "scale",
        mark("Scale is the only or main driver"),
        mark("The work needs a large area to pay for itself, often because of heavy investments, "
             "and has little to do with local or regional policy."),
        (mark("an intermunicipal crematorium"),),
        (1193, 1203),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Test:
    """One thing asked of a fact. ``truth``: True, False or None (unknown); ``decides``: false for
    what only hints."""

    fact: str
    value: Any
    wanted: Any
    truth: Truth
    decides: bool = True

    def as_json(self) -> dict[str, Any]:
        """The test as plain values."""
        wanted = list(self.wanted) if isinstance(self.wanted, tuple) else self.wanted
        return {
            "fact": self.fact,
            "value": self.value,
            "wanted": wanted,
            "truth": self.truth,
            "decides": self.decides,
        }


def weighed(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of each ground what the facts of ``row`` (see ``Alignment.partnerships``, with
    ``scope_exception`` and ``own_assets``) say: ``supported``, ``not_supported`` or ``unknown``,
    with the tests that led there and the facts that would settle it."""
    readers = {"landscape": of_land, "small_service": small_service, "scale": of_scale}
    found = []
    for ground in GROUNDS:
        truth, tests = readers[ground.id](row)
        found.append(
            {
                "ground": ground.id,
                "title": _(ground.title),
                "text": _(ground.text),
                "examples": [_(example) for example in ground.examples],
                "source": SOURCE,
                "lines": list(ground.lines),
                "status": "proposal",
                "facts_say": SUPPORTED[truth],
                "trace": [test.as_json() for test in tests],
                "reading_status": "choice",
                "missing": missing(tests) if truth is None else [],
            }
        )
    return found


def missing(tests: list[Test]) -> list[str]:
    """The facts without value, each once."""
    return list(dict.fromkeys(test.fact for test in tests if test.value is None and test.decides))


def stated(row: Mapping[str, Any], ground: str) -> Test:
    """Whether the landscape records this ground; it records one for each partnership."""
    value = row["scope_exception"]
    return Test("scope_exception", value, ground, None if value is None else value == ground)


def of_land(row: Mapping[str, Any]) -> tuple[Truth, list[Test]]:
    """What is recorded; a theme only hints."""
    first, theme = stated(row, "landscape"), row["theme"]
    hint = None if theme is None else theme in OF_THE_LAND
    return first.truth, [first, Test("theme", theme, OF_THE_LAND, hint, decides=False)]


def small_service(row: Mapping[str, Any]) -> tuple[Truth, list[Test]]:
    """Two to six municipalities, and service or operation: recorded as such, first line or of
    level zonal."""
    count = row["members"] or None
    low, high = SMALL
    small: Truth = None if count is None else low <= count <= high
    if row["members_unknown"] and count is not None and count <= high:
        small = None  # an unknown member may be one municipality more
    nature = [
        stated(row, "small_service"),
        *(
            Test(name, row[name], wanted, None if row[name] is None else row[name] == wanted)
            for name, wanted in (("line", "first"), ("level", "zonal"))
        ),
    ]
    size = Test("municipalities", count, SMALL, small)
    return all_of([small, any_of(test.truth for test in nature)]), [size, *nature]


def of_scale(row: Mapping[str, Any]) -> tuple[Truth, list[Test]]:
    """What is recorded; assets of its own only hint at heavy investment."""
    first, assets = stated(row, "scale"), row["own_assets"]
    return first.truth, [first, Test("own_assets", assets, True, assets, decides=False)]


def trace_line(test: Mapping[str, Any]) -> str:
    """One test in words."""
    name = test["fact"]
    label = _(FACT_WORDS[name]) if name in FACT_WORDS else column_word(name)
    text = _("{fact}: {value}, asked: {wanted}").format(
        fact=label, value=in_words(test["value"]), wanted=in_words(test["wanted"])
    )
    if not test["decides"]:
        text += " " + _("(a hint, decides nothing)")
    return f"[{truth_word(test['truth'])}] {text}"


def truth_word(truth: Truth) -> str:
    return _("unknown") if truth is None else _("yes") if truth else _("no")


def in_words(value: Any) -> str:
    """The value of a fact, or what is asked of it, as a reader says it."""
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return truth_word(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return word(value)
    if all(isinstance(one, int) for one in value):
        return _("{low} to {high}").format(low=value[0], high=value[1])
    *others, last = (word(one) for one in value)
    return _("{others} or {last}").format(others=", ".join(others), last=last)
