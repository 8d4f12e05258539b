"""Sharing at the prompt: who bears what, who would leave, what settles it, and why."""

from fractions import Fraction

from samenspel.language import _
from samenspel.sharing.explain import Explanation
from samenspel.sharing.ledger import DIRECT, ESTIMATED, FORGONE, INDIRECT, Ledger
from samenspel.sharing.share import BENEFITS, CLAIMS, COSTS, LEDGER, Sharing
from samenspel.sharing.telling import printed_json
from samenspel.sharing.wording import (
    certainty_word,
    euro,
    group_words,
    kind_word,
    plain,
    rule_title,
)
from samenspel.terminal.basics import say, table
from samenspel.words import word

SHOWN = 40  # parties; --json gives all


def show_sharing(sharing: Sharing) -> None:
    """The whole answer, from what is divided to the sources."""
    about = sharing.file
    if about is not None and about.title:
        say(about.title)
    if about is not None and about.fictional:
        say(_("This case is invented; no figure here is of a real municipality."))
    if about is not None and about.note:
        say(about.note)
    say(
        {
            COSTS: _("To share: costs of {total}."),
            BENEFITS: _("To share: a gain of {total}."),
            CLAIMS: _("To share: an estate of {total}."),
            LEDGER: _("To share: costs of {total}."),
        }[sharing.kind].format(total=euro(sharing.total))
    )
    show_amounts(sharing)
    if sharing.estimate is not None:
        show_sampling(sharing)
    for rule, reason in sharing.refused.items():
        say(_("Not given: {rule}, for {reason}.").format(
            rule=rule_title(sharing, rule), reason=_(reason)))  # fmt: skip
    show_core(sharing)
    if sharing.ledger is not None:
        show_ledger(sharing, sharing.ledger)
        show_printed(sharing)
    show_sources(sharing)


def party_rows(sharing: Sharing) -> list[tuple[int, str]]:
    """(place in the codes, name) of the parties that are shown."""
    return [(sharing.codes.index(code), name) for code, name in list(sharing.names.items())[:SHOWN]]


def show_amounts(sharing: Sharing) -> None:
    table(
        _("What each receives, in euro") if sharing.sign < 0 else _("What each pays, in euro"),
        [_("party"), *(rule_title(sharing, rule) for rule in sharing.cents)],
        [
            [name, *(plain(cents[place]) for cents in sharing.cents.values())]
            for place, name in party_rows(sharing)
        ],
    )
    if len(sharing.names) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(sharing.names) - SHOWN))


def show_sampling(sharing: Sharing) -> None:
    found = sharing.estimate
    assert found is not None
    say(
        _(
            "Shapley is estimated from {orders} orders drawn by chance (seed {seed}): with {share} "
            "confidence every amount lies within {error} of its own, as long as nobody can add "
            "more or less than in these orders."
        ).format(
            orders=found.orders,
            seed=found.seed,
            share=f"{found.confidence:.0%}",
            error=euro(Fraction(max(found.errors))),
        )
    )


def show_core(sharing: Sharing) -> None:
    """Whether a group would be better off on its own, under each rule."""
    core = sharing.core
    if sharing.kind == LEDGER:
        say(_("Whether a group would be better off on its own is not known: the file does not say "
              "what groups would pay on their own (game)."))  # fmt: skip
        return
    if sharing.kind == CLAIMS:
        say(_("Every rule gives each group at least what the others leave it."))
        return
    say({
        True: _("Whatever is agreed, some group is better off on its own: the core is empty."),
        False: _("There are divisions under which no group is better off on its own."),
        None: _("Whether some division keeps every group is not known."),
    }[core.empty])  # fmt: skip
    for rule, inside in core.in_core.items():
        title = rule_title(sharing, rule)
        if inside:
            say(_("  {rule}: no group is better off on its own.").format(rule=title))
        elif inside is None:
            say(_("  {rule}: not known whether a group is better off on its own.").format(
                rule=title))  # fmt: skip
        else:
            found = core.objections[rule]
            say(
                _("  {rule}: better off on its own by {amount}: {group}.").format(
                    rule=title,
                    group=group_words(sharing, found.members),
                    amount=euro(found.excess),
                )
            )
    if core.concave:
        say(_("A party never adds more to a larger group than to a smaller one."))
    elif core.subadditive is False:
        say(_("Some groups are better off apart than together; check what the groups cost."))


