"""Three linked reformats of a series, with a crosshair: axial, coronal, sagittal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ichviewer.domain.geometry import Vector
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.slab import Projection
from ichviewer.domain.volume import Volume
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.words import sentence
from ichviewer.ui.panes.message_card import MessageCard, MessageKind
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.reformat_state import ReformatState, Section
from ichviewer.ui.panes.reformat_words import ELSEWHERE
from ichviewer.ui.panes.view_state import ViewState
from ichviewer.ui.session.volumes import Volumes
from ichviewer.ui.session.workers import Workers

Change = Callable[[ReformatState], ReformatState]
FindPlane = Callable[[ReformatState], tuple[ReformatState, Section]]
"""Planes from those on show, and in which pane the one lies that was looked for."""

_ASKED = {
    Section.AXIAL: tr("Straighten, 1 of 2: on the axial picture, drag along the midline."),
    Section.SAGITTAL: tr(
        "Straighten, 2 of 2: on the sagittal picture, drag from the outer canthus to the ear canal."
    ),
}
_NEXT = {Section.AXIAL: Section.SAGITTAL}


class ReformatSet(QWidget):
    """Shows a series in three planes, and what is done to one of them in the others.

    Parameters
    ----------
    volumes : Volumes
    workers : Workers
    parent : QWidget, optional
    """

    sliceRequested = Signal(int)
    """The reader wants to see this acquired slice."""
    closeRequested = Signal()
    """The reader does not want the reformats any more."""
    changed = Signal()
    """Other planes, another slab, or a volume came or went."""
    invertedChanged = Signal(bool)
    """The reader inverted the pictures, or not any more."""

    def __init__(self, volumes: Volumes, workers: Workers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._volumes = volumes
        self._series: Series | None = None
        self._volume: Volume | None = None
        self._planes: ReformatState | None = None
        self._at_slice = 0
        self._straightening: Section | None = None
        self._awaited: FindPlane | None = None
        self.panes = {section: ReformatPane(section, workers) for section in Section}
        self._active = self.panes[Section.AXIAL]
        self._card = MessageCard()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._note = PlainLabel(ELSEWHERE)
        self._note.setWordWrap(True)
        self._go, self._straighten, self._reset, self._leave = (
            _button(words, tip)
            for words, tip in (
                (
                    tr("Go to the slice"),
                    tr("Show the acquired slice nearest to the crosshair, with its findings"),
                ),
                (tr("Straighten"), tr("Draw the midline and the orbitomeatal line to straighten the head")),
                (tr("Reset planes"), tr("The patient's own planes through the middle of the volume")),
                (tr("Close"), tr("Back to the acquired slices")),
            )
        )
        self._straighten.setCheckable(True)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.addWidget(self._note, 1)
        for button in (self._go, self._straighten, self._reset, self._leave):
            bar.addWidget(button)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        grid.addWidget(self.panes[Section.AXIAL], 0, 0, 2, 1)
        grid.addWidget(self.panes[Section.CORONAL], 0, 1)
        grid.addWidget(self.panes[Section.SAGITTAL], 1, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        planes = QWidget()
        planes.setLayout(grid)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(tr("Slices read"))
        self._stop = _button(tr("Cancel"), tr("Stop reading the slices"))
        waiting = QWidget()
        column = QVBoxLayout(waiting)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._card, 1)
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 12, 12)
        row.addWidget(self._progress, 1)
        row.addWidget(self._stop)
        column.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(bar)
        # Pages that had no place yet would be shown as a window of their own.
        self._pages = QStackedLayout()
        whole.addLayout(self._pages, 1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(planes)

    def _connect(self) -> None:
        self._go.clicked.connect(self.go_to_nearest)
        self._straighten.clicked.connect(self.toggle_straighten)
        self._reset.clicked.connect(self.reset_planes)
        self._leave.clicked.connect(self.closeRequested)
        self._stop.clicked.connect(self._volumes.cancel)
        told = self._volumes
        told.began.connect(self._began)
        told.progressed.connect(self._progressed)
        told.built.connect(self._built)
        told.refused.connect(lambda key, why: self._not_built(key, tr("No reformats of this series"), why))
        told.cancelled.connect(
            lambda key: self._not_built(key, tr("Cancelled"), tr("The slices were not read to the end."))
        )
        for pane in self.panes.values():
            self._connect_pane(pane)

    def _connect_pane(self, pane: ReformatPane) -> None:
        section = pane.section
        pane.activated.connect(lambda: self._activate(pane))
        pane.sliceStepRequested.connect(lambda steps: self._step(section, steps))
        pane.crosshairRequested.connect(lambda point: self._change(lambda planes: planes.through(point)))
        pane.lineMoved.connect(
            lambda line, point: self._change(lambda planes: planes.line_dragged(line, point))
        )
        pane.turnRequested.connect(
            lambda degrees: self._change(lambda planes: planes.turned(section, degrees))
        )
        pane.lineDrawn.connect(lambda start, end: self._line_drawn(section, start, end))
        pane.voiChanged.connect(lambda _: self._share(pane))
        pane.invertedChanged.connect(lambda _: self._share(pane))
        pane.invertedChanged.connect(self.invertedChanged)

    # What is shown

    @property
    def series(self) -> Series | None:
        """The series that is shown or on its way."""
        return self._series

    @property
    def planes(self) -> ReformatState | None:
        """The planes on show; None before there is a volume."""
        return self._planes

    @property
    def active(self) -> ReformatPane:
        """The pane that somebody works with."""
        return self._active

    @property
    def words(self) -> str:
        """What stands above the planes."""
        return self._note.text()

    @property
    def message(self) -> str:
        """Why there are no planes, or that they are on their way; empty while they are shown."""
        return "" if self._planes is not None else f"{self._card.title}. {self._card.detail}"

    def show_series(self, series: Series, window: ViewState, at_slice: int) -> None:
        """Show a series in three planes.

        Parameters
        ----------
        series : Series
        window : ViewState
            Window and inversion to begin with.
        at_slice : int
            Index of the acquired slice that the crosshair begins on.
        """
        self.clear()
        self._series, self._at_slice = series, at_slice
        self.look_through(window)
        self._message(tr("Reading the slices"), "", MessageKind.LOADING)
        self._volumes.ask(series)

    def clear(self) -> None:
        """Take everything of the series off the panes, at once."""
        self._end_straightening()
        if self._series is not None and self._planes is None:
            self._volumes.cancel()
        self._series, self._volume, self._planes, self._awaited = None, None, None, None
        for pane in self.panes.values():
            pane.close_planes()
        self._pages.setCurrentIndex(0)
        self._card.set_message("", "", MessageKind.INFO)
        self._show_state()

    def look_through(self, state: ViewState) -> None:
        """Use a window and inversion in all three."""
        for pane in self.panes.values():
            pane.follow(state)

    # What can be done

    def step(self, steps: int) -> None:
        """Move the active plane by natural steps."""
        self._step(self._active.section, steps)

    def thicker(self) -> None:
        """A thicker slab."""
        self._change(lambda planes: planes.thicker())

    def thinner(self) -> None:
        """A thinner slab, the plane alone in the end."""
        self._change(lambda planes: planes.thinner())

    def project(self, projection: Projection) -> None:
        """Show the mean, the maximum or the minimum of the slab."""
        self._change(lambda planes: planes.with_projection(projection))

    def reset_planes(self) -> None:
        """The patient's own planes through the middle of the volume."""
        self._end_straightening()
        self._change(lambda planes: planes.reset())

    def reset_view(self) -> None:
        """Whole pictures, and the preset's window."""
        for pane in self.panes.values():
            pane.reset()

    def go_to_nearest(self) -> None:
        """Ask for the acquired slice nearest to the crosshair."""
        if self._planes is not None:
            self.sliceRequested.emit(self._planes.nearest_slice)

    def go_to_plane(self, find: FindPlane) -> None:
        """Show the planes that are found from those on show: at once, or when the volume is there."""
        if self._planes is None:
            self._awaited = find
            if self._series is not None and not self._volumes.building:
                # It was cancelled or refused before: it is tried once more.
                self._message(tr("Reading the slices"), "", MessageKind.LOADING)
                self._volumes.ask(self._series)
            return
        self._end_straightening()
        planes, section = find(self._planes)
        self._change(lambda _: planes)
        self._active = self.panes[section]
        self._active.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_state()

    def toggle_straighten(self) -> None:
        """Let the reader draw the midline and the orbitomeatal line, or stop that."""
        if self._straightening is not None or self._planes is None:
            self._end_straightening()
            self._show_state()
            return
        self._change(lambda planes: planes.upright())
        self._ask_line(Section.AXIAL)

    # Parts

    def _change(self, how: Change) -> None:
        if self._planes is None or self._volume is None or self._series is None:
            return
        planes = how(self._planes)
        if planes == self._planes:
            return
        self._planes = planes
        for pane in self.panes.values():
            pane.show_planes(self._series, self._volume, planes)
        self._show_state()

    def _step(self, section: Section, steps: int) -> None:
        self._change(lambda planes: planes.stepped(section, steps))

    def _activate(self, pane: ReformatPane) -> None:
        self._active = pane

    def _share(self, pane: ReformatPane) -> None:
        for other in self.panes.values():
            if other is not pane:
                other.follow(pane.state)

    def _ask_line(self, section: Section) -> None:
        self._straightening = section
        for pane in self.panes.values():
            pane.draw_line(pane.section is section)
        self._show_state()

    def _end_straightening(self) -> None:
        self._straightening = None
        for pane in self.panes.values():
            pane.draw_line(False)

    def _line_drawn(self, section: Section, start: Vector, end: Vector) -> None:
        if self._straightening is not section or self._planes is None:
            return
        line = start, end
        midline, orbitomeatal = (line, None) if section is Section.AXIAL else (None, line)
        try:
            straight = self._planes.straightened(midline, orbitomeatal)
        except ValueError as error:
            # The line was too short or ran across; the reader draws another one.
            self._show_state(sentence(str(error).partition(" Received:")[0].rstrip(".")))
            return
        self._change(lambda _: straight)
        following = _NEXT.get(section)
        if following is None:
            self._end_straightening()
            self._show_state()
        else:
            self._ask_line(following)

    def _show_state(self, trouble: str = "") -> None:
        """Words and buttons as the planes are."""
        planes, asked = self._planes, self._straightening
        words = ELSEWHERE if asked is None else _ASKED[asked]
        self._note.setText(f"{trouble}. {words}" if trouble else words)
        self._straighten.setChecked(asked is not None)
        for button in (self._go, self._straighten, self._reset):
            button.setEnabled(planes is not None)
        self._go.setText(
            tr("Go to the slice")
            if planes is None
            else tr("Go to slice {nearest_slice}").format(nearest_slice=planes.nearest_slice + 1)
        )
        self.changed.emit()

    # What the volumes tell

    def _is_asked(self, key: SeriesKey) -> bool:
        return self._series is not None and self._series.key == key and self._planes is None

    def _began(self, key: SeriesKey, memory: str) -> None:
        if self._is_asked(key):
            self._message(
                tr("Reading the slices"),
                tr("The volume takes {memory}.").format(memory=memory),
                MessageKind.LOADING,
            )

    def _progressed(self, key: SeriesKey, done: int, total: int) -> None:
        if self._is_asked(key):
            self._progress.setRange(0, total)
            self._progress.setValue(done)

    def _built(self, key: SeriesKey, volume: Volume) -> None:
        if not self._is_asked(key) or self._series is None:
            return
        self._volume = volume
        planes = ReformatState.of(volume.geometry)
        _, rows, columns = volume.geometry.shape
        middle = volume.geometry.mm_of_index([self._at_slice, (rows - 1) / 2, (columns - 1) / 2])
        self._planes = planes.through(middle)
        for pane in self.panes.values():
            pane.show_planes(self._series, volume, self._planes)
        self._pages.setCurrentIndex(1)
        self._active.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_state()
        awaited, self._awaited = self._awaited, None
        if awaited is not None:
            self.go_to_plane(awaited)

    def _not_built(self, key: SeriesKey, title: str, why: str) -> None:
        if self._is_asked(key):
            self._message(title, sentence(why), MessageKind.INFO)

    def _message(self, title: str, detail: str, kind: MessageKind) -> None:
        self._card.set_message(title, detail, kind)
        waiting = kind is MessageKind.LOADING
        self._progress.setRange(0, 0)
        for part in (self._progress, self._stop):
            part.setVisible(waiting)
        self._pages.setCurrentIndex(0)
        self._show_state()


def _button(words: str, tip: str) -> QPushButton:
    button = QPushButton(words)
    set_tip(button, tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
