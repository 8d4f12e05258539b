"""A comparison as sections of sentences and tables, for the prompt and for pages alike. It reads
the JSON of ``Comparison`` and computes no figure."""

from collections.abc import Iterator, Sequence

from samenspel.compare.change import (
    BECAME_KNOWN,
    BECAME_UNKNOWN,
    BESIDE,
    CHANGED,
    GONE,
    NEW,
    SAME,
    SHARE_KNOWN,
)
from samenspel.compare.section import Json, Section, Table, add, few
from samenspel.compare.tellingbodies import fit, fund, law, partnerships
from samenspel.compare.wording import (
    cells_told,
    cents_told,
    change_told,
    figure_told,
    named,
    names,
    piece_word,
    stood_word,
    subject_told,
    town_told,
    unknown_side,
    value_told,
    zone_told,
)
from samenspel.language import _
from samenspel.words import WORDS, column_word, number, table_word, word

# Figures of municipalities of which the largest changes are listed (status: choice).
MAIN = ("tables", "partnerships", "seats", "contribution_cents", "changing_partners")


def sections(found: Json) -> list[Section]:
    """Every piece of a comparison that was asked for; the land first."""
    pieces = {
        "land": land, "screening": screening, "signals": signals, "law": law, "fit": fit,
        "fund": fund, "partnerships": partnerships, "tables": tables,
    }  # fmt: skip
    told = []
    for name, tell in pieces.items():
        if found[name] is not None:
            differs = found["differences"].get(name, 0) > 0
            section = Section(name, piece_word(name).capitalize(), differs)
            tell(found[name], section)
            told.append(section)
    return told


def side_by_side(data: Json) -> Table:
    """What several studies come to beside the one that they start from, one column each."""
    found = data["comparisons"]
    heads = [_("figure"), _("today"), *(one["title"] for one in found)]
    rows = [
        [table_word(name), *totals(found, name)]
        for name in found[0]["totals"]
    ]  # fmt: skip
    wholes = [
        {row["figure"]: row for row in one["screening"]["figures"] if row["kind"] == "landscape"}
        if one["screening"] is not None else {}
        for one in found
    ]  # fmt: skip
    differing = {name for whole in wholes for name in whole}
    for name in (name for name in WORDS if name in differing):
        today = next(figure_told(whole[name], "before") for whole in wholes if name in whole)
        after = [figure_told(whole[name], "after") if name in whole else today for whole in wholes]
        rows.append([word(name), today, *after])
    if all(one["signals"] is not None for one in found):
        rows.append([_("signals"), str(found[0]["signals"]["before"]),
                     *(str(one["signals"]["after"]) for one in found)])  # fmt: skip
    if all(one["law"] is not None for one in found):
        for outcome in found[0]["law"]["before"]:
            title = _("findings: {outcome}").format(outcome=stood_word(outcome))
            rows.append([title, str(found[0]["law"]["before"][outcome]),
                         *(str(one["law"]["after"][outcome]) for one in found)])  # fmt: skip
    if all(one["fit"] is not None for one in found):
        rows += crossings(found)
    if all(one["fund"] is not None for one in found):
        rows.append([_("fund"), cents_told(found[0]["fund"]["before_total_cents"]),
                     *(cents_told(one["fund"]["after_total_cents"]) for one in found)])  # fmt: skip
    return Table(_("Key figures of each"), heads, rows)


def totals(found: Sequence[Json], name: str) -> list[str]:
    """The rows of a table today and in every study."""
    cells = [one["totals"][name] for one in found]
    listed = [cells[0]["before"], *(cell["after"] for cell in cells)]
    return [_("unknown") if count is None else number(count, 0) for count in listed]


def crossings(found: Sequence[Json]) -> Iterator[list[str]]:
    """How many partnerships cross each zoning that all comparisons have."""
    by = [{zoning["zoning"]: zoning for zoning in one["fit"]["zonings"]} for one in found]
    for code in by[0]:
        if all(code in one for one in by):
            title = _("crossing {zoning}").format(zoning=code)
            after = (str(one[code]["after"]["crossing"]) for one in by)
            yield [title, str(by[0][code]["before"]["crossing"]), *after]


