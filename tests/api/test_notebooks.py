from __future__ import annotations

import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
MOST_S = 60
"""Of a cell; a whole notebook takes a quarter of it on a machine with nothing else to do."""


def read(path: Path):
    return nbformat.read(path, as_version=4)


def run(name: str, folder: Path):
    """A notebook after it ran in a folder of its own, against this checkout."""
    notebook = read(ROOT / "docs" / "notebooks" / f"{name}.ipynb")
    client = nbclient.NotebookClient(
        notebook, timeout=MOST_S, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    client.execute(env={**os.environ, "PYTHONPATH": path})
    return notebook


def outputs(notebook) -> list[dict]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def words(notebook) -> str:
    """Everything that a notebook shows as text."""
    shown = outputs(notebook)
    return "\n".join(o.get("text", "") + o.get("data", {}).get("text/plain", "") for o in shown)


def pictures(notebook) -> int:
    return sum("image/png" in output.get("data", {}) for output in outputs(notebook))


@pytest.mark.notebook
def test_open_annotate_and_plot(tmp_path: Path) -> None:
    done = run("annotate", tmp_path)
    assert "Demo, Trauma: Head 5 mm brain (synthetic), CT, 30 slices" in words(done)
    assert "not_analysed" in words(done)
    assert pictures(done) == 2


@pytest.mark.notebook
def test_evaluate_against_a_label_file(tmp_path: Path) -> None:
    done = run("evaluate", tmp_path)
    # 30 slices of one head and 28 of the other; the localizers have no labels.
    assert "58 slices have labels: 58 analyzed, 0 without a result" in words(done)
    assert "sensitivity" in words(done)
    assert " to 1.00)" in words(done)
    assert pictures(done) == 1


def test_both_notebooks_are_there() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["annotate", "evaluate"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert outputs(notebook) == []
    assert all(cell.get("execution_count") is None for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_say_what_the_program_is_for(path: Path) -> None:
    assert "not a medical device" in read(path).cells[0].source
