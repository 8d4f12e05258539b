"""What holds for any scenario on any small land."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mergers import OLD, Row, chronicle, figure, flow
from samenspel.landscape.findings import errors
from samenspel.landscape.validation import check
from samenspel.scenario.applying import apply
from samenspel.scenario.combining import combine
from samenspel.scenario.given import OPERATIONS, Scenario
from samenspel.scenario.operation import Operation, Refused
from samenspel.scenario.reading import read_scenario
from samenspel.scenario.study import Policy, Study
from samenspel.scenario.writing import write_scenario

DAY = date(2024, 5, 1)
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
towns = st.sampled_from([*OLD, *OLD, "M", "N"])
bodies = st.sampled_from("pqrpqrst")
anybody = st.sampled_from([*OLD, *OLD, *"pqrs", "M", "ocmw-A", "ocmw-B"])
counts = st.none() | st.integers(0, 9)
shares = st.none() | st.sampled_from([0.25, 0.5, 1.0])
names = st.none() | st.just("Naam")
days = st.none() | st.sampled_from([date(2020, 1, 1), date(2030, 1, 1)])


def some(codes: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(codes, min_size=least, max_size=most, unique=True)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Five municipalities with three partnerships, one of which may be a member of another."""
    links = {}
    for p in "pqr":
        for one in draw(some(st.sampled_from([*OLD, "p", "ocmw-A"]), 1, 4)):
            if one != p:
                role = draw(st.sampled_from([None, "member", "observer"]))
                links[p, one] = {"share": None, "votes": draw(counts), "role": role}
    tasks = draw(st.sets(st.tuples(st.sampled_from("pqr"), st.sampled_from(["t", "u"]))))
    provided = {
        (p, t, one)
        for p, t in tasks
        for one in draw(some(st.sampled_from([one for q, one in links if q == p] or ["A"]), 0, 2))
    }
    seats = draw(st.sets(st.sampled_from(sorted(links) or [("p", "A")]), max_size=3))
    zones = {c: draw(st.sampled_from("12")) for c in OLD}
    rows: dict[str, list[Row]] = {
        "partnerships": [
            {"id": p, "name": p.upper(), "theme": draw(st.sampled_from([None, "water"])),
             "legal_form": draw(st.sampled_from([None, "overeenkomst"])),
             "start": date(2019, 1, 1), "term_end": draw(days.filter(lambda d: d != DAY)),
             "host": draw(st.none() | st.sampled_from([*OLD, *(set("pqr") - {p})]))}
            for p in "pqr"
        ],
        "organisations": [
            *({"id": f"ocmw-{c}", "class": "ocmw", "nis": c, "name": f"OCMW {c}"} for c in "AB"),
            *({"id": p, "name": p.upper()} for p in "pqr"),
        ],
        "memberships": [{"partnership": p, "organisation": one, **row}
                        for (p, one), row in links.items()],
        "tasks": [{"partnership": p, "task": t} for p, t in sorted(tasks)],
        "task_provision": [{"partnership": p, "task": t, "organisation": one}
                           for p, t, one in sorted(provided)],
        "mandates": [{"partnership": p, "organ": "raad", "organisation": one, "seats": 1}
                     for p, one in sorted(seats)],
        "zonings": [{"zoning": "Z", "cover": draw(st.sampled_from(["partition", "overlapping"]))}],
        "zones": [{"zoning": "Z", "zone": zone} for zone in sorted(set(zones.values()))],
        "zone_members": [{"zoning": "Z", "zone": zone, "nis": c} for c, zone in zones.items()],
        "figures": [figure(c, 1.0) for c in draw(st.sets(st.sampled_from(OLD)))],
        "flows": [flow(a, b, 2) for a, b in draw(st.sets(st.sampled_from(["AB", "BC", "CA"])))],
        "adjacency": [{"nis_a": a, "nis_b": b, "border_m": 1.0}
                      for a, b in draw(st.sets(st.sampled_from(["AB", "BC", "CD", "DE"])))],
    }  # fmt: skip
    return Study(chronicle({}, **rows).at(DAY), Policy({"a": {"b": [1, 2]}}))


def shaped(called: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Operation]:
    return st.fixed_dictionaries(parts).map(OPERATIONS[called].model_validate)


