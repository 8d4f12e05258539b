"""A scenario as YAML, in one order of keys, so that equal scenarios are equal text."""

from typing import Any

import yaml

from samenspel.scenario.given import Scenario
from samenspel.scenario.operation import Operation

WIDTH = 100


class Dumper(yaml.SafeDumper):
    """Lists of plain codes on one line, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def short_list(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    flat = all(not isinstance(one, (dict, list)) for one in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flat)


def text(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
    """Text that begins with a digit in quotation marks, so that no reader takes it for a number."""
    style = "'" if data[:1].isdigit() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


Dumper.add_representer(list, short_list)
Dumper.add_representer(str, text)


def write_scenario(scenario: Scenario) -> str:
    """The YAML that ``read_scenario`` takes back as the same scenario."""
    operations = [{one.called: plain(one)} for one in scenario.operations]
    data = {"title": scenario.title} if scenario.title else {}
    return yaml.dump(
        {**data, "operations": operations},
        Dumper=Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=WIDTH,
    )


def plain(operation: Operation) -> dict[str, Any]:
    """What ``operation`` states, its reason last."""
    stated = operation.model_dump(exclude_defaults=True)
    reason = stated.pop("reason", None)
    stated = {key: bare(value) for key, value in stated.items()}
    return stated if reason is None else {**stated, "reason": reason}


def bare(value: Any) -> Any:
    """``value`` in lists and mappings; a member of whom nothing is stated is a code."""
    if isinstance(value, dict):
        return {key: bare(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [one["organisation"] if isinstance(one, dict) and set(one) == {"organisation"}
                else bare(one) for one in value]  # fmt: skip
    return value
