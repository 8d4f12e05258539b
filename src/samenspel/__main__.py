"""The prompt's door: choose the language, run the command, say errors in one line."""

import io
import os
import sys

from samenspel import interrupts, language
from samenspel.errors import InputError
from samenspel.interrupts import INTERRUPTED

WRONG_INPUT = 2


def chosen_language(arguments: list[str]) -> tuple[str, list[str]]:
    """The language asked for (``--lang`` anywhere, else SAMENSPEL_LANG, else Dutch) and the other
    arguments. Raises InputError for a language that is not spoken."""
    rest, chosen = [], os.environ.get("SAMENSPEL_LANG") or language.DEFAULT
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument == "--lang":
            chosen = next(waiting, "")
        elif argument.startswith("--lang="):
            chosen = argument.partition("=")[2]
        else:
            rest.append(argument)
    if chosen not in language.LANGUAGES:
        raise InputError(f"--lang {chosen}: kies nl of en / choose nl or en.")
    return chosen, rest


def main() -> None:
    """Run ``samenspel`` with the arguments of the process; exits with 0, 1, 2 or 130."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        chosen, sys.argv[1:] = chosen_language(sys.argv[1:])
        language.use(chosen)
        with interrupts.loading():
            from samenspel.cli import run

        code = run()
        if code == INTERRUPTED:
            interrupts.tell()
        sys.exit(code)
    except InputError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        sys.exit(WRONG_INPUT)
    except KeyboardInterrupt:
        interrupts.tell()
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
