"""Noise, soft edges and signed distances against numbers worked by hand."""

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.learning.synthesis.phantom.fields import (
    Field,
    Points,
    ellipsoid,
    folded_field,
    meet,
    paint,
    plateau,
    ramp,
    rise,
    smooth_field,
    soft_min,
    tube,
    uniform,
    union,
    unit_spread,
    white_noise,
)

_BOX = ((-20.0, -20.0, -20.0), (20.0, 20.0, 20.0))


def _f32(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_white_noise_is_the_sum_of_four_raw_words() -> None:
    raw = int(np.random.PCG64(np.random.SeedSequence([7, crc32(b"name")])).random_raw())
    words = [(raw >> shift) & 0xFFFF for shift in (0, 16, 32, 48)]
    expected = (sum(words) - 131070) * np.sqrt(3.0) / 65536.0
    assert white_noise(7, "name", (3, 2)).ravel()[0] == pytest.approx(expected, rel=1e-6)


def test_white_noise_has_mean_0_and_sd_1_and_a_stream_a_name() -> None:
    noise = white_noise(1, "a", (200, 200))
    assert noise.dtype == np.float32
    assert abs(float(noise.mean())) < 0.02
    assert float(noise.std()) == pytest.approx(1.0, abs=0.02)
    assert (noise == white_noise(1, "a", (200, 200))).all()
    for other in (white_noise(1, "b", (200, 200)), white_noise(2, "a", (200, 200))):
        assert abs(float(np.corrcoef(noise.ravel(), other.ravel())[0, 1])) < 0.03


def test_uniform_stays_within_its_ends() -> None:
    values = [uniform(seed, "x", -2.0, 3.0) for seed in range(50)]
    assert min(values) >= -2 and max(values) < 3
    assert len(set(values)) == 50


def test_ramp_is_half_at_the_surface_and_linear_over_its_width() -> None:
    assert ramp(_f32(-1, -0.5, 0, 0.25, 0.5, 1), 1.0).tolist() == [0, 0, 0.5, 0.75, 1, 1]


def test_rise_and_plateau() -> None:
    # 3 t^2 - 2 t^3 at t = 1/4 is 3/16 - 2/64 = 0.15625.
    assert rise(_f32(-1, 0, 1, 2, 4, 9), 0, 4).tolist() == [0, 0, 0.15625, 0.5, 1, 1]
    assert rise(_f32(0, 4), 4, 0).tolist() == [1, 0]
    assert plateau(_f32(-3, 0, 5, 10, 13), 0, 10, 3).tolist() == [0, 1, 1, 1, 0]


def test_paint_mixes_in_place() -> None:
    hu = _f32(0, 100, 100)
    paint(hu, _f32(0.5, 0, 1), 40.0)
    assert hu.tolist() == [20, 100, 40]


def test_ellipsoid_is_exact_on_a_sphere() -> None:
    x = _f32(0, 3, 5, 8)
    zero = np.zeros_like(x)
    assert ellipsoid(x, zero, zero, (0, 0, 0), (5, 5, 5)).tolist() == pytest.approx([0, 2, 0, -3], abs=1e-3)


def test_tube_is_exact_beside_its_axis_and_stretches() -> None:
    x, y, z = _f32(0, 2, 5), _f32(5, 5, 5), _f32(0, 0, 0)
    path = ((0, 0, 0, 2.0), (0, 10, 0, 4.0))
    # At the middle of the axis the radius is 3.
    assert tube(x, y, z, path).tolist() == pytest.approx([3, 1, -2])
    wide = tube(_f32(6.0), _f32(5.0), _f32(0.0), path, (2.0, 1.0, 1.0))
    assert wide.tolist() == pytest.approx([0.0], abs=1e-6)
    with pytest.raises(ValueError, match="two points"):
        tube(x, y, z, ((0, 0, 0, 1.0),))


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.5, 10))
def test_soft_min_rounds_the_corner_downward_only(a: float, b: float, blend: float) -> None:
    value = float(soft_min(_f32(a), _f32(b), blend)[0])
    assert min(a, b) - blend / 4 - 1e-3 <= value <= min(a, b) + 1e-3
    if abs(a - b) >= blend:
        assert value == pytest.approx(min(a, b), abs=1e-4)


def test_union_and_meet() -> None:
    assert union(_f32(1, -2), _f32(0, 3), _f32(-1, -1)).tolist() == [1, 3]
    assert meet(_f32(1, -2), _f32(0, 3)).tolist() == [0, -2]


def test_unit_spread() -> None:
    assert unit_spread(_f32(1, 3)).tolist() == [-1, 1]


def test_a_field_is_linear_between_grid_points_and_goes_on_as_it_ends() -> None:
    values = np.arange(27, dtype=np.float32).reshape(3, 3, 3)
    field = Field(values, 2.0, (0.0, 0.0, 0.0))
    at = field.at(_f32(0, 1, 2, 99), _f32(0, 0, 2, 0), _f32(0, 0, 1, 0))
    # Steps along x, y, z are worth 9, 3, 1 a grid point, which is 2 mm.
    assert at.tolist() == [0, 4.5, 9 + 3 + 0.5, 18]


def test_smooth_field_has_unit_spread_and_its_scale() -> None:
    field = smooth_field(3, "s", 4.0, box=_BOX)
    assert float(field.values.std()) == pytest.approx(1, abs=1e-3)
    neighbours = np.corrcoef(field.values[1:].ravel(), field.values[:-1].ravel())[0, 1]
    # Noise smoothed with SD 2 steps correlates exp(-1 / (4 * 2^2)) = 0.94 a step away.
    assert neighbours == pytest.approx(0.94, abs=0.02)


def test_folded_field_measures_the_distance_to_its_folds() -> None:
    field = folded_field(3, "f", 4.0, 1.0, _BOX)
    line = np.arange(-18, 18, 0.25, dtype=np.float32)
    zero = np.zeros_like(line)
    along = field.at(line, zero, zero)
    crossings = int((np.diff(np.sign(along)) != 0).sum())
    assert 1 <= crossings <= 9
    # No distance grows faster than one walks toward the fold, but for the curvature of the folds.
    near = np.abs(along[:-1]) < 1.0
    assert float(np.abs(np.diff(along))[near].max()) < 0.25 * 1.6


def test_points_need_one_shape() -> None:
    with pytest.raises(ValueError, match="one shape"):
        Points(_f32(0, 1), _f32(0), _f32(0))
    some = Points(_f32(0, 1, 2), _f32(3, 4, 5), _f32(6, 7, 8)).at(np.array([2, 0]))
    assert (some.x.tolist(), some.y.tolist(), some.z.tolist()) == ([2, 0], [5, 3], [8, 6])
