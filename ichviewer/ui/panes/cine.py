"""Playing through the slices of the active pane."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ichviewer.ui.panes.viewing import Viewing

SLOWEST, FASTEST = 1, 60
"""Slices a second."""

SPEEDS = (1, 2, 5, 8, 12, 20, 30, 45, 60)
"""What slower and faster go through."""


class Cine(QObject):
    """Steps through the slices, from the last one on to the first.

    None is left out: a slice whose pixels are not there yet is waited for, one that cannot be read is shown as such.

    Parameters
    ----------
    viewing : Viewing

    Signals
    -------
    changed()
        It plays or not any more, or at another speed.
    """

    changed = Signal()

    def __init__(self, viewing: Viewing) -> None:
        super().__init__(viewing)
        self._viewing = viewing
        self._speed = 12
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)
        viewing.seriesChanged.connect(lambda _: self.stop())
        viewing.activeChanged.connect(lambda _: self.stop())

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    @property
    def speed(self) -> int:
        """Slices a second, as long as their pixels come in time."""
        return self._speed

    def set_speed(self, slices_per_s: int) -> None:
        """Play faster or slower from now on.

        Raises
        ------
        ValueError
            If it is not `SLOWEST` to `FASTEST`.
        """
        if not SLOWEST <= slices_per_s <= FASTEST:
            raise ValueError(f"slices a second must be {SLOWEST} to {FASTEST}. Received: {slices_per_s}")
        self._speed = slices_per_s
        self._timer.setInterval(self._interval_ms)
        self.changed.emit()

    def change_speed(self, steps: int) -> None:
        """One of `SPEEDS` further on (1) or back (-1); not past their ends."""
        ordered = SPEEDS if steps > 0 else SPEEDS[::-1]
        self.set_speed(next((s for s in ordered if (s - self._speed) * steps > 0), ordered[-1]))

    def toggle(self) -> None:
        """Play, or stop."""
        if self.playing:
            self.stop()
        elif self._viewing.series is not None and len(self._viewing.series) > 1:
            self._timer.start(self._interval_ms)
            self.changed.emit()

    def stop(self) -> None:
        """Stop at the slice in view."""
        if self.playing:
            self._timer.stop()
            self.changed.emit()

    @property
    def _interval_ms(self) -> int:
        return round(1000 / self._speed)

    def _step(self) -> None:
        viewing = self._viewing
        if viewing.series is None or viewing.shown != viewing.index:
            return
        viewing.go_to((viewing.index + 1) % len(viewing.series))
