"""Asks for center and width of a window in numbers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ichviewer.domain.window import Window
from ichviewer.services.windows import NO_KEY, Preset
from ichviewer.ui.dialogs.frame import DialogFrame
from ichviewer.ui.dialogs.settings_page import Field, add_field, form
from ichviewer.ui.dialogs.window_drafts import WindowDraft, draft_of
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import marked, tr

_WIDTH_PX = 400
_NAME = marked("By hand")
"""A preset needs a name; the window that comes out has none."""


class WindowValuesDialog(DialogFrame):
    """Two fields; what cannot be used is said beside them.

    Parameters
    ----------
    window : Window or None
        What the fields hold at first.
    parent : QWidget or None

    Signals
    -------
    chosen(Window)
    """

    chosen = Signal(object)

    def __init__(self, window: Window | None, parent: QWidget | None = None) -> None:
        super().__init__(tr("Window"), tr("Window center and width"), parent)
        self.setMinimumWidth(text_size().px(_WIDTH_PX))
        draft = WindowDraft(_NAME) if window is None else draft_of(Preset(NO_KEY, window, _NAME))
        self._center, self._width = QLineEdit(draft.center), QLineEdit(draft.width)
        self.center, self.width_ = (
            Field(tr("Center in HU"), self._center),
            Field(tr("Width in HU"), self._width),
        )
        rows = form()
        for field in (self.center, self.width_):
            add_field(rows, field)
        self.content.addLayout(rows)
        self.ask(tr("OK"))
        self._center.selectAll()
        self._center.setFocus()

    def accept(self) -> None:
        """Tell the window and close, unless a field cannot be used."""
        draft = WindowDraft(_NAME, self._center.text(), self._width.text())
        complaints = draft.complaints()
        wrong = [
            field
            for name, field in (("center", self.center), ("width", self.width_))
            if field.complain(complaints.get(name, ""))
        ]
        if wrong:
            wrong[0].control.setFocus()
            return
        voi = draft.preset(NO_KEY).voi
        assert isinstance(voi, Window)
        self.chosen.emit(Window(voi.center_hu, voi.width_hu, voi.function))
        super().accept()
