"""Reports are made and saved beside the window, and printed on the printer's paper."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dicom_factory import write_series
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from pytestqt.qtbot import QtBot
from report_builders import MODEL, NOW, QUIET, SUBDURAL, analysed, findings_of, whole_source

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import DecodeError, ExportError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.open_study import open_study
from ichviewer.services.outputs import Inputs
from ichviewer.ui.report.assembling import report_content
from ichviewer.ui.report.content import KeyImage, ReportContent
from ichviewer.ui.report.making import ReportMaker, ReportRequest, make_content
from ichviewer.ui.report.printing import paint_on_printer, print_report
from ichviewer.ui.session.workers import Workers


@pytest.fixture
def maker(qtbot: QtBot) -> Iterator[ReportMaker]:
    workers = Workers()
    yield ReportMaker(workers)
    workers.stop()
    assert workers.join()


@pytest.fixture
def series(tmp_path: Path) -> Series:
    write_series(tmp_path / "s", n=3)
    return open_study([tmp_path / "s"]).series[0]


def request(series: Series, **changes: object) -> ReportRequest:
    found = findings_of(series, analysed(QUIET), analysed(SUBDURAL), analysed(QUIET))
    fields = {"patient_data": False, **changes}
    return ReportRequest(series, found, MODEL, **fields)  # type: ignore[arg-type]


def images(content: ReportContent) -> list[str]:
    return [b.lines[0] for s in content.sections for b in s.blocks if isinstance(b, KeyImage)]


def test_the_flagged_slice_is_shown_unless_others_are_wanted(series: Series) -> None:
    assert images(make_content(request(series), read_slice, now=NOW)) == ["Slice 2 of 3 · 5.0 mm"]
    chosen = make_content(request(series, slices=(0, 2)), read_slice, now=NOW)
    assert images(chosen) == ["Slice 1 of 3 · 0.0 mm", "Slice 3 of 3 · 10.0 mm"]


def test_a_key_slice_that_cannot_be_read_is_told(series: Series) -> None:
    def fail(info: SliceInfo) -> DecodedSlice:
        raise DecodeError("the pixel data could not be decoded", str(info.source))

    content = make_content(request(series), fail, now=NOW)
    assert images(content) == []
    assert "could not be read: slice 2." in content.text()


def test_making_can_be_cancelled(series: Series) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        make_content(request(series), read_slice, now=NOW, cancel=token)


def test_a_report_is_made_and_saved_beside_the_window(
    qtbot: QtBot, maker: ReportMaker, series: Series, tmp_path: Path
) -> None:
    threads: set[str] = set()

    def read(info: SliceInfo) -> DecodedSlice:
        threads.add(threading.current_thread().name)
        return read_slice(info)

    with qtbot.waitSignal(maker.ready) as made:
        maker.make(request(series), read)
    content = made.args[0]
    assert threads == {"ichviewer-report"}
    assert "Subdural" in content.text()
    path = tmp_path / "report.pdf"
    with qtbot.waitSignal(maker.saved) as saved:
        maker.save(content, path, Inputs((tmp_path / "s",)))
    assert saved.args == [path]
    assert path.read_bytes().startswith(b"%PDF-")


def test_saving_onto_an_image_fails_and_leaves_it(qtbot: QtBot, maker: ReportMaker, series: Series) -> None:
    path = series.slices[0].source.path
    before = path.read_bytes()
    content = make_content(request(series), read_slice, now=NOW)
    with qtbot.waitSignal(maker.failed) as failed:
        maker.save(content, path, Inputs((path.parent,)))
    assert isinstance(failed.args[0], ExportError)
    assert path.read_bytes() == before


def test_a_report_that_was_dropped_never_comes(qtbot: QtBot, maker: ReportMaker, series: Series) -> None:
    gate = threading.Event()

    def wait(info: SliceInfo) -> DecodedSlice:
        assert gate.wait(10)
        return read_slice(info)

    came: list[ReportContent] = []
    maker.ready.connect(came.append)
    maker.make(request(series, patient_data=True), wait)
    maker.make(request(series), read_slice)
    gate.set()
    qtbot.waitUntil(lambda: bool(came))
    assert [content.patient_data for content in came] == [False]
    maker.make(request(series), read_slice)
    maker.drop()
    qtbot.wait(100)
    assert len(came) == 1


def printed(tmp_path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    return printer


def test_all_pages_come_out_of_the_printer(qtbot: QtBot, tmp_path: Path) -> None:
    content = report_content(whole_source(), patient_data=True, now=NOW)
    paint_on_printer(content, printed(tmp_path))
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_refuses_is_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    content = report_content(whole_source(), patient_data=True, now=NOW)
    printer = printed(tmp_path)
    printer.setOutputFileName(str(tmp_path / "no folder" / "a.pdf"))
    with pytest.raises(ExportError, match="could not be printed"):
        paint_on_printer(content, printer)


@pytest.mark.qt_log_ignore("QPainter::begin", "propagateSizeHints")
def test_printing_asks_first_and_does_not_wait(qtbot: QtBot, tmp_path: Path) -> None:
    content = report_content(whole_source(), patient_data=True, now=NOW)
    failures: list[ExportError] = []
    dialog = print_report(content, None, failures.append)
    assert isinstance(dialog, QPrintDialog)
    assert dialog.isVisible()
    printer = dialog.printer()
    assert "DOE" not in printer.docName()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.accepted.emit(printer)
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF-")
    printer.setOutputFileName(str(tmp_path / "no folder" / "a.pdf"))
    dialog.accepted.emit(printer)
    assert len(failures) == 1
    dialog.reject()


def test_printing_is_loaded_when_somebody_prints() -> None:
    code = (
        "import sys, ichviewer.ui.report.printing, ichviewer.ui.report.making;"
        "print('PySide6.QtPrintSupport' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "False"