def alike(told: Sequence[Section]) -> str:
    """Which of the pieces do not differ; nothing where all do."""
    names = [section.title for section in told if not section.differs]
    return _("Nothing differs in: {names}.").format(names="; ".join(names)) if names else ""


def settings_told(found: Json) -> list[str]:
    """The choices that differ between the two studies."""
    before, after = found["settings"]["before"], found["settings"]["after"]
    return [
        _("The choice {name} is {before} before and {after} after; that alone can make figures "
          "differ.").format(name=name, before=one["value"], after=after[name]["value"])
        for name, one in before.items()
        if one["value"] != after[name]["value"]
    ]  # fmt: skip


def land(found: Json, section: Section) -> None:
    towns = found["municipalities"]
    for town in towns["merged"]:
        section.lines.append(
            _("{before} became {after}.").format(
                before=names(town["before"]), after=names(town["after"])
            )
        )
    for kind, text in ((GONE, _("No more there: {names}.")), (NEW, _("New: {names}."))):
        if towns[kind]:
            section.lines.append(text.format(names=names(towns[kind])))
    rows = [
        [town_told(town), column_word(name), *before_after(name, cell)]
        for town in (*towns["merged"], *towns[CHANGED])
        for name, cell in town["facts"].items()
    ]
    add(section, _("What is known of municipalities"),
        [_("municipality"), _("fact"), _("before"), _("after")], rows, 4)  # fmt: skip
    if found["zonings_what"] in (BECAME_KNOWN, BECAME_UNKNOWN):
        section.lines.append(unknown_side(_("zonings"), found["zonings_what"]))
    for zoning in found["zonings"]:
        if zoning["what"] in (GONE, NEW):
            text = _("Zoning {zoning} is there before only.")
            text = text if zoning["what"] == GONE else _("Zoning {zoning} is there after only.")
            section.lines.append(text.format(zoning=zoning["zoning"]))
        if zoning["facts"]:
            section.lines.append(f"{zoning['zoning']}: {cells_told(zoning['facts'])}.")
    drawn = [
        [zoning["zoning"], zone_told(zone), named(zone["gained"] or []), named(zone["lost"] or [])]
        for zoning in found["zonings"]
        for zone in zoning["zones"]
        if zone["gained"] or zone["lost"] or zone["what"] != CHANGED
    ]
    add(section, _("Zones with other land"),
        [_("zoning"), _("zone"), _("gained"), _("lost")], drawn, 4)  # fmt: skip


def before_after(name: str, cell: Json) -> list[str]:
    return [value_told(name, cell["before"]), value_told(name, cell["after"])]


def tables(found: Json, section: Section) -> None:
    rows = [
        [table_word(name), *(number(one[c], 0) for c in ("before", "after", "gone", "new"))]
        for name, one in found.items()
    ]
    add(section, _("Tables of which rows differ, whether a figure reads them or not"),
        [_("table"), _("before"), _("after"), _("rows gone"), _("rows new")], rows)  # fmt: skip


def screening(found: Json, section: Section) -> None:
    counts = found["counts"]
    for kind, text in (
        (GONE, _("No more there, so without figures after: {names}.")),
        (NEW, _("New, so without figures before: {names}.")),
    ):
        if found[kind]:
            section.lines.append(text.format(names=few([subject_told(one) for one in found[kind]])))
    section.lines.append(
        _("Of all figures of municipalities, zones, themes and the whole {changed} have another "
          "value, {same} the same; {unknown} are unknown before and after.").format(
            changed=number(counts.get(CHANGED, 0), 0), same=number(counts.get(SAME, 0), 0),
            unknown=number(counts.get("unknown", 0), 0))
    )  # fmt: skip
    known = [counts.get(kind, 0) for kind in (BECAME_KNOWN, BECAME_UNKNOWN, SHARE_KNOWN)]
    if any(known):
        section.lines.append(
            _("Became known: {known}; became unknown: {unknown}; the same, of which more or less "
              "is known: {share}. These are no changes of value.").format(
                known=known[0], unknown=known[1], share=known[2])
        )  # fmt: skip
    if counts.get(BESIDE):
        section.lines.append(
            _("A merged municipality stands beside the sum of its parts for {summed}; places are "
              "counted once for every part, so the change tells how many fell together. Of other "
              "figures no sum has a meaning.").format(
                summed=", ".join(word(name) for name in found["summed"]))
        )  # fmt: skip
    for table in figure_tables(found["figures"]):
        section.tables.append(table)
    rows = [
        [subject_told(row), word(row["dimension"]), word(row["value"]), number(row["before"], 0),
         number(row["after"], 0)]
        for row in found["breakdown"]
        if row["kind"] == "landscape"
    ]  # fmt: skip
    add(section, _("Active intermunicipal partnerships by"),
        [_("of"), _("characteristic"), _("value"), _("before"), _("after")], rows, 3)  # fmt: skip


