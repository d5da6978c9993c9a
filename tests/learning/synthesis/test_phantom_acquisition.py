"""The scanner: geometry, storage, noise, and a result that does not depend on how it is computed."""

import numpy as np
import pytest

from ichviewer.domain.labels import TYPES
from ichviewer.learning.synthesis.phantom.acquisition import INTERCEPT_HU, PADDING_STORED, Scan, scan, to_head
from ichviewer.learning.synthesis.phantom.head import Head
from ichviewer.learning.synthesis.phantom.localizer import project
from ichviewer.learning.synthesis.phantom.parameters import Acquisition, Pose

_COARSE = Acquisition(seed=5, rows=120, pixel_mm=2.0, first_mm=20.0, thickness_mm=20.0, slices=4, planes=2)


@pytest.fixture(scope="module")
def coarse(demo_head: Head) -> Scan:
    return scan(demo_head, _COARSE)


def test_outside_the_circle_is_padding_and_only_there(coarse: Scan) -> None:
    assert coarse.stored.dtype == np.uint16
    padding = coarse.stored == PADDING_STORED
    assert padding[:, 0, 0].all() and not padding[:, 60, 60].any()
    # The corners outside a circle in a square are 1 - pi/4 = 21.5 % of it.
    assert padding.mean() == pytest.approx(0.215, abs=0.01)


def test_air_is_air_and_stored_values_fit_12_bits(coarse: Scan) -> None:
    assert int(coarse.stored.max()) <= 4095
    hu = coarse.stored.astype(int) + INTERCEPT_HU
    air = hu[:, 45:58, 6:11]
    assert float(air.mean()) == pytest.approx(-1000, abs=3)
    assert 0.5 < float(air.std()) < 6


def test_slices_are_where_they_are_said_to_be(coarse: Scan) -> None:
    assert coarse.positions_mm() == [20.0, 40.0, 60.0, 80.0]


def test_threads_do_not_change_the_result(demo_head: Head, coarse: Scan) -> None:
    seen: list[tuple[int, int]] = []
    again = scan(demo_head, _COARSE, lambda done, total: seen.append((done, total)), workers=3)
    assert (again.stored == coarse.stored).all()
    assert all((again.blood[kind] == coarse.blood[kind]).all() for kind in TYPES)
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_noise_has_the_size_asked_for(demo_head: Head) -> None:
    fine = {"rows": 240, "pixel_mm": 1.0, "slices": 1, "first_mm": 78.0, "planes": 1}
    scans = [
        scan(demo_head, Acquisition(seed=seed, noise_hu=4.0, **fine)).stored.astype(float) for seed in (1, 2)
    ]
    # The difference of two scans of one head is noise alone, of twice the variance.
    inner = np.s_[0, 100:140, 100:140]
    spread = float((scans[0][inner] - scans[1][inner]).std() / np.sqrt(2))
    assert 3.4 < spread < 4.8


def test_turning_the_head_keeps_lengths_and_moves_the_origin() -> None:
    pose = Pose(yaw_deg=10, roll_deg=-5, pitch_deg=7, offset_mm=(3.0, -2.0, 1.0))
    one = (
        np.array([3.0, 13.0], np.float32),
        np.array([-2.0, -2.0], np.float32),
        np.array([1.0, 1.0], np.float32),
    )
    points = to_head(pose, *one)
    assert [float(c[0]) for c in (points.x, points.y, points.z)] == [0, 0, 0]
    assert np.hypot(np.hypot(points.x[1], points.y[1]), points.z[1]) == pytest.approx(10, abs=1e-4)


def test_a_scan_of_another_shape_cannot_be_built(coarse: Scan) -> None:
    with pytest.raises(ValueError, match=r"\(4, 120, 120\)"):
        Scan(coarse.stored[:2], coarse.blood, _COARSE)


def test_the_localizer_shows_a_head_over_air(demo_head: Head) -> None:
    picture = project(demo_head, _COARSE, pixel_mm=4.0, step_mm=8.0)
    values = picture.stored.astype(int) + INTERCEPT_HU
    assert picture.stored.ndim == 2 and picture.pixel_mm == 4.0
    assert float(values[:2].mean()) < -850
    middle = values[values.shape[0] // 2, values.shape[1] // 2]
    assert middle > -200
