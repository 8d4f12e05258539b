"""Who may be in which legal form, as far as the publications say it.

From the VVSG praktijkgids (the table of legal forms). Of the forms for care its scheme lost the
columns, and of an association without profit motive, of cooperation without legal person and of
other forms it says nothing: who may join those is unknown here.
"""

LOCAL = frozenset({"municipality", "ocmw", "intermunicipal_partnership", "ocmw_association"})
WIDELY_LOCAL = LOCAL | {"police_zone", "rescue_zone"}
PUBLIC = WIDELY_LOCAL | {"province", "other_government"}
EVERYONE = PUBLIC | {"private", "nonprofit", "other_partnership", "other"}

PRIVATE_SHARE = "opdrachthoudende_vereniging_met_private_deelname"
MEMBERS = {
    "overeenkomst": EVERYONE,
    "interlokale_vereniging": EVERYONE,
    "samenwerking_tussen_ocmws": frozenset({"ocmw"}),
    "projectvereniging": WIDELY_LOCAL,
    "dienstverlenende_vereniging": LOCAL,
    "opdrachthoudende_vereniging": LOCAL,
    PRIVATE_SHARE: LOCAL,
    "welzijnsvereniging": PUBLIC | {"nonprofit"},
}
# Private partners only in energy and waste; the landscape knows no finer theme than utilities.
PRIVATE_THEME = "utilities"

LEGAL_PERSONS = frozenset(
    {
        "projectvereniging",
        "dienstverlenende_vereniging",
        "opdrachthoudende_vereniging",
        PRIVATE_SHARE,
        "welzijnsvereniging",
    }
)
WITH_TRANSFER = frozenset({"opdrachthoudende_vereniging", PRIVATE_SHARE})
# 'Samen uit, samen thuis': no exit before the end of the term but under strict conditions.
BOUND_TO_TERM = WITH_TRANSFER | {"dienstverlenende_vereniging"}
NOT_ONLY_GOVERNMENTS = frozenset({"private", "nonprofit", "other"})


def described(form: str | None) -> bool:
    """Whether the publications say who may be in ``form``; an unknown form is not described."""
    return form in MEMBERS


def may_join(form: str | None, theme: str | None, member: str | None) -> bool:
    """Whether an organisation of class ``member`` is known to be allowed in a partnership of this
    form and theme. Where form or class is unknown it is not."""
    if form is None or member is None or form not in MEMBERS:
        return False
    if member == "private" and form == PRIVATE_SHARE:
        return theme == PRIVATE_THEME
    return member in MEMBERS[form]
