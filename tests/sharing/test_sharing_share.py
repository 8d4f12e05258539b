"""The whole answer: whole cents add up under every rule, order does not count, and why."""

from fractions import Fraction

import pytest
from games import Table, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.sharing.divide import COMPUTED
from samenspel.sharing.examples import example_file
from samenspel.sharing.explain import explain
from samenspel.sharing.functions import Facility
from samenspel.sharing.game import from_table
from samenspel.sharing.share import share, share_function
from samenspel.sharing.sharefile import ShareFile, read_sharefile
from samenspel.sharing.telling import as_json
from samenspel.sharing.wording import euro, group_words, plain

F = Fraction


def in_cents(costs: Table) -> Table:
    return {group: F(round(100 * cost)) for group, cost in costs.items()}


@settings(max_examples=60)
@given(tables(), st.booleans(), st.randoms(use_true_random=False))
def test_whole_cents_add_up_and_order_does_not_count(
    costs: Table, gains: bool, chance: "object"
) -> None:
    stated = in_cents(costs)
    codes = sorted(frozenset().union(*costs))
    turned = list(codes)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    game = from_table(stated, codes, benefits=gains)
    one = share(ShareFile("", {c: c for c in codes}, game=game))
    other = share(ShareFile("", {c: c for c in turned}, game=game))
    assert one.total == stated[frozenset(codes)]
    for rule, cents in one.cents.items():
        assert sum(cents) == one.total
        assert all(abs(a - b) < 1 for a, b in zip(cents, one.divisions[rule].amounts, strict=True))
    assert one.cents == other.cents
    rows = {row["party"]: row["amounts_cents"] for row in as_json(one)["parties"]}
    assert rows == {row["party"]: row["amounts_cents"] for row in as_json(other)["parties"]}
    assert list(rows) == codes
    for objection in one.core.objections.values():
        assert objection.excess > 0


def test_gains_are_costs_with_the_sign_turned() -> None:
    gain = share_function("ABC", lambda g: 10 * len(g) ** 2, COMPUTED[5:], benefits=True)
    cost = share_function("ABC", lambda g: -10 * len(g) ** 2, COMPUTED[5:])
    assert gain.kind == "benefits"
    assert {r: [-c for c in v] for r, v in cost.cents.items()} == dict(gain.cents)
    assert gain.core.in_core == cost.core.in_core


def test_rules_that_are_not_there_are_refused() -> None:
    with pytest.raises(InputError, match=r"--rule talmud: not known here; use one of equal"):
        share_function("AB", len, ["talmud"])
    with pytest.raises(InputError, match="proportional gives nothing here: what parties would"):
        share_function("AB", lambda g: 0 if len(g) == 1 else 5, ["proportional"])
    with pytest.raises(InputError, match="pay more than alone"):
        share_function("AB", lambda g: 1 if len(g) == 1 else 5, ["nucleolus"])
    assert "nucleolus" in share_function("AB", lambda g: 1 if len(g) == 1 else 5).refused
    with pytest.raises(InputError, match="no whole number"):
        share_function("AB", lambda g: F(len(g), 3))


def test_more_than_twenty_parties_wait_for_the_nucleolus() -> None:
    names = tuple(f"{i:02}" for i in range(21))
    file = ShareFile("", {n: n for n in names}, game=Facility(names, F(2100), (F(0),) * 21))
    found = share(file)
    assert "--rule" in found.refused["nucleolus"]
    assert found.cents["shapley"] == [100] * 21
    assert found.core.empty is False


def test_claims_of_many() -> None:
    names = tuple(f"{i:02}" for i in range(30))
    file = ShareFile("", {n: n for n in names}, estate=1500, claims=dict.fromkeys(names, 100))
    found = share(file, samples=200)
    assert found.divisions["random_arrival"].how == "sampled"
    assert found.estimate is not None
    assert sum(found.cents["random_arrival"]) == 1500
    assert found.cents["talmud"] == [50] * 30
    assert found.core.in_core["talmud"] is True


def sentences(example: str, party: str, rule: str) -> list[str]:
    found = share(read_sharefile(example_file(example)))
    return [line.replace("\xa0", " ") for line in explain(found, party).sentences[rule]]


