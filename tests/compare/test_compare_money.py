"""The fund and sharing before and after: the figures are those of their own rooms."""

from pathlib import Path
from typing import Any

import pytest
from compared import EXAMPLE, STUDY, after, compare, op

from samenspel.compare.fund import fund
from samenspel.compare.sharing import sharings
from samenspel.errors import InputError
from samenspel.fund.comparing import compare as compare_fund
from samenspel.fund.distribution import distribute, prepare
from samenspel.fund.reading import example, rules_of
from samenspel.scenario.study import Policy, Study
from samenspel.sharing.share import Sharing, share
from samenspel.sharing.sharefile import read_sharefile

RULES: dict[str, Any] = {
    "title": {"nl": "Proef", "en": "Trial"},
    "total": "1000.00",
    "blocks": {
        "basic": {"share": "60%", "key": "population"},
        "area": {"share": "rest", "key": "area_km2"},
    },
}
FUNDED = Study(EXAMPLE, Policy(RULES))
GAME = """\
title: {title}
parties: [A, B]
game: {{coalitions: {{"A": {a}, "B": 8.00, "A,B": {both}}}}}
"""


def test_the_amounts_are_those_of_the_fund() -> None:
    changed = after(
        op("merge_municipalities", parts=["00006", "00007"], nis="00006"),
        op("change_fund_rule", path="blocks.basic.share", value="50%"),
        study=FUNDED,
    )
    found = compare(FUNDED, changed, ["fund"])
    rules = rules_of(RULES, "x"), rules_of(changed.policy.fund or {}, "x")
    was = distribute(prepare(rules[0], EXAMPLE))
    now = distribute(prepare(rules[1], changed.landscape, since=EXAMPLE), was)
    told = found.as_json(everything=True)["fund"]
    own = compare_fund(was, now).as_json()
    assert {name: told[name] for name in own} == own
    short = found.as_json()["fund"]
    assert all(row["change_cents"] for row in short["municipalities"])
    assert len(short["municipalities"]) == own["winners"] + own["losers"]
    blocks = {one["block"]: (one["before_cents"], one["after_cents"]) for one in told["blocks"]}
    assert blocks == {"basic": (60_000, 50_000), "area": (40_000, 50_000)}
    assert [one["status"] for one in told["rules"]] == ["choice", "choice"]


def test_the_same_fund_on_the_same_land_changes_nothing() -> None:
    found = compare(FUNDED, FUNDED, ["fund"])
    assert found.equal
    assert found.as_json()["fund"]["municipalities"] == []


def test_without_a_fund_in_both_there_is_none() -> None:
    for one, other in ((STUDY, FUNDED), (FUNDED, STUDY), (STUDY, STUDY)):
        assert fund(one, other) is None
        assert compare(one, other, ["fund"]).as_json()["fund"] is None


def test_a_fund_that_cannot_be_divided_says_so() -> None:
    rules = {**RULES, "blocks": {"basic": {"share": "rest", "key": "0"}}}
    with pytest.raises(InputError, match=r"the fund after, key blocks\.basic: nobody takes part"):
        compare(FUNDED, Study(EXAMPLE, Policy(rules)), ["fund"])


def test_values_by_code_go_along_with_a_merger() -> None:
    values = {nis: str(place) for place, nis in enumerate(EXAMPLE.table("municipalities")["nis"])}
    rules = {
        **RULES,
        "figures": {"own": {"values": values}},
        "blocks": {"basic": {"share": "rest", "key": "own"}},
    }
    before = Study(EXAMPLE, Policy(rules))
    changed = after(
        op("merge_municipalities", parts=["00006", "00007"], nis="00098", name="Nieuw"),
        study=before,
    )
    found = compare(before, changed, ["fund"]).as_json(everything=True)["fund"]
    assert all(row["change_cents"] == 0 for row in found["municipalities"])


def test_values_belong_to_the_land_of_before_as_in_the_command_fund() -> None:
    codes = [nis for nis in EXAMPLE.table("municipalities")["nis"] if nis != "00007"]
    figures = {"own": {"values": dict.fromkeys(codes, "10"), "unknown": "1"}}
    blocks = {"basic": {"share": "rest", "key": "own"}}
    before = Study(EXAMPLE, Policy({**RULES, "figures": figures, "blocks": blocks}))
    changed = after(op("merge_municipalities", parts=["00006", "00007"], nis="00006"), study=before)
    told = compare(before, changed, ["fund"]).as_json(everything=True)["fund"]
    rules = rules_of(before.policy.fund or {}, "x")
    was = distribute(prepare(rules, EXAMPLE))
    now = distribute(prepare(rules, changed.landscape, since=EXAMPLE), was)
    own = compare_fund(was, now).as_json()["municipalities"]
    assert told["municipalities"] == own
    # Of the merged one a part is unknown, so the whole is.
    assert len({row["after_cents"] for row in own}) > 1


