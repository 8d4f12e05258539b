"""The plan in the report of a region: its figures are those of ``samenspel rationalise``, and they
add up."""

import re
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pages import body_rows, text
from plans import Told, charts, in_order, plain, texts
from samenspel.alignment.plan.obstacles import KINDS
from samenspel.alignment.plan.options import OPERATIONS
from samenspel.reports.plan import ORDER, signed, steps
from samenspel.words import day

pytest_plugins = ("report_fixtures",)

SAME = "The number of partnerships stays the same"


def test_its_figures_are_those_of_the_plan_at_the_prompt(told: Told) -> None:
    assert told.found["plan"] == told.plan
    rest = {name: value for name, value in told.found.items() if not name.startswith("plan")}
    assert rest == {**told.without[0], "file": str(told.file)}


def test_without_a_region_the_report_is_what_it_was(told: Told) -> None:
    before = told.without[1]
    assert 'id="plan' not in before
    assert "#plan" not in before
    (old_style,) = re.findall("<style>.*?</style>", before, re.DOTALL)
    (old_policy,) = re.findall("style-src &#39;sha256-[^&]*", before)
    rest = re.sub('<section id="plan".*?</section>', "", told.html, flags=re.DOTALL)
    rest = re.sub('<li><a href="#plan">.*?</li>\n', "", rest)
    rest = re.sub("<style>.*?</style>", lambda _found: old_style, rest, flags=re.DOTALL)
    rest = re.sub("style-src &#39;sha256-[^&]*", lambda _found: old_policy, rest)
    assert rest == before
    assert told.html != before


def test_the_steps_lead_from_before_to_after(told: Told) -> None:
    plan, found = told.plan, told.found["plan_steps"]
    counts = Counter(line["operation"] for line in plan["lines"])
    assert {row["operation"]: row["partnerships"] for row in found} == counts
    assert sum(counts.values()) == plan["before"]
    assert plan["before"] + sum(row["change"] for row in found) == plan["after"]
    assert found[-1]["left"] == plan["after"]
    first, *between, last, bound = texts(told.section, "steps-c")
    assert first == ["before", str(plan["before"]), "", str(plan["before"])]
    assert between == [
        [OPERATIONS[row["operation"]], str(row["partnerships"]), signed(row["change"]),
         str(row["left"])]
        for row in found
    ]  # fmt: skip
    assert last == ["after", "", signed(plan["after"] - plan["before"]), str(plan["after"])]
    assert bound[-1] == str(plan["bound"])


@given(st.lists(st.sampled_from(ORDER), max_size=30), st.integers(0, 30))
def test_steps_of_any_lines_add_up(operations: list[str], others: int) -> None:
    before = len(operations) + others
    found = steps({"before": before, "lines": [{"operation": name} for name in operations]})
    assert sum(row["partnerships"] for row in found) == len(operations)
    ending = ("merge", "host", "dissolve")
    assert all((row["change"] < 0) == (row["operation"] in ending) for row in found)
    levels = [before, *(row["left"] for row in found)]
    assert [levels[i + 1] - levels[i] for i in range(len(found))] == [r["change"] for r in found]
    assert levels[-1] == before - sum(name in ending for name in operations)


def test_the_chart_shows_the_figures_of_its_table(told: Told) -> None:
    drawn = [text(part) for svg in charts(told.section)[:1] for part in svg.iter("text")]
    if told.plan["before"] == told.plan["after"]:
        assert charts(told.section) == []
        assert text(told.section).count(SAME) == 1
        return
    assert SAME not in text(told.section)
    shown = [
        (row[0], row[2] if place else row[3])
        for place, row in enumerate(texts(told.section, "steps-c")[:-1])
        if row[0] != "keep"
    ]
    shown[-1] = ("after", str(told.plan["after"]))
    names, labels = ([pair[part] for pair in shown] for part in (0, 1))
    assert [word for word in drawn if word in names] == names
    assert drawn[-len(labels) :] == labels


def obstacles_told(line: Any) -> str:
    """How a line's cell of obstacles should read."""
    if not line["obstacles"]:
        return ""
    facts = {
        fact: "; ".join(one["text"] for one in line["obstacles"] if one["fact"] == fact)
        for fact in ("known", "unknown")
    }
    unknown = facts["unknown"] and f"unknown: {facts['unknown']}"
    return "; ".join(filter(None, (facts["known"], unknown))) or "none known"


def test_every_line_of_the_plan_stands_there(told: Told) -> None:
    rows = body_rows(told.section, "plan-lines")
    for cells, line in zip(rows, in_order(told.plan), strict=True):
        (id,) = line["partnerships"]
        unknown = "" if line["tasks_known"] else " tasks unknown"
        moved = "" if line["result"] in (id, None) else told.names[line["result"]]
        assert text(cells[0]) == told.names[id] + unknown
        assert text(cells[1]) == OPERATIONS[line["operation"]]
        assert text(cells[2]) == moved
        assert text(cells[3]).startswith(plain(line["reason"]))
        assert text(cells[4]) == cells[4].get("data-v")
        assert text(cells[4]) == ("" if line["phase"] is None else str(line["phase"]))
        assert text(cells[5]) == obstacles_told(line)
        points = [text(item) for item in cells[3].iter("li")][: len(line["points"])]
        assert points == [
            f"{plain(one['reason'])}: {'?' if one['points'] is None else one['points']}"
            for one in line["points"]
        ]
        (effort,) = [text(part) for part in cells[3].iter("summary")] or [None]
        if effort is None:
            assert line["effort"] == 0
        else:
            assert effort == f"effort: {line['effort']} {told.names[id]}"


