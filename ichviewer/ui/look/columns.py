"""Columns of tables that are as wide as their names need."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QHeaderView

from ichviewer.ui.look.fonts import text_size


def size_columns(header: QHeaderView, widths_px: Iterable[int]) -> None:
    """Give the first columns a width, or what their names need where that is more, as in other languages.

    Parameters
    ----------
    header : QHeaderView
        Horizontal, of a view that has its model.
    widths_px : iterable of int
        Device-independent, at a text size of 100 %.
    """
    # Only then does it know how much room is around its words.
    header.ensurePolished()
    for column, width_px in enumerate(widths_px):
        header.resizeSection(column, max(text_size().px(width_px), header.sectionSizeHint(column)))
