"""A report on paper. Qt's printing is loaded when it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from ichviewer.errors import ExportError
from ichviewer.ui.look.language import tr
from ichviewer.ui.report.content import ReportContent
from ichviewer.ui.report.layout import pages
from ichviewer.ui.report.painting import paint_page, scale_to_points

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter


def print_report(
    content: ReportContent, parent: QWidget | None, failed: Callable[[ExportError], None]
) -> QPrintDialog:
    """Ask for a printer and print; does not block.

    Parameters
    ----------
    content : ReportContent
    parent : QWidget or None
        What the dialog belongs to.
    failed : callable
        Told if the printer refuses.

    Returns
    -------
    QPrintDialog
        Already open; deletes itself.
    """
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - few print, all start the program

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    # What a person sees in the queue of a shared printer names no patient.
    printer.setDocName(content.title)
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, False)

    def go() -> None:
        try:
            paint_on_printer(content, printer)
        except ExportError as error:
            failed(error)

    dialog.accepted.connect(go)
    QDialog.open(dialog)
    return dialog


def paint_on_printer(content: ReportContent, printer: QPrinter) -> None:
    """Paint all pages on a printer, on the paper that it has.

    Raises
    ------
    ExportError
        If the printer refuses.
    """
    printer.setFullPage(True)
    paper = printer.pageLayout().fullRectPoints().size()
    sheets = pages(content, (paper.width(), paper.height()))
    painter = QPainter()
    if not painter.begin(printer):
        raise ExportError(tr("the report could not be printed"), printer.printerName())
    try:
        scale_to_points(painter, printer.resolution())
        for number, page in enumerate(sheets):
            if number and not printer.newPage():
                raise ExportError(
                    tr("the report could not be printed"),
                    printer.printerName(),
                    tr("page {number}").format(number=number + 1),
                )
            paint_page(painter, page)
    finally:
        painter.end()
