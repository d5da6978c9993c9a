"""What goes through one place only: files that are written, and text that a person sees on a terminal."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ichviewer"
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    # Training writes data sets of its own making, and is no tool for patients' data.
    if not path.is_relative_to(PACKAGE / "learning") and not path.is_relative_to(PACKAGE / "cli" / "learn")
]

WRITERS = {
    "network/private_folder.py",
    "services/atomic_file.py",
    "services/bug_report.py",
    "services/database_file.py",
    "services/deidentify_key.py",
    "services/result_journal.py",
}
"""Where files are opened for writing."""
GUARDED = {
    "network/arrivals.py",
    "services/deidentify_export.py",
    "services/golden.py",
    "services/outputs.py",
    "services/series_pictures.py",
}
"""Where that is asked for: behind the guard, by makers of models, and for new files under new names."""
SPEAKERS = {"cli/console.py", "__main__.py"}


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a module, by the last part of the name that is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def writes(name: str, call: ast.Call) -> bool:
    if name in ("write_bytes", "write_text", "copy2", "copyfile", "copytree", "savez", "mkstemp", "touch"):
        return True
    if name == "connect" and ast.unparse(call.func) == "sqlite3.connect":
        return True
    texts = [a.value for a in [*call.args, *(k.value for k in call.keywords)] if isinstance(a, ast.Constant)]
    return name in ("open", "fdopen", "FileIO") and any(
        t in ("w", "wb", "a", "ab", "x", "xb", "r+b") for t in texts
    )


def users(wanted) -> set[str]:
    return {
        str(path.relative_to(PACKAGE)) for path in MODULES for name, call in calls(path) if wanted(name, call)
    }


def test_files_are_written_in_one_place():
    found = users(writes)
    # Streams that go nowhere; a file made to be empty, readable by the user only; a file to try whether one can be;
    # a process's own stderr and /dev/null.
    harmless = {
        "__main__.py",
        "dicom/native_stderr.py",
        "services/decoder.py",
        "services/outputs.py",
        "ui/session/ui_settings.py",
    }
    assert found - harmless == WRITERS


def test_nothing_is_written_past_the_guard():
    assert users(lambda name, _: name in ("write_atomically", "write_all_atomically")) - WRITERS == GUARDED


def test_people_are_told_in_one_place():
    assert users(lambda name, call: name in ("echo", "print", "secho")) - SPEAKERS == set()


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name == "cli"], ids=lambda p: p.stem)
def test_no_command_uses_the_streams_itself(path):
    names = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and ast.unparse(node.value) in ("sys.stdout", "sys.stderr")
    }
    assert path.name == "console.py" or not names
