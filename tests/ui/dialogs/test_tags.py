"""The dialog of tags: reads beside the window, compares, searches, sorts, copies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dicom_factory import write_series
from pydicom import dcmread
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from text_walk import shown, texts_of

from ichviewer.dicom.tag_rows import read_tag_rows
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.domain.tags import SeriesTags, TagList
from ichviewer.errors import ReadError
from ichviewer.progress import CancelToken, Progress
from ichviewer.services.open_study import open_study
from ichviewer.services.tags import read_series_tags
from ichviewer.ui.dialogs.tag_table import DIFFERENCE, NAME, OTHER, TAG, VALUE
from ichviewer.ui.dialogs.tags import TagsDialog
from ichviewer.ui.look.theme import LIGHT, THEMES, apply_theme, theme
from ichviewer.ui.session.workers import Workers


def read(info: SliceInfo, cancel: CancelToken) -> TagList:
    cancel.check()
    return read_tag_rows(info.source, info)


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Workers]:
    made = Workers()
    yield made
    made.stop()
    assert made.join()


@pytest.fixture
def series(tmp_path: Path) -> Series:
    write_series(tmp_path / "s", n=4, PatientComments="<b>not bold</b> & so on", StudyID="7\ta\nb")
    return open_study([tmp_path / "s"]).series[0]


@pytest.fixture
def make(qtbot: QtBot, workers: Workers, series: Series) -> Callable[..., TagsDialog]:
    def build(index: int = 2, reader: Callable[[SliceInfo, CancelToken], TagList] = read) -> TagsDialog:
        dialog = TagsDialog(workers, series, index, reader)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return build


def loaded(qtbot: QtBot, dialog: TagsDialog) -> TagsDialog:
    qtbot.waitUntil(lambda: not dialog.loading)
    return dialog


def cells(dialog: TagsDialog, column: int) -> list[str]:
    table = dialog.table
    return [str(table.data(table.index(row, column))) for row in range(table.rowCount())]


def test_all_tags_of_the_slice_are_listed_in_the_order_of_the_file(qtbot: QtBot, make) -> None:
    dialog = loaded(qtbot, make())
    tags = [text for text in cells(dialog, TAG) if not text.startswith(" ")]
    assert tags == sorted(tags)
    assert dialog.table.columnCount() == OTHER
    assert "Doe^John" in cells(dialog, VALUE)
    assert dialog.status == f"{dialog.table.total} tags."
    assert dialog.windowTitle() == "Tags of slice 3 of 4"


def test_while_tags_are_read_the_window_goes_on_and_says_so(qtbot: QtBot, make) -> None:
    gate = threading.Event()

    def wait(info: SliceInfo, cancel: CancelToken) -> TagList:
        assert gate.wait(10)
        return read(info, cancel)

    dialog = make(reader=wait)
    assert dialog.loading
    assert dialog.status == "Reading the tags of slice 3 …"
    dialog.filter_by("name")
    assert dialog.table.rowCount() == 0
    gate.set()
    loaded(qtbot, dialog)
    # What was typed meanwhile counts.
    assert 0 < dialog.table.rowCount() < dialog.table.total


@pytest.mark.parametrize(
    "word", ["patient's name", "PATIENTNAME", "(0010,0010)", "0010,0010", "00100010", " doe^john "]
)
def test_tags_are_found_by_number_name_keyword_and_value(qtbot: QtBot, make, word: str) -> None:
    dialog = loaded(qtbot, make())
    dialog.filter_by(word)
    assert cells(dialog, TAG) == ["(0010,0010)"]
    assert dialog.status.endswith("; 1 listed.")
    dialog.filter_by("nothing says this")
    assert dialog.table.rowCount() == 0
    assert not any(button.isEnabled() for button in dialog.buttons.buttons() if "Copy" in button.text())


def test_tags_are_sorted_by_any_column_and_back(qtbot: QtBot, make) -> None:
    dialog = loaded(qtbot, make())
    before = cells(dialog, TAG)
    dialog.view.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    names = [name.casefold() for name in cells(dialog, NAME)]
    assert names == sorted(names)
    assert cells(dialog, TAG) != before
    dialog.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert cells(dialog, TAG) == before


def test_only_what_differs_from_another_slice_is_listed_beside_it(qtbot: QtBot, make) -> None:
    dialog = loaded(qtbot, make())
    dialog.compare_with(0)
    loaded(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.table.columnCount() == DIFFERENCE + 1)
    names = {pair.row.keyword for pair in dialog.table.listed}
    assert names == {
        "MediaStorageSOPInstanceUID",
        "SOPInstanceUID",
        "InstanceNumber",
        "ImagePositionPatient",
    }
    dialog.filter_by("instance number")
    assert (cells(dialog, VALUE), cells(dialog, OTHER)) == (["3"], ["1"])
    header = [dialog.table.headerData(c, Qt.Orientation.Horizontal) for c in (VALUE, OTHER)]
    assert header == ["Slice 3", "Slice 1"]
    assert "4 of them differ; 1 listed" in dialog.status


def test_another_slice_than_the_one_before_can_be_chosen_and_the_last_choice_wins(qtbot: QtBot, make) -> None:
    asked: list[int] = []

    def note(info: SliceInfo, cancel: CancelToken) -> TagList:
        asked.append(info.instance_number or 0)
        return read(info, cancel)

    dialog = loaded(qtbot, make(reader=note))
    for index in (0, 1, 3):
        dialog.compare_with(index)
    qtbot.waitUntil(
        lambda: dialog.table.headerData(OTHER, Qt.Orientation.Horizontal) == "Slice 4" and not dialog.loading
    )
    assert asked[0] == 3
    assert asked.count(3) == 1, "what was read is not read again"


def test_an_element_that_one_slice_lacks_says_so_instead_of_showing_nothing(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    write_series(tmp_path / "s", n=1, series="x", KVP="120")
    write_series(tmp_path / "s", n=1, series="x", positions_mm=[5.0], instance_numbers=[2], name="B{:04d}")
    series = open_study([tmp_path / "s"]).series[0]
    dialog = TagsDialog(workers, series, 0, read)
    qtbot.addWidget(dialog)
    loaded(qtbot, dialog)
    dialog.compare_with(1)
    qtbot.waitUntil(lambda: dialog.table.columnCount() == DIFFERENCE + 1)
    dialog.filter_by("KVP")
    assert (cells(dialog, VALUE), cells(dialog, OTHER)) == (["120"], ["not there"])
    color = dialog.table.data(dialog.table.index(0, OTHER), Qt.ItemDataRole.ForegroundRole)
    assert color.color() == QColor(theme().warning)


def test_rows_are_copied_with_tabs_and_a_line_each_whatever_is_in_them(qtbot: QtBot, make) -> None:
    dialog = loaded(qtbot, make())
    dialog.copy()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == dialog.table.total
    assert all(line.count("\t") == 3 for line in lines)
    assert "(0020,0010)\tSH\tStudy ID\t7\\ta\\nb" in lines
    dialog.filter_by("modality")
    dialog.view.selectRow(0)
    dialog.view.setFocus()
    qtbot.keyClick(dialog.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "(0008,0060)\tCS\tModality\tCT"


def test_words_of_the_file_are_shown_letter_by_letter(qtbot: QtBot, make) -> None:
    dialog = loaded(qtbot, make())
    assert "<b>not bold</b> & so on" in cells(dialog, VALUE)
    tips = {shown(text) for _, kind, text in texts_of(dialog) if kind == "auto"}
    assert {tip for tip in tips if "not bold" in tip} == {"<b>not bold</b> & so on"}


def test_a_file_that_cannot_be_read_says_why_and_the_next_try_works(
    qtbot: QtBot, make, series: Series
) -> None:
    broken = {2}

    def fail(info: SliceInfo, cancel: CancelToken) -> TagList:
        if series.slices.index(info) in broken:
            raise ReadError("the tags could not be read", "a.dcm", "signal SIGSEGV")
        return read(info, cancel)

    dialog = loaded(qtbot, make(reader=fail))
    assert dialog.status == "a.dcm: the tags could not be read. Found: signal SIGSEGV"
    assert dialog.table.rowCount() == 0
    broken.clear()
    dialog.compare_with(1)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 4)


def test_an_endless_word_in_the_name_of_a_series_makes_no_endless_dialog(
    qtbot: QtBot, workers: Workers, series: Series
) -> None:
    endless = replace(series, description="x" * 3000)
    dialog = TagsDialog(
        workers, endless, 0, read, read_series=lambda *_: SeriesTags((), 0), others=[replace(endless)]
    )
    qtbot.addWidget(dialog)
    dialog.show()
    loaded(qtbot, dialog)
    assert dialog.width() <= 1000


def test_what_is_not_listed_is_noted(qtbot: QtBot, make) -> None:
    def cut(info: SliceInfo, cancel: CancelToken) -> TagList:
        return TagList(read(info, cancel).rows, ("The list ends here: it is damaged",))

    dialog = loaded(qtbot, make(reader=cut))
    assert dialog.notes == "The list ends here: it is damaged"


def test_tags_that_come_after_the_dialog_was_closed_go_nowhere(
    qtbot: QtBot, workers: Workers, series: Series
) -> None:
    started, gate, cancelled = threading.Event(), threading.Event(), []

    def wait(info: SliceInfo, cancel: CancelToken) -> TagList:
        started.set()
        assert gate.wait(10)
        cancelled.append(cancel.cancelled)
        return read(info, cancel)

    # It deletes itself, so it is not among those that qtbot closes.
    dialog = TagsDialog(workers, series, 2, wait)
    dialog.show()
    assert started.wait(10)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
        gate.set()
    qtbot.waitUntil(lambda: cancelled == [True])


def test_a_single_slice_has_none_to_compare_with(qtbot: QtBot, workers: Workers, tmp_path: Path) -> None:
    write_series(tmp_path / "s", n=1)
    dialog = TagsDialog(workers, open_study([tmp_path / "s"]).series[0], 0, read)
    qtbot.addWidget(dialog)
    loaded(qtbot, dialog)
    choice = dialog.comparison.findChild(QComboBox)
    assert not choice.isEnabled() and choice.count() == 1


def build_two(
    qtbot: QtBot, workers: Workers, tmp_path: Path, reader: object = None
) -> tuple[TagsDialog, Series]:
    """A series of four slices, and a dialog that can compare it with one of three in another kernel."""
    write_series(tmp_path / "a", n=4, series="a", description="Soft", ConvolutionKernel="H30")
    write_series(
        tmp_path / "b", n=3, series="b", description="<b>Bone</b>", ConvolutionKernel="H70", KVP="120"
    )
    found = {s.description: s for s in open_study([tmp_path]).series}

    def read_all(series: Series, progress: Progress, cancel: CancelToken) -> SeriesTags:
        return read_series_tags(
            series.slices, lambda info: read(info, cancel), progress=progress, cancel=cancel
        )

    dialog = TagsDialog(
        workers,
        found["Soft"],
        1,
        read,
        read_series=reader or read_all,  # type: ignore[arg-type]
        others=[found["<b>Bone</b>"]],
    )
    qtbot.addWidget(dialog)
    dialog.show()
    return loaded(qtbot, dialog), found["<b>Bone</b>"]


def row_of(dialog: TagsDialog, keyword: str) -> tuple[str, str, str]:
    (line,) = [line for line in dialog.table.listed if line.row.keyword == keyword]
    return line.first, line.second, line.difference


def test_two_series_stand_side_by_side_with_what_differs_said_in_words(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    dialog, other = build_two(qtbot, workers, tmp_path)
    dialog.compare_with(other)
    loaded(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.table.sheet.compares)
    assert row_of(dialog, "ConvolutionKernel") == ("H30", "H70", "≠ differs")
    assert row_of(dialog, "KVP") == ("not there", "120", "≠ differs")
    first, second, words = row_of(dialog, "SOPInstanceUID")
    assert first.endswith(" … (4 values)") and second.endswith(" … (3 values)")
    assert words == "≠ differs, varies"
    assert not [line for line in dialog.table.listed if line.row.keyword == "PatientName"]
    header = [dialog.table.headerData(c, Qt.Orientation.Horizontal) for c in (VALUE, OTHER, DIFFERENCE)]
    assert header == ["This series: 1  Soft", "Other series: 1  <b>Bone</b> · 3 slices", "Difference"]
    color = dialog.table.data(dialog.table.index(0, VALUE), Qt.ItemDataRole.FontRole)
    assert color.bold() or color.weight() > QFont.Weight.Normal


def test_what_does_not_differ_is_listed_too_where_it_is_wanted(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    dialog, other = build_two(qtbot, workers, tmp_path)
    dialog.compare_with(other)
    qtbot.waitUntil(lambda: dialog.table.sheet.compares)
    differing = dialog.table.rowCount()
    dialog.comparison.only.setChecked(False)
    assert dialog.table.rowCount() == dialog.table.total > differing
    assert row_of(dialog, "PatientName")[2] == ""
    assert f"{differing} of them differ" in dialog.status
    index = [line.row.keyword for line in dialog.table.listed].index("PatientName")
    assert dialog.table.data(dialog.table.index(index, VALUE), Qt.ItemDataRole.ForegroundRole) is None


def test_what_is_compared_is_copied_with_the_names_of_its_columns(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    dialog, other = build_two(qtbot, workers, tmp_path)
    dialog.compare_with(other)
    qtbot.waitUntil(lambda: dialog.table.sheet.compares)
    dialog.filter_by("convolution")
    dialog.copy()
    assert QGuiApplication.clipboard().text().split("\n") == [
        "Tag\tVR\tName\tThis series: 1  Soft\tOther series: 1  <b>Bone</b> · 3 slices\tDifference",
        "(0018,1210)\tSH\tConvolution Kernel\tH30\tH70\t≠ differs",
    ]


def test_reading_two_series_says_how_far_it_is_and_stops_when_something_else_is_chosen(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    begun, stopped = threading.Event(), threading.Event()

    def slow(series: Series, progress: Progress, cancel: CancelToken) -> SeriesTags:
        progress(1, 3, "reading tags")
        begun.set()
        while not cancel.cancelled:
            time.sleep(0.01)
        stopped.set()
        cancel.check()
        raise AssertionError("it was cancelled")

    dialog, other = build_two(qtbot, workers, tmp_path, slow)
    dialog.compare_with(other)
    assert begun.wait(10)
    qtbot.waitUntil(lambda: dialog.status == "Reading the tags of slice 1 of 3 …")
    assert dialog.table.rowCount() == 0, "values of the slice must not stand under the names of the series"
    dialog.compare_with(0)
    qtbot.waitUntil(lambda: dialog.table.titles[VALUE:] == ("Slice 2", "Slice 1", "Difference"))
    assert stopped.wait(10)


def test_a_slice_that_cannot_be_read_is_noted_with_its_series(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    dialog, other = build_two(qtbot, workers, tmp_path)
    other.slices[1].source.path.unlink()
    dialog.compare_with(other)
    qtbot.waitUntil(lambda: dialog.table.sheet.compares)
    assert dialog.notes.startswith("Other series: Slice 2 is not among them")
    assert row_of(dialog, "ConvolutionKernel")[1] == "H70"


def test_an_element_that_some_slices_lack_says_in_how_many_it_is(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    dialog, other = build_two(qtbot, workers, tmp_path)
    first = other.slices[0].source.path
    changed = dcmread(first)
    del changed.KVP
    changed.save_as(first)
    dialog.compare_with(other)
    qtbot.waitUntil(lambda: dialog.table.sheet.compares)
    assert row_of(dialog, "KVP")[1] == "120 (in 2 of 3 slices)"


@pytest.mark.parametrize("name", THEMES)
def test_both_themes_draw_it(qtbot: QtBot, qapp, make, name: str) -> None:
    apply_theme(qapp, THEMES[name])
    dialog = loaded(qtbot, make())
    dialog.compare_with(0)
    qtbot.waitUntil(lambda: dialog.table.columnCount() == DIFFERENCE + 1)
    ground = dialog.view.grab().toImage().pixelColor(dialog.view.width() // 2, dialog.view.height() - 8)
    assert (ground.lightness() > 128) is (THEMES[name] is LIGHT)
