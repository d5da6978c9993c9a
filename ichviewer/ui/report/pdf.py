"""A report as a PDF."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from ichviewer import __version__
from ichviewer.errors import ExportError
from ichviewer.services.outputs import Inputs, write_outputs
from ichviewer.ui.look.language import tr
from ichviewer.ui.report.content import ReportContent
from ichviewer.ui.report.layout import pages
from ichviewer.ui.report.painting import paint_page, scale_to_points

_DPI = 600


def pdf_bytes(content: ReportContent, paper: QPageSize.PageSizeId = QPageSize.PageSizeId.A4) -> bytes:
    """The report as a PDF, as many pages as it needs. Its metadata names no patient.

    From any thread: Qt paints PDFs outside of the main one too, and key images take a while to be packed.

    Parameters
    ----------
    content : ReportContent
    paper : QPageSize.PageSizeId

    Raises
    ------
    ExportError
        If it could not be made.
    """
    size = QPageSize(paper)
    sheets = pages(content, (size.sizePoints().width(), size.sizePoints().height()))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setResolution(_DPI)
    writer.setTitle(content.title)
    writer.setCreator(f"ichviewer {__version__}")
    painter = QPainter()
    if not painter.begin(writer):
        raise ExportError(tr("the PDF could not be made"))
    try:
        scale_to_points(painter, _DPI)
        for number, page in enumerate(sheets):
            if number and not writer.newPage():
                raise ExportError(
                    tr("the PDF could not be made"), found=tr("page {number}").format(number=number + 1)
                )
            paint_page(painter, page)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def write_pdf(data: bytes, path: Path, inputs: Inputs) -> None:
    """Write a PDF, onto nothing that was read; from any thread.

    Raises
    ------
    ExportError
        If it cannot be written; what was there before is untouched.
    """
    write_outputs([(path, data)], inputs)