operations = st.one_of(
    shaped("merge_municipalities", parts=some(towns, 2, 3), nis=towns, name=names),
    shaped("assign_zone", zoning=st.sampled_from("ZY"), nis=towns, zone=st.sampled_from("123")),
    st.builds(
        lambda zoning, cover, zones: OPERATIONS["redraw_zoning"].model_validate(
            {"zoning": zoning, "cover": cover,
             "zones": [{"zone": z, "municipalities": those} for z, those in zones.items()]}
        ),
        st.sampled_from("ZY"),
        st.sampled_from(["partial", "partition", "overlapping"]),
        st.dictionaries(st.sampled_from("12"), some(st.sampled_from(OLD), 1, 5), min_size=1),
    ),
    shaped("found_partnership", id=bodies, name=st.just("Nieuw"), members=some(anybody, 1, 3),
           tasks=st.sampled_from([[], [{"task": "t"}], [{"task": "u", "organisations": ["A"]}]])),
    shaped("dissolve_partnership", partnership=bodies),
    shaped("merge_partnerships", parts=some(bodies, 2, 3), into=bodies, name=names, term_end=days),
    shaped("host_partnership", partnership=bodies, host=bodies),
    shaped("extend_partnership", partnership=bodies, members=some(anybody, 1, 2)),
    shaped("shrink_partnership", partnership=bodies, members=some(anybody, 1, 2)),
    shaped("convert_partnership", partnership=bodies, term_end=days,
           legal_form=st.sampled_from(["overeenkomst", "welzijnsvereniging"])),
    shaped("join", organisation=anybody, partnership=bodies, votes=counts, share=shares),
    shaped("leave", organisation=anybody, partnership=bodies),
    shaped("change_fund_rule", path=st.sampled_from(["a.b.0", "a.b.2", "a.c"]),
           value=st.integers(1, 2), add=st.booleans()),
    shaped("change_parameter", name=st.sampled_from(["horizon", "many"]), value=st.integers(1, 3)),
)  # fmt: skip
lists = st.lists(operations, min_size=2, max_size=8).map(tuple)


def possible(study: Study, wanted: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """Those of ``wanted`` that can be done one after the other."""
    refused = {fault.number for fault in apply(study, Scenario("", wanted)).faults}
    return tuple(one for number, one in enumerate(wanted, 1) if number not in refused)


def same(left: Study | None, right: Study | None) -> bool:
    assert left is not None
    assert right is not None
    return left.landscape.equals(right.landscape) and left.policy == right.policy


@slow
@given(studies(), lists, st.integers(0, 6))
def test_in_pieces_it_is_the_whole(study: Study, wanted: tuple[Operation, ...], cut: int) -> None:
    able = possible(study, wanted)
    whole = apply(study, Scenario("", able))
    assert whole.faults == ()
    first = apply(study, Scenario("", able[:cut])).study
    assert first is not None
    assert same(apply(first, Scenario("", able[cut:])).study, whole.study)


@slow
@given(studies(), lists)
def test_no_error_comes_that_was_not_there(study: Study, wanted: tuple[Operation, ...]) -> None:
    before = {(f.code, f.table) for f in errors(check(study.landscape.frames, DAY))}
    state = study
    for one in possible(study, wanted):
        found = apply(state, Scenario("", (one,))).study
        assert found is not None
        state = found
        after = errors(check(state.landscape.frames, DAY))
        assert {(f.code, f.table) for f in after} <= before, (one, after)


@slow
@given(studies(), lists)
def test_faults_change_nothing_and_need_a_fault(
    study: Study, wanted: tuple[Operation, ...]
) -> None:
    copy = {name: frame.clone() for name, frame in study.landscape.frames.items()}
    fund = {"a": {"b": [1, 2]}}
    found = apply(study, Scenario("", wanted))
    assert (found.study is None) == bool(found.faults)
    assert all(frame.equals(copy[name]) for name, frame in study.landscape.frames.items())
    assert study.policy == Policy(fund)
    for fault in found.faults:
        assert fault.reason.endswith(".")
        assert all(number < fault.number for number in (*fault.follows, *fault.earlier))
        assert set(fault.follows) <= {other.number for other in found.faults}
        assert not set(fault.earlier) & {other.number for other in found.faults}


@slow
@given(studies(), lists)
def test_what_is_done_is_refused_a_second_time(study: Study, wanted: tuple[Operation, ...]) -> None:
    state = study
    for one in possible(study, wanted):
        state = one.do(state).study
        with pytest.raises(Refused):
            one.do(state)


@slow
@given(lists)
def test_written_and_read_it_is_the_same(wanted: tuple[Operation, ...]) -> None:
    scenario = Scenario("Titel: met “tekens”", wanted)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "s.yaml"
        file.write_text(write_scenario(scenario), encoding="utf-8")
        assert read_scenario(file) == scenario


@slow
@given(studies(), lists, lists)
def test_what_combines_can_be_applied(
    study: Study, first: tuple[Operation, ...], second: tuple[Operation, ...]
) -> None:
    found = combine(study, Scenario("", first), Scenario("", second))
    if found.scenario is not None:
        assert same(apply(study, found.scenario).study, found.study)
        assert (found.clashes, found.first_faults, found.second_faults) == ((), (), ())
    else:
        assert found.clashes or found.first_faults or found.second_faults
        own = {fault.number for fault in apply(study, Scenario("", second)).faults}
        assert not own & {clash.fault.number for clash in found.clashes}
