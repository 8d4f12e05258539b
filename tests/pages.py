"""What the tests of pages share: folders with their report, a page read back as a tree, and a page
opened in a browser."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement

import pytest

from samenspel import language
from samenspel.landscape.landscape import Landscape
from samenspel.reports.contents import contents
from samenspel.reports.page import page
from samenspel.screening.screen import screen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Reader(HTMLParser):
    """Reads a page of which every element is closed where it should be; ``faults`` tells where one
    is not, or where an attribute stands twice."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page")
        self.open = [self.root]
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(self.open[-1][-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(dict(attrs)) < len(attrs):
            self.faults.append(f"{self.getpos()}: {tag} {attrs}")
        SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.faults.append(f"{self.getpos()}: </{tag}> in <{self.open[-1].tag}>")

    def handle_data(self, data: str) -> None:
        inside = self.open[-1]
        if len(inside):
            inside[-1].tail = (inside[-1].tail or "") + data
        else:
            inside.text = (inside.text or "") + data


def read(html: str) -> Element:
    """The page as a tree; it must be well-formed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.faults == []
    assert reader.open == [reader.root]
    return reader.root


def text(element: Element) -> str:
    """What ``element`` reads as, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def by_id(tree: Element, name: str) -> Element:
    (found,) = [element for element in tree.iter() if element.get("id") == name]
    return found


def body_rows(tree: Element, name: str) -> list[list[Element]]:
    """The cells of every row in the body of the table whose caption or own id is ``name``."""
    (table,) = [
        element
        for element in tree.iter("table")
        if name in {element.get("id"), *(part.get("id") for part in element.iter("caption"))}
    ]
    return [list(row) for row in table.iterfind("tbody/tr")]


def classes_of(element: Element) -> set[str]:
    return set(element.get("class", "").split())


def render(landscape: Landscape, spoken: str = "en", **drawn: str) -> str:
    """The report of ``landscape``, screened in the language spoken."""
    before = language.spoken()
    language.use(spoken)
    try:
        return page(landscape, contents(screen(landscape), **drawn), "map")
    finally:
        language.use(before)


class Done(NamedTuple):
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


def prompt(*arguments: str, typed: str = "", **environment: str | None) -> Done:
    """``samenspel`` with ``arguments`` in this process, where somebody types ``typed``; settings of
    the environment that are None are absent."""
    from samenspel.__main__ import main

    before = language.spoken()
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["samenspel", *arguments])
        patch.setattr(sys, "stdin", io.StringIO(typed))
        for name, value in environment.items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)
        try:
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
                main()
        finally:
            language.use(before)
    return Done(int(str(ended.value.code or 0)), out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Made:
    """A landscape, its folder, and what the prompt makes of it, in Dutch."""

    name: str
    landscape: Landscape
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder.with_suffix(".html")

    @cached_property
    def found(self) -> Any:
        """What ``samenspel report --json`` prints; the page lies in ``file`` then."""
        return self._json("report", "--out", str(self.file))

    @cached_property
    def screened(self) -> Any:
        return self._json("screen")

    @cached_property
    def html(self) -> str:
        assert self.found
        return self.file.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> Element:
        return read(self.html)

    def _json(self, command: str, *options: str) -> Any:
        code, out, err = prompt("--lang", "nl", command, str(self.folder), "--json", *options)
        assert (code, err) == (0, "")
        return json.loads(out)


@dataclass(frozen=True)
class Shown:
    """A page, its tree, and the JSON of the command that made it."""

    file: Path
    tree: Element
    found: Any


def page_of(folder: Path, file: Path, command: str, *words: str, spoken: str = "en") -> Shown:
    """What ``command`` on ``folder`` writes to ``file`` and prints."""
    code, out, err = prompt(
        "--lang", spoken, command, str(folder), *words, "--page", str(file), "--json"
    )
    assert (code, err) == (0, "")
    return Shown(file, read(file.read_text("utf-8")), json.loads(out))


def maps_of(tree: Element) -> list[Element]:
    return [svg for svg in tree.iter("svg") if svg.get("class") == "map"]


def check_links(tree: Element) -> None:
    """Every id is there once, and every link leads to one."""
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        href = element.get("href", "")
        assert not href or href[1:] in ids


@contextmanager
def opened(
    chromium: "Browser", file: Path, width: int = 1280, **how: Any
) -> Iterator[tuple["Page", list[str]]]:
    """A page at ``file`` in a context of its own, and whatever it complains of."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, **how)
    try:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url))
        page.goto(file.as_uri())
        assert said.pop(0) == file.as_uri()
        yield page, said
    finally:
        context.close()


def violations(page: "Page") -> list[str]:
    """What keeps somebody out, as axe tells it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['target']} ({len(v['nodes'])})" for v in found]


def check_open_to_all(chromium: "Browser", file: Path, width: int) -> None:
    """The page fits a screen of ``width``, keeps nobody out, works and fetches nothing."""
    with opened(chromium, file, width) as (page, said):
        assert page.evaluate(TOO_WIDE) <= 0
        assert violations(page) == []
        assert said == []
