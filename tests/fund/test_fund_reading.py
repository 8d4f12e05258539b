"""Rules: what is read, and one sentence with file, line and key for everything else."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.fund.model import Money
from samenspel.fund.reading import example, read_rules, rules_of, with_value
from samenspel.language import use

GOOD = """\
title: {nl: Proef, en: Trial}
total: {amount: 1000.00, growth: 3.5%, year: 2024, status: choice}
figures:
  income: {key: [net_taxable_income, taxable_income], year: latest, unknown: 0}
  urban:
    values: {"11002": 10, "44021": 12.5}
    status: choice
blocks:
  basic:
    share: 2/5
    key: population
    floor: 10 * population
    cap: 500.00
    status: unvalidated
    source: {publication: SBV-toekomstvisie 2023, section: 4.4.4, lines: [2797, 2814]}
  centre:
    share: rest
    unknown: leave_out
    nobody: unspent
    overlap: true
    segments:
      large:
        title: Large
        members: {equipment_level: a0, centre: true, zones: {REGIO: [NOORD]}, where: urban > 5}
        share: 0.5
        key: urban
        divided_over: all
      small:
        members: {nis: ["11002"]}
        share: rest
        key: population
  extra:
    supplement: max(0, 20 - received)
    members: all
    valid_from: 2025-01-01
    valid_to: 2030-01-01
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "fund.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_good_rules_are_read(tmp_path: Path) -> None:
    rules = read_rules(written(tmp_path, GOOD))
    fund = rules.fund
    assert rules.name == f"{tmp_path.name}/fund.yaml"
    assert str(fund.title) == "Trial"
    assert fund.total is not None
    assert fund.total.amount == 100_000
    assert fund.blocks["basic"].share == Fraction(2, 5)
    assert fund.blocks["basic"].source is not None
    assert fund.blocks["basic"].source.lines == (2797, 2814)
    assert fund.figures["urban"].values == {"11002": Fraction(10), "44021": Fraction(25, 2)}
    segments = fund.blocks["centre"].segments
    assert segments is not None
    assert list(segments) == ["large", "small"]
    assert [name for name, _division in fund.blocks["centre"].divisions()] == ["large", "small"]
    assert rules_of(rules.data, "again").fund == fund


def test_titles_follow_the_language(tmp_path: Path) -> None:
    rules = read_rules(written(tmp_path, GOOD))
    use("nl")
    assert str(rules.fund.title) == "Proef"


def test_blocks_hold_on_their_days(tmp_path: Path) -> None:
    fund = read_rules(written(tmp_path, GOOD)).fund
    assert "extra" in fund.on(date(2025, 1, 1))
    assert "extra" not in fund.on(date(2024, 12, 31))
    assert "extra" in fund.on(date(2029, 12, 31))
    assert "extra" not in fund.on(date(2030, 1, 1))


