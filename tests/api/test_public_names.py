from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ichviewer

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
HEADINGS = dict(re.findall(r"^### `(\w+)(\(.*\))?`$", PAGE, re.M))
SOURCE = ast.parse((ROOT / "ichviewer" / "__init__.py").read_text(encoding="utf-8"))
IMPORT_S = 0.2


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=120
    )
    return done.stdout


def plain_signature(function: object) -> str:
    """Names, kinds and defaults of the parameters, without types."""
    signature = inspect.signature(function)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(inspect.Signature(bare))


def test_the_page_lists_the_public_names_and_no_others() -> None:
    assert sorted(HEADINGS) == sorted(ichviewer.__all__)


@pytest.mark.parametrize("name", [n for n in ichviewer.__all__ if inspect.isfunction(getattr(ichviewer, n))])
def test_the_page_tells_the_signature(name: str) -> None:
    assert HEADINGS[name] == plain_signature(getattr(ichviewer, name))


def test_the_page_tells_what_findings_have() -> None:
    section = PAGE[PAGE.index("### `Findings`") : PAGE.index("### `SeriesFindings`")]
    told = set(re.findall(r"`(\w+)(?:\(\w*\))?`", section))
    # How findings are built is not for scripts.
    members = {n for n in dir(ichviewer.Findings) if not n.startswith("_")} | {"point", "analyzed_at"}
    assert members - {"opened"} <= told


@pytest.mark.parametrize("name", ichviewer.__all__)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    value = getattr(ichviewer, name)
    assert name in dir(ichviewer)
    if inspect.isclass(value) or inspect.isfunction(value) or inspect.ismodule(value):
        assert inspect.getdoc(value)


def test_type_checkers_see_the_names_that_are_loaded_at_run_time() -> None:
    (choice,) = [node for node in SOURCE.body if isinstance(node, ast.If)]
    seen = {
        (node.module, alias.name)
        for node in choice.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {name for _, name in seen} == set(ichviewer.__all__) - {"__version__"}
    for module, name in seen - {("ichviewer", "errors")}:
        value = getattr(ichviewer, name)
        assert getattr(sys.modules[module], name) is value


def test_the_package_carries_its_types() -> None:
    assert (ROOT / "ichviewer" / "py.typed").is_file()


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        ichviewer.no_such_name  # noqa: B018
    with pytest.raises(ImportError):
        exec("from ichviewer import no_such_name")


def test_importing_it_takes_less_than_a_fifth_of_a_second() -> None:
    # The shortest of three, because other programs run at the same time.
    code = "import time; t = time.perf_counter(); import ichviewer; print(time.perf_counter() - t)"
    assert min(float(run(code)) for _ in range(3)) < IMPORT_S


def test_importing_it_loads_neither_numpy_nor_dicom() -> None:
    loaded = run("import sys, ichviewer; dir(ichviewer); print(*sys.modules)").split()
    assert "ichviewer" in loaded
    assert not {"numpy", "pydicom", "PIL", "pandas"} & set(loaded)


def test_all_names_together_load_neither_the_window_nor_what_is_loaded_when_used() -> None:
    loaded = set(run("from ichviewer import *; import sys; print(annotate.__name__, *sys.modules)").split())
    assert "annotate" in loaded
    lazy = {
        "PySide6",
        "pyqtgraph",
        "tensorflow",
        "keras",
        "ai_edge_litert",
        "pandas",
        "highdicom",
        "matplotlib",
    }
    assert not lazy & loaded
