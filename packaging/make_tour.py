"""Does with the demo studies what a reader does, and makes docs/tour.md of it, a picture for every step.

Run it as `.venv/bin/python packaging/make_tour.py`, and look at the pictures before committing them.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ichviewer.ui.app.app import make_app
from ichviewer.ui.look.translators import speak

if sys.argv[1:] == ["de"]:
    # Before any module with words is loaded.
    speak(make_app(), "de")

from reading_session import reading
from window_reader import Reader, Step

from ichviewer.bundle import demo_dir
from ichviewer.domain.series import PatientInfo, StudyInfo
from ichviewer.network.peers import DicomNode, WebServer
from ichviewer.network.query import StudyAnswer
from ichviewer.ui.app.clipboard import png_bytes
from ichviewer.ui.app.screenshot import window_of_nobody
from ichviewer.ui.dialogs.results_options import ResultsOptionsDialog
from ichviewer.ui.look.theme import THEMES, apply_theme
from ichviewer.ui.sources.studies_dialog import StudiesDialog

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tour.md"
PICTURES = ROOT / "docs" / "tour"
_SIZE_PX = (1440, 900)
_WIDTH_PX = 1080
_COLORS = 256
_DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
"""For linear RGB; Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009, severity 1.0."""


def save(shown: QImage, name: str, *, is_deuteranope: bool = False) -> None:
    """Keep a picture of the tour, as a deuteranope sees it where that is asked for."""
    image = Image.open(io.BytesIO(png_bytes(shown))).convert("RGB")
    if image.width > _WIDTH_PX:
        size = _WIDTH_PX, round(image.height * _WIDTH_PX / image.width)
        image = image.resize(size, Image.Resampling.LANCZOS)
    if is_deuteranope:
        image = Image.fromarray(_as_seen(np.asarray(image)))
    # By octree: small colored marks among much grey keep their colors, which other methods give away.
    image.quantize(_COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        PICTURES / f"{name}.png", optimize=True
    )


def _as_seen(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    part = rgb / 255.0
    light = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    seen = np.clip(light @ _DEUTERANOPIA.T, 0.0, 1.0)
    srgb = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    return np.rint(srgb * 255).astype(np.uint8)


def tour(reader: Reader) -> Iterator[Step]:
    """All steps; each is yielded when the window shows it."""
    window = reader.window
    yield Step(
        "first-run",
        "The first run",
        "The empty window opens something and says what to do. After an update it offers what is new; so does Help.",
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "notes.txt").write_text("no images here", encoding="utf-8")
        window.open_paths([Path(folder)], remember=False)
        reader.wait(lambda: window.image.card.title == "Nothing to show")
        yield Step(
            "nothing-to-show",
            "Nothing to show",
            "Where nothing can be opened the window says why, and offers ways on.",
        )
    window.open_paths([demo_dir()], remember=False)
    reader.wait(lambda: window.session.is_open and not window.session.reading)
    reader.wait(lambda: window.session.model.model is not None and window.session.analysis.complete)
    yield from reading(reader)
    yield from beside(reader)
    yield from stored(reader)
    yield from network(reader)
    reader.do("view.theme")
    yield Step("light", "The light theme", "Ctrl+T changes the theme; it can follow the system.")


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
        reader.close_dialog()


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


def german() -> None:
    """The demo study in German, in a process of its own: words are looked up when the window's modules are loaded."""
    app = make_app()
    apply_theme(app, THEMES["dark"])
    with tempfile.TemporaryDirectory() as folder:
        window = window_of_nobody(Path(folder))
        window.resize(*_SIZE_PX)
        window.show()
        reader = Reader(app, window)
        window.open_paths([demo_dir() / "bleed"], remember=False)
        reader.wait(lambda: window.session.is_open and window.session.model.model is not None)
        reader.wait(lambda: not window.session.reading and window.session.analysis.complete)
        reader.do("go.most_suspicious")
        save(reader.seen(), "german")
        window.close()


def main() -> None:
    """Make the pictures and the page."""
    PICTURES.mkdir(exist_ok=True)
    app = make_app()
    apply_theme(app, THEMES["dark"])
    steps = []
    with tempfile.TemporaryDirectory() as folder:
        window = window_of_nobody(Path(folder))
        window.resize(*_SIZE_PX)
        window.show()
        reader = Reader(app, window)
        try:
            for step in tour(reader):
                save(reader.seen(), step.name, is_deuteranope=reader.is_deuteranope)
                steps.append(step)
        finally:
            window.close()
    subprocess.run([sys.executable, __file__, "de"], check=True)
    steps.append(
        Step("german", "In German", "The window speaks English and German, as the system does or as chosen.")
    )
    lines = [
        "# A tour of the window",
        "",
        "The bundled demo studies, synthetic heads of nobody. `packaging/make_tour.py` made these pictures.",
        "",
    ]
    for step in steps:
        lines += [f"## {step.title}", "", step.words, "", f"![{step.title}](tour/{step.name}.png)", ""]
    PAGE.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    kept = {step.name for step in steps}
    for picture in PICTURES.glob("*.png"):
        if picture.stem not in kept:
            picture.unlink()


if __name__ == "__main__":
    if sys.argv[1:] == ["de"]:
        german()
    else:
        main()
