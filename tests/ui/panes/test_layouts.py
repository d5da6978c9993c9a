"""Layouts as values: what cannot be one, and what comes with the program."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.ui.panes.layouts import LAYOUTS, Cell, LayoutRegistry, PaneLayout


def test_these_layouts_come_with_the_program_and_fill_their_rectangles() -> None:
    assert {layout.id: (len(layout), layout.rows, layout.columns) for layout in LAYOUTS.all()} == {
        "1x1": (1, 1, 1),
        "1x2": (2, 1, 2),
        "2x1": (2, 2, 1),
        "2x2": (4, 2, 2),
        "1+3": (4, 3, 4),
        "1x3": (3, 1, 3),
    }
    keys = [layout.key for layout in LAYOUTS.all()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "cells",
    [(), (Cell(0, 0), Cell(0, 0)), (Cell(0, 0), Cell(1, 1)), (Cell(0, 1),), (Cell(0, 0, 2, 1), Cell(1, 0))],
)
def test_cells_that_overlap_or_leave_a_hole_are_no_layout(cells: tuple[Cell, ...]) -> None:
    with pytest.raises(ValueError, match="Received: odd"):
        PaneLayout("odd", "Odd", cells)


@pytest.mark.parametrize("numbers", [(-1, 0, 1, 1), (0, -1, 1, 1), (0, 0, 0, 1), (0, 0, 1, 0)])
def test_a_cell_lies_in_the_grid_and_has_a_size(numbers: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="Received"):
        Cell(*numbers)


@given(st.integers(1, 4), st.integers(1, 4))
def test_every_full_grid_is_a_layout(rows: int, columns: int) -> None:
    cells = tuple(Cell(r, c) for r in range(rows) for c in range(columns))
    layout = PaneLayout("grid", "Grid", cells)
    assert (len(layout), layout.rows, layout.columns) == (rows * columns, rows, columns)
    if len(cells) > 1:
        with pytest.raises(ValueError, match="no hole"):
            PaneLayout("grid", "Grid", (*cells[1:], cells[-1]))


def test_a_layout_is_added_with_one_call_and_its_id_only_once() -> None:
    registry = LayoutRegistry(LAYOUTS.all())
    wide = PaneLayout("1x4", "Four side by side", tuple(Cell(0, c) for c in range(4)))
    registry.add(wide)
    assert registry["1x4"] is wide and registry.all()[-1] is wide
    with pytest.raises(ValueError, match="Received twice: 1x4"):
        registry.add(wide)


@pytest.mark.parametrize("module", ["layouts", "links", "three_windows"])
def test_no_qt_is_loaded(module: str) -> None:
    code = f"import sys, ichviewer.ui.panes.{module}; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
