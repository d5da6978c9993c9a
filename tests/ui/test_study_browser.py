from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import InProcessReader
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.findings import SeriesState
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.series import Catalog
from ichviewer.services.open_study import open_study
from ichviewer.ui.study_browser import StudyBrowser
from ichviewer.ui.study_order import SeriesResult, state_word
from ichviewer.ui.study_tree import SeriesRow, StudyTree
from ichviewer.ui.thumbnails import Thumbnails
from ichviewer.ui.workers import Workers


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    for name, uid, n in (("a", "1.2.3", 3), ("b", "1.2.4", 2)):
        write_series(tmp_path / name, n=n, SeriesInstanceUID=uid, StudyInstanceUID="1.2")
    write_series(
        tmp_path / "c",
        n=2,
        SeriesInstanceUID="1.3.1",
        StudyInstanceUID="1.3",
        PatientID="P2",
        PatientName="ROE^RICHARD",
    )
    return open_study([tmp_path])


def part_of(catalog: Catalog, series: int) -> Catalog:
    """The catalog as it was after some series."""
    from ichviewer.domain.series import Study

    kept, left = [], series
    for study in catalog.studies:
        shown = study.series[:left]
        left -= len(shown)
        if shown:
            kept.append(Study(study.info, study.patient, shown))
    return Catalog(tuple(kept))


def words(tree: StudyTree, parent: QModelIndex | None = None) -> list[object]:
    at = parent or QModelIndex()
    found: list[object] = []
    for row in range(tree.rowCount(at)):
        index = tree.index(row, 0, at)
        below = words(tree, index)
        found.append((tree.data(index), below) if below else tree.data(index))
    return found


def test_tree_grows_as_files_are_read_and_is_a_proper_model(qapp: object, catalog: Catalog) -> None:
    grown, at_once = StudyTree(), StudyTree()
    tester = QAbstractItemModelTester(grown, QAbstractItemModelTester.FailureReportingMode.Warning)
    for n in (1, 2, 3):
        grown.set_catalog(part_of(catalog, n))
    at_once.set_catalog(catalog)
    assert words(grown) == words(at_once)
    assert len(words(grown)) == 2, "two patients"
    del tester


def test_what_is_gone_leaves_and_what_stays_keeps_its_picture(qapp: object, catalog: Catalog) -> None:
    tree = StudyTree()
    tree.set_catalog(catalog)
    key = catalog.series[0].key
    tree.set_thumbnail(key, QPixmap(4, 4))
    tree.set_result(key, SeriesResult(SeriesState.DONE, "", (Hemorrhage.ANY,), 2, 0.9))
    tree.set_catalog(part_of(catalog, 1))
    row = tree.row_at(tree.index_of(key))
    assert isinstance(row, SeriesRow)
    assert row.thumbnail is not None
    assert row.result.state is SeriesState.DONE
    assert not tree.index_of(catalog.series[2].key).isValid()
    tree.clear_all()
    assert tree.rowCount() == 0


def test_only_series_can_be_chosen(qapp: object, catalog: Catalog) -> None:
    tree = StudyTree()
    tree.set_catalog(catalog)
    patient = tree.index(0, 0)
    assert not tree.flags(patient) & Qt.ItemFlag.ItemIsSelectable
    assert tree.flags(tree.index_of(catalog.series[0].key)) & Qt.ItemFlag.ItemIsSelectable


def test_click_asks_for_a_series_and_thumbnails_are_made(qtbot: QtBot, catalog: Catalog) -> None:
    workers = Workers()
    thumbnails = Thumbnails(workers)
    thumbnails.open(PixelCache(read=InProcessReader().read_slice))
    browser = StudyBrowser(thumbnails)
    qtbot.addWidget(browser)
    browser.resize(300, 600)
    browser.set_catalog(catalog)
    with qtbot.waitSignals([thumbnails.ready] * 3):
        browser.show()
    first, second = catalog.series[0].key, catalog.series[1].key
    browser.set_current(first)
    where = browser.view.visualRect(browser.tree.index_of(second)).center()
    with qtbot.waitSignal(browser.seriesRequested) as asked:
        qtbot.mouseClick(browser.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert asked.args == [second]
    assert browser.neighbour(first, 1) == second
    assert browser.neighbour(second, -1) == first
    assert browser.neighbour(catalog.series[-1].key, 1) is None
    workers.stop()
    assert workers.join()


def test_thumbnail_keeps_the_true_aspect_ratio(qapp: object, tmp_path: Path) -> None:
    from ichviewer.ui.thumbnails import thumbnail

    write_series(tmp_path, n=1, rows=20, columns=40, pixel_spacing_mm=(1.0, 0.5))
    series = open_study([tmp_path]).series[0]
    image = thumbnail(series, InProcessReader().read_slice(series.slices[0]), 0)
    # 20 rows of 1 mm are as high as 40 columns of 0.5 mm are wide.
    assert (image.width(), image.height()) == (112, 112)
