"""Scope in law and in policy, deadlines and decisions: each answer in both directions."""

from datetime import date as Date
from typing import Any

import polars as pl
import pytest

from conftest import Imported
from reference import build
from samenspel.alignment.scope import Scoped, scopes
from samenspel.errors import InputError
from samenspel.landscape.codes import LEGAL_FORMS
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape

COVERED = {
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
    "opdrachthoudende_vereniging_met_private_deelname",
}


def land(
    regions: tuple[str | None, str | None] = ("Vlaanderen", "Vlaanderen"), **facts: Any
) -> Landscape:
    """Two municipalities with one partnership ``p``."""
    landscape = build(
        {
            "municipalities": [
                {"nis": nis, "name": f"Dorp {nis}", "region": region}
                for nis, region in zip("12", regions, strict=True)
            ],
            "partnerships": [{"id": "p", "status": "active"}],
            "memberships": [{"partnership": "p", "organisation": nis} for nis in "12"],
            "organisations": [
                {"id": "1", "class": "municipality"},
                {"id": "2", "class": "municipality"},
            ],
        }
    )  # fmt: skip
    row = landscape.table("partnerships")
    row = row.with_columns(
        pl.lit(value, row.schema[name]).alias(name) for name, value in facts.items()
    )
    return landscape.with_tables(partnerships=row)


def one(landscape: Landscape, **asked: Any) -> Scoped:
    return scopes(landscape, **asked)["p"]


@pytest.mark.parametrize("form", [*LEGAL_FORMS, None])
def test_the_law_covers_four_forms(form: str | None) -> None:
    found = one(land(legal_form=form)).law
    wanted = "unknown" if form is None else "in" if form in COVERED else "out"
    assert found.answer == wanted
    assert found.sources
    assert found.unknown == (("legal_form",) if form is None else ())


def test_an_ocmw_association_and_a_police_zone_are_out_without_a_form() -> None:
    for kind in ("ocmw_association", "police_zone"):
        landscape = land()
        rows = pl.DataFrame({"id": ["p"], "class": [kind]})
        whole = pl.concat([landscape.table("organisations"), rows], how="diagonal")
        found = one(landscape.with_tables(organisations=whole)).law
        assert (found.answer, found.unknown) == ("out", ())
        assert "none of the four forms" in found.reason
        recorded = land(legal_form="projectvereniging").with_tables(organisations=whole)
        assert one(recorded).law.answer == "in", "a form on record decides"
    whole = whole.with_columns(pl.lit("other_partnership").alias("class"))
    assert one(land().with_tables(organisations=whole)).law.answer == "unknown"


def test_across_the_border_is_out() -> None:
    form = "projectvereniging"
    assert one(land(("Vlaanderen", "Wallonië"), legal_form=form)).law.answer == "out"
    assert one(land(("Vlaanderen", None), legal_form=form)).law.answer == "unknown"
    assert one(land(("Vlaanderen", None), legal_form=form)).law.unknown == ("cross_border",)


def test_a_member_elsewhere_leaves_the_border_unknown() -> None:
    landscape = land(legal_form="projectvereniging")
    abroad = pl.DataFrame({"partnership": ["p"], "organisation": ["62063"]})
    rows = pl.concat([landscape.table("memberships"), abroad], how="diagonal")
    known = pl.DataFrame({"id": ["62063"], "class": ["municipality"]})
    both = pl.concat([landscape.table("organisations"), known], how="diagonal")
    assert one(landscape).law.answer == "in"
    changed = landscape.with_tables(memberships=rows, organisations=both)
    assert one(changed).law.answer == "unknown"


def test_a_recorded_exception_by_matter_takes_it_out() -> None:
    form = "projectvereniging"
    open_matter = one(land(legal_form=form))
    assert (open_matter.law.answer, open_matter.matter.answer) == ("in", "unknown")
    assert open_matter.law.reason.endswith("Whether an exception by matter holds is not known.")
    bound = one(land(legal_form=form, scope_exception="landscape"))
    assert (bound.law.answer, bound.matter.answer) == ("out", "out")
    tourist = one(land(legal_form=form, sector="tourism"))
    assert (tourist.law.answer, tourist.matter.answer) == ("out", "out")
    small = one(land(legal_form=form, scope_exception="small_service", sector="other"))
    assert (small.law.answer, small.matter.answer) == ("in", "in")
    scale = one(land(legal_form=form, scope_exception="scale", sector="other"))
    assert (scale.law.answer, scale.matter.answer) == ("unknown", "unknown")  # is it on the list?