def show_ledger(sharing: Sharing, kept: Ledger) -> None:
    """The posts, and what each party pays or receives so that all ends as agreed."""
    table(
        _("Posts"),
        [_("post"), _("kind"), _("key"), _("certainty"), _("status"), _("amount")],
        [
            [line.post.name, kind_word(line.post.kind), key_word(line.post.key),
             certainty_word(line.post.certainty), word(line.post.status), euro(line.post.total)]
            for line in kept.lines
        ],
        left=5,
    )  # fmt: skip
    every = (*DIRECT, FORGONE, *INDIRECT)
    columns: dict[str, list[int]] = {
        _("costs"): kept.agreed_cents(("cost",)),
        _("benefits"): [-cents for cents in kept.agreed_cents(("benefit",))],
        _("pays (+) or receives (-)"): kept.settlement(DIRECT),
    }
    if kept.of((FORGONE,)):
        columns[_("forgone")] = kept.settlement((FORGONE,))
    if kept.of(INDIRECT):
        columns[_("indirect")] = kept.settlement(INDIRECT)
    if kept.of((FORGONE, *INDIRECT)):
        columns[_("in total")] = kept.settlement(every)
    if any(line.post.certainty == ESTIMATED for line in kept.lines):
        columns[_("without what was estimated")] = kept.settlement(every, estimated=False)
    rows = [
        [name, *(plain(cents[place]) for cents in columns.values())]
        for place, name in party_rows(sharing)
    ]
    rows.append([_("together"), *(plain(sum(cents)) for cents in columns.values())])
    table(_("As agreed, and what settles it, in euro"), [_("party"), *columns], rows)
    purse = sum(line.post.sign * line.post.total for line in kept.lines if line.post.today is None)
    if purse:
        say(_("Into the common purse, for what is paid together: {amount}.").format(
            amount=euro(purse)))  # fmt: skip


def key_word(key: str) -> str:
    return {"own": _("each its own"), "equal": _("equal")}.get(key, key)


def show_printed(sharing: Sharing) -> None:
    found = printed_json(sharing)
    if found is None:
        return
    say(_("Printed without what is less than {step}:").format(
        step=euro(found["truncated_to_cents"])))  # fmt: skip
    for code, cents in found["amounts_cents"].items():
        say(f"  {sharing.names[code]}: {euro(cents)}")
    say(
        _("The printed rows come to {sum}; {missing} of what is spent is in none of them.").format(
            sum=euro(found["total_cents"]), missing=euro(found["missing_cents"])
        )
    )


def show_sources(sharing: Sharing) -> None:
    about = sharing.file
    if about is not None and about.source:
        say(_("Source: {source} ({status}).").format(
            source=about.source, status=word(about.status)))  # fmt: skip
    if about is not None and about.game_source:
        say(_("What groups would pay: {source} ({status}).").format(
            source=about.game_source, status=word(about.game_status)))  # fmt: skip
    say(_("No rule is law: each is a choice. Amounts are exact to the cent; cents that are left "
          "over go to the largest remainder, of equal ones to the first code. --json gives the "
          "source of each rule and the amounts before rounding."))  # fmt: skip


def show_explanation(sharing: Sharing, found: Explanation) -> None:
    """Why a party bears what it bears."""
    say()
    say(_("Why: {name}").format(name=found.name))
    for line in found.general:
        say(f"  {line}")
    for rule, lines in found.sentences.items():
        say(f"  {rule_title(sharing, rule)}")
        for line in lines:
            say(f"    {line}")
    if found.groups:
        show_groups(sharing, found)


def show_groups(sharing: Sharing, found: Explanation) -> None:
    """The groups of a party under the first rule and the two best known; --json gives all."""
    rules = list(found.sentences)
    rules = [*rules[:1], *(rule for rule in ("shapley", "nucleolus") if rule in rules[1:])]
    table(
        _("Groups with {name}: on their own, and together under a rule, in euro").format(
            name=found.name
        ),
        [_("group"), _("on its own"), *(rule_title(sharing, rule) for rule in rules)],
        [
            [group_words(sharing, group.members), plain(group.alone),
             *(plain(group.paid[rule]) for rule in rules)]
            for group in found.groups
        ],
    )  # fmt: skip
