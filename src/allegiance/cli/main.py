"""`allegiance`: the program's commands, and one place that turns errors into exit codes.

0 done; 1 the machine failed, finished chunks kept; 2 the input is wrong; 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, NoReturn

import typer

from allegiance import __version__
from allegiance.cases.errors import CaseError, short
from allegiance.cli import (
    calibrate,
    cases,
    compare,
    confront,
    contrast,
    crises,
    explain,
    forecast,
    mechanisms,
    report,
    run,
    serve,
    survival,
    usage,
)
from allegiance.engine import interrupts


class Stopped(Exception):
    """The user pressed Ctrl-C. Typer would turn it into a bare exit, without its notes."""


def _stoppable(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            with interrupts.noted():
                command(*arguments, **options)
                sys.stdout.flush()
        except KeyboardInterrupt as error:
            raise Stopped(_sentence("interrupted", error)) from None
        except BrokenPipeError:
            # Whoever read the output has seen enough; closing it again must not complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    return run


app = typer.Typer(
    name="allegiance",
    help="Simulate how great powers keep client regimes alive, and what that costs them.",
    epilog="Start with: allegiance run syria --runs 200",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in (
    run.run,
    contrast.contrast,
    explain.explain,
    confront.confront,
    compare.compare,
    calibrate.calibrate,
    forecast.forecast,
    report.report,
    cases.cases,
    cases.show,
    cases.check,
    cases.new,
    mechanisms.mechanisms,
    mechanisms.parameters,
    crises.crises,
    survival.survival,
    serve.serve,
):
    app.command()(_stoppable(command))


def _version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the program and leave it with its exit code; a polite kill is an interruption too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    interrupts.listen()
    left = code(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):  # the work is done: Python leaves undisturbed
        signal.signal(number, signal.SIG_IGN)
    sys.exit(left)


def code(arguments: list[str] | None = None) -> int:
    """Run the program (default: with the arguments of this process); return its exit code."""
    arguments = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    command: Any = typer.main.get_command(app)
    try:
        return command.main(arguments, prog_name="allegiance", standalone_mode=False) or 0
    except CaseError as error:
        return say(str(error), 2)
    except Stopped as error:
        return say(str(error), interrupts.CODE)
    except KeyboardInterrupt:
        return say("interrupted", interrupts.CODE)
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        return say(_sentence(f"{error.strerror or error}{place}", error), 1)
    except MemoryError:
        return say("the machine failed: out of memory; fewer --record take less", 1)
    except Exception as error:
        message = getattr(error, "format_message", None)  # the command line cannot be parsed
        if message is None:
            raise
        return say(str(usage.told(error, message())), 2)


def _sentence(text: str, error: BaseException) -> str:
    """What happened, and the notes that were added on the way."""
    return "; ".join([text, *getattr(error, "__notes__", ())])


def say(text: str, number: int = 2) -> int:
    """Print one paragraph on standard error; return the exit code that goes with it."""
    print(f"allegiance: {short(text, 2000)}", file=sys.stderr)
    return number
