"""What ``compare`` does with two landscapes, with scenarios, and with two files of sharing; and how
it knows which of these is meant."""

import json as json_module
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from samenspel.cli.common import print_json, tell_other_day
from samenspel.cli.searching import typed
from samenspel.errors import InputError
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.compare.compare import Comparison
    from samenspel.scenario.scenario import Scenario
    from samenspel.scenario.study import Study

PLAN, LANDSCAPE, SCENARIO, SHARING = "plan", "landscape", "scenario", "sharing"
TEXTS = (".yaml", ".yml")
Json = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """What is asked of a comparison that is none of plans. ``only``: the pieces, with commas."""

    fund: Path | None = None
    zoning: str | None = None
    only: str | None = None
    everything: bool = False
    combine: bool = False
    out: Path | None = None
    page: Path | None = None
    date: datetime | None = None
    json: bool = False


# The options that each kind takes beside --out and --json.
TAKES = {
    PLAN: ("page", "date"),
    LANDSCAPE: ("fund", "zoning", "only", "everything", "page", "date"),
    SCENARIO: ("fund", "zoning", "only", "everything", "combine", "page", "date"),
    SHARING: ("everything",),
}
TYPED = {"everything": "--all"}


def kind_of(first: str, others: Sequence[str]) -> str:
    """What is to be compared: the first argument and the others decide. Raises InputError where
    they are of different kinds."""
    kinds = [kind_of_word(word) for word in (first, *others)]
    if not Path(first).exists():
        kinds[0] = LANDSCAPE  # which is not there, as reading it will say
    if kinds[0] == LANDSCAPE and kinds[1:]:
        named = set(kinds[1:])
        if len(named) == 1 and SHARING not in named:
            return kinds[1]
    if kinds == [SHARING, SHARING]:
        return SHARING
    told = {
        PLAN: _("a plan"), LANDSCAPE: _("a landscape folder"), SCENARIO: _("a scenario"),
        SHARING: _("a file of sharing"),
    }  # fmt: skip
    listed = ", ".join(
        f"{word}: {told[kind]}" for word, kind in zip((first, *others), kinds, strict=True)
    )
    raise InputError(
        _("Compare a landscape folder with plans, with another landscape or with scenarios, or two "
          "files of sharing; this is {listed}.").format(listed=listed)
    )  # fmt: skip


def kind_of_word(word: str) -> str:
    """What one argument is: a folder, or what the file holds; a plan where it is no file."""
    path = Path(word)
    if path.is_dir():
        return LANDSCAPE
    suffix = path.suffix.lower()
    if suffix == ".json":
        return kind_of_keys(keys_of(path, json_module.loads)) or PLAN
    if suffix not in TEXTS:
        return PLAN
    if not path.is_file():
        raise InputError(_("{file}: there is no such file.").format(file=word))
    found = kind_of_keys(keys_of(path, lambda text: yaml.load(text, yaml.BaseLoader)))
    if found is None:
        raise InputError(
            _("{file}: this is neither a scenario nor a file of sharing; a scenario has "
              "operations, a file of sharing says what is shared.").format(file=word)
        )  # fmt: skip
    return found


