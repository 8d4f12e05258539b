"""Operations on the policy of a study: a rule of the fund, a choice of an analysis."""

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from samenspel.language import _
from samenspel.scenario.operation import Done, Id, Operation, Plain, Reason, Thing, refuse_for
from samenspel.scenario.parameters import PARAMETERS
from samenspel.scenario.study import Policy, Study
from samenspel.scenario.things import hint

Key = Id | int


def steps(path: Any) -> Any:
    """``blocks.basic.share`` as its keys; a list is that already."""
    return path.split(".") if isinstance(path, str) else path


class ChangeFundRule(Operation):
    """What stands at ``path`` (keys, and numbers from 0 in a list) in the rules of the fund becomes
    ``value``. It must stand there already, unless ``add`` is true: then it must not."""

    called: ClassVar[str] = "change_fund_rule"
    path: Annotated[tuple[Key, ...], BeforeValidator(steps), Field(strict=False, min_length=1)]
    value: Plain
    add: bool = False

    def about(self) -> frozenset[Thing]:
        return frozenset({self.thing})

    @property
    def thing(self) -> Thing:
        return ("fund", ".".join(map(str, self.path)))

    def do(self, study: Study) -> Done:
        if study.policy.fund is None:
            refuse_for([self.because(_("This study has no rules of a fund; give them beside it."))])
        data = copy.deepcopy(dict(study.policy.fund or {}))
        place = self.place(data)
        last = self.key_in(place, self.path[-1])
        there = last is not None and (isinstance(place, list) or last in place)
        where = self.thing[1]
        if there and place[last] == self.value and type(place[last]) is type(self.value):
            text = _("This is done already: {path} is {value}.")
            refuse_for([self.because(text.format(path=where, value=self.value))])
        if there and self.add:
            text = _("{path} is in the rules of the fund already; leave out add to change it.")
            refuse_for([self.because(text.format(path=where))])
        if not there and not self.add:
            refuse_for([self.because(self.absent(place, self.path[-1]))])
        if isinstance(place, list) and not there:
            if str(self.path[-1]) != str(len(place)):
                refuse_for([self.because(self.absent(place, self.path[-1]))])
            place.append(copy.deepcopy(self.value))
        else:
            place[last if there else self.path[-1]] = copy.deepcopy(self.value)
        policy = Policy(MappingProxyType(data), study.policy.parameters)
        return Done(Study(study.landscape, policy))

    def because(self, text: str) -> Reason:
        return Reason(text, (self.thing,))

    def place(self, data: Any) -> Any:
        """The mapping or list that holds the last key of the path. Raises Refused."""
        for key in self.path[:-1]:
            found = self.key_in(data, key)
            if found is None:
                refuse_for([self.because(self.absent(data, key))])
            data = data[found]
        if not isinstance(data, (dict, list)):
            refuse_for([self.because(self.absent(data, self.path[-1]))])
        return data

    def key_in(self, place: Any, key: str | int) -> Any:
        """``key`` as ``place`` has it; None where it has not."""
        if isinstance(place, list):
            number = int(key) if str(key).isdecimal() else None
            return number if number is not None and number < len(place) else None
        if isinstance(place, dict):
            return next((one for one in place if str(one) == str(key)), None)
        return None

    def absent(self, place: Any, key: str | int) -> str:
        """That ``key`` is not in ``place``, and what is."""
        if isinstance(place, dict):
            known = hint(str(key), dict.fromkeys(map(str, place)))
        elif isinstance(place, list):
            known = _("; there are {count} items, from 0").format(count=len(place))
        else:
            known = _("; above it stands a value, no keys")
        text = _("The rules of the fund have no {key} at {path}{hint}.")
        return text.format(key=key, path=self.thing[1], hint=known)


class ChangeParameter(Operation):
    """The parameter ``name`` becomes ``value``; see ``PARAMETERS``."""

    called: ClassVar[str] = "change_parameter"
    name: Id
    value: Plain

    def about(self) -> frozenset[Thing]:
        return frozenset({("parameter", self.name)})

    def do(self, study: Study) -> Done:
        thing = (("parameter", self.name),)
        parameter = PARAMETERS.get(self.name)
        if parameter is None:
            text = _("There is no parameter {name}; there are {known}.")
            refuse_for([Reason(text.format(name=self.name, known=", ".join(PARAMETERS)), thing)])
        assert parameter is not None
        fault = parameter.fault(self.value)
        if fault is not None:
            refuse_for([Reason(f"{self.name}: {fault}", thing)])
        if study.policy.parameters.get(self.name, parameter.default) == self.value:
            text = _("This is done already: {name} is {value}.")
            refuse_for([Reason(text.format(name=self.name, value=self.value), thing)])
        parameters: Mapping[str, Any] = {**study.policy.parameters, self.name: self.value}
        policy = Policy(study.policy.fund, MappingProxyType(dict(parameters)))
        return Done(Study(study.landscape, policy))
