"""Painting, erasing and growing on reformats: what it does to the slices, what is seen, undone, left and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from image_builders import drag, mouse, settle
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from region_builders import paint_selected, rest
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.painted_region import PaintedRegion, RegionStep
from ichviewer.domain.plane_band import PlaneBand
from ichviewer.domain.plane_brush import PlaneBrush
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.reformat_state import Section
from ichviewer.ui.tools.region_layer import RegionLayer
from ichviewer.ui.tools.region_settings import Mode, RegionSettings

SHAPE = (9, 64, 64)
MIDDLE = (4, 32, 32)
PRESS, MOVE, RELEASE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonRelease,
)
LEFT = Qt.MouseButton.LeftButton


def head() -> NDArray[np.int16]:
    """40 HU with a block of 70 HU of 20 x 20 pixels."""
    hu = np.full(SHAPE[1:], 40, dtype=np.int16)
    hu[22:42, 22:42] = 70
    return hu


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine slices of 64 x 64 pixels of 0.5 mm, 5 mm apart."""
    write_series(tmp_path / "study", n=9, hu=head())
    return tmp_path / "study"


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> MainWindow:  # noqa: F811
    """Reformats through the middle voxel, with the brush."""
    made = make_window.opened(folder)
    made.resize(1300, 800)
    settle()
    made.actions_["view.reformats_shown"].trigger()
    made.actions_["measure.volume"].trigger()
    rest(qtbot, made)
    through(qtbot, made, MIDDLE)
    use(made, Mode.PAINT)
    return made


def use(window: MainWindow, mode: Mode, **others: object) -> None:
    window.tools.regions.work.use(RegionSettings(mode, **{"radius": 2.0, **others}))  # type: ignore[arg-type]


def pane(window: MainWindow, section: Section) -> ReformatPane:
    return window.reformats.set.panes[section]


def through(
    qtbot: QtBot, window: MainWindow, voxel: tuple[int, int, int], section: Section = Section.AXIAL
) -> None:
    """Move the planes through a voxel."""
    state = window.reformats.set.planes
    assert state is not None
    x, y, z = map(float, state.geometry.mm_of_index(list(voxel)))
    window.reformats.go_to_plane(lambda now: now.showing(now.view(section), (x, y, z), None))
    rest(qtbot, window)


def screen(window: MainWindow, section: Section, voxel: tuple[float, float, float]) -> tuple[float, float]:
    """Where the center of a voxel is on the screen."""
    shown = pane(window, section)
    assert shown.planes is not None
    x, y, z = map(float, shown.planes.geometry.mm_of_index(list(voxel)))
    place = shown.screen_of((x, y, z))
    assert place is not None
    return place.x(), place.y()


def stroke(window: MainWindow, section: Section, *voxels: tuple[float, float, float]) -> None:
    drag(pane(window, section), *(screen(window, section, voxel) for voxel in voxels))


def press(window: MainWindow, section: Section, *voxels: tuple[float, float, float]) -> None:
    """A stroke whose button stays down."""
    places = [screen(window, section, voxel) for voxel in voxels]
    mouse(pane(window, section), PRESS, places[0], button=LEFT, buttons=LEFT)
    for place in places[1:]:
        mouse(pane(window, section), MOVE, place, buttons=LEFT)


def let_go(window: MainWindow, section: Section, voxel: tuple[float, float, float]) -> None:
    mouse(pane(window, section), RELEASE, screen(window, section, voxel), button=LEFT)


def store(window: MainWindow):  # type: ignore[no-untyped-def]
    return window.tools.regions.store


def only(window: MainWindow) -> PaintedRegion:
    (region,) = store(window).regions.values()
    assert isinstance(region, PaintedRegion)
    return region


def mask_of(window: MainWindow, region: PaintedRegion | None = None) -> NDArray[np.bool_]:
    """The voxels of a region, the only one unless told."""
    series = window.viewing.series
    assert series is not None
    found = np.zeros(SHAPE, dtype=bool)
    for k, info in enumerate(series.slices):
        mask = (region or only(window)).on(info)
        if mask is not None:
            assert mask.pixel_hash == window.session.cache.get(info).pixel_hash
            found[k] = mask.mask()
    return found


def expected(window: MainWindow, section: Section, *voxels: tuple[float, float, float]) -> NDArray[np.bool_]:
    """What the brush covers of the plane in view."""
    shown = pane(window, section).shown
    assert shown is not None
    slab = 0.0 if shown.slab is None else shown.slab.thickness_mm
    settings = window.tools.regions.work.settings
    brush = PlaneBrush(
        PlaneBand(shown.volume.geometry, shown.view, slab), settings.radius, settings.through_slices
    )
    places = shown.view.px_of(shown.volume.geometry.mm_of_index(list(voxels))).tolist()
    found = np.zeros(SHAPE, dtype=bool)
    for a, b in zip(places, places[1:] or places, strict=False):
        found[brush.covered(tuple(a), tuple(b))] = True
    return found


