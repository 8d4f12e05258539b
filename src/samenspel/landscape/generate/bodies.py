"""The rows of partnerships, their tasks, and the organisations of the country."""

from datetime import date as Date

import numpy as np
import polars as pl

from samenspel.landscape.codes import THEMES
from samenspel.landscape.generate.circles import FORMS, KINDS, OCMW_FORMS, Circles
from samenspel.landscape.generate.names import enterprise_numbers

DAY = Date(2025, 1, 1)
TERMS = {
    "projectvereniging": 6,
    "dienstverlenende_vereniging": 18,
    "opdrachthoudende_vereniging": 18,
    "opdrachthoudende_vereniging_met_private_deelname": 18,
    "welzijnsvereniging": 30,
}
# Published in August 2023: not active, of all on the list.
INACTIVE = {
    "projectvereniging": 17 / 87,
    "dienstverlenende_vereniging": 8 / 33,
    "opdrachthoudende_vereniging": 13 / 67,
}
IGS = tuple(TERMS)[:4]
PRIVATE = IGS[3]
NO_STAFF = (
    "overeenkomst", "samenwerking_tussen_ocmws", "interlokale_vereniging",
    "zonder_rechtspersoonlijkheid",
)  # fmt: skip
CLASSES = {
    **dict.fromkeys((*IGS, "interlokale_vereniging", "overeenkomst"), "intermunicipal_partnership"),
    **dict.fromkeys(OCMW_FORMS, "ocmw_association"),
}
# Title, theme, initiator, level, line of the bodies that go with a zoning.
FIXED = {
    "police": ("Lokale politie", "safety", "federal", "zonal", "first"),
    "rescue": ("Hulpverleningszone", "safety", "federal", "regional", "first"),
    "transport": ("Vervoerregioraad", "mobility", "flemish", "regional", "second"),
    "care": ("Zorgraad", "primary_care", "flemish", "regional", "second"),
    "forum": ("Burgemeestersoverleg", "economy_innovation", "bottom_up", "regional", "second"),
}
TASKS = {
    "safety": ("noodplanning", "gemeentelijke_sancties", "camerabeheer"),
    "mobility": ("fietsdelen", "deelwagens", "verkeersveiligheid"),
    "spatial_environment": ("handhaving_omgeving", "landschapszorg", "erfgoedadvies"),
    "water": ("riolering", "waterlopen", "erosiebestrijding"),
    "economy_innovation": ("bedrijventerreinen", "streekontwikkeling", "digitale_dienst"),
    "utilities": ("afvalinzameling", "energiehuis", "distributienetten"),
    "leisure": ("bibliotheekwerking", "erfgoedcel", "sportregio"),
    "social_policy": ("gezinszorg", "schuldhulp", "klusdienst"),
    "primary_care": ("zorgoverleg", "eerstelijnsadvies", "dagopvang"),
    "housing": ("woonloket", "huurderadvies", "noodwoningen"),
    "labour_market": ("wijkwerken", "sociale_economie", "jobadvies"),
}
FIRST_LINE = ("housing", "labour_market", "social_policy", "primary_care", "leisure")
UNKNOWN = {
    "theme": 0.03, "initiator": 0.08, "level": 0.1, "line": 0.1, "start": 0.08, "term_end": 0.1,
    "status": 0.01, "legal_nature": 0.1, "own_assets": 0.15, "staff_fte": 0.25,
    "budget_cents": 0.2,
}  # fmt: skip