def test_what_is_claimed_and_cannot_be_tested_is_unknown_and_what_nobody_claims_is_in() -> None:
    form = "dienstverlenende_vereniging"
    claimed = one(land(legal_form=form, scope_exception="scale", sector="other")).law
    assert claimed.unknown == ("listed_for_scale",)
    assert claimed.reason.startswith("An exception by matter is claimed and cannot be tested.")
    assert claimed.status == "unvalidated"
    assert claimed.sources
    for ground in (None, "small_service", "of our own"):
        found = one(land(legal_form=form, scope_exception=ground))
        assert (found.law.answer, found.matter.answer) == ("in", "unknown"), ground
    tourist = one(land(legal_form=form, scope_exception="scale", sector="tourism"))
    assert tourist.law.answer == "out", "another exception that holds decides"
    light = one(land(legal_form="overeenkomst", scope_exception="scale"))
    assert light.law.answer == "out", "what the law is not about needs no exception"
    border = one(land(("Vlaanderen", None), legal_form=form, scope_exception="scale")).law
    assert (border.answer, border.unknown) == ("unknown", ("cross_border",))


def test_policy_is_an_answer_of_its_own() -> None:
    light = one(land(legal_form="overeenkomst"))
    assert (light.law.answer, light.policy.answer) == ("out", "out")
    scale = one(land(legal_form="projectvereniging", scope_exception="scale"))
    assert (scale.law.answer, scale.policy.answer) == ("unknown", "out")
    telecom = one(land(legal_form="projectvereniging", sector="telecom"))
    assert (telecom.law.answer, telecom.policy.answer) == ("in", "out")
    unknown = one(land(legal_form="projectvereniging")).policy
    assert unknown.answer == "unknown"
    assert set(unknown.unknown) == {"scope_exception", "sector"}
    assert unknown.status == "policy"
    inside = land(legal_form="projectvereniging", scope_exception="small_service", sector="other")
    assert one(inside).policy.answer == "in"


def test_before_the_decree_nothing_is_covered() -> None:
    found = one(land(legal_form="projectvereniging"), date=Date(2023, 3, 18))
    assert found.law.answer == "out"
    assert "18 March 2023" in found.law.reason
    assert one(land(legal_form="projectvereniging"), date=Date(2023, 3, 19)).law.answer == "in"
    assert one(land(), date=Date(2020, 1, 1)).policy.answer == "out"


@pytest.mark.parametrize(
    ("initiator", "theme", "sector", "deadline", "limit"),
    [
        ("bottom_up", "housing", None, "2028-12-31", "2030-12-31"),
        ("bottom_up", "utilities", "waste", "2037-01-01", None),
        ("bottom_up", "utilities", "energy", "2028-12-31", "2030-12-31"),
        ("flemish", "housing", None, "2025-12-31", None),
        ("federal", "safety", None, None, None),  # no source states one
        ("flemish", "utilities", "waste", None, None),  # nor which of two goes first
        (None, "housing", None, None, None),
        ("bottom_up", None, None, None, None),
        ("flemish", None, None, None, None),
        ("bottom_up", "utilities", None, None, None),  # it may be waste
        (None, None, "waste", None, None),
    ],
)
def test_the_deadline_follows_initiator_and_theme(
    initiator: str | None,
    theme: str | None,
    sector: str | None,
    deadline: str | None,
    limit: str | None,
) -> None:
    facts = {"initiator": initiator, "theme": theme, "sector": sector}
    found = one(land(legal_form="projectvereniging", **facts)).as_json()
    assert (found["deadline"], found["deadline_limit"]) == (deadline, limit)
    assert found["deadline_reason"]
    if deadline is None:
        assert found["deadline_readings"] == []
        assert found["deadline_applies"] is None


