"""The file of a back-up: a ZIP with one file of lines for each table of the database and a manifest
that says what must be in them. A file is trusted no further than it was looked at."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register.portable import moment_in

FORMAT = "samenspel-register"
VERSION = 1
MANIFEST = "manifest.json"
MANIFEST_SIZE = 4_000_000
LINE = 512_000_000  # bytes; the longest are files that jobs made
SWELL = 200  # how many times larger than the file what is in it may be; tables swell about twenty


class Held(BaseModel):
    """One table: its file, its columns, and what the file must be: lines, bytes, SHA-256."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    file: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What a back-up holds. ``change``: the last change in it, and ``change_at`` its moment.
    ``migrations``: those that the database had had."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: str
    version: int
    code: str
    made_at: str
    change: int
    change_at: str | None
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Held, ...]

    @property
    def rows(self) -> int:
        return sum(held.rows for held in self.tables)


@dataclass
class Writing:
    """A file of lines on its way into a back-up."""

    file: BinaryIO
    rows: int = 0
    size: int = 0

    def __post_init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, line: bytes) -> None:
        self.file.write(line)
        self.hash.update(line)
        self.rows += 1
        self.size += len(line)


@contextmanager
def entry(into: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    """The file ``name`` of a back-up, to be written."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with into.open(info, "w", force_zip64=True) as file:
        yield file  # type: ignore[misc]


@dataclass(frozen=True)
class Archive:
    """A back-up that is open to be read."""

    path: Path
    zip: zipfile.ZipFile
    manifest: Manifest

    def lines(self, held: Held) -> Iterator[bytes]:
        """The lines of the table ``held``, a line in memory at a time. Raises InputError, at the
        latest after the last, where they are not those of the manifest."""
        read, rows, hashed = 0, 0, hashlib.sha256()
        try:
            with self.zip.open(held.file) as file:
                while line := file.readline(LINE):
                    read, rows = read + len(line), rows + 1
                    hashed.update(line)
                    if read > held.bytes or not line.endswith(b"\n"):
                        raise damaged(self.path, held.file)
                    yield line
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise damaged(self.path, held.file) from error
        if (read, rows, hashed.hexdigest()) != (held.bytes, held.rows, held.sha256):
            raise damaged(self.path, held.file)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The back-up ``path``, every byte of which was looked at. Raises InputError where it is none,
    or not whole."""
    if not path.is_file():
        raise InputError(_("There is no file {file}.").format(file=path))
    try:
        size = path.stat().st_size
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(
            _("{file} is no back-up of a register, or was cut off; look for another copy.").format(
                file=path
            )
        ) from error
    with file:
        found = Archive(path, file, manifest(path, file, size))
        for held in found.manifest.tables:
            for _line in found.lines(held):
                pass
        yield found


def manifest(path: Path, file: zipfile.ZipFile, size: int) -> Manifest:
    """What ``file`` says of itself, once that agrees with what lies in it."""
    infos = {info.filename: info for info in file.infolist()}
    if MANIFEST not in infos:
        raise foreign(path)
    packed = sum(info.compress_size for info in infos.values())
    unpacked = sum(info.file_size for info in infos.values())
    if infos[MANIFEST].file_size > MANIFEST_SIZE or packed > size or unpacked > SWELL * size:
        raise InputError(
            _("{file} holds more than a back-up of its size can; it is not opened.").format(
                file=path
            )
        )
    try:
        with file.open(MANIFEST) as opened_manifest:
            content = opened_manifest.read(MANIFEST_SIZE + 1)
        found = json.loads(content)
    except (ValueError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RecursionError) as error:
        raise damaged(path, MANIFEST) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise foreign(path)
    if found.get("version") != VERSION:
        raise InputError(
            _("{file} is a back-up of form {version}, which this version of Samenspel does not "
              "read; it reads form {own}.").format(
                file=path, version=found.get("version"), own=VERSION
            )
        )  # fmt: skip
    try:
        told = Manifest.model_validate_json(content)
        moment_in(told.made_at)
    except (ValidationError, ValueError) as error:
        raise damaged(path, MANIFEST) from error
    sizes = {held.file: held.bytes for held in told.tables}
    if len(sizes) < len(told.tables) or len(infos) < len(file.infolist()):
        raise damaged(path, MANIFEST)
    if sizes != {name: info.file_size for name, info in infos.items() if name != MANIFEST}:
        raise damaged(path, MANIFEST)
    return told


def foreign(path: Path) -> InputError:
    return InputError(
        _("{file} is a ZIP file, but no back-up of a register; name one that was made by "
          "samenspel register backup.").format(file=path)
    )  # fmt: skip


def damaged(path: Path, part: str) -> InputError:
    return InputError(
        _("{file} is damaged: {part} is not what was written; nothing is restored; look for "
          "another copy.").format(file=path, part=part)
    )  # fmt: skip


def told(manifest: Manifest) -> bytes:
    """The manifest as it stands in a back-up."""
    return (json.dumps(manifest.model_dump(), ensure_ascii=False, indent=1) + "\n").encode()
