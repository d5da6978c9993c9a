"""Pictures for the clipboard and as PNG, and the pixels of a slice as one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.window import Voi, render_grey
from ichviewer.errors import ExportError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.pictures import image_of
from ichviewer.ui.session.workers import TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.services.outputs import Inputs

LANE = "export"


def pixels_of(decoded: DecodedSlice, voi: Voi, *, inverted: bool = False) -> QImage:
    """The slice at 1:1: a pixel of the picture is one of the image, and no word is on it.

    What a scanner drew into the pixels themselves is still there.

    Parameters
    ----------
    decoded : DecodedSlice
    voi : Window or VoiLut
        How HU become grey; a color image is drawn in its colors, and never inverted.
    inverted : bool
        Whether black and white are swapped.

    Returns
    -------
    QImage
        8-bit grey or RGB, of as many pixels as the slice.
    """
    pixels = decoded.rgb if decoded.rgb is not None else render_grey(decoded.image, voi, inverted=inverted)
    return image_of(pixels)


def copy_image(image: QImage) -> None:
    """Put a picture on the clipboard.

    Raises
    ------
    ExportError
        If there is none.
    """
    QGuiApplication.clipboard().setImage(_checked(image))


class PictureSaver(QObject):
    """Writes pictures as PNG beside the window.

    Parameters
    ----------
    workers : Workers

    Signals
    -------
    saved(Path)
    failed(BaseException)
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers

    def save(self, image: QImage, path: Path, inputs: Inputs) -> None:
        """Write a picture as it is at this moment, onto nothing that was read.

        Parameters
        ----------
        image : QImage
            Such as `pixels_of` gives it.
        path : Path
        inputs : Inputs
            What was opened and read.
        """
        # A copy that shares the pixels until one of the two is changed.
        taken = QImage(image)

        def work(_: TaskContext) -> Path:
            from ichviewer.services.outputs import write_outputs  # noqa: PLC0415 - on first use

            write_outputs([(path, png_bytes(taken))], inputs)
            return path

        self._workers.run(work, on_result=self.saved.emit, on_error=self.failed.emit, lane=LANE)


def png_bytes(image: QImage) -> bytes:
    """A picture as PNG, without any words beside its pixels; from any thread.

    Raises
    ------
    ExportError
        If there is no picture.
    """
    bits = bytes(_checked(image).constBits())
    # Made anew of the pixels: a copy would keep the words that a picture carries.
    plain = QImage(bits, image.width(), image.height(), image.bytesPerLine(), image.format())
    plain.setColorTable(image.colorTable())
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not plain.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise ExportError(tr("the picture could not be made"))
    return bytes(buffer.data().data())


def _checked(image: QImage) -> QImage:
    if image.isNull():
        raise ExportError(tr("there is no picture"))
    return image
