"""The word in the status bar about the network: a study that is being fetched, objects that could not be sent."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton

from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.plain_text import menu_text
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.sources.network_desk import NetworkDesk


class NetworkStatus(QToolButton):
    """Shown while there is something to say; pressed, it shows more.

    Parameters
    ----------
    desk : NetworkDesk
    """

    def __init__(self, desk: NetworkDesk) -> None:
        super().__init__()
        self._desk = desk
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(15, 15))
        self.clicked.connect(lambda _: desk.show_activity())
        desk.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        words = self._desk.words
        self.setVisible(bool(words))
        self.setText(menu_text(words))
        set_tip(self, words)
        look = ("warning", "warning") if self._desk.needs_attention else ("info", "muted")
        self.setIcon(icon(*look))
