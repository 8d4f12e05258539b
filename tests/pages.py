"""What the tests of the report share: folders with their report, and a page read back as a tree."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement

import pytest

from samenspel import language
from samenspel.landscape.landscape import Landscape
from samenspel.reports.contents import contents
from samenspel.reports.page import page
from samenspel.screening.screen import screen

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
