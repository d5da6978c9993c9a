from __future__ import annotations

import logging
import warnings

import pytest

from ichviewer import logs


@pytest.fixture(autouse=True)
def as_before(monkeypatch):
    log, root = logging.getLogger("ichviewer"), logging.getLogger()
    before = log.handlers[:], log.level, log.propagate, root.handlers[:]
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    yield
    log.handlers[:], log.propagate, root.handlers[:] = before[0], before[2], before[3]
    log.setLevel(before[1])


def test_a_name_cannot_control_the_terminal_or_forge_a_line(capsys):
    logs.setup()
    logging.getLogger("ichviewer.x").warning("cannot read %s", "a\x1b[31m\u202e\nERROR forged")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("ichviewer.x: cannot read a\\u001b[31m\\u202e\\nERROR forged")


def test_a_traceback_keeps_its_lines_and_nothing_else(capsys):
    logs.setup(verbose=True)
    try:
        raise ValueError("\x1b[2J")
    except ValueError:
        logging.getLogger("ichviewer").debug("details", exc_info=True)
    err = capsys.readouterr().err
    assert "\n    raise ValueError" in err
    assert "\x1b" not in err


@pytest.mark.parametrize("verbose", [False, True])
def test_libraries_are_heard_only_when_wanted(capsys, verbose):
    logs.setup(verbose=not verbose)
    logs.setup(verbose=verbose)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        shown = warnings.showwarning
        warnings.showwarning = logs._log_warning
        warnings.warn("odd \x1b value", UserWarning, stacklevel=1)
        warnings.showwarning = shown
    logging.getLogger("PIL.Image").warning("a chunk is broken")
    err = capsys.readouterr().err
    assert ("UserWarning: odd \\u001b value" in err) is verbose
    assert ("a chunk is broken" in err) is verbose
    assert err.count("a chunk") <= 1
    if not verbose:
        assert err == ""
