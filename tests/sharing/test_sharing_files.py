"""Files of sharing: what they say, and every fault in one sentence with file, line and key."""

import os
from fractions import Fraction
from pathlib import Path

import pytest

from samenspel.errors import InputError
from samenspel.sharing.examples import NAMES, example_file
from samenspel.sharing.functions import Facility, Park, Steps, Tree
from samenspel.sharing.game import Game
from samenspel.sharing.ledger import ESTIMATED
from samenspel.sharing.share import share
from samenspel.sharing.sharefile import ShareFile, read_sharefile

F = Fraction
BASE = """\
parties: {A: Town A, B: Town B}
figures:
  people: {title: inhabitants, values: {A: 300, B: 100}, source: a register, status: policy}
  unsure: {values: {A: 1, B: }}
keys:
  mixed: {mix: {people: 0.75, equal: 25%}, floor: 10.50, cap: {A: 80%}, source: council}
costs:
  house: {name: House, amount: 1000.10, by: A, key: people, certainty: measured}
  staff: {fte: 0.2, price: 84500, key: equal}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "share.yaml"


def read(file: Path, text: str) -> ShareFile:
    file.write_text(text, "utf-8")
    return read_sharefile(file)


def test_a_whole_file(file: Path) -> None:
    found = read(file, BASE)
    assert found.parties == {"A": "Town A", "B": "Town B"}
    assert found.figures["people"].values == {"A": 300, "B": 100}
    assert (found.figures["people"].source, found.figures["people"].status) == (
        "a register", "policy"
    )  # fmt: skip
    assert found.figures["unsure"].values == {"A": 1}
    key = found.keys["mixed"]
    assert key.mix == {"people": F(3, 4), "equal": F(1, 4)}
    assert {c: limit.amount for c, limit in key.floor.items()} == {"A": 1050, "B": 1050}
    assert (key.cap["A"].amount, key.cap["A"].relative) == (F(4, 5), True)
    house, staff = found.posts
    assert (house.total, house.today, house.certainty) == (100_010, (100_010, 0), "measured")
    assert (staff.total, staff.today, staff.reckoning) == (16_900_00, None, "0.2 fte × 84500")


@pytest.mark.parametrize(
    ("post", "total", "today"),
    [
        ("{amount: 10.10, per: people, key: own}", 404_000, (303_000, 101_000)),
        ("{amount: {A: 1, B: 2.25}, key: own}", 325, (100, 225)),
        ("{days: {A: 30, B: 10}, price: 18, key: own}", 72_000, (54_000, 18_000)),
        ("{fte: 1/3, price: 0.02, key: equal}", 1, None),
        ("{fte: 0.25, price: 0.02, key: equal}", 1, None),
        ("{quantity: 0.1, price: 0.04, by: B, key: equal}", 0, (0, 0)),
        ("{fte: 0.1, per: people, price: 84500, key: people}", 338_000_000,
         (253_500_000, 84_500_000)),
    ],
)  # fmt: skip
def test_amounts_as_stated(
    file: Path, post: str, total: int, today: tuple[int, ...] | None
) -> None:
    found = read(file, BASE + f"benefits: {{x: {post}}}\n")
    assert (found.posts[-1].total, found.posts[-1].today) == (total, today)


def test_scalars_are_text(file: Path) -> None:
    """10.10 is exact, and codes that YAML takes for truth, numbers or days stay what they are."""
    text = 'game: {coalitions: {NO: 10.10, 1: 8.30, 010: 0.7, "NO,1,010": 19.1, "NO, 1": 0.1}}\n'
    found = read(file, text)
    assert list(found.parties) == ["NO", "1", "010"]
    game = found.game
    assert isinstance(game, Game)
    assert game.parties == ("010", "1", "NO")
    assert [game.cost(m) for m in (1, 2, 4, 6, 7)] == [70, 830, 1010, 10, 1910]


def test_games_by_function(file: Path) -> None:
    head = "parties: [A, B, C]\nfigures: {size: {values: {A: 1, B: 2.5, C: 3}}}\n"
    facility = read(file, head + "game: {facility: {fixed: 5, size: size, price: 2}}\n").game
    assert facility == Facility(("A", "B", "C"), F(500), (F(200), F(500), F(600)))
    own = read(file, head + "game: {facility: {fixed: 0, own: {A: 1, B: 0, C: 3}}}\n").game
    assert own == Facility(("A", "B", "C"), F(0), (F(100), F(0), F(300)))
    tree = """\
