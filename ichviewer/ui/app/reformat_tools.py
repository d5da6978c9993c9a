"""The tools on the reformats: puts them on the three planes, and leads from an annotation back to its plane."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.annotation.abc2 import Abc2
from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.annotation.reformat_plane import view_of
from ichviewer.ui.app.reformat_mode import ReformatMode
from ichviewer.ui.panes.reformat_state import ReformatState, Section
from ichviewer.ui.tools.abc_slices import plane_step_mm, plane_steps
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements
from ichviewer.ui.tools.pane_tools import AskWords
from ichviewer.ui.tools.plane_tools import PlaneTools
from ichviewer.ui.tools.surface import same_series
from ichviewer.ui.tools.tool import ToolTable


class ReformatTools(QObject):
    """Tools of all three planes.

    Parameters
    ----------
    mode : ReformatMode
    store : AnnotationStore
    measurements : Measurements
        Gets the volumes that are at hand.
    tools : ToolTable
    ask_words : callable
        As of `PlaneTools`.
    parent : QObject

    Signals
    -------
    refused(str)
        Why nothing can be drawn.
    toolChanged(str)
        Another tool was chosen on a plane.
    changed()
        What is selected came on screen with a plane, or went.
    planeShown(int or None)
        Which of the planes that C is counted on is in view, of the ABC/2 that is selected.
    """

    refused = Signal(str)
    toolChanged = Signal(str)
    changed = Signal()
    planeShown = Signal(object)

    def __init__(
        self,
        mode: ReformatMode,
        store: AnnotationStore,
        measurements: Measurements,
        tools: ToolTable,
        ask_words: AskWords,
        *,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self._store = store
        self._seen = False
        self._of_pane = {}
        for pane in mode.set.panes.values():
            made = PlaneTools(pane, store, measurements, tools, ask_words)
            made.refused.connect(self.refused)
            pane.toolChanged.connect(self.toolChanged)
            pane.drawn.connect(self._drawn)
            self._of_pane[pane] = made
        measurements.find_volumes(mode.volumes.kept)
        store.selectedChanged.connect(lambda: self._tell_plane(store.selected))

    @property
    def all(self) -> tuple[PlaneTools, ...]:
        """The tools of the axial, the coronal and the sagittal plane."""
        return tuple(self._of_pane.values())

    @property
    def active(self) -> PlaneTools | None:
        """The tools of the plane that somebody works with; None while slices are shown."""
        return self._of_pane[self._mode.set.active] if self._mode.shown else None

    def abc_step_mm(self, annotation: Annotation) -> float | None:
        """How far apart planes are on which C of an ABC/2 is counted; None where its volume is not at hand."""
        place, series = annotation.drawn_on.place, self._mode.set.series
        if not isinstance(place, OnReformat) or series is None or not same_series(annotation, series):
            return None
        volume = self._mode.volumes.kept(series)
        if volume is None or volume.digest != annotation.drawn_on.pixel_hash:
            return None
        return plane_step_mm(place, volume.geometry)

    def _tell_plane(self, selected: Annotation | None) -> None:
        """Say which of the planes of the ABC/2 that is selected is in view."""
        place = None if selected is None else selected.drawn_on.place
        step_mm = None if not isinstance(selected, Abc2) else self.abc_step_mm(selected)
        steps = None
        if isinstance(place, OnReformat) and step_mm is not None:
            shown = [pane.shown for pane in self._of_pane]
            found = [plane_steps(place, step_mm, one) for one in shown if one is not None]
            steps = next((one for one in found if one is not None), None)
        self.planeShown.emit(steps)

    def _drawn(self) -> None:
        # Every step of a plane is drawn; only what decides on commands is told.
        selected = self._store.selected
        self._tell_plane(selected)
        seen = selected is not None and any(tools.shows(selected) for tools in self.all)
        if seen != self._seen:
            self._seen = seen
            self.changed.emit()

    def go_to(self, annotation: Annotation) -> None:
        """Show the plane and slab that an annotation was drawn on, with the crosshair in its middle."""
        place = annotation.drawn_on.place
        if not isinstance(place, OnReformat):
            return
        at = annotation.array().mean(axis=0) if annotation.points else place.center_mm
        x, y, z = map(float, at)

        def find(planes: ReformatState) -> tuple[ReformatState, Section]:
            return planes.showing(view_of(place, planes.geometry), (x, y, z), place.slab)

        self._mode.go_to_plane(find)
