"""The switch "Show regions": keeps the action, what is remembered, and the outlines on the image together."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from ichviewer.ui.app.actions import OUTLINE_TIP, set_tip_with_key
from ichviewer.ui.app.ui_settings import UiSettings
from ichviewer.ui.panes.region_overlay import RegionOverlay
from ichviewer.ui.session.model_host import ModelHost

NO_MAPS = "This model gives no maps of the regions that influenced its score"


class RegionToggle(QObject):
    """Offers the outlines where the model gives maps, on unless the user switched them off.

    Parameters
    ----------
    action : QAction
    regions : RegionOverlay
    settings : UiSettings
    model : ModelHost
    parent : QObject
    """

    def __init__(
        self,
        action: QAction,
        regions: RegionOverlay,
        settings: UiSettings,
        model: ModelHost,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._action = action
        self._regions = regions
        self._settings = settings
        self._model = model
        action.setCheckable(True)
        action.triggered.connect(self._choose)
        for told in (model.cardRead, model.failed):
            told.connect(lambda _: self._update())
        self._update()

    def _choose(self, shown: bool) -> None:
        self._settings.show_regions = shown
        self._update()

    def _update(self) -> None:
        card = self._model.card
        maps = None if card is None else card.regions
        shown = maps is not None and self._settings.show_regions
        self._action.setEnabled(maps is not None)
        self._action.setChecked(shown)
        set_tip_with_key(self._action, NO_MAPS if card is not None and maps is None else OUTLINE_TIP)
        self._regions.set_thresholds(maps.threshold if maps is not None and shown else None)
