"""Writing a folder whole or not at all, also through a kill at any moment."""

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samenspel.errors import InputError
from samenspel.language import _


def _previous(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.previous")


def _aside(folder: Path) -> Path:
    """A new place beside ``folder`` for what is being made or thrown away by this process."""
    return Path(tempfile.mkdtemp(prefix=f"{_mark(folder)}{os.getpid()}-", dir=folder.parent))


def _mark(folder: Path) -> str:
    return f".{folder.name}.writing-"


def recover(folder: Path) -> None:
    """Put back the earlier folder where a write was killed between its two renames."""
    folder = folder.resolve()
    if not folder.exists() and _previous(folder).exists():
        _previous(folder).rename(folder)


def sweep(folder: Path) -> None:
    """Remove what killed writes of ``folder`` left beside it."""
    for path in folder.parent.glob(f"{glob.escape(_mark(folder))}*"):
        process = path.name.removeprefix(_mark(folder)).partition("-")[0]
        if not (process.isdigit() and alive(int(process))):
            shutil.rmtree(path, ignore_errors=True)


def alive(process: int) -> bool:
    """Whether another process with this number runs."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that becomes ``folder`` when the block ends without an exception.

    An earlier ``folder`` steps aside until the new one stands; ``recover`` puts it back after a
    kill between the two renames.
    """
    previous = _previous(folder)
    made = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        made = _aside(folder)
        made.chmod(0o755)
        yield made
        throw_away(previous)
        if folder.exists():
            folder.rename(previous)
        made.rename(folder)
        throw_away(previous)
    except OSError as error:
        recover(folder)
        raise InputError(
            _("{folder} cannot be written ({error}).").format(folder=folder, error=error.strerror)
        ) from error
    finally:
        recover(folder)
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def throw_away(folder: Path) -> None:
    """Remove ``folder`` so that a kill half-way leaves nothing under its name."""
    if folder.exists():
        place = _aside(folder.with_name(folder.name.removeprefix(".").removesuffix(".previous")))
        folder.rename(place / folder.name)
        shutil.rmtree(place, ignore_errors=True)
