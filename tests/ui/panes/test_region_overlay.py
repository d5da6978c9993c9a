"""Outlines on the image: at the right place, of flagged types only, only on the pixels they were computed from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from golden import CompareGolden, pixels
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from image_builders import (
    POINT,
    QUIET,
    SUBDURAL,
    OneSeries,
    analysed,
    make_head,
    make_series,
    not_analysed,
    settle,
)
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SliceFinding
from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.region_map import RegionMap
from ichviewer.domain.series import SeriesKey
from ichviewer.domain.window import Window
from ichviewer.ui.look.contrast import VISIBLE, contrast, luminances
from ichviewer.ui.look.theme import DARK, LIGHT, apply_theme
from ichviewer.ui.panes.image_frame import ImageFrame, Placement
from ichviewer.ui.panes.image_overlay import Corner
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.region_overlay import MEANING, RegionOverlay

SIDE = 320
ROWS, COLUMNS = 40, 32
HASH = "ab" * 16
THRESHOLDS = (0.5,) * 5
EVERY_TYPE = (0.9,) * 6
SDH = Hemorrhage.SUBDURAL


def one_cell(
    kinds: tuple[Hemorrhage, ...] = (SDH,),
    center_px: tuple[float, float] = (20, 16),
    step_px: tuple[float, float] = (6, 6),
    *,
    transpose: bool = False,
) -> RegionMap:
    """A map of 3 x 3 cells, certain in the middle one, which lies at a stored row and column, and empty elsewhere."""
    p = np.zeros((3, 3, len(TYPES)))
    p[1, 1, [TYPES.index(kind) for kind in kinds]] = 1
    along = center_px[::-1] if transpose else center_px
    return RegionMap.of(p, (along[0] - step_px[0], along[1] - step_px[1]), step_px, transpose=transpose)


def found(
    regions: RegionMap | None = None, probabilities: tuple[float, ...] = SUBDURAL, pixel_hash: str = HASH
) -> SliceFinding:
    regions = one_cell() if regions is None else regions
    return replace(analysed(probabilities), regions=regions, pixel_hash=pixel_hash)


def spot(row: int = 20, column: int = 16) -> DecodedSlice:
    """A dark slice with 3 x 3 white pixels around one of them."""
    hu = np.zeros((ROWS, COLUMNS), np.int16)
    hu[row - 1 : row + 2, column - 1 : column + 2] = 1000
    return DecodedSlice(SliceImage(hu, Rescale(1.0, 0.0)), pixel_hash=HASH)


@pytest.fixture
def held(qapp: QApplication) -> OneSeries:
    """The findings of five slices: subdural blood in slice 3."""
    one = OneSeries(make_series(rows=ROWS, columns=COLUMNS, spacing=PixelSpacing(1.2, 1.0)))
    one.put(2, found())
    return one


@pytest.fixture
def pane(qtbot: QtBot, held: OneSeries) -> ImagePane:
    """Slice 3 of 5, in which subdural blood is flagged and outlined."""
    widget = ImagePane(held.store)
    qtbot.addWidget(widget)
    widget.resize(SIDE, SIDE)
    widget.set_voi(Window(500, 100))
    widget.regions.set_thresholds(THRESHOLDS)
    widget.show_series(held.series)
    widget.show_slice(2, spot())
    widget.show()
    settle()
    return widget


def outlined(pane: ImagePane) -> list[Hemorrhage]:
    settle()
    said = [line.text for line in pane._overlay.lines(Corner.BOTTOM_RIGHT)]
    assert (MEANING.text in said) == bool(pane.regions.outlines)
    return [outline.kind for outline in pane.regions.outlines]


def image_of(pane: ImagePane) -> NDArray[np.int_]:
    """What is drawn, without words, shape (height, width, 3)."""
    settle()
    pane._overlay.hide()
    drawn = pixels(pane.grab().toImage()).astype(int)
    pane._overlay.show()
    return drawn


def box(mask: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Middle and size of what is marked, as (x, y) in px."""
    rows, columns = np.nonzero(mask)
    low, high = np.array([columns.min(), rows.min()]), np.array([columns.max(), rows.max()])
    return (low + high) / 2, high - low + 1


def colored(drawn: NDArray[np.int_]) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = np.ptp(drawn, axis=2) > 40
    return result


