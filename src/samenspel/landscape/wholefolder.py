"""Writing a folder or a file whole or not at all, also through a kill at any moment."""

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from samenspel.errors import InputError
from samenspel.language import _

_busy: set[Path] = set()  # what this process is writing


def _previous(folder: Path) -> Path:
    folder = folder.resolve()  # a folder called “.” has no name of its own
    return folder.with_name(f".{folder.name}.previous")


def _aside(folder: Path) -> Path:
    """A new place beside ``folder`` for what is being made or thrown away by this process."""
    return Path(tempfile.mkdtemp(prefix=f"{_mark(folder)}{os.getpid()}-", dir=folder.parent))


def _mark(folder: Path) -> str:
    return f".{folder.name}.writing-"


def recover(folder: Path) -> None:
    """Put back the earlier folder where a write was killed between its two renames."""
    if not folder.exists() and _previous(folder).exists():
        _previous(folder).rename(folder)


def standing(folder: Path) -> Path:
    """Where to read ``folder``: its earlier self where a write was killed between its renames."""
    previous = _previous(folder)
    return previous if not folder.exists() and previous.exists() else folder


def sweep(folder: Path) -> None:
    """Remove what killed writes of ``folder`` left beside it."""
    for path in folder.parent.glob(f"{glob.escape(_mark(folder))}*"):
        process = path.name.removeprefix(_mark(folder)).partition("-")[0]
        own = process == str(os.getpid())
        busy = path in _busy if own else process.isdigit() and alive(int(process))
        if not busy:
            shutil.rmtree(path, ignore_errors=True)


def alive(process: int) -> bool:
    """Whether a process with this number runs."""
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
        _busy.add(made)
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
        if made is not None:
            _busy.discard(made)
        recover(folder)
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def throw_away(folder: Path) -> None:
    """Remove ``folder`` so that a kill half-way leaves nothing under its name."""
    if folder.exists():
        place = _aside(folder.with_name(folder.name.removeprefix(".").removesuffix(".previous")))
        folder.rename(place / folder.name)
        shutil.rmtree(place, ignore_errors=True)


def checked_place(path: Path) -> None:
    """Raise InputError where ``path`` is no place for a file: taken by something else, or in a
    folder that is not there (a slip of the pen more often than a wish for one)."""
    if path.exists() and not path.is_file():
        raise InputError(_("{file} is no file; name another place.").format(file=path))
    if not path.parent.is_dir():
        raise InputError(
            _("{file}: there is no folder {folder}; make it first, or name another place.").format(
                file=path, folder=path.parent
            )
        )


def whole_file(path: Path, content: bytes) -> None:
    """Write ``content`` as ``path``, whole or not at all; an earlier file is replaced. Raises
    InputError where that cannot be."""
    with whole_stream(path) as file:
        file.write(content)


@contextmanager
def whole_stream(path: Path) -> Iterator[BinaryIO]:
    """A file that becomes ``path`` when the block ends without an exception; an earlier file is
    replaced. Raises InputError where that cannot be."""
    made = None
    checked_place(path)
    try:
        path = path.resolve()
    except (OSError, RuntimeError) as error:
        raise unwritable(path, error) from error
    try:
        sweep(path)
        made = _aside(path)
        _busy.add(made)
        with (made / path.name).open("xb") as file:
            yield file
        (made / path.name).replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if made is not None:
            _busy.discard(made)
            shutil.rmtree(made, ignore_errors=True)


def unwritable(path: Path, error: Exception) -> InputError:
    return InputError(
        _("{file} cannot be written ({error}).").format(
            file=path, error=getattr(error, "strerror", None) or error
        )
    )
