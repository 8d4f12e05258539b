"""Which kind of partnership a partnership is, by what is known of it."""

from collections.abc import Mapping

import polars as pl

from samenspel.landscape.codes import PARTNERSHIP_CLASSES

OBSERVER = "observer"
INTERMUNICIPAL_FORMS = (
    "overeenkomst",
    "interlokale_vereniging",
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
    "opdrachthoudende_vereniging_met_private_deelname",
)
OCMW_FORMS = (
    "samenwerking_tussen_ocmws",
    "welzijnsvereniging",
    "autonome_verzorgingsinstelling",
    "ziekenhuisvereniging",
    "vereniging_of_vennootschap_voor_sociale_dienstverlening",
    "woonzorgvereniging_of_vennootschap",
)


def class_of_form(form: str | None) -> str | None:
    """The class of the organisation that a partnership of this legal form is; None where the form
    is unknown or open to all."""
    if form in INTERMUNICIPAL_FORMS:
        return "intermunicipal_partnership"
    return "ocmw_association" if form in OCMW_FORMS else None


def partnership_kinds(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Frame ``id``, ``kind`` (one of PARTNERSHIP_CLASSES) for each row of ``partnerships``.

    The class of its organisation decides; where that is unknown, its legal form; where that is
    unknown or open to all, whether two municipalities or more are members (an observer is none).
    A known class or form of another kind is ``other_partnership``; what remains is unknown.
    ``frames`` hold known codes only.
    """
    rows = frames["partnerships"].select("id", "legal_form")
    if "organisations" in frames:
        stated = frames["organisations"].select("id", "class").unique("id", keep="first")
        rows = rows.join(stated, on="id", how="left")
    else:
        rows = rows.with_columns(pl.lit(None, pl.String).alias("class"))
    if "memberships" in frames:
        municipal = frames["memberships"].filter(
            pl.col("organisation").is_in(frames["municipalities"]["nis"].implode()),
            pl.col("role").is_null() | (pl.col("role") != OBSERVER),
        )
        counted = municipal.group_by("partnership").agg(n=pl.col("organisation").n_unique())
        rows = rows.join(counted, left_on="id", right_on="partnership", how="left")
    else:
        rows = rows.with_columns(pl.lit(None, pl.UInt32).alias("n"))
    kind = (
        pl.when(pl.col("class").is_in(PARTNERSHIP_CLASSES))
        .then("class")
        .when(pl.col("class").is_not_null())
        .then(pl.lit("other_partnership"))
        .when(pl.col("legal_form").is_in(INTERMUNICIPAL_FORMS))
        .then(pl.lit("intermunicipal_partnership"))
        .when(pl.col("legal_form").is_in(OCMW_FORMS))
        .then(pl.lit("ocmw_association"))
        .when(pl.col("n") >= 2)
        .then(pl.lit("intermunicipal_partnership"))
        .when(pl.col("legal_form").is_not_null())
        .then(pl.lit("other_partnership"))
    )
    return rows.select("id", kind=kind)
