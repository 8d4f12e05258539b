"""What a municipal fund gives before and after, by the rules of either study."""

from dataclasses import dataclass
from typing import Any

from samenspel.fund.comparing import Comparison, compare
from samenspel.fund.distribution import Distribution, distribute, prepare
from samenspel.fund.reading import Rules, rules_of
from samenspel.fund.telling import block_json, cited
from samenspel.language import _
from samenspel.scenario.study import Study


@dataclass(frozen=True)
class Fund:
    """``compared``: by the room of the fund; ``rules``: of either study."""

    compared: Comparison
    rules: tuple[Rules, Rules]

    @property
    def differences(self) -> int:
        changed = sum(change.difference != 0 for change in self.compared.changes)
        return changed + len(self.compared.gone) + len(self.compared.new)

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        found = self.compared.as_json()
        if not everything:
            found["municipalities"] = [
                row for row in found["municipalities"] if row["change_cents"]
            ]
        return {
            "rules": [
                {"name": one.name, "title": str(one.fund.title), **cited(one.fund)}
                for one in self.rules
            ],
            "blocks": blocks(self.compared.before, self.compared.after),
            **found,
        }


def blocks(before: Distribution, after: Distribution) -> list[dict[str, Any]]:
    """What each block gives together, before and after; None where the rules do not have it."""
    return [
        {
            "block": name,
            "title": block_json(after if name in after.blocks else before, name)["title"],
            "before_cents": sum(before.blocks[name]) if name in before.blocks else None,
            "after_cents": sum(after.blocks[name]) if name in after.blocks else None,
        }
        for name in dict.fromkeys([*before.blocks, *after.blocks])
    ]


def fund(before: Study, after: Study) -> Fund | None:
    """The amounts of the fund of ``before`` beside those of ``after``; None unless both have one.

    Values that rules give by code belong to the landscape that they were made for: where both
    studies give the same, to that of before. Raises InputError where a fund cannot be divided.
    """
    if before.policy.fund is None or after.policy.fund is None:
        return None
    rules = (
        rules_of(before.policy.fund, _("the fund before")),
        rules_of(after.policy.fund, _("the fund after")),
    )
    was = distribute(prepare(rules[0], before.landscape))
    alike = rules[0].fund.figures == rules[1].fund.figures
    since = before.landscape if alike else None
    now = distribute(prepare(rules[1], after.landscape, since=since), was)
    return Fund(compare(was, now), rules)
