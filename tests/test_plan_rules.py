"""Every rule of a plan by itself, in both directions, on a few partnerships drawn for it."""

from datetime import date
from typing import Any

import pytest

from samenspel.alignment.plan.settings import Settings, Weights
from samenspel.alignment.plan.wishes import Wish
from test_plan_hand import DAY, EVERYBODY, FAR, body, eight, line, plan_of, two, ways


def test_two_alike_merge_into_the_one_that_asks_least() -> None:
    assert ways(plan_of(two())) == {"a": ("merge", "b"), "b": ("keep", "b")}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"legal_form": None}, "form_unknown"),
        ({"legal_form": "vzw"}, "form_undescribed"),
        ({"members": ["1", "who"]}, "class_unknown"),
        ({"scope_exception": "scale"}, "exception"),
        ({"scope_exception": "of our own"}, "exception"),
        ({"theme": None}, "no_way"),
        ({"members": ["1", "91"]}, "no_way"),
        ({"legal_form": "projectvereniging"}, "no_way"),
    ],
)
def test_what_stands_in_the_way_keeps_it(more: dict[str, Any], code: str) -> None:
    # What is a member elsewhere cannot end, so only a can move.
    plan = plan_of([*two(**more), body("c", "overeenkomst", "water", ["1", "b"], ["z"])])
    assert line(plan, "a").operation == "keep"
    assert line(plan, "a").reason_code == code


def test_a_member_or_host_of_another_stays() -> None:
    for changed in ({"members": ["3", "a"]}, {"members": ["3", "4"], "host": "a"}):
        # Else a would go into b, which asks less.
        other = body("c", "overeenkomst", "water", [], ["z"]) | changed
        plan = plan_of([*two(), other])
        assert ways(plan) == {"a": ("extend", "a"), "b": ("merge", "a"), "c": ("keep", "c")}
        assert line(plan, "a").reason_code == "leaned_on"


@pytest.mark.parametrize(
    ("form", "theme", "member", "goes"),
    [
        ("projectvereniging", "housing", "pz", True),
        ("projectvereniging", "housing", "pv", False),
        ("projectvereniging", "housing", "v", False),
        ("dienstverlenende_vereniging", "housing", "pz", False),
        ("opdrachthoudende_vereniging", "utilities", "v", False),
        ("opdrachthoudende_vereniging_met_private_deelname", "utilities", "v", True),
        ("opdrachthoudende_vereniging_met_private_deelname", "housing", "v", False),
        ("welzijnsvereniging", "housing", "n", True),
        ("welzijnsvereniging", "housing", "v", False),
        ("interlokale_vereniging", "housing", "v", True),
        ("interlokale_vereniging", "housing", "pv", True),
        ("samenwerking_tussen_ocmws", "housing", "3", False),
        ("samenwerking_tussen_ocmws", "housing", "o3", True),
        ("vzw", "housing", "3", False),
        (None, "housing", "3", False),
    ],
)
def test_a_form_takes_in_whom_it_may(form: str | None, theme: str, member: str, goes: bool) -> None:
    carrier = ["o1", "o2"] if form == "samenwerking_tussen_ocmws" else ["1", "2"]
    bodies = [
        body("a", "overeenkomst", theme, [*carrier, member], ["x"]),
        # What is a member here cannot end, so only a can move.
        body("b", form, theme, carrier, ["y"], term_end=date(2030, 1, 1)),
        body("c", "overeenkomst", "water", ["1", "b"], ["z"]),
    ]
    plan = plan_of(bodies)
    assert ways(plan)["a"] == (("merge", "b") if goes else ("keep", "a"))


def test_an_unknown_form_may_receive_what_adds_no_member() -> None:
    bodies = two()
    bodies[1]["legal_form"] = None
    assert ways(plan_of(bodies))["a"] == ("merge", "b")


def test_transferred_tasks_only_go_to_a_carrier_with_transfer() -> None:
    for transferred, goes in ((True, False), (None, False), (False, True)):
        bodies = [
            body("a", "opdrachthoudende_vereniging", "utilities", "12", ["x"],
                 transferred=transferred, term_end=date(2026, 1, 1)),
            body("b", "dienstverlenende_vereniging", "utilities", "1234", ["y"],
                 term_end=date(2030, 1, 1)),
            body("c", "overeenkomst", "water", ["1", "b"], ["z"]),
        ]  # fmt: skip
        assert ways(plan_of(bodies))["a"] == (("merge", "b") if goes else ("keep", "a"))


