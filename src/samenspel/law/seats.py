"""The facts of every partnership about its organs and who sits in them."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import polars as pl

from samenspel.landscape.kinds import OBSERVER
from samenspel.law.logic import Truth, all_of

MEETING, BOARD = "algemene vergadering", "raad van bestuur"
SIDES = ("majority", "opposition")


def plain_name(organ: str) -> str:
    """The name of an organ without accents, capitals and underscores."""
    spread = unicodedata.normalize("NFKD", organ.replace("_", " ")).casefold()
    return " ".join("".join(c for c in spread if not unicodedata.combining(c)).split())


def seat_facts(frames: dict[str, pl.DataFrame]) -> dict[str, dict[str, Any]]:
    """Facts on organs by partnership; a partnership without recorded seats is left out."""
    if "mandates" not in frames:
        return {}
    organs = organ_seats(frames).group_by("partnership").agg(pl.col("organ").unique())
    sides = board_sides(frames)
    found = {}
    for partnership, names_there in organs.iter_rows():
        found[partnership] = {
            "organs": len(names_there),
            "has_general_meeting": has_organ(names_there, MEETING),
            "has_board": has_organ(names_there, BOARD),
            "both_sides_in_board": sides.get(partnership),
        }
    return found


def organ_seats(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The mandates in a named organ, its name written in one way."""
    mandates = frames["mandates"].filter(pl.col("organ").is_not_null())
    names = mandates["organ"].unique().to_list()
    plain = pl.DataFrame({"organ": names, "plain": [plain_name(name) for name in names]},
                         schema={"organ": pl.String(), "plain": pl.String()})  # fmt: skip
    return mandates.join(plain, on="organ").with_columns(organ="plain")


def has_organ(names: list[str], organ: str) -> Truth:
    """Whether ``organ`` is among ``names``; one without recorded seats may still exist."""
    return True if organ in names else None


def board_sides(frames: dict[str, pl.DataFrame]) -> dict[str, Truth]:
    """Whether each member municipality has seats of both sides in the board, by partnership."""
    of_town: dict[str, list[Truth]] = {}
    for partnership, _town, found in town_sides(frames):
        of_town.setdefault(partnership, []).append(found)
    return {partnership: all_of(truths) for partnership, truths in of_town.items()}


def town_sides(frames: dict[str, pl.DataFrame]) -> Iterator[tuple[str, str, Truth]]:
    """Partnership, member municipality, and whether it has seats of both sides in the board; of the
    boards in which a seat is recorded."""
    if not {"memberships", "mandates"} <= frames.keys():
        return
    board = organ_seats(frames).filter(pl.col("organ") == BOARD)
    towns = frames["memberships"].filter(
        pl.col("organisation").is_in(frames["municipalities"]["nis"].implode()),
        pl.col("role").is_null() | (pl.col("role") != OBSERVER),
    )
    # A row with zero seats is no seat; a row without number is at least one.
    seated = board.filter(pl.col("seats").is_null() | (pl.col("seats") > 0))
    sides = (
        towns.select("partnership", "organisation")
        .unique()
        .filter(pl.col("partnership").is_in(board["partnership"].unique().implode()))
        .join(
            seated.group_by("partnership", "organisation").agg("side"),
            on=["partnership", "organisation"],
            how="left",
        )
    )
    for partnership, town, found in sides.iter_rows():
        yield partnership, town, both(found or [])


def both(sides: list[str | None]) -> Truth:
    """Whether majority and opposition are among the ``sides`` of one municipality's seats; unknown
    where no seat is recorded or a seat of unknown side may be the missing one."""
    open_still = None in sides or not sides
    return all_of(True if side in sides else None if open_still else False for side in SIDES)
