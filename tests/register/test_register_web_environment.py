"""What the environment may say to the server, and what is said where it is wrong."""

from pathlib import Path

import pytest

from samenspel import language
from samenspel.errors import InputError
from samenspel.web import environment


@pytest.fixture(autouse=True)
def _in_english() -> None:
    language.use("en")


@pytest.mark.parametrize(
    "address",
    ["postgresql://name@machine/base", "postgres://n:p%40ss@[::1]:5433/b", " postgresql:///base "],
)
def test_a_database_of_ones_own(address: str) -> None:
    found = environment.database({"SAMENSPEL_DATABASE": address})
    assert found is not None
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == (600, True)


def test_without_a_database_there_is_none() -> None:
    assert environment.database({}) is None
    assert environment.database({"SAMENSPEL_DATABASE": "  "}) is None


@pytest.mark.parametrize(
    "address",
    [
        "secret", "mysql://a:secret@b/c", "sqlite:////tmp/secret.db", "postgresql://a:secret@[x/c",
        "postgresql://a:secret@machine:port/c", "http://secret", "://secret",
    ],
)  # fmt: skip
def test_an_address_of_no_database_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(InputError, match="SAMENSPEL_DATABASE is no address") as refused:
        environment.database({"SAMENSPEL_DATABASE": address})
    assert "secret" not in str(refused.value)


def test_names_of_the_server() -> None:
    assert environment.hosts({}) == []
    given = " samenspel.example,www.samenspel.example, 192.0.2.7 ,,[::1] , localhost"
    assert environment.hosts({"SAMENSPEL_HOSTS": given}) == [
        "samenspel.example", "www.samenspel.example", "192.0.2.7", "[::1]", "localhost",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "*", "https://samenspel.example", "samenspel.example/", "samenspel.example:8443",
        ".samenspel.example", "a b.example", "a@b.example", "a\nb", "-x",
    ],
)  # fmt: skip
def test_what_is_no_name_of_a_server_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="SAMENSPEL_HOSTS holds"):
        environment.hosts({"SAMENSPEL_HOSTS": f"samenspel.example,{name}"})


def test_the_proxy_is_an_address() -> None:
    assert environment.proxy({}) == ""
    for address in ("127.0.0.1", "::1"):
        assert environment.proxy({"SAMENSPEL_PROXY": f" {address} "}) == address
    for word in ("nginx", "*", "127.0.0.1:80", "10.0.0.0/8", "junk junk"):
        with pytest.raises(InputError, match="SAMENSPEL_PROXY is"):
            environment.proxy({"SAMENSPEL_PROXY": word})


def test_a_key_that_could_be_guessed_is_refused() -> None:
    assert environment.given_key({}) == ""
    long = "k" * environment.LEAST_KEY
    assert environment.given_key({"SAMENSPEL_SECRET_KEY": long}) == long
    with pytest.raises(InputError, match="SAMENSPEL_SECRET_KEY is too short") as refused:
        environment.given_key({"SAMENSPEL_SECRET_KEY": long[1:]})
    assert long[1:] not in str(refused.value)


def test_a_key_that_is_damaged_is_told(tmp_path: Path) -> None:
    assert environment.stored_key(tmp_path) == ""
    made = environment.kept_key(tmp_path)
    assert environment.stored_key(tmp_path) == environment.kept_key(tmp_path) == made
    (tmp_path / environment.KEY).write_bytes(b"\xdd\xff")
    with pytest.raises(InputError, match="cannot be read as a secret key"):
        environment.stored_key(tmp_path)


def test_a_secret_of_sign_in_elsewhere_is_text(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    given = {
        "SAMENSPEL_OIDC_ISSUER": "https://id.example",
        "SAMENSPEL_OIDC_CLIENT_ID": "samenspel",
        "SAMENSPEL_OIDC_CLIENT_SECRET_FILE": str(file),
    }
    file.write_text("a secret\n")
    found = environment.oidc(given)
    assert found is not None
    assert found.secret == "a secret"
    for content in (b"\xa9\xff", b"", b" \n"):
        file.write_bytes(content)
        with pytest.raises(InputError, match="holds no secret as text"):
            environment.oidc(given)


@pytest.mark.parametrize(("word", "days"), [("", 365), ("1", 1), (" 30 ", 30), ("36500", 36_500)])
def test_days_of_the_audit(monkeypatch: pytest.MonkeyPatch, word: str, days: int) -> None:
    monkeypatch.setenv("SAMENSPEL_AUDIT_DAYS", word)
    assert environment.days("SAMENSPEL_AUDIT_DAYS", 365) == days


@pytest.mark.parametrize("word", ["0", "-1", "²", "1.5", "36501", "9" * 5_000])
def test_what_is_no_number_of_days(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("SAMENSPEL_AUDIT_DAYS", word)
    with pytest.raises(InputError, match="SAMENSPEL_AUDIT_DAYS is"):
        environment.days("SAMENSPEL_AUDIT_DAYS", 365)
