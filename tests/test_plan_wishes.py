"""Wishes for a plan: each kind, files of them, and wishes that clash."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from samenspel.alignment.plan.check import check_plan
from samenspel.alignment.plan.plan import Clash
from samenspel.alignment.plan.rationalise import rationalise
from samenspel.alignment.plan.settings import Settings, Weights
from samenspel.alignment.plan.wishes import Wish
from samenspel.alignment.plan.wishfile import read_wishes
from samenspel.errors import InputError
from test_plan_hand import body, draw, eight, line, plan_of, two, ways


def clash_of(bodies: list[dict[str, Any]], wishes: list[Wish], **more: Any) -> Clash:
    """The clash, each wish of which must be needed for it."""
    landscape = draw(bodies)
    found = rationalise(landscape, "R", "Z", wishes=wishes, **more)
    assert isinstance(found, Clash)
    assert isinstance(rationalise(landscape, "R", "Z", wishes=found.wishes, **more), Clash)
    for wish in found.wishes:
        rest = [other for other in found.wishes if other != wish]
        assert not isinstance(rationalise(landscape, "R", "Z", wishes=rest, **more), Clash)
    return found


@pytest.mark.parametrize(
    ("wish", "id", "way"),
    [
        (Wish("keep", "p02"), "p02", ("keep", "p02")),
        (Wish("keep", "p08"), "p08", ("extend", "p08")),
        (Wish("go", "p07"), "p07", ("merge", "p08")),
        (Wish("go", "p05"), "p05", ("merge", "p04")),
        (Wish("into", "p02", "p12"), "p02", ("host", "p12")),
        (Wish("into", "p02", "p03"), "p02", ("merge", "p03")),
        (Wish("not_into", "p02", "p01"), "p02", ("host", "p09")),
        (Wish("without", operation="host"), "p03", ("merge", "p02")),
        (Wish("without", operation="dissolve"), "p04", ("merge", "p05")),
    ],
)
def test_every_kind_of_wish_is_fulfilled(wish: Wish, id: str, way: tuple[str, str]) -> None:
    plan = plan_of(eight(), wishes=[wish])
    assert ways(plan)[id] == way
    assert plan.wishes == (wish,)
    if wish.kind == "keep" and way[0] == "keep":
        assert line(plan, id).reason_code == "wish"


def test_wishes_on_time_move_or_bar_what_changes() -> None:
    plan = plan_of(eight(), wishes=[Wish("not_before", date=date(2026, 6, 1))])
    assert line(plan, "p02").date == date(2026, 6, 1)
    assert line(plan, "p10").date == date(2031, 1, 1)
    plan = plan_of(eight(), wishes=[Wish("not_after", date=date(2030, 1, 1))])
    assert (plan.after, line(plan, "p10").operation) == (9, "keep")
    assert line(plan, "p10").reason_code == "too_late"
    # After a wish to wait, the term that ended before is a term unknown.
    plan = plan_of(eight(), wishes=[Wish("not_before", date=date(2032, 1, 1))])
    assert (line(plan, "p10").operation, line(plan, "p10").date) == ("merge", None)
    both = [Wish("not_before", date=date(2030, 1, 1)), Wish("not_after", date=date(2029, 1, 1))]
    assert plan_of(eight(), wishes=both).after == 13


def test_a_wish_to_shrink() -> None:
    bodies = [
        body("a", "overeenkomst", "leisure", ["1", "2", "91"], ["x"]),
        body("b", "overeenkomst", "leisure", ["91", "92"], ["x"]),
    ]
    free = Settings(weights=Weights(explain=0))
    assert ways(plan_of(bodies, settings=free)) == {"a": ("keep", "a")}
    plan = plan_of(bodies, settings=free, wishes=[Wish("shrink", "a")])
    assert ways(plan) == {"a": ("shrink", "a")}
    clash = clash_of(bodies, [Wish("shrink", "a"), Wish("without", operation="shrink")])
    assert len(clash.wishes) == 2


def test_at_most_is_met_or_clashes() -> None:
    assert plan_of(eight(), wishes=[Wish("at_most", number=8)]).after == 8
    clash = clash_of(eight(), [Wish("at_most", number=7)])
    assert clash.wishes == (Wish("at_most", number=7),)
    assert clash.reasons == ("it is possible from 8",)
    kept = [Wish("keep", id) for id in ("p05", "p06")]
    needed = plan_of(eight(), wishes=kept).after
    clash = clash_of(eight(), [*kept, Wish("at_most", number=needed - 1)])
    told = dict(zip(clash.wishes, clash.reasons, strict=True))
    most = told[Wish("at_most", number=needed - 1)]
    others = [wish for wish in clash.wishes if wish.kind != "at_most"]
    assert most is not None
    assert most.endswith(f"it is possible from {plan_of(eight(), wishes=others).after}")
    target = Settings(target=11)
    plan = plan_of(eight(), settings=target, wishes=[Wish("at_most", number=9)])
    assert plan.after == 9


def test_of_many_wishes_only_those_that_clash_come_back() -> None:
    wishes = [
        Wish("keep", "p01"),
        Wish("keep", "p02"),
        Wish("not_before", date=date(2026, 1, 1)),
        Wish("at_most", number=9),
        Wish("keep", "p03"),
        Wish("without", operation="dissolve"),
        Wish("keep", "p04"),
        Wish("at_most", number=12),
    ]
    clash = clash_of(eight(), wishes)
    assert set(clash.wishes) < {Wish("keep", "p02"), Wish("keep", "p03"), Wish("keep", "p04"),
                                Wish("at_most", number=9)}  # fmt: skip
    assert Wish("at_most", number=9) in clash.wishes
    assert len(clash.wishes) == 3
    told = {one["wish"]["text"] for one in clash.as_json()["clash"]}
    assert "at most 9 partnerships" in told


def test_wishes_about_one_another_clash() -> None:
    bodies = two()
    clash = clash_of(bodies, [Wish("go", "b"), Wish("keep", "a"), Wish("go", "a")])
    assert clash.wishes == (Wish("keep", "a"), Wish("go", "a"))
    clash = clash_of(bodies, [Wish("into", "a", "b"), Wish("into", "b", "a")])
    assert len(clash.wishes) == 2


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (Wish("go", "p06"), "exception"),
        (Wish("go", "p13"), "nothing else can take it over"),
        (Wish("into", "p11", "p12"), "not known to allow"),
        (Wish("into", "p02", "p05"), "another theme"),
        (Wish("into", "p06", "p12"), "exception"),
        (Wish("shrink", "p01"), "keep every task"),
    ],
)
def test_a_wish_against_the_rules_says_which_rule(wish: Wish, reason: str) -> None:
    clash = clash_of(eight(), [Wish("keep", "p01"), wish])
    assert clash.wishes == (wish,)
    (told,) = clash.reasons
    assert told is not None
    assert reason in told


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Wish("sell", "p01"), "no kind of wish"),
        (Wish("keep", "zz"), "“zz” is no active partnership of Rond"),
        (Wish("keep"), "no active partnership"),
        (Wish("into", "p01"), "no active partnership"),
        (Wish("into", "p01", "p01"), "into itself"),
        (Wish("without", operation="keep"), "no operation"),
        (Wish("at_most"), "whole number"),
        (Wish("at_most", number=-1), "whole number"),
        (Wish("not_before"), "give a date"),
    ],
)
def test_a_wish_that_cannot_be_understood_is_refused(wish: Wish, told: str) -> None:
    with pytest.raises(InputError, match=told):
        rationalise(draw(eight()), "R", "Z", wishes=[Wish("keep", "p02"), wish])


WISHES = """
wishes:
  - keep: [p02, "p03"]
  - go: [p07]
  - shrink: []
  - into: {partnership: p10, carrier: p09}
  - not_into: {partnership: p08, carrier: p09}
  - at_most: 12
  - without: [dissolve]
  - not_before: 2026-01-31
  - not_after: 2040-01-31
