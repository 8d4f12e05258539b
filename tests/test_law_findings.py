"""What the rules find in a landscape: by hand, on both examples and on Flanders."""

import json
import time
from collections import Counter
from datetime import date as Date
from typing import Any

import polars as pl
import pytest

from countries import example, generate
from samenspel import language
from samenspel.errors import InputError
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.law.facts import partnership_facts
from samenspel.law.findings import LawFinding, counts, law_findings

DAY = Date(2025, 1, 1)


def by_rule(found: list[LawFinding]) -> dict[tuple[str, str], str]:
    return {(each.partnership, each.rule.id): each.outcome for each in found}


def test_findings_of_the_hand_drawn_example() -> None:
    found = by_rule(law_findings(example()))
    assert [key for key, outcome in found.items() if outcome == "violated"] == [
        ("p10", "interlokale_two_municipalities")  # its two municipalities merged
    ]
    assert found["p01", "intercommunale_organs"] == "satisfied"
    assert found["p02", "intercommunale_term"] == "satisfied"  # exactly eighteen years
    assert found["p02", "private_deelname_sector"] == "unknown"  # no sector is recorded
    assert found["p04", "projectvereniging_term"] == "satisfied"  # exactly six years
    assert found["p04", "projectvereniging_both_sides"] == "satisfied"
    assert found["p04", "projectvereniging_local_only"] == "unknown"  # another body is a member
    assert found["p05", "interlokale_manager"] == "satisfied"
    assert found["p06", "welzijnsvereniging_term"] == "satisfied"  # exactly thirty years
    assert found["p09", "projectvereniging_local_only"] == "satisfied"
    assert not [key for key in found if key[0] == "p15"], "it has ended"
    assert not [key for key in found if key[0] in ("p11", "p12", "p13")], "police zones"


def test_a_sector_decides_about_the_private_partner() -> None:
    land = example()
    for sector, outcome in (("energy", "satisfied"), ("telecom", "violated")):
        bodies = land.table("partnerships").with_columns(sector=pl.lit(sector))
        found = by_rule(law_findings(land.with_tables(partnerships=bodies)))
        assert found["p02", "private_deelname_sector"] == outcome
        assert found["p02", "private_deelname_conditions"] == "unknown"


def test_findings_are_sorted_counted_and_plain() -> None:
    found = law_findings(generate(100, 1))
    order = ["violated", "unknown", "satisfied"]
    assert [each.outcome for each in found] == sorted(
        (each.outcome for each in found), key=order.index
    )
    assert counts(found) == dict(Counter(each.outcome for each in found))
    assert found == law_findings(generate(100, 1))
    for each in found:
        assert bool(each.message) == (each.outcome == "violated")
        assert bool(each.finding.unknown_facts()) == (each.outcome == "unknown")
        assert each.status == "unvalidated"
        assert each.sources
    plain = json.loads(json.dumps([each.as_json() for each in found]))
    assert plain[0]["outcome"] == "violated"
    assert plain[0]["severity"] == "error"
    assert plain[0]["applies"]["truth"] is True


def test_a_body_of_a_known_class_is_not_asked_about_other_forms() -> None:
    def rules(**cells: Any) -> set[str]:
        frames = {
            "municipalities": [{"nis": "1", "name": "Eenheem"}],
            "partnerships": [{"id": "p"}],
            "organisations": [{"id": "p", **cells}],
        }
        land = Landscape(DAY, {name: pl.DataFrame(rows) for name, rows in frames.items()})
        return {each.rule.id for each in law_findings(land)}

    every = rules()
    assert rules(**{"class": "police_zone"}) == set()
    ocmw, towns = (
        rules(**{"class": "ocmw_association"}),
        rules(**{"class": "intermunicipal_partnership"}),
    )
    assert ocmw | towns == every
    assert not ocmw & towns
    assert "welzijnsvereniging_term" in ocmw
    assert rules(**{"class": "other_partnership"}) == every


def test_date_and_settings() -> None:
    land = example()
    exact = law_findings(land, settings={"projectvereniging_term": "exactly"})
    assert by_rule(exact)["p04", "projectvereniging_term_exact"] == "satisfied"
    assert by_rule(law_findings(land, Date(1990, 1, 1))) == by_rule(law_findings(land))
    assert law_findings(land, settings={"municipal_limit": "end_2031"}) == law_findings(land)
    with pytest.raises(InputError, match="Setting weather is not known; use one of proj"):
        law_findings(land, settings={"weather": "fine"})


def test_messages_speak_dutch() -> None:
    language.use("nl")
    found = law_findings(example())[0]
    assert (
        found.message
        == "Zoek een tweede gemeente die meedoet, of werk met een gewone overeenkomst."
    )


def test_flanders(flanders_2025: tuple[Landscape, list[Finding]]) -> None:
    """The public list knows form and municipalities: nothing is violated, nearly all unknown."""
    land = flanders_2025[0]
    start = time.perf_counter()
    found = law_findings(land)
    assert time.perf_counter() - start < 1
    assert counts(found)["violated"] == 0
    assert counts(found)["unknown"] > 1000
    facts_of = partnership_facts(land)
    assert len(facts_of) == land.table("partnerships").height
    forms = dict(land.table("partnerships").select("id", "legal_form").iter_rows())
    for partnership, known in facts_of.items():
        if forms[partnership] is not None:
            assert known["has_private"] is None, "the list names municipalities only"
            assert known["local_only"] is None
        assert known["has_transfer"] is None
    memberships = land.table("memberships").filter(
        pl.col("organisation").is_in(land.table("municipalities")["nis"].implode())
    )
    counted = dict(memberships.group_by("partnership").agg(pl.len()).iter_rows())
    for partnership, count in counted.items():
        assert facts_of[partnership]["municipalities"] == count
