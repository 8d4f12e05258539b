"""The pages of signing in and of the administrator in a browser: usable by everybody, in both
languages, within the policy that the server sets, and without script."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from countries import example
from pages import TOO_WIDE, violations
from samenspel.landscape.package import write
from servers import BARE, serving
from webclients import OTHER, PASSWORD

pytest_plugins = ("browser",)

MADE = """
import json, os
import django
django.setup()
from samenspel.register.models import Account, Grant
found = {}
for name, roles in (("keeps", ["administrator"]), ("other", ["agency"])):
    account = Account.objects.create_user(f"{name}@example.org", os.environ["PASSWORD"], name=name)
    for role in roles:
        Grant.objects.create(account=account, role=role)
    found[name] = account.pk
print(json.dumps(found))
"""
LAND = example()
ZONE = LAND.table("zones").row(0, named=True)
READ = (
    "/",
    "/gemeenten",
    f"/gemeente/{LAND.table('municipalities')['nis'][0]}",
    f"/samenwerking/{LAND.table('partnerships')['id'][0]}",
    "/regios",
    f"/regios/{ZONE['zoning']}",
    f"/regios/{ZONE['zoning']}/{ZONE['zone']}",
    f"/regios/{ZONE['zoning']}/{ZONE['zone']}/pas-toe-of-leg-uit",
    "/thema/housing",
    "/termijnen",
    "/wijzigingen",
    "/wijzigingen/1",
    f"/geschiedenis/municipalities/{LAND.table('municipalities')['nis'][0]}",
    "/zoek?q=a",
    "/wat-als",
    f"/regios/{ZONE['zoning']}/{ZONE['zone']}/zones",
    "/wat-als/fonds",
    "/wat-als/fusie",
    "/wat-als/vorm?vraag=1&centre=municipalities",
    "/over",
)
OPEN = ("/aanmelden", "/nergens", "/uitnodiging/never")
KEPT = (
    "/account",
    "/account/wachtwoord",
    "/account/tweede-factor",
    "/afmelden",
    "/beheer",
    "/beheer/uitnodigen",
    "/beheer/account/{other}",
    "/beheer/logboek",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, dict[str, int]]]:
    """A server with the example and two accounts: its address, the link of the first administrator,
    the numbers of the accounts."""
    folder, data = tmp_path_factory.mktemp("land"), tmp_path_factory.mktemp("site") / "data"
    write(LAND, folder / "land")
    with serving("--data", str(data), "--landscape", str(folder / "land")) as server:
        address = server.address()
        server.line()
        link = server.line()
        environment = {
            **os.environ, **BARE, "SAMENSPEL_DATA": str(data), "PASSWORD": PASSWORD,
            "DJANGO_SETTINGS_MODULE": "samenspel.web.settings",
        }  # fmt: skip
        made = subprocess.run(
            [sys.executable, "-c", MADE], env=environment, capture_output=True, check=True
        )
        yield address, link.removeprefix(address), json.loads(made.stdout)


class Reader:
    """Somebody with a browser that runs no script, and what it complains of."""

    def __init__(self, context: Any, address: str) -> None:
        self.address, self.said = address, list[str]()
        self.page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def check(self, what: str, language: str) -> None:
        """The page that is open keeps nobody out, and is in ``language``."""
        assert self.page.locator("html").get_attribute("lang") == language, what
        assert self.page.locator("h1").count() == 1, what
        assert violations(self.page) == [], what
        assert self.page.evaluate(TOO_WIDE) <= 0, what

    def sign_in(self) -> None:
        self.go("/aanmelden")
        self.page.fill("#id_login", "keeps@example.org")
        self.page.fill("#id_password", PASSWORD)
        self.page.locator("main button").first.click()


@pytest.fixture(params=["nl", "en"])
def reader(
    request: pytest.FixtureRequest,
    chromium: Any,
    site: tuple[str, str, dict[str, int]],
) -> Iterator[tuple[Reader, str]]:
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    reader = Reader(context, site[0])
    reader.go("/")
    if request.param == "en":
        reader.page.get_by_role("button", name="English").click()
    yield reader, request.param
    context.close()


def test_pages_for_everybody(reader: tuple[Reader, str], site: Any) -> None:
    who, language = reader
    for path in (*OPEN, site[1]):
        who.go(path)
        who.check(path, language)
    who.go("/aanmelden")
    who.page.keyboard.press("Tab")
    assert who.page.evaluate("document.activeElement.className") == "skip"
    who.page.fill("#id_login", "keeps@example.org")
    who.page.fill("#id_password", "wrong")
    who.page.locator("main button").first.click()
    who.check("a wrong password", language)
    who.go(site[1])
    who.page.fill("#id_name", "Name")
    who.page.fill("#id_email", "first@example.org")
    who.page.fill("#id_password1", "short")
    who.page.fill("#id_password2", OTHER)
    who.page.locator("main button").first.click()
    who.check("a password that is too short", language)
    assert [said for said in who.said if "40" not in said and "41" not in said] == []


def test_pages_that_everybody_reads(reader: tuple[Reader, str]) -> None:
    who, language = reader
    for scheme in ("light", "dark"):
        who.page.emulate_media(color_scheme=scheme)
        for path in READ:
            who.go(path)
            who.check(f"{path} {scheme}", language)
    assert who.said == []


def test_a_slider_answers_at_once(reader: tuple[Reader, str]) -> None:
    who, language = reader
    who.go("/wat-als/fonds")
    before = who.page.locator("#result").inner_text()
    slider = who.page.locator("#area")
    slider.focus()
    slider.press("End")
    who.page.locator("output[for=area]", has_text="100 %").wait_for()
    who.page.locator("#result [role=alert], #result dl").first.wait_for()
    who.page.wait_for_url(lambda url: "area=100" in url)
    assert who.page.locator("#result").inner_text() != before
    who.check("the fund after a slider moved", language)
    assert [said for said in who.said if "422" not in said] == []


def test_the_keyboard_finds_a_municipality(reader: tuple[Reader, str]) -> None:
    who, _language = reader
    name = LAND.table("municipalities")["name"][0]
    who.go("/")
    field = who.page.get_by_role("combobox")
    field.focus()
    who.page.keyboard.type(name[:4])
    who.page.get_by_role("option", name=name).first.wait_for()
    who.page.keyboard.press("ArrowDown")
    who.page.keyboard.press("Enter")
    who.page.get_by_role("heading", name=name).first.wait_for()
    who.check("the municipality found", _language)
    assert who.said == []


def test_pages_of_who_signed_in(reader: tuple[Reader, str], site: Any) -> None:
    who, language = reader
    who.sign_in()
    for path in KEPT:
        who.go(path.format(**site[2]))
        who.check(path, language)
    who.go("/account/tweede-factor/aan")
    who.check("once more the password", language)
    who.page.fill("#id_password", PASSWORD)
    who.page.locator("main button").first.click()
    who.check("switching the second factor on", language)
    assert who.page.locator(".code svg").bounding_box()["width"] > 150
    who.go("/beheer/uitnodigen")
    who.page.fill("#id_name", "New")
    who.page.fill("#id_email", f"new-{language}@example.org")
    who.page.locator("main button").first.click()
    who.check("a link to hand over", language)
    link = who.page.input_value("#link")
    who.go(f"/beheer/account/{site[2]['other']}")
    who.page.select_option("#id_role", "municipality")
    who.page.locator("main form:has(#id_role) button").click()
    who.check("a role without its organisation", language)
    who.go(link.removeprefix(site[0]))
    who.check("an invitation", language)
    assert [said for said in who.said if "422" not in said] == []