settings:
  weights: {merge: 3}
  join_themes: [[housing, leisure]]
  deadline: 2030-12-31
  target: 9
"""


def test_a_file_of_wishes_is_read_and_solved(tmp_path: Path) -> None:
    file = tmp_path / "wensen.yaml"
    file.write_text(WISHES, encoding="utf-8")
    wishes, settings = read_wishes(file)
    assert wishes == (
        Wish("keep", "p02"),
        Wish("keep", "p03"),
        Wish("go", "p07"),
        Wish("into", "p10", "p09"),
        Wish("not_into", "p08", "p09"),
        Wish("at_most", number=12),
        Wish("without", operation="dissolve"),
        Wish("not_before", date=date(2026, 1, 31)),
        Wish("not_after", date=date(2040, 1, 31)),
    )
    assert settings == Settings(
        weights=Weights(merge=3),
        join_themes=(("housing", "leisure"),),
        deadline=date(2030, 12, 31),
        target=9,
    )
    plan = plan_of(eight(), wishes=wishes, settings=settings)
    assert ways(plan)["p10"] == ("merge", "p09")
    assert plan.as_json()["settings"]["deadline"] == "2030-12-31"
    assert json.loads(json.dumps(plan.as_json())) == plan.as_json()


def test_json_and_an_empty_file_of_wishes_are_read_too(tmp_path: Path) -> None:
    file = tmp_path / "wensen.json"
    file.write_text(json.dumps({"wishes": [{"keep": ["p02"]}]}), encoding="utf-8")
    assert read_wishes(file) == ((Wish("keep", "p02"),), Settings())
    file.write_text("{}", encoding="utf-8")
    assert read_wishes(file) == ((), Settings())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("wishes: [", "line 1: this is not valid YAML"),
        ("- keep", "must hold keys"),
        ("wens: []", "key wens: unknown"),
        ("wishes: {keep: [a]}", "key wishes: it must be a list"),
        ("wishes:\n  - hold: [a]", "line 2, key wishes.0.hold: wish 1: unknown"),
        ("wishes:\n  - keep: [a]\n  - {keep: [a], go: [b]}", "line 3.*wish 2 must have exactly"),
        ("wishes:\n  - keep: a", "wish 1: it needs a list of ids"),
        ("wishes:\n  - keep: [a, 12]", "key wishes.0.keep.1: wish 1: it needs a list of ids"),
        ("wishes:\n  - into: {partnership: a}", "wish 1: it needs partnership and carrier"),
        ("wishes:\n  - into: {partnership: a, carrier: b, x: 1}", "wish 1: it needs partnership"),
        ("wishes:\n  - at_most: many", "wish 1: it needs a whole number"),
        ("wishes:\n  - at_most: -1", "wish 1: it needs a whole number"),
        ("wishes:\n  - at_most: true", "wish 1: it needs a whole number"),
        ("wishes:\n  - without: [keep]", "wish 1: it needs a list of merge"),
        ("wishes:\n  - not_before: soon", "wish 1: it needs a date"),
        ("settings: {target: many}", "key settings.target"),
        ("settings: {weights: {merges: 1}}", "key settings.weights.merges: unknown"),
        ("settings: {weights: {merge: -1}}", "Weight merge"),
        ("settings: {join_themes: [[housing, sport]]}", "“sport” is no theme"),
        ("settings: 3", "key settings"),
    ],
)
def test_a_fault_in_a_file_of_wishes_is_named(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "wensen.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_wishes(file)


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.yaml: there is no such file"):
        read_wishes(tmp_path / "absent.yaml")
    (tmp_path / "wensen.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"wensen\.yaml: this is no text in UTF-8"):
        read_wishes(tmp_path / "wensen.yaml")


def test_a_plan_of_wishes_is_checked_against_them() -> None:
    plan = plan_of(eight(), wishes=[Wish("keep", "p02")]).as_json()
    plan["wishes"][0]["partnership"] = "p03"
    assert any("not fulfilled" in fault for fault in check_plan(draw(eight()), plan))