def keys_of(path: Path, read: Callable[[str], Any]) -> set[str]:
    """The keys of what a file holds; none where it cannot be read: its own reader says why."""
    try:
        found = read(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return set()
    return set(found) if isinstance(found, Mapping) else set()


def kind_of_keys(keys: set[str]) -> str | None:
    """Whether a file with ``keys`` is a scenario, a plan or a file of sharing; None where none."""
    from samenspel.sharing.sharefile import KEYS

    if "operations" in keys:
        return SCENARIO
    if "plan" in keys:
        return PLAN
    return SHARING if keys & (set(KEYS) - {"title", "source", "status", "note"}) else None


def checked_options(kind: str, options: Options, drawn: Mapping[str, bool]) -> None:
    """Raise InputError for an option that has no meaning for what is compared. ``drawn``: which
    options on plans were given."""
    plain = Options()
    given = {name: value != getattr(plain, name) for name, value in vars(options).items()}
    for name, there in {**given, **drawn}.items():
        if not there or name in ("out", "json", *TAKES[kind]) or (kind == PLAN and name in drawn):
            continue
        option = TYPED.get(name, f"--{name}")
        asked = {
            PLAN: _("plans"), LANDSCAPE: _("landscapes"), SCENARIO: _("scenarios"),
            SHARING: _("files of sharing"),
        }[kind]  # fmt: skip
        raise InputError(
            _("{option} has no meaning for {kind}; leave it out.").format(option=option, kind=asked)
        )


def pieces_of(text: str | None) -> tuple[str, ...]:
    """The pieces of --only; all where it is absent. Raises InputError."""
    from samenspel.compare.compare import PIECES

    if text is None:
        return PIECES
    named = [word.strip() for word in text.split(",")]
    for name in named:
        if name not in PIECES:
            raise InputError(
                _("--only {text}: there is no piece “{name}”; choose among {known}.").format(
                    text=text, name=name, known=", ".join(PIECES)
                )
            )
    return tuple(dict.fromkeys(named))


def checked_fund(only: Sequence[str], options: Options) -> None:
    """Raise InputError where nothing but a fund is asked for and none is given."""
    if tuple(only) == ("fund",) and options.fund is None:
        raise InputError(_("--only fund needs the rules of a fund; give them with --fund."))


def checked_written(out: Path | None, page: Path | None) -> None:
    """Raise InputError where one of the files cannot be written, before anything is computed."""
    from samenspel.landscape.wholefolder import checked_place
    from samenspel.reports.page import may_replace

    if out is not None:
        if out.suffix.lower() != ".json":
            raise InputError(_("--out {file}: give a name that ends in .json.").format(file=out))
        checked_place(out)
    if page is not None:
        may_replace(page)


def study_of(folder: Path, options: Options) -> "Study":
    """The landscape in ``folder`` with the rules of the fund, where given."""
    from samenspel.fund.reading import read_rules
    from samenspel.landscape.load import load
    from samenspel.scenario.study import Policy, Study

    fund = None if options.fund is None else read_rules(options.fund).data
    landscape = load(folder, options.date.date() if options.date else None)
    tell_other_day(folder, landscape.date)
    return Study(landscape, Policy(fund))


def landscapes(folder: Path, others: Sequence[str], options: Options) -> None:
    """Each other landscape beside the first."""
    checked_written(options.out, options.page)
    only = pieces_of(options.only)
    checked_fund(only, options)
    before = study_of(folder, options)
    found = []
    for word in others:
        if Path(word).resolve() == folder.resolve():
            raise InputError(
                _("The landscape {folder} is named twice; name two.").format(folder=word)
            )
        after = study_of(Path(word), options)
        checked_shared(before, after)
        found.append(({"file": word, "title": title_of(after), "notes": []},
                      compared(before, after, only, options)))  # fmt: skip
    told(LANDSCAPE, before, found, options)


def title_of(study: "Study") -> str:
    from samenspel.words import day

    about = study.landscape.about
    return _("{name} on {date}").format(
        name=about.name or _("Landscape"), date=day(study.landscape.date.isoformat())
    )


def checked_shared(before: "Study", after: "Study") -> None:
    """Raise InputError where two landscapes are of different land."""
    from samenspel.compare.matching import beside

    if not any(group.both for group in beside(before.landscape, after.landscape).towns.groups):
        raise InputError(
            _("These two landscapes have no municipality in common; compare two of the same land.")
        )


def compared(
    before: "Study", after: "Study", only: Sequence[str], options: Options
) -> "Comparison":
    from samenspel.compare.compare import compare

    return compare(before, after, only, options.zoning)


def scenarios(folder: Path, files: Sequence[str], options: Options) -> None:
    """The landscape after each scenario beside the landscape; after all of them together where
    --combine asks for it."""
    from samenspel.cli.supposing import read, refuse
    from samenspel.scenario.scenario import apply

    checked_written(options.out, options.page)
    only = pieces_of(options.only)
    checked_fund(only, options)
    if options.combine and len(files) < 2:
        raise InputError(_("--combine puts scenarios together; name two or more."))
    paths = [Path(word) for word in files]
    for place, path in enumerate(paths):
        if path.resolve() in [other.resolve() for other in paths[:place]]:
            raise InputError(
                _("The scenario {file} is named twice; name it once.").format(file=path)
            )
    read_ones = [read(path, json=options.json) for path in paths]
    before = study_of(folder, options)
    found = []
    for path, scenario in zip(paths, read_ones, strict=True):
        applied = apply(before, scenario)
        refuse(scenario, path, applied, json=options.json)
        assert applied.study is not None
        head = {
            "file": str(path),
            "title": scenario.title or path.name,
            "operations": [one.called for one in scenario.operations],
            "notes": list(applied.notes),
        }
        found.append((head, compared(before, applied.study, only, options)))
    if options.combine:
        study, head = together(before, paths, read_ones, json=options.json)
        found.append((head, compared(before, study, only, options)))
    told(SCENARIO, before, found, options)


def together(
    before: "Study", paths: Sequence[Path], scenarios: Sequence["Scenario"], *, json: bool
) -> tuple["Study", Json]:
    """All scenarios as one, the first two first. Raises InputError where two cannot go together,
    and shows where."""
    from samenspel.scenario.scenario import combine
    from samenspel.terminal.scenario import show_apart

    whole, study, notes = scenarios[0], before, list[str]()
    for place, scenario in enumerate(scenarios[1:], 1):
        combined = combine(before, whole, scenario)
        if combined.scenario is None or combined.study is None:
            if json:
                print_json({"kind": SCENARIO, "comparisons": [], **combined.as_json()})
            else:
                show_apart(combined)
            raise InputError(
                _("{first} and {second} cannot be combined on this landscape; it is said above "
                  "where.").format(
                    first=" + ".join(map(str, paths[:place])), second=paths[place])
            )  # fmt: skip
        whole, study = combined.scenario, combined.study
        notes += [note for note in combined.notes if note not in notes]
    return study, {
        "file": None,
        "title": _("all together"),
        "operations": [one.called for one in whole.operations],
        "notes": notes,
    }


def told(
    kind: str, before: "Study", found: Sequence[tuple[Json, "Comparison"]], options: Options
) -> None:
    """Write and show comparisons of one study with others."""
    from samenspel.reports.comparing import compared_page
    from samenspel.screening.screen import about
    from samenspel.terminal.comparing import show_comparisons

    data: Json = {
        "kind": kind,
        "landscape": about(before.landscape),
        "only": list(pieces_of(options.only)),
        "everything": options.everything,
        "comparisons": [
            {**head, **one.as_json(everything=options.everything)} for head, one in found
        ],
    }
    written = write_json(data, options.out)
    if options.page is not None:
        shown = [(head["title"], one) for head, one in found]
        page = compared_page(data, shown, typed())
        write_text(options.page, page)
        written.append(options.page)
    if options.json:
        print_json(data)
    else:
        show_comparisons(data, written)


def sharings(first: Path, others: Sequence[str], options: Options) -> None:
    """Two files of sharing side by side."""
    from samenspel.compare.sharing import sharings as compare_sharings
    from samenspel.sharing.share import share
    from samenspel.sharing.sharefile import read_sharefile
    from samenspel.terminal.comparing import show_sharings

    checked_written(options.out, None)
    second = Path(others[0])
    if first.resolve() == second.resolve():
        raise InputError(_("The file {file} is named twice; name two.").format(file=second))
    before, after = (share(read_sharefile(file)) for file in (first, second))
    found = compare_sharings(before, after)
    data: Json = {
        "kind": SHARING,
        "before": of_file(first, before),
        "after": of_file(second, after),
        "equal": not found.differences,
        **found.as_json(everything=options.everything),
    }
    written = write_json(data, options.out)
    if options.json:
        print_json(data)
    else:
        show_sharings(data, written)


def of_file(file: Path, found: Any) -> Json:
    """What a file of sharing says of itself."""
    return {
        "file": str(file),
        "title": found.file.title,
        "source": found.file.source,
        "status": found.file.status,
        "fictional": found.file.fictional,
        "kind": found.kind,
    }


def write_json(data: Json, out: Path | None) -> list[Path]:
    """Write ``data`` as ``out``, where that is asked; the file written."""
    if out is None:
        return []
    write_text(out, json_module.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return [out]


def write_text(out: Path, text: str) -> None:
    from samenspel.landscape.wholefolder import whole_file

    whole_file(out, text.encode())


DO: Mapping[str, Callable[[Path, Sequence[str], Options], None]] = {
    LANDSCAPE: landscapes,
    SCENARIO: scenarios,
    SHARING: sharings,
}
