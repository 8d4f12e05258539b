"""The peer: some of the figures of the screening with plain pandas and NetworkX.

Written from the meaning of the figures, not from the code of the screening, the way an analyst
would who knows both libraries: merges and group-bys where the work is tabular, a graph where it is
about who meets whom. The input is the tables of a landscape as pandas frames; codes are taken as
given.

Cost: O(memberships log memberships) for the counts; O(sum over municipalities of partnerships
squared) for the Jaccard distances; O(sum over partnerships of members squared) for whom a
municipality meets.
"""

import math
from dataclasses import dataclass
from typing import Any

import networkx as nx
import pandas as pd

from samenspel.landscape.codes import PARTNERSHIP_CLASSES
from samenspel.landscape.kinds import INTERMUNICIPAL_FORMS, OCMW_FORMS
from samenspel.landscape.landscape import Landscape
from samenspel.screening.screen import Screening

TABLES = (
    "municipalities",
    "organisations",
    "partnerships",
    "memberships",
    "adjacency",
    "zones",
    "zone_members",
)
SMALL = (2, 5)
INTERMUNICIPAL = "intermunicipal_partnership"
Circles = set[tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True)
class Figures:
    """``municipalities`` by NIS code, ``zones`` by zoning and zone; ``small_circles``: the members
    and the partnerships of each signal."""

    municipalities: pd.DataFrame
    zones: pd.DataFrame
    small_circles: Circles


def frames_of(landscape: Landscape) -> dict[str, pd.DataFrame]:
    """The tables that the peer needs, as pandas frames."""
    return {name: pd.DataFrame(landscape.table(name).to_dict(as_series=False)) for name in TABLES}


def screen(tables: dict[str, pd.DataFrame], many: int = 2) -> Figures:
    """The figures of all municipalities and zones, and the same-small-circle signals."""
    nis = pd.Index(tables["municipalities"]["nis"], name="nis")
    links = links_of(tables)
    now = links[links["active"] == 1]
    sets = now.groupby("partnership")["nis"].agg(lambda members: tuple(sorted(members)))
    now = now.assign(circle=now["partnership"].map(pd.Series(pd.factorize(sets)[0], sets.index)))
    towns = counted(links, now, nis)
    towns["changing_partners"] = mean_distance(now)
    towns = towns.join(met(now, tables["adjacency"], nis))
    hidden = [name for name in towns.columns if name not in ("partnerships", "neighbours")]
    towns.loc[towns["partnerships"].isna(), hidden] = pd.NA

    places = tables["zone_members"][["zoning", "zone", "nis"]]
    zone = pd.MultiIndex.from_frame(tables["zones"][["zoning", "zone"]])
    zones = counted(places.merge(links, on="nis"), places.merge(now, on="nis"), zone)
    return Figures(towns, zones, small_circles(sets, many))


