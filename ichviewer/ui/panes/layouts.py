"""How panes share the window: named layouts as values, and the registry that commands and menus are made from.

It knows neither widgets nor Qt. Who adds a layout writes one `PaneLayout` and hands it to `LAYOUTS.add` before the
window is built.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ichviewer.ui.look.language import tr


@dataclass(frozen=True)
class Cell:
    """Where a pane lies in the grid of a layout.

    Parameters
    ----------
    row, column : int
        Of its upper left corner, from 0.
    rows, columns : int
        How many it takes.
    """

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    def __post_init__(self) -> None:
        if self.row < 0 or self.column < 0 or self.rows < 1 or self.columns < 1:
            raise ValueError(
                "a cell starts at row and column 0 or later and takes at least one of each. "
                f"Received: {self.row}, {self.column}, {self.rows}, {self.columns}"
            )

    @property
    def squares(self) -> frozenset[tuple[int, int]]:
        """Rows and columns that it covers."""
        return frozenset(
            (row, column)
            for row in range(self.row, self.row + self.rows)
            for column in range(self.column, self.column + self.columns)
        )


@dataclass(frozen=True)
class PaneLayout:
    """Panes beside and below each other, without holes between them.

    Parameters
    ----------
    id : str
        Such as ``2x2``; rows come first.
    words : str
        In the menu, with ``&`` before the letter that chooses it.
    cells : tuple of Cell
        One for each pane, in the order in which the keyboard goes through them.
    key : str
        Chooses it, as `ichviewer.ui.look.key_names.canonical` writes it; empty for none.
    """

    id: str
    words: str
    cells: tuple[Cell, ...]
    key: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.words:
            raise ValueError(f"a layout has an id and words. Received: {self.id!r}, {self.words!r}")
        covered = [square for cell in self.cells for square in cell.squares]
        if not covered or len(covered) != self.rows * self.columns or len(set(covered)) != len(covered):
            raise ValueError(
                "the cells of a layout cover its rectangle once and leave no hole. "
                f"Received: {self.id} with {self.cells}"
            )

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def rows(self) -> int:
        """Height of the grid in rows."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    @property
    def columns(self) -> int:
        """Width of the grid in columns."""
        return max((cell.column + cell.columns for cell in self.cells), default=0)


class LayoutRegistry:
    """The layouts that can be chosen, in the order in which they were added."""

    def __init__(self, layouts: Iterable[PaneLayout] = ()) -> None:
        self._layouts: dict[str, PaneLayout] = {}
        for layout in layouts:
            self.add(layout)

    def add(self, layout: PaneLayout) -> None:
        """Offer another layout.

        Raises
        ------
        ValueError
            If there is one of that id.
        """
        if layout.id in self._layouts:
            raise ValueError(f"every layout has an id of its own. Received twice: {layout.id}")
        self._layouts[layout.id] = layout

    def __getitem__(self, layout_id: str) -> PaneLayout:
        return self._layouts[layout_id]

    def all(self) -> tuple[PaneLayout, ...]:
        """All of them."""
        return tuple(self._layouts.values())


def _grid(rows: int, columns: int) -> tuple[Cell, ...]:
    return tuple(Cell(row, column) for row in range(rows) for column in range(columns))


ONE_PANE = PaneLayout("1x1", tr("On&e pane"), _grid(1, 1), "Alt+1")
TWO_BESIDE = PaneLayout("1x2", tr("Two &side by side"), _grid(1, 2), "Alt+2")
THREE_BESIDE = PaneLayout("1x3", tr("Three side by s&ide"), _grid(1, 3), "Alt+6")

LAYOUTS = LayoutRegistry(
    (
        ONE_PANE,
        TWO_BESIDE,
        PaneLayout("2x1", tr("Two &below each other"), _grid(2, 1), "Alt+3"),
        PaneLayout("2x2", tr("T&wo by two"), _grid(2, 2), "Alt+4"),
        PaneLayout(
            "1+3",
            tr("One &large and three small"),
            (Cell(0, 0, 3, 3), *(Cell(row, 3) for row in range(3))),
            "Alt+5",
        ),
        THREE_BESIDE,
    )
)
"""What the menu offers."""
