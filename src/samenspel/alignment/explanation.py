"""A file of argument for each partnership that crosses: facts, grounds, gaps, who decides and when.

Comply or explain (VVSG-standpunt regiovorming 2020, 3.4.1). The file says what the facts support
and what is missing; it never says what should be decided.
"""

from typing import Any

from samenspel.alignment.align import Alignment
from samenspel.alignment.decision import procedure
from samenspel.alignment.grounds import VERDICTS, in_words, trace_line, weighed
from samenspel.errors import InputError
from samenspel.language import _, mark
from samenspel.law.vocabulary import BY_NAME
from samenspel.law.wording import fact_word
from samenspel.words import column_word, day, number, part, word

# Facts that a reader of the file needs, besides those of the grounds.
ASKED = ("legal_form", "theme", "initiator", "term_end", "population")
ANSWERS = {"in": mark("inside"), "out": mark("outside"), "unknown": mark("unknown")}
DOUBTS = {
    "members_not_listed": mark("no member is recorded"),
    "members_unknown": mark("a member may be a place outside this picture"),
    "zone_unknown": mark("the zone of a member is unknown"),
    "zone_conflict": mark("a member lies in more than one zone"),
}
DECIDED = {
    "requested": mark("a deviation was requested"),
    "granted": mark("a deviation was granted"),
    "refused": mark("a deviation was refused"),
    "postponed": mark("a delay was granted"),
}
CAVEAT = mark(
    "This file shows facts and reasons. It is no verdict: the members and the Flemish Government "
    "decide."
)


def explanations(alignment: Alignment) -> list[dict[str, Any]]:
    """The file of each active partnership of ``alignment`` that crosses, in its order."""
    return [explained(alignment, row) for row in alignment.partnerships if row["fit"] == "crossing"]


def explanation(alignment: Alignment, partnership: str) -> dict[str, Any]:
    """The file of one partnership (its id). Raises InputError where no active one with that id
    crosses."""
    for row in alignment.partnerships:
        if row["id"] == partnership and row["fit"] == "crossing":
            return explained(alignment, row)
    raise InputError(
        _("There is no active partnership “{code}” that crosses a zone of {zoning} here.").format(
            code=partnership, zoning=alignment.found.zoning
        )
    )


def explained(alignment: Alignment, row: dict[str, Any]) -> dict[str, Any]:
    """The file of one row of ``alignment``, as plain values; names beside NIS codes."""
    names = dict(alignment.landscape.table("municipalities").select("nis", "name").iter_rows())
    zonings = dict(alignment.landscape.table("zonings").select("zoning", "title").iter_rows())
    grounds = weighed(row)
    gaps = [name for name in ASKED if row[name] is None]
    gaps += [name for ground in grounds for name in ground["missing"]]
    gaps += [name for scope in ("scope", "policy_scope") for name in row[f"{scope}_unknown"]]
    return {
        "id": row["id"],
        "name": row["name"],
        "zoning": alignment.found.zoning,
        "zoning_title": zonings.get(alignment.found.zoning),
        "facts": {
            **{name: row[name] for name in (*ASKED, "kind", "level", "line", "start", "host")},
            "population_known": row["population_known"],
            "members": row["members"],
            "members_unknown": row["members_unknown"],
            "members_other": row["members_other"],
        },
        "zones": [
            {**zone, "municipalities": named(zone["municipalities"], names)}
            for zone in row["zones"]
        ],
        "outside": named(row["outside"], names),
        "doubts": row["doubts"],
        "moves": moves_named(row["moves"], names),
        "scope": {
            name: {
                "answer": row[name],
                "reason": row[f"{name}_reason"],
                "source": row[f"{name}_source"],
                "status": row[f"{name}_status"],
            }
            for name in ("scope", "policy_scope")
        },
        "grounds": grounds,
        "missing": list(dict.fromkeys(gaps)),
        "decision": {"status": row["status"], **row["decision"]},
        "procedure": procedure(),
        "deadline": {name: row[name] for name in row if name.startswith("deadline")},
        "caveat": _(CAVEAT),
    }


def named(codes: list[str], names: dict[str, str]) -> list[dict[str, str | None]]:
    return [{"nis": nis, "name": names.get(nis)} for nis in codes]