def figure_tables(rows: Sequence[Json]) -> Iterator[Table]:
    """The figures that differ: of the whole all of them, of municipalities and zones the main ones,
    the largest change first."""
    heads = [_("before"), _("after"), _("change")]
    whole = [[word(r["figure"]), *shown(r)] for r in rows if r["kind"] == "landscape"]
    if whole:
        yield Table(_("The whole"), [_("figure"), *heads], whole)
    for kind, head, title in (
        ("municipality", _("municipality"), _("Municipalities: {figure}")),
        ("zone", _("zone"), _("Zones: {figure}")),
        ("theme", _("theme"), _("Themes: {figure}")),
    ):
        for name in MAIN:
            own = [
                row for row in rows
                if row["kind"] == kind and row["figure"] == name
                and row["what"] not in (BESIDE, SHARE_KNOWN)
            ]  # fmt: skip
            own.sort(key=lambda row: (-abs(row["change"] or 0), str(row["subject"])))
            if own:
                listed = [[told_subject(row), *shown(row)] for row in own]
                yield Table(title.format(figure=word(name)), [head, *heads], listed)
    beside = [
        [subject_told(row), word(row["figure"]), parts(row["parts"]["before"], row["figure"]),
         parts(row["parts"]["after"], row["figure"])]
        for row in rows
        if row["what"] == BESIDE
    ]  # fmt: skip
    if beside:
        yield Table(
            _("Merged, beside the parts"),
            [_("municipality"), _("figure"), _("before"), _("after")],
            beside,
            4,
        )


def told_subject(row: Json) -> str:
    name = subject_told(row)
    return f"{row['zoning']}: {name}" if row["kind"] == "zone" else name


def shown(row: Json) -> list[str]:
    return [figure_told(row, "before"), figure_told(row, "after"), change_told(row)]


def parts(listed: Sequence[Json], name: str) -> str:
    """The figures of the parts."""
    return "; ".join(
        f"{one['name']} "
        + figure_told({"figure": name, "x": one["value"], "x_known": one["known"]}, "x")
        for one in listed
    )


def signals(found: Json, section: Section) -> None:
    counts = found["counts"]
    section.lines.append(
        _("Signals before: {before}; after: {after}. Gone: {gone}; new: {new}; remaining: "
          "{remaining}.").format(
            before=found["before"], after=found["after"], gone=counts.get(GONE, 0),
            new=counts.get(NEW, 0), remaining=counts["remaining"])
    )  # fmt: skip
    heads = {
        GONE: _("gone"), NEW: _("new"), CHANGED: _("by other partnerships, or read otherwise"),
        BECAME_KNOWN: _("unknown before"), BECAME_UNKNOWN: _("unknown after"),
    }  # fmt: skip
    rows, read = [], dict[str, None]()
    for kind, head in heads.items():
        for one in found[kind]:
            signal = (one["after"] or one["before"])[0]
            why = signal["reason"]
            if kind == GONE and one["merged"]:
                why += " " + _("They are one municipality now.")
            rows.append([head, why])
            read[f"{signal['viewpoint']} [{signal['source']}; {word(signal['status'])}]"] = None
            read[f"{signal['other_viewpoint']} [{signal['other_source']}]"] = None
    add(section, _("Signals that differ"), [_("what"), _("signal")], rows, 2)
    section.lines.extend(read)
