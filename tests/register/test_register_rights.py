"""Every operation asked as every role of every organisation, on every row of the example: exactly
what ``rights.csv`` allows is allowed. That table is written by hand, apart from the rules."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from countries import example
from samenspel import language
from samenspel.register import models, rights
from samenspel.register.contract import BY_NAME
from samenspel.register.owners import subject_of
from samenspel.register.rights import VISITOR, Actor, Held, Refused, Subject, may, require

ME, ANOTHER = 1, 2
ON_ROWS = ("edit", "confirm", "undo")
Row = dict[str, Any]
Line = tuple[str, str, str, str]


@cache
def lines() -> frozenset[Line]:
    """Operation, role, relation and table of each thing that is allowed; no table is empty text."""
    with Path(__file__).with_name("rights.csv").open(encoding="utf-8") as file:
        return frozenset(
            (row["operation"], row["role"], row["relation"], table)
            for row in csv.DictReader(file)
            for table in row["tables"].split() or [""]
        )


def allowed(operation: str, table: str, role: str, relations: set[str]) -> bool:
    """Whether ``rights.csv`` allows it for a role that has ``relations``."""
    return any((operation, role, relation, table) in lines() for relation in relations)


@cache
def actors() -> tuple[tuple[str, Actor], ...]:
    """Everybody who could ask: each role, for each organisation and zone of the example."""
    land = example()
    held = [
        *(Held("municipality", nis) for nis in land.table("municipalities")["nis"]),
        *(Held("partnership", id) for id in land.table("partnerships")["id"]),
        *(Held("coordinator", None, *names)
          for names in land.table("zones").select("zoning", "zone").iter_rows()),
        Held("agency"),
        Held("administrator"),
    ]  # fmt: skip
    found = [(one.role, Actor(ME, (one,))) for one in held]
    return (("visitor", VISITOR), ("nobody", Actor(ME)), *found)


@cache
def facts() -> tuple[tuple[str, Row], ...]:
    """Every row of the example, and one of each table that it does not have."""
    land = example()
    found = [
        (name, row)
        for name in land.frames
        for row in land.table(name).drop("geometry", strict=False).iter_rows(named=True)
    ]
    return (
        *found,
        ("about", {"name": "x"}),
        ("known_tables", {"table": "flows"}),
        ("own_columns", {"table": "flows", "column": "x", "type": "text"}),
    )


def town_of(code: str) -> str:
    """The municipality that an organisation of the example is or belongs to."""
    return code.removeprefix("ocmw-")


@cache
def towns(partnership: str) -> frozenset[str]:
    """The municipalities that are a member of ``partnership``, themselves or by their OCMW."""
    rows = example().table("memberships").iter_rows(named=True)
    return frozenset(town_of(r["organisation"]) for r in rows if r["partnership"] == partnership)


@cache
def land_of(zoning: str, zone: str) -> frozenset[str]:
    """The municipalities of a zone."""
    rows = example().table("zone_members").iter_rows(named=True)
    return frozenset(r["nis"] for r in rows if (r["zoning"], r["zone"]) == (zoning, zone))


def relations(table: str, row: Row, held: Held) -> set[str]:
    """What ``held`` has to do with a row, worked out from the example without ``owners``."""
    body = row.get("partnership") if table != "partnerships" else row["id"]
    member = {
        "memberships": row.get("organisation"),
        "mandates": row.get("organisation"),
        "organisations": row.get("id"),
        "municipalities": row.get("nis"),
    }.get(table)
    seated = table in ("memberships", "mandates")
    found = {"any"}
    mine = held.organisation
    if mine and (mine == body or (member and mine in (member, town_of(member)))):
        found.add("own organisation")
    if mine and seated and member and mine in (member, town_of(member)):
        found.add("own seat")
    if held.zone and held.zoning:
        there = land_of(held.zoning, held.zone)
        bodies = [code for code in (body, member) if code]
        here = frozenset[str]().union(*map(towns, bodies))
        if there & here or (member and town_of(member) in there):
            found.add("own zone")
    return found


def answers() -> Iterator[tuple[str, str, str, Actor, Subject, bool]]:
    """Operation, table, role, actor, subject and what ``rights.csv`` says, of everything asked."""
    land = example()
    for operation in rights.OPERATIONS:
        for role, actor in actors():
            held = actor.held[0] if actor.held else Held(role)
            if operation not in ON_ROWS:
                for whose in (None, ME, ANOTHER):
                    own = {"own account"} if whose == ME == actor.account else set()
                    said = allowed(operation, "", role, {"any"} | own)
                    yield operation, "", role, actor, Subject(account=whose), said
                continue
            for table, row in facts():
                found = relations(table, row, held)
                said = allowed(operation, table, role, found)
                yield operation, table, role, actor, subject_of(table, row, land), said
            for whose in (ME, ANOTHER):
                for new in (True, False):
                    asked = Subject("sources", account=whose, new=new)
                    own = {"own new"} if new and whose == ME == actor.account else set()
                    said = allowed(operation, "sources", role, {"any"} | own)
                    yield operation, "sources", role, actor, asked, said


def test_everybody_may_exactly_what_the_table_says() -> None:
    everyone = {"visitor"}  # what a visitor may, everybody may
    wrong = []
    counts = {True: 0, False: 0}
    for operation, table, role, actor, subject, said in answers():
        said = said or any(allowed(operation, table, one, {"any"}) for one in everyone)
        found = may(actor, operation, subject).allowed
        counts[found] += 1
        if found != said:
            wrong.append((operation, table, role, actor.held, subject, found))
    assert wrong == []
    assert min(counts.values()) > 1000


def test_the_rules_are_the_lines_of_the_table_and_no_others() -> None:
    said = {
        (rule.operation, rule.role, rule.relation, table)
        for rule in rights.RULES
        for table in rule.tables or (tuple(BY_NAME) if rule.operation in ON_ROWS else ("",))
    }
    assert said == lines()
    assert {line[0] for line in lines()} == set(rights.OPERATIONS)
    assert {line[1] for line in lines()} == {"visitor", *rights.ROLES}
    assert {line[2] for line in lines()} == set(rights.RELATIONS)
    assert len(set(rights.RULES)) == len(rights.RULES)


def test_a_right_without_a_line_and_a_line_without_a_right_are_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    every = rights.RULES
    extra = rights.Rule("edit", "administrator", rights.ANY, "a whim", ("figures",))
    for changed in ((*every, extra), every[1:], every[:-1], ()):
        monkeypatch.setattr(rights, "RULES", changed)
        with pytest.raises(AssertionError):
            test_the_rules_are_the_lines_of_the_table_and_no_others()
        with pytest.raises(AssertionError):
            test_everybody_may_exactly_what_the_table_says()


def test_what_no_rule_allows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "RULES", ())
    for operation in rights.OPERATIONS:
        for _role, actor in actors():
            assert not may(actor, operation, Subject("figures", account=ME)).allowed
    with pytest.raises(ValueError, match="edits"):
        may(VISITOR, "edits")


def test_roles_are_the_same_everywhere_and_every_rule_has_a_reason() -> None:
    assert rights.ROLES == models.people.ROLES
    assert set(rights.ROLE_NAMES) == set(rights.ROLES)
    assert set(rights.REFUSALS) == set(rights.OPERATIONS)
    assert set(rights.ROWS) == set(ON_ROWS)
    assert rights.STATUS == "choice"
    for rule in rights.RULES:
        assert re.fullmatch(r"[A-Z].{20,}\.", rule.reason), rule
        assert set(rule.tables) <= set(BY_NAME)


def test_several_roles_add_up_and_each_keeps_to_its_own() -> None:
    both = Actor(ME, (Held("municipality", "00001"), Held("coordinator", None, "REGIO", "ZUID")))
    land = example()

    def edits(nis: str, operation: str = "edit") -> bool:
        return may(both, operation, subject_of("municipalities", {"nis": nis}, land)).allowed

    assert [nis for nis in land.table("municipalities")["nis"] if edits(nis)] == [
        "00001", "00005", "00006", "00007", "00008",
    ]  # fmt: skip
    assert edits("00001", "confirm")
    assert not edits("00005", "confirm")
    fact = subject_of("municipalities", {"nis": "00005"}, land)
    assert not may(both.only("00001"), "edit", fact).allowed
    assert both.organisations == {"00001"}
    assert both.only("00002").held == ()


def test_an_answer_gives_the_reason_or_what_is_missing() -> None:
    fact = subject_of(
        "memberships", {"partnership": "p06", "organisation": "ocmw-00001"}, example()
    )
    answer = may(Actor(ME, (Held("municipality", "00001"),)), "confirm", fact)
    assert (answer.allowed, answer.missing) == (True, "")
    assert answer.reason == "Only the member itself confirms its membership and its seats."
    answer = may(VISITOR, "confirm", fact)
    assert (answer.allowed, answer.reason) == (False, "")


@pytest.mark.parametrize(
    ("actor", "operation", "subject", "said"),
    [
        (VISITOR, "confirm", Subject("memberships", frozenset({"p1", "1"}), members=frozenset("1")),
         "You may not confirm this row of table memberships: that needs the role municipality or "
         "partnership for 1; you are not signed in."),
        (Actor(ME), "start_job", Subject(),
         "You may not start a computation: that needs the role municipality, partnership, region "
         "coordinator, agency or administrator; your account has no role."),
        (Actor(ME, (Held("coordinator", None, "REGIO", "ZUID"), Held("agency"))), "back_up",
         Subject(),
         "You may not make a back-up: that needs the role administrator; you act as region "
         "coordinator for REGIO ZUID, agency."),
        (Actor(ME, (Held("municipality", "2"),)), "edit",
         Subject("municipalities", frozenset("1"), frozenset({("Z", str(i)) for i in range(6)}),
                 row="1"),
         "You may not edit this row of table municipalities (1): that needs the role municipality "
         "for 1, or the role region coordinator for Z 0, Z 1, Z 2, Z 3 or 2 more, or the role "
         "agency; you act as municipality for 2."),
        (Actor(ME, (Held("agency"),)), "confirm", Subject("figures"),
         "You may not confirm this row of table figures: no role allows it; you act as agency."),
        (Actor(ME, (Held("agency"),)), "draft", Subject(account=ANOTHER),
         "You may not read or change this draft: that needs a role, and that it is your own; you "
         "act as agency."),
        (VISITOR, "undo", Subject("sources", account=ANOTHER, new=True),
         "You may not undo this change of table sources: that needs the role municipality, "
         "partnership or region coordinator, and that you added it yourself, or the role agency; "
         "you are not signed in."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_missing(
    actor: Actor, operation: str, subject: Subject, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        require(actor, operation, subject)
    assert str(refused.value) == said


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_every_refusal_is_one_whole_sentence_in_both_languages(spoken: str) -> None:
    language.use(spoken)
    codes = frozenset({"11001", "11002"})
    zones = frozenset({("REGIO", "ZUID")})
    said = set()
    for operation in rights.OPERATIONS:
        for table in ("", *BY_NAME) if operation in ON_ROWS else ("",):
            for actor in (VISITOR, Actor(ME), Actor(ME, (Held("coordinator", None, "A", "B"),))):
                subject = Subject(table or None, codes, zones, ANOTHER, codes, True, "r")
                answer = may(actor, operation, subject)
                assert bool(answer.reason) == answer.allowed == (not answer.missing)
                if answer.allowed:
                    continue
                with pytest.raises(Refused) as refused:
                    require(actor, operation, subject)
                text = str(refused.value)
                assert re.fullmatch(r"[A-Z][^{}]*: [^{}]+; [^{}]+\.", text)
                assert table in text
                said.add(text.partition(":")[0])
    language.use("en")
    assert len(said) > len(rights.OPERATIONS)