def test_a_task_for_one_more_member_keeps_it_from_ending() -> None:
    bodies = two()
    for one in bodies:
        one["tasks"], one["theme"] = ["x"], "leisure"
    assert line(plan_of(bodies), "a").operation == "dissolve"
    bodies[1]["served"] = ["1", "3", "4"]
    assert line(plan_of(bodies), "a").operation == "merge"


def test_a_partnership_elsewhere_that_serves_the_members_lets_one_end() -> None:
    bodies = [
        body("a", "overeenkomst", "leisure", ["1", "91"], ["x"]),
        body("b", "overeenkomst", "leisure", FAR, ["x"], served=["1", "91"]),
    ]
    assert line(plan_of(bodies), "a").operation == "dissolve"
    bodies[1]["status"] = None
    assert line(plan_of(bodies), "a").operation == "keep"


def test_what_crosses_shrinks_where_those_outside_keep_every_task() -> None:
    bodies = [
        body("a", "overeenkomst", "leisure", ["1", "2", "91", "92"], ["x"]),
        body("b", "overeenkomst", "leisure", FAR, ["x"]),
    ]
    plan = plan_of(bodies)
    assert ways(plan) == {"a": ("shrink", "a")}
    assert line(plan, "a").given_up == ("91", "92")
    # Explaining is the other way, and it may weigh less.
    dear = Settings(weights=Weights(shrink=9))
    assert ways(plan_of(bodies, settings=dear)) == {"a": ("keep", "a")}
    # Of two ways that weigh the same it is the first: keep.
    same = Settings(weights=Weights(explain=3))
    assert ways(plan_of(bodies, settings=same)) == {"a": ("keep", "a")}
    bodies[1]["members"] = ["91"]
    assert ways(plan_of(bodies)) == {"a": ("keep", "a")}


@pytest.mark.parametrize(
    ("form", "inside", "goes"),
    [
        ("overeenkomst", ["1"], False),
        ("overeenkomst", ["1", "o2"], True),
        ("interlokale_vereniging", ["1", "o2"], False),
        ("interlokale_vereniging", ["1", "2"], True),
        ("vzw", ["1", "2"], False),
    ],
)
def test_what_shrinks_keeps_enough_members(form: str, inside: list[str], goes: bool) -> None:
    bodies = [
        body("a", form, "leisure", [*inside, "91"], ["x"]),
        body("b", "overeenkomst", "leisure", FAR, ["x"]),
        # What is a member elsewhere cannot end.
        body("c", "overeenkomst", "water", ["1", "a"], ["z"]),
    ]
    assert ways(plan_of(bodies))["a"] == ("shrink" if goes else "keep", "a")


def test_what_carries_another_does_not_shrink_too() -> None:
    bodies = [
        body("a", "overeenkomst", "leisure", ["1", "2", "91"], ["x"]),
        body("b", "overeenkomst", "leisure", FAR, ["x"]),
        body("c", "overeenkomst", "leisure", ["1", "2"], ["y"]),
    ]
    plan = plan_of(bodies)
    assert ways(plan) == {"a": ("keep", "a"), "c": ("merge", "a")}


def test_two_cannot_both_rely_on_the_other_for_those_outside() -> None:
    bodies = [
        body("a", "overeenkomst", "leisure", ["1", "2", "91"], ["x"]),
        body("b", "overeenkomst", "leisure", ["3", "4", "91"], ["x"]),
        # What is a member elsewhere cannot end.
        body("c", "overeenkomst", "water", ["1", "a", "b"], ["z"]),
    ]
    plan = plan_of(bodies)
    assert ways(plan) == {"a": ("keep", "a"), "b": ("shrink", "b"), "c": ("keep", "c")}
    assert line(plan, "b").covered_by == ("a",)


