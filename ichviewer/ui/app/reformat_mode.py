"""The mode of the window in which the series in view is shown in three planes, in place of its slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ichviewer.domain.series import Series
from ichviewer.domain.slab import Projection
from ichviewer.ui.session.volumes import Volumes

if TYPE_CHECKING:
    from ichviewer.ui.panes.reformat_set import FindPlane, ReformatSet
    from ichviewer.ui.panes.viewing import Viewing
    from ichviewer.ui.session.session import Session

ENDS_STEPS = 1_000_000
"""More steps than any volume has: to its end."""


class ReformatMode(QObject):
    """Puts reformats in place of an image, and takes them away whenever an acquired slice is asked for.

    Who listens hides strip and findings meanwhile, which tell of the acquired slice in view: a result is shown only
    beside the pixels that it was computed from.

    Parameters
    ----------
    session : Session
    image : QWidget
        What shows acquired slices.

    Signals
    -------
    changed()
        Reformats are shown or not any more, or other ones.
    made()
        There is a `set`.
    """

    changed = Signal()
    made = Signal()

    def __init__(self, session: Session, image: QWidget) -> None:
        super().__init__()
        self._image = image
        self._viewing: Viewing | None = None
        self.volumes = Volumes(session, parent=self)
        self._workers = session.workers
        self._set: ReformatSet | None = None
        self.area = QStackedWidget()
        self.area.setMinimumSize(image.minimumSize())
        self.area.addWidget(image)
        self.steering = Steering(self)
        session.studyGrows.connect(self._series_others)

    @property
    def set(self) -> ReformatSet:
        """The three planes; made with the first use of them."""
        return self.make()

    def make(self) -> ReformatSet:
        """Make the three planes, if there are none yet."""
        if self._set is None:
            from ichviewer.ui.panes.reformat_set import ReformatSet  # noqa: PLC0415 - on first use

            self._set = ReformatSet(self.volumes, self._workers)
            self.area.addWidget(self._set)
            self._set.sliceRequested.connect(self._go_to)
            self._set.closeRequested.connect(self.leave)
            self._set.changed.connect(self.changed)
            self._set.invertedChanged.connect(self._follow_inversion)
            self.made.emit()
        return self._set

    def attach(self, viewing: Viewing) -> None:
        """Follow what shows the series in view."""
        self._viewing = viewing
        viewing.seriesChanged.connect(lambda _: self.leave())
        viewing.sliceChanged.connect(lambda _: self.leave())
        viewing.presetChanged.connect(lambda *_: self._look_through())
        viewing.invertedChanged.connect(lambda _: self._look_through())

    @property
    def viewing(self) -> Viewing:
        """What shows the acquired slices."""
        if self._viewing is None:
            raise ValueError("the mode needs what shows the slices. Received: nothing yet")
        return self._viewing

    @property
    def shown(self) -> bool:
        """Whether reformats are shown."""
        return self._set is not None and self.area.currentWidget() is self._set

    @property
    def projection(self) -> Projection:
        """What is shown of slabs."""
        planes = None if self._set is None else self._set.planes
        return Projection.MEAN if planes is None else planes.projection

    def toggle(self) -> None:
        """Show reformats of the series in view, or its slices again."""
        if self.shown:
            self.leave()
            return
        series = self.viewing.series
        if series is None:
            return
        self.area.setCurrentWidget(self.set)
        self.set.show_series(series, self.viewing.active.image.state, self.viewing.index)
        self.set.active.setFocus()
        self.changed.emit()

    def go_to_plane(self, find: FindPlane) -> None:
        """Show a plane of the series in view, in place of its slices if those are shown."""
        if not self.shown:
            self.toggle()
        if self.shown:
            self.set.go_to_plane(find)

    def leave(self) -> None:
        """Show the acquired slices; reformats are cleared, the volume is kept.

        A window that was set on the reformats stays with their series.
        """
        if not self.shown:
            return
        series, window = self.set.series, self.set.active.state.window
        same_series = series is not None and series.key == self.viewing.active.key
        was_seen = self.set.planes is not None
        focused = self.set.isAncestorOf(self.area.focusWidget() or self.area)
        self.set.clear()
        self.area.setCurrentWidget(self._image)
        if same_series and was_seen:
            self.viewing.active.keep_window(window)
        if focused:
            self.viewing.active.image.setFocus()
        self.changed.emit()

    def thicker(self) -> None:
        """A thicker slab."""
        self.set.thicker()

    def thinner(self) -> None:
        """A thinner slab, the plane alone in the end."""
        self.set.thinner()

    def project(self, projection: Projection) -> None:
        """What is shown of a slab."""
        self.set.project(projection)

    def straighten(self) -> None:
        """Let the reader draw the lines that straighten the head, or stop that."""
        self.set.toggle_straighten()

    def reset_planes(self) -> None:
        """The patient's own planes through the middle of the volume."""
        self.set.reset_planes()

    def go_to_nearest(self) -> None:
        """Back to the acquired slice nearest to the crosshair."""
        self.set.go_to_nearest()

    def _series_others(self, gone: Sequence[Series]) -> None:
        """Series turned out to have other images than were taken for all of them."""
        shown = None if self._set is None else self._set.series
        if shown is not None and shown.key in {series.key for series in gone}:
            self.leave()

    def _go_to(self, index: int) -> None:
        self.leave()
        self.viewing.go_to(index)

    def _look_through(self) -> None:
        if self.shown:
            self.set.look_through(self.viewing.active.image.state)

    def _follow_inversion(self, inverted: bool) -> None:
        self.viewing.active.image.set_inverted(inverted)


