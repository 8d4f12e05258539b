"""The choices of a study, as the analyses take them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samenspel.law.deadlines import deadlines
from samenspel.scenario.parameters import PARAMETERS
from samenspel.scenario.study import Policy


@dataclass(frozen=True)
class Settings:
    """Every choice of ``PARAMETERS``, its default where nothing is chosen. ``readings``: of
    deadlines; ``rules``: of questions that rules answer differently."""

    horizon: int
    many: int
    lead: int
    window: int
    readings: Mapping[str, str]
    rules: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        values = {
            "horizon": self.horizon, "many": self.many, "lead": self.lead, "window": self.window,
            **self.readings, **self.rules,
        }  # fmt: skip
        return {name: {"value": value, "status": "choice"} for name, value in values.items()}


def settings(policy: Policy) -> Settings:
    """The choices of ``policy``. A parameter that the software does not know is left to none."""
    values = {name: policy.parameters.get(name, one.default) for name, one in PARAMETERS.items()}
    read = {name: value for name, value in values.items() if PARAMETERS[name].readings}
    return Settings(
        horizon=values["horizon"],
        many=values["many"],
        lead=values["lead"],
        window=values["window"],
        readings={name: value for name, value in read.items() if name in deadlines()},
        rules={name: value for name, value in read.items() if name not in deadlines()},
    )