def partnership_rows(
    circles: Circles, names: list[str], random: np.random.Generator
) -> pl.DataFrame:
    """Table partnerships with ``p``, and all cells filled; ``with_unknown`` empties some."""
    count = len(circles.form)
    size = np.bincount(circles.partnership, minlength=count)
    first = circles.member[np.searchsorted(circles.partnership, np.arange(count))]
    form = pl.Series(FORMS).gather(circles.form)
    legal = ~form.is_in(NO_STAFF)
    ids = pl.DataFrame({"legal": legal}).with_columns(n=pl.int_range(pl.len()).over("legal"))
    kbo = enterprise_numbers(FIRST_BODY, count).gather(ids["n"])
    theme_of = random.integers(len(THEMES), size=count)
    social = np.array([THEMES.index(t) for t in ("social_policy", "primary_care", "housing")])
    ocmw = form.is_in(OCMW_FORMS).to_numpy()
    theme_of = np.where(ocmw, social[theme_of % 3], theme_of)
    theme_of[(form == PRIVATE).to_numpy()] = THEMES.index("utilities")
    draw = random.random((6, count))
    years = random.integers(1, 26, count)
    start = pl.Series((2024 - years - 8 * (draw[0] < 0.2)).astype(int))
    rows = pl.DataFrame(
        {
            "p": np.arange(count), "legal_form": form,
            "kind": pl.Series(KINDS).gather(circles.kind),
            "theme": pl.Series(THEMES).gather(theme_of), "size": size,
            "place": pl.Series(names, dtype=pl.String).gather(first), "legal": legal,
            "id": pl.DataFrame({"legal": legal, "kbo": kbo, "n": ids["n"]}).select(
                pl.when("legal").then("kbo").otherwise(
                    pl.lit("VS") + (pl.col("n") + 1).cast(pl.String).str.zfill(6)
                )
            ).to_series(),
            "year": start, "month": random.integers(1, 13, count),
            "u": draw[1], "v": draw[2], "w": draw[3], "s": draw[4], "touching": circles.touching,
            "first": first,
            "scale": random.lognormal(0, 0.9, count),
        }
    )  # fmt: skip
    return described(rows)


FIRST_BODY = 200_000  # enterprise numbers below are those of municipalities and OCMWs


