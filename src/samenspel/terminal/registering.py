"""What an import does to a register."""

from itertools import islice
from typing import Any

from samenspel.language import _
from samenspel.terminal.basics import say, table
from samenspel.words import TABLES, table_word

SHOWN = 60


def show_import(taken: dict[str, Any], found: Any) -> None:
    """``taken``: what was counted, and the number of the change where one was made; ``found``: the
    preview, none of a whole history."""
    from samenspel.exchange.excel.preview import preview as lines_of

    kinds = ("added", "changed", "removed", "missing", "same")
    rows = [
        [table_word(name), *(str(counts.get(kind, 0)) for kind in kinds)]
        for name, counts in taken["tables"].items()
        if name in TABLES and any(counts.values())
    ]
    heads = [_("new"), _("changed"), _("ended"), _("not named"), _("the same")]
    table(_("Rows"), [_("table"), *heads], rows)
    if found is not None:
        from samenspel.register.preview import every

        lines = list(islice(lines_of(every(found.changes)), SHOWN + 1))
        for line in lines[:SHOWN]:
            say(f"  {line}")
        if len(lines) > SHOWN:
            say(_("    and more; --json gives all"))
        for warning in found.findings[:SHOWN]:
            say(_("Mind: {message}").format(message=warning))
        if any(found.missing.values()):
            say(_("Rows that are not named stay; --whole ends them."))
    if taken["change"] is not None:
        say(_("Taken in as change {number}.").format(number=taken["change"]))
    elif found is not None and found.batch.empty:
        say(_("There is nothing to change."))
    else:
        say(_("Nothing is written yet; the same without --dry-run writes it."))