FAULTS = [
    ("title: {nl: Proef, en: Trial}", "title: {nl: Proef}", 1, "title.en", "it is missing"),
    ("title: {nl: Proef, en: Trial}\n", "", 1, "title", "it is missing"),
    ("title: {nl: Proef, en: Trial}", "title: 3", 1, "title", "3 is not what belongs here"),
    ("amount: 1000.00", "amount: ten", 2, "total.amount", "is no amount in euro"),
    ("amount: 1000.00", "amount: 10.005", 2, "total.amount", "parts of a cent"),
    ("amount: 1000.00", "amount: -1", 2, "total.amount", "below zero"),
    ("amount: 1000.00", "amount: .inf", 2, "total.amount", "cannot be read exactly"),
    ("amount: 1000.00", "amount: true", 2, "total.amount", "is no number"),
    ("amount: 1000.00", "amount: 12345678901234567.25", 2, "total.amount", "quotation marks"),
    ("amount: 1000.00", "amount: 99999999999999999.00", 2, "total.amount", "quotation marks"),
    ("growth: 3.5%", "growth: 300%", 2, "total.growth", "no growth per year"),
    ("growth: 3.5%", "growth: -100%", 2, "total.growth", "no growth per year"),
    ("growth: 3.5%, ", "", 2, "total", "belong together"),
    ("year: 2024, ", "", 2, "total", "belong together"),
    ("year: 2024, ", "year: 2024, sum: 3, ", 2, "total.sum", "the key is not known"),
    ("status: choice}\nfigures", "status: law}\nfigures", 2, "total", "needs a source"),
    ("year: latest", "year: last", 4, "figures.income.year", "'last' is n"),
    (", year: latest", "", 4, "figures.income", "a key needs a year"),
    ("unknown: 0", "unknown: none", 4, "figures.income.unknown", "no number such as"),
    ("unknown: 0", "unknown: 1/0", 4, "figures.income.unknown", "no number such as"),
    ("unknown: 0", 'unknown: "1e99999"', 4, "figures.income.unknown", "no number such as"),
    ("  income:", "  population:", 4, "figures.population", "meaning of its own"),
    ("  income:", "  Income:", 4, "figures.Income", "small letters"),
    ('"11002": 10,', "11002: 10,", 6, "figures.urban.values.11002", "quotation marks"),
    ('"11002": 10,', '"11002": ten,', 6, "figures.urban.values.11002", "no number such as"),
    ("    values:", "    key: x\n    values:", 5, "figures.urban", "one of the two"),
    ("share: 2/5", "share: 120%", 10, "blocks.basic.share", "no share between"),
    ("share: 2/5", "share: half", 10, "blocks.basic.share", "no number such as"),
    ("share: 2/5", "share: 2/5\n    pot: 3", 9, "blocks.basic", "one of the three"),
    ("    share: 2/5\n", "", 9, "blocks.basic", "one of the three"),
    ("    key: population\n    floor", "    floor", 9, "blocks.basic", "a key or segments"),
    ("key: population\n    floor", "key: inhabitants\n    floor", 11, "blocks.basic.key",
     "there is no figure inhabitants"),
    ("key: population\n    floor", "key: received\n    floor", 11, "blocks.basic.key",
     "there is no figure received"),
    ("key: population\n    floor", "key: population ** 2\n    floor", 11, "blocks.basic.key",
     "a formula knows"),
    ("key: population\n    floor", "key: [population]\n    floor", 11, "blocks.basic.key",
     "is no number"),
    ("cap: 500.00", "cap: population > 3", 13, "blocks.basic.cap", "does not belong here"),
    ("status: unvalidated", "status: valid", 14, "blocks.basic.status", "is none of"),
    ("publication: SBV-toekomstvisie 2023, ", "", 15, "blocks.basic.source.publication",
     "it is missing"),
    ("lines: [2797, 2814]", "lines: 5", 15, "blocks.basic.source.lines", "not what belongs here"),
    ("unknown: leave_out", "unknown: skip", 18, "blocks.centre.unknown", "is none of"),
    ("overlap: true", "overlap: maybe", 20, "blocks.centre.overlap", "not what belongs here"),
    ("    overlap: true\n", "    floor: 3\n", 16, "blocks.centre", "in each segment"),
    ("centre: true,", "centre: yess,", 24, "blocks.centre.segments.large.members.centre",
     "not what belongs here"),
    ("where: urban > 5", "where: urban", 24, "blocks.centre.segments.large.members.where",
     "no condition"),
    ("where: urban > 5", "where: urbane > 5", 24, "blocks.centre.segments.large.members.where",
     "there is no figure urbane"),
    ("where: urban > 5", "where: 5", 24, "blocks.centre.segments.large.members.where",
     "no condition"),
    ('members: {nis: ["11002"]}', "members: {nis: [11002]}", 29,
     "blocks.centre.segments.small.members.nis.0", "quotation marks"),
    ('members: {nis: ["11002"]}', "members: {}", 29, "blocks.centre.segments.small.members",
     "it must name members"),
    ('members: {nis: ["11002"]}', "members: everybody", 29,
     "blocks.centre.segments.small.members", "is none of 'all'"),
    ("        key: urban\n", "", 22, "blocks.centre.segments.large", "it needs a key"),
    ("        share: 0.5\n", "", 22, "blocks.centre.segments.large", "a pot or a share"),
    ("divided_over: all", "divided_over: some", 27,
     "blocks.centre.segments.large.divided_over", "is none of"),
    ("20 - received", "20 - total(received)", 33, "blocks.extra.supplement", "no total"),
    ("    members: all\n", "    members: all\n    cap: 3\n", 32, "blocks.extra",
     "a supplement has no"),
    ("valid_to: 2030-01-01", "valid_to: 2025-01-01", 32, "blocks.extra", "ends before it starts"),
    ("valid_to: 2030-01-01", "valid_to: later", 36, "blocks.extra.valid_to",
     "not what belongs here"),
    ("  extra:\n", "  extra:\n    block: basic\n", 32, "blocks.extra", "the same block"),
    ("total: {amount: 1000.00, growth: 3.5%, year: 2024, status: choice}\n", "", 1, "-",
     "needs a total"),
    ("blocks:\n", "keep: 3\nblocks:\n", 8, "keep", "the key is not known"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "what"), FAULTS, ids=[f"{f[3]}: {f[4]}" for f in FAULTS]
)
def test_a_fault_is_one_sentence_with_its_place(
    tmp_path: Path, old: str, new: str, line: int, key: str, what: str
) -> None:
    assert GOOD.count(old) == 1, old
    with pytest.raises(InputError) as caught:
        read_rules(written(tmp_path, GOOD.replace(old, new)))
    told = str(caught.value)
    assert told.startswith(f"{tmp_path.name}/fund.yaml, line {line}, key {key}: "), told
    assert what in told
    assert "\n" not in told
    assert told.endswith(".")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "must hold keys"),
        ("[1, 2]", "must hold keys"),
        ("title: [", "not valid YAML"),
        ("title: x\ntitle: y", "stands there twice"),
        ("title: x\nblocks: {}", "blocks"),
        ("title: x\nblocks: 3", "blocks"),
        ("title: x\nblocks: {basic: 3}", "blocks.basic"),
        ("title: x\nfigures: 3\nblocks: {a: {pot: 1, key: population}}", "figures"),
    ],
)
def test_what_is_no_set_of_rules(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read_rules(written(tmp_path, text))


def test_values_in_a_file_beside_the_rules(tmp_path: Path) -> None:
    text = GOOD.replace('values: {"11002": 10, "44021": 12.5}', "file: urban.csv")
    (tmp_path / "urban.csv").write_text('nis,value\n11002,10\n44021,12.5\n1,\n"2",3\n', "utf-8")
    values = read_rules(written(tmp_path, text)).fund.figures["urban"].values
    assert values == {"11002": 10, "44021": Fraction(25, 2), "2": 3}


@pytest.mark.parametrize(
    ("name", "table", "what"),
    [
        ("urban.csv", None, "no such file"),
        ("../urban.csv", "nis,value\n1,2\n", "beside this one"),
        ("/etc/passwd", None, "beside this one"),
        ("urban.csv", "nis,number\n1,2\n", "no column value"),
        ("urban.csv", "nis,value\n1,2\n1,3\n", "twice"),
        ("urban.csv", "nis,value\n,2\n", "empty or stands"),
        ("urban.csv", "nis,value\n1,two\n", "no number such as"),
        ("urban.csv", "", "empty"),
    ],
)
def test_a_file_of_values_that_cannot_be_used(
    tmp_path: Path, name: str, table: str | None, what: str
) -> None:
    text = GOOD.replace('values: {"11002": 10, "44021": 12.5}', f"file: {name}")
    if table is not None:
        (tmp_path / "urban.csv").write_text(table, "utf-8")
    with pytest.raises(InputError, match=what):
        read_rules(written(tmp_path, text))


def test_plain_data_has_no_files() -> None:
    data = {"title": "x", "figures": {"urban": {"file": "urban.csv"}}, "blocks": {}}
    with pytest.raises(InputError, match=r"here, key figures.urban"):
        rules_of(data, "here")


def test_one_value_changed(tmp_path: Path) -> None:
    rules = read_rules(written(tmp_path, GOOD))
    other = with_value(rules, "blocks.basic.share", "30%")
    assert other.fund.blocks["basic"].share == Fraction(3, 10)
    assert rules.fund.blocks["basic"].share == Fraction(2, 5)
    assert with_value(other, "blocks.basic.share", "2/5").fund == rules.fund
    assert with_value(rules, "keep_cents", value=False).fund.keep_cents is False


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        ("blocks.base.share", "30%", "there is no blocks.base; there are basic, centre, extra"),
        ("blocks.basic.share.x", "30%", "blocks.basic.share holds no keys"),
        ("blocks.basic.share", "300%", "key blocks.basic.share: 300% is no share"),
        ("blocks.basic.colour", "red", "the key is not known"),
        ("", "red", "the key is not known"),
    ],
)
def test_a_change_that_cannot_be_made(tmp_path: Path, path: str, value: Any, what: str) -> None:
    rules = read_rules(written(tmp_path, GOOD))
    with pytest.raises(InputError, match=what):
        with_value(rules, path, value)


