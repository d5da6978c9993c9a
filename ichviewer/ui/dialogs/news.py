"""What is new: the changelog of the program, the newest version first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ichviewer.services.changelog import Changes, Release
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import joined


class NewsDialog(DialogFrame):
    """Lists what changed, version by version.

    Parameters
    ----------
    releases : sequence of Release
    parent : QWidget or None
    """

    def __init__(self, releases: Sequence[Release], parent: QWidget | None = None) -> None:
        super().__init__(tr("What's new"), tr("What's new"), parent)
        self.setSizeGripEnabled(True)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 4, 14, 4)
        column.setSpacing(8)
        for release in releases:
            title = joined((f"ichviewer {release.version}", release.date))
            column.addWidget(PlainLabel(title, "heading"))
            for changes in release.changes:
                if changes.kind:
                    column.addWidget(PlainLabel(changes.kind, "group"))
                column.addLayout(_list(changes))
            column.addSpacing(10)
        column.addStretch()
        self.area = QScrollArea()
        self.area.setAccessibleName(tr("What changed"))
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setWidget(inside)
        self.content.addWidget(self.area, 1)
        self.fit(text_size().px(720), text_size().px(620))


def _list(changes: Changes) -> QGridLayout:
    rows = QGridLayout()
    rows.setColumnStretch(1, 1)
    rows.setHorizontalSpacing(10)
    rows.setVerticalSpacing(6)
    for number, item in enumerate(changes.items):
        words = wrapped(item)
        words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        rows.addWidget(PlainLabel("•", "muted"), number, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(words, number, 1)
    return rows
