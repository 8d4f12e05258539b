"""Organisations, partnerships and memberships of the public lists, on the map of 2019."""

from datetime import date as Date
from pathlib import Path

import polars as pl

from samenspel.errors import InputError
from samenspel.exchange.flanders import raw
from samenspel.exchange.flanders.land import Maps, listed_municipalities
from samenspel.landscape.codes import LEGAL_FORMS
from samenspel.language import _

LAST_OF_2019_MAP = Date(2025, 1, 1)
STATUS = {"active": "active", "inactive": "inactive"}
NATURE = {"OCMW-vereniging publiek": "public", "OCMW-vereniging privaat": "private"}
MEMBER_CLASSES = ("OCMW", "gemeente", "provincie", "other-organisation")
NOT_STATED = "?"


def tables(folder: Path, maps: Maps) -> dict[str, pl.DataFrame]:
    """``organisations``, ``partnerships`` and ``memberships`` of the chronicle. The police zones
    of 2023 end with the map of 2019, the others are taken to go on. Raises InputError."""
    ocmw = raw.read(folder, raw.OCMW)
    parts = [
        intermunicipal(folder, maps),
        ocmw_associations(ocmw, maps),
        police_zones(folder, maps),
    ]
    joined = {
        name: pl.concat([part[name] for part in parts if name in part], how="diagonal")
        for name in ("organisations", "partnerships", "memberships")
    }
    everyone = pl.concat(
        [municipal_bodies(folder, ocmw, maps), joined["organisations"], others(ocmw)],
        how="diagonal",
    )
    # A member of one association can itself be a partnership of another list: its first row stays.
    return {**joined, "organisations": everyone.unique("id", keep="first", maintain_order=True)}


def municipal_bodies(folder: Path, ocmw: pl.DataFrame, maps: Maps) -> pl.DataFrame:
    """The municipalities and, beside each, its OCMW (enterprise number where the lists give it)."""
    numbers = listed_municipalities(folder, maps)
    towns = maps.codes[2019].join(numbers.select("kbo", nis="nis2019"), on="nis", how="left")
    known = (
        ocmw.filter(pl.col("member_class") == "OCMW")
        .select(nis="nis2019", kbo="member_kbo")
        .unique("nis", keep="first", maintain_order=True)
    )
    return pl.concat(
        [
            towns.select(
                "name", "nis", "kbo", id="nis", **{"class": pl.lit("municipality")},
                source=pl.lit("municipalities-2023"),
            ),
            maps.codes[2019].join(known, on="nis", how="left").select(
                "nis", "kbo", id=pl.format("ocmw-{}", "nis"), name=pl.format("OCMW {}", "name"),
                **{"class": pl.lit("ocmw")}, source=pl.lit("ocmw-2024"),
            ),
        ],
        how="diagonal",
    )  # fmt: skip


def intermunicipal(folder: Path, maps: Maps) -> dict[str, pl.DataFrame]:
    listed = raw.read(folder, raw.IGS)
    form = pl.col("type").str.replace_all(" ", "_")
    raw.refuse(listed.filter(~form.is_in(LEGAL_FORMS)), raw.IGS, "type", _("this value is unknown"))
    refuse_others(listed, raw.IGS, "status_2023", list(STATUS))
    members = raw.read(folder, raw.IGS_MEMBERS)
    raw.refuse(
        members.filter(~pl.col("igs_kbo").is_in(listed["kbo"].implode())),
        raw.IGS_MEMBERS,
        "igs_kbo",
        _("this partnership does not stand in igs.csv"),
    )
    raw.refuse_strangers(members, raw.IGS_MEMBERS, "member_nis2019", maps.codes[2019]["nis"])
    counted = members.group_by(kbo="igs_kbo").agg(found=pl.len())
    wrong = listed.join(counted, on="kbo", how="left").filter(
        pl.col("n_members") != pl.col("found").fill_null(0)
    )
    if wrong.height:
        row = wrong.row(0, named=True)
        raise InputError(
            _("{file}: {name} has {found} members here and {stated} in igs.csv; one of the two "
              "files is cut off or of another date.").format(
                file=raw.IGS_MEMBERS.path,
                name=row["name"],
                found=row["found"] or 0,
                stated=int(row["n_members"]),
            )
        )  # fmt: skip
    source = pl.lit("igs-2023")
    return {
        "organisations": listed.select(
            "name",
            "kbo",
            id="kbo",
            source=source,
            **{"class": pl.lit("intermunicipal_partnership")},
        ),
        "partnerships": listed.select(
            "name",
            id="kbo",
            legal_form=form,
            status=pl.col("status_2023").replace_strict(STATUS),
            legal_nature=pl.lit("public"),
            source=source,
        ),
        "memberships": members.select(
            partnership="igs_kbo",
            organisation="member_nis2019",
            role=pl.lit("member"),
            source=source,
        ),
    }


