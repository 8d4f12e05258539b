"""Who and what stands behind a finding: the members, the tasks, the other partnerships."""

from collections import Counter
from collections.abc import Iterator

import polars as pl
import pytest

from countries import example, generate
from samenspel.landscape.kinds import OBSERVER
from samenspel.landscape.landscape import Landscape
from samenspel.law.conditions import parse
from samenspel.law.engine import trace
from samenspel.law.evidence import Witness, behind, evidence_by_partnership
from samenspel.law.facts import partnership_facts
from samenspel.law.findings import law_findings
from samenspel.law.wording import explain
from samenspel.terminal.findings import show_findings


def with_task(land: Landscape, by: str, task: str, organisation: str) -> Landscape:
    """``land`` where partnership ``by`` also does ``task`` for ``organisation``."""
    tasks, provided = land.table("tasks"), land.table("task_provision")
    return land.with_tables(
        tasks=pl.concat(
            [tasks, pl.DataFrame({"partnership": [by], "task": [task]})], how="diagonal_relaxed"
        ).select(tasks.columns),
        task_provision=pl.concat(
            [
                provided,
                pl.DataFrame({"partnership": [by], "task": [task], "organisation": [organisation]}),
            ],
            how="diagonal_relaxed",
        ).select(provided.columns),
    )


def transferred(land: Landscape) -> Iterator[tuple[str, str, str]]:
    """A task that an opdrachthoudende vereniging took over, and for whom."""
    rows = land.table("tasks").filter("transferred").join(
        land.table("task_provision"), on=["partnership", "task"]
    )  # fmt: skip
    return iter(rows.select("partnership", "task", "organisation").sort(pl.all()).iter_rows())


def test_a_task_done_beside_names_the_task_the_other_and_the_member() -> None:
    land = example()
    partnership, task, member = next(transferred(land))
    beside = with_task(land, "p01", task, member)
    names = dict(land.table("municipalities").select("nis", "name").iter_rows())
    [found] = [f for f in law_findings(beside) if f.rule.id == "opdrachthoudende_exclusive"
               and f.outcome == "violated"]  # fmt: skip
    assert found.partnership == partnership
    assert found.as_json()["evidence"] == {
        "task_done_beside": [
            {
                "organisations": [{"id": member, "name": names[member]}],
                "task": task,
                "partnership": "p01",
                "partnership_name": "Streekdienst Voorbeeldstreek",
            }
        ]
    }
    assert not [f for f in law_findings(land) if "task_done_beside" in f.evidence]


def test_evidence_agrees_with_the_facts() -> None:
    for land in (example(), generate(100, 1)):
        facts, evidence = partnership_facts(land), evidence_by_partnership(land)
        for partnership, mine in facts.items():
            told = evidence.get(partnership, {})
            for fact in ("has_private", "has_province", "has_ocmw", "has_transfer", "has_manager",
                         "task_done_beside", "has_municipality"):  # fmt: skip
                assert (mine[fact] is True) == (fact in told), (partnership, fact)
            assert (mine["both_sides_in_board"] is False) == ("both_sides_in_board" in told)
            if mine["municipalities"]:
                [witness] = told["municipalities"]
                assert len(witness.organisations) == mine["municipalities"]


def test_only_what_is_violated_has_evidence_and_only_of_what_fails() -> None:
    for each in law_findings(generate(100, 1)):
        assert each.outcome == "violated" or not each.evidence
        assert each.evidence.keys() <= set(each.rule.facts)


def test_an_observer_is_no_evidence() -> None:
    land = example()
    links = land.table("memberships").with_columns(role=pl.lit(OBSERVER))
    evidence = evidence_by_partnership(land.with_tables(memberships=links))
    assert not any("municipalities" in told for told in evidence.values())


def test_behind_looks_under_a_not_for_what_holds() -> None:
    facts = {"has_private": True, "has_province": False, "has_ocmw": True}
    told = {name: (Witness((("a", "A"),)),) for name in facts}
    step = trace(parse({"not": {"fact": "has_private", "equals": True}}), facts)
    assert list(behind(step, told)) == ["has_private"]
    parts = [{"fact": name, "equals": False} for name in facts]
    assert list(behind(trace(parse({"all": parts}), facts), told)) == ["has_private", "has_ocmw"]


@pytest.mark.parametrize(
    ("witness", "words"),
    [
        (Witness((("1", "Eenheem"), ("2", "2"))), "Eenheem [1], 2"),
        (Witness(task="afval"), "task “afval”"),
        (
            Witness((("1", "Eenheem"),), "afval", ("p", "Netwerk")),
            "“afval” is also done by Netwerk [p], for Eenheem [1]",
        ),
        (
            Witness(tuple((str(n), str(n)) for n in range(11))),
            "0, 1, 2, 3, 4, 5, 6, 7 and 3 more",
        ),
    ],
)
def test_a_witness_in_words(witness: Witness, words: str) -> None:
    assert str(witness) == words


def test_findings_that_say_the_same_stand_together(capsys: pytest.CaptureFixture[str]) -> None:
    found = law_findings(generate(100, 1))
    violated = [f for f in found if f.outcome == "violated"]
    show_findings(found, everything=False)
    short = capsys.readouterr().out
    show_findings(found, everything=True)
    whole = capsys.readouterr().out
    told = Counter(tuple(explain(f.finding)) for f in violated)
    assert max(told.values()) > 1
    for lines in told:
        assert short.count("\n  ".join(lines)) == 1
    for each in found:
        assert f"[{each.partnership}]" in whole
        assert str(each.rule.explanation) in whole
    for each in violated:
        assert f"- {each.name} [{each.partnership}]" in whole
        assert all(str(w) in whole for those in each.evidence.values() for w in those[:6])
    assert len(whole.splitlines()) < len(found)


def test_a_boolean_says_what_must_be_and_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    land = example()
    _partnership, task, member = next(transferred(land))
    found = law_findings(with_task(land, "p01", task, member))
    show_findings(found, everything=False)
    said = capsys.readouterr().out
    assert "[does not hold] a member has a transferred task done beside it: must be no " in said
    assert "(found: yes)" in said


def test_evidence_is_found_in_a_folder_without_tasks() -> None:
    land = example()
    kept = {name: frame for name, frame in land.frames.items()
            if name not in ("tasks", "task_provision", "mandates")}  # fmt: skip
    evidence = evidence_by_partnership(Landscape(land.date, kept, land.about))
    assert "municipalities" in evidence["p01"]
    assert not any("has_transfer" in told for told in evidence.values())