game:
  tree:
    root: plant
    stretches: {far: {towards: near, cost: 3}, near: {towards: plant, cost: 7.50}}
    at: {A: far, B: near, C: plant}
"""
    assert read(file, head + tree).game == Tree(
        ("A", "B", "C"), (1, -1), (F(300), F(750)), (0, 1, -1)
    )
    airport = read(file, head + "game: {airport: {A: 5, B: 2, C: 5}}\n").game
    assert airport == Tree(("A", "B", "C"), (-1, 0), (F(200), F(300)), (1, 0, 1))
    steps = read(file, head + "game: {steps: {size: size, costs: {2.5: 10, 7: 15}}}\n").game
    assert steps == Steps(("A", "B", "C"), (2, 5, 6), (5, 14), (F(1000), F(1500)))
    park = """\
game:
  of: benefits
  business_park:
    {area: size, income_per_ha: 9, minimum_area: 2, sites: {B: {fixed: 1, per_ha: 2, capacity: 6}}}
"""
    made = read(file, head + park).game
    assert isinstance(made, Park)
    assert (made.sites[0].party, made.minimum, made.benefits) == (1, 2, True)


def test_nobody_may_stand_there_for_nothing(file: Path) -> None:
    assert share(read(file, 'game: {coalitions: {"": 0, A: 1}}\n')).total == 100


def test_an_empty_cost_is_unknown(file: Path) -> None:
    found = share(read(file, "game:\n  coalitions:\n    A:\n    B: ~\n    A,B: 7.50\n"))
    assert found.total == 750
    assert set(found.cents) == {"equal"}
    assert list(found.alone) == [None, None]


def test_gains_and_gaps(file: Path) -> None:
    gains = read(file, 'game: {of: benefits, coalitions: {A: 1, B: 2, "A,B": 5}}\n')
    assert share(gains).kind == "benefits"
    assert list(share(gains).cents["egalitarian"]) == [200, 300]
    gap = 'game: {%scoalitions: {A: 10, B: 8, C: 9, "A,B": 15, "A,B,C": 20}}\n'
    assert "shapley" in share(read(file, gap % "")).refused
    closed = share(read(file, gap % "missing: cheapest_division, "))
    assert sum(closed.cents["shapley"]) == 2000


def test_posts_beside_a_game_are_compared_or_not(file: Path) -> None:
    def text(own: str) -> str:
        return BASE + f"game: {{facility: {{fixed: 17000, own: {{A: {own}, B: 100}}}}}}\n"

    same = share(read(file, text("800.10")))
    assert same.total == 17_900_10
    assert list(same.cents["agreed"]) == [9_200_08, 8_700_02]
    assert same.core.in_core["agreed"] is True
    other = share(read(file, text("800")))
    assert "agreed" not in other.cents
    assert "17900.10" in other.refused["agreed"]
    with pytest.raises(InputError, match=r"17900\.10"):
        share(read(file, text("800")), ["agreed"])


def test_keys_beside_each_other(file: Path) -> None:
    found = share(read(file, BASE))
    assert list(found.cents) == ["agreed", "equal", "key:people", "key:mixed"]
    assert "key:unsure" in found.refused
    assert found.total == sum(found.cents["key:mixed"]) == 17_900_10
    assert found.core.empty is None
    with pytest.raises(InputError, match="not known for B"):
        share(read(file, BASE), ["key:unsure"])


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_read(name: str) -> None:
    found = share(read_sharefile(example_file(name)))
    assert found.core.in_core["agreed"] is (name == "crisisopvang")
    if name == "bedrijventerrein":
        assert found.file is not None
        assert found.file.fictional
        assert found.ledger is not None
        kinds = {line.post.kind for line in found.ledger.lines}
        assert kinds == {"cost", "benefit", "forgone", "indirect_burden", "indirect_gain"}
        assert any(line.post.certainty == ESTIMATED for line in found.ledger.lines)


def test_a_json_file(file: Path) -> None:
    found = read(file, '{"claims": {"A": 100, "B": "200.50"}, "estate": 150}')
    assert found.claims == {"A": 10_000, "B": 20_050}
    assert found.estate == 15_000


TABLE = 'game: {coalitions: {A: 1, B: 2, "A,B": %s}}\n'
TREE = """\
parties: [A]
game: {tree: {root: r, stretches: {%s: {towards: r, cost: 1}}, at: {A: %s}}}
"""
FAULTS = [
    ("A: [", "not valid YAML"),
    ("- a\n", "must hold keys"),
    ("", "must hold keys"),
    ("parties: [A]\nparties: [B]\n", "line 2, key parties: it stands there twice"),
    ("a: &x [*x]\n", "not valid YAML"),
    ("<<: {parties: [A]}\n", "unknown; use one of"),
    ("party: [A]\n", "line 1, key party: unknown; use one of title"),
    ("parties: [A]\n", "nothing to share"),
    ("title: x\n", "parties is missing"),
    ("parties: []\n", "key parties: it needs a list"),
    ("parties: A\n", "key parties: it needs a list"),
    ("parties: [A, A]\n", "key parties.1: A stands there twice"),
    ('parties: ["A,B"]\n', "without commas"),
    ("parties: {A: {nom: x}}\n", "key parties.A.nom: unknown"),
    ("status: certain\nparties: [A]\n", "key status: certain is not known here; use one of law"),
    ("fictional: maybe\n" + TABLE % 3, "key fictional"),
    (TABLE % 10.005, "parts of a cent"),
    (TABLE % "1e3", "no amount in euro"),
    (TABLE % "1,5", "all 3 parties .5,A,B."),
    ("game:\n  coalitions:\n    A,B: 1,5\n", "line 3, key game.coalitions.A,B: “1,5” is no amount"),
    (TABLE % "ten", "“ten” is no amount"),
    (TABLE % ".inf", "no amount"),
    (TABLE % "[3]", "needs a value"),
    (TABLE % "", "does not state the group of all 2"),
    (TABLE % "9999999999999999999", "no amount"),
    ('game: {coalitions: {A: 1, "A,B": 2, "B,A": 3}}\n', "key game.coalitions.B,A: this group st"),
    ('game: {coalitions: {A: 1, "A,A": 2}}\n', "a party stands twice"),
    ('game: {coalitions: {A: 1, "A,": 2}}\n', "commas between"),
    ('game: {coalitions: {"": 1, A: 2}}\n', "nobody costs nothing"),
    ("game: {coalitions: {A: 1, B: 2}}\n", "group of all 2 parties"),
    ('parties: [A]\ngame: {coalitions: {A: 1, "A,B": 2}}\n', "“B” is no party"),
    ("parties: [A]\ngame: {}\n", "needs keys with values"),
    ("parties: [A]\ngame: {of: costs}\n", "it needs one of coalitions"),
    ("parties: [A]\ngame: {airport: {A: 1}, steps: {}}\n", "it needs one of coalitions"),
    ("parties: [A]\ngame: {airport: {A: 1}, of: benefits}\n", "airport states costs"),
    ("parties: [A]\ngame: {airport: {A: 1}, missing: unknown}\n", "only a table"),
    ("parties: [A]\ngame: {airport: {B: 1}}\n", "“B” is no party"),
    ("parties: [A, B]\ngame: {airport: {A: 1}}\n", "B is not named here, and unknown is not zero"),
    ("parties: [A]\ngame: {airport: {A: -1}}\n", "zero or more, and -1 is less"),
    ("parties: [A]\ngame: {facility: {fixed: 1}}\n", "either own"),
    ("parties: [A]\ngame: {facility: {fixed: 1, size: x, price: 1}}\n", "x is not known here"),
    ("parties: [A]\ngame: {steps: {size: {A: 0}, costs: {1: 1}}}\n", "above zero"),
    ("parties: [A]\ngame: {steps: {size: {A: 3}, costs: {2: 1}}}\n", "no cost is stated for more"),
    ("parties: [A]\ngame: {steps: {size: {A: 1}, costs: {2: 1, 1: 1}}}\n", "must rise"),
    ("parties: [A]\ngame: {steps: {size: {A: 1}, costs: {x: 1}}}\n", "“x” is no number"),
    ("parties: [A]\ngame: {steps: {size: {A: 1/0}, costs: {2: 1}}}\n", "“1/0” is no number"),
    ("parties: [A]\ngame: {steps: {size: {A: 1e9}, costs: {2: 1}}}\n", "“1e9” is no number"),
    (
        TREE % ("r", "r"),
        "root has no stretch",
    ),
    (
        "parties: [A]\ngame: {tree: {root: r, stretches: {p: {towards: q, cost: 1}, "
        "q: {towards: p, cost: 1}}, at: {A: p}}}\n",
        "never comes to the root",
    ),
    (
        TREE % ("p", "z"),
        "z is not known here",
    ),
    ("parties: [A]\ngame: {of: costs, business_park: {}}\n", "states benefits"),
    (
        "parties: [A]\ngame: {business_park: {area: {A: 1}, income_per_ha: 1, sites: {B: {}}}}\n",
        "“B” is no party",
    ),
    ("claims: {A: 1}\n", "estate is missing"),
    ("parties: [A]\nestate: 1\n", "claims is missing"),
    ("claims: {A: 1}\nestate: 2\n", "more than all claims"),
    ("claims: {A: -1}\nestate: 0\n", "zero or more"),
    ("parties: [A, B]\nclaims: {A: 1}\nestate: 1\n", "B has no claim here"),
    ("parties: [A]\nclaims: {B: 1}\nestate: 1\n", "“B” is no party"),
    ("claims: {A: 1}\nestate: 1\ngame: {airport: {A: 1}}\n", "keep one of them"),
    ("parties: [A]\nfigures: {equal: {values: {A: 1}}}\n", "the name equal is taken"),
    ("parties: [A]\nfigures: {x: {values: {B: 1}}}\n", "“B” is no party"),
    ("parties: [A]\nfigures: {x: {values: {A: -1}}}\n", "zero or more"),
    ("parties: [A]\nkeys: {k: {by: x}}\n", "x is not known here"),
    ("parties: [A]\nkeys: {k: {}}\n", "needs keys with values"),
    ("parties: [A]\nkeys: {k: {by: equal, mix: {equal: 1}}}\n", "either by"),
    ("parties: [A]\nkeys: {k: {mix: {equal: 0.9}}}\n", "add up to 9/10, not to 1"),
    ("parties: [A]\nkeys: {k: {mix: {x: 1}}}\n", "x is not known here"),
    ("parties: [A]\nkeys: {own: {by: equal}}\n", "the name own is taken"),
    ("parties: [A]\nkeys: {k: {by: equal, floor: {B: 1}}}\n", "“B” is no party"),
    ("parties: [A]\ncosts: {c: {amount: 1}}\n", "key is missing"),
    ("parties: [A]\ncosts: {c: {amount: 1, key: x}}\n", "x is not known here"),
    ("parties: [A]\ncosts: {c: {amount: 1, key: own}}\n", "each keeps its own only where"),
    ("parties: [A]\ncosts: {c: {key: equal}}\n", "it needs one of amount"),
    ("parties: [A]\ncosts: {c: {amount: 1, fte: 1, price: 1, key: equal}}\n", "it needs one of"),
    ("parties: [A]\ncosts: {c: {fte: 1, key: equal}}\n", "a price belongs to"),
    ("parties: [A]\ncosts: {c: {amount: 1, price: 1, key: equal}}\n", "a price belongs to"),
    ("parties: [A]\ncosts: {c: {amount: -1, key: equal}}\n", "zero or more"),
    ("parties: [A, B]\ncosts: {c: {amount: {A: 1}, key: own}}\n", "B is not named here"),
    ("parties: [A]\ncosts: {c: {amount: {Z: 1}, key: own}}\n", "“Z” is no party"),
    ("parties: [A]\ncosts: {c: {amount: {A: 1}, by: A, key: own}}\n", "in one way"),
    ("parties: [A]\ncosts: {c: {amount: 1, by: Z, key: own}}\n", "Z is not known here"),
    ("parties: [A]\ncosts: {c: {amount: 1, per: x, key: own}}\n", "x is not known here"),
    ("parties: [A]\ncosts: {c: {amount: 1, key: equal, effect: gain}}\n", "only what stands under"),
    ("parties: [A]\nforgone: {c: {amount: 1, by: A, key: equal}}\n", "certainty is missing"),
    ("parties: [A]\nforgone: {c: {amount: 1, certainty: measured, key: equal}}\n", "falls on some"),
    (
        "parties: [A]\nindirect: {c: {amount: 1, by: A, certainty: measured, key: own}}\n",
        "effect is missing",
    ),
    (
        "parties: [A]\nindirect: {c: {amount: 1, by: A, certainty: so, effect: gain, key: own}}\n",
        "so is not known here",
    ),
    ("parties: [A]\ncosts: {c: {amount: 1, key: equal}}\nprinted: {truncated_to: dime}\n", "dime"),
]


@pytest.mark.parametrize(("text", "says"), FAULTS, ids=[str(n) for n in range(len(FAULTS))])
def test_every_fault_in_one_sentence(file: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as told:
        read(file, text)
    message = str(told.value)
    assert "share.yaml" in message
    assert "line" in message
    assert message.endswith(".")
    assert not message.endswith("..")
    assert "\n" not in message


def test_a_figure_that_is_unknown_for_somebody(file: Path) -> None:
    with pytest.raises(InputError, match=r"line 10, key costs.more.key: .*unsure is not known"):
        read(file, BASE + "  more: {amount: 5, key: unsure}\n")
    with pytest.raises(InputError, match="unsure is not known for B"):
        read(file, BASE + "  more: {amount: 5, per: unsure, key: own}\n")
    with pytest.raises(InputError, match=r"key costs.more.key: The floors come to 21.00 euro"):
        read(file, BASE + "  more: {amount: 20, key: mixed}\n")


def test_a_table_of_all_groups_of_twelve_parties(file: Path) -> None:
    codes = [str(11001 + place) for place in range(12)]
    groups = (
        [code for place, code in enumerate(codes) if mask >> place & 1]
        for mask in range(1, 1 << 12)
    )
    table = "\n".join(f'    "{",".join(group)}": {len(group)}.00' for group in groups)
    stated = read(file, f"game:\n  coalitions:\n{table}\n")
    assert share(stated, ["shapley"]).cents["shapley"] == [100] * 12
    with pytest.raises(InputError, match="at most 400 kB; make it shorter"):
        read(file, f"game:\n  coalitions:\n{table}\n#" + "x" * 300_000)


def test_too_many_parties(file: Path) -> None:
    many = ", ".join(f"p{i}" for i in range(301))
    with pytest.raises(InputError, match="301 parties, and the most is 300"):
        read(file, f"parties: [{many}]\ncosts: {{c: {{amount: 1, key: equal}}}}\n")


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_sharefile(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="folder"):
        read_sharefile(tmp_path)
    with pytest.raises(InputError, match="none"):
        example_file("../nucleolus")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_told() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"claims: {A: 1}\nestate: 1\n")
    os.close(writer)
    try:
        with pytest.raises(InputError, match="no ordinary file"):
            read_sharefile(Path(f"/dev/fd/{reader}"))
    finally:
        os.close(reader)