def described(rows: pl.DataFrame) -> pl.DataFrame:
    fixed = {
        column: pl.col("kind").replace_strict(
            {kind: values[i] for kind, values in FIXED.items()},
            default=None,
            return_dtype=pl.String,
        )
        for i, column in enumerate(("title", "theme", "initiator", "level", "line"))
    }
    rows = rows.with_columns(theme=fixed["theme"].fill_null(pl.col("theme")))
    term = pl.col("legal_form").replace_strict(TERMS, default=None, return_dtype=pl.Int64)
    light = pl.col("legal_form").is_in(["interlokale_vereniging", "overeenkomst"])
    term = pl.when(light & (pl.col("w") < 0.5)).then(6).otherwise(term)
    inactive = pl.col("legal_form").replace_strict(INACTIVE, default=0.02, return_dtype=pl.Float64)
    free = (pl.col("kind") == "free") & ~pl.col("touching")
    rows = rows.with_columns(
        term=term,
        status=pl.when(free & (pl.col("s") < inactive)).then(pl.lit("inactive"))
        .when(free & (pl.col("s") > 0.99)).then(pl.lit("planned"))
        .otherwise(pl.lit("active")),
    )  # fmt: skip
    start = pl.date(
        pl.when(pl.col("status") == "planned").then(2025).otherwise("year"),
        pl.when(pl.col("status") == "planned").then(7).otherwise("month"), 1,
    )  # fmt: skip
    # Renewed as often as it takes; what is not active was not renewed.
    gone = DAY.year - start.dt.year() - (start.dt.month() > 1).cast(pl.Int32)
    passed = gone.clip(0) // pl.col("term") + 1
    renewals = pl.when(pl.col("status") == "inactive").then((passed - 1).clip(1)).otherwise(passed)
    renewals = pl.when(pl.col("status") == "planned").then(1).otherwise(renewals)
    budget = pl.when(pl.col("legal_form").is_in(NO_STAFF)).then(15_000.0).otherwise(350_000.0)
    cents = (budget * pl.col("size") * pl.col("scale")).round().cast(pl.Int64) * 100
    igs = pl.col("legal_form").is_in(IGS)
    exempt = igs & ((pl.col("u") < 0.06) | (pl.col("p") == pl.col("p").filter(igs).min()))
    return rows.with_columns(
        name=(
            fixed["title"].fill_null(
                pl.col("theme").replace_strict({t: TASKS[t][0] for t in THEMES})
                .str.replace_all("_", " ").str.to_titlecase()
            )
            + " " + pl.col("place")
            + pl.when(pl.col("kind") == "free")
            .then(" " + (pl.col("p") + 1).cast(pl.String)).otherwise(pl.lit(""))
        ),
        initiator=fixed["initiator"].fill_null(
            pl.when(pl.col("u") < 0.68).then(pl.lit("bottom_up"))
            .when(pl.col("u") < 0.93).then(pl.lit("flemish")).otherwise(pl.lit("federal"))
        ),
        level=fixed["level"].fill_null(
            pl.when(pl.col("size") <= 2).then(pl.lit("local"))
            .when(pl.col("size") <= 6).then(pl.lit("zonal")).otherwise(pl.lit("regional"))
        ),
        line=fixed["line"].fill_null(
            pl.when(pl.col("theme").is_in(FIRST_LINE) & (pl.col("v") < 0.7))
            .then(pl.lit("first")).otherwise(pl.lit("second"))
        ),
        start=start,
        term_start=start.dt.offset_by(((renewals - 1) * pl.col("term")).cast(pl.String) + "y"),
        term_end=start.dt.offset_by((renewals * pl.col("term")).cast(pl.String) + "y"),
        legal_nature=pl.when(pl.col("legal_form") == "vzw").then(pl.lit("private"))
        .otherwise(pl.lit("public")),
        own_assets=~pl.col("legal_form").is_in(NO_STAFF)
        & ((pl.col("v") < 0.45) | pl.col("legal_form").is_in(IGS[1:])),
        staff_fte=pl.when(pl.col("legal_form").is_in(NO_STAFF)).then(0.0)
        .otherwise((cents / 12_000_000).round(1)),
        budget_cents=cents,
        scope_exception=pl.when(exempt & (pl.col("size") <= 6)).then(pl.lit("small_service"))
        .when(exempt & pl.col("theme").is_in(["water", "spatial_environment", "leisure"]))
        .then(pl.lit("landscape")).when(exempt).then(pl.lit("scale")),
    )  # fmt: skip