# Where


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.tuples(st.integers(17, 23), st.integers(13, 19)),
    grid=st.tuples(st.sampled_from([-6, -4, 4, 6]), st.sampled_from([-6, -4, 4, 6]), st.booleans()),
    view=st.tuples(st.floats(0.7, 1.6), st.integers(-25, 25), st.integers(-25, 25)),
)
def test_lies_on_its_pixels_however_the_slice_is_stored_and_seen(
    pane: ImagePane,
    held: OneSeries,
    place: tuple[int, int],
    grid: tuple[int, int, bool],
    view: tuple[float, int, int],
) -> None:
    *step, transpose = grid
    pane.fit()
    held.put(2, found(one_cell(center_px=place, step_px=(step[0], step[1]), transpose=transpose)))
    pane.show_slice(2, spot(*place))
    pane.zoom_by(view[0])
    pane._pan(*view[1:])
    placement = pane.placement()
    assert placement is not None
    assert outlined(pane) == [SDH]
    drawn = image_of(pane)
    pane.regions.hide()
    white = image_of(pane).min(axis=2) > 200
    pane.regions.show()
    middle, size = box(colored(drawn))
    at, _ = box(white)
    np.testing.assert_allclose(middle, at, atol=1.6)
    # From the middle of the cell to halfway to its neighbors on both sides, in rows of 1.2 and columns of 1 mm.
    down, across = (abs(s) for s in (step[::-1] if transpose else step))
    expected = np.array([across * 1.0, down * 1.2]) * placement.px_per_mm
    np.testing.assert_allclose(size, expected, atol=4)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_lies_on_its_pixels_however_the_picture_is_turned(
    pane: ImagePane, held: OneSeries, mirrored: bool, turns: int
) -> None:
    held.put(2, found(one_cell(center_px=(14, 19), step_px=(6, 4))))
    pane.show_slice(2, spot(14, 19))
    pane.zoom_by(1.1)
    pane._pan(11, -7)
    if mirrored:
        pane.flip_horizontal()
    pane.rotate(90 * turns)
    assert outlined(pane) == [SDH]
    drawn = image_of(pane)
    pane.regions.hide()
    white = image_of(pane).min(axis=2) > 200
    pane.regions.show()
    middle, size = box(colored(drawn))
    at, _ = box(white)
    np.testing.assert_allclose(middle, at, atol=1.6)
    placement = pane.placement()
    assert placement is not None
    # A cell of 4 columns of 1 mm and 6 rows of 1.2 mm, on its side after an odd number of quarter turns.
    across, down = 4 * placement.px_per_mm, 6 * 1.2 * placement.px_per_mm
    np.testing.assert_allclose(size, (down, across) if turns % 2 else (across, down), atol=4)


def test_moves_with_the_picture_and_stays_thin(pane: ImagePane) -> None:
    before, small = box(colored(image_of(pane)))
    thin = colored(image_of(pane)).sum() / small.sum()
    pane._pan(30, -20)
    moved, _ = box(colored(image_of(pane)))
    np.testing.assert_allclose(moved - before, [30, -20], atol=1.1)
    pane.fit()
    pane.zoom_by(3)
    drawn = colored(image_of(pane))
    _, large = box(drawn)
    np.testing.assert_allclose(large, 3 * small, atol=7)
    assert drawn.sum() / large.sum() < 1.5 * thin


def test_follows_the_window_in_size(pane: ImagePane) -> None:
    pane.resize(2 * SIDE, 2 * SIDE)
    pane.zoom_by(1)
    drawn = image_of(pane)
    placement = pane.placement()
    assert placement is not None
    middle, _ = box(colored(drawn))
    here = placement.to_screen((16.5, 20.5 * 1.2), (2 * SIDE, 2 * SIDE))
    np.testing.assert_allclose(middle, np.array(here) - 0.5, atol=1.6)


def test_ends_where_the_slice_ends(pane: ImagePane, held: OneSeries) -> None:
    held.put(2, found(one_cell(center_px=(0, 0), step_px=(20, 20))))
    drawn = colored(image_of(pane))
    placement = pane.placement()
    assert placement is not None
    x, y = placement.to_screen((0, 0), (SIDE, SIDE))
    rows, columns = np.nonzero(drawn)
    assert len(rows) > 20 and columns.min() >= int(x) and rows.min() >= int(y)


# What


def test_only_flagged_types(pane: ImagePane, held: OneSeries) -> None:
    everywhere = one_cell(TYPES)
    held.put(2, found(everywhere))
    assert outlined(pane) == [SDH]
    held.put(2, found(everywhere, QUIET))
    assert outlined(pane) == []
    held.put(2, found(everywhere, EVERY_TYPE))
    assert outlined(pane) == list(TYPES)
    # No type is flagged, so none is outlined, whatever "any" says.
    held.put(2, found(everywhere, (0.9, 0.1, 0.1, 0.1, 0.1, 0.1)))
    assert outlined(pane) == []


