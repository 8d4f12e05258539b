"""A write is whole or not at all: whatever it is stopped at, the old or the new is there."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

from samenspel.errors import InputError
from samenspel.landscape import geopackage, package
from samenspel.landscape.csvfile import ROW
from samenspel.landscape.landscape import About, Landscape

DAY = date(2025, 1, 1)


def picture(name: str, tables: tuple[str, ...] = ("organisations", "geometries")) -> Landscape:
    box = shapely.to_wkb(shapely.box(0, 0, 1, len(name)))
    frames = {
        "municipalities": pl.DataFrame({"nis": ["00001"], "name": [name]}),
        "organisations": pl.DataFrame({"id": [f"ocmw {name}"]}),
        "geometries": pl.DataFrame({"nis": ["00001"], "geometry": [box]}),
        "flows": pl.DataFrame({"kind": [name]}),
    }
    kept = {key: frame for key, frame in frames.items() if key in ("municipalities", *tables)}
    return Landscape(DAY, kept, About(name))


OLD = picture("Oudegem")
NEW = picture("Nieuwegem", ("geometries", "flows"))
NEXT = picture("Volgendegem", ())


def read(folder: Path) -> Landscape:
    raw = package.read_raw(folder)
    assert raw.findings == []
    assert raw.date is not None
    frames = {name: frame.drop(ROW) for name, frame in raw.frames.items()}
    return Landscape(raw.date, frames, raw.about)


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


class Stopped(BaseException):
    """Not an Exception, as KeyboardInterrupt is not."""


class Stopper:
    """Counts the steps that touch the disk and stops at the n-th: before it, after it, or with
    half of it done. ``dead``: nothing can be done any more after that, as after a kill."""

    STEPS = (
        (Path, "mkdir"),
        (Path, "chmod"),
        (Path, "rename"),
        (Path, "write_text"),
        (pl.DataFrame, "write_csv"),
        (geopackage, "write"),
        (shutil, "rmtree"),
        (tempfile, "mkdtemp"),
    )

    def __init__(self, patch: pytest.MonkeyPatch, at: int, how: str, *, dead: bool) -> None:
        self.at, self.how, self.dead, self.count, self.stopped = at, how, dead, 0, False
        for owner, name in self.STEPS:
            patch.setattr(owner, name, self.step(name, getattr(owner, name)))

    def step(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **kwargs: Any) -> Any:
            if self.stopped:
                if self.dead:
                    raise Stopped
                return real(*args, **kwargs)
            self.count += 1
            if self.count != self.at:
                return real(*args, **kwargs)
            if self.how == "after":
                real(*args, **kwargs)
            elif self.how == "half" and name == "rmtree":
                for path in sorted(Path(args[0]).glob("org*")):
                    path.unlink()
            elif self.how == "half" and name in ("write_csv", "write"):
                Path(args[1]).write_bytes(b"nis,na")
            self.stopped = True
            raise Stopped

        return stepped


def stopped_write(folder: Path, at: int, how: str, *, dead: bool) -> bool:
    """Whether the write of NEW got as far as step ``at``."""
    with pytest.MonkeyPatch.context() as patch:
        stopper = Stopper(patch, at, how, dead=dead)
        try:
            package.write(NEW, folder, replace=True)
        except Stopped:
            assert stopper.stopped
            return True
        assert not stopper.stopped
        return False


def every_stop(place: Path, *, dead: bool, earlier: bool) -> Iterator[tuple[str, Path]]:
    """A folder for each step and manner in which a write can be stopped, once stopped."""
    for how in ("before", "after", "half"):
        for at in range(1, 100):
            folder = place / f"{how}{at}" / "land"
            folder.parent.mkdir()
            if earlier:
                package.write(OLD, folder)
            if not stopped_write(folder, at, how, dead=dead):
                assert at > 5
                break
            yield f"{how} step {at}", folder


@pytest.mark.parametrize("dead", [True, False], ids=["killed", "interrupted"])
def test_the_old_or_the_new_is_there(tmp_path: Path, dead: bool) -> None:
    seen = set()
    for stop, folder in every_stop(tmp_path, dead=dead, earlier=True):
        found = read(folder)
        seen.add(found.about.name)
        assert found.equals(OLD) or found.equals(NEW), stop
        package.write(NEXT, folder, replace=True)
        assert read(folder).equals(NEXT), stop
    assert seen == {"Oudegem", "Nieuwegem"}


@pytest.mark.parametrize("dead", [True, False], ids=["killed", "interrupted"])
def test_a_next_write_without_a_read_between_works(tmp_path: Path, dead: bool) -> None:
    for stop, folder in every_stop(tmp_path, dead=dead, earlier=True):
        package.write(NEXT, folder, replace=True)
        assert read(folder).equals(NEXT), stop


@pytest.mark.parametrize("dead", [True, False], ids=["killed", "interrupted"])
def test_a_first_write_leaves_nothing_or_the_whole(tmp_path: Path, dead: bool) -> None:
    seen = set()
    for stop, folder in every_stop(tmp_path, dead=dead, earlier=False):
        seen.add(folder.exists())
        if folder.exists():
            assert read(folder).equals(NEW), stop
        else:
            with pytest.raises(InputError, match="no such folder"):
                package.read_raw(folder)
        package.write(NEXT, folder, replace=True)
        assert read(folder).equals(NEXT), stop
    assert seen == {False, True}


def test_a_write_without_replace_that_is_stopped_can_be_tried_again(tmp_path: Path) -> None:
    for stop, folder in every_stop(tmp_path, dead=True, earlier=False):
        if not folder.exists():
            package.write(NEW, folder)
        assert read(folder).equals(NEW), stop


def test_an_interrupted_write_leaves_no_litter_after_the_next(tmp_path: Path) -> None:
    for stop, folder in every_stop(tmp_path, dead=False, earlier=True):
        package.write(NEXT, folder, replace=True)
        assert beside(folder) == ["land"], stop


def test_a_killed_write_leaves_no_litter_after_the_next(tmp_path: Path) -> None:
    for stop, folder in every_stop(tmp_path, dead=True, earlier=True):
        package.write(NEXT, folder, replace=True)
        assert beside(folder) == ["land"], stop


def test_a_folder_that_is_thrown_away_does_not_come_back_by_halves(tmp_path: Path) -> None:
    for stop, folder in every_stop(tmp_path, dead=True, earlier=True):
        read(folder)
        if not folder.exists():
            continue  # killed between the renames: the earlier folder is read where it stands
        shutil.rmtree(folder)
        try:
            found = read(folder)
        except InputError:
            continue
        assert found.equals(OLD), stop


CRASH = """
import os, sys
from pathlib import Path
import polars as pl
from samenspel.landscape import package
from samenspel.landscape.landscape import About, Landscape
from datetime import date

