"""Members of a zone that name no municipality are told as faults; nothing else fails on them."""

from datetime import date

import polars as pl

from samenspel.landscape.validation import check


def test_a_zone_member_without_a_municipality_is_one_fault() -> None:
    frames = {
        "municipalities": pl.DataFrame({"nis": ["1", "2"], "name": ["Appelgem", "Kersengem"]}),
        "adjacency": pl.DataFrame({"nis_a": ["1"], "nis_b": ["2"]}),
        "zonings": pl.DataFrame({"zoning": ["streek"], "cover": ["partition"]}),
        "zones": pl.DataFrame({"zoning": ["streek"] * 2, "zone": ["noord", "zuid"]}),
        "zone_members": pl.DataFrame(
            {"zoning": ["streek"] * 3, "zone": ["noord", "noord", "zuid"], "nis": ["1", None, "2"]}
        ),
    }
    found = [(f.code, f.table, f.column) for f in check(frames, date(2025, 1, 1))]
    assert ("missing_value", "zone_members", "nis") in found
    assert all(code != "not_contiguous" for code, _table, _column in found)
