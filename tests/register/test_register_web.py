"""Every answer of the server: its headers, its cookies, its language, and how well it is."""

import json
import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections

from countries import example
from pages import read
from registers import Database, point_at
from samenspel import language
from samenspel.register import writing
from samenspel.register.importing import first_batch
from samenspel.register.writing import Reason
from samenspel.web import beside
from webclients import ADMINISTRATOR, account, sign_in, signed_in, told, visitor

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("path", ["/", "/aanmelden", "/gezondheid", "/nergens", "/static/site.css"])
def test_every_answer_is_closed_to_other_sites(path: str) -> None:
    answer = visitor().get(path)
    answer.close()
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy == STRICT
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Request-ID"]
    if path != "/static/site.css":
        assert answer["X-Frame-Options"] == "DENY"
        assert "no-store" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]


@pytest.mark.usefixtures("database")
def test_no_page_has_style_or_script_inside() -> None:
    who = signed_in(account("a@example.org", ADMINISTRATOR))
    for client, paths in (
        (visitor(), ["/", "/aanmelden", "/nergens"]),
        (who, ["/account", "/account/wachtwoord", "/beheer", "/beheer/logboek", "/afmelden"]),
    ):
        for path in paths:
            tree = read(client.get(path).content.decode())
            assert not list(tree.iter("style"))
            assert all(one.get("src") and not one.text for one in tree.iter("script"))
            assert not [
                e for e in tree.iter() if any(n == "style" or n.startswith("on") for n in e.attrib)
            ]


@pytest.mark.usefixtures("database")
def test_a_name_that_the_server_does_not_have_is_refused() -> None:
    assert visitor().get("/", HTTP_HOST="elsewhere.example").status_code == 400


@pytest.mark.usefixtures("database")
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites() -> None:
    account("a@example.org")
    client = visitor()
    client.get("/aanmelden")
    sign_in(client, "a@example.org")
    client.post("/taal", {"language": "en"})
    for name in (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
    ):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name
    assert client.cookies[settings.SESSION_COOKIE_NAME]["expires"] == ""  # ends with the browser


@pytest.mark.usefixtures("database")
def test_a_form_of_another_site_is_refused_and_our_own_is_not() -> None:
    account("a@example.org")
    client = visitor(enforce_csrf_checks=True)
    page = client.get("/aanmelden")
    refused = sign_in(client, "a@example.org")
    assert refused.status_code == 403
    assert "keeps no cookies" in told(refused)
    (token,) = {
        e.get("value")
        for e in read(page.content.decode()).find(".//main").iter("input")
        if e.get("name") == "csrfmiddlewaretoken"
    }
    sent = {
        "login": "a@example.org",
        "password": "een lange zin over regen",
        "csrfmiddlewaretoken": token,
    }
    foreign = client.post("/aanmelden", sent, HTTP_ORIGIN="https://elsewhere.example")
    assert foreign.status_code == 403
    assert client.post("/aanmelden", sent).status_code == 302


@pytest.mark.usefixtures("database")
def test_dutch_first_and_english_for_who_chooses_it() -> None:
    client = visitor("")
    first = client.get("/aanmelden", HTTP_ACCEPT_LANGUAGE="en")
    assert first["Content-Language"] == "nl"
    assert read(first.content.decode())[0].get("lang") == "nl"
    chosen = client.post("/taal", {"language": "en", "next": "/aanmelden"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/aanmelden")
    second = client.get("/aanmelden")
    assert read(second.content.decode())[0].get("lang") == second["Content-Language"] == "en"
    assert "Password" in told(second)
    client.post("/taal", {"language": "nl"})
    assert client.get("/aanmelden")["Content-Language"] == "nl"
    assert client.post("/taal", {"language": "fr"}).status_code == 400
    assert client.get("/taal").status_code == 405
    assert (
        client.post("/taal", {"language": "en", "next": "https://elsewhere.example/"})["Location"]
        == "/"
    )
    assert (
        client.post("/taal", {"language": "en", "next": "//elsewhere.example/"})["Location"] == "/"
    )


def test_each_reader_hears_their_own_language() -> None:
    before = language.spoken()
    with language.speaking("nl"):
        assert language.spoken() == "nl"
        with language.speaking("en"):
            assert (language.spoken(), language._("To the content")) == ("en", "To the content")
        assert language._("To the content") == "Naar de inhoud"
    assert language.spoken() == before
    with pytest.raises(ValueError, match="fr"), language.speaking("fr"):
        pass


@pytest.mark.usefixtures("database")
def test_the_front_page_tells_what_is_on_record() -> None:
    assert "This register is still empty" in told(visitor().get("/"))
    land = example()
    writing.write(first_batch(land), Reason("import", "the example"))
    page = told(visitor().get("/"))
    assert land.about.name in page
    assert f"municipalities {land.table('municipalities').height}" in page


@pytest.mark.usefixtures("database")
def test_health_tells_how_the_server_is_and_no_secret(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path_factory.mktemp("health")
    monkeypatch.setattr(settings, "DATA", data)
    answer = visitor().get("/gezondheid")
    assert answer.status_code == 200
    found = json.loads(answer.content)
    assert (found["status"], found["database"], found["change"], found["worker"]) == (
        "ok",
        "ok",
        0,
        None,
    )
    assert settings.SECRET_KEY not in answer.content.decode()

    alive = data / beside.HEARTBEAT
    alive.touch()
    assert json.loads(visitor().get("/gezondheid").content)["worker"] < beside.SILENT
    long_ago = alive.stat().st_mtime - 2 * beside.SILENT
    os.utime(alive, (long_ago, long_ago))
    silent = visitor().get("/gezondheid")
    assert silent.status_code == 503
    assert json.loads(silent.content)["worker"] > beside.SILENT


@pytest.fixture
def unreachable(database: Database) -> Iterator[None]:
    """A database that nobody reaches any more."""
    before = dict(connections.settings["default"])
    gone = {"sqlite": "/nowhere/at/all.sqlite3", "postgresql": "no_such_database"}[database.kind]
    point_at({**before, "NAME": gone})
    yield
    point_at(before)


@pytest.mark.usefixtures("unreachable")
def test_health_tells_of_a_database_that_does_not_answer() -> None:
    answer = visitor().get("/gezondheid")
    assert answer.status_code == 503
    assert json.loads(answer.content)["database"] == "fault"
