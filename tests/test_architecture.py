"""The shape of the package: which way imports point, what may be heavy, how long a module may be."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ichviewer.domain.problems import ProblemCode

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ichviewer"
MODULES = sorted(PACKAGE.rglob("*.py"))
MODEL_RUNTIMES = {"tensorflow", "keras", "ai_edge_litert"}
WINDOW = {"PySide6", "pyqtgraph"}
LONGEST_MODULE = 500


def loaded_after(code: str) -> set[str]:
    """Top-level modules in `sys.modules` of a fresh interpreter after running ``code``."""
    tail = "\nimport sys; print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, check=True, cwd=ROOT
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("LOADED"))
    return set(line.split()[1:])


@pytest.mark.parametrize(
    "code",
    [
        "import ichviewer",
        "import ichviewer.cli",
        "from ichviewer.__main__ import main; main(['--help'])",
        "from ichviewer.__main__ import main; main(['--version'])",
    ],
)
def test_starting_up_loads_neither_a_model_runtime_nor_the_window(code):
    loaded = loaded_after(code)
    assert "ichviewer" in loaded
    assert not loaded & (MODEL_RUNTIMES | WINDOW)


@pytest.mark.parametrize("package", ["domain", "dicom", "inference", "services", "api", "learning"])
def test_importing_a_package_whole_loads_neither_a_model_runtime_nor_the_window(package):
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
        if path.is_relative_to(PACKAGE / package)
    ]
    loaded = loaded_after("\n".join(f"import {name}" for name in names))
    assert not loaded & (MODEL_RUNTIMES | WINDOW)


def test_importing_the_window_loads_no_model_runtime():
    loaded = loaded_after("import ichviewer.ui.app.main_window")
    assert "PySide6" in loaded
    assert not loaded & MODEL_RUNTIMES


def test_imports_point_one_way():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_modules_are_short_enough_to_read():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {str(path): n for path, n in lengths.items() if n >= LONGEST_MODULE} == {}


def test_modules_say_what_they_are_for():
    silent = [p for p in MODULES if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]
    assert [str(path) for path in silent] == []


def test_there_is_no_drawer_for_odds_and_ends():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [str(p) for p in MODULES if p.stem in drawers or p.parent.name in drawers] == []


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_is_raised_somewhere(code):
    table = PACKAGE / "domain" / "problems.py"
    users = [p for p in MODULES if p != table and f"ProblemCode.{code.name}" in p.read_text(encoding="utf-8")]
    assert users
