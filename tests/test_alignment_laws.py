"""Laws of the fit to zones that hold for any land."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.alignment.fit import fits, moves
from test_alignment_fit import compare, drawn, fit_by_id


@st.composite
def lands(draw: st.DrawFn) -> tuple[str, dict[str, str], dict[str, str]]:
    """A cover, zones and partnerships of the six municipalities."""
    cover = draw(st.sampled_from(["partition", "partial", "overlapping"]))
    if cover == "overlapping":
        land = st.sets(st.sampled_from("123456"), min_size=1).map(lambda s: "".join(sorted(s)))
        zones = {f"Z{i}": z for i, z in enumerate(draw(st.lists(land, min_size=1, max_size=5)))}
    else:
        low = 0 if cover == "partition" else -1
        where = draw(st.lists(st.integers(low, 2), min_size=6, max_size=6))
        zones = {
            f"Z{z}": "".join(n for n, w in zip("123456", where, strict=True) if w == z)
            for z in {*where} - {-1}
        }
    sets = draw(st.lists(st.sets(st.sampled_from("123456")), min_size=1, max_size=4))
    return cover, zones, {f"p{i}": "".join(sorted(one)) for i, one in enumerate(sets)}


@settings(max_examples=150, deadline=None)
@given(lands())
def test_fit_and_moves_agree_with_the_slow_computation(
    land: tuple[str, dict[str, str], dict[str, str]],
) -> None:
    cover, zones, sets = land
    found = compare(drawn(zones, cover, **sets), "Z")
    for p, fit in found.bodies.select("p", "fit").iter_rows():
        rows = found.touched.filter(p=p)
        if fit == "inside":
            assert rows["share_members"].max() == 1
        if fit == "union":
            whole = rows.filter("whole")["nis"].explode().unique()
            assert rows["nis"].explode().unique().sort().equals(whole.sort())


@settings(max_examples=60, deadline=None)
@given(lands(), st.data())
def test_moves_mend_when_they_are_made(
    land: tuple[str, dict[str, str], dict[str, str]], data: st.DataObject
) -> None:
    cover, zones, sets = land
    found = fits(drawn(zones, cover, **sets), "Z")
    crossing = found.bodies.filter(fit="crossing")
    if crossing.is_empty():
        return
    p, body = data.draw(st.sampled_from(crossing.select("p", "partnership").rows()))
    mend = moves(found, p)
    for gone in mend.leave.values():
        left = {**sets, body: "".join(sorted(set(sets[body]) - set(gone)))}
        assert fit_by_id(fits(drawn(zones, cover, **left), "Z"))[body] == "inside"
    if mend.join is not None:
        wider = {**sets, body: sets[body] + "".join(mend.join)}
        assert fit_by_id(fits(drawn(zones, cover, **wider), "Z"))[body] == "union"


@settings(max_examples=60, deadline=None)
@given(lands())
def test_merging_two_zones_never_turns_inside_into_crossing(
    land: tuple[str, dict[str, str], dict[str, str]],
) -> None:
    cover, zones, sets = land
    before = fit_by_id(fits(drawn(zones, cover, **sets), "Z"))
    for one, other in combinations(zones, 2):
        merged = {z: nis for z, nis in zones.items() if z not in (one, other)}
        merged["merged"] = "".join(sorted({*zones[one], *zones[other]}))
        after = fit_by_id(fits(drawn(merged, cover, **sets), "Z"))
        for body, fit in before.items():
            if fit == "inside":
                assert after[body] == "inside"