count, real = 0, Path.rename
def rename(self, target):
    global count
    count += 1
    if count == int(sys.argv[2]):
        os._exit(9)
    return real(self, target)
Path.rename = rename
frames = {"municipalities": pl.DataFrame({"nis": ["00001"], "name": ["Nieuwegem"]})}
land = Landscape(date(2025, 1, 1), frames, About("Nieuwegem"))
package.write(land, Path(sys.argv[1]), replace=True)
"""


@pytest.mark.parametrize("at", [1, 2])
def test_a_process_that_really_dies_between_the_renames(tmp_path: Path, at: int) -> None:
    folder = tmp_path / "land"
    package.write(OLD, folder)
    died = subprocess.run([sys.executable, "-c", CRASH, str(folder), str(at)], check=False)
    assert died.returncode == 9
    assert folder.exists() == (at == 1)
    assert read(folder).equals(OLD)
    package.write(NEXT, folder, replace=True)
    assert read(folder).equals(NEXT)
    assert beside(folder) == ["land"]


def test_what_stood_there_is_not_lost_to_a_write_that_may_not_replace_it(tmp_path: Path) -> None:
    for stop, folder in every_stop(tmp_path, dead=True, earlier=True):
        with pytest.raises(InputError, match="is not empty"):
            package.write(NEXT, folder)
        found = read(folder)
        assert found.equals(OLD) or found.equals(NEW), stop


# A failure that is no crash: the disk is full, the place cannot be written.


@pytest.mark.parametrize(("owner", "name"), Stopper.STEPS, ids=[name for _, name in Stopper.STEPS])
def test_a_full_disk_is_said_in_a_sentence_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    folder = tmp_path / "land"
    package.write(OLD, folder)

    def full(*_args: Any, **_kwargs: Any) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if name == "rmtree":  # the write of the file that follows fails, and so does the clearing
            patch.setattr(Path, "write_text", full)
        patch.setattr(owner, name, full)
        with pytest.raises((InputError, OSError)) as caught:
            package.write(NEW, folder, replace=True)
    if name != "rmtree":
        assert isinstance(caught.value, InputError)
        assert "No space left" in str(caught.value)
        assert beside(folder) == ["land"]
    assert read(folder).equals(OLD)


def test_a_failure_in_the_second_rename_puts_the_old_back_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real, count = tmp_path / "land", Path.rename, iter(range(9))
    package.write(OLD, folder)

    def rename(self: Path, target: Path) -> Path:
        if next(count) == 1:
            raise OSError(5, "Input/output error")
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(InputError, match="cannot be written"):
            package.write(NEW, folder, replace=True)
    assert beside(folder) == ["land"]
    assert read(folder).equals(OLD)


def test_a_geometry_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "land"
    package.write(OLD, folder)
    broken = OLD.with_tables(
        geometries=pl.DataFrame({"nis": ["00001"], "geometry": [b"this is no WKB"]})
    )
    with pytest.raises(InputError):
        package.write(broken, folder, replace=True)
    assert beside(folder) == ["land"]
    assert read(folder).equals(OLD)


def test_a_link_to_a_folder_can_be_written_again_and_again(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    folder = tmp_path / "land"
    folder.symlink_to(tmp_path / "real")
    for found in (OLD, NEW, NEXT):
        package.write(found, folder, replace=True)
        assert read(folder).equals(found)
    assert set(beside(folder)) == {"land", "real"}
