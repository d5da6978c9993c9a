"""Does with the demo studies what a reader does, and makes docs/tour.md of it, a picture for every step.

Run it as `.venv/bin/python packaging/make_tour.py`, and look at the pictures before committing them.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from ichviewer.bundle import demo_dir
from ichviewer.domain.series import PatientInfo, StudyInfo
from ichviewer.network.peers import DicomNode, WebServer
from ichviewer.network.query import StudyAnswer
from ichviewer.ui.app.app import make_app
from ichviewer.ui.app.clipboard import png_bytes
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.screenshot import window_of_nobody
from ichviewer.ui.dialogs.output_options import ReportOptionsDialog
from ichviewer.ui.dialogs.results_options import ResultsOptionsDialog
from ichviewer.ui.dialogs.tags import TagsDialog
from ichviewer.ui.look.theme import THEMES, apply_theme
from ichviewer.ui.panes.reformat_state import Section
from ichviewer.ui.report.content import ReportContent
from ichviewer.ui.report.layout import pages
from ichviewer.ui.report.painting import page_image
from ichviewer.ui.sources.studies_dialog import StudiesDialog

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tour.md"
PICTURES = ROOT / "docs" / "tour"
_SIZE_PX = (1440, 900)
_WIDTH_PX = 1080
_COLORS = 128
_PATIENCE_S = 120.0


@dataclass(frozen=True)
class Step:
    """One step of the tour: a title, what it shows, and the picture's name."""

    name: str
    title: str
    words: str