def said(window: MainWindow, section: Section) -> str:
    (layer,) = pane(window, section).findChildren(RegionLayer)
    return layer.accessibleDescription()


def test_a_stroke_on_a_coronal_plane_paints_whole_voxels_of_the_slices(window: MainWindow) -> None:
    stroke(window, Section.CORONAL, (3, 32, 20), (5, 32, 40))
    mask = mask_of(window)
    # Row 32 alone; from slice to slice as the line goes, none left out.
    assert np.unique(np.nonzero(mask)[1]).tolist() == [32]
    assert np.unique(np.nonzero(mask)[0]).tolist() == [3, 4, 5]
    for voxel in ((3, 32, 20), (4, 32, 30), (5, 32, 40)):
        assert mask[voxel]
    assert np.array_equal(mask, expected(window, Section.CORONAL, (3, 32, 20), (5, 32, 40)))
    assert window.tools.store.history.undoText() == "paint region"


@pytest.mark.parametrize(
    ("section", "axis"), [(Section.AXIAL, 0), (Section.CORONAL, 1), (Section.SAGITTAL, 2)]
)
def test_each_plane_paints_its_own_voxels_only(window: MainWindow, section: Section, axis: int) -> None:
    stroke(window, section, MIDDLE)
    found = np.argwhere(mask_of(window))
    assert np.unique(found[:, axis]).tolist() == [MIDDLE[axis]] and list(MIDDLE) in found.tolist()


def test_an_oblique_plane_paints_what_it_cuts(qtbot: QtBot, window: MainWindow) -> None:
    pane(window, Section.AXIAL).turnRequested.emit(30.0)
    rest(qtbot, window)
    stroke(window, Section.CORONAL, (4, 32, 32), (4, 36, 39))
    assert np.array_equal(mask_of(window), expected(window, Section.CORONAL, (4, 32, 32), (4, 36, 39)))


def test_a_slab_is_painted_as_thick_as_it_is(qtbot: QtBot, window: MainWindow) -> None:
    for _ in range(4):
        window.actions_["view.reformats_thicker"].trigger()
    rest(qtbot, window)
    slab = pane(window, Section.CORONAL).shown.slab  # type: ignore[union-attr]
    assert slab is not None
    stroke(window, Section.CORONAL, MIDDLE)
    rows = np.unique(np.nonzero(mask_of(window))[1])
    # Rows are 0.5 mm apart, about row 32.
    assert rows.tolist() == [r for r in range(64) if abs(r - 32) * 0.5 <= slab.thickness_mm / 2]


def test_in_3d_the_brush_is_a_ball(window: MainWindow) -> None:
    use(window, Mode.PAINT, radius=6.0, through_slices=True)
    stroke(window, Section.SAGITTAL, MIDDLE)
    k, r, c = np.indices(SHAPE)
    ball = (5.0 * (k - 4)) ** 2 + (0.5 * (r - 32)) ** 2 + (0.5 * (c - 32)) ** 2 <= 36
    # Places on the screen are rounded to a pixel.
    assert np.count_nonzero(mask_of(window) != ball) < 0.1 * ball.sum()
    assert window.tools.store.history.undoText() == "paint region in 3-D"


def test_on_the_axial_plane_it_paints_what_it_paints_on_the_slice(qtbot: QtBot, window: MainWindow) -> None:
    use(window, Mode.PAINT, radius=3.0)
    stroke(window, Section.AXIAL, MIDDLE)
    on_plane = mask_of(window)
    window.actions_["measure.undo"].trigger()
    window.reformats.leave()
    window.viewing.go_to(4)
    settle()
    image = window.image
    placement, shown = image.placement(), image.shown
    assert placement is not None and shown is not None
    at = placement.to_screen((32.5 * 0.5, 32.5 * 0.5), (float(image.width()), float(image.height())))
    drag(image, at)
    assert np.array_equal(mask_of(window), on_plane)


def test_erasing_the_stroke_gives_back_what_was_there(window: MainWindow) -> None:
    before = paint_selected(window, 1, 2)
    settle()
    way = (4, 32, 10), (7, 32, 55)
    stroke(window, Section.CORONAL, *way)
    assert only(window).n_pixels > before.n_pixels
    use(window, Mode.ERASE)
    stroke(window, Section.CORONAL, *way)
    assert only(window).masks == before.masks
    assert window.tools.store.history.undoText() == "erase in region"


def test_erasing_all_of_it_deletes_the_region_and_undo_brings_it_back(window: MainWindow) -> None:
    stroke(window, Section.CORONAL, MIDDLE)
    painted = only(window)
    use(window, Mode.ERASE, radius=4.0)
    stroke(window, Section.CORONAL, MIDDLE)
    assert not store(window).regions
    window.actions_["measure.undo"].trigger()
    assert only(window) == painted


