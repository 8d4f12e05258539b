"""``samenspel serve`` as a process: what it makes, what it survives, what it refuses."""

import importlib.util
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from filelock import FileLock

from countries import example
from pages import prompt
from registers import Database
from samenspel.landscape.package import write
from servers import BARE, asked, health, mode, serving


def gone(pid: int) -> None:
    """Wait until the process ``pid``, which is no child of ours, has ended."""
    try:
        waiting = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ready, _write, _error = select.select([waiting], [], [], 120)
    os.close(waiting)
    assert ready


def test_it_makes_what_it_needs_serves_and_stops(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    with serving("--data", str(data)) as server:
        address = server.address()
        found = health(address)
        assert (found["status"], found["database"], found["change"]) == ("ok", "ok", 0)
        assert (mode(data), mode(data / "secret-key")) == (0o700, 0o600)
        assert mode(data / "samenspel.sqlite3") == 0o600
        key = (data / "secret-key").read_text("ascii")
        assert len(key) >= 50

        assert server.line().startswith("Who opens this link becomes administrator")
        link = server.line()
        assert link.startswith(f"{address}/eerste-beheerder/")
        assert asked(link)[0] == 200
        worker = server.event("started", child="worker")["pid"]
        answered = server.event("answered", route="eerste-beheerder/<str:token>")
        assert answered["request_id"]
        assert answered["process"] == "web"

        with serving("--data", str(data)) as another:
            assert (another.ended(), another.said) == (2, [])
            (only,) = another.logged
            assert "Another samenspel serve works on" in only["message"]

        server.process.send_signal(signal.SIGTERM)
        assert server.ended() == 0
        gone(worker)
        log = str(server.logged)
        for secret in (key, urlsplit(link).path.rpartition("/")[2], "127.0.0.1"):
            assert secret not in log
    with serving("--data", str(data)) as server:
        health(server.address())
        assert (data / "secret-key").read_text("ascii") == key
        server.process.send_signal(signal.SIGINT)
        assert server.ended() == 0


def test_a_process_that_dies_is_begun_again(tmp_path: Path) -> None:
    with serving("--data", str(tmp_path / "data")) as server:
        address = server.address()
        health(address)
        for child in ("worker", "web"):
            server_pid = next(e["pid"] for e in server.logged if e.get("child") == child)
            os.kill(server_pid, signal.SIGKILL)
            assert server.event("died", child=child)["code"] == -signal.SIGKILL
            assert server.event("started", child=child)["pid"] != server_pid
        health(address)


def test_nothing_stays_behind_when_it_is_killed(tmp_path: Path) -> None:
    with serving("--data", str(tmp_path / "data")) as server:
        address = server.address()
        health(address)
        children = [e["pid"] for e in server.logged if e["message"] == "started"]
        assert len(children) == 2
        server.process.kill()
        for child in children:
            gone(child)
        port = int(address.rpartition(":")[2])
        with socket.create_server(("127.0.0.1", port)):
            pass
    with serving("--data", str(tmp_path / "data")) as server:
        health(server.address())


def test_it_fills_an_empty_register_and_no_other(tmp_path: Path) -> None:
    folder, data = tmp_path / "land", tmp_path / "data"
    write(example(), folder)
    words = ("--data", str(data), "--landscape", str(folder))
    with serving(*words) as server:
        address = server.address()
        assert health(address)["change"] == 1
        _status, page = asked(address)
        assert example().about.name in page or example().about.territory in page
    with serving(*words) as server:
        assert server.ended() == 2
        assert "fills an empty register" in server.logged[-1]["message"]
    broken = tmp_path / "broken"
    broken.mkdir()
    with serving("--data", str(tmp_path / "other"), "--landscape", str(broken)) as server:
        assert server.ended() == 2
    with serving("--data", str(tmp_path / "other")) as server:
        assert health(server.address())["change"] == 0


def test_it_serves_either_database(database: Database) -> None:
    data = database.env["SAMENSPEL_DATA"]
    with serving("--data", data, SAMENSPEL_DATABASE=database.env["SAMENSPEL_DATABASE"]) as server:
        assert health(server.address())["change"] == 0


def test_another_link_for_an_administrator_is_printed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving("--data", str(data)) as server:
        address = server.address()
        server.line()
        old = server.line()
        port = address.rpartition(":")[2]
        words = ("admin-link", "--data", str(data), "--port", port)
        made = subprocess.run(
            [sys.executable, "-m", "samenspel", "--lang", "en", *words],
            capture_output=True, encoding="utf-8", check=False, env={**os.environ, **BARE},
        )  # fmt: skip
        assert (made.returncode, made.stderr) == (0, "")
        link = made.stdout.splitlines()[1]
        assert link.startswith(f"{address}/eerste-beheerder/")
        assert asked(old)[0] == 410
        assert asked(link)[0] == 200


def test_a_link_is_made_for_a_register_that_is_there(tmp_path: Path) -> None:
    def made(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "samenspel", "--lang", "en", *words],
            capture_output=True, encoding="utf-8", check=False, env={**os.environ, **BARE},
        )  # fmt: skip

    nowhere = tmp_path / "mistyped"
    refused = made("admin-link", "--data", str(nowhere))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"There is no register in {nowhere}")
    assert not nowhere.exists()
    write(example(), tmp_path / "land")
    data = str(tmp_path / "data")
    taken = made("register", "import", str(tmp_path / "land"), "--why", "first", "--data", data)
    assert taken.returncode == 0  # and no server has made a key yet
    link = made("admin-link", "--data", data)
    assert (link.returncode, link.stderr) == (0, "")
    assert "/eerste-beheerder/" in link.stdout
    key = tmp_path / "data" / "secret-key"
    assert (mode(key), len(key.read_text())) == (0o600, 67)  # the link is signed with it
    assert made("admin-link", "--data", data).returncode == 0


def test_what_cannot_be_served_is_said_in_one_line(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with serving("--data", data, "--port", port) as server:
            assert server.ended() == 2
            said = server.logged[-1]["message"]
            assert f"Nothing can listen on 127.0.0.1 port {port}" in said
    file = tmp_path / "file"
    file.write_text("")
    with serving("--data", str(file / "below")) as server:
        assert server.ended() == 2
        assert "cannot be made" in server.logged[-1]["message"]
    with serving("--data", data, "--host", "0.0.0.0") as server:
        assert server.ended() == 2
        assert "SAMENSPEL_HOSTS" in server.logged[-1]["message"]
    address = "postgresql://nobody@127.0.0.1:9/none"
    with serving("--data", data, SAMENSPEL_DATABASE=address) as server:
        assert server.ended() == 2
        assert "The database cannot be reached" in server.logged[-1]["message"]
    with FileLock(Path(data) / "serve.lock"), serving("--data", data) as server:
        assert server.ended() == 2


def test_without_the_extra_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "waitress" else found(name)
    )
    said = prompt("--lang", "en", "serve", "--data", str(tmp_path / "data"))
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.count("\n") == 1
    assert "samenspel[web]" in said.stderr
    assert not (tmp_path / "data").exists()