def moves_named(moves: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """``moves`` of a row with names beside the codes."""
    return {
        "leave": [
            {"zone": one["zone"], "municipalities": named(one["municipalities"], names)}
            for one in moves["leave"]
        ],
        **{
            name: None if moves[name] is None else named(moves[name], names)
            for name in ("leave_for_union", "join")
        },
        "join_fewest": moves["join_fewest"],
    }


def as_text(file: dict[str, Any]) -> str:
    """A file of argument as text to read, in the language of the interface."""
    parts = [
        [file["name"] or file["id"], _("Comply or explain: {zoning}").format(
            zoning=file["zoning_title"] or file["zoning"])],
        [_("FACTS"), *fact_lines(file)],
        [_("WHERE THE MEMBERS LIE"), *zone_lines(file)],
        [_("WHAT WOULD MAKE IT FIT"), *move_lines(file)],
        [_("SCOPE"), *scope_lines(file["scope"])],
        [_("GROUNDS TO EXPLAIN"), *(line for g in file["grounds"] for line in ground_lines(g))],
        [_("MISSING"), *([column(name) for name in file["missing"]] or [_("nothing")])],
        [_("WHO DECIDES, AND BY WHEN"), *decision_lines(file)],
        [file["caveat"]],
    ]  # fmt: skip
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def column(name: str) -> str:
    """A fact by the name that a reader knows."""
    return fact_word(name) if name in BY_NAME else column_word(name)


def fact_lines(file: dict[str, Any]) -> list[str]:
    facts = file["facts"]
    lines = [
        f"{column_word(name)}: {word(facts[name])}"
        for name in ("kind", "legal_form", "theme", "initiator", "level", "line")
    ]
    ends = facts["term_end"]
    lines.append(f"{column_word('term_end')}: {in_words(None) if ends is None else day(ends)}")
    lines.append(_("Municipalities: {count}").format(count=facts["members"]))
    lines.append(_("Inhabitants: {count}").format(count=people(facts)))
    lines += [_("Doubt: {doubt}").format(doubt=_(DOUBTS[doubt])) for doubt in file["doubts"]]
    return lines


def people(row: dict[str, Any]) -> str:
    """Inhabitants in words, with the share known where that is not all."""
    if row["population"] is None:
        return in_words(None)
    count, known = number(row["population"], 0), row["population_known"]
    return count if known == 1 else _("{text} ({share} known)").format(
        text=count, share=part(known))  # fmt: skip


def zone_lines(file: dict[str, Any]) -> list[str]:
    lines = []
    for zone in file["zones"]:
        text = _("{zone}: {members} of {all} municipalities ({share}), {people} inhabitants")
        line = text.format(
            zone=zone["name"] or zone["zone"],
            members=zone["members"],
            all=file["facts"]["members"],
            share=part(zone["share_members"]),
            people=people(zone),
        )
        lines.append(", ".join([line, _("the whole zone")]) if zone["whole"] else line)
        lines.append("  " + spelled(zone["municipalities"]))
    if file["outside"]:
        lines.append(_("In no zone: {names}").format(names=spelled(file["outside"])))
    return lines


def spelled(towns: list[dict[str, Any]]) -> str:
    return ", ".join(town["name"] or town["nis"] for town in towns)


def move_lines(file: dict[str, Any]) -> list[str]:
    moves = file["moves"]
    names = {zone["zone"]: zone["name"] or zone["zone"] for zone in file["zones"]}
    lines = [
        _("Inside {zone}, when these leave: {names}").format(
            zone=names[one["zone"]], names=spelled(one["municipalities"])
        )
        for one in moves["leave"]
    ]
    if moves["leave_for_union"] is not None:
        text = _("A union of whole zones, when these leave: {names}")
        lines.append(text.format(names=spelled(moves["leave_for_union"])))
    if moves["join"] is None:
        lines.append(_("No municipality that joins can complete the zones."))
    else:
        text = _("A union of whole zones, when these join: {names}")
        lines.append(text.format(names=spelled(moves["join"])))
    return lines


def scope_lines(scope: dict[str, Any]) -> list[str]:
    heads = {"scope": _("Law (Regiodecreet)"), "policy_scope": _("Policy (kadernota 2021)")}
    lines = []
    for name, answer in scope.items():
        lines.append(f"{heads[name]}: {_(ANSWERS[answer['answer']])}. {answer['reason']}")
        lines += [sourced(source, answer["status"]) for source in answer["source"]]
    return lines


def sourced(source: str, status: str) -> str:
    return "  " + _("Source: {source} ({status})").format(source=source, status=word(status))


def ground_lines(ground: dict[str, Any]) -> list[str]:
    examples = ", ".join(ground["examples"])
    return [
        f"{ground['title']}: {_(VERDICTS[ground['facts_say']])}",
        "  " + ground["text"] + " " + _("For example: {examples}.").format(examples=examples),
        *("  " + trace_line(test) for test in ground["trace"]),
        sourced(ground["source"], ground["status"]),
    ]


def decision_lines(file: dict[str, Any]) -> list[str]:
    due, status = file["deadline"], file["decision"]["status"]
    date = day(due["deadline"]) if due["deadline"] else in_words(None)
    if due["deadline_applies"] is False:
        date = _("none")
    lines = [
        _("Decision so far: {status}").format(
            status=in_words(None) if status is None else _(DECIDED[status])
        ),
        _("Deadline: {date}. {reason}").format(date=date, reason=due["deadline_reason"]),
    ]
    for one in due["deadline_readings"]:
        lines.append(f"  {one['title']}: {one['stated']} ({day(one['date'])})")
        lines += ["  " + sourced(source, one["status"]) for source in one["source"]]
    for step in file["procedure"]:
        lines += [step["text"], sourced(step["source"], step["status"])]
    return lines