def test_every_published_reading_is_shown_with_its_source() -> None:
    facts = {"legal_form": "projectvereniging", "initiator": "bottom_up", "theme": "housing"}
    found = one(land(**facts)).as_json()
    dates = {r["date"] for r in found["deadline_readings"] if r["deadline"] == "municipal_limit"}
    assert {"2030-12-31", "2031-12-31"} <= dates
    assert all(r["source"] and r["status"] for r in found["deadline_readings"])
    chosen = [r["date"] for r in found["deadline_readings"] if r["chosen"]]
    assert chosen == [found["deadline"], found["deadline_limit"]]
    assert found["deadline_applies"] is True


def test_another_reading_can_be_chosen() -> None:
    facts = {"legal_form": "projectvereniging", "initiator": "flemish", "theme": "housing"}
    found = one(land(**facts), readings={"flemish_rules": "start_2025"}).as_json()
    assert found["deadline"] == "2025-01-01"
    assert found["deadline_applies"] is None  # whether the policy note covers it is unknown
    with pytest.raises(InputError, match="start_2026"):
        one(land(**facts), readings={"flemish_rules": "start_2026"})
    with pytest.raises(InputError, match=r"no deadline “flemish”; choose among"):
        one(land(**facts), readings={"flemish": "start_2025"})


def test_outside_the_scope_there_is_no_deadline() -> None:
    facts = {"initiator": "bottom_up", "theme": "housing"}
    found = one(land(legal_form="interlokale_vereniging", **facts)).as_json()
    assert (found["deadline"], found["deadline_applies"]) == (None, False)
    none = one(land(legal_form="overeenkomst")).as_json()
    assert (none["deadline"], none["deadline_applies"]) == (None, False)


def test_a_decision_is_unknown_until_it_is_recorded() -> None:
    found = one(land())
    assert found.status is None
    assert set(found.decision.values()) == {None}
    asked = one(land(deviation_requested=Date(2025, 2, 28)))
    assert (asked.status, asked.decision["requested"]) == ("requested", "2025-02-28")
    granted = land(deviation_requested=Date(2025, 2, 28), deviation_decision="granted")
    assert one(granted).status == "granted"
    assert one(land(deviation_decision="misschien")).status is None
    wondered = land(deviation_requested=Date(2025, 2, 28), deviation_decision="misschien")
    assert one(wondered).status == "requested"


def test_the_whole_decision_is_told() -> None:
    decided = one(
        land(
            deviation_requested=Date(2024, 3, 1),
            deviation_decision="postponed",
            deviation_decided_by="Voorbeeldse regering",
            deviation_decided_on=Date(2024, 9, 15),
            deviation_review=Date(2028, 1, 1),
        )
    )
    assert (decided.status, decided.decision) == (
        "postponed",
        {
            "requested": "2024-03-01",
            "decision": "postponed",
            "decided_by": "Voorbeeldse regering",
            "decided_on": "2024-09-15",
            "review": "2028-01-01",
        },
    )


def test_a_column_of_ones_own_is_no_part_of_the_decision() -> None:
    landscape = land()
    rows = landscape.table("partnerships").with_columns(deviation_status=pl.lit("granted"))
    found = one(landscape.with_tables(partnerships=rows))
    assert found.status is None
    assert "status" not in found.decision


def test_the_drawn_example() -> None:
    found = scopes(example())
    assert found["p04"].law.answer == "out"  # tied to its valley
    assert found["p09"].law.answer == "in"
    assert found["p05"].law.answer == "out"  # an interlokale vereniging
    assert found["p09"].as_json()["deadline"] == "2025-12-31"
    assert found["p14"].law.answer == "unknown"
    assert found["p14"].as_json()["deadline"] is None


def test_on_the_public_flemish_files_no_deadline_is_known(flanders_2025: Imported) -> None:
    found = scopes(flanders_2025[0])
    assert {one.as_json()["deadline"] for one in found.values()} == {None}
    assert {one.policy.answer for one in found.values()} == {"unknown"}
    assert {one.status for one in found.values()} == {None}