def refuse_others(rows: pl.DataFrame, file: raw.File, column: str, known: list[str]) -> None:
    """Raise InputError where ``column`` holds another value than those ``known``."""
    raw.refuse(rows.filter(~pl.col(column).is_in(known)), file, column, _("this value is unknown"))


def ocmw_associations(rows: pl.DataFrame, maps: Maps) -> dict[str, pl.DataFrame]:
    """The associations with all their members: OCMW, municipality, province, other."""
    raw.refuse_strangers(rows.drop_nulls("nis2019"), raw.OCMW, "nis2019", maps.codes[2019]["nis"])
    refuse_others(rows, raw.OCMW, "status_2024", [*STATUS, NOT_STATED])
    refuse_others(rows, raw.OCMW, "assoc_type", [*NATURE, NOT_STATED])
    refuse_others(rows, raw.OCMW, "member_class", [*MEMBER_CLASSES])
    local = pl.col("member_class").is_in(["OCMW", "gemeente"])
    raw.refuse(
        rows.filter(local & pl.col("nis2019").is_null()),
        raw.OCMW,
        "nis2019",
        _("an OCMW or municipality needs its code"),
    )
    source = pl.lit("ocmw-2024")
    associations = rows.unique("assoc_kbo", keep="first", maintain_order=True)
    member = (
        pl.when(pl.col("member_class") == "OCMW")
        .then(pl.format("ocmw-{}", "nis2019"))
        .when(pl.col("member_class") == "gemeente")
        .then("nis2019")
        .otherwise("member_kbo")
    )
    return {
        "organisations": associations.select(
            id="assoc_kbo",
            name="assoc_name",
            kbo="assoc_kbo",
            source=source,
            **{"class": pl.lit("ocmw_association")},
        ),
        "partnerships": associations.select(
            id="assoc_kbo",
            name="assoc_name",
            status=pl.col("status_2024").replace_strict(STATUS, default=None),
            legal_nature=pl.col("assoc_type").replace_strict(NATURE, default=None),
            source=source,
        ),
        "memberships": rows.select(
            partnership="assoc_kbo", organisation=member, role=pl.lit("member"), source=source
        ).unique(maintain_order=True),
    }


def others(rows: pl.DataFrame) -> pl.DataFrame:
    """Members of OCMW associations that are neither municipality nor OCMW."""
    kind = pl.when(pl.col("member_class") == "provincie").then(pl.lit("province"))
    return rows.filter(~pl.col("member_class").is_in(["OCMW", "gemeente"])).select(
        id="member_kbo",
        name="member_name",
        kbo="member_kbo",
        source=pl.lit("ocmw-2024"),
        **{"class": kind.otherwise(pl.lit("other"))},
    )


def police_zones(folder: Path, maps: Maps) -> dict[str, pl.DataFrame]:
    rows = raw.read(folder, raw.POLICE)
    refuse_others(rows.drop_nulls("status_2023"), raw.POLICE, "status_2023", [*STATUS, NOT_STATED])
    raw.refuse_strangers(rows, raw.POLICE, "nis2019", maps.codes[2019]["nis"])
    table = rows.select(
        zone=pl.format("pz-{}", "pz_code"),
        name=pl.format("Politiezone {}", "pz_members_label"),
        nis="nis2019",
        status=pl.col("status_2023").replace_strict(STATUS, default=None),
    )
    return police_tables(table, "police-2023", None, LAST_OF_2019_MAP)


def police_zones_2025(folder: Path) -> dict[str, pl.DataFrame]:
    """The police zones of the zone table of 2025, as bodies with members."""
    rows = raw.read(folder, raw.ZONES)
    table = rows.select(
        zone="politiezone_code", name="politiezone", nis="nis2025", status=pl.lit("active")
    )
    return police_tables(table, "zones-2025", LAST_OF_2019_MAP, None)


def police_tables(
    table: pl.DataFrame, source: str, start: Date | None, end: Date | None
) -> dict[str, pl.DataFrame]:
    """Three tables from a frame ``zone``, ``name``, ``nis``, ``status``, held start to end."""
    held = {
        "source": pl.lit(source),
        "valid_from": pl.lit(start, pl.Date),
        "valid_to": pl.lit(end, pl.Date),
    }
    zones = table.unique("zone", keep="first", maintain_order=True)
    return {
        "organisations": zones.select(
            "name", id="zone", **{"class": pl.lit("police_zone")}, **held
        ),
        "partnerships": zones.select("name", "status", id="zone", theme=pl.lit("safety"), **held),
        "memberships": table.select(
            partnership="zone", organisation="nis", role=pl.lit("member"), **held
        ),
    }
