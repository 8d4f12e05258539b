"""What differs of partnerships and of money, as sentences and tables."""

from collections.abc import Iterator

from samenspel.compare.change import (
    BECAME_KNOWN,
    BECAME_UNKNOWN,
    BESIDE,
    CHANGED,
    GONE,
    NEW,
    SAME,
)
from samenspel.compare.land import MERGED
from samenspel.compare.section import Json, Section, add, few
from samenspel.compare.wording import (
    FITS,
    STOOD,
    answer_told,
    cells_told,
    cents_changed,
    cents_told,
    fit_word,
    question_word,
    rule_word,
    several_told,
    stood_word,
    unknown_side,
)
from samenspel.language import _
from samenspel.law.wording import truth_word
from samenspel.words import word


def law(found: Json, section: Section) -> None:
    if found["what"] in (BECAME_KNOWN, BECAME_UNKNOWN):
        section.lines.append(unknown_side(_("partnerships"), found["what"]))
    rows = [
        [stood_word(name), str(found["before"][name]), str(found["after"][name])]
        for name in found["before"]
    ]
    add(section, _("Findings of the rules"), [_("outcome"), _("before"), _("after")], rows)
    changes = [
        [f"{one['name']} [{one['partnership']}]",
         f"{one['title']} ({word(one['status'])})",
         several_told(one["before"], STOOD), several_told(one["after"], STOOD)]
        for one in found["changes"]
    ]  # fmt: skip
    add(section, _("Findings that differ"),
        [_("partnership"), _("rule"), _("before"), _("after")], changes, 4)  # fmt: skip
    for kind, text in (
        (GONE, _("Findings that are gone with their partnership: {outcomes}.")),
        (NEW, _("Findings that are new with their partnership: {outcomes}.")),
    ):
        if found[kind]:
            told = (f"{stood_word(outcome)} {count}" for outcome, count in found[kind].items())
            section.lines.append(text.format(outcomes=", ".join(told)))


def fit(found: Json, section: Section) -> None:
    rows = []
    for zoning in found["zonings"]:
        moved = zoning["counts"].get("moved", 0)
        rows.append(
            [zoning["zoning"],
             *(f"{zoning['before'][one]} → {zoning['after'][one]}" for one in FITS), str(moved)]
        )  # fmt: skip
    add(section, _("How active partnerships lie in the zones, before → after"),
        [_("zoning"), *map(fit_word, FITS), _("in other zones")], rows)  # fmt: skip
    changed = [
        [zoning["zoning"], f"{one['name']} [{one['partnership']}]",
         several_told(one["before"], FITS), several_told(one["after"], FITS)]
        for zoning in found["zonings"]
        for one in zoning["partnerships"]
        if one["what"] in (CHANGED, BECAME_KNOWN, BECAME_UNKNOWN, BESIDE, SAME)
    ]  # fmt: skip
    add(section, _("Partnerships that lie otherwise"),
        [_("zoning"), _("partnership"), _("before"), _("after")], changed, 4)  # fmt: skip
    for title, piece in (
        (_("Scope, days and decisions that differ"), "scope"),
        (_("Rules of thumb that read otherwise"), "criteria"),
    ):
        asked = [
            [f"{one['name']} [{one['partnership']}]", question_word(one["question"]),
             answer_told(one["question"], one["before"]),
             answer_told(one["question"], one["after"])]
            for one in found[piece]["changes"]
        ]  # fmt: skip
        add(section, title, [_("partnership"), _("question"), _("before"), _("after")], asked, 4)


def fund(found: Json, section: Section) -> None:
    titles = list(dict.fromkeys(f"{one['title']} ({word(one['status'])})"
                                for one in found["rules"]))  # fmt: skip
    section.lines.append(_("Rules: {titles}.").format(titles=" → ".join(titles)))
    section.lines.append(
        _("More: {winners}; less: {losers}; the same to the cent: {unchanged}.").format(**found)
    )
    rows = [
        [one["title"], cents_told(one["before_cents"]), cents_told(one["after_cents"])]
        for one in found["blocks"]
    ]
    rows.append([_("total"), cents_told(found["before_total_cents"]),
                 cents_told(found["after_total_cents"])])  # fmt: skip
    add(section, _("Blocks"), [_("block"), _("before"), _("after")], rows)
    changed = [
        [f"{one['name']} ({' + '.join(one['parts'])})", cents_told(one["before_cents"]),
         cents_told(one["after_cents"]), cents_changed(one["change_cents"])]
        for one in found["municipalities"]
    ]  # fmt: skip
    add(section, _("Amounts that differ, the largest change first"),
        [_("municipality"), _("before"), _("after"), _("change")], changed)  # fmt: skip