def test_what_another_relies_on_for_those_outside_stays_whole() -> None:
    far = {"term_end": date(2030, 1, 1)}
    bodies = [
        body("a", "opdrachthoudende_vereniging", "utilities", ["1", "2", "91"], ["x"],
             transferred=True, **far),
        body("b", "opdrachthoudende_vereniging", "utilities", ["1", "2", "3", "91"], ["x"], **far),
        body("c", "overeenkomst", "utilities", FAR, ["x"]),
        body("d", "overeenkomst", "water", ["1", "b"], ["z"]),
    ]  # fmt: skip
    dear = Settings(weights=Weights(explain=9))
    plan = plan_of(bodies, settings=dear)
    assert ways(plan) == {"a": ("dissolve", None), "b": ("keep", "b"), "d": ("keep", "d")}
    # With nothing that relies on it, b does let them go: c does the task for them.
    alone = plan_of([bodies[1], *bodies[2:]], settings=dear)
    assert ways(alone)["b"] == ("shrink", "b")


def test_a_member_that_comes_with_two_is_new_once() -> None:
    form = "opdrachthoudende_vereniging_met_private_deelname"
    bodies = [
        body("a", "projectvereniging", "utilities", ["1", "3"], ["x"]),
        body("b", "overeenkomst", "utilities", ["1", "3", "v"], ["y"]),
        body("c", form, "utilities", ["1", "2"], ["z"], term_end=date(2030, 1, 1)),
        body("d", "overeenkomst", "water", ["1", "c"], ["w"]),
    ]
    plan = plan_of(bodies)
    assert ways(plan)["a"] == ways(plan)["b"] == ("merge", "c")
    assert line(plan, "c").newcomers == ("3", "v")
    assert line(plan, "c").effort == 3


def test_a_term_that_is_unknown_comes_last_or_is_barred() -> None:
    bodies = [
        body("a", "dienstverlenende_vereniging", "housing", "12", ["x"]),
        body("b", "dienstverlenende_vereniging", "housing", "1234", ["y"],
             term_end=date(2024, 1, 1)),
        body("c", "overeenkomst", "leisure", "12", ["z"]),
        body("d", "overeenkomst", "leisure", "12", ["z"]),
    ]  # fmt: skip
    plan = plan_of(bodies)
    assert ways(plan)["a"] == ("merge", "b")
    assert (line(plan, "a").date, line(plan, "a").phase) == (None, 2)
    assert line(plan, "a").obstacles["early_exit"] == "known"
    assert plan.phases[-1].kind == "unknown"
    barred = plan_of(bodies, settings=Settings(bar_unknown_moment=True))
    assert ways(barred)["a"] == ("keep", "a")
    assert line(barred, "a").reason_code == "too_late"


def test_themes_may_be_joined_and_hosting_kept_within_a_theme() -> None:
    bodies = two()
    bodies[1]["theme"] = "leisure"
    assert plan_of(bodies).after == 2
    joined = Settings(join_themes=(("housing", "leisure"),))
    assert plan_of(bodies, settings=joined).after == 1
    small = eight()[:2]
    assert ways(plan_of(small))["p02"] == ("host", "p01")
    same = Settings(host_across_themes=False)
    assert ways(plan_of(small, settings=same))["p02"] == ("keep", "p02")


def test_a_small_service_with_its_exception_may_be_hosted_and_nothing_else() -> None:
    bodies = [*eight()[:1], body("p02", "overeenkomst", "housing", "12", ["x"],
              scope_exception="small_service"), *two()]  # fmt: skip
    plan = plan_of(bodies)
    assert ways(plan)["p02"] == ("host", "p01")
    without = plan_of(bodies, wishes=[Wish("without", operation="host")])
    assert ways(without)["p02"] == ("keep", "p02")


def test_a_deadline_makes_light_ones_not_wait_and_marks_the_rest() -> None:
    bodies = [
        body("a", "overeenkomst", "housing", "12", ["x"], term_end=date(2040, 1, 1)),
        body("b", "overeenkomst", "housing", "1234", ["y"]),
        body("c", "opdrachthoudende_vereniging", "utilities", "12", ["x"],
             term_end=date(2040, 1, 1)),
        body("d", "opdrachthoudende_vereniging", "utilities", EVERYBODY, ["y"],
             term_end=date(2040, 1, 1)),
    ]  # fmt: skip
    assert line(plan_of(bodies), "a").date == date(2040, 1, 1)
    plan = plan_of(bodies, settings=Settings(deadline=date(2031, 1, 1)))
    assert line(plan, "a").date == DAY
    assert line(plan, "a").obstacles["deadline"] == "none"
    assert line(plan, "c").obstacles["deadline"] == "known"
