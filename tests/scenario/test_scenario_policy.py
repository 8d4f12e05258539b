"""Rules of the fund and choices of analyses changed: what comes of it, and reasons against it."""

import copy
from typing import Any

import pytest
from pydantic import ValidationError
from studies import FUND, LAND, STUDY, op, reasons, scenario

from samenspel.alignment.calendar import LEAD
from samenspel.alignment.priorities import WINDOW
from samenspel.law.deadlines import deadlines
from samenspel.law.reading import rule_base
from samenspel.scenario.applying import apply
from samenspel.scenario.parameters import PARAMETERS
from samenspel.scenario.study import Policy, Study
from samenspel.screening.choices import HORIZON, MANY


def fund_after(*operations: Any, study: Study = STUDY) -> Any:
    found = apply(study, scenario(*operations)).study
    assert found is not None
    assert found.landscape is study.landscape
    return found.policy.fund


@pytest.mark.parametrize("path", ["blocks.basic.share", ["blocks", "basic", "share"]])
def test_a_rule_of_the_fund(path: Any) -> None:
    kept = copy.deepcopy(FUND)
    found = fund_after(op("change_fund_rule", path=path, value="60%"))
    assert found["blocks"]["basic"] == {"share": "60%", "years": [2024, 2025]}
    assert found["total"] == 1000
    assert kept == FUND


def test_lists_and_additions() -> None:
    assert fund_after(op("change_fund_rule", path="blocks.basic.years.1", value=2026))["blocks"][
        "basic"
    ]["years"] == [2024, 2026]
    for path in ("blocks.basic.years.2", ["blocks", "basic", "years", 2]):
        added = op("change_fund_rule", path=path, value=2026, add=True)
        assert fund_after(added)["blocks"]["basic"]["years"] == [2024, 2025, 2026]
    new = op("change_fund_rule", path="blocks.coast", value={"share": "5%"}, add=True)
    assert fund_after(new)["blocks"]["coast"] == {"share": "5%"}
    # What is not text stays what it is.
    assert fund_after(op("change_fund_rule", path="total", value=None))["total"] is None
    assert fund_after(op("change_fund_rule", path="total", value=1000.0))["total"] == 1000.0


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"path": "blocks.basis.share", "value": 1},
         "The rules of the fund have no basis at blocks.basis.share; perhaps basic."),
        ({"path": "blocks.basic.years.2", "value": 1},
         "The rules of the fund have no 2 at blocks.basic.years.2; there are 2 items, from 0."),
        ({"path": "blocks.basic.years.5", "value": 1, "add": True},
         "The rules of the fund have no 5 at blocks.basic.years.5; there are 2 items, from 0."),
        ({"path": "total.x", "value": 1},
         "The rules of the fund have no x at total.x; above it stands a value, no keys."),
        ({"path": "total.x.y", "value": 1},
         "The rules of the fund have no x at total.x.y; above it stands a value, no keys."),
        ({"path": "total", "value": 1, "add": True},
         "total is in the rules of the fund already; leave out add to change it."),
        ({"path": "total", "value": 1000}, "This is done already: total is 1000."),
    ],
)  # fmt: skip
def test_a_rule_refused(stated: dict[str, Any], told: str) -> None:
    assert reasons(op("change_fund_rule", **stated)) == [told]


def test_without_a_fund() -> None:
    assert reasons(op("change_fund_rule", path="total", value=1), Study(LAND)) == [
        "This study has no rules of a fund; give them beside it."
    ]


@pytest.mark.parametrize(
    "stated",
    [{"path": [], "value": 1}, {"path": "", "value": 1}, {"path": "total"}, {"value": 1},
     {"path": "total", "value": {1.5: 2}}, {"path": "total", "value": {"a": {1, 2}}},
     {"path": "total", "value": float("inf")}, {"path": "total", "value": b"x"}],
)  # fmt: skip
def test_form(stated: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        op("change_fund_rule", **stated)


def test_a_parameter() -> None:
    found = apply(STUDY, scenario(op("change_parameter", name="horizon", value=10))).study
    assert found is not None
    assert found.policy == Policy(FUND, {"horizon": 10})
    again = op("change_parameter", name="horizon", value=6)
    assert apply(found, scenario(again)).study is not None


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("horizon", 6, "This is done already: horizon is 6."),
        ("horizon", "6", "horizon: give a whole number from 0 to 200."),
        ("horizon", True, "horizon: give a whole number from 0 to 200."),
        ("horizon", 201, "horizon: give a whole number from 0 to 200."),
        ("many", 1, "many: give a whole number from 2 to 1000000."),
        ("flemish_rules", "x", "flemish_rules: use one of end_2025, start_2025."),
        ("flemish_rules", "end_2025", "This is done already: flemish_rules is end_2025."),
        ("horizons", 6,
         "There is no parameter horizons; there are horizon, many, lead, window, flemish_rules, "
         "municipal_limit, projectvereniging_term."),
    ],
)  # fmt: skip
def test_a_parameter_refused(name: str, value: Any, told: str) -> None:
    assert reasons(op("change_parameter", name=name, value=value)) == [told]


def test_the_table_is_that_of_the_rooms_that_read_it() -> None:
    """Every question with more than one answer is there, and nothing that nobody reads."""
    readings = {
        deadline.id: {one.reading: one.default for one in deadline.readings}
        for deadline in deadlines().values()
        if len(deadline.readings) > 1
    } | rule_base().questions()
    numbers = {"horizon": HORIZON, "many": MANY, "lead": LEAD, "window": WINDOW}
    assert set(PARAMETERS) == set(numbers) | set(readings)
    assert {name: PARAMETERS[name].default for name in numbers} == numbers
    for name, known in readings.items():
        assert set(PARAMETERS[name].readings) == set(known)
        assert [one for one, default in known.items() if default] == [PARAMETERS[name].default]