def with_hosts(rows: pl.DataFrame, codes: pl.Series) -> pl.DataFrame:
    """Who hosts: the managing municipality of an interlokale vereniging, now and then of an
    agreement, and for some bodies without staff a dienstverlenende vereniging."""
    hosts = rows.filter(
        pl.col("legal_form") == "dienstverlenende_vereniging", pl.col("status") == "active"
    )["id"]
    some = hosts if len(hosts) else rows["id"].head(1)
    near = (pl.col("first") * len(some) // (int(rows["first"].to_numpy().max()) + 1)).cast(pl.Int64)
    manager = pl.Series("manager", codes.gather(rows["first"]))
    return rows.with_columns(
        manager, served=pl.Series("served", some.gather(rows.select(near).to_series()))
    ).with_columns(
        host=pl.when(pl.col("legal_form") == "interlokale_vereniging").then("manager")
        .when((pl.col("legal_form") == "overeenkomst") & (pl.col("v") < 0.4)).then("manager")
        .when(pl.col("legal_form").is_in(["zonder_rechtspersoonlijkheid", "andere"])
              & (pl.col("kind") == "free") & (pl.col("v") < 0.5)).then("served")
    )  # fmt: skip


def with_unknown(rows: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """Some cells emptied. A legal form is unknown only where no law of cooperation gives one."""
    loose = pl.col("legal_form").is_in(["overeenkomst", "andere", "zonder_rechtspersoonlijkheid"])
    rows = rows.with_columns(
        pl.when(pl.Series(random.random(rows.height)) >= share).then(column)
        for column, share in UNKNOWN.items()
    )
    lost = pl.Series(random.random(rows.height)) < 0.05
    return rows.with_columns(legal_form=pl.when(~(loose & lost)).then("legal_form"))


def tasks(rows: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """Frame ``p``, partnership, task, theme, transferred; of a few light partnerships no task is
    known. Only opdrachthoudende verenigingen have tasks transferred."""
    more = np.where(rows["legal_form"].is_in(IGS).to_numpy(), random.integers(1, 4, rows.height), 1)
    lost = rows["legal_form"].is_in(NO_STAFF[:3]).to_numpy() & (random.random(rows.height) < 0.05)
    number = np.where(lost & ~rows["touching"].to_numpy(), 0, more)
    p = np.repeat(np.arange(rows.height), number)
    j = np.arange(len(p)) - np.repeat(np.cumsum(number) - number, number)
    k = (j + random.integers(0, 3, rows.height)[p]) % 3
    titles = [task for theme in THEMES for task in TASKS[theme]]
    theme = rows["theme"].gather(p)
    at = theme.replace_strict({t: 3 * i for i, t in enumerate(THEMES)}, return_dtype=pl.Int64)
    form = rows["legal_form"].gather(p)
    holding = form.is_in([IGS[2], IGS[3]])
    draw = pl.Series(random.random(len(p)))
    return pl.DataFrame(
        {
            "p": p, "partnership": rows["id"].gather(p), "task": pl.Series(titles).gather(at + k),
            "theme": theme, "transferred": holding & (draw < 0.85),
            "unknown": holding & (draw > 0.97),
        }
    ).with_columns(
        transferred=pl.when(~pl.col("unknown")).then("transferred"),
        theme=pl.when(pl.Series(random.random(len(p))) >= 0.03).then("theme"),
    )  # fmt: skip


def organisation_rows(
    codes: pl.Series, names: pl.Series, rows: pl.DataFrame, others: pl.DataFrame, numbers: pl.Series
) -> pl.DataFrame:
    """Table organisations: municipalities, their OCMWs, ``others``, and every partnership."""
    count = len(codes)
    kind = pl.col("kind").replace_strict(
        {"police": "police_zone", "rescue": "rescue_zone"}, default=None, return_dtype=pl.String
    )
    form = pl.col("legal_form").replace_strict(
        CLASSES, default="other_partnership", return_dtype=pl.String
    )
    return pl.concat(
        [
            pl.DataFrame({"id": codes, "name": names, "nis": codes, "kbo": numbers[:count]})
            .with_columns(pl.lit("municipality").alias("class")),
            pl.DataFrame({"id": "ocmw-" + codes, "name": "OCMW " + names, "nis": codes,
                          "kbo": numbers[count:]}).with_columns(pl.lit("ocmw").alias("class")),
            others,
            rows.select("id", "name", kind.fill_null(form).alias("class"),
                        kbo=pl.when("legal").then("id")),
        ],
        how="diagonal",
    )  # fmt: skip


def other_organisations(count: int, provinces: list[str]) -> pl.DataFrame:
    """Provinces, other governments, private and non-profit partners of a country of ``count``."""
    many = max(2, round(count / 40))
    listed = [(f"VO-P{i + 1:04d}", f"Provincie {n}", "province") for i, n in enumerate(provinces)]
    listed += [
        ("VO-O0001", "Voorbeeldse Waterbeheerder", "other_government"),
        ("VO-O0002", "Voorbeeldse Vervoermaatschappij", "other_government"),
        ("VO-X0001", "Voorbeeldse Streekraad", "other"),
    ]
    listed += [(f"VO-V{i + 1:04d}", f"Verzonnen bedrijf {i + 1}", "private") for i in range(many)]
    listed += [
        (f"VO-N{i + 1:04d}", f"Verzonnen vereniging {i + 1}", "nonprofit") for i in range(many)
    ]
    return pl.DataFrame(listed, schema=["id", "name", "class"], orient="row")
