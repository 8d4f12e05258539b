"""The contract of the tables of partnerships: what they are, what they do, and who takes part."""

from samenspel.landscape.codes import (
    BOOKKEEPING,
    DECISIONS,
    LEGAL_FORMS,
    SECTORS,
    SIDES,
    THEMES,
)
from samenspel.landscape.columns import PROVENANCE, Column, Table, organisation, partnership

PARTNERSHIP_TABLES: tuple[Table, ...] = (
    Table(
        "partnerships",
        "partnerships of every kind",
        (
            Column("id", meaning="permanent id (the enterprise number where known)", required=True),
            Column("name", meaning="name"),
            Column("legal_form", meaning="legal form", codes=LEGAL_FORMS),
            Column("theme", meaning="policy theme", codes=THEMES, open=True),
            Column(
                "sector", meaning="sector of activity, finer than theme", codes=SECTORS, open=True
            ),
            Column(
                "initiator",
                meaning="who took the initiative",
                codes=("bottom_up", "flemish", "federal"),
                open=True,
            ),
            Column("level", meaning="level", codes=("local", "zonal", "regional"), open=True),
            Column(
                "line", meaning="direct contact with citizens or not", codes=("first", "second")
            ),
            Column("start", "date", "founded on"),
            Column("term_start", "date", "first day of the present term"),
            Column("term_end", "date", "first day after the present term"),
            Column("status", meaning="status", codes=("planned", "active", "inactive"), open=True),
            Column(
                "legal_nature",
                meaning="public or private law",
                codes=("public", "private"),
                open=True,
            ),
            Column("own_assets", "boolean", "owns assets"),
            Column("staff_fte", "number", "own staff, full-time equivalents", low=0),
            Column("budget_cents", "integer", "yearly budget in euro cents", low=0),
            Column("bookkeeping", meaning="rules of bookkeeping", codes=BOOKKEEPING, open=True),
            Column(
                "host",
                meaning="organisation that hosts or manages it",
                reference="organisations.id",
            ),
            Column(
                "scope_exception",
                meaning="ground on which it need not follow the reference regions",
                codes=("landscape", "small_service", "scale"),
                open=True,
            ),
            Column("deviation_requested", "date", "day on which a deviation was asked for"),
            Column(
                "deviation_decision",
                meaning="what was decided on the deviation; postponed is a delay that was granted",
                codes=DECISIONS,
                open=True,
            ),
            Column(
                "deviation_decided_by",
                meaning="who decided on the deviation, an organ and no person",
            ),
            Column("deviation_decided_on", "date", "day of the decision on the deviation"),
            Column("deviation_review", "date", "day on which the deviation is looked at again"),
            *PROVENANCE,
        ),
        key=("id",),
    ),
    Table(
        "tasks",
        "what each partnership does",
        (
            partnership(),
            Column("task", meaning="task", required=True),
            Column("theme", meaning="policy theme", codes=THEMES, open=True),
            Column("transferred", "boolean", "management is transferred (beheersoverdracht)"),
            *PROVENANCE,
        ),
        key=("partnership", "task"),
    ),
    Table(
        "task_provision",
        "for whom a partnership does a task",
        (
            partnership(),
            Column("task", meaning="task", required=True),
            organisation(),
            *PROVENANCE,
        ),
        key=("partnership", "task", "organisation"),
    ),
    Table(
        "memberships",
        "who is a member of what",
        (
            partnership(),
            organisation(),
            Column(
                "role",
                meaning="role",
                codes=("member", "managing", "observer", "partner"),
                open=True,
            ),
            Column("share", "number", "share of the capital, 0 to 1", low=0, high=1),
            Column("votes", "integer", "votes in the general meeting", low=0),
            Column("contribution_cents", "integer", "yearly contribution in euro cents"),
            *PROVENANCE,
        ),
        key=("partnership", "organisation"),
        dated=True,
    ),
    Table(
        "mandates",
        "seats in the organs of partnerships",
        (
            partnership(),
            Column("organ", meaning="organ", required=True),
            organisation(),
            Column("side", meaning="side of the council that the seats are for", codes=SIDES),
            Column("seats", "integer", "number of seats", low=0),
            Column("paid", "boolean", "the seats are paid"),
            *PROVENANCE,
        ),
        key=("partnership", "organ", "organisation", "side"),
        nullable_key=("side",),
    ),
)
