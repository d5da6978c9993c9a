"""Painting, growing, smoothing and erasing regions in the window: what is drawn, measured, undone and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from image_builders import drag, mouse, settle
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.painted_region import PaintedRegion, RegionStep
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.report.making import make_content
from ichviewer.ui.tools.region_settings import Mode, RegionSettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five slices of 64 x 64 pixels of 0.5 mm, 5 mm apart, all of 40 HU but a square of 20 x 20 pixels of 70 HU."""
    hu = np.full((64, 64), 40, dtype=np.int16)
    hu[20:40, 20:40] = 70
    write_series(tmp_path / "study", n=5, hu=hu)
    return tmp_path / "study"


@pytest.fixture
def window(make_window: MakeWindow, folder: Path) -> MainWindow:  # noqa: F811
    made = make_window.opened(folder)
    settle()
    made.actions_["measure.volume"].trigger()
    return made


def use(window: MainWindow, mode: Mode, **others: object) -> None:
    window.tools.regions.work.use(RegionSettings(mode, **others))  # type: ignore[arg-type]


def screen(window: MainWindow, row: float, column: float) -> tuple[float, float]:
    """Where the center of a pixel is on the screen."""
    image = window.viewing.active.image
    shown, placement = image.shown, image.placement()
    assert shown is not None and placement is not None
    place = (column + 0.5) * shown.frame.column_mm, (row + 0.5) * shown.frame.row_mm
    return placement.to_screen(place, (float(image.width()), float(image.height())))


def click(window: MainWindow, row: float, column: float) -> None:
    drag(window.viewing.active.image, screen(window, row, column))


def stroke(window: MainWindow, *pixels: tuple[float, float]) -> None:
    drag(window.viewing.active.image, *(screen(window, *pixel) for pixel in pixels))


def only(window: MainWindow) -> PaintedRegion:
    (region,) = window.tools.regions.store.regions.values()
    return region


def spacing(window: MainWindow) -> float:
    shown = window.image.shown
    assert shown is not None and shown.info.spacing is not None
    return shown.info.spacing.row_mm


def measured(window: MainWindow, qtbot: QtBot):  # type: ignore[no-untyped-def]
    qtbot.waitUntil(lambda: window.tools.regions.measures.of(only(window)) is not None, timeout=5000)
    return window.tools.regions.measures.of(only(window))


def idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.tools.regions.work.busy, timeout=5000)


def test_a_click_grows_the_connected_pixels_within_the_range(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.GROW)
    click(window, 30, 30)
    region = only(window)
    assert region.n_pixels == 400 and len(region.masks) == 1
    assert region.masks[0].mask()[20:40, 20:40].all()
    assert region.masks[0].pixel_hash == window.image.shown.decoded.pixel_hash  # type: ignore[union-attr]
    # 400 pixels, 5 mm thick.
    numbers = measured(window, qtbot)
    assert numbers.volume.ml == pytest.approx(400 * spacing(window) ** 2 * 5 / 1000)


def test_a_click_outside_the_range_grows_nothing_and_says_the_value(window: MainWindow) -> None:
    use(window, Mode.GROW)
    click(window, 5, 5)
    assert not window.tools.regions.store.regions
    assert "40 HU" in window.notice.text


