"""A study: the landscape and the policy of which every analysis is a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from samenspel.landscape.landscape import Landscape


def nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Policy:
    """The rules and choices that hold beside the landscape.

    ``fund``: the municipal fund as the plain data of its YAML, None where none is given.
    ``parameters``: choices of the analyses by name; one that is absent is as without it.
    """

    fund: Mapping[str, Any] | None = None
    parameters: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True)
class Study:
    """A landscape and the policy that holds in it."""

    landscape: Landscape
    policy: Policy = field(default_factory=Policy)
