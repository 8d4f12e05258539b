"""The facts of every partnership about its organs and who sits in them."""

import unicodedata
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
    mandates = frames["mandates"].filter(pl.col("organ").is_not_null())
    names = mandates["organ"].unique().to_list()
    plain = pl.DataFrame({"organ": names, "plain": [plain_name(name) for name in names]},
                         schema={"organ": pl.String(), "plain": pl.String()})  # fmt: skip
    mandates = mandates.join(plain, on="organ").with_columns(organ="plain")
    organs = mandates.group_by("partnership").agg(pl.col("organ").unique())
    sides = board_sides(frames, mandates.filter(pl.col("organ") == BOARD))
    found = {}
    for partnership, names_there in organs.iter_rows():
        found[partnership] = {
            "organs": len(names_there),
            "has_general_meeting": has_organ(names_there, MEETING),
            "has_board": has_organ(names_there, BOARD),
            "both_sides_in_board": sides.get(partnership),
        }
    return found


def has_organ(names: list[str], organ: str) -> Truth:
    """Whether ``organ`` is among ``names``; one without recorded seats may still exist."""
    return True if organ in names else None


def board_sides(frames: dict[str, pl.DataFrame], board: pl.DataFrame) -> dict[str, Truth]:
    """Whether each member municipality has seats of both sides in the board, by partnership."""
    if "memberships" not in frames:
        return {}
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
    of_town: dict[str, list[Truth]] = {}
    for partnership, _town, found in sides.iter_rows():
        of_town.setdefault(partnership, []).append(both(found or []))
    return {partnership: all_of(truths) for partnership, truths in of_town.items()}


def both(sides: list[str | None]) -> Truth:
    """Whether majority and opposition are among the ``sides`` of one municipality's seats; unknown
    where no seat is recorded or a seat of unknown side may be the missing one."""
    open_still = None in sides or not sides
    return all_of(True if side in sides else None if open_still else False for side in SIDES)
