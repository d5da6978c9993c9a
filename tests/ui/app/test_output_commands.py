"""Tags, reports and pictures from the window: what leaves it, what is said, and that it all ends with the study."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_backend import scripted_backend
from image_builders import drag, settle
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.dicom.tag_rows import read_tag_rows
from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.annotation.history import Step
from ichviewer.domain.window import render_grey
from ichviewer.errors import DecodeError
from ichviewer.services.series_pictures import PictureFormat
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.dialogs.output_options import (
    PictureKind,
    PictureOptionsDialog,
    ReportOptionsDialog,
)
from ichviewer.ui.dialogs.series_picture_options import SeriesPictureOptionsDialog
from ichviewer.ui.dialogs.tags import TagsDialog
from ichviewer.ui.panes.pane_picture import pane_picture
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.report import printing
from ichviewer.ui.report.content import ReportContent
from ichviewer.ui.tools.surface import Surface


class InProcessTags:
    """Reads tags for real, on the calling thread."""

    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.closed = False

    def read(self, info: Any, *, cancel: Any = None) -> Any:
        return read_tag_rows(info.source, info)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def window(make_window: MakeWindow, ct_series: list[Path]) -> MainWindow:  # noqa: F811
    return make_window.opened(ct_series[0].parent, backend=scripted_backend(open_tags=InProcessTags))


def the(window: MainWindow, kind: type[Any]) -> Any:
    (dialog,) = [d for d in window.findChildren(kind) if d.isVisible()]
    return dialog


def choose(window: MainWindow, path: Path) -> None:
    """Take a path in the file dialog that is open."""
    dialog = the(window, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()


# Tags


def test_tags_are_read_by_one_reader_that_starts_with_the_first_dialog(
    qtbot: QtBot, window: MainWindow
) -> None:
    InProcessTags.made = 0
    for _ in range(2):
        window.actions_["help.tags"].trigger()
        dialog = the(window, TagsDialog)
        qtbot.waitUntil(lambda dialog=dialog: "tags." in dialog.status)
        assert any("Modality" in dialog.table.line(pair) for pair in dialog.table.listed)
        dialog.reject()
    assert InProcessTags.made == 1
    reader = window.session.tags
    window.close()
    assert isinstance(reader, InProcessTags) and reader.closed


def test_a_window_that_shows_no_tags_starts_no_reader_of_them(window: MainWindow) -> None:
    InProcessTags.made = 0
    window.close()
    assert InProcessTags.made == 0


# Dialogs end with the study


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("help.tags", TagsDialog),
        ("file.report_pdf", ReportOptionsDialog),
        ("file.print", ReportOptionsDialog),
        ("file.save_picture", PictureOptionsDialog),
        ("file.save_series", SeriesPictureOptionsDialog),
        ("file.export", QFileDialog),
    ],
)
def test_what_asks_about_a_study_closes_with_it(
    window: MainWindow, command: str, kind: type[QDialog]
) -> None:
    window.actions_[command].trigger()
    dialog = the(window, kind)
    window.opening.close_study()
    assert not dialog.isVisible()
    assert not window.actions_[command].isEnabled()


def test_a_file_dialog_closes_with_the_study_too(window: MainWindow) -> None:
    window.actions_["file.save_picture"].trigger()
    the(window, PictureOptionsDialog).accept()
    dialog = the(window, QFileDialog)
    window.opening.close_study()
    assert not dialog.isVisible()


def test_where_measurements_go_is_not_asked_beyond_the_study(window: MainWindow) -> None:
    window.actions_["measure.key_image"].trigger()
    window.actions_["measure.export_csv"].trigger()
    dialog = the(window, QFileDialog)
    window.opening.close_study()
    assert not dialog.isVisible()


# Pictures of the slice


def test_a_picture_without_patient_data_is_that_of_the_second_step_of_words(window: MainWindow) -> None:
    with_patient = pane_picture(window.image, patient_data=True)
    without = pane_picture(window.image, patient_data=False)
    assert window.viewing.detail is WordDetail.ALL, "the screen is as it was"
    assert pane_picture(window.image, patient_data=True) == with_patient
    assert without != with_patient
    window.viewing.set_detail(WordDetail.NO_PATIENT)
    assert pane_picture(window.image, patient_data=True) == without


def test_measurements_are_in_the_picture_and_what_a_reader_wrote_is_not_without_patient_data(
    window: MainWindow,
) -> None:
    bare = {patient: pane_picture(window.image, patient_data=patient) for patient in (True, False)}
    tools, store = window.tools._active, window.tools.store
    surface = tools.surface()
    assert surface is not None

    def pictures(words: str) -> tuple[QImage, QImage]:
        text = surface.make(Kind.TEXT, ((4.0, 4.0),), words)
        store.do(Step.add(text, "draw text"))
        made = [pane_picture(window.image, patient_data=patient) for patient in (True, False)]
        store.delete(text)
        return made[0], made[1]

    doe, roe = pictures("Doe, Jane"), pictures("Roe, Richard")
    assert doe[0] != roe[0] and doe[0] != bare[True]
    assert doe[1] == roe[1] != bare[False], "that there are words is seen, but not which"
    store.add(surface.make(Kind.LENGTH, ((2.0, 2.0), (6.0, 2.0))))
    assert pane_picture(window.image, patient_data=False) != bare[False]


def test_what_helps_to_draw_is_not_in_the_picture(window: MainWindow) -> None:
    tools, store = window.tools._active, window.tools.store
    surface = tools.surface()
    assert surface is not None
    store.add(surface.make(Kind.LENGTH, ((2.0, 2.0), (6.0, 2.0))))
    selected = window.image.grab().toImage()
    seen = pane_picture(window.image, patient_data=True)
    window.actions_["measure.length"].trigger()
    drag(window.image, (300.0, 300.0))
    assert tools.half_drawn
    assert pane_picture(window.image, patient_data=True) == seen
    assert tools.half_drawn, "what was begun goes on"
    tools.leave()
    window.actions_["measure.window"].trigger()
    settle()
    assert window.image.grab().toImage() == selected, "the screen is as it was"
    store.select("")
    assert pane_picture(window.image, patient_data=True) == seen


def test_what_floats_over_the_image_is_not_in_its_picture(window: MainWindow) -> None:
    before = pane_picture(window.image, patient_data=False)
    window.notice.show_message("/home/somebody/Doe^Jane/", "error")
    assert pane_picture(window.image, patient_data=False) == before


def test_copying_leaves_the_patient_out_unless_told(window: MainWindow) -> None:
    without = pane_picture(window.image, patient_data=False)
    window.actions_["file.copy_picture"].trigger()
    assert QGuiApplication.clipboard().image() == without
    assert window.notice.text.startswith("Picture copied without the patient's data.")
    window.actions_["file.copy_picture_with_patient"].trigger()
    assert window.notice.text == "Picture copied."
    assert QGuiApplication.clipboard().image() == pane_picture(window.image, patient_data=True)


def test_the_pixels_of_the_slice_are_saved_one_to_one(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.actions_["file.save_picture"].trigger()
    dialog = the(window, PictureOptionsDialog)
    dialog.kind.set_value(PictureKind.PIXELS)
    assert not dialog.patient_data.isEnabled()
    dialog.accept()
    target = tmp_path / "slice.png"
    choose(window, target)
    qtbot.waitUntil(target.exists)
    shown = window.image.shown
    assert shown is not None
    wanted = render_grey(shown.decoded.image, window.image.voi())
    with Image.open(target) as saved:
        np.testing.assert_array_equal(np.asarray(saved), wanted)
    qtbot.waitUntil(lambda: window.notice.text == f"Picture written to {target}.")


def test_no_picture_goes_onto_an_image_that_was_read(
    qtbot: QtBot, window: MainWindow, ct_series: list[Path]
) -> None:
    before = ct_series[0].read_bytes()
    window.actions_["file.save_picture"].trigger()
    the(window, PictureOptionsDialog).accept()
    choose(window, ct_series[0])
    qtbot.waitUntil(lambda: window.notice.text.startswith("The picture was not saved."))
    assert "one of the files that were read" in window.notice.text
    assert ct_series[0].read_bytes() == before


# The series


def test_a_series_becomes_a_folder_of_pictures(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.actions_["file.save_series"].trigger()
    dialog = the(window, SeriesPictureOptionsDialog)
    dialog.first.setValue(2)
    dialog.last.setValue(4)
    dialog.accept()
    choose(window, tmp_path)
    qtbot.waitUntil(lambda: window.notice.text.startswith("3 slices written to "))
    (folder,) = [path for path in tmp_path.iterdir() if path.name.startswith("series-")]
    assert sorted(path.name for path in folder.iterdir()) == [f"slice-000{n}.png" for n in (2, 3, 4)]


def test_slices_that_could_not_be_read_are_told(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get, lost = window.session.cache.get, window.viewing.series.slices[1]  # type: ignore[union-attr]

    def failing(info: Any) -> Any:
        if info is lost:
            raise DecodeError("the pixel data is cut short", str(info.source))
        return get(info)

    monkeypatch.setattr(window.session.cache, "get", failing)
    window.actions_["file.save_series"].trigger()
    dialog = the(window, SeriesPictureOptionsDialog)
    dialog.form_.set_value(PictureFormat.GIF)
    dialog.accept()
    choose(window, tmp_path / "film.gif")
    qtbot.waitUntil(lambda: window.notice.text.startswith("4 slices written to "))
    assert window.notice.text.endswith("Not among them, because they could not be read: 2.")
    with Image.open(tmp_path / "film.gif") as film:
        assert getattr(film, "n_frames", 1) == 4


@pytest.mark.parametrize("by", ["cancel", "close"])
def test_a_film_that_is_stopped_leaves_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    get, gate, begun = window.session.cache.get, threading.Event(), threading.Event()

    def slow(info: Any) -> Any:
        begun.set()
        gate.wait(5)
        return get(info)

    monkeypatch.setattr(window.session.cache, "get", slow)
    window.actions_["file.save_series"].trigger()
    dialog = the(window, SeriesPictureOptionsDialog)
    dialog.form_.set_value(PictureFormat.WEBP)
    dialog.accept()
    choose(window, tmp_path / "film.webp")
    qtbot.waitUntil(begun.is_set)
    if by == "cancel":
        assert window.notice.text.startswith("Writing pictures")
        window.notice._act()
        gate.set()
        qtbot.waitUntil(lambda: "cancelled" in window.notice.text)
    else:
        window.opening.close_study()
        gate.set()
        qtbot.wait(100)
        assert window.notice.text == ""
    assert list(tmp_path.glob("*.webp")) == []


# Reports


def test_a_report_is_written_with_the_most_suspicious_slice(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    made: list[ReportContent] = []
    window.report.maker.ready.connect(made.append)
    window.actions_["file.report_pdf"].trigger()
    the(window, ReportOptionsDialog).accept()
    target = tmp_path / "report.pdf"
    choose(window, target)
    qtbot.waitUntil(lambda: window.notice.text == f"Report written to {target}.", timeout=10_000)
    assert target.read_bytes().startswith(b"%PDF")
    series = window.viewing.series
    assert series is not None
    assert "Slice 3 of 5" in made[0].text(), "the flagged one"
    assert series.patient.name in made[0].text()


def test_a_report_without_patient_data_names_nobody(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[ReportContent] = []

    def print_report(content: ReportContent, parent: Any, failed: Any) -> QDialog:
        printed.append(content)
        return QDialog(parent)

    monkeypatch.setattr(printing, "print_report", print_report)
    window.actions_["file.print"].trigger()
    dialog = the(window, ReportOptionsDialog)
    dialog.patient_data.setChecked(False)
    dialog.accept()
    qtbot.waitUntil(lambda: len(printed) == 1)
    series = window.viewing.series
    assert series is not None
    assert series.patient.name not in printed[0].text() and series.patient.id not in printed[0].text()


def test_a_report_lists_what_was_drawn_and_proposes_the_key_images(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[ReportContent] = []

    def print_report(content: ReportContent, parent: Any, failed: Any) -> QDialog:
        printed.append(content)
        return QDialog(parent)

    def made(patient_data: bool) -> str:
        window.actions_["file.print"].trigger()
        dialog = the(window, ReportOptionsDialog)
        dialog.patient_data.setChecked(patient_data)
        dialog.accept()
        before = len(printed)
        qtbot.waitUntil(lambda: len(printed) > before)
        return printed[-1].text()

    monkeypatch.setattr(printing, "print_report", print_report)
    window.viewing.go_to(1)
    qtbot.waitUntil(lambda: window.image.shown is not None and window.image.shown.index == 1)
    shown = window.image.shown
    assert shown is not None
    surface, mm = Surface(shown.series, shown.index, shown.decoded), shown.frame.row_mm
    window.tools.store.add(surface.make(Kind.TEXT, ((mm, mm),), "bleed of Mrs. Zebra"))
    window.tools.store.add(surface.make(Kind.LENGTH, ((mm, mm), (4 * mm, 5 * mm)), "Zebra's lens"))
    window.tools.toggle_key_image()
    told = made(patient_data=True)
    assert "Slice 2 of 5" in told and "Marked as a key image" in told and "Slice 3 of 5" not in told
    assert f"Length\t2 (5.0 mm)\t{5 * mm:.1f} mm\tZebra's lens" in told
    assert "Text\t2 (5.0 mm)\t–\tbleed of Mrs. Zebra" in told
    assert "Key image\t2 (5.0 mm)\t–\t\n" in told
    quiet = made(patient_data=False)
    assert "Zebra" not in quiet and f"{5 * mm:.1f} mm\tWords hidden" in quiet


def test_a_report_that_is_being_made_is_dropped_with_the_study(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ReportContent] = []
    window.report.maker.ready.connect(made.append)
    get, gate, begun = window.session.cache.get, threading.Event(), threading.Event()

    def slow(info: Any) -> Any:
        begun.set()
        gate.wait(5)
        return get(info)

    monkeypatch.setattr(window.session.cache, "get", slow)
    window.actions_["file.print"].trigger()
    the(window, ReportOptionsDialog).accept()
    qtbot.waitUntil(begun.is_set)
    window.opening.close_study()
    gate.set()
    qtbot.wait(100)
    assert made == []
