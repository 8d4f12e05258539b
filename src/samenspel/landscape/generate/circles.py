"""Who works together with whom: the members of every partnership, as numbers.

Numbers per legal form and sizes of the intermunicipal ones follow the public list of August 2023,
those of OCMW bodies the list of 2024; the rest fills the country up to what the screening of 2012
counted (2,229 partnerships for 308 municipalities, 68 for each on average) and is invented.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from samenspel.landscape.generate.land import Floats, Ints

PER = 300  # the counts below are for so many municipalities
MODEL = 183  # partnerships of the model region (Midwest's published number; invented content)
WIDEST = 62  # members that are looked up for all places at once
SAME_AGAIN = 0.16  # of the small circles: the same as one before

# Legal form, count, quantiles 0, 25, 50, 75, 90 and 100 % of members: published.
PUBLISHED = (
    ("projectvereniging", 87, (2, 4, 5.5, 8, 11, 15)),
    ("dienstverlenende_vereniging", 33, (2, 8, 16, 30, 52, 140)),
    ("opdrachthoudende_vereniging", 67, (2, 5, 11.5, 29, 51, 96)),
    ("opdrachthoudende_vereniging_met_private_deelname", 1, (2, 2, 2, 3, 3, 4)),
    # OCMW bodies: 109 with sizes 1 to 79; how they divide over the forms is not published.
    ("welzijnsvereniging", 58, (1, 1, 2, 4, 9, 79)),
    ("autonome_verzorgingsinstelling", 14, (1, 1, 1, 1, 1, 1)),
    ("ziekenhuisvereniging", 7, (1, 1, 2, 3, 4, 8)),
    ("vereniging_of_vennootschap_voor_sociale_dienstverlening", 18, (1, 1, 2, 2, 4, 21)),
    ("woonzorgvereniging_of_vennootschap", 12, (1, 1, 2, 2, 4, 10)),
)
# The same for what no public list counts: invented.
INVENTED = (
    ("interlokale_vereniging", 600, (2, 3, 5, 9, 18, 40)),
    ("overeenkomst", 560, (2, 2, 4, 8, 16, 40)),
    ("samenwerking_tussen_ocmws", 150, (2, 2, 3, 5, 8, 20)),
    ("vzw", 90, (2, 6, 12, 19, 30, 60)),
    ("zonder_rechtspersoonlijkheid", 150, (2, 10, 19, 30, 45, 60)),
    ("andere", 40, (2, 4, 10, 19, 40, 60)),
)
FORMS = tuple(form for form, _, _ in (*PUBLISHED, *INVENTED))
OCMW_FORMS = (*(form for form, _, _ in PUBLISHED[4:]), "samenwerking_tussen_ocmws")
# Bodies that go with a zoning: zoning, legal form, what they are.
OF_ZONES = (
    ("politiezone", "andere", "police"),
    ("vervoerregio", "zonder_rechtspersoonlijkheid", "transport"),
    ("eerstelijnszone", "vzw", "care"),
    ("referentieregio", "zonder_rechtspersoonlijkheid", "forum"),
    ("brandweer", "andere", "rescue"),
)
KINDS = ("free", "police", "transport", "care", "forum", "rescue")


@dataclass(frozen=True)
class Circles:
    """Partnership ``p`` has form ``FORMS[form[p]]`` and is of ``KINDS[kind[p]]``; its members are
    the municipalities (for OCMW forms their OCMWs) ``member[partnership == p]``, the nearest to
    its middle first. ``touching``: it has a member in the model region."""

    form: Ints
    kind: Ints
    partnership: Ints
    member: Ints
    touching: NDArray[np.bool_]


def make_circles(
    xy: Floats,
    people: Floats,
    zones: dict[str, Ints],
    model: NDArray[np.bool_],
    random: np.random.Generator,
) -> Circles:
    """``xy``, ``people``, ``zones`` (zone of each, -1 for none) and ``model`` (whether it lies in
    the model region) of the older municipalities. Costs O(memberships)."""
    count = len(xy)
    widest = min(WIDEST + 1, count)
    near = cKDTree(xy).query(xy, k=widest)[1]
    groups = {zoning: members_of(label) for zoning, label in zones.items()}
    circles: list[tuple[int, int, list[Ints]]] = []
    for zoning, form, kind in OF_ZONES:
        circles.append((FORMS.index(form), KINDS.index(kind), groups[zoning]))
    for number, (form, per, quantiles) in enumerate((*PUBLISHED, *INVENTED)):
        published = number < len(PUBLISHED)
        wanted = max(1, round(per * count / PER))
        sizes = np.interp(random.random(wanted), (0, 0.25, 0.5, 0.75, 0.9, 1), np.log(quantiles))
        size = np.minimum(np.exp(sizes).round().astype(np.int64), widest - 1 if not published
                          else count - 1)  # fmt: skip
        found = drawn(size, quantiles[-1], xy, people, near, zones, groups, random)
        circles.append((FORMS.index(form), 0, found))
    form_of = np.concatenate([np.full(len(found), form) for form, _, found in circles])
    kind_of = np.concatenate([np.full(len(found), kind) for _, kind, found in circles])
    members = [one for _, _, found in circles for one in found]
    if model.any():
        form_of, kind_of, members = counted(form_of, kind_of, members, model, near, random)
    partnership = np.repeat(np.arange(len(members)), [len(one) for one in members])
    member = np.concatenate(members)
    touching = np.zeros(len(members), bool)
    touching[partnership[model[member]]] = True
    return Circles(form_of, kind_of, partnership, member, touching)


def members_of(label: Ints) -> list[Ints]:
    """The places of each zone."""
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(label.max() + 2))
    return [order[a:b] for a, b in pairwise(bounds)]


def drawn(
    size: Ints,
    most: float,
    xy: Floats,
    people: Floats,
    near: Ints,
    zones: dict[str, Ints],
    groups: dict[str, list[Ints]],
    random: np.random.Generator,
) -> list[Ints]:
    """Circles of ``size`` members: many whole zones or regions where the size comes close, the
    rest a middle and places near it, and some just who was together before; never over ``most``."""
    count = len(xy)
    chance = people**0.3
    middle = random.choice(count, len(size), p=chance / chance.sum())
    skipped = random.integers(1, np.maximum(2, size + 1))
    whole = random.random(len(size))
    again = random.random(len(size)) < SAME_AGAIN
    found: list[Ints] = []
    for i, (m, start, gap) in enumerate(
        zip(size.tolist(), middle.tolist(), skipped.tolist(), strict=True)
    ):
        if again[i] and found and m <= 5 and 2 <= len(found[-1]) <= 5:
            found.append(found[-1])
            continue
        if 3 <= m <= 40 and whole[i] < 0.3:
            zoning = "referentiezone" if m <= 9 else "referentieregio"
            group = groups[zoning][zones[zoning][start]]
            if 1 < len(group) <= min(2 * m, most) and m <= 2 * len(group):
                found.append(group)
                continue
        if m < near.shape[1]:
            row = near[start, : m + 1]
            found.append(np.delete(row, min(gap, m)))
        else:
            found.append(np.asarray(cKDTree(xy).query(xy[start], k=m)[1], np.int64))
    return found


def counted(
    form: Ints,
    kind: Ints,
    members: list[Ints],
    model: NDArray[np.bool_],
    near: Ints,
    random: np.random.Generator,
) -> tuple[Ints, Ints, list[Ints]]:
    """As many partnerships in the model region as MODEL: invented ones that are too many are left
    out, small ones that are too few are added."""
    touching = np.array([bool(model[one].any()) for one in members])
    over = int(touching.sum()) - MODEL
    if over > 0:
        light = np.isin(form, [FORMS.index(name) for name, _, _ in INVENTED]) & (kind == 0)
        spare = np.flatnonzero(touching & light)
        if len(spare) < over:  # a small country: published forms reach everywhere
            other = np.flatnonzero(touching & ~light & (kind == 0))
            last = np.unique(form[other], return_index=True)[1]
            spare = np.concatenate([spare, np.delete(other, last)])
        gone = random.choice(spare, min(over, len(spare)), replace=False)
        kept = np.setdiff1d(np.arange(len(members)), gone)
        return form[kept], kind[kept], [members[i] for i in kept]
    added = []
    for start in random.choice(np.flatnonzero(model), -over).tolist():
        added.append(near[start, : int(random.integers(2, 6))])
    light_forms = [FORMS.index("interlokale_vereniging"), FORMS.index("overeenkomst")]
    return (
        np.concatenate([form, random.choice(light_forms, -over)]),
        np.concatenate([kind, np.zeros(-over, np.int64)]),
        members + added,
    )
