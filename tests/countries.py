"""Invented landscapes that many tests read. They are frozen, so a process makes each only once."""

from functools import cache

from samenspel.landscape import example as drawn
from samenspel.landscape import generate as invented

example = cache(drawn.example)
generate = cache(invented.generate)
