"""The painted regions of what is open, changed and undone in one history with the annotations."""

from __future__ import annotations

from collections.abc import Container, Mapping

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.painted_region import PaintedRegion, RegionStep, of_series
from ichviewer.domain.series import Series
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.history_step import HistoryStep, SeriesName, series_name


class RegionStore(QObject):
    """Regions by their ids, on the main thread.

    Parameters
    ----------
    annotations : AnnotationStore
        Reads and saves them, and holds the history.

    Signals
    -------
    changed()
        A region was painted, changed, deleted, read or forgotten.
    selectedChanged()
        Another region is selected, or none.
    hiddenChanged()
        They are drawn on the images, or not any more.
    """

    changed = Signal()
    selectedChanged = Signal()
    hiddenChanged = Signal()

    def __init__(self, annotations: AnnotationStore) -> None:
        super().__init__(annotations)
        self._annotations = annotations
        self._regions: dict[str, PaintedRegion] = {}
        self._touched: set[str] = set()
        self._selected = ""
        self._hidden = False
        annotations.regionsRead.connect(self._read)
        annotations.seriesClosed.connect(self._forget)

    @property
    def regions(self) -> Mapping[str, PaintedRegion]:
        """All regions of what is open, by id."""
        return self._regions

    def of_series(self, series: Series) -> tuple[PaintedRegion, ...]:
        """The regions of a series, the oldest first."""
        found = [region for region in self._regions.values() if of_series(region, series)]
        return tuple(sorted(found, key=lambda region: (region.created, region.id)))

    @property
    def selected(self) -> PaintedRegion | None:
        """The region that is selected."""
        return self._regions.get(self._selected)

    def select(self, region_id: str) -> None:
        """Select a region; none for an empty id."""
        if region_id != self._selected:
            self._selected = region_id
            self.selectedChanged.emit()

    @property
    def hidden(self) -> bool:
        """Whether they are not drawn. What changes a region shows them: nothing is changed unseen."""
        return self._hidden

    def set_hidden(self, hidden: bool) -> None:
        """Draw them on the images, or not."""
        if hidden != self._hidden:
            self._hidden = hidden
            self.hiddenChanged.emit()

    def do(self, step: RegionStep) -> None:
        """Do something that can be undone."""
        about = frozenset(series_name(r.series) for r in (step.before, step.after) if r is not None)
        self._annotations.history.push(HistoryStep(step, self.apply, about))

    def apply(self, step: RegionStep) -> None:
        """Do a step, or one taken back, and have it saved; for the history, which calls nothing else."""
        self._regions = step.apply(self._regions)
        self._touched.add(step.id)
        if self._selected not in self._regions:
            self.select("")
        self.set_hidden(False)
        self.changed.emit()
        self._annotations.save(step)

    def clear(self) -> None:
        """Forget everything of what was open; the history is the annotations' to clear."""
        self._regions, self._touched = {}, set()
        self.select("")
        self.set_hidden(False)
        self.changed.emit()

    def _read(self, regions: tuple[PaintedRegion, ...]) -> None:
        # What was done here in the meantime is newer than what was read.
        read = {region.id: region for region in regions if region.id not in self._touched}
        self._regions = {**read, **self._regions}
        self.changed.emit()

    def _forget(self, closed: Container[SeriesName]) -> None:
        gone = {region.id for region in self._regions.values() if series_name(region.series) in closed}
        if not gone:
            return
        self._touched -= gone
        self._regions = {i: region for i, region in self._regions.items() if i not in gone}
        if self._selected not in self._regions:
            self.select("")
        self.changed.emit()
