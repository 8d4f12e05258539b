"""Chains from start to end: one as plain data, and all of them over the cores of a machine."""

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from samenspel.delineation.chains.land import Land
from samenspel.delineation.chains.recombination import work_of
from samenspel.delineation.chains.state import state_of
from samenspel.delineation.chains.steps import RECOM, advance, rows_of
from samenspel.delineation.problem import Floats, Ints, Words

Progress = Callable[[int, int], None]


class How(NamedTuple):
    """How chains run: ``kind`` is its number in ``ensemble.KINDS``; the rest as in ``ensemble``."""

    kind: int
    steps: int
    thin: int
    seed: int
    tries: int
    most: int
    beta: float
    keep: bool


class Chain(NamedTuple):
    """What one chain brings: see ``chains.Rows``. ``steps``: how many it made."""

    sums: Floats
    penalty: Floats
    word: Words
    zone: NDArray[np.int16]
    shared: Ints
    tally: Ints
    steps: int


def run_chain(
    land: Land,
    zone: Ints,
    sums: Floats,
    how: How,
    chain: int,
    tell: Callable[[int], bool] | None = None,
) -> Chain:
    """Chain number ``chain`` from the plan ``zone`` (of each node) with its ``sums``. Plain data in
    and out, so it can run anywhere. ``tell(steps made)`` is asked now and then whether to go on."""
    words = np.random.SeedSequence((how.seed, chain)).generate_state(4, np.uint64)
    state = state_of(land, zone, sums, words.astype(np.uint64))
    work, rows = work_of(land), rows_of(land, how.steps // how.thin, how.keep)
    part = max(1, (300_000 if how.kind == RECOM else 3_000_000) // max(len(zone), 1))
    done = 0
    while (tell is None or tell(done)) and done < how.steps:
        end = min(done + part, how.steps)
        advance(
            land, state, work, rows, how.kind, done, end, how.thin, how.tries, how.most, how.beta
        )
        done = end
    records = done // how.thin
    return Chain(
        rows.sums[:records],
        rows.penalty[:records],
        rows.word[:records],
        rows.zone[:records],
        rows.shared,
        rows.tally,
        done,
    )


def run_all(
    land: Land,
    zone: Ints,
    sums: Floats,
    how: How,
    chains: int,
    seconds: float | None,
    progress: Progress | None,
    known: Mapping[int, Chain] | None = None,
    keep: Callable[[int, Chain], None] | None = None,
) -> list[Chain]:
    """All chains, over the cores; those that the clock or an interruption ends are shorter.
    ``known``: chains that are whole already, by number; ``keep`` is told, in the calling thread,
    of each other one as soon as it is whole."""
    compile_now(land, zone, sums)
    started, stop = time.monotonic(), Event()
    news: SimpleQueue[tuple[int, int]] = SimpleQueue()
    known = known or {}
    done = [how.steps if chain in known else 0 for chain in range(chains)]

    def teller(chain: int) -> Callable[[int], bool]:
        def tell(steps: int) -> bool:
            news.put((chain, steps))
            return not stop.is_set()

        return tell

    with ThreadPoolExecutor(min(chains, os.cpu_count() or 1)) as pool:
        jobs = {
            chain: pool.submit(run_chain, land, zone, sums, how, chain, teller(chain))
            for chain in range(chains)
            if chain not in known
        }
        kept: set[int] = set()

        def keep_whole() -> None:
            for chain, job in jobs.items():
                if keep is None or chain in kept or not job.done():
                    continue
                kept.add(chain)
                if job.result().steps == how.steps:
                    keep(chain, job.result())

        try:
            while not all(job.done() for job in jobs.values()) or not news.empty():
                if seconds is not None and time.monotonic() - started >= seconds:
                    stop.set()
                keep_whole()
                try:
                    chain, steps = news.get(timeout=0.05)
                except Empty:
                    continue
                done[chain] = steps
                if progress is not None:
                    progress(sum(done), chains * how.steps)
            keep_whole()
        except KeyboardInterrupt:
            stop.set()
        except BaseException:
            stop.set()
            raise
        return [known[c] if c in known else jobs[c].result() for c in range(chains)]


def compile_now(land: Land, zone: Ints, sums: Floats) -> None:
    """Have the kernels compiled, or loaded from where they are kept."""
    state = state_of(land, zone, sums, np.ones(4, np.uint64))
    advance(land, state, work_of(land), rows_of(land, 0, False), 0, 0, 0, 1, 1, 0, 0.0)
