"""The checker of plans: a plan that holds passes, and every damage is seen."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from samenspel.alignment.plan.check import check_plan
from samenspel.alignment.plan.plan import Plan
from samenspel.alignment.plan.rationalise import rationalise
from samenspel.alignment.plan.wishes import Wish
from samenspel.landscape.landscape import Landscape
from test_plan_hand import body, draw, eight

Json = dict[str, Any]


def case() -> Landscape:
    """The hand-drawn region and one that crosses its border, whose far members keep their task."""
    return draw([*eight(), *crossing()])


def crossing() -> list[dict[str, Any]]:
    return [
        body("p14", "overeenkomst", "mobility", ["1", "2", "91"], ["bus"]),
        body("q", "overeenkomst", "mobility", ["91", "92"], ["bus"]),
    ]


def planned() -> Json:
    wishes = [Wish("keep", "p07"), Wish("at_most", number=9), Wish("not_into", "p02", "p09")]
    plan = rationalise(case(), "R", "Z", wishes=wishes)
    assert isinstance(plan, Plan)
    return deepcopy(plan.as_json())


def its(plan: Json, id: str) -> Json:
    return next(line for line in plan["lines"] if line["partnerships"] == [id])


def changed(id: str, **values: Any) -> Callable[[Json], None]:
    return lambda plan: its(plan, id).update(values)


def point(id: str, code: str, points: int | None) -> Callable[[Json], None]:
    def damage(plan: Json) -> None:
        for one in its(plan, id)["points"]:
            if one["code"] == code:
                plan["effort"] += (points or 0) - (one["points"] or 0)
                its(plan, id)["effort"] += (points or 0) - (one["points"] or 0)
                one["points"] = points

    return damage


def test_a_plan_that_holds_has_no_faults() -> None:
    assert its(planned(), "p14")["operation"] == "shrink"
    assert check_plan(case(), planned()) == []


DAMAGES: dict[str, tuple[Callable[[Json], Any], str]] = {
    "a line is lost": (lambda p: p["lines"].pop(3), "in no line"),
    "a line stands twice": (lambda p: p["lines"].append(p["lines"][0]), "in 2 lines"),
    "a line of nowhere": (changed("p01", partnerships=["zz"]), "no active partnership"),
    "a line of two": (changed("p01", partnerships=["p01", "p02"]), "about one partnership"),
    "no operation": (changed("p01", operation="sell"), "no operation"),
    "kept elsewhere": (changed("p01", result="p02"), "must be itself"),
    "ended somewhere": (changed("p04", result="p05"), "no result"),
    "a carrier that ends": (changed("p02", result="p03"), "does not stay whole"),
    "a carrier that shrinks": (changed("p02", result="p14"), "does not stay whole"),
    "into itself": (changed("p02", result="p02"), "does not stay whole"),
    "an exception ends": (changed("p06", operation="dissolve", result=None), "does not stand"),
    "an exception merges": (changed("p06", operation="merge", result="p12"), "does not stand"),
    "a task is lost": (changed("p05", operation="dissolve", result=None), "loses the task"),
    "another task is lost": (changed("p12", operation="dissolve", result=None), "loses the task"),
    "an unknown ends": (changed("p13", operation="dissolve", result=None), "tasks are unknown"),
    "another theme": (changed("p08", result="p01"), "another theme"),
    "into an exception": (changed("p08", result="p06"), "another theme"),
    "no transfer": (changed("p10", result="p01"), "transferred tasks"),
    "a private member": (changed("p11", operation="merge", result="p12"), "does not admit"),
    "no legal person": (changed("p12", operation="merge", result="p11"), "no legal person"),
    "hosted in no legal person": (changed("p02", result="p05"), "small service"),
    "hosted though at no counter": (changed("p05", operation="host", result="p01"), "small"),
    "a crossing one merges": (changed("p14", operation="merge", result="p11"), "lacks members"),
    "shrinks without reason": (changed("p12", operation="shrink"), "may not shrink"),
    "gives up too few": (changed("p14", given_up=[]), "may not shrink"),
    "keeps and gives up": (changed("p01", given_up=["8"]), "only what shrinks"),
    "carries what it does not": (changed("p05", carries=["p04"]), "does not carry"),
    "hides new members": (changed("p07", newcomers=[]), "new members"),
    "opens for nobody": (changed("p01", operation="extend"), "new members"),
    "claims to know tasks": (changed("p13", tasks_known=True), "told wrongly"),
    "points too low": (changed("p10", effort=1), "not that of its reasons"),
    "a point with another weight": (point("p10", "legal_person", 0), "do not follow"),
    "a point of its own": (
        lambda p: its(p, "p01")["points"].append({"code": "merge", "points": 0, "reason": ""}),
        "do not follow",
    ),
    "a point left out": (lambda p: its(p, "p07")["points"].pop(), "not that of its reasons"),
    "the total": (lambda p: p.update(effort=p["effort"] - 1), "not that of its lines"),
    "other weights": (lambda p: p["weights"].update(merge=7), "do not follow"),
    "before": (lambda p: p.update(before=183), "they are 14 and 9"),
    "after": (lambda p: p.update(after=8), "they are 14 and 9"),
    "bound above": (lambda p: p.update(bound=10), "above what the plan reaches"),
    "claimed proof": (lambda p: p.update(bound=7), "does not follow from its bounds"),
    "a curve cut short": (lambda p: p["curve"].pop(), "does not run"),
    "a curve that rises": (lambda p: p["curve"][-1].update(effort=99), "rises"),
    "a curve beside the plan": (lambda p: p["curve"][0].update(effort=99), "lie on its curve"),
    "a curve under its bound": (lambda p: p["curve"][0].update(bound=99), "lies above"),
    "too early": (changed("p10", date="2026-01-01"), "cannot change on"),
    "in the past": (changed("p02", date="2020-01-01"), "cannot change on"),
    "a known moment made unknown": (changed("p02", date=None), "cannot change on"),
    "a phase for what stays": (changed("p01", phase=1), "only that"),
    "no phase for what goes": (changed("p02", phase=None), "only that"),
    "phases swapped": (changed("p10", phase=0), "does not follow the days"),
    "opens too late": (changed("p07", date="2030-01-01"), "another moment"),
    "phases without lines": (lambda p: p["phases"].clear(), "do not hold"),
    "a town is missing": (lambda p: p["municipalities"].pop(), "not those of the region"),
    "a table too many": (lambda p: p["municipalities"][0].update(tables_after=9), "told wrongly"),
    "a gain is hidden": (lambda p: p["municipalities"][2].update(gained=[]), "told wrongly"),
    "a wish to go": (
        lambda p: p["wishes"].append({"kind": "go", "partnership": "p01", "text": "go"}),
        "not fulfilled",
    ),
    "a wish for fewer": (lambda p: p["wishes"][1].update(number=8), "not fulfilled"),
    "a wish to stay apart": (lambda p: p["wishes"][2].update(carrier="p01"), "not fulfilled"),
    "a wish for one": (
        lambda p: p["wishes"].append(
            {"kind": "into", "partnership": "p02", "carrier": "p12", "text": "into"}
        ),
        "not fulfilled",
    ),
    "a wish to shrink": (
        lambda p: p["wishes"].append({"kind": "shrink", "partnership": "p01", "text": "s"}),
        "not fulfilled",
    ),
    "a wish without": (
        lambda p: p["wishes"].append({"kind": "without", "operation": "host", "text": "w"}),
        "not fulfilled",
    ),
    "a wish to wait": (
        lambda p: p["wishes"].append({"kind": "not_before", "date": "2026-01-01", "text": "n"}),
        "not fulfilled",
    ),
    "a wish to be done": (
        lambda p: p["wishes"].append({"kind": "not_after", "date": "2026-01-01", "text": "n"}),
        "not fulfilled",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_is_seen(name: str) -> None:
    damage, told = DAMAGES[name]
    plan = planned()
    damage(plan)
    faults = check_plan(case(), plan)
    assert any(told in fault for fault in faults), faults


def test_a_plan_does_not_hold_for_another_landscape() -> None:
    plan = planned()
    alone = draw([*eight(), crossing()[0]])
    assert any("loses the task" in fault for fault in check_plan(alone, plan))
    for id, more, told in (
        ("p04", {"tasks": ["sport", "zwembad"]}, "loses the task"),
        ("p08", {"members": ["o2", "4"]}, "does not admit"),
        ("p02", {"legal_form": None}, "not described"),
        ("p02", {"members": ["1", "who"]}, "class of a member"),
        ("p02", {"scope_exception": "scale"}, "does not stand"),
        ("p10", {"term_end": date(2032, 1, 1)}, "cannot change"),
        ("p12", {"host": "p02"}, "member or host"),
        ("p01", {"status": "planned"}, "no active partnership"),
        ("p02", {"own_assets": True}, "do not follow"),
    ):
        other = [one | (more if one["id"] == id else {}) for one in eight()]
        landscape = draw([*other, *crossing()])
        faults = check_plan(landscape, plan)
        assert any(told in fault for fault in faults), (id, faults)