def test_nothing_is_erased_before_a_region_is_selected(window: MainWindow) -> None:
    use(window, Mode.ERASE)
    stroke(window, Section.CORONAL, MIDDLE)
    assert not store(window).regions and "Select the region" in window.notice.text


def test_every_plane_and_the_ml_follow_the_stroke(qtbot: QtBot, window: MainWindow) -> None:
    press(window, Section.CORONAL, MIDDLE, (4, 32, 36))
    settle()
    for section in Section:
        assert said(window, section).startswith("Region 1")
    live = window.tools.regions.work.current(window.viewing.series)
    assert live is not None and not store(window).regions
    numbers = window.tools.regions.measures
    qtbot.waitUntil(lambda: numbers.of(live) is not None, timeout=10_000)
    # Pixels of 0.5 x 0.5 mm, 5 mm thick.
    assert numbers.of(live).volume.ml == pytest.approx(live.n_pixels * 0.25 * 5 / 1000)  # type: ignore[union-attr]
    assert f"{live.n_pixels} pixels on 1 slice" in window.tools.regions.panel.numbers.text()
    let_go(window, Section.CORONAL, (4, 32, 36))
    assert only(window).masks == live.masks
    window.reformats.leave()
    window.viewing.go_to(4)
    settle()
    (layer,) = window.image.findChildren(RegionLayer)
    assert layer.accessibleDescription().startswith("Region 1")


def test_each_stroke_is_undone_by_itself_whatever_pane_it_was_on(qtbot: QtBot, window: MainWindow) -> None:
    stroke(window, Section.CORONAL, (4, 32, 20))
    first = only(window)
    stroke(window, Section.SAGITTAL, (6, 20, 32))
    second = only(window)
    stroke(window, Section.AXIAL, (4, 50, 50))
    third = only(window)
    assert first.n_pixels < second.n_pixels < third.n_pixels
    for left in (second, first):
        window.actions_["measure.undo"].trigger()
        assert only(window) == left
        qtbot.waitUntil(lambda: said(window, Section.CORONAL).startswith("Region 1"), timeout=10_000)
    window.actions_["measure.undo"].trigger()
    assert not store(window).regions and said(window, Section.CORONAL) == ""
    window.reformats.leave()
    for back in (first, second, third):
        window.actions_["measure.redo"].trigger()
        assert only(window) == back


def test_escape_leaves_the_stroke_and_the_region_is_as_it_was(window: MainWindow) -> None:
    before = paint_selected(window, 4)
    settle()
    press(window, Section.CORONAL, (2, 32, 10), (2, 32, 50))
    work = window.tools.regions.work
    assert work.painting and work.current(window.viewing.series) != before
    QTest.keyClick(pane(window, Section.CORONAL), Qt.Key.Key_Escape)
    assert not work.painting and only(window) == before
    (layer,) = pane(window, Section.CORONAL).findChildren(RegionLayer)
    drawing = layer._read()
    assert drawing is not None and len(drawing.regions) == 1
    let_go(window, Section.CORONAL, (2, 32, 50))
    assert only(window) == before and window.tools.store.history.count() == 1
    # The tool stays; another Escape leaves it.
    assert pane(window, Section.CORONAL).state.tool == "volume"
    QTest.keyClick(pane(window, Section.CORONAL), Qt.Key.Key_Escape)
    assert pane(window, Section.CORONAL).state.tool == "window"


@pytest.mark.parametrize("how", ["step", "slab", "leave", "undo", "tool"])
def test_a_stroke_whose_plane_or_region_goes_leaves_nothing(
    qtbot: QtBot, window: MainWindow, how: str
) -> None:
    paint_selected(window, 4)
    settle()
    press(window, Section.CORONAL, (2, 32, 10), (2, 32, 50))
    at = screen(window, Section.CORONAL, (2, 32, 50))
    if how == "step":
        pane(window, Section.CORONAL).sliceStepRequested.emit(3)
    elif how == "slab":
        window.actions_["view.reformats_thicker"].trigger()
    elif how == "leave":
        window.actions_["view.reformats_shown"].trigger()
    elif how == "undo":
        window.tools.store.history.undo()
    else:
        window.actions_["measure.length"].trigger()
    settle()
    mouse(pane(window, Section.CORONAL), MOVE, at, buttons=LEFT)
    mouse(pane(window, Section.CORONAL), RELEASE, at, button=LEFT)
    settle()
    assert not window.tools.regions.work.painting
    if how == "undo":
        assert not store(window).regions
    else:
        assert only(window).n_pixels == 400