def partnerships(found: Json, section: Section) -> None:
    counts = found["counts"]
    if found["what"] in (BECAME_KNOWN, BECAME_UNKNOWN):
        section.lines.append(unknown_side(_("partnerships"), found["what"]))
        return
    section.lines.append(
        _("Gone: {gone}; new: {new}; merged: {merged}; changed: {changed}; the same: {same}. With "
          "another legal form: {changed_form}; with new members: {gained_members}; that lost "
          "members: {lost_members}.").format(**counts)
    )  # fmt: skip
    heads = {GONE: _("gone"), NEW: _("new"), MERGED: _("merged"), CHANGED: _("changed")}
    rows = [
        [f"{one['name']} [{one['partnership']}]", head, what_changed(one)]
        for kind, head in heads.items()
        for one in found[kind]
    ]
    add(section, _("Partnerships that differ"),
        [_("partnership"), _("what"), _("what differs")], rows, 3)  # fmt: skip


def what_changed(body: Json) -> str:
    """What differs of one partnership, in words."""
    told = []
    if body["what"] == MERGED:
        told.append(_("{before} became {after}").format(
            before=", ".join(body["before"]), after=", ".join(body["after"])))  # fmt: skip
    if body["facts"]:
        told.append(cells_told(body["facts"]))
    if body["what"] in (GONE, NEW):
        return "; ".join(told)
    for name, head in (
        ("memberships", _("members")), ("tasks", _("tasks")),
        ("task_provision", _("tasks for members")), ("mandates", _("seats")),
    ):  # fmt: skip
        if name in body:
            told += rows_told(body[name], head)
    return "; ".join(told)


def rows_told(listed: Json, head: str) -> Iterator[str]:
    """What differs of the members, tasks or seats of one partnership."""
    if listed["what"] in (BECAME_KNOWN, BECAME_UNKNOWN):
        known = listed["what"] == BECAME_KNOWN
        yield (_("{rows} became known") if known else _("{rows} became unknown")).format(rows=head)
        return
    for side, text in (
        ("gained", _("{rows} gained: {names}")),
        ("lost", _("{rows} lost: {names}")),
    ):
        if listed[side]:
            yield text.format(rows=head, names=few([row_name(row) for row in listed[side]]))
    if listed["united"]:
        yield _("{rows} that fell together: {count}").format(rows=head, count=len(listed["united"]))
    for row in listed["changed"]:
        yield f"{row_name(row)}: {cells_told(row['cells'])}"


def row_name(row: Json) -> str:
    """A row of a table by its task, its organ and its member."""
    told = (row.get("task"), row.get("organ"), row.get("name"), row.get("side"))
    return ", ".join(word(one) if one in ("majority", "opposition", "other") else str(one)
                     for one in told if one)  # fmt: skip


def sharing(found: Json) -> Section:
    """Two files of sharing in words."""
    section = Section("sharing", _("Sharing"))
    total = found["total_cents"]
    section.lines.append(
        _("To share: {before} before, {after} after.").format(
            before=cents_told(total["before"]), after=cents_told(total["after"])
        )
    )
    for head, key in ((_("parties"), "parties"), (_("rules"), "rules")):
        for kind, text in (
            ("gone", _("Of {what} before only: {names}.")),
            ("new", _("Of {what} after only: {names}.")),
        ):
            if found[key][kind]:
                section.lines.append(text.format(what=head, names=few(found[key][kind])))
    for side, text in (
        ("before", _("Not given before: {rule}, for {reason}.")),
        ("after", _("Not given after: {rule}, for {reason}.")),
    ):
        for rule, reason in found["refused"][side].items():
            section.lines.append(text.format(rule=rule_word(rule), reason=_(reason)))
    heads = [_("party"), _("rule"), _("before"), _("after"), _("change")]
    for key, title in (
        ("amounts", _("Amounts that differ")),
        ("settlements", _("What parties pay so that all ends as agreed")),
    ):
        rows = [
            [one["name"], rule_word(one["rule"]), cents_told(one["before_cents"]),
             cents_told(one["after_cents"]), cents_changed(one["change_cents"])]
            for one in found[key]
        ]  # fmt: skip
        add(section, title, heads, rows, 2)
    if any(one["sampled"] for one in found["amounts"]):
        section.lines.append(
            _("Amounts by orders drawn by chance are estimates: a part of their change is chance.")
        )
    rows = [
        [_("the core is empty") if name == "empty" else rule_word(name),
         truth_word(cell["before"]), truth_word(cell["after"])]
        for name, cell in found["core"].items()
    ]  # fmt: skip
    add(section, _("Does the division lie in the core?"),
        [_("rule"), _("before"), _("after")], rows)  # fmt: skip
    return section