@pytest.mark.parametrize("threshold", [0.2, 0.9])
def test_thresholds_of_the_operating_point_decide_what_is_flagged(
    pane: ImagePane, threshold: float, held: OneSeries
) -> None:
    held.judge(replace(POINT, thresholds=(threshold,) * 6))
    assert outlined(pane) == ([SDH] if threshold < 0.8 else [])
    held.judge(None)
    assert outlined(pane) == []


def test_thresholds_of_the_maps_decide_how_far_an_outline_reaches(pane: ImagePane, held: OneSeries) -> None:
    _, half = box(colored(image_of(pane)))
    pane.regions.set_thresholds((0.9,) * 5)
    _, little = box(colored(image_of(pane)))
    assert (little < half / 2).all()
    low = RegionMap.of(np.full((2, 2, 5), 0.6), (10.0, 10.0), (4.0, 4.0))
    held.put(2, found(low))
    assert outlined(pane) == []
    pane.regions.set_thresholds((0.9, 0.9, 0.9, 0.9, 0.5))
    assert outlined(pane) == [SDH]
    pane.regions.set_thresholds(None)
    assert outlined(pane) == []
    assert not colored(image_of(pane)).any()


def test_a_slice_without_map_or_result_has_no_outline(pane: ImagePane, held: OneSeries) -> None:
    for finding in (replace(found(), regions=None), not_analysed()):
        held.put(2, finding)
        assert outlined(pane) == []


def test_a_screen_reader_is_told(pane: ImagePane) -> None:
    settle()
    assert pane.accessibleDescription().endswith(f"{MEANING.text}, subdural")
    pane.regions.set_thresholds(None)
    settle()
    assert "utlined" not in pane.accessibleDescription()


# Beside which pixels


@pytest.mark.parametrize("pixel_hash", ["cd" * 16, ""])
def test_never_on_other_pixels(pane: ImagePane, pixel_hash: str, held: OneSeries) -> None:
    held.put(2, found(pixel_hash=pixel_hash))
    assert outlined(pane) == []
    held.put(2, found())
    assert outlined(pane) == [SDH]
    pane.show_slice(2, replace(spot(), pixel_hash=pixel_hash))
    assert outlined(pane) == []
    assert not colored(image_of(pane)).any()
    # Two unknown hashes are no match either.
    held.put(2, found(pixel_hash=""))
    assert outlined(pane) == []


def test_stays_with_its_slice(pane: ImagePane, held: OneSeries) -> None:
    pane.show_slice(3, replace(spot(), pixel_hash="cd" * 16))
    assert outlined(pane) == []
    held.finish([found()] * 5)
    assert outlined(pane) == []
    pane.show_slice(2, spot())
    assert outlined(pane) == [SDH]


def test_goes_at_once_while_the_next_picture_is_on_its_way(pane: ImagePane, held: OneSeries) -> None:
    pane.expect_slice()
    assert pane.regions.outlines == ()
    # What comes in meanwhile about the slice whose picture still stands does not bring it back.
    held.put(2, found())
    pane.set_muted(True)
    pane.regions.set_thresholds((0.4,) * 5)
    held.open(make_series(6, rows=ROWS, columns=COLUMNS, spacing=PixelSpacing(1.2, 1.0)))
    pane.show_series(held.series)
    held.put(2, found())
    assert outlined(pane) == []
    pane.show_slice(2, spot())
    assert outlined(pane) == [SDH]


def test_goes_with_the_picture(pane: ImagePane) -> None:
    pane.show_message("Reading", "The file has changed.", "loading")
    assert pane.regions.outlines == ()
    assert outlined(pane) == []
    pane.show_slice(2, spot())
    assert outlined(pane) == [SDH]
    pane.show_series(replace(make_series(), key=SeriesKey("1", "other")))
    assert pane.regions.outlines == ()
    pane.close_series()
    assert outlined(pane) == []


# How


def test_an_outline_is_computed_once(
    pane: ImagePane, monkeypatch: pytest.MonkeyPatch, held: OneSeries
) -> None:
    asked: list[object] = []
    real = RegionMap.outlines

    def counted(self: RegionMap, kind: Hemorrhage, threshold: float) -> Any:
        asked.append(kind)
        return real(self, kind, threshold)

    monkeypatch.setattr(RegionMap, "outlines", counted)
    held.put(1, found(one_cell(center_px=(10, 10))))
    for index in (1, 2, 1, 2, 1):
        pane.show_slice(index, spot())
        pane.zoom_by(1.1)
        assert outlined(pane) == [SDH]
    # That of slice 3 was there before.
    assert asked == [SDH]