def test_another_series_or_no_study_leaves_the_stroke(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    write_series(tmp_path / "study/a", n=9, hu=head(), series="a")
    write_series(tmp_path / "study/b", n=9, hu=head(), series="b")
    window = make_window.opened(tmp_path / "study")
    window.resize(1300, 800)
    settle()
    first, second = window.session.catalog.series
    for end in ("series", "study"):
        window.viewing.show_series(first)
        window.actions_["view.reformats_shown"].trigger()
        window.actions_["measure.volume"].trigger()
        use(window, Mode.PAINT)
        rest(qtbot, window)
        press(window, Section.CORONAL, MIDDLE, (5, 32, 40))
        assert window.tools.regions.work.painting
        at = screen(window, Section.CORONAL, (5, 32, 40))
        if end == "series":
            window.viewing.show_series(second)
        else:
            window.actions_["file.close_study"].trigger()
        settle()
        mouse(pane(window, Section.CORONAL), MOVE, at, buttons=LEFT)
        mouse(pane(window, Section.CORONAL), RELEASE, at, button=LEFT)
        settle()
        assert not window.tools.regions.work.painting
        assert not store(window).regions and not window.tools.store.history.count()


def test_growing_stays_within_the_plane_and_in_3d_goes_through_the_slices(
    qtbot: QtBot, window: MainWindow
) -> None:
    use(window, Mode.GROW)
    stroke(window, Section.CORONAL, MIDDLE)
    qtbot.waitUntil(lambda: bool(store(window).regions), timeout=10_000)
    mask = mask_of(window)
    # Columns 22 to 41 of row 32, on all nine slices.
    assert mask[:, 32, 22:42].all() and mask.sum() == 9 * 20
    assert window.tools.store.history.undoText() == "grow region"
    use(window, Mode.GROW, through_slices=True)
    stroke(window, Section.CORONAL, MIDDLE)
    qtbot.waitUntil(lambda: only(window).n_pixels == 9 * 400, timeout=10_000)
    assert window.tools.store.history.undoText() == "grow region in 3-D"


def test_nothing_grows_from_outside_the_range(window: MainWindow) -> None:
    use(window, Mode.GROW)
    stroke(window, Section.SAGITTAL, (4, 5, 32))
    assert not store(window).regions and "40 HU" in window.notice.text


def test_the_brush_keeps_to_the_range(window: MainWindow) -> None:
    use(window, Mode.PAINT, paint_in_range=True)
    stroke(window, Section.CORONAL, (4, 32, 10), (4, 32, 60))
    assert np.argwhere(mask_of(window)).tolist() == [[4, 32, c] for c in range(22, 42)]


def test_smoothing_on_reformats_goes_through_the_slices(qtbot: QtBot, window: MainWindow) -> None:
    paint_selected(window, 3, 4, 5)
    stroke(window, Section.CORONAL, (8, 32, 60))
    assert only(window).on(window.viewing.series.slices[8]) is not None  # type: ignore[union-attr]
    window.tools.regions.smooth()
    qtbot.waitUntil(lambda: not window.tools.regions.work.busy, timeout=10_000)
    # A speck on one slice has no majority.
    assert only(window).on(window.viewing.series.slices[8]) is None  # type: ignore[union-attr]
    assert window.tools.store.history.undoText() == "smooth region in 3-D"
    qtbot.waitUntil(lambda: said(window, Section.SAGITTAL).startswith("Region 1"), timeout=10_000)


def test_a_region_of_other_pixels_is_not_painted_in(window: MainWindow) -> None:
    region = paint_selected(window, 3, 4)
    changed = replace(region.masks[1], pixel_hash="f" * 32)
    other = replace(region, masks=(region.masks[0], changed))
    store(window).do(RegionStep(region, other))
    stroke(window, Section.CORONAL, MIDDLE)
    assert only(window) == other and "painted on other pixels" in window.notice.text


def test_beside_the_image_and_while_hidden_nothing_is_painted(window: MainWindow) -> None:
    stroke(window, Section.CORONAL, (4, 32, -12))
    assert not store(window).regions
    paint_selected(window, 4)
    window.actions_["view.painted_regions"].trigger()
    stroke(window, Section.CORONAL, MIDDLE)
    assert only(window).n_pixels == 400 and "are hidden" in window.notice.text


def test_other_tools_work_on_planes_as_before(window: MainWindow) -> None:
    window.actions_["measure.length"].trigger()
    stroke(window, Section.CORONAL, (3, 32, 20), (5, 32, 40))
    assert len(window.tools.store.annotations) == 1 and not store(window).regions


def test_what_was_painted_is_there_when_the_study_is_opened_again(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    window: MainWindow,
    folder: Path,
) -> None:
    stroke(window, Section.CORONAL, (3, 32, 20), (5, 32, 40))
    painted = only(window)
    window.open_paths([folder])
    make_window.wait(window)
    qtbot.waitUntil(lambda: bool(store(window).regions), timeout=10_000)
    assert only(window) == painted
