"""The wishes that the commands that draw zones have in common are the same options everywhere."""

import pytest
from typer.main import get_command

from samenspel.cli import app, wishing

COMMANDS = {
    "delineate": set(wishing.NAMES),
    "zones": set(wishing.NAMES) - {"whole"},
    "ensemble": set(wishing.NAMES),
    "tradeoff": set(wishing.NAMES),
    "compare": {"goals", "present", "agree", "link", "flow"},
}
OTHERWISE = {("zones", "within"), ("tradeoff", "goals")}  # asked in words of their own


@pytest.mark.parametrize("command", COMMANDS)
def test_each_wish_is_the_same_option(command: str) -> None:
    found = {
        name: {option.name: option for option in told.params if option.name in wishing.NAMES}
        for name, told in vars(get_command(app))["commands"].items()
        if name in ("delineate", command)
    }
    assert found[command].keys() == COMMANDS[command]
    for name, option in found[command].items():
        model = found["delineate"][name]
        assert option.opts == [f"--{name}"]
        if (command, name) in OTHERWISE:
            assert option.required
        else:
            assert (option.help, option.default, option.multiple) == (
                model.help, model.default, model.multiple,
            )  # fmt: skip


def test_a_command_gets_its_wishes_as_one() -> None:
    heard: list[object] = []

    def command(folder: str, asked: wishing.Asked, seed: int = 0) -> None:
        heard.extend((folder, asked, seed))

    taken = wishing.taking("goals", "centre")(command)
    taken(folder="here", goals="flows=1", centre=True, seed=3)
    assert heard == ["here", wishing.Asked(goals="flows=1", centre=True), 3]