def links_of(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """``nis``, ``partnership`` and ``active`` (1 or unknown) of each municipality that is itself a
    member of an intermunicipal partnership; observers are no members."""
    memberships = tables["memberships"]
    here = memberships["organisation"].isin(tables["municipalities"]["nis"])
    municipal = memberships[here & (memberships["role"] != "observer")]
    bodies = tables["partnerships"][["id", "legal_form", "status"]].rename(
        columns={"id": "partnership"}
    )
    stated = tables["organisations"].drop_duplicates("id").set_index("id")["class"]
    bodies["kind"] = bodies["partnership"].map(stated)
    strange = bodies["kind"].notna() & ~bodies["kind"].isin(PARTNERSHIP_CLASSES)
    bodies.loc[strange, "kind"] = "other_partnership"
    forms = dict.fromkeys(INTERMUNICIPAL_FORMS, INTERMUNICIPAL)
    forms |= dict.fromkeys(OCMW_FORMS, "ocmw_association")
    bodies["kind"] = bodies["kind"].fillna(bodies["legal_form"].map(forms))
    sizes = municipal.groupby("partnership")["organisation"].nunique()
    several = bodies["partnership"].map(sizes).fillna(0) >= 2
    bodies.loc[bodies["kind"].isna() & several, "kind"] = INTERMUNICIPAL
    bodies["active"] = (bodies["status"] == "active").astype("Int64")
    bodies["active"] = bodies["active"].where(bodies["status"].notna())
    may_count = (bodies["kind"] == INTERMUNICIPAL) & (bodies["active"] != 0).fillna(True)
    bodies = bodies.loc[may_count, ["partnership", "active"]]
    own = (
        municipal[["organisation", "partnership"]]
        .drop_duplicates()
        .rename(columns={"organisation": "nis"})
    )
    return own.merge(bodies, on="partnership")


def counted(links: pd.DataFrame, now: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Partnerships and distinct partner sets for each of ``index``: 0 where there is nothing to
    count, NA where of no partnership it is known whether it is active."""
    key = list(index.names)
    bodies = links.drop_duplicates([*key, "partnership"]).groupby(key)["active"]
    frame = pd.DataFrame(
        {
            "partnerships": bodies.sum(min_count=1),
            "distinct_partner_sets": now.groupby(key)["circle"].nunique(),
            "rows": bodies.size(),
        }
    ).reindex(index)
    nothing = frame.pop("rows").isna()
    frame.loc[nothing, "partnerships"] = 0
    frame["distinct_partner_sets"] = frame["distinct_partner_sets"].fillna(0)
    frame.loc[frame["partnerships"].isna(), "distinct_partner_sets"] = pd.NA
    return frame.astype("Int64")


def mean_distance(now: pd.DataFrame) -> pd.Series:
    """Mean Jaccard distance between the member sets of each two partnerships, by municipality.

    A pair of partnerships shows up once for each municipality that is in both, so its rows count
    the members in common.
    """
    both = now[["nis", "partnership"]].merge(now[["nis", "partnership"]], on="nis")
    both = both[both["partnership_x"] < both["partnership_y"]]
    sizes = now.groupby("partnership").size()
    shared = both.groupby(["partnership_x", "partnership_y"])["nis"].transform("size")
    either = both["partnership_x"].map(sizes) + both["partnership_y"].map(sizes) - shared
    return (1 - shared / either).groupby(both["nis"]).mean()


def met(now: pd.DataFrame, adjacency: pd.DataFrame, nis: pd.Index) -> pd.DataFrame:
    """How many others, and how many neighbours, a municipality meets in partnerships."""
    land = nx.from_pandas_edgelist(adjacency.dropna(subset=["nis_b"]), "nis_a", "nis_b")
    tables = nx.from_pandas_edgelist(now, "nis", "partnership")
    company = {body: set(tables.adj[body]) for body in now["partnership"].unique()}
    partners, near = [], []
    for town in nis:
        bodies = tables.adj[town] if town in tables else ()
        others = set().union(*(company[body] for body in bodies)) - {town}
        partners.append(len(others))
        near.append(len(others.intersection(land.adj[town])) if town in land else 0)
    return pd.DataFrame({"partners_met": partners, "neighbours_met": near}, nis)


def small_circles(sets: pd.Series, many: int) -> Circles:
    """The same two to five municipalities with ``many`` partnerships or more."""
    small = sets[sets.map(len).between(*SMALL)]
    found = small.index.to_series().groupby(small).agg(lambda ids: tuple(sorted(ids)))
    return {(towns, ids) for towns, ids in found.items() if len(ids) >= many}


def differences(screening: Screening, peer: Figures) -> list[str]:
    """What the screening and the peer do not agree on, one line each; counts must be equal, means
    may differ by the order of summation only."""
    found = []
    for kind, key, frame in (
        ("municipality", ["subject"], peer.municipalities),
        ("zone", ["zoning", "subject"], peer.zones),
    ):
        ours = screening.of_kind(kind)
        names = [name for name in frame.columns if name in ours.columns]
        theirs = dict(zip(frame.index, frame[names].itertuples(index=False), strict=True))
        if ours.height != len(theirs):
            found.append(f"{kind}: {ours.height} rows against {len(theirs)}")
        for *code, row in zip(*(ours[k] for k in key), ours.select(names).iter_rows(), strict=True):
            place = code[0] if len(code) == 1 else tuple(code)
            for name, one, other in zip(names, row, theirs[place], strict=True):
                if not same(one, other):
                    found.append(f"{kind} {place}, {name}: {one} against {other}")
    signals = {
        (s.municipalities, s.partnerships) for s in screening.signals if s.id == "same_small_circle"
    }
    if signals != peer.small_circles:
        found.append(f"same_small_circle: {len(signals ^ peer.small_circles)} signals differ")
    return found


def same(one: float | None, other: Any) -> bool:
    """Whether two figures are the same; an unknown figure is only the same as an unknown one."""
    if one is None or pd.isna(other):
        return one is None and bool(pd.isna(other))
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
