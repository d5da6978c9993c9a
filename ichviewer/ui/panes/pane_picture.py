"""What a pane shows as a picture that may leave the program."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from ichviewer.errors import ExportError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.theme import theme
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.word_detail import WordDetail


def pane_picture(pane: ImagePane, *, patient_data: bool) -> QImage:
    """The slice with what is written and drawn on it, in all pixels of the screen.

    What floats over it and what only helps to draw, as the next step of a tool, is left out.

    Parameters
    ----------
    pane : ImagePane
    patient_data : bool
        Whether words about the patient and the examination may be on it. What the scanner drew into the pixels is
        on it in any case.

    Returns
    -------
    QImage
        RGB, of the size of the pane.

    Raises
    ------
    ExportError
        If no slice is on screen.
    """
    if pane.shown is None:
        raise ExportError(tr("there is no picture: no slice is on screen"))
    pane.pose(pane.detail if patient_data else max(pane.detail, WordDetail.NO_PATIENT))
    try:
        ratio = pane.devicePixelRatioF()
        image = QImage(pane.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(theme().image_background))
        painter = QPainter(image)
        for layer in pane.layers:
            if layer.isVisible():
                layer.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        painter.end()
    finally:
        pane.pose(None)
    return image
