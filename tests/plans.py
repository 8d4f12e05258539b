"""What the tests of the plan in a report share: a region, what the prompt says of it, and
its section read back."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from pages import body_rows, by_id, prompt, read, text
from samenspel.reports.plan import ORDER


def plain(words: str) -> str:
    return " ".join(words.split())


def said(folder: Path, *words: str) -> Any:
    """What the prompt prints in English as JSON."""
    code, out, err = prompt("--lang", "en", words[0], str(folder), "--json", *words[1:])
    assert (code, err) == (0, "")
    return json.loads(out)


@dataclass(frozen=True)
class Told:
    """A landscape on disk, one of its zones, and what the prompt says and writes of that."""

    folder: Path
    zoning: str
    zone: str

    @property
    def file(self) -> Path:
        return self.folder.with_suffix(".html")

    @cached_property
    def found(self) -> Any:
        """What ``samenspel report --region`` prints; the page lies in ``file`` then."""
        where = ("--region", self.zone, "--zoning", self.zoning)
        return said(self.folder, "report", "--out", str(self.file), *where)

    @cached_property
    def without(self) -> tuple[Any, str]:
        """What is printed and what is written without ``--region``."""
        out = self.folder.with_name(f"{self.folder.name}-plain.html")
        found = said(self.folder, "report", "--out", str(out), "--zoning", self.zoning)
        return found, out.read_text(encoding="utf-8")

    @cached_property
    def plan(self) -> Any:
        where = ("--region", self.zone, "--zoning", self.zoning)
        return said(self.folder, "rationalise", *where)

    @cached_property
    def html(self) -> str:
        assert self.found
        return self.file.read_text(encoding="utf-8")

    @cached_property
    def section(self) -> Element:
        return by_id(read(self.html), "plan")

    @cached_property
    def names(self) -> dict[str, str]:
        """The partnerships by code."""
        return {
            body["partnership"]: plain(body["name"] or body["partnership"])
            for body in self.found["partnerships"]
        }


def texts(section: Element, name: str) -> list[list[str]]:
    """The cells of a table in words."""
    return [[text(cell) for cell in row] for row in body_rows(section, name)]


def charts(section: Element) -> list[Element]:
    return [part for part in section.iter("svg") if part.get("class") == "chart"]


def in_order(plan: Any) -> list[Any]:
    return sorted(plan["lines"], key=lambda line: ORDER.index(line["operation"]))