def test_a_block_of_which_only_one_has_the_rules() -> None:
    rules = {**RULES, "blocks": {"basic": {"share": "rest", "key": "population"}}}
    found = compare(FUNDED, Study(EXAMPLE, Policy(rules)), ["fund"]).as_json()["fund"]["blocks"]
    assert {one["block"]: one["after_cents"] for one in found} == {"basic": 100_000, "area": None}


def test_the_example_of_the_project() -> None:
    shipped = Study(EXAMPLE, Policy(example().data))
    told = compare(shipped, shipped, ["fund"]).as_json()["fund"]
    assert {one["status"] for one in told["rules"]} == {example().fund.status}


def shared(folder: Path, name: str, text: str) -> Sharing:
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return share(read_sharefile(file))


def game(folder: Path, a: str = "10.00", both: str = "15.00") -> Sharing:
    return shared(folder, f"g{a}{both}", GAME.format(title="Proef", a=a, both=both))


def test_amounts_per_party_and_rule(tmp_path: Path) -> None:
    before, after_ = game(tmp_path), game(tmp_path, both="17.00")
    found = sharings(before, after_).as_json(everything=True)
    assert found["total_cents"] == {
        "before": 1500, "after": 1700, "change": 200, "what": "changed",
    }  # fmt: skip
    cells = {(one["party"], one["rule"]): one for one in found["amounts"]}
    assert set(cells) == {(party, rule) for party in "AB" for rule in before.cents}
    for (party, rule), one in cells.items():
        place = "AB".index(party)
        assert one["before_cents"] == before.cents[rule][place]
        assert one["after_cents"] == after_.cents[rule][place]
        assert one["change_cents"] == one["after_cents"] - one["before_cents"]
    assert cells["A", "equal"]["change_cents"] == 100


def test_the_core_before_and_after(tmp_path: Path) -> None:
    found = sharings(game(tmp_path), game(tmp_path, both="19.00")).as_json()["core"]
    assert found["empty"] == {"before": False, "after": True, "what": "changed"}
    back = sharings(game(tmp_path, both="19.00"), game(tmp_path)).as_json()["core"]
    assert back["empty"] == {"before": True, "after": False, "what": "changed"}


def test_the_same_file_differs_in_nothing(tmp_path: Path) -> None:
    found = sharings(game(tmp_path), game(tmp_path))
    assert found.differences == 0
    told = found.as_json()
    assert (told["amounts"], told["settlements"], told["core"]) == ([], [], {})


def test_parties_and_rules_of_one_file_only(tmp_path: Path) -> None:
    table = 'game: {coalitions: {"A": 1, "C": 2, "A,C": 3}}'
    other = shared(tmp_path, "other", f"parties: [A, C]\n{table}\n")
    found = sharings(game(tmp_path), other).as_json()
    assert found["parties"] == {"gone": ["B"], "new": ["C"], "both": ["A"]}
    assert {one["party"] for one in found["amounts"]} == {"A"}
    unknown = shared(tmp_path, "part", 'parties: [A, B]\ngame: {coalitions: {"A,B": 9}}\n')
    told = sharings(game(tmp_path), unknown).as_json()
    assert "shapley" in told["refused"]["after"]
    shapley = [one for one in told["amounts"] if one["rule"] == "shapley"]
    assert {one["what"] for one in shapley} == {"became_unknown"}


def test_posts_have_settlements(tmp_path: Path) -> None:
    text = "parties: [A, B]\nfigures: {use: {values: {A: 1, B: 3}}}\ncosts:\n" \
           "  rent: {amount: %s, by: A, key: use}\n"  # fmt: skip
    one, other = (shared(tmp_path, f"p{sum_}", text % sum_) for sum_ in ("100.00", "200.00"))
    found = sharings(one, other).as_json()
    assert {s["party"]: (s["before_cents"], s["after_cents"]) for s in found["settlements"]} == {
        "A": (-7500, -15000), "B": (7500, 15000),
    }  # fmt: skip


def test_what_is_of_another_kind_is_refused(tmp_path: Path) -> None:
    claims = shared(tmp_path, "claims", "estate: 5\nclaims: {A: 4, B: 6}\n")
    with pytest.raises(InputError, match="One file divides costs and the other an estate"):
        sharings(game(tmp_path), claims)