def test_large_amounts_are_exact_or_refused() -> None:
    for euro, cents in (
        (99_999_999_999.25, 9_999_999_999_925),
        ("99999999999.25", 9_999_999_999_925),
    ):
        data = {"title": "x", "total": euro, "blocks": {"a": {"share": "rest", "key": 1}}}
        total = rules_of(data, "here").fund.total
        assert total is not None
        assert total.amount == cents
    data["total"] = 1e15  # a number of so many digits may have lost some
    with pytest.raises(InputError, match=r"key total: .* cannot be read exactly"):
        rules_of(data, "here")


def test_growth_is_rounded_every_year() -> None:
    money = Money.model_validate({"amount": 100.05, "growth": "3.5%", "year": 2022})
    assert money.on(date(2022, 7, 1)) == 10_005
    assert money.on(date(2023, 7, 1)) == 10_355  # 10355.175
    assert money.on(date(2024, 1, 1)) == 10_717  # 10355 x 1.035 = 10717.425
    assert money.on(date(2025, 1, 1)) == 11_092  # 11092.095
    with pytest.raises(ValueError, match="says nothing of 2021"):
        money.on(date(2021, 1, 1))
    with pytest.raises(ValueError, match="says nothing of 2500"):
        money.on(date(2500, 1, 1))
    shrinks = Money.model_validate({"amount": 1, "growth": "-0.5%", "year": 2024})
    assert shrinks.on(date(2025, 1, 1)) == 100  # 99.5, half up


scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["all", "population", "rest", "40%", "choice", "law", "latest"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["pot", "share", "key", "members", "nis", "segments", "title",
                                       "basic", "values", "where", "floor", "status"]), inner),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "total", "figures", "blocks"]), scraps))
def test_any_data_is_rules_or_one_sentence(data: dict[str, Any]) -> None:
    try:
        rules_of(data, "here")
    except InputError as error:
        assert str(error).startswith("here, key ")  # noqa: PT017


def test_the_example_cites_its_source_and_calls_its_pots_a_choice() -> None:
    fund = example().fund
    assert fund.status == "unvalidated"
    assert fund.total is not None
    assert fund.total.status == "choice"
    for block in fund.blocks.values():
        assert block.status in ("unvalidated", "choice")
        assert (block.source is None) == (block.status == "choice")
        assert block.note is not None
    assert "law" in str(fund.title)
