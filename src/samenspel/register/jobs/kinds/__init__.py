"""What can be computed in the background, each the twin of a command: same words, same JSON."""

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register.jobs.kinds import delineation, ensemble, plan, report
from samenspel.register.jobs.kinds.kind import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (delineation.KIND, ensemble.KIND, plan.KIND, report.KIND)
}


def kind_of(name: str) -> Kind:
    """The kind called ``name``. Raises InputError where there is none."""
    if name not in KINDS:
        raise InputError(
            _("There is no job of kind “{kind}”; use one of {known}.").format(
                kind=name, known=", ".join(KINDS)
            )
        )
    return KINDS[name]