def test_who_comes_in_and_who_goes_has_a_name(told: Told) -> None:
    towns = {town["nis"]: town["name"] for town in told.found["municipalities"]}
    rows = body_rows(told.section, "plan-lines")
    for cells, line in zip(rows, in_order(told.plan), strict=True):
        items = [text(item) for item in cells[3].iter("li")]
        for key, start in (("newcomers", "new in it: "), ("given_up", "no longer in it: ")):
            (item,) = [one for one in items if one.startswith(start)] or [""]
            assert bool(item) == bool(line[key])
            named = item.removeprefix(start).split(", ")
            assert {towns[id] for id in line[key] if id in towns} <= set(named)
            assert len(named) == max(1, len(line[key]))


def test_phases_and_curve_are_those_of_the_plan(told: Told) -> None:
    plan = told.plan
    if not plan["phases"]:
        assert "plan-phases" not in {part.get("id") for part in told.section.iter()}
    else:
        rows = texts(told.section, "plan-phases")
        for cells, phase in zip(rows, plan["phases"], strict=True):
            dates = [day(date) if date else "unknown" for date in (phase["first"], phase["last"])]
            assert cells[0] == str(phase["phase"])
            assert cells[2:4] == dates
            assert cells[4] == str(len(phase["partnerships"]))
            assert cells[5].endswith(", ".join(told.names[id] for id in phase["partnerships"]))
    points = [[str(p[k]) for k in ("partnerships", "effort", "bound")] for p in plan["curve"]]
    if len(points) == 1:
        assert "plan-curve" not in {part.get("id") for part in told.section.iter()}
    else:
        assert texts(told.section, "plan-curve") == points
        assert len(charts(told.section)) == 2


def test_effort_is_called_a_choice_with_all_its_weights(told: Told) -> None:
    (told_so,) = [text(part) for part in told.section.iter("p")
                  if text(part).startswith("The plan asks")]  # fmt: skip
    assert told_so.startswith(f"The plan asks {told.plan['effort']} points of effort.")
    assert "VVSG-standpunt 2020, 3.4.1" in told_so
    assert "every weight is a choice" in told_so
    unknown = sum(p["points"] is None for line in told.plan["lines"] for p in line["points"])
    assert told.found["plan_points_unknown"] == unknown
    assert (f"Of {unknown} points it is unknown" in told_so) == (unknown > 0)
    weights = [row[1] for row in texts(told.section, "plan-weights")]
    assert weights == [str(points) for points in told.plan["weights"].values()]


def test_what_municipalities_gain_and_lose_is_that_of_the_plan(told: Told) -> None:
    rows = body_rows(told.section, "plan-towns")
    for cells, town in zip(rows, told.plan["municipalities"], strict=True):
        assert text(cells[0]) == town["name"]
        names = ("tables_before", "tables_after", "seats_before", "seats_after")
        for cell, name in zip(cells[1:5], names, strict=True):
            value = town[name]
            assert cell.get("data-v") == ("" if value is None else str(value))
            assert text(cell).split()[0] == ("unknown" if value is None else str(value))
            partly = value is not None and town.get(f"{name}_known", 1) < 1
            assert text(cell).endswith("known") == (partly or value is None)
        for cell, key in zip(cells[5:], ("gained", "lost"), strict=True):
            assert cell.get("data-v") == str(len(town[key]))
            listed = cell.find("details/p")
            named = ", ".join(told.names[id] for id in town[key])
            assert named == ("" if listed is None else text(listed))
        assert (
            town["tables_before"] + len(town["gained"]) - len(town["lost"])
            == (town["tables_after"])
        )


def test_what_is_unknown_and_what_must_be_explained_is_said(told: Told) -> None:
    section = text(told.section)
    for note in told.plan["notes"]:
        assert plain(note) in section
    blind = any(not line["tasks_known"] for line in told.plan["lines"])
    assert ("the plan cannot know" in section) == blind
    kept = [
        [told.names[line["partnerships"][0]], plain(line["explanation"]), plain(line["reason"])]
        for line in told.plan["lines"]
        if line["explanation"] is not None
    ]
    assert kept
    assert texts(told.section, "plan-kept") == kept
    counts = Counter(
        (one["text"], one["fact"]) for line in told.plan["lines"] for one in line["obstacles"]
    )
    if counts:
        assert texts(told.section, "hurdles-c") == [
            [kind, *(str(counts[kind, fact]) for fact in ("known", "unknown", "none"))]
            for kind in KINDS.values()
            if any(counts[kind, fact] for fact in ("known", "unknown", "none"))
        ]
    told_apart = "Unknown whether they are active" in section
    assert told_apart == bool(told.plan["doubtful"])
    assert all(told.names[id] in section for id in told.plan["doubtful"])