def test_why_a_party_pays() -> None:
    lines = sentences("crisisopvang", "caw", "agreed")
    assert lines[0].startswith("CAW pays € 10 562.50:")
    post = "  Omkadering van het netwerk: € 2 112.50 of € 16 900.00, by noodwoningen (1 of 8)"
    assert f"{post} = 12.5%." in lines
    assert "  Dagprijzen van de bewoners: € 5 508.00, what falls on it itself." in lines
    assert "To end there it still pays € 2 112.50." in lines
    assert "That is € 14 787.50 better than alone." in lines
    joining = "Joining first it adds € 25 350.00, joining last € 8 450.00; the mean over all places"
    assert f"{joining} is € 11 830.00." in sentences("crisisopvang", "CAW", "shapley")
    assert any("worse off" in line for line in sentences("crisisopvang", "caw", "equal"))


def test_why_a_gain_is_shared_so() -> None:
    lines = sentences("bedrijventerrein", "schijnkerke", "agreed")
    assert lines[0].startswith("Schijnkerke receives € 350 241.94")
    assert any("(estimated)" in line and "floor 10%" in line for line in lines)
    assert "To end there it receives € 449 403.23." in lines
    assert "Without what was estimated that is € 338 629.04." in lines


def test_groups_of_a_party() -> None:
    found = share(read_sharefile(example_file("crisisopvang")))
    why = explain(found, "stad")
    assert len(why.groups) == 2**4 - 2
    assert all("stad" in group.members for group in why.groups)
    saved = [group.alone - group.paid["agreed"] for group in why.groups]
    assert saved == sorted(saved)
    pair = next(g for g in why.groups if g.members == ("caw", "stad"))
    assert (pair.alone, pair.paid["agreed"]) == (59_150_00, 52_812_50)
    data = why.as_json()
    assert data["groups"][0]["alone_cents"] == str(why.groups[0].alone)
    many = share_function([f"{i:02}" for i in range(9)], lambda g: 100 + len(g))
    assert len(explain(many, "03").groups) == 16


def test_many_parties_are_explained_too() -> None:
    names = tuple(f"{i:02}" for i in range(30))
    file = ShareFile("", {n: n for n in names}, game=Facility(names, F(3000), (F(50),) * 30))
    found = share(file)
    why = explain(found, "07")
    assert why.groups == ()
    assert why.general == ("Alone 07 would pay €\xa030.50.",)
    assert "That is €\xa029.00 better than alone." in why.sentences["shapley"]
    assert {row["alone_cents"] for row in as_json(found)["parties"]} == {"3050"}


def test_who_is_not_there_has_no_explanation() -> None:
    found = share(read_sharefile(example_file("crisisopvang")))
    with pytest.raises(InputError, match=r"--explain gent: no party has that code or name"):
        explain(found, "gent")


def test_claims_and_posts_are_explained() -> None:
    names = {"A": "A", "B": "B"}
    why = explain(share(ShareFile("", names, estate=150, claims={"A": 100, "B": 200})), "B")
    assert why.groups == ()
    assert "claims €\xa02.00. The others leave it €\xa00.50" in why.general[0]
    unknown = from_table({frozenset("A"): 5, frozenset("AB"): 9})
    why = explain(share(ShareFile("", names, game=unknown)), "B")
    assert "not known" in why.general[0]


def test_amounts_in_words() -> None:
    assert euro(123_456_789) == "€\xa01\xa0234\xa0567.89"
    assert plain(-5) == "-0.05"
    assert plain(F(1, 3)) == "0.00"
    assert plain(10**20 + 1) == "1\xa0000\xa0000\xa0000\xa0000\xa0000\xa0000.01".replace(
        "1\xa0000\xa0000\xa0000\xa0000\xa0000\xa0000", "1" + "\xa0000" * 6
    )
    found = share_function([f"{i:02}" for i in range(9)], len)
    assert group_words(found, found.codes) == "00, 01, 02, 03, 04, 05 and 3 more"
    assert group_words(found, found.codes[:7]).endswith("06")
