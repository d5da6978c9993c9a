"""Labels and tooltips that show text letter by letter; the only ones in the window (a test looks for others)."""

from __future__ import annotations

import textwrap

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QLabel, QMenu, QTableWidgetItem, QToolTip, QWidget

from ichviewer.ui.look.plain_text import lines, menu_text

_TIP_COLUMNS = 110


def tip_text(text: str) -> str:
    """The text as a tooltip, which Qt has no way to declare plain; long lines are broken.

    Returns
    -------
    str
        Plain text as it is; where Qt would take it for HTML, HTML that shows it letter by letter.
    """
    broken = "\n".join(part for line in lines(text).split("\n") for part in _wrapped(line))
    return GuiQt.convertFromPlainText(broken) if GuiQt.mightBeRichText(broken) else broken


def _wrapped(line: str) -> list[str]:
    # Most are short, and hundreds are made when the window is.
    if len(line) <= _TIP_COLUMNS and "\t" not in line:
        return [line]
    return textwrap.wrap(line, _TIP_COLUMNS, replace_whitespace=False, drop_whitespace=False)


def set_tip(target: QWidget | QAction | QTableWidgetItem, text: str) -> None:
    """Give a widget, an action or a cell of a table its tooltip."""
    target.setToolTip(tip_text(text))


def show_tip(at: QPoint, text: str, widget: QWidget, area: QRect | None = None) -> None:
    """Show a tooltip now, at a place on the screen, for as long as the mouse is in ``area`` of the widget."""
    QToolTip.showText(at, tip_text(text), widget, QRect() if area is None else area)


def menu_item(menu: QMenu, text: str) -> QAction:
    """Add a text to a menu. Qt makes a tooltip of every entry, so it is set too."""
    action = menu.addAction(menu_text(text))
    set_tip(action, text)
    return action


class PlainLabel(QLabel):
    """A label that shows what it is given letter by letter.

    Parameters
    ----------
    text : str
    role : str
        How the stylesheet draws it; empty for plain words.
    """

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def set_role(self, role: str) -> None:
        """Have it drawn in another way by the stylesheet."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def setText(self, text: str) -> None:
        """Show a text."""
        super().setText(lines(text))
