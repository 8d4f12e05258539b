"""Which code computes: what a result names, and what a checkpoint may be taken up by."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import samenspel

READ = (".py", ".yaml", ".css", ".html")


@cache
def code_version() -> str:
    """The version of the package and a fingerprint of its files; at most 40 characters. As the
    process began: files that change later are of the next one."""
    root = Path(samenspel.__file__).parent
    found = sha256()
    for file in sorted(path for path in root.rglob("*") if path.suffix in READ):
        found.update(f"{file.relative_to(root).as_posix()}\0".encode())
        found.update(sha256(file.read_bytes()).digest())
    return f"{version('samenspel')[:23]}+{found.hexdigest()[:16]}"