class Steering:
    """Does what the window is asked to do with the picture in view to reformats where they are shown, else to slices.

    What asks for an acquired slice leaves the reformats.

    Parameters
    ----------
    mode : ReformatMode
    """

    def __init__(self, mode: ReformatMode) -> None:
        self._mode = mode

    def step(self, steps: int) -> None:
        """Move by a number of slices, or natural steps of a plane."""
        self._either(lambda planes: planes.step(steps), lambda viewing: viewing.step(steps))

    def go_first(self) -> None:
        """Move to the first slice, or the first plane."""
        self._either(lambda planes: planes.step(-ENDS_STEPS), lambda viewing: viewing.go_first())

    def go_last(self) -> None:
        """Move to the last slice, or the last plane."""
        self._either(lambda planes: planes.step(ENDS_STEPS), lambda viewing: viewing.go_last())

    def go_flagged(self, direction: int) -> None:
        """Move to the next (1) or the previous (-1) flagged slice."""
        self._mode.leave()
        self._mode.viewing.go_flagged(direction)

    def go_most_suspicious(self) -> None:
        """Move to the slice with the highest probability of any hemorrhage."""
        self._mode.leave()
        self._mode.viewing.go_most_suspicious()

    def toggle_inverted(self) -> None:
        """Swap black and white."""
        self._mode.viewing.toggle_inverted()

    def reset(self) -> None:
        """Undo zoom, pan, inversion and changes of the window."""
        self._either(lambda planes: planes.reset_view(), lambda viewing: viewing.reset())

    def use_preset(self, place: int) -> None:
        """Use the window preset at a place in the list."""
        self._mode.viewing.use_preset(place)

    def zoom_by(self, factor: float) -> None:
        """Make the picture larger (over 1) or smaller, about the center of the view."""
        self._either(
            lambda planes: planes.active.zoom_by(factor),
            lambda viewing: viewing.active.image.zoom_by(factor),
        )

    def _either(
        self, reformats: Callable[[ReformatSet], object], slices: Callable[[Viewing], object]
    ) -> None:
        if self._mode.shown:
            reformats(self._mode.set)
        else:
            slices(self._mode.viewing)
