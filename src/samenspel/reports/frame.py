"""What every page is put in: one HTML file with its style and its script inside, and nothing from
outside."""

import base64
import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import jinja2

from samenspel.language import _, spoken
from samenspel.words import day

STYLE, SCRIPT = "report.css", "report.js"


def environment() -> jinja2.Environment:
    """A fresh environment for the templates of this room, to which a page adds what it calls."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("samenspel.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    made.globals |= {"_": _, "day": day}
    return made


def framed(
    environment: jinja2.Environment, template: str, styles: Sequence[str] = (), **shown: Any
) -> str:
    """``template`` in the language chosen, with the sheets ``styles`` after the one of all pages.
    ``shown``: what the template shows; ``title``, ``about`` and ``date`` are for ``_page.html``."""
    css = "".join(map(text, (STYLE, *styles)))
    js = text(SCRIPT)
    return environment.get_template(template).render(
        lang=spoken(),
        version=version("samenspel"),
        css=css,
        js=js,
        policy=policy(css, js),
        **shown,
    )


def text(name: str) -> str:
    """The text of a style sheet or a script."""
    return files("samenspel.reports").joinpath("templates", name).read_text("utf-8")


def policy(css: str, js: str) -> str:
    """The content security policy of a page that may run exactly this style and this script."""
    style, script = (
        base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        for content in (css, js)
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "base-uri 'none'; form-action 'none'"
    )
