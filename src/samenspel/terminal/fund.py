"""The municipal fund at the prompt."""

from fractions import Fraction
from typing import Any

from samenspel.language import _
from samenspel.terminal.basics import heading, say, table
from samenspel.words import day, number, with_mark, word

SHOWN = 40
DECIMALS = 6
MOST_SPACED = 10**15  # whole numbers that are written with spaces
ENDS = 10  # of many municipalities, so many with the most and so many with the least


def euro(cents: int | None) -> str:
    return _("unknown") if cents is None else f"€ {number(cents / 100, 2)}"


def signed(cents: int) -> str:
    """A change in euro, with its sign."""
    return f"{'+' if cents > 0 else '-' if cents < 0 else ''}€ {number(abs(cents) / 100, 2)}"


def about(exact: str) -> str:
    """An exact number in digits; one that does not end is cut after six decimals and says so."""
    value = Fraction(exact)
    whole, rest = divmod(abs(value.numerator) * 10**DECIMALS // value.denominator, 10**DECIMALS)
    text = number(whole, 0) if whole < MOST_SPACED else str(whole)
    decimals = f"{rest:0{DECIMALS}d}".rstrip("0")
    if value * 10**DECIMALS % 1:
        decimals = f"{rest:0{DECIMALS}d}…"
    sign = "-" if value < 0 else ""
    return f"{sign}{text}" + (with_mark(f".{decimals}") if decimals else "")


def show_fund(data: dict[str, Any], *, example: bool) -> None:
    """What the fund gives: its blocks, the amounts, how unequal they are, and the change."""
    rules = data["rules"]
    heading(data)
    say(_("{title}, as on {date}").format(title=rules["title"], date=day(rules["date"])))
    if example:
        say(_("This is an example of the project and not the present law: give rules of your own "
              "with --rules."))  # fmt: skip
    source = f"{rules['source']['text']}, " if rules["source"] else ""
    say(_("Status of these rules: {source}{status}.").format(
        source=source, status=word(rules["status"])))  # fmt: skip
    if rules["note"]:
        say(rules["note"])
    say()
    show_blocks(data)
    show_amounts(data)
    show_gini(data["gini"])
    if data["compared"] is not None:
        show_comparison(data["compared"], _("Before and after"))
        if data["notes"]:
            say(_("The scenario has {count} notes on the landscape; --json gives them.").format(
                count=len(data["notes"])))  # fmt: skip
    if data["nudged"] is not None:
        title = _("{figure} of {nis} changed by {share}")
        show_comparison(data["nudged"]["compared"], title.format(**data["nudged"]))
    if data["varied"] is not None:
        show_varied(data["varied"])
    if data["trace"] is not None:
        show_trace(data["trace"])


def show_blocks(data: dict[str, Any]) -> None:
    rows = []
    for block in data["blocks"]:
        size = block["amount_cents"] if block["pot_cents"] is None else block["pot_cents"]
        status = word(block["status"])
        pot = _("on top") if block["pot_status"] is None else word(block["pot_status"])
        if block["kind"] == "supplement":
            rows.append([block["title"], block["supplement"], status, pot, "", euro(size)])
        for piece in block["segments"]:
            title = piece["title"] and f"{block['title']}: {piece['title']}"
            rows.append([title or block["title"], piece["key"], status, pot,
                         str(piece["members"]), euro(piece["pot_cents"])])  # fmt: skip
    table(
        _("Blocks"),
        [_("block"), _("key"), _("status"), _("pot is"), _("members"), _("pot")],
        rows,
        left=4,
    )
    for block in data["blocks"]:
        if block["left_out"]:
            say(_("Left out of {block}, for something is unknown: {towns}.").format(
                block=block["title"], towns=few(block["left_out"])))  # fmt: skip
    for name, figure in data["figures"].items():
        if figure["put_for_unknown"]:
            say(_("Where {figure} is unknown ({count} times) the rules put a value of their own, a "
                  "choice.").format(figure=name, count=figure["put_for_unknown"]))  # fmt: skip
    say(_("Total {total}.").format(total=euro(data["total_cents"])))
    if data["unspent_cents"]:
        say(_("Not spent: {amount}, the share of those who count in the whole and are no "
              "members, or of a segment with nobody.").format(
            amount=euro(data["unspent_cents"])))  # fmt: skip
    say()


def few(codes: list[str]) -> str:
    """Some codes, and how many more there are."""
    if len(codes) <= ENDS:
        return ", ".join(codes)
    return _("{codes} and {more} more").format(
        codes=", ".join(codes[:ENDS]), more=len(codes) - ENDS
    )


def show_amounts(data: dict[str, Any]) -> None:
    towns = sorted(
        data["municipalities"], key=lambda town: (-(town["per_inhabitant"] or 0), town["nis"])
    )
    title = _("Amounts, most per inhabitant first")
    if len(towns) > SHOWN:
        title = _("Amounts: most and least per inhabitant; --json gives all")
        towns = towns[:ENDS] + towns[-ENDS:]
    table(
        title,
        [_("code"), _("name"), _("amount"), _("per inhabitant")],
        [
            [town["nis"], town["name"], euro(town["amount_cents"]),
             _("unknown") if town["per_inhabitant"] is None
             else f"€ {number(town['per_inhabitant'], 2)}"]
            for town in towns
        ],
        left=2,
    )  # fmt: skip


def show_gini(gini: dict[str, Any]) -> None:
    if gini["overall"] is None:
        say(_("No Gini: no amounts or no inhabitants are known."))
        return
    say(_("Gini of the amount per inhabitant: {value} (0 is equal).").format(
        value=number(gini["overall"], 4)))  # fmt: skip
    if gini["by"] is not None:
        say(_("By {by}: between clusters {between}, within {within}, overlap {overlap}; together "
              "exactly the whole.").format(
            by=word(gini["by"]), between=number(gini["between"], 4),
            within=number(gini["within"], 4), overlap=number(gini["overlap"], 4)))  # fmt: skip
        table(
            _("Clusters"),
            [_("cluster"), _("inhabitants"), _("per inhabitant"), _("Gini within")],
            [
                [one["cluster"], number(one["population"], 0),
                 f"€ {number(one['amount_cents'] / one['population'] / 100, 2)}",
                 _("unknown") if one["gini"] is None else number(one["gini"], 4)]
                for one in gini["clusters"]
            ],
        )  # fmt: skip


def show_comparison(found: dict[str, Any], title: str) -> None:
    """Who changes, the largest first; the unchanged are counted."""
    changed = [row for row in found["municipalities"] if row["change_cents"]]
    say()
    if not changed:
        say(f"{title}: " + _("nobody's amount changes."))
    else:
        table(
            title,
            [_("code"), _("name"), _("before"), _("after"), _("change")],
            [
                [row["nis"], merged_name(row), euro(row["before_cents"]),
                 euro(row["after_cents"]), signed(row["change_cents"])]
                for row in changed[:SHOWN]
            ],
            left=2,
        )  # fmt: skip
        if len(changed) > SHOWN:
            say(_("    and {more} more; --json gives all").format(more=len(changed) - SHOWN))
    say(_("More: {winners}; less: {losers}; the same to the cent: {unchanged}.").format(**found))
    if found["outsiders"] < len(found["municipalities"]):
        say(_("Outside the mergers: {outsiders}, of whom {outsiders_changed} change, together "
              "{sum}; for {outsiders_exactly_the_same} the exact share is the same.").format(
            **found, sum=signed(found["outsiders_change_cents"])))  # fmt: skip
    for nis, cents in found["gone"].items():
        say(_("{nis} is in nothing of after; it had {amount}.").format(nis=nis, amount=euro(cents)))
    for row in found["municipalities"]:
        for block, where in row["moved"].items():
            nowhere = _("no segment")
            parts = [
                f"{nis} {', '.join(found) or nowhere}" for nis, found in where["before"].items()
            ]
            say(_("{name} in {block}: before {before}; after {after}.").format(
                name=row["name"], block=block, before="; ".join(parts),
                after=", ".join(where["after"]) or nowhere))  # fmt: skip


def merged_name(row: dict[str, Any]) -> str:
    return f"{row['name']} ({' + '.join(row['parts'])})" if row["merged"] else str(row["name"])


def show_varied(found: dict[str, Any]) -> None:
    """A slider: one line per value."""
    heads = [found["path"], _("total"), _("most per inhabitant"), _("Gini")]
    if found["municipality"] is not None:
        heads.append(found["municipality"])
    rows = []
    for step in found["steps"]:
        if step["fault"] is not None:
            say(f"{step['value']}: {step['fault']}")
            continue
        most = step["most"]
        row = [str(step["value"]), euro(step["total_cents"]),
               "" if most is None else f"{most['name']} € {number(most['per_inhabitant'], 2)}",
               "" if step["gini"] is None else number(step["gini"], 4)]  # fmt: skip
        if found["municipality"] is not None:
            row.append(euro(step["amounts_cents"][found["municipality"]]))
        rows.append(row)
    table(_("One value of the rules, through a list"), heads, rows)


def show_trace(found: dict[str, Any]) -> None:
    """The sum of one municipality, to do again by hand."""
    say()
    say(_("{name} ({nis}): {amount}").format(
        name=found["name"], nis=found["nis"], amount=euro(found["amount_cents"])))  # fmt: skip
    for step in found["portions"]:
        title = step["title"]
        if step.get("segment_title"):
            title += f": {step['segment_title']}"
        if step["member"] is None:
            say(f"- {title}: " + _("left out, for something is unknown"))
        elif not step["member"]:
            say(f"- {title}: " + _("no member"))
        else:
            say(f"- {title}: {euro(step['cents'])}")
            show_step(step)


def show_step(step: dict[str, Any]) -> None:
    for name, figure in step["figures"].items():
        origin = figure["key"] or _("given in the rules")
        if figure["year"] is not None:
            origin += f", {figure['year']}"
        if figure["put_for_unknown"]:
            origin = _("unknown; the rules put this value")
        say(f"    {name} = {about(figure['value'])} ({origin})")
    if "supplement" in step:
        say(f"    {step['supplement']}")
        return
    for text, value in step["totals"].items():
        say(f"    total({text}) = {about(value)}")
    say(_("    weight: {key} = {weight}; all weights: {sum}").format(
        key=step["key"], weight=about(step["weight"]),
        sum=about(step["weights_sum"])))  # fmt: skip
    if step["held"] == "floor":
        say(_("    stands at its floor of {amount}").format(amount=euro(step["floor_cents"])))
    elif step["held"] == "cap":
        say(_("    stands at its cap of {amount}").format(amount=euro(step["cap_cents"])))
    else:
        exact = about(str(Fraction(step["exact_cents"]) / 100))
        shares = f"{about(step['weight'])} / {about(step['free_weights_sum'])}"
        say(f"    {euro(step['free_pot_cents'])} x {shares} = € {exact}")
    how = {
        "exact": _("no cent to round"),
        "kept": _("the exact share is that of before, so the cents are too"),
        "up": _("one cent up: {left} cents were left over, it stood {place} in the row"),
        "down": _("rounded down: {left} cents were left over, it stood {place} in the row"),
    }[step["rounding"]]
    say("    " + how.format(left=step["left_over_cents"], place=step["place_in_row"]))
