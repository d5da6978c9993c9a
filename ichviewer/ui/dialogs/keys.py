"""Help: every key and what the mouse does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ichviewer.ui.dialogs.frame import DialogFrame
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import sentence, voi_numbers

if TYPE_CHECKING:
    from ichviewer.services.windows import Preset

_SLICES = (
    ("Wheel, arrow keys", "one slice"),
    ("Page Up, Page Down", "five slices"),
    ("Home, End", "first, last slice"),
    ("N, P", "next, previous flagged slice"),
    ("M", "most suspicious slice"),
    ("Ctrl+Down, Ctrl+Up", "next, previous series"),
    ("Click or drag in the strip", "go to that slice"),
)
_IMAGE = (
    ("Left drag", "window: across for width, up and down for center"),
    ("Middle drag, Shift+left drag", "move the image"),
    ("Right drag, Ctrl+wheel, +, -", "zoom"),
    ("Double click, R", "reset"),
    ("I", "invert"),
    ("O", "outline regions that influenced the score, or not"),
)
_PROGRAM = (
    ("Ctrl+O", "open a folder"),
    ("Ctrl+Shift+O", "open files or a ZIP"),
    ("Ctrl+E", "export the findings as CSV"),
    ("Ctrl+W", "close the study"),
    ("Ctrl+Q", "quit"),
    ("Esc", "cancel the analysis"),
    ("Ctrl+P", "pause the analysis, or go on"),
    ("Ctrl+R", "analyze again"),
    ("Ctrl+T", "dark or light theme"),
    ("F2", "problems of the input"),
    ("F1, ?", "this help"),
)


class KeysDialog(DialogFrame):
    """Lists keys and mouse in three groups, the presets as they are configured."""

    def __init__(self, presets: Sequence[Preset], parent: QWidget | None = None) -> None:
        super().__init__("Keyboard and mouse", "Keyboard and mouse", parent)
        windows = [
            (str(p.key), f"{p.name} {voi_numbers(p.voi)}" if p.voi else f"{p.name}; again for the next one")
            for p in presets
            if p.key
        ]
        columns = QHBoxLayout()
        columns.setSpacing(40)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addLayout(_group("Slices", _SLICES))
        left.addSpacing(10)
        left.addLayout(_group("Windows, center/width in HU", windows))
        left.addStretch()
        right.addLayout(_group("Image", _IMAGE))
        right.addSpacing(10)
        right.addLayout(_group("Program", _PROGRAM))
        right.addStretch()
        columns.addLayout(left)
        columns.addLayout(right)
        self.content.addLayout(columns)


def _group(title: str, rows: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(3)
    grid.addWidget(PlainLabel(title, "group"), 0, 0, 1, 2)
    for row, (keys, what) in enumerate(rows, start=1):
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(PlainLabel(keys, "key"), row, 0, left)
        grid.addWidget(PlainLabel(sentence(what)), row, 1)
    grid.setColumnStretch(1, 1)
    return grid
