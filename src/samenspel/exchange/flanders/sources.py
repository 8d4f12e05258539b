"""Where each raw file comes from, as rows of the table ``sources``."""

from datetime import date as Date

import polars as pl

from samenspel.landscape.tables import BY_NAME

STATBEL = "Statbel"
ABB = "Agentschap Binnenlands Bestuur"
CIJFERS = "Provincies in Cijfers"

ROWS: tuple[tuple[str, str, str, str | None, Date | None, str | None, str | None], ...] = (
    (
        "areas-2019",
        "Municipal areas 2019-2024, simplified from statistical sectors",
        CIJFERS,
        None,
        Date(2019, 1, 1),
        None,
        "areas differ a little from the land register; no licence stated for the whole",
    ),
    (
        "areas-2025",
        "Municipal areas 2025, simplified from statistical sectors",
        CIJFERS,
        None,
        Date(2025, 1, 1),
        None,
        "areas differ a little from the land register; no licence stated for the whole",
    ),
    ("crosswalk", "NIS codes 2018, 2019 and 2025", CIJFERS, None, Date(2025, 1, 1), None, None),
    (
        "zones-2025",
        "Zone table of the municipalities of 2025",
        CIJFERS,
        None,
        Date(2025, 1, 1),
        None,
        "the primary-care zones of Antwerp count as one",
    ),
    (
        "municipalities-2023",
        "List of municipalities with enterprise number and reference region (2022)",
        ABB,
        "MIT",
        Date(2023, 8, 31),
        None,
        None,
    ),
    (
        "refnis-2019",
        "REFNIS: hierarchy of codes, 2019",
        STATBEL,
        "MIT",
        Date(2019, 1, 1),
        None,
        None,
    ),
    (
        "igs-2023",
        "List of intermunicipal partnerships and their municipal members",
        ABB,
        "MIT",
        Date(2023, 8, 31),
        "some_kinds",
        "projectverenigingen, dienstverlenende and opdrachthoudende verenigingen; municipalities "
        "as members only; theme, term, initiator, shares, votes and money are not in the list",
    ),
    (
        "ocmw-2024",
        "List of OCMW associations and their members",
        ABB,
        "MIT",
        Date(2024, 12, 31),
        "some_kinds",
        "states public or private law, not the legal form",
    ),
    ("police-2023", "List of police zones", ABB, "MIT", Date(2023, 8, 31), "some_kinds", None),
    ("population", "Population by municipality and year", STATBEL, None, None, None, None),
    (
        "primary-care-2021",
        "Primary-care zones and population 2021",
        STATBEL,
        None,
        Date(2021, 1, 1),
        None,
        "the primary-care zones of Antwerp count as one",
    ),
    ("income", "Fiscal statistics of income by municipality", STATBEL, None, None, None, None),
    ("land-register-2015", "Land register 2015", STATBEL, None, Date(2015, 1, 1), None, None),
    (
        "commuting",
        "Commuters between municipalities",
        "STRIDE",
        "GPL-3",
        None,
        None,
        "the year is not documented, the level suggests 2001; a plausible structure, no count of "
        "today",
    ),
)


def table() -> pl.DataFrame:
    """The table ``sources``."""
    schema = BY_NAME["sources"].schema
    names = ("id", "title", "publisher", "licence", "date", "coverage", "note")
    return pl.DataFrame(ROWS, schema={name: schema[name] for name in names}, orient="row")
