"""What a kind of job is, and how its inputs are checked, with the key and the remedy of a fault."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from samenspel import language
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _, mark

if TYPE_CHECKING:
    from samenspel.register.jobs.desk import Desk

Json = dict[str, Any]
NEEDED = ("numba", "ortools")
SHAPES = {
    "string_type": mark("it needs text"),
    "int_type": mark("it needs a whole number"),
    "int_from_float": mark("it needs a whole number"),
    "float_type": mark("it needs a number"),
    "finite_number": mark("it needs a number"),
    "bool_type": mark("it needs true or false"),
    "list_type": mark("it needs a list"),
    "dict_type": mark("it needs keys with values"),
    "model_type": mark("it needs keys with values"),
    "missing": mark("it is missing; give it"),
    "extra_forbidden": mark("unknown; use one of {known}"),
    "literal_error": mark("use one of {expected}"),
    "greater_than": mark("it needs a number above {gt}"),
    "greater_than_equal": mark("it needs a number from {ge} on"),
    "less_than_equal": mark("it needs a number up to {le}"),
}
OPTION = re.compile(r"--(?=[a-z])")


class Inputs(BaseModel):
    """What a job is asked. ``lang``: the language of the words in its result; else that of whoever
    asks."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    lang: Literal["nl", "en"] = Field(default_factory=lambda: said_now())


def said_now() -> Literal["nl", "en"]:
    return "en" if language.spoken() == "en" else "nl"


@dataclass(frozen=True)
class Kind:
    """``inputs``: the words that it takes. ``look(landscape, inputs)`` raises InputError for what
    can be seen beforehand to be wrong; ``run(landscape, inputs, seed, desk)`` gives the result.
    ``solves``: whether it needs the extra ``solve``."""

    name: str
    inputs: type[Inputs]
    looks: Callable[[Landscape, Any], object]
    run: Callable[[Landscape, Any, int, "Desk"], Json]
    solves: bool = True

    def checked(self, given: Mapping[str, Any]) -> Inputs:
        """``given`` as the inputs of this kind. Raises InputError with the first key that is
        wrong."""
        if self.solves and any(find_spec(name) is None for name in NEEDED):
            raise InputError(
                _("Drawing zones needs Numba and OR-Tools; install them with: pip install "
                  "samenspel[solve]")
            )  # fmt: skip
        try:
            return self.inputs.model_validate(dict(given))
        except ValidationError as error:
            raise InputError(fault(self.inputs, error)) from error

    def look(self, landscape: Landscape, inputs: Inputs) -> None:
        """Raises InputError for inputs that name what the landscape does not have."""
        with as_keys():
            self.looks(landscape, inputs)


def fault(model: type[Inputs], error: ValidationError) -> str:
    """The first fault: the key, what is wrong and what belongs there."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"] if not str(part).endswith("]"))
    shape = SHAPES.get(first["type"], mark("this does not belong here"))
    said = {name: str(value).replace(" or ", ", ") for name, value in first.get("ctx", {}).items()}
    what = _(shape).format(known=", ".join(model.model_fields), **said)
    return _("{key}: {what}.").format(key=key or "inputs", what=what)


@contextmanager
def as_keys() -> Iterator[None]:
    """Faults in the words of the command line come out in the keys of a job: without the dashes."""
    try:
        yield
    except InputError as error:
        raise InputError(OPTION.sub("", str(error))) from error