def test_growing_in_3d_takes_all_slices_and_the_volume_is_right(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    assert window.tools.regions.work.busy
    idle(window, qtbot)
    region = only(window)
    assert len(region.masks) == 5 and region.n_pixels == 2000
    numbers = measured(window, qtbot)
    ml = 5 * 400 * spacing(window) ** 2 * 5 / 1000
    assert numbers.volume.ml == pytest.approx(ml)
    assert numbers.volume.low_ml < ml <= numbers.volume.high_ml
    assert window.tools.store.history.undoText() == "grow region in 3-D"


def test_the_brush_paints_a_disc_and_the_eraser_takes_it_away(window: MainWindow) -> None:
    mm = spacing(window)
    use(window, Mode.PAINT, radius=5 * mm)
    click(window, 30, 30)
    # Pixels whose centers are at most 5 pixels away: 81 lattice points in a circle of radius 5.
    assert only(window).n_pixels == 81
    use(window, Mode.ERASE, radius=5 * mm)
    click(window, 30, 30)
    assert not window.tools.regions.store.regions
    window.actions_["measure.undo"].trigger()
    assert only(window).n_pixels == 81


def test_a_stroke_paints_all_it_passes_and_is_one_step(window: MainWindow) -> None:
    use(window, Mode.PAINT, radius=0.6 * spacing(window))
    stroke(window, (30, 10), (30, 20), (30, 40))
    # One pixel wide: a radius below one pixel.
    assert only(window).n_pixels == 31
    assert window.tools.store.history.count() == 1
    window.actions_["measure.undo"].trigger()
    assert not window.tools.regions.store.regions
    window.actions_["measure.redo"].trigger()
    assert only(window).n_pixels == 31


def test_the_brush_keeps_to_the_range_where_that_is_asked_for(window: MainWindow) -> None:
    window.tools.regions.panel.in_range.setChecked(True)
    use(window, Mode.PAINT, radius=20 * spacing(window), paint_in_range=True)
    click(window, 20, 20)
    # A quarter of the disc lies in the square of blood, which is all of it but what is farther than 20 pixels.
    mask = only(window).masks[0].mask()
    assert (
        mask[20:40, 20:40].sum()
        == mask.sum()
        == sum((r * r + c * c) <= 400 for r in range(20) for c in range(20))
    )
    use(window, Mode.ERASE, radius=40 * spacing(window), paint_in_range=True)
    click(window, 30, 30)
    assert not window.tools.regions.store.regions


def test_a_stroke_in_3d_paints_the_slices_beside_and_is_one_step(window: MainWindow, qtbot: QtBot) -> None:
    index, mm = window.viewing.index, spacing(window)
    use(window, Mode.PAINT, radius=6.0, through_slices=True)
    stroke(window, (30, 28), (30, 32))
    idle(window, qtbot)
    region = only(window)
    # Slices lie 5 mm apart: of a ball of 6 mm, discs of 3.3 mm on either side.
    assert len(region.masks) == 3
    beside = region.on(window.viewing.series.slices[index + 1])
    assert beside is not None
    rows = np.flatnonzero(beside.mask().any(axis=1))
    assert (rows[0], rows[-1]) == (30 - int(11**0.5 / mm), 30 + int(11**0.5 / mm))
    assert window.tools.store.history.count() == 1
    use(window, Mode.ERASE, radius=6.0, through_slices=True)
    stroke(window, (30, 28), (30, 32))
    idle(window, qtbot)
    assert not window.tools.regions.store.regions
    window.actions_["measure.undo"].trigger()
    assert only(window) == region
    window.actions_["measure.undo"].trigger()
    assert not window.tools.regions.store.regions


def test_undoing_while_a_stroke_goes_through_the_slices_leaves_the_stroke(
    window: MainWindow, qtbot: QtBot
) -> None:
    use(window, Mode.PAINT, radius=2.0)
    click(window, 50, 50)
    use(window, Mode.PAINT, radius=6.0, through_slices=True)
    click(window, 30, 30)
    window.tools.store.history.undo()
    qtbot.wait(300)
    assert not window.tools.regions.store.regions and not window.tools.regions.work.busy
    click(window, 30, 30)
    idle(window, qtbot)
    assert len(only(window).masks) == 3


def test_a_region_is_deleted_with_the_stroke_that_goes_on_in_it(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.PAINT, radius=2.0)
    click(window, 50, 50)
    before = only(window)
    use(window, Mode.PAINT, radius=6.0, through_slices=True)
    click(window, 30, 30)
    window.tools.regions.panel.smooth.click()
    click(window, 10, 10)
    window.tools.regions.panel.list.delete_button.click()
    qtbot.wait(300)
    assert not window.tools.regions.store.regions
    window.actions_["measure.undo"].trigger()
    assert only(window) == before


def test_escape_stops_a_stroke_that_goes_through_the_slices(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.PAINT, radius=6.0, through_slices=True)
    click(window, 30, 30)
    QTest.keyClick(window.image, Qt.Key.Key_Escape)
    qtbot.wait(300)
    assert not window.tools.regions.store.regions
    assert not window.tools.regions.work.regions(window.viewing.series)


def test_strokes_are_undone_one_by_one_in_one_history_with_annotations(window: MainWindow) -> None:
    use(window, Mode.PAINT, radius=0.6 * spacing(window))
    states = []
    for row in (10, 20, 30):
        stroke(window, (row, 10), (row, 20))
        states.append(only(window))
    window.actions_["measure.key_image"].trigger()
    window.actions_["measure.undo"].trigger()
    assert not window.tools.store.annotations and only(window) == states[2]
    window.actions_["measure.undo"].trigger()
    assert only(window) == states[1]
    window.actions_["measure.undo"].trigger()
    window.actions_["measure.undo"].trigger()
    assert not window.tools.regions.store.regions
    for _ in range(3):
        window.actions_["measure.redo"].trigger()
    assert only(window) == states[2]


def test_smoothing_takes_single_pixels_away_and_fills_holes(window: MainWindow) -> None:
    use(window, Mode.GROW)
    click(window, 30, 30)
    use(window, Mode.ERASE, radius=0.6 * spacing(window))
    click(window, 30, 30)
    use(window, Mode.PAINT, radius=0.6 * spacing(window))
    click(window, 5, 5)
    assert only(window).n_pixels == 400 - 1 + 1
    window.tools.regions.panel.smooth.click()
    mask = only(window).masks[0].mask()
    assert mask[30, 30] and not mask[5, 5]


def test_smoothing_in_3d_goes_through_the_slices(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    idle(window, qtbot)
    use(window, Mode.ERASE, radius=20 * spacing(window))
    click(window, 30, 30)
    assert len(only(window).masks) == 4
    use(window, Mode.PAINT, through_slices=True)
    window.tools.regions.panel.smooth.click()
    idle(window, qtbot)
    # The slice in the middle lies between two that have it.
    assert len(only(window).masks) == 5
    assert window.tools.store.history.undoText() == "smooth region in 3-D"


def test_escape_leaves_a_stroke_without_a_trace_and_then_the_tool(window: MainWindow) -> None:
    image = window.image
    use(window, Mode.PAINT, radius=2.0)
    mouse(image, QEvent.Type.MouseButtonPress, screen(window, 30, 30), button=Qt.MouseButton.LeftButton)
    assert window.tools.regions.work.painting
    QTest.keyClick(image, Qt.Key.Key_Escape)
    assert not window.tools.regions.work.painting and not window.tools.regions.store.regions
    mouse(image, QEvent.Type.MouseButtonRelease, screen(window, 30, 30), button=Qt.MouseButton.LeftButton)
    assert not window.tools.regions.store.regions
    QTest.keyClick(image, Qt.Key.Key_Escape)
    assert image.state.tool == "window"


def test_a_stroke_ends_with_its_slice(window: MainWindow) -> None:
    image = window.image
    use(window, Mode.PAINT, radius=2.0)
    mouse(image, QEvent.Type.MouseButtonPress, screen(window, 30, 30), button=Qt.MouseButton.LeftButton)
    window.viewing.step(1)
    settle(20)
    mouse(image, QEvent.Type.MouseMove, screen(window, 30, 40), button=Qt.MouseButton.LeftButton)
    mouse(image, QEvent.Type.MouseButtonRelease, screen(window, 30, 40), button=Qt.MouseButton.LeftButton)
    assert not window.tools.regions.store.regions


def test_undoing_in_the_middle_of_a_stroke_leaves_the_stroke(window: MainWindow) -> None:
    image = window.image
    use(window, Mode.PAINT, radius=2.0)
    click(window, 10, 10)
    mouse(image, QEvent.Type.MouseButtonPress, screen(window, 30, 30), button=Qt.MouseButton.LeftButton)
    window.tools.store.history.undo()
    assert not window.tools.regions.work.painting and not window.tools.regions.store.regions
    mouse(image, QEvent.Type.MouseButtonRelease, screen(window, 30, 30), button=Qt.MouseButton.LeftButton)
    assert not window.tools.regions.store.regions


def test_a_new_region_begins_where_nothing_is_selected(window: MainWindow) -> None:
    use(window, Mode.PAINT, radius=2.0)
    click(window, 10, 10)
    window.tools.regions.panel.list.new_button.click()
    click(window, 50, 50)
    assert len(window.tools.regions.store.regions) == 2
    assert [cells[0] for cells in window.tools.regions.panel.list.rows] == ["Region 1", "Region 2"]


def test_the_list_jumps_to_the_largest_slice_names_and_deletes(window: MainWindow) -> None:
    panel = window.tools.regions.panel
    use(window, Mode.PAINT, radius=3.0)
    index = window.viewing.index
    click(window, 30, 30)
    window.viewing.go_to(0)
    settle(20)
    use(window, Mode.PAINT, radius=1.0)
    click(window, 30, 30)
    panel.list.table.cellClicked.emit(0, 0)
    settle(20)
    assert window.viewing.index == index
    panel.list.table.item(0, 0).setText("left  putamen")
    assert only(window).name == "left putamen" and panel.list.rows[0][0] == "left putamen"
    assert window.tools.store.history.undoText() == "name region"
    window.actions_["measure.delete"].trigger()
    assert not window.tools.regions.store.regions
    window.actions_["measure.undo"].trigger()
    assert only(window).name == "left putamen"


def test_a_name_is_no_rich_text_and_is_hidden_without_patient_data(window: MainWindow) -> None:
    from ichviewer.ui.panes.word_detail import WordDetail

    use(window, Mode.PAINT, radius=3.0)
    click(window, 30, 30)
    window.tools.regions.work.rename(only(window), "<b>Doe</b>")
    layer = window.tools.regions._hands[window.image].layer
    layer.say()
    assert "<b>Doe</b>" in layer.accessibleDescription()
    window.image.pose(WordDetail.NO_PATIENT)
    layer.say()
    assert "Doe" not in layer.accessibleDescription() and "Words hidden" in layer.accessibleDescription()
    window.image.pose(None)


def test_the_settings_in_the_panel_are_used(window: MainWindow) -> None:
    panel, work = window.tools.regions.panel, window.tools.regions.work
    panel.modes[Mode.PAINT].click()
    panel.radius.setValue(7.5)
    panel.low.setValue(120)
    panel.through.setChecked(True)
    assert work.settings.mode is Mode.PAINT and work.settings.radius == 7.5 and work.settings.through_slices
    # The upper end gives way.
    assert (work.settings.low_hu, work.settings.high_hu) == (120, 120)
    panel.high.setValue(60)
    assert (work.settings.low_hu, work.settings.high_hu) == (60, 60) and panel.low.value() == 60


def test_a_range_is_typed_without_moving_its_other_end(window: MainWindow) -> None:
    panel, work = window.tools.regions.panel, window.tools.regions.work
    panel.high.setFocus()
    panel.high.selectAll()
    QTest.keyClicks(panel.high, "12")
    panel.refresh()
    QTest.keyClicks(panel.high, "0")
    assert (work.settings.low_hu, work.settings.high_hu) == (45, 100)
    QTest.keyClick(panel.high, Qt.Key.Key_Return)
    assert (work.settings.low_hu, work.settings.high_hu) == (45, 120)


def test_the_panel_tells_the_volume_with_bounds_while_it_is_painted(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.tools.regions.panel
    use(window, Mode.PAINT, radius=4.0)
    mouse(
        window.image, QEvent.Type.MouseButtonPress, screen(window, 30, 30), button=Qt.MouseButton.LeftButton
    )
    mouse(window.image, QEvent.Type.MouseMove, screen(window, 30, 40), button=Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: " mL (" in panel.numbers.text(), timeout=5000)
    assert window.tools.regions.work.painting
    mouse(
        window.image, QEvent.Type.MouseButtonRelease, screen(window, 30, 40), button=Qt.MouseButton.LeftButton
    )
    numbers = measured(window, qtbot)
    assert f"{numbers.volume.ml:.1f} mL" in panel.numbers.text()
    assert "ABC/2 of these voxels" in panel.numbers.text()


def test_abc2_that_was_drawn_stands_beside_the_volume(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    idle(window, qtbot)
    window.actions_["measure.abc2"].trigger()
    for pixel in ((30, 20), (30, 40), (20, 30), (40, 30)):
        click(window, *pixel)
    panel = window.tools.list.abc
    panel.done.click()
    window.actions_["measure.volume"].trigger()
    measured(window, qtbot)
    mm = spacing(window)
    # A and B of 20 pixels, C of one slice of 5 mm.
    ml = (20 * mm) ** 2 * 5 / 2000
    text = window.tools.regions.panel.numbers.text()
    assert f"ABC/2 as drawn {ml:.1f} mL" in text


def test_regions_are_there_again_when_the_study_is_opened_again(
    window: MainWindow,
    make_window: MakeWindow,  # noqa: F811
    folder: Path,
    qtbot: QtBot,
) -> None:
    use(window, Mode.GROW)
    click(window, 30, 30)
    window.tools.regions.work.rename(only(window), "clot")
    painted = only(window)
    window.session.close_study()
    assert not window.tools.regions.store.regions and not window.tools.regions.panel.list.rows
    assert not window.actions_["measure.undo"].isEnabled()
    window.open_paths([folder])
    make_window.wait(window)
    qtbot.waitUntil(lambda: bool(window.tools.regions.store.regions), timeout=5000)
    assert only(window) == painted
    window.tools.regions.store.select(painted.id)
    assert measured(window, qtbot).volume is not None


def test_other_pixels_under_the_same_uids_are_not_covered_and_not_measured(
    window: MainWindow,
    make_window: MakeWindow,  # noqa: F811
    folder: Path,
    qtbot: QtBot,
) -> None:
    use(window, Mode.GROW)
    click(window, 30, 30)
    painted = only(window)
    window.session.close_study()
    write_series(folder, n=5, hu=np.full((64, 64), 41, dtype=np.int16))
    window.open_paths([folder])
    make_window.wait(window)
    qtbot.waitUntil(lambda: bool(window.tools.regions.store.regions), timeout=5000)
    window.tools.regions.store.select(painted.id)
    numbers = measured(window, qtbot)
    assert numbers.volume is None and "other pixels" in window.tools.regions.panel.numbers.text()
    drawing = window.tools.regions._hands[window.image].drawing()
    assert drawing is not None and not drawing.regions
    assert drawing.notes == ("1 painted on other pixels",)
    use(window, Mode.PAINT)
    click(window, 30, 30)
    assert only(window) == painted and "other pixels" in window.notice.text


def test_one_of_two_studies_closed_and_opened_again_with_other_pixels_is_not_measured(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    other = write_series(folder.with_name("other"), n=5, study="other", series="other")[0].parent
    with qtbot.waitSignal(window.session.openedBeside):
        window.opening.open_beside([other])
    use(window, Mode.GROW)
    click(window, 30, 30)
    painted = only(window)
    assert measured(window, qtbot).volume is not None
    measures = window.tools.regions.measures
    closed = window.viewing.key
    assert closed is not None
    window.session.close_study_of(closed)
    assert not measures.is_checked(painted) and measures.of(painted) is None
    write_series(folder, n=5, hu=np.full((64, 64), 41, dtype=np.int16))
    with qtbot.waitSignal(window.session.openedBeside):
        window.opening.open_beside([folder])
    (again,) = [s for s in window.session.catalog.series if s.slices[0].source.path.parent == folder]
    window.series_switch.show(again.key)
    qtbot.waitUntil(lambda: bool(window.tools.regions.store.regions), timeout=5000)
    window.tools.regions.store.select(painted.id)
    assert measured(window, qtbot).volume is None
    assert "other pixels" in window.tools.regions.panel.numbers.text()


def test_closing_a_study_leaves_the_numbers_of_the_other(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    other = write_series(folder.with_name("other"), n=5, study="other", series="other")[0].parent
    with qtbot.waitSignal(window.session.openedBeside):
        window.opening.open_beside([other])
    use(window, Mode.GROW)
    click(window, 30, 30)
    numbers = measured(window, qtbot)
    (closed,) = [s for s in window.session.catalog.series if s.slices[0].source.path.parent == other]
    window.session.close_study_of(closed.key)
    assert window.tools.regions.measures.of(only(window)) == numbers
    assert window.tools.regions.measures.is_checked(only(window))


def test_cancelling_a_growth_leaves_nothing(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    assert window.tools.regions.panel.cancel.isVisible()
    window.tools.regions.panel.cancel.click()
    assert not window.tools.regions.work.busy
    qtbot.wait(200)
    assert not window.tools.regions.store.regions


def test_closing_the_study_while_a_region_grows_drops_it(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    window.session.close_study()
    qtbot.wait(200)
    assert not window.tools.regions.store.regions and not window.tools.regions.work.busy


def test_a_region_deleted_while_it_grows_stays_deleted(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.PAINT, radius=2.0)
    click(window, 50, 50)
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    window.tools.store.history.undo()
    idle(window, qtbot)
    assert not window.tools.regions.store.regions and "deleted" in window.notice.text


def test_all_panes_of_the_series_show_it(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_["layout.three_windows"].trigger()
    panes = window.viewing.panes
    qtbot.waitUntil(lambda: all(p.image.shown is not None for p in panes), timeout=5000)
    window.actions_["measure.volume"].trigger()
    use(window, Mode.GROW)
    click(window, 30, 30)
    drawings = [window.tools.regions._hands[pane.image].drawing() for pane in panes]
    assert len(drawings) == 3 and all(d is not None and len(d.regions) == 1 for d in drawings)


def test_regions_are_exported_as_csv_and_json(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    from ichviewer.services.annotation_export import read_regions

    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    idle(window, qtbot)
    for name in ("out.csv", "out.json"):
        window.tools.exporting.export(tmp_path / name)
        qtbot.waitUntil((tmp_path / name).exists, timeout=5000)
    (read,) = read_regions(tmp_path / "out.json")
    assert read.region == only(window)
    ml = 5 * 400 * spacing(window) ** 2 * 5 / 1000
    assert read.numbers is not None and read.numbers.volume is not None
    assert read.numbers.volume.ml == pytest.approx(ml)
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    columns = lines[0].split(",")
    rows = [dict(zip(columns, line.split(","), strict=True)) for line in lines[1:]]
    by_name = {row["quantity"]: row for row in rows}
    assert float(by_name["volume"]["value"]) == pytest.approx(ml, rel=1e-5)
    assert by_name["volume"]["unit"] == "mL" and by_name["n_pixels"]["value"] == "2000"
    on_slices = [row for row in rows if row["quantity"] == "n_pixels_on_slice"]
    assert len(on_slices) == 5 and {row["value"] for row in on_slices} == {"400"}
    assert all(row["sop_uid"] and row["pixel_hash"] for row in on_slices)


def test_it_is_in_the_picture_of_the_pane(window: MainWindow) -> None:
    from golden import pixels

    from ichviewer.ui.panes.pane_picture import pane_picture

    before = pixels(pane_picture(window.image, patient_data=True))
    use(window, Mode.GROW)
    click(window, 30, 30)
    after = pixels(pane_picture(window.image, patient_data=True))
    x, y = (round(v) for v in screen(window, 30, 22))
    assert before[y, x].tolist() != after[y, x].tolist()


def test_what_has_grown_waits_for_the_end_of_a_stroke(window: MainWindow, qtbot: QtBot) -> None:
    left = Qt.MouseButton.LeftButton
    use(window, Mode.PAINT, radius=2.0)
    click(window, 50, 50)
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    use(window, Mode.PAINT, radius=2.0)
    mouse(window.image, QEvent.Type.MouseButtonPress, screen(window, 5, 5), button=left, buttons=left)
    qtbot.wait(500)
    assert window.tools.regions.work.painting and len(only(window).masks) == 1
    mouse(window.image, QEvent.Type.MouseButtonRelease, screen(window, 5, 5), button=left)
    idle(window, qtbot)
    region = only(window)
    here = window.tools.regions.work.regions(window.viewing.series)[0].on(window.image.shown.info)
    assert here is not None and here.mask()[5, 5] and here.mask()[50, 50] and here.mask()[30, 30]
    assert len(region.masks) == 5
    # The stroke and the growth are a step each.
    window.actions_["measure.undo"].trigger()
    assert len(only(window).masks) == 1


def square() -> np.ndarray:
    hu = np.full((64, 64), 40, dtype=np.int16)
    hu[20:40, 20:40] = 70
    return hu


def opened(make: MakeWindow, folder: Path, **options: object) -> MainWindow:
    write_series(folder, hu=square(), **options)  # type: ignore[arg-type]
    window = make.opened(folder)
    settle()
    window.actions_["measure.volume"].trigger()
    return window


def test_missing_slices_are_grown_one_by_one_and_said(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    positions = [0.0, 5, 10, 15, 20, 35, 40, 45, 50, 55]
    window = opened(make_window, tmp_path / "study", positions_mm=positions)
    use(window, Mode.GROW, through_slices=True)
    window.viewing.go_to(4)
    settle(20)
    click(window, 30, 30)
    assert not window.tools.regions.work.busy and "missing" in window.notice.text
    use(window, Mode.GROW)
    click(window, 30, 30)
    numbers = measured(window, qtbot)
    assert numbers.has_gap
    assert "Slices are missing here" in window.tools.regions.panel.numbers.text()


def test_without_spacing_all_is_in_pixels(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    window = opened(make_window, tmp_path / "study", pixel_spacing_mm=None)
    panel = window.tools.regions.panel
    assert panel.radius.suffix() == " pixels" and panel.within.suffix() == " pixels"
    use(window, Mode.PAINT, radius=5.0)
    click(window, 30, 30)
    numbers = measured(window, qtbot)
    assert only(window).n_pixels == 81 and numbers.volume is None
    assert "81 pixels on 1 slice" in panel.numbers.text() and "No mL" in panel.numbers.text()
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    assert "pixel spacing" in window.notice.text


def test_uneven_and_tilted_slices_are_measured_along_the_normal(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    # Half of them 2 mm apart, half 6 mm: as many as lie apart both ways, so that none counts as missing.
    positions = [0.0, 2, 4, 6, 12, 18, 24]
    tilt = 0.3
    orientation = (1.0, 0.0, 0.0, 0.0, float(np.cos(tilt)), float(-np.sin(tilt)))
    window = opened(make_window, tmp_path / "study", positions_mm=positions, orientation=orientation)
    use(window, Mode.GROW, through_slices=True, within=200.0)
    click(window, 30, 30)
    idle(window, qtbot)
    numbers = measured(window, qtbot)
    assert len(only(window).masks) == 7
    # 24 mm from first to last, half of 2 and of 6 mm more at the ends.
    ml = 400 * spacing(window) ** 2 * (24 + 1 + 3) * np.cos(tilt) / 1000
    assert numbers.volume.ml == pytest.approx(ml, rel=1e-3)


def test_values_that_are_no_hu_are_painted_but_do_not_grow(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    window = opened(make_window, tmp_path / "study", modality="MR")
    use(window, Mode.GROW)
    click(window, 30, 30)
    assert not window.tools.regions.store.regions and "CT only" in window.notice.text
    use(window, Mode.PAINT, radius=2.0)
    click(window, 30, 30)
    assert only(window).n_pixels > 0


def test_slices_without_a_uid_keep_no_region_and_say_so(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    window = opened(make_window, tmp_path / "study", SOPInstanceUID=None)
    use(window, Mode.PAINT, radius=2.0)
    click(window, 30, 30)
    assert not window.tools.regions.store.regions and "SOP Instance UID" in window.notice.text


def test_a_report_prints_what_was_painted_and_nothing_of_pixels_that_changed(
    window: MainWindow, qtbot: QtBot
) -> None:
    use(window, Mode.GROW)
    click(window, 30, 30)
    idle(window, qtbot)
    series, pixels = window.viewing.series, window.session.cache
    assert series is not None

    def printed() -> str:
        asked = window.report.request(series, (), patient_data=True)
        return make_content(asked, pixels.get, now=datetime(2026, 3, 4)).text()

    assert f"{measured(window, qtbot).volume.ml:.1f} mL" in printed()
    # 400 pixels, all of 70 HU.
    assert "70.0 (70 to 70) HU" in printed()
    region = only(window)
    other = replace(region, masks=tuple(replace(mask, pixel_hash="f" * 32) for mask in region.masks))
    window.tools.regions.store.do(RegionStep(region, other))
    assert "Region 1 is not measured and not shown: it was painted on other pixels." in printed()
    assert "mL" not in printed() and "HU (" not in printed().split("Painted regions")[1]
