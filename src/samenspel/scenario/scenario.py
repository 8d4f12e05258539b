"""A scenario: a list of operations that makes another study of one; read, applied, combined.

This is the door of the room: what others use of it stands in ``__all__``.
"""

from samenspel.scenario.applying import Applied, Fault, apply
from samenspel.scenario.combining import Clash, Combined, combine
from samenspel.scenario.given import Scenario
from samenspel.scenario.reading import FaultOfForm, ScenarioError, read_scenario
from samenspel.scenario.writing import write_scenario

__all__ = [
    "Applied",
    "Clash",
    "Combined",
    "Fault",
    "FaultOfForm",
    "Scenario",
    "ScenarioError",
    "apply",
    "combine",
    "read_scenario",
    "write_scenario",
]
