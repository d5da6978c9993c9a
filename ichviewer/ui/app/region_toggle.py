"""The switch "Show regions": keeps what is remembered and the outlines on the image together."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ichviewer.ui.panes.region_overlay import RegionOverlay
from ichviewer.ui.session.model_host import ModelHost
from ichviewer.ui.session.ui_settings import UiSettings


class RegionToggle(QObject):
    """Offers the outlines where the model gives maps, on unless the user switched them off.

    Parameters
    ----------
    regions : RegionOverlay
        Of the first pane.
    settings : UiSettings
    model : ModelHost
    parent : QObject

    Signals
    -------
    changed()
        They are shown or possible, or not any more.
    """

    changed = Signal()

    def __init__(
        self, regions: RegionOverlay, settings: UiSettings, model: ModelHost, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._overlays = [regions]
        self._settings = settings
        self._model = model
        self.possible = False
        """Whether the model gives maps."""
        self.impossible = False
        """Whether it is known to give none."""
        self.shown = False
        for told in (model.cardRead, model.failed):
            told.connect(lambda _: self._update())
        self._update()

    def add(self, regions: RegionOverlay) -> None:
        """Keep the outlines of another pane, too."""
        self._overlays.append(regions)
        self._update()

    def toggle(self) -> None:
        """Outline them from now on, or not."""
        self._settings.show_regions = not self.shown
        self._update()

    def _update(self) -> None:
        card = self._model.card
        maps = None if card is None else card.regions
        self.possible = maps is not None
        self.impossible = card is not None and maps is None
        self.shown = maps is not None and self._settings.show_regions
        for regions in self._overlays:
            regions.set_thresholds(maps.threshold if maps is not None and self.shown else None)
        self.changed.emit()