def test_is_drawn_quietly_where_the_findings_are(pane: ImagePane) -> None:
    loud = image_of(pane)
    pane.set_muted(True)
    assert outlined(pane) == [SDH]
    quiet = image_of(pane)
    assert np.ptp(quiet, axis=2).max() < np.ptp(loud, axis=2).max() / 2
    assert 20 < (quiet.max(axis=2) > 60).sum() < (loud.max(axis=2) > 60).sum()
    pane.set_muted(False)
    assert np.array_equal(image_of(pane), loud)


def test_names_stand_beside_outlines_only_where_there_are_several(pane: ImagePane, held: OneSeries) -> None:
    _, alone = box(colored(image_of(pane)))
    both = one_cell((SDH, Hemorrhage.EPIDURAL))
    held.put(2, found(both))
    assert np.array_equal(box(colored(image_of(pane)))[1], alone)
    held.put(2, found(both, (0.9, 0.8, 0.1, 0.1, 0.1, 0.8)))
    right, named = box(colored(image_of(pane)))
    assert named[0] > alone[0] + 15, "the names stand to the right"
    pane.regions.keep_clear((QRectF(right[0] + 2, 0, SIDE, SIDE),))
    left, _ = box(colored(image_of(pane)))
    assert left[0] < right[0] - 15, "where other words are to the right they stand to the left"
    pane.regions.keep_clear((QRectF(0, 0, SIDE, SIDE),))
    again, _ = box(colored(image_of(pane)))
    assert np.array_equal(again, right), "where other words are on both sides they stay beside their outline"


def test_the_mouse_passes_through(pane: ImagePane) -> None:
    assert pane.childAt(SIDE // 2, SIDE // 2) is None


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("ground", range(0, 256, 51))
def test_stands_out_from_any_grey(qtbot: QtBot, kind: Hemorrhage, ground: int) -> None:
    under = QWidget()
    qtbot.addWidget(under)
    under.resize(200, 200)
    overlay = RegionOverlay(under)
    overlay.resize(200, 200)
    overlay.set_thresholds(THRESHOLDS)
    overlay.place(ImageFrame(ROWS, COLUMNS), Placement((16, 20), 10))
    overlay.set_finding(found(one_cell((kind,)), EVERY_TYPE), HASH, POINT)
    under.setStyleSheet(f"QWidget {{ background: rgb({ground}, {ground}, {ground}); }}")
    under.show()
    settle()
    drawn = pixels(under.grab().toImage()).astype(int)
    assert drawn[2, 2].tolist() == [ground] * 3
    color = DARK.label_color(kind)
    wanted = QColor(color)
    near = np.abs(drawn - [wanted.red(), wanted.green(), wanted.blue()]).max(axis=2) < 40
    assert near.sum() > 30, "the line has the color of its type"
    rgb = drawn.astype(np.uint32)
    light = luminances((rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2])
    line = float(np.median(light[near]))
    # It is seen against its dark rim or, where that cannot be darker than the ground, against the ground.
    rim = float(light.min())
    assert (line + 0.05) / (rim + 0.05) >= VISIBLE
    assert contrast(color, "#000000") >= VISIBLE


def test_is_the_same_in_both_themes(
    pane: ImagePane, qapp: QApplication, golden: CompareGolden, held: OneSeries
) -> None:
    held.open(make_series(rows=96, columns=96))
    pane.show_series(held.series)
    pane.set_voi(Window(40, 80))
    y, x = np.mgrid[0:16, 0:16]
    p = np.zeros((16, 16, 5))
    p[..., TYPES.index(SDH)] = np.exp(-(((y - 8) / 4) ** 2) - ((x - 3) / 1.5) ** 2)
    p[..., TYPES.index(Hemorrhage.INTRAVENTRICULAR)] = np.exp(
        -(((y - 7.5) / 2) ** 2) - ((x - 7.5) / 1.5) ** 2
    )
    regions = RegionMap.of(p, (2.5, 2.5), (6.0, 6.0))
    held.put(0, found(regions, (0.9, 0.1, 0.1, 0.8, 0.1, 0.8)))
    pane.show_slice(0, replace(make_head(), pixel_hash=HASH))
    assert len(outlined(pane)) == 2
    pane._overlay.hide()
    golden(pane.grab().toImage(), "image-regions")
    dark = image_of(pane)
    apply_theme(qapp, LIGHT)
    assert np.array_equal(image_of(pane), dark)