class Reader:
    """A person at the window.

    Parameters
    ----------
    app : QApplication
    window : MainWindow
    """

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        self.app = app
        self.window = window
        self.page: QImage | None = None
        """What is kept in place of the screen: a page of paper."""
        self.shown: QWidget | None = None
        """A dialog that is kept in place of the window, which it does not block."""

    def wait(self, done: Callable[[], bool]) -> None:
        """Wait until something is so.

        Raises
        ------
        TimeoutError
        """
        until = time.monotonic() + _PATIENCE_S
        while not done():
            if time.monotonic() > until:
                raise TimeoutError("the window did not get there in time")
            self.rest(0.02)

    def rest(self, seconds: float) -> None:
        """Let the window work."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.app.processEvents()
            time.sleep(0.005)

    def do(self, command: str) -> None:
        """Give a command by its id."""
        action = self.window.actions_[command]
        if not action.isEnabled():
            raise ValueError(f"the command must be possible. Received: {command}")
        action.trigger()
        self.rest(0.4)

    def drag(self, start: tuple[float, float], end: tuple[float, float], pane: QWidget | None = None) -> None:
        """Drag with the left button in a pane, the active image unless told, in shares of its size."""
        image = pane or self.window.viewing.active.image
        first, last = _at(image, start), _at(image, end)
        QTest.mousePress(image, Qt.MouseButton.LeftButton, pos=first)
        for part in range(1, 9):
            QTest.mouseMove(image, first + (last - first) * part / 8)
            self.rest(0.01)
        QTest.mouseRelease(image, Qt.MouseButton.LeftButton, pos=last)
        self.rest(0.2)

    def click_bright(self) -> None:
        """Click in the middle of the largest patch of blood on the slice in view."""
        image = self.window.viewing.active.image
        shown, placement = image.shown, image.placement()
        if shown is None or placement is None:
            raise ValueError("a slice must be on screen. Received: none")
        hu = shown.decoded.image.hu()
        blood = ((hu >= 55) & (hu <= 85)).astype(float)
        # Where most of the 15 x 15 pixels around are blood.
        for axis in (0, 1):
            total = np.cumsum(np.pad(blood, [(8, 7) if a == axis else (0, 0) for a in (0, 1)]), axis=axis)
            blood = np.take(total, range(15, total.shape[axis]), axis) - np.take(
                total, range(total.shape[axis] - 15), axis
            )
        row, column = np.unravel_index(int(blood.argmax()), blood.shape)
        place = (column + 0.5) * shown.frame.column_mm, (row + 0.5) * shown.frame.row_mm
        at = placement.to_screen(place, (float(image.width()), float(image.height())))
        QTest.mouseClick(image, Qt.MouseButton.LeftButton, pos=QPoint(round(at[0]), round(at[1])))

    def picture(self, name: str) -> None:
        """Keep what is on screen."""
        self.rest(0.5)
        top: QWidget = self.shown or QApplication.activeModalWidget() or self.window
        shown = top.grab().toImage() if self.page is None else self.page
        image = Image.open(io.BytesIO(png_bytes(shown))).convert("RGB")
        if image.width > _WIDTH_PX:
            image = image.resize(
                (_WIDTH_PX, round(image.height * _WIDTH_PX / image.width)), Image.Resampling.LANCZOS
            )
        image.quantize(_COLORS).save(PICTURES / f"{name}.png", optimize=True)


def _at(widget: QWidget, share: tuple[float, float]) -> QPoint:
    return QPoint(round(widget.width() * share[0]), round(widget.height() * share[1]))


def tour(reader: Reader) -> Iterator[Step]:
    """All steps; each is yielded when the window shows it."""
    window = reader.window
    yield Step(
        "first-run",
        "The first run",
        "The empty window opens something and says what to do. After an update it offers what is new; so does Help.",
    )
    window.open_paths([demo_dir()], remember=False)
    reader.wait(lambda: window.session.is_open and not window.session.reading)
    reader.wait(lambda: window.session.model.model is not None and window.session.analysis.complete)
    reader.do("go.most_suspicious")
    yield Step(
        "findings",
        "Findings beside the image",
        "The strip shows all slices, the panel the probabilities of the one in view, outlines the regions that "
        "influenced the score. N, P and M go from finding to finding.",
    )
    reader.do("layout.three_windows")
    yield Step(
        "three-windows",
        "Three windows",
        "W shows the slice through brain, subdural and bone windows, linked.",
    )
    reader.do("layout.three_windows")
    reader.do("layout.panes_2x2")
    yield Step(
        "panes",
        "Several panes",
        "Alt+1 to 6 choose a layout. A series is dragged from the list into a pane; the active one is framed.",
    )
    reader.do("layout.panes_1x1")
    reader.do("measure.length")
    reader.drag((0.42, 0.35), (0.58, 0.52))
    reader.do("measure.ellipse")
    reader.drag((0.40, 0.58), (0.50, 0.70))
    reader.do("measure.window")
    reader.do("measure.key_image")
    yield Step(
        "measuring",
        "Measuring",
        "Lengths in mm, areas with their HU, and key images; all of it listed, undone without limit and kept.",
    )
    yield from volume(reader)
    yield from reformats(reader)
    yield from _documents(reader)
    reader.do("file.settings")
    yield Step("settings", "Settings", "Appearance, windows, mouse and storage.")
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.close()
    reader.do("help.keys")
    yield Step("keys", "Keys and mouse", "The key sheet; every key can be changed on its second page.")
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.close()
    yield from beside(reader)
    yield from stored(reader)
    yield from network(reader)
    reader.do("view.theme")
    yield Step("light", "The light theme", "Ctrl+T changes the theme; it can follow the system.")


def reformats(reader: Reader) -> Iterator[Step]:
    """Three planes, and what is measured on them."""
    window = reader.window
    reader.do("view.reformats_shown")
    reader.wait(lambda: window.reformats.shown)
    # The planes are drawn coarsely at once, and whole beside the window.
    reader.rest(20.0)
    yield Step(
        "reformats",
        "Reformats",
        "F shows axial, coronal and sagittal planes with a crosshair; [ and ] change the slab.",
    )
    for _ in range(5):
        reader.do("view.reformats_thicker")
    planes = window.reformats.set
    reader.wait(lambda: all(pane.shown is not None and pane.shown.in_full for pane in planes.panes.values()))
    coronal, axial = planes.panes[Section.CORONAL], planes.panes[Section.AXIAL]
    reader.do("measure.length")
    reader.drag((0.34, 0.30), (0.66, 0.36), coronal)
    reader.do("measure.ellipse")
    reader.drag((0.56, 0.56), (0.66, 0.68), axial)
    reader.do("measure.midline_shift")
    for place in ((0.47, 0.14), (0.47, 0.86), (0.49, 0.45)):
        reader.drag(place, place, axial)
    reader.do("measure.window")
    reader.do("measure.list")
    yield Step(
        "measuring-on-reformats",
        "Measuring on reformats",
        "The same tools on the planes, oblique ones and slabs too, in mm of the patient. HU are those of the slab as "
        "it is shown, which the label says. A click in the list leads back to the plane.",
    )
    reader.do("measure.list")
    reader.do("view.reformats_shown")


def volume(reader: Reader) -> Iterator[Step]:
    """The volume tool: a hematoma grown in 3-D."""
    window = reader.window
    reader.do("measure.volume")
    window.tools.regions.panel.through.setChecked(True)
    reader.click_bright()
    reader.wait(lambda: not window.tools.regions.work.busy and bool(window.tools.regions.store.regions))
    reader.wait(lambda: " mL (" in window.tools.regions.panel.numbers.text())
    yield Step(
        "volume",
        "Volumes",
        "Shift+U paints or grows a region within a range of HU, slice by slice or in 3-D: mL with bounds, and ABC/2 "
        "beside it. Strokes are undone one by one.",
    )
    reader.do("measure.window")
    window.tools.regions.part.close_part()


def _documents(reader: Reader) -> Iterator[Step]:
    """Tags, a report, and what is new."""
    window = reader.window
    reader.do("help.tags")
    tags = window.findChild(TagsDialog)
    series = window.viewing.series
    if tags is None or series is None:
        raise ValueError("tags must be on show. Received: no dialog")
    reader.wait(lambda: tags.table.rowCount() > 0)
    yield Step("tags", "Tags", "All tags of the slice, searched and copied.")
    others = [other for other in window.session.catalog.series if other.key != series.key]
    tags.compare_with(max(others, key=len))
    reader.wait(lambda: tags.table.sheet.compares)
    yield Step(
        "tags-compared",
        "Tags compared",
        "With another slice or another series of what is open; what differs says so in words.",
    )
    window.output_place.close_dialogs()
    reader.rest(0.3)
    made: list[ReportContent] = []
    window.report.maker.ready.connect(made.append)
    reader.do("file.report_pdf")
    options = window.findChild(ReportOptionsDialog)
    if options is None:
        raise ValueError("the report must ask what it shows. Received: no dialog")
    yield Step("report-options", "What a report shows", "Which key images, and whether it names the patient.")
    with tempfile.TemporaryDirectory() as folder:
        options.accept()
        reader.rest(0.3)
        (dialog,) = [d for d in window.findChildren(QFileDialog) if d.isVisible()]
        dialog.fileSelected.emit(str(Path(folder, "report.pdf")))
        dialog.reject()
        reader.wait(lambda: window.notice.text.startswith("Report written"))
    window.notice.clear()
    reader.page = page_image(pages(made[0])[0], 110)
    yield Step(
        "report",
        "The report",
        "Findings with thresholds and model, key images, what was measured, what was not analyzed, and the limits.",
    )
    reader.page = None
    reader.do("help.news")
    yield Step("news", "What's new", "The changelog of the program, in the menu Help at any time.")
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.close()
    reader.rest(0.3)


def beside(reader: Reader) -> Iterator[Step]:
    """An earlier study in a folder of its own, opened beside the one in view."""
    window = reader.window
    with tempfile.TemporaryDirectory() as folder:
        earlier = Path(folder) / "earlier"
        make_earlier(earlier)
        window.open_paths([demo_dir() / "bleed"], remember=False)
        reader.wait(lambda: window.session.is_open and not window.session.reading)
        window.opening.open_beside([earlier])
        reader.wait(lambda: len(window.session.catalog.studies) > 1 and not window.session.reading)
        reader.wait(lambda: window.session.analysis.complete)
        reader.do("go.most_suspicious")
        window.notice.clear()
        reader.do("layout.prior")
        reader.rest(1.0)
        yield Step(
            "beside",
            "Studies beside each other",
            "Ctrl+B opens one more folder and leaves what is open as it is, as does dropping it onto the list or "
            "with Ctrl held. B puts the patient's earlier study beside the one in view; Ctrl+Shift+W closes the one "
            "in view and leaves the others, their findings and their measurements. Here, the demo study without a "
            "hemorrhage stands in for an earlier examination.",
        )


def stored(reader: Reader) -> Iterator[Step]:
    """Results saved as DICOM, and read back beside a segmentation of another program."""
    window = reader.window
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        window.open_paths([demo_dir() / "bleed"], remember=False)
        reader.wait(lambda: window.session.is_open and not window.session.reading)
        reader.wait(lambda: window.session.analysis.complete)
        reader.do("file.save_results")
        reader.wait(lambda: window.findChild(ResultsOptionsDialog) is not None)
        dialog = window.findChild(ResultsOptionsDialog)
        dialog.set_folder(Path("/home/reader/dicom-results"))
        yield Step(
            "results-options",
            "Results as DICOM",
            "Ctrl+Shift+E writes the findings of the series in view as DICOM objects that a PACS and other viewers "
            "understand; Ctrl+Alt+E sends them.",
        )
        dialog.set_folder(results)
        dialog.accept()
        reader.wait(lambda: "written" in window.notice.text)
        make_segmentation(results / "seg.dcm")
        window.open_paths([demo_dir() / "bleed", results], remember=False)
        reader.wait(lambda: bool(window.results.list.entries) and window.session.analysis.complete)
        for entry in window.results.list.entries:
            if entry.stored.kind.value in ("SEG", "KO"):
                window.results.toggle(entry)
                reader.wait(lambda entry=entry: window.results.shown.shows(entry.stored))
        reader.do("go.most_suspicious")
        reader.rest(0.5)
        window.notice.clear()
        yield Step(
            "stored",
            "Stored results",
            "Results that lie beside the images are listed below their series; a click shows one and hides it again, "
            "a right click offers its segments. Here, another program's segmentation by a threshold, in broken lines "
            "with a legend, and key objects as a filter of the strip (Alt+K shows all slices again).",
        )
        report = next(e for e in window.results.list.entries if e.stored.kind.value == "SR")
        window.results.toggle(report)
        reader.wait(lambda: QApplication.activeModalWidget() is not None)
        yield Step(
            "stored-report", "A report as a tree", "Any structured report, to search and to copy as text."
        )
        window.output_place.close_dialogs()
        reader.rest(0.3)


def make_segmentation(path: Path) -> None:
    """Make what another program might: what is hyperdense in the demo study, by a threshold."""
    from highdicom.content import AlgorithmIdentificationSequence  # noqa: PLC0415 - slow to import
    from highdicom.seg import SegmentAlgorithmTypeValues, Segmentation, SegmentDescription  # noqa: PLC0415
    from highdicom.uid import UID  # noqa: PLC0415
    from pydicom.sr.codedict import codes  # noqa: PLC0415

    images = [pydicom.dcmread(file) for file in sorted((demo_dir() / "bleed").rglob("*.dcm"))]
    images = [image for image in images if image.SeriesNumber == 2]
    hu = np.stack([i.pixel_array * float(i.RescaleSlope) + float(i.RescaleIntercept) for i in images])
    masks = (hu >= 55) & (hu <= 90)
    # Without single pixels and thin edges: all of the 5 x 5 pixels around are.
    for axis in (1, 2):
        masks = np.all([np.roll(masks, step, axis) for step in (-2, -1, 0, 1, 2)], axis=0)
    segment = SegmentDescription(
        1,
        "Hyperdense (by threshold)",
        codes.SCT.MorphologicallyAbnormalStructure,
        codes.SCT.Hemorrhage,
        SegmentAlgorithmTypeValues.AUTOMATIC,
        AlgorithmIdentificationSequence("threshold", codes.DCM.ArtificialIntelligence, "1"),
    )
    made = Segmentation(
        images,
        masks.astype(np.uint8),
        "BINARY",
        [segment],
        UID(),
        300,
        UID(),
        1,
        "Another program",
        "Threshold",
        "1",
        "0",
        series_description="Hyperdense regions",
    )
    made.save_as(path)


def network(reader: Reader) -> Iterator[Step]:
    """Sources, and a search whose answers are made up: no server is asked."""
    window, desk = reader.window, reader.window.network
    desk.sources.put(DicomNode("PACS", "ARCHIVE", "pacs.hospital.example", 11112))
    desk.sources.put(WebServer("Research archive", "https://archive.example/dicom-web"))
    reader.wait(lambda: len(desk.sources.peers) == 2)
    reader.do("file.sources")
    yield Step(
        "sources",
        "Sources",
        "DICOM nodes, DICOMweb servers and folders; Test says which side refuses and why. Passwords and tokens lie "
        "in the system's keyring.",
    )
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.close()
    reader.do("file.find_studies")
    studies = window.findChild(StudiesDialog)
    if studies is None:
        raise ValueError("the search must be on show. Received: no dialog")
    reader.wait(lambda: studies.peer is not None)
    for found in _ANSWERS:
        studies.table.add(found)
    studies.said.setText(f"{len(_ANSWERS)} studies.")
    studies.view.selectRow(0)
    reader.shown = studies
    yield Step(
        "studies",
        "Studies over the network",
        "Ctrl+F searches a source; Enter fetches a study into the cache and opens it, in place of what is open or "
        "beside it. Nothing is asked before a person does.",
    )
    reader.shown = None
    studies.close()
    reader.rest(0.3)


_ANSWERS = tuple(
    StudyAnswer(
        StudyInfo(f"1.2.3.{number}", date, "10:15", "CT head without contrast", f"A{number}"),
        PatientInfo("DEMO-1", "Demo, Nobody", "1960-01-01"),
        ("CT",),
        2,
        images,
    )
    for number, (date, images) in enumerate([("2026-01-05", 62), ("2025-12-04", 58), ("2024-07-19", 240)], 1)
)


def make_earlier(folder: Path) -> None:
    """Make an earlier examination of the patient of the one demo study out of the other."""
    folder.mkdir()
    now = pydicom.dcmread(_first_file("bleed"), stop_before_pixels=True)
    for number, path in enumerate(sorted((demo_dir() / "clean").rglob("*.dcm"))):
        image = pydicom.dcmread(path)
        image.PatientName, image.PatientID, image.PatientAge = now.PatientName, now.PatientID, now.PatientAge
        image.StudyDate = image.SeriesDate = "20251204"
        image.save_as(folder / f"{number}.dcm")


def _first_file(study: str) -> Path:
    return min((demo_dir() / study).rglob("*.dcm"))


def main() -> None:
    """Make the pictures and the page."""
    PICTURES.mkdir(exist_ok=True)
    app = make_app()
    apply_theme(app, THEMES["dark"])
    lines = [
        "# A tour of the window",
        "",
        "The bundled demo studies, synthetic heads of nobody. `packaging/make_tour.py` made these pictures.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder:
        window = window_of_nobody(Path(folder))
        window.resize(*_SIZE_PX)
        window.show()
        reader = Reader(app, window)
        try:
            for step in tour(reader):
                reader.picture(step.name)
                lines += [
                    f"## {step.title}",
                    "",
                    step.words,
                    "",
                    f"![{step.title}](tour/{step.name}.png)",
                    "",
                ]
        finally:
            window.close()
    PAGE.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
