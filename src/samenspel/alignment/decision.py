"""What was decided on a deviation, and how one is asked for."""

from typing import Any

from samenspel.landscape.codes import DECISIONS
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.tables import BY_NAME
from samenspel.language import _, mark

PREFIX = "deviation_"
COLUMNS = [one.name for one in BY_NAME["partnerships"].columns if one.name.startswith(PREFIX)]
AGENCY = (
    "Agentschap Binnenlands Bestuur, veelgestelde vraag over uitstel en afwijking, "
    "https://lokaalbestuur.vlaanderen.be/faq/strategische-projecten/hoe-kunnen-individuele-"
    "samenwerkingsverbanden-een-tijdelijk-uitstel-of-een-definitieve-afwijking-van"
)
COUNTER = (
    "Vlaanderen.be, nieuwsbericht van 11 april 2023, https://www.vlaanderen.be/lokaal-bestuur/"
    "nieuwsberichten/afwijkingsaanvragen-principes-regiovorming-via-loket-voor-lokale-besturen"
)
VVSG = (
    "VVSG, Regiodecreet gepubliceerd (16 maart 2023), "
    "https://www.vvsg.be/nieuws/regiodecreet-gepubliceerd"
)
PROCEDURE = (
    (
        mark("A partnership that crosses a region fits itself in, or asks for a delay or a lasting "
             "deviation. It asks for itself, with thorough reasons; a whole sector cannot ask."),
        AGENCY,
    ),
    (mark("The request is filed through the Loket voor Lokale Besturen."), COUNTER),
    (mark("The minister puts the request before the Flemish Government, which decides."), AGENCY),
    (
        mark("Since 1 January 2024 a partnership that fits needs no approval to be founded or to "
             "change its statutes: a prior advice is compulsory and not binding."),
        VVSG,
    ),
)  # fmt: skip
PROCEDURE_STATUS = "unvalidated"


def decisions(landscape: Landscape) -> dict[str, tuple[str | None, dict[str, Any]]]:
    """Status and decision of each partnership by id. The status is ``granted``, ``refused``,
    ``postponed`` or ``requested``; None where nothing is recorded, which is unknown."""
    table = landscape.table("partnerships")
    found = {}
    for row in table.select("id", *COLUMNS).iter_rows(named=True):
        decision = {name.removeprefix(PREFIX): plain(row[name]) for name in COLUMNS}
        status = decision["decision"] if decision["decision"] in DECISIONS else None
        if status is None and decision["requested"] is not None:
            status = "requested"
        found[row["id"]] = (status, decision)
    return found


def plain(value: Any) -> str | None:
    return None if value is None else str(value)


def procedure() -> list[dict[str, str]]:
    """Who decides and what a partnership must do, each step with its source and status."""
    return [
        {"text": _(text), "source": source, "status": PROCEDURE_STATUS}
        for text, source in PROCEDURE
    ]
