"""What the commands of the menu View act on, beside the series: the image of the active pane, panels, full screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from ichviewer.domain.window import Window
from ichviewer.ui.app.notice import Notice
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.magnifier import FACTORS, Magnifier
from ichviewer.ui.panes.region_pick import RegionPick, window_of_region
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.panes.window_drag import window_of


class ActiveImage(QObject):
    """The image of the active pane, whichever that is.

    Parameters
    ----------
    viewing : Viewing
    zoom_by : callable
        Makes what is in view larger (over 1) or smaller, reformats too.
    notice : Notice
    window : QWidget
        Of the dialog for typed values.

    Signals
    -------
    changed()
        A rectangle is waited for or not any more, or the magnifier is another.
    """

    changed = Signal()

    def __init__(
        self, viewing: Viewing, zoom_by: Callable[[float], None], notice: Notice, window: QWidget
    ) -> None:
        super().__init__(window)
        self._viewing, self._notice, self._window = viewing, notice, window
        self.zoom_by = zoom_by
        self._lens: Magnifier | None = None
        self._factor = FACTORS[0]
        self._pick: RegionPick | None = None
        viewing.activeChanged.connect(self._move_lens)
        viewing.seriesChanged.connect(lambda _: self.stop_picking())

    @property
    def image(self) -> ImagePane:
        """The image."""
        return self._viewing.active.image

    def fit(self) -> None:
        """Show the whole picture."""
        self.image.fit()

    def one_to_one(self) -> None:
        """Show a column of the picture as wide as a pixel of the screen."""
        self.image.one_to_one()

    def flip_horizontal(self) -> None:
        """Left for right."""
        self.image.flip_horizontal()

    def flip_vertical(self) -> None:
        """Top for bottom."""
        self.image.flip_vertical()

    def rotate(self, degrees: int) -> None:
        """Rotate clockwise by a multiple of 90 degrees."""
        self.image.rotate(degrees)

    # How much is written

    def next_detail(self) -> None:
        """Write fewer words on the images; after the last step all again."""
        self._viewing.set_detail(self._viewing.detail.next)
        self.changed.emit()

    # Windows in numbers and from a region

    def type_window(self) -> None:
        """Let the user enter center and width."""
        from ichviewer.ui.dialogs.window_values import WindowValuesDialog  # noqa: PLC0415 - on first use

        dialog = WindowValuesDialog(window_of(self.image.voi()), self._window)
        image = self.image
        dialog.chosen.connect(image.use_window)
        # What is open may be closed meanwhile, and the next patient's image has a window of its own.
        self._viewing.seriesChanged.connect(dialog.reject)
        dialog.open()

    @property
    def picking(self) -> bool:
        """Whether a rectangle is waited for."""
        return self._pick is not None

    def toggle_picking(self) -> None:
        """Wait for a rectangle whose HU give the window, or not any more."""
        if self._pick is not None:
            self._pick.end()
            return
        image = self.image
        self._pick = RegionPick(image)
        self._pick.picked.connect(lambda rectangle: self._use_region(image, rectangle))
        self._pick.ended.connect(self._picked)
        self._notice.show_message(
            tr("Drag a rectangle over the region that the window is to show; Esc gives up.")
        )
        self.changed.emit()

    def stop_picking(self) -> bool:
        """Wait for no rectangle any more; whether one was waited for."""
        if self._pick is None:
            return False
        self._pick.end()
        return True

    def _picked(self) -> None:
        self._pick = None
        self._notice.clear()
        self.changed.emit()

    def _use_region(self, image: ImagePane, rectangle_px: QRectF) -> None:
        window: Window | None = window_of_region(image, rectangle_px)
        if window is None:
            self._notice.show_message(
                tr("No window from this region: fewer than nine pixels of the image lie in it."), "warning"
            )
        else:
            image.use_window(window)

    # Magnifier

    @property
    def magnified(self) -> int:
        """The factor of the magnifier, 0 while it is off."""
        return 0 if self._lens is None else self._lens.factor

    @property
    def lens(self) -> Magnifier | None:
        """The magnifier, None while it is off."""
        return self._lens

    def toggle_magnifier(self) -> None:
        """Have a magnifier under the cursor, or not."""
        self._show_lens(0 if self._lens is not None else self._factor)

    def magnify(self, factor: int) -> None:
        """Have a magnifier of a factor."""
        self._show_lens(factor)

    def stop_magnifying(self) -> bool:
        """Have no magnifier any more; whether there was one."""
        if self._lens is None:
            return False
        self._show_lens(0)
        return True

    def _show_lens(self, factor: int) -> None:
        if self._lens is not None:
            self._lens.hide()
            self._lens.deleteLater()
            self._lens = None
        if factor:
            self._factor = factor
            self._lens = Magnifier(self.image, factor)
        self.changed.emit()

    def _move_lens(self) -> None:
        self.stop_picking()
        if self._lens is not None:
            self._show_lens(self._lens.factor)


class Panels(QObject):
    """What stands around the images: shown with a study, unless the user hides it.

    Parameters
    ----------
    parts : iterable of QWidget
    of_slices : iterable of QWidget
        Those that tell of acquired slices, which reformats are not.
    viewing : Viewing
        Its image gets the keyboard when the panels go.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, parts: Iterable[QWidget], of_slices: Iterable[QWidget], viewing: Viewing) -> None:
        super().__init__(viewing)
        self._of_slices = tuple(of_slices)
        self._parts = (*parts, *self._of_slices)
        self._slices = True
        self._viewing = viewing
        self._with_study = False
        self.hidden = False
        """Whether the user hides them."""

    def set_study(self, shown: bool) -> None:
        """Show them with a study, or not: nothing is open."""
        self._with_study = shown
        self._apply()

    def set_slices(self, shown: bool) -> None:
        """Acquired slices are shown, or something else in their place."""
        self._slices = shown
        self._apply()

    def toggle(self) -> None:
        """Hide them, or show them again."""
        self.hidden = not self.hidden
        self._apply()
        focused = QApplication.focusWidget()
        if self.hidden and any(
            part is focused or part.isAncestorOf(focused) for part in self._parts if focused
        ):
            self._viewing.active.image.setFocus()
        self.changed.emit()

    def _apply(self) -> None:
        for part in self._parts:
            fits = self._slices or part not in self._of_slices
            part.setVisible(self._with_study and fits and not self.hidden)


class FullScreen(QObject):
    """The whole screen for the window, and back to what it was.

    Parameters
    ----------
    window : QMainWindow
    before_leaving : iterable of callable
        What Esc ends first; each says whether there was anything to end.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, window: QMainWindow, before_leaving: Iterable[Callable[[], bool]] = ()) -> None:
        super().__init__(window)
        self._window = window
        self._before = tuple(before_leaving)
        self._claimed = False
        window.installEventFilter(self)

    @property
    def on(self) -> bool:
        """Whether the window has the whole screen."""
        return bool(self._window.windowState() & Qt.WindowState.WindowFullScreen)

    def toggle(self) -> None:
        """Take the whole screen, or give it back."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.changed.emit()

    def leave(self) -> bool:
        """Give the screen back; whether the window had it."""
        if not self.on:
            return False
        self.toggle()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Esc before the command that has it as its key, as long as there is something nearer to end."""
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or event.modifiers():
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            self._claimed = any(end() for end in (*self._before, self.leave))
            if self._claimed:
                event.accept()
            return self._claimed
        if event.type() is QEvent.Type.KeyPress and self._claimed:
            self._claimed = False
            return True
        return False
