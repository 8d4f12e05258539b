"""The documentation: its examples run, its links resolve, it describes what is there."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from pages import Done, prompt
from samenspel.exchange.flanders import raw
from samenspel.landscape.example import example
from samenspel.screening.screen import screen
from samenspel.words import word

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
TUTORIALS = (DOCS / "handleiding" / "eerste-stappen.md", DOCS / "guide" / "first-steps.md")
RAW_NAMES = ("ruw", "raw")  # what the pages call the folder of the public files
FENCE = re.compile(r"^```(\S*)[ ]?(.*)$")


def called(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@dataclass
class Block:
    """One fenced block: its language, what follows that, and what the comment before it says."""

    language: str
    name: str
    data: bool
    code: int
    lines: list[str] = field(default_factory=list)


def blocks(page: Path) -> Iterator[Block]:
    inside: Block | None = None
    note = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        fence = FENCE.match(line)
        if inside is not None and line == "```":
            yield inside
            inside, note = None, ""
        elif inside is not None:
            inside.lines.append(line)
        elif fence:
            code = re.search(r"exit (\d)", note)
            inside = Block(fence[1], fence[2], "data" in note.split(), int(code[1]) if code else 0)
        elif line.startswith("<!--"):
            note = line
        elif line:
            note = ""
    assert inside is None, f"{called(page)}: a block does not end"


def commands(block: Block) -> Iterator[tuple[list[str], list[str]]]:
    """Each command of a console block and the lines that the page says it prints."""
    said: list[str] = []
    words: list[str] = []
    for line in block.lines:
        if line.startswith("$ "):
            if words:
                yield words, said
            words, said = shlex.split(line[2:]), []
        else:
            said.append(line)
    yield words, said


def plain(line: str) -> str:
    return " ".join(line.split())


Run = Callable[[list[str], Path], Done]


def typed(words: list[str], folder: Path) -> Done:
    """``samenspel ...`` in ``folder``, in this process: most of a short command is its start."""
    with contextlib.chdir(folder):
        return prompt(*words[1:], SAMENSPEL_LANG=None, COLUMNS=None)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """``typed``, but what imports Flanders as another page did gets a copy of what that one made:
    the same public files, the same words, so the same folder and the same lines."""
    kept = tmp_path_factory.mktemp("imported")
    done: dict[tuple[str, ...], tuple[Done, Path]] = {}

    def run(words: list[str], folder: Path) -> Done:
        if "import" not in words or "flanders" not in words or "--out" not in words:
            return typed(words, folder)
        key, out = tuple(words), folder / words[words.index("--out") + 1]
        if key in done:
            shutil.copytree(done[key][1], out)
        else:
            done[key] = (typed(words, folder), kept / str(len(done)))
            shutil.copytree(out, done[key][1])
        return done[key][0]

    return run


def started(words: list[str], folder: Path) -> Done:
    """The same in a process of its own."""
    settings = {k: v for k, v in os.environ.items() if k not in ("SAMENSPEL_LANG", "COLUMNS")}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=settings | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def run_command(
    words: list[str], code: int, said: list[str], folder: Path, run: Run = typed
) -> None:
    """Run ``samenspel ...`` in ``folder``; its lines must hold those of the page in their order."""
    assert words[0] == "samenspel", words
    to = None
    if ">" in words:
        words, to = words[:-2], folder / words[-1]
    done = run(words, folder)
    assert done.returncode == code, f"{shlex.join(words)}\n{done.stdout}{done.stderr}"
    assert bool(done.stderr.strip()) == (code == 2), done.stderr
    if to is not None:
        to.write_text(done.stdout, encoding="utf-8")
    printed = iter([plain(line) for line in (done.stdout + done.stderr).splitlines()])
    for line in said:
        assert plain(line) in printed, f"{shlex.join(words)} does not print (here): {line}"


def edit(block: Block, folder: Path) -> None:
    """Do what a diff block shows: each ``-`` line becomes the ``+`` line after it."""
    path = folder / block.lines[0].removeprefix("--- ")
    text = path.read_text(encoding="utf-8")
    old, new = (line[1:] for line in block.lines[1:])
    assert text.splitlines().count(old) == 1, f"{path.name}: {old}"
    path.write_text(text.replace(f"{old}\n", f"{new}\n"), encoding="utf-8")


def follow(page: Path, folder: Path, *, data: bool, run: Run = typed) -> None:
    """Do what the blocks of ``page`` say, those on real data or the others."""
    for block in blocks(page):
        if block.data != data:
            continue
        if block.language in ("csv", "yaml"):
            (folder / block.name).parent.mkdir(exist_ok=True)
            text = "\n".join(block.lines) + "\n"
            (folder / block.name).write_text(text, encoding="utf-8")
        elif block.language == "diff":
            edit(block, folder)
        elif block.language == "console":
            for words, said in commands(block):
                run_command(words, block.code, said, folder, run)


def with_commands(*, data: bool) -> list[Path]:
    return [p for p in PAGES if any(b.language == "console" and b.data == data for b in blocks(p))]


@pytest.mark.parametrize("page", with_commands(data=False), ids=called)
def test_examples(page: Path, tmp_path: Path) -> None:
    follow(page, tmp_path, data=False)


def test_examples_in_processes_of_their_own(tmp_path: Path) -> None:
    follow(DOCS / "explanation" / "landscape.md", tmp_path, data=False, run=started)


@pytest.mark.parametrize("page", with_commands(data=True), ids=called)
def test_examples_on_real_data(page: Path, tmp_path: Path, flanders: Path, imported: Run) -> None:
    for name in RAW_NAMES:
        (tmp_path / name).symlink_to(flanders, target_is_directory=True)
    follow(page, tmp_path, data=True, run=imported)


def test_both_tutorials_run_the_same() -> None:
    names = {"trial": "proef", "raw": "ruw", "flanders": "vlaanderen"}

    def steps(page: Path) -> list[tuple[int, bool, list[str]]]:
        return [
            (block.code, block.data, [words[1], *(names.get(w, w) for w in words[2:])])
            for block in blocks(page)
            if block.language == "console"
            for words in [[w for w in found if w not in ("--lang", "en")]
                          for found, _ in commands(block)]
        ]  # fmt: skip

    dutch, english = (steps(page) for page in TUTORIALS)
    assert dutch == english
    assert {words[0] for _, _, words in dutch} == {"demo", "screen", "check", "import", "report"}
    assert [code for code, _, _ in dutch if code] == [1, 2]


def test_an_untrue_line_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="does not print"):
        run_command(["samenspel", "demo"], 0, ["Signalen: 999"], tmp_path)


def raw_files() -> set[str]:
    fixed = {file.path for file in vars(raw).values() if isinstance(file, raw.File)}
    for year in (2019, 2025):
        fixed |= {raw.borders(year).path, raw.commuting(year).path}
        fixed |= {f"boundaries/gemeenten_{raw.map_name(year)}.gpkg"}
    return fixed


@pytest.mark.parametrize("page", TUTORIALS, ids=called)
def test_the_tutorial_lists_the_raw_files(page: Path) -> None:
    (tree,) = (block.lines for block in blocks(page) if block.language == "text")
    listed, under = set(), ""
    for line in tree[1:]:
        for part in line.split():
            if part.endswith("/"):
                under = part
            else:
                listed.add(under + part)
    assert listed == raw_files()


def test_the_page_on_flanders_lists_the_raw_files() -> None:
    text = (DOCS / "explanation" / "flanders.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(\w+/[\w.]+)`", text)) == raw_files()


def links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    return [link for link in found if not link.startswith("https://")]


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=called)
def test_links_resolve(page: Path) -> None:
    broken = [link for link in links(page) if not (page.parent / link.split("#")[0]).exists()]
    assert broken == []


def test_every_page_is_reached_from_the_index() -> None:
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page not in reached:
            reached.add(page)
            waiting += [page.parent / link for link in links(page) if link.endswith(".md")]
    assert {page.resolve() for page in PAGES} <= reached


def make_reference(script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )


def test_made_pages_are_those_of_the_code() -> None:
    done = make_reference(DOCS / "make_reference.py")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["tables.md", "commands.md"])
def test_a_stale_page_is_refused(name: str, tmp_path: Path) -> None:
    shutil.copy(DOCS / "make_reference.py", tmp_path)
    shutil.copytree(DOCS / "reference", tmp_path / "reference")
    page = tmp_path / "reference" / name
    stale = page.read_text(encoding="utf-8").replace("meaning", "reading", 1)
    page.write_text(stale, encoding="utf-8")
    done = make_reference(tmp_path / "make_reference.py")
    assert done.returncode == 1
    assert name in done.stderr
    assert page.read_text(encoding="utf-8") == stale


def table(page: Path, head: str) -> list[list[str]]:
    """The cells of the table of ``page`` whose first column is called ``head``."""
    lines = page.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {head} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([part.strip() for part in line.strip("|").split("|")])
    return found


def test_every_figure_is_described_and_none_other() -> None:
    about = ("#", "kind", "zoning", "subject", "name")
    figures = [
        name
        for name in screen(example()).figures.columns
        if name not in about and not name.endswith("_known")
    ]
    described = table(DOCS / "reference" / "figures.md", "figure")
    assert [row[0].strip("`") for row in described] == figures
    assert [row[1] for row in described] == [word(name) for name in figures]
    assert all(len(row) == 4 and all(row) for row in described)


def test_glossary() -> None:
    entries = table(DOCS / "glossary.md", "term")
    terms = [row[0] for row in entries]
    assert len(terms) >= 45
    assert terms == sorted(set(terms), key=str.casefold)
    assert all(len(row) == 4 and all(row) for row in entries)
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src" / "samenspel").rglob("*.py")
    )
    names = [name for row in entries for name in re.findall(r"`(\w+)`", row[1])]
    assert len(names) >= len(terms)
    assert [name for name in names if not re.search(rf"\b{name}\b", source)] == []


def test_the_worked_example_of_the_screening() -> None:
    page = DOCS / "explanation" / "screening.md"
    files = {block.name: block.lines[1:] for block in blocks(page) if block.language == "csv"}
    sets: dict[str, set[str]] = {}
    for line in files["three/memberships.csv"]:
        partnership, town = line.split(",")
        sets.setdefault(partnership, set()).add(town)
    assert len(sets) == 3
    rows = {row[0]: (row[1], row[2], Fraction(row[3])) for row in table(page, "pair")}
    alike = {
        f"{a}, {b}": (str(len(sets[a] & sets[b])), str(len(sets[a] | sets[b])),
                      Fraction(len(sets[a] & sets[b]), len(sets[a] | sets[b])))
        for a, b in combinations(sorted(sets), 2)
    }  # fmt: skip
    assert rows == alike
    text = plain(page.read_text(encoding="utf-8"))
    mean = sum(share for _, _, share in alike.values()) / 3
    assert f"The mean is {mean}." in text
    met = [sum(town in members for members in sets.values()) for town in "234"]
    shares = [Fraction(n, sum(met)) for n in met]
    assert f"shares {shares[0]}, {shares[1]} and {shares[2]} of its meetings" in text
    assert f"the sum of their squares is {1 / sum(s * s for s in shares)} " in text


def test_pages_name_no_place_of_a_machine() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"\.\./shared|/work/|/tmp/|/home/|C:\\", text), called(page)
