"""The zonings: nested, of their own, partial and overlapping."""

from dataclasses import dataclass
from datetime import date as Date

import numpy as np
import polars as pl

from samenspel.landscape.generate.growing import Neighbours, balance, grow, movable, move
from samenspel.landscape.generate.land import Floats, Ints

MODEL_SIZE = 17  # municipalities of the region that has MODEL partnerships
MODEL_FROM = 100  # smallest country that has it
PER_PROVINCE, PER_REGION = 57, 19  # 285 municipalities, 5 provinces, 15 regions of 2025
PER_PRIMARY_CARE, PER_POLICE = 285 / 56, 285 / 101
PER_HOUSING, PER_TOURIST = 285 / 87, 285 / 24
LOW, HIGH = 70_000, 130_000  # inhabitants of a reference zone (SBV-toekomstvisie 2023)
OTHER_TRANSPORT = 0.06  # share of municipalities whose transport region is not their region
KEPT_HOUSING = 0.82  # share of the housing cooperations that exist; elsewhere there is none
SECOND_TOURIST = 0.08

# zoning, title, kind, prefix, cover, binding, name of a zone
KINDS = (
    ("provincie", "Provincies", "province", "VPROV", "partition", True, "Provincie"),
    ("referentieregio", "Referentieregio's", "reference_region", "VREG", "partition", True,
     "Regio"),
    ("referentiezone", "Referentiezones", "reference_zone", "VZON", "partition", False, "Zone"),
    ("vervoerregio", "Vervoerregio's", "transport_region", "VVVR", "partition", True,
     "Vervoerregio"),
    ("eerstelijnszone", "Eerstelijnszones", "primary_care_zone", "VELZ", "partition", True,
     "Eerstelijnszone"),
    ("politiezone", "Politiezones", "police_zone", "VPZ", "partition", True, "Politiezone"),
    ("woonsamenwerking", "Intergemeentelijke samenwerking wonen", "housing_cooperation", "VIGW",
     "partial", False, "Wonen"),
    ("toeristische_regio", "Toeristische regio's", "tourist_region", "VTOE", "overlapping", None,
     "Streek"),
)  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Municipalities as the makers of zones see them, by number."""

    near: Neighbours
    people: Floats
    xy: Floats


@dataclass(frozen=True)
class Zones:
    """``of[zoning]``: zone of each municipality of 2025, -1 for none; ``police`` the same for the
    older ones; ``second_tourist``: another tourist region, -1 for none; ``model``: the region of
    MODEL_SIZE municipalities, -1 where there is none."""

    of: dict[str, Ints]
    police: Ints
    second_tourist: Ints
    model: int


def make_zones(now: Places, old: Places, became: Ints, random: np.random.Generator) -> Zones:
    """Zones of the municipalities of 2025 (``now``); only police zones follow the older borders."""
    size = len(now.people)
    every = np.arange(size)
    ones = np.ones(size)
    parts = max(2, round(size / PER_PROVINCE))
    province = grow(every, now.near, parts, ones, now.xy, random)
    region = within(province, now, PER_REGION, ones, random)
    model = model_region(region, province, now) if size >= MODEL_FROM else -1
    of = {
        "provincie": province,
        "referentieregio": region,
        "referentiezone": reference_zones(region, now, random),
        "vervoerregio": transport(region, now, random),
        "eerstelijnszone": within(province, now, PER_PRIMARY_CARE, now.people, random),
        "woonsamenwerking": housing(now, random),
    }
    tourist = grow(every, now.near, max(2, round(size / PER_TOURIST)), ones, now.xy, random)
    of["toeristische_regio"] = tourist
    second = np.full(size, -1)
    for place in np.flatnonzero(random.random(size) < SECOND_TOURIST).tolist():
        others = sorted({int(tourist[j]) for j in now.near[place]} - {int(tourist[place])})
        second[place] = others[0] if others else -1
    if size > 1 and (second < 0).all():
        edge = next(i for i in range(size) if {int(tourist[j]) for j in now.near[i]} - {
            int(tourist[i])})  # fmt: skip
        second[edge] = min({int(tourist[j]) for j in now.near[edge]} - {int(tourist[edge])})
    police = within(province[became], old, PER_POLICE * len(became) / size, old.people, random)
    return Zones(of, police, second, model)


def within(
    outer: Ints, places: Places, per: float, weight: Floats, random: np.random.Generator
) -> Ints:
    """Zones of about ``per`` municipalities, each inside one zone of ``outer``."""
    label = np.full(len(outer), -1)
    used = 0
    for zone in range(outer.max() + 1):
        nodes = np.flatnonzero(outer == zone)
        count = max(1, round(len(nodes) / per))
        label[nodes] = used + grow(nodes, places.near, count, weight, places.xy, random)
        used = int(label.max()) + 1
    return label


def model_region(region: Ints, province: Ints, now: Places) -> int:
    """The region nearest to MODEL_SIZE, made exactly that size by moving municipalities to and
    from its neighbours inside the province."""
    isolated = {int(region[i]) for i, near in enumerate(now.near) if not near}
    homes = {int(r): int(p) for r, p in zip(region, province, strict=True)}
    shared = {r for r in homes if sum(p == homes[r] for p in homes.values()) > 1}
    sizes = np.bincount(region)
    order = sorted(shared - isolated or shared, key=lambda r: (abs(int(sizes[r]) - MODEL_SIZE), r))
    for model in order:
        label = region.copy()
        if exact(model, label, province, now.near):
            region[:] = label
            return model
    raise ValueError("no region can have the size asked for")


def exact(model: int, label: Ints, province: Ints, near: Neighbours) -> bool:
    home = int(province[np.flatnonzero(label == model)[0]])
    inside = [i for i in range(len(label)) if province[i] == home]
    members: dict[int, set[int]] = {}
    for i in inside:
        members.setdefault(int(label[i]), set()).add(i)
    local = {i: [j for j in near[i] if province[j] == home] for i in inside}
    lists = [local.get(i, []) for i in range(len(label))]
    while len(members[model]) != MODEL_SIZE:
        grows = len(members[model]) < MODEL_SIZE
        for place in inside:
            if (label[place] != model) != grows:
                continue
            targets = movable(place, label, members, lists)
            targets = [t for t in targets if (t == model) == grows]
            if targets:
                move(place, targets[0], label, members)
                break
        else:
            return False
    return True


def reference_zones(region: Ints, now: Places, random: np.random.Generator) -> Ints:
    """Zones of LOW to HIGH inhabitants inside each region, as far as the land allows."""
    label = np.full(len(region), -1)
    used = 0
    for zone in range(region.max() + 1):
        nodes = np.flatnonzero(region == zone)
        count = max(1, round(now.people[nodes].sum() / ((LOW + HIGH) / 2)))
        found = grow(nodes, now.near, count, now.people, now.xy, random)
        place = {int(i): k for k, i in enumerate(nodes)}
        near = [[place[j] for j in now.near[i] if j in place] for i in nodes.tolist()]
        balance(found, now.people[nodes], near, LOW, HIGH)
        kept = np.unique(found, return_inverse=True)[1]
        label[nodes] = used + kept
        used = int(label.max()) + 1
    return label


def transport(region: Ints, now: Places, random: np.random.Generator) -> Ints:
    """The regions, with some municipalities on the other side of the border."""
    label = region.copy()
    members: dict[int, set[int]] = {}
    for i, zone in enumerate(label.tolist()):
        members.setdefault(zone, set()).add(i)
    wanted = max(1, round(OTHER_TRANSPORT * len(label)))
    for place in random.permutation(len(label)).tolist():
        targets = movable(place, label, members, now.near)
        if targets and wanted:
            move(place, targets[0], label, members)
            wanted -= 1
    return label


def housing(now: Places, random: np.random.Generator) -> Ints:
    size = len(now.people)
    label = grow(
        np.arange(size), now.near, max(2, round(size / PER_HOUSING)), np.ones(size), now.xy, random
    )
    kept = random.random(label.max() + 1) < KEPT_HOUSING
    kept &= np.bincount(label) > 1
    kept[np.bincount(label).argmax()] = True
    if kept.all():
        kept[np.bincount(label).argmin()] = False
    numbers = np.where(kept, np.cumsum(kept) - 1, -1)
    return np.asarray(numbers[label], np.int64)


def zone_tables(
    zones: Zones, became: Ints, codes: list[str], people: Ints, names: list[str]
) -> dict[str, pl.DataFrame]:
    """Tables ``zonings``, ``zones``, ``zone_members``, on the older municipalities ``codes``."""
    old = np.arange(len(codes))
    members, named = [], []
    for zoning, _, _, prefix, _, _, title in KINDS:
        label = zones.police if zoning == "politiezone" else zones.of[zoning][became]
        placed = pl.DataFrame({"i": old, "zone": label, "people": people})
        rows = placed
        if zoning == "toeristische_regio":
            rows = pl.concat([placed, placed.with_columns(zone=zones.second_tourist[became])])
        rows = rows.filter(pl.col("zone") >= 0)
        width = max(2, len(str(int(label.max()) + 1)))
        code = pl.lit(prefix) + (pl.col("zone") + 1).cast(pl.String).str.zfill(width)
        members.append(rows.select("i", zoning=pl.lit(zoning), zone=code))
        largest = (
            placed.filter(pl.col("zone") >= 0)
            .sort("people", "i", descending=[True, False])
            .unique("zone", keep="first", maintain_order=True)
            .sort("zone")
        )
        named.append(
            largest.select(
                zoning=pl.lit(zoning),
                zone=code,
                name=pl.lit(f"{title} ") + pl.Series(names, dtype=pl.String).gather(largest["i"]),
            )
        )
    fields = ("zoning", "title", "kind", "cover", "binding", "valid_from", "valid_to")
    starts = {"referentieregio": Date(2023, 3, 19), "vervoerregio": Date(2019, 1, 1)}
    listed = [
        (zoning, title, kind, cover, binding, starts.get(zoning),
         Date(2031, 1, 1) if kind == "tourist_region" else None)
        for zoning, title, kind, _, cover, binding, _ in KINDS
    ]  # fmt: skip
    types = {"binding": pl.Boolean, "valid_from": pl.Date, "valid_to": pl.Date}
    zonings = pl.DataFrame(
        listed, schema={f: types.get(f, pl.String) for f in fields}, orient="row"
    )
    since = zonings.select("zoning", "valid_from")
    every = pl.concat(members).join(since, on="zoning", maintain_order="left")
    return {
        "zonings": zonings,
        "zones": pl.concat(named).join(since, on="zoning", maintain_order="left"),
        "zone_members": every.select(
            "zoning", "zone", "valid_from", nis=pl.Series(codes).gather(every["i"])
        ),
    }
