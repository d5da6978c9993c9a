"""The annotations of what is open: changed, undone, kept beside the window, and forgotten when it is closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.history import Step
from ichviewer.domain.painted_region import RegionStep
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.workers import Task, Workers
from ichviewer.ui.tools.history_step import HistoryStep, SeriesName, forget_steps, series_name
from ichviewer.ui.tools.keeper import Keeper, Kept, KeptFile
from ichviewer.ui.tools.surface import names_slice, same_series

LANE = "annotations"
"""The thread that the file belongs to."""
_LAST_SAVE_S = 6.0
"""How long closing the window waits for the next step to be saved: as long as another program may keep the file busy,
and a little more."""


class AnnotationStore(QObject):
    """Annotations by their ids, on the main thread; they are saved on a thread of their own.

    Parameters
    ----------
    workers : Workers
    open_file : callable
        Opens the file that keeps them; called on the thread that saves.
    parent : QObject, optional

    Signals
    -------
    changed()
        Something was drawn, changed, deleted, read or forgotten.
    selectedChanged()
        Another annotation is selected, or none.
    notice(str, str)
        What a person must be told, and how: ``warning`` or ``error``.
    failed(BaseException)
        Something unexpected went wrong while saving.
    regionsRead(tuple of PaintedRegion)
        What the file keeps of painted regions of what is open.
    seriesClosed(frozenset of SeriesName)
        Everything of these series is forgotten; their steps are about to go from the history.
    """

    changed = Signal()
    selectedChanged = Signal()
    notice = Signal(str, str)
    failed = Signal(object)
    regionsRead = Signal(object)
    seriesClosed = Signal(object)

    def __init__(
        self, workers: Workers, open_file: Callable[[], KeptFile], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workers = workers
        self._keeper = Keeper(open_file)
        self._used = False
        self._reading: Task | None = None
        self._annotations: dict[str, Annotation] = {}
        self._touched: set[str] = set()
        self._selected = ""
        self._unsaved = ""
        self.history = QUndoStack(self)
        """Everything that was done to what is open; without limit."""

    # What there is

    @property
    def annotations(self) -> Mapping[str, Annotation]:
        """All annotations of what is open, by id, the oldest first."""
        return self._annotations

    @property
    def unsaved(self) -> str:
        """Why changes are not saved; empty where all are, or are about to be."""
        return self._unsaved

    def of_slice(self, info: SliceInfo, series: Series, pixel_hash: str) -> tuple[Annotation, ...]:
        """Annotations that name a slice, also those that were drawn on other pixels."""
        return tuple(a for a in self._annotations.values() if names_slice(a, info, series, pixel_hash))

    def of_series(self, series: Series) -> tuple[Annotation, ...]:
        """Annotations drawn in a series."""
        return tuple(a for a in self._annotations.values() if same_series(a, series))

    @property
    def selected(self) -> Annotation | None:
        """The annotation that is selected."""
        return self._annotations.get(self._selected)

    def select(self, annotation_id: str) -> None:
        """Select an annotation; none for an empty id."""
        if annotation_id != self._selected:
            self._selected = annotation_id
            self.selectedChanged.emit()

    # What is open

    def open(self, series: Sequence[Series]) -> None:
        """Read what is kept of series; what was drawn meanwhile stays."""
        if self._reading is not None:
            self._reading.drop()
        wanted, keeper = tuple(series), self._keeper
        self._used = True
        self._reading = self._workers.run(
            lambda _: keeper.read(wanted), on_result=self._read, on_error=self._not_read, lane=LANE
        )

    def clear(self) -> None:
        """Forget everything of what was open; what is not saved yet is saved all the same."""
        if self._reading is not None:
            self._reading.drop()
            self._reading = None
        self._annotations, self._touched = {}, set()
        self.history.clear()
        self.select("")
        self.changed.emit()

    def close_series(self, closed: Sequence[Series], left: Sequence[Series]) -> None:
        """Forget the annotations of some series, in the history too; those of others stay, and can be undone.

        Parameters
        ----------
        closed : sequence of Series
        left : sequence of Series
            What is still open. A copy of a closed series has the same annotations, which stay then.
        """
        names = {series_name(series.key) for series in closed} - {series_name(series.key) for series in left}
        stays = {i: a for i, a in self._annotations.items() if series_name(a.drawn_on.series) not in names}
        # What is being read may be of them.
        if self._reading is not None:
            self.open(left)
        if not names:
            return
        self.seriesClosed.emit(frozenset(names))
        self._touched -= set(self._annotations) - set(stays)
        self._annotations = stays
        forget_steps(self.history, names)
        if self._selected not in self._annotations:
            self.select("")
        self.changed.emit()

    def close(self) -> bool:
        """Save what is left and close the file, before the workers stop; whether that ended in time."""
        if not self._used:
            return True
        keeper = self._keeper
        self._workers.run(lambda _: keeper.finish(), on_error=self._not_saved, lane=LANE)
        left = keeper.waiting
        while not keeper.finished.wait(_LAST_SAVE_S):
            # A slow disk is waited for as long as it gets on.
            if keeper.waiting >= left:
                return False
            left = keeper.waiting
        return not keeper.waiting

    # Changes

    def do(self, step: Step) -> None:
        """Do something that can be undone."""
        self.history.push(HistoryStep(step, self.apply, _about(step)))

    def add(self, annotation: Annotation) -> None:
        """Add a new annotation and select it; a key image is not selected."""
        self.do(Step.add(annotation, tr("draw {kind_name}").format(kind_name=kind_name(annotation.kind))))
        if annotation.points:
            self.select(annotation.id)

    def change(self, before: Annotation, after: Annotation, verb: str = tr("move")) -> None:
        """Put another version in the place of an annotation."""
        self.do(Step.change(before, after, f"{verb} {kind_name(before.kind)}"))

    def delete(self, annotation: Annotation) -> None:
        """Delete an annotation."""
        self.do(
            Step.delete(
                annotation, name=tr("delete {kind_name}").format(kind_name=kind_name(annotation.kind))
            )
        )

    def apply(self, step: Step) -> None:
        """Do a step, or one taken back, and have it saved; for the history, which calls nothing else."""
        self._annotations = step.apply(self._annotations)
        self._touched |= {change.id for change in step.changes}
        if self._selected not in self._annotations:
            self.select("")
        self.changed.emit()
        self.save(step)

    def save(self, step: Step | RegionStep) -> None:
        """Have a step saved, after those before it."""
        self._keeper.put(step)
        self._used = True
        keeper = self._keeper
        self._workers.run(lambda _: keeper.save(), on_result=self._saved, on_error=self._not_saved, lane=LANE)

    # What the file says

    def _read(self, kept: Kept) -> None:
        self._reading = None
        # What was done here in the meantime is newer than what was read.
        read = {a.id: a for a in kept.annotations if a.id not in self._touched}
        self._annotations = {**read, **self._annotations}
        self.regionsRead.emit(kept.regions)
        if kept.told:
            self.notice.emit(kept.told, "warning")
        self.changed.emit()

    def _not_read(self, error: BaseException) -> None:
        self._reading = None
        self._not_saved(error)

    def _saved(self, _: object) -> None:
        if self._unsaved:
            self._unsaved = ""
            self.changed.emit()

    def _not_saved(self, error: BaseException) -> None:
        if not isinstance(error, IchViewerError):
            self.failed.emit(error)
        self._unsaved = error_words(error)
        self.notice.emit(tr("Annotations are not saved. {error}").format(error=error_words(error)), "error")
        self.changed.emit()


def _about(step: Step) -> frozenset[SeriesName]:
    """The series whose annotations a step is about."""
    versions = [a for change in step.changes for a in (change.before, change.after) if a is not None]
    return frozenset(series_name(a.drawn_on.series) for a in versions)


def kind_name(kind: Kind) -> str:
    """A kind in the middle of a sentence."""
    return "ABC/2" if kind is Kind.ABC2 else words_of(kind.value.replace("_", " "))
