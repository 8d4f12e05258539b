"""Keeping processes running: begun again after longer and longer pauses, given up in the end."""

import threading
from pathlib import Path

import pytest

from samenspel.errors import InputError
from samenspel.web import supervising
from samenspel.web.environment import answered, kept_key, oidc, stored_key
from samenspel.web.supervising import STOP, Child, Supervisor
from servers import mode

COUNTED = """
import os, pathlib, sys
log = pathlib.Path(os.environ["COUNTED"])
with log.open("a") as out:
    out.write(sys.argv[1] + "\\n")
{then}
"""


def modules(folder: Path, monkeypatch: pytest.MonkeyPatch, then: str) -> dict[str, str]:
    """A module ``counted`` that notes each start, and what its process needs to find it."""
    (folder / "counted.py").write_text(COUNTED.format(then=then))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return {"COUNTED": str(folder / "log"), "SAMENSPEL_DATA": str(folder)}


def starts(folder: Path) -> list[str]:
    return (folder / "log").read_text().split()


def test_a_process_that_keeps_dying_is_given_up_and_the_others_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = modules(tmp_path, monkeypatch, "if sys.argv[1] == 'dies': sys.exit(3)\n"
                          "import threading; threading.Event().wait()")  # fmt: skip
    children = [Child("steady", "counted", ("stays",)), Child("weak", "counted", ("dies",))]
    keeper = Supervisor(children, environment, pauses=(0.0, 0.0, 0.0))
    assert keeper.run() == "weak"
    assert starts(tmp_path).count("dies") == 4
    assert [kept.process.poll() is None for kept in keeper.kept.values()] == [False, False]


def test_long_life_makes_a_death_the_first_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = modules(tmp_path, monkeypatch, "")
    monkeypatch.setattr(supervising, "SOUND", -1.0)  # any life is long
    keeper = Supervisor([Child("weak", "counted", ("dies",))], environment, pauses=(0.0,))
    began: list[int] = []
    start = keeper.start

    def counting(child: Child, deaths: int = 0) -> None:
        began.append(deaths)
        if len(began) == 5:
            keeper.heard.put(STOP)
        start(child, deaths)

    monkeypatch.setattr(keeper, "start", counting)
    assert keeper.run() is None
    assert began == [0, 1, 1, 1, 1]


def test_somebody_who_stops_it_is_heard_during_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = modules(tmp_path, monkeypatch, "")
    keeper = Supervisor([Child("weak", "counted", ("dies",))], environment, pauses=(3600.0,))
    again = keeper.again

    def stopped_meanwhile(name: str) -> bool:
        keeper.heard.put(STOP)
        return again(name)

    monkeypatch.setattr(keeper, "again", stopped_meanwhile)
    assert keeper.run() is None
    assert starts(tmp_path) == ["dies"]


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    assert stored_key(tmp_path) == ""
    made: set[str] = set()
    makers = [threading.Thread(target=lambda: made.add(kept_key(tmp_path))) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert made == {stored_key(tmp_path)} == {kept_key(tmp_path)}
    assert mode(tmp_path / "secret-key") == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_yes_and_no_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for word, is_yes in (("1", True), ("True", True), ("0", False), ("no", False)):
        monkeypatch.setenv("SAMENSPEL_HTTPS", word)
        assert answered("SAMENSPEL_HTTPS", not is_yes) is is_yes
    monkeypatch.setenv("SAMENSPEL_HTTPS", "")
    assert answered("SAMENSPEL_HTTPS", True)
    monkeypatch.setenv("SAMENSPEL_HTTPS", "perhaps")
    with pytest.raises(InputError, match="SAMENSPEL_HTTPS"):
        answered("SAMENSPEL_HTTPS", True)


def test_sign_in_elsewhere_is_said_wholly_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret\n")
    whole = {
        "SAMENSPEL_OIDC_ISSUER": "https://id.example/realm/",
        "SAMENSPEL_OIDC_CLIENT_ID": "samenspel",
        "SAMENSPEL_OIDC_CLIENT_SECRET_FILE": str(file),
    }
    assert oidc({}) is None
    found = oidc(whole)
    assert found
    assert (found.issuer, found.origin, found.secret, found.name) == (
        "https://id.example/realm", "https://id.example", "a secret", "id.example",
    )  # fmt: skip
    named = oidc({**whole, "SAMENSPEL_OIDC_NAME": "Itsme"})
    assert named
    assert named.name == "Itsme"
    for name, value in (
        ("SAMENSPEL_OIDC_CLIENT_ID", ""),
        ("SAMENSPEL_OIDC_CLIENT_SECRET_FILE", ""),
        ("SAMENSPEL_OIDC_CLIENT_SECRET_FILE", str(tmp_path / "absent")),
        ("SAMENSPEL_OIDC_ISSUER", "http://id.example"),
    ):
        with pytest.raises(InputError, match=name):
            oidc({**whole, name: value})
