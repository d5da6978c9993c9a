"""Which model is used, and at which of its operating points."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ichviewer.ui.app.choosing import choose_model
from ichviewer.ui.app.menus import fill_choices
from ichviewer.ui.look.language import words_of
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.ui_settings import UiSettings


class ModelChoice(QObject):
    """Opens models and chooses thresholds, and remembers both.

    Parameters
    ----------
    session : Session
    settings : UiSettings
    points : QMenu
        Offers the operating points of the model in use.
    parent : QWidget

    Signals
    -------
    modelChosen()
        Another model is being opened.
    pointChosen()
        Other thresholds are in use.
    """

    modelChosen = Signal()
    pointChosen = Signal()

    def __init__(self, session: Session, settings: UiSettings, points: QMenu, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._points = points
        self._window = parent

    def start(self) -> None:
        """Use the model and the operating point that were used last."""
        self._session.model.choose_point(self._settings.operating_point)
        self._session.model.open(self._settings.model)

    def ask(self) -> None:
        """Let the user choose another model."""
        choose_model(self._window, self._settings.last_folder, self.open)

    def use_bundled(self) -> None:
        """Go back to the model that comes with the program."""
        self.open(None)

    def open(self, path: Path | None) -> None:
        """Use a model (None: the bundled one) and analyze everything with it."""
        self._settings.model = path
        self._session.analysis.interrupt()
        self._session.model.open(path)
        self.modelChosen.emit()

    def choose_point(self, name: str) -> None:
        """Use the operating point of this name."""
        self._settings.operating_point = name
        self._session.model.choose_point(name)
        self.pointChosen.emit()

    def fill_points(self) -> None:
        """Offer the operating points of the model in use."""
        card, point = self._session.model.card, self._session.model.point
        if card is None or point is None:
            return
        names = {name: words_of(name.replace("_", " ").capitalize()) for name in card.operating_points}
        fill_choices(self._points, names, point.name, self.choose_point)
