"""Icons: our own SVG line drawings, tinted by the theme and sharp at every scale.

A drawing uses ``currentColor``; the color is put in when it is drawn, so icons follow a change of the theme.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ichviewer.bundle import resources_dir
from ichviewer.domain.findings import SeriesState
from ichviewer.errors import SettingsError
from ichviewer.ui.look.theme import theme

APP_ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)

_STATE_LOOKS: dict[SeriesState, tuple[str, str]] = {
    SeriesState.WAITING: ("state-waiting", "muted"),
    SeriesState.RUNNING: ("state-running", "accent"),
    SeriesState.DONE: ("state-done", "good"),
    SeriesState.PARTLY: ("state-partly", "warning"),
    SeriesState.REFUSED: ("state-refused", "muted"),
    SeriesState.FAILED: ("state-failed", "danger"),
    SeriesState.CANCELLED: ("state-cancelled", "muted"),
}


def state_icon(state: SeriesState, *, flagged: bool = False) -> tuple[str, str]:
    """Icon name and the theme's color name for a state of the analysis."""
    if flagged and state is not SeriesState.REFUSED:
        return "state-flagged", "warning"
    return _STATE_LOOKS[state]


def icon(name: str, color: str = "text") -> QIcon:
    """An icon from ``resources/icons``.

    Parameters
    ----------
    name : str
        File name without ``.svg``.
    color : str
        Name of a color of the theme (``text``, ``muted``, ``accent``, ...).
    """
    _drawing(name)  # a wrong name is told here, not while painting
    return QIcon(_ThemedEngine(name, color))


def app_icon() -> QIcon:
    """The program's own icon, in every size."""
    result = QIcon()
    for size in APP_ICON_SIZES:
        result.addFile(str(resources_dir() / "icons" / "app" / f"ichviewer-{size}.png"), QSize(size, size))
    return result


def icon_image(name: str, color: str, size_px: int, ratio: float = 1.0) -> QImage:
    """An icon as a picture of ``size_px`` device-independent pixels, in a literal ``#rrggbb`` color."""
    return _rendered(name, color, round(size_px * ratio), ratio)


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    path = resources_dir() / "icons" / f"{name}.svg"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            "an icon is missing; please install ichviewer again", str(path), str(error)
        ) from error


@lru_cache(maxsize=512)
def _rendered(name: str, color: str, device_px: int, ratio: float) -> QImage:
    image = QImage(device_px, device_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(_drawing(name).replace("currentColor", color).encode())
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, device_px, device_px))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


class _ThemedEngine(QIconEngine):
    """Draws a line drawing in a color of the theme that is on at that moment."""

    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._name, self._color)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        side = min(rect.width(), rect.height())
        image = icon_image(self._name, self._tint(mode), side, ratio)
        at = QPoint(rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2)
        painter.save()
        painter.setOpacity(0.38 if mode is QIcon.Mode.Disabled else 1.0)
        painter.drawImage(QRect(at, QSize(side, side)), image)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # Since Qt 6.8 the size is given in device-independent pixels.
        pixmap = QPixmap((QSizeF(size) * scale).toSize())
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def _tint(self, mode: QIcon.Mode) -> str:
        tint: str = getattr(theme(), "muted" if mode is QIcon.Mode.Disabled else self._color)
        return tint
