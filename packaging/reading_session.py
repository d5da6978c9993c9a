"""What a reader does with a head CT, step by step: for the tour, which keeps pictures, and a test on real data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from window_reader import Reader, Step, place_in

from ichviewer.domain.annotation.base import Kind
from ichviewer.services.series_pictures import PictureFormat
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.dialogs.output_options import PictureOptionsDialog, ReportOptionsDialog
from ichviewer.ui.dialogs.series_picture_options import SeriesPictureOptionsDialog
from ichviewer.ui.dialogs.settings import SettingsDialog
from ichviewer.ui.dialogs.tags import TagsDialog
from ichviewer.ui.look.theme import look
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.reformat_state import Section
from ichviewer.ui.report.content import ReportContent
from ichviewer.ui.report.layout import pages
from ichviewer.ui.report.painting import page_image
from ichviewer.ui.tools.region_settings import Mode
from ichviewer.ui.tools.words_dialog import WordsDialog

_Shown = TypeVar("_Shown", bound=QWidget)


def reading(reader: Reader) -> Iterator[Step]:
    """Everything that can be done with the head CT in view; each step is yielded when the window shows it."""
    yield from _findings(reader)
    yield from _panes(reader)
    yield from _image(reader)
    yield from _measuring(reader)
    yield from _volume(reader)
    yield from _reformats(reader)
    yield from _documents(reader)
    yield from _application(reader)


def _findings(reader: Reader) -> Iterator[Step]:
    reader.do("go.most_suspicious")
    yield Step(
        "findings",
        "Findings beside the image",
        "The strip shows all slices, the panel the probabilities of the one in view, outlines the regions that "
        "influenced the score. N, P and M go from finding to finding.",
    )
    reader.is_deuteranope = True
    yield Step(
        "deuteranopia",
        "As a deuteranope sees it",
        "The same, simulated: findings are told by position, words, length and a dot in the strip, never by color "
        "alone. Every control has a name for screen readers.",
    )
    reader.is_deuteranope = False


def _panes(reader: Reader) -> Iterator[Step]:
    window = reader.window
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
        "Alt+1 to 6 choose a layout, from one pane to one large and three small. A series is dragged from the "
        "list into a pane; the active one is framed.",
    )
    reader.do("layout.panes_1x2")
    series = window.viewing.series
    others = [other for other in window.session.catalog.series if other is not series]
    # A localizer of the same study shows where the slices lie.
    same = [other for other in others if series is not None and other.study == series.study]
    window.panes.show_series(window.viewing.panes[1], (same or others or [series])[0])
    reader.rest(1.0)
    yield Step(
        "reference-lines",
        "Reference lines",
        "The other panes show where the slice of the active one lies, in the same frame of reference.",
    )
    with reader.menu("view.links"):
        yield Step(
            "links",
            "Linked panes",
            "Scrolling goes by the position in the patient, or keeps a distance that was set by hand (Ctrl+Shift+L). "
            "Scroll, window and zoom are linked each by itself, and a pane can stay out.",
        )
    reader.do("layout.panes_1x1")


def _image(reader: Reader) -> Iterator[Step]:
    window = reader.window
    reader.do("view.flip_horizontal")
    reader.do("view.rotate_right")
    yield Step(
        "turned",
        "Flip and rotate",
        "Left for right, top for bottom, by 90 degrees: the letters at the edges follow.",
    )
    reader.do("view.rotate_left")
    reader.do("view.flip_horizontal")
    reader.do("view.one_to_one")
    yield Step("actual-size", "Actual size", "Ctrl+1, and Ctrl+0 for the whole image.")
    reader.do("view.fit")
    reader.do("view.magnify")
    image = window.viewing.active.image
    image.interaction.hovered.emit(place_in(image, (0.58, 0.52)).toPointF())
    yield Step("magnifier", "Magnifier", "L has a lens under the mouse, 2 to 4 times as large.")
    reader.do("view.magnify")
    reader.do("view.window_values")
    yield Step("window-values", "A window in numbers", "G asks for center and width in HU.")
    reader.close_dialog()
    reader.do("view.window_from_region")
    reader.drag((0.42, 0.42), (0.58, 0.58))
    window.notice.clear()
    yield Step(
        "window-from-region",
        "A window from a region",
        "Shift+G waits for a rectangle; the window goes around the median HU in it, as wide as their spread.",
    )
    reader.do("view.reset")
    reader.do("view.words")
    reader.do("view.words")
    yield Step(
        "words",
        "Words in three steps",
        "T hides the words about the patient, then all words and findings; a mark says so while they are hidden.",
    )
    reader.do("view.words")
    reader.do("view.panels")
    yield Step("panels-hidden", "Only the image", "H hides the panels, F11 takes the whole screen.")
    reader.do("view.panels")
    reader.do("cine.play")
    reader.rest(1.0)
    with reader.menu("go.cine"):
        yield Step("cine", "Playing", "C plays through the slices, Shift+Up and Shift+Down change the speed.")
    reader.do("cine.play")
    reader.do("go.most_suspicious")


def _measuring(reader: Reader) -> Iterator[Step]:
    window = reader.window
    for _ in range(3):
        reader.do("go.next_slice")
    reader.do("measure.length")
    reader.drag((0.30, 0.30), (0.44, 0.36))
    for tool, places in (
        ("bidirectional", ((0.54, 0.30), (0.66, 0.36), (0.61, 0.29), (0.59, 0.38))),
        ("angle", ((0.36, 0.62), (0.42, 0.70), (0.50, 0.66))),
        ("midline_shift", ((0.50, 0.20), (0.50, 0.84), (0.52, 0.50))),
        ("probe", ((0.44, 0.50),)),
    ):
        reader.do(f"measure.{tool}")
        reader.click(*places)
    for tool, start, end in (
        ("ellipse", (0.60, 0.62), (0.68, 0.72)),
        ("rectangle", (0.34, 0.44), (0.41, 0.52)),
        ("arrow", (0.70, 0.20), (0.62, 0.28)),
        ("freehand", (0.55, 0.56), (0.60, 0.50)),
    ):
        reader.do(f"measure.{tool}")
        reader.drag(start, end)
    reader.do("measure.text")
    reader.click((0.72, 0.18))
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, WordsDialog):
        dialog.field.setText("words of one's own")
        dialog.accept()
    reader.do("measure.window")
    reader.do("measure.key_image")
    yield Step(
        "measuring",
        "Measuring",
        "Length, two diameters, angle, midline shift, areas with their HU, probe, arrow and text. Without a "
        "pixel spacing all is in pixels and says so; an estimated one is marked.",
    )
    with reader.menu("measure"):
        yield Step(
            "measuring-menu",
            "Undo, copy, export",
            "All of it is undone without limit, kept with the study, listed, and exported as CSV or JSON.",
        )
    length = next(a for a in window.tools.store.annotations.values() if a.kind is Kind.LENGTH)
    window.tools.store.select(length.id)
    reader.do("measure.copy_to_next")
    yield Step(
        "copied",
        "Copy to the next slice",
        "Ctrl+Shift+D copies what is selected to the next slice, and goes there.",
    )
    reader.do("measure.key_image")
    reader.do("measure.list")
    yield Step(
        "key-images",
        "Key images and the list",
        "K marks a key image, Shift+K goes to the next one. The list has them beside all values; a click leads "
        "there.",
    )
    reader.do("go.most_suspicious")
    reader.do("measure.abc2")
    reader.click((0.69, 0.38), (0.70, 0.62), (0.66, 0.50), (0.73, 0.50))
    yield Step(
        "abc2",
        "ABC/2 in three steps",
        "A, then B at right angles; then every slice counts as a whole, half or none, as it compares with the "
        "largest.",
    )
    window.tools.list.abc.done.click()
    reader.do("measure.window")
    reader.do("measure.list")


def _volume(reader: Reader) -> Iterator[Step]:
    window, regions = reader.window, reader.window.tools.regions
    reader.do("measure.volume")
    regions.panel.through.setChecked(True)
    reader.click_bright()
    reader.wait(lambda: not regions.work.busy and bool(regions.store.regions))
    reader.wait(lambda: " mL (" in regions.panel.numbers.text())
    yield Step(
        "volume",
        "Volumes",
        "Shift+U paints or grows a region within a range of HU, slice by slice or in 3-D: mL with bounds, and ABC/2 "
        "beside it. Strokes are undone one by one.",
    )
    regions.panel.list.new_button.click()
    regions.panel.through.setChecked(False)
    regions.panel.modes[Mode.PAINT].click()
    reader.drag((0.36, 0.56), (0.42, 0.60))
    regions.panel.smooth.click()
    reader.rest(0.5)
    yield Step(
        "painting",
        "Brush and eraser",
        "A brush of any radius, also in 3-D; erase and smooth what is too much.",
    )
    reader.do("view.painted_regions")
    yield Step(
        "regions-hidden",
        "Regions hidden",
        "U hides painted regions on all images and reformats. Those that would show one say so, and nothing "
        "hidden can be painted in, smoothed or deleted.",
    )
    reader.do("view.painted_regions")
    reader.do("measure.window")
    regions.part.close_part()
    window.notice.clear()


def _reformats(reader: Reader) -> Iterator[Step]:
    window = reader.window
    reader.do("view.reformats_shown")
    reader.wait(lambda: window.reformats.shown)
    planes = window.reformats.set

    def at_rest() -> bool:
        panes = planes.panes.values()
        return planes.planes is not None and all(p.shown is not None and p.shown.in_full for p in panes)

    reader.wait(at_rest)
    yield Step(
        "reformats",
        "Reformats",
        "F shows axial, coronal and sagittal planes with a crosshair, tilt and uneven distances true to shape; "
        "[ and ] change the slab, 1 to 50 mm, as mean, maximum or minimum.",
    )
    coronal, axial = planes.panes[Section.CORONAL], planes.panes[Section.AXIAL]
    grown = next(iter(window.tools.regions.store.regions.values()))
    window.tools.regions.store.select(grown.id)
    _to_region(reader)
    reader.wait(at_rest)
    reader.rest(0.5)
    yield Step(
        "regions-on-reformats",
        "Painted regions on reformats",
        "What a plane cuts out of a painted region is outlined, with its volume; of a slab, what its middle cuts.",
    )
    yield from _painting_on_planes(reader, coronal)
    for _ in range(5):
        reader.do("view.reformats_thicker")
    reader.wait(at_rest)
    reader.do("measure.length")
    reader.drag((0.34, 0.30), (0.66, 0.36), coronal)
    reader.do("measure.ellipse")
    reader.drag((0.56, 0.56), (0.66, 0.68), axial)
    reader.do("measure.midline_shift")
    reader.click((0.47, 0.14), (0.47, 0.86), (0.49, 0.45), pane=axial)
    reader.do("measure.window")
    reader.do("measure.list")
    yield Step(
        "measuring-on-reformats",
        "Measuring on reformats",
        "The same tools on the planes, oblique ones and slabs too, in mm of the patient. HU are those of the "
        "slab as it is shown, which the label says. A click in the list leads back to the plane.",
    )
    reader.do("measure.list")
    axial.turnRequested.emit(20.0)
    reader.wait(at_rest)
    yield Step(
        "oblique",
        "Oblique planes",
        "Dragging the end of a line turns the two other planes; the middle of a line moves one.",
    )
    reader.do("view.reformats_reset_planes")
    reader.do("view.reformats_straighten")
    reader.drag((0.48, 0.16), (0.50, 0.84), axial)
    reader.drag((0.36, 0.62), (0.66, 0.66), planes.panes[Section.SAGITTAL])
    reader.wait(at_rest)
    yield Step(
        "straightened",
        "Straightening the head",
        "Two drags: along the midline, and along the orbitomeatal line. The planes are those of the head then.",
    )
    reader.do("view.reformats_shown")


def _painting_on_planes(reader: Reader, coronal: ReformatPane) -> Iterator[Step]:
    """A stroke on the coronal plane, taken back afterwards."""
    regions = reader.window.tools.regions
    before = regions.store.selected
    reader.do("measure.volume")
    regions.panel.through.setChecked(False)
    regions.panel.modes[Mode.PAINT].click()
    reader.drag((0.40, 0.56), (0.55, 0.49), coronal)
    reader.rest(0.5)
    yield Step(
        "painting-on-reformats",
        "Painting on reformats",
        "Brush, eraser and seed work on planes too. The brush is a disc in the plane, one voxel thick or as thick as "
        "the slab, and paints whole voxels of the slices; the other planes and the mL follow at once.",
    )
    if regions.store.selected != before:
        reader.do("measure.undo")
    reader.do("measure.window")
    regions.part.close_part()


def _to_region(reader: Reader) -> None:
    """Click on the axial plane where the region is, so that all planes go through it."""
    window = reader.window
    planes, series = window.reformats.set, window.viewing.series
    region = window.tools.regions.store.selected
    if series is None or region is None or planes.planes is None:
        raise ValueError("a region must be selected on reformats. Received: none")
    found = [(mask.n_pixels, i) for i, info in enumerate(series.slices) if (mask := region.on(info))]
    index = max(found)[1]
    mask = region.on(series.slices[index])
    if mask is None:
        raise ValueError("a region has a largest slice. Received: none")
    rows, columns = np.nonzero(mask.mask())
    middle = len(rows) // 2
    x, y, z = planes.planes.geometry.mm_of_index([(index, rows[middle], columns[middle])])[0].tolist()
    state = planes.planes
    window.reformats.go_to_plane(lambda now: now.showing(state.view(Section.AXIAL), (x, y, z), None))


def _documents(reader: Reader) -> Iterator[Step]:
    window = reader.window
    reader.do("go.most_suspicious")
    reader.do("file.save_picture")
    dialog = _found(window, PictureOptionsDialog)
    yield Step(
        "save-picture",
        "The picture",
        "Ctrl+S saves it as PNG, as it is seen or with the image's own pixels; Ctrl+C copies it. The patient's "
        "data are left out unless they are asked for.",
    )
    dialog.reject()
    reader.do("file.save_series")
    series_dialog = _found(window, SeriesPictureOptionsDialog)
    series_dialog.form_.setCurrentIndex(list(PictureFormat).index(PictureFormat.GIF))
    yield Step(
        "save-series",
        "The series as pictures",
        "A PNG a slice, or a film as GIF, APNG or WebP, with captions if wanted.",
    )
    series_dialog.reject()
    yield from _tags(reader)
    yield from _report(reader)
    reader.do("help.news")
    yield Step("news", "What's new", "The changelog of the program, in the menu Help at any time.")
    reader.close_dialog()


def _tags(reader: Reader) -> Iterator[Step]:
    window = reader.window
    reader.do("help.tags")
    tags, series = _found(window, TagsDialog), window.viewing.series
    reader.wait(lambda: tags.table.rowCount() > 0)
    yield Step(
        "tags", "Tags", "All tags of the slice, private ones named where they are known; searched and copied."
    )
    others = [o for o in window.session.catalog.series if series is not None and o.key != series.key]
    if others:
        tags.compare_with(max(others, key=len))
        reader.wait(lambda: tags.table.sheet.compares)
        yield Step(
            "tags-compared",
            "Tags compared",
            "With another slice or another series of what is open; what differs says so in words.",
        )
    reader.close_dialog()


def _report(reader: Reader) -> Iterator[Step]:
    window = reader.window
    made: list[ReportContent] = []
    window.report.maker.ready.connect(made.append)
    reader.do("file.report_pdf")
    options = _found(window, ReportOptionsDialog)
    yield Step("report-options", "What a report shows", "Which key images, and whether it names the patient.")
    with tempfile.TemporaryDirectory() as folder:
        options.accept()
        reader.rest(0.3)
        (dialog,) = [d for d in window.findChildren(QFileDialog) if d.isVisible()]
        dialog.fileSelected.emit(str(Path(folder, "report.pdf")))
        dialog.reject()
        reader.wait(lambda: window.notice.text.startswith("Report written"))
    window.notice.clear()
    sheets = pages(made[0])
    reader.page = page_image(sheets[0], 110)
    yield Step(
        "report",
        "The report",
        "Findings with thresholds and model, key images, what was measured, what was not analyzed, and the "
        "limits; as PDF or on paper.",
    )
    reader.page = page_image(sheets[-1], 110)
    yield Step(
        "report-regions",
        "Painted regions in the report",
        "Each with its volume, its HU and its largest slice, outlined; only on the pixels that it was painted on.",
    )
    reader.page = None


def _application(reader: Reader) -> Iterator[Step]:
    window = reader.window
    reader.do("file.settings")
    settings = QApplication.activeModalWidget()
    if not isinstance(settings, SettingsDialog):
        raise ValueError(f"the settings must be on show. Received: {settings}")
    for page, (name, title, words) in zip(
        settings.pages,
        (
            (
                "settings",
                "Settings",
                "Theme, also as the system's, size of words, language, layout at start.",
            ),
            ("settings-windows", "Windows of one's own", "Presets with names, centers, widths and keys."),
            ("settings-mouse", "The mouse", "As in OHIF, Weasis or Horos and RadiAnt, or button by button."),
            (
                "settings-storage",
                "Storage",
                "Recent paths on or off, and where annotations and fetched studies lie.",
            ),
        ),
        strict=True,
    ):
        settings.show_page(page)
        yield Step(name, title, words)
    reader.close_dialog()
    reader.do("help.keys")
    yield Step("keys", "Keys and mouse", "The key sheet; every key can be changed on its second page.")
    reader.close_dialog()
    size = window.size()
    reader.do("go.next_slice")
    window.resize(1024, 600)
    look().set_text_percent(reader.app, 160)
    reader.do("measure.list")
    reader.do("measure.volume")
    reader.rest(0.5)
    yield Step(
        "small-screen",
        "Small screens and large words",
        "1024 x 600 with text of 160 %: panels stand behind tabs and scroll, the toolbar leaves out words.",
    )
    reader.do("measure.window")
    window.layout_.side.close_parts()
    look().set_text_percent(reader.app, 100)
    window.resize(size)
    reader.rest(0.3)


def _found(window: MainWindow, kind: type[_Shown]) -> _Shown:
    found = [widget for widget in window.findChildren(kind) if widget.isVisible()]
    if not found:
        raise ValueError(f"the window must show it. Received: no {kind.__name__}")
    return found[-1]
