"""What a scanner adds to a clean slice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ichviewer.learning.synthesis.scan_noise import draw_protocol, hardening, noise, scanned

SIZE, PX_MM = 200, 1.0


def ring(thick_mm: float) -> np.ndarray:
    """Give a skull of this thickness as the share of bone in each pixel."""
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    radius = np.hypot(y, x)
    return ((radius > 70) & (radius < 70 + thick_mm)).astype(np.float32)


@pytest.mark.parametrize("grain_mm", [0.35, 0.8])
def test_noise_is_of_unit_spread_and_neighbors_are_alike(grain_mm: float) -> None:
    rng = np.random.default_rng(3)
    field = noise(rng, np.zeros((SIZE, SIZE), np.float32), grain_mm=grain_mm, streaks=1.0, px_mm=PX_MM)
    assert abs(float(field.mean())) < 0.01 and field.std() == pytest.approx(1, abs=0.01)
    alike = float((field[:, 1:] * field[:, :-1]).mean())
    assert (alike > 0.15) == (grain_mm > 0.5)


def test_rows_with_much_bone_are_noisier() -> None:
    bone = np.zeros((SIZE, SIZE), np.float32)
    bone[80:120, 40:160] = 1
    field = noise(np.random.default_rng(3), bone, grain_mm=0.5, streaks=1.6, px_mm=PX_MM)
    assert field[95:105].std() > 1.5 * field[:40].std()


def test_hardening_brightens_beside_bone_and_darkens_between_thick_bones() -> None:
    soft = np.full((SIZE, SIZE), 35, np.float32)
    change = hardening(soft, ring(6), PX_MM)
    middle = SIZE // 2
    assert change[middle, middle + 67] > change[middle, middle] + 1
    petrous = np.zeros((SIZE, SIZE), np.float32)
    petrous[95:105, 30:80] = petrous[95:105, 120:170] = 1
    assert hardening(soft, petrous, PX_MM)[100, 100] < -10
    assert not hardening(soft - 900, petrous, PX_MM).any()


def test_a_slice_is_seen_through_its_protocol() -> None:
    protocol = draw_protocol(np.random.default_rng(1), 5.0)
    quiet = replace(protocol, noise_hu=0.0, hardening=0.0, holder_mm=0.0, gain=1.1, offset_hu=-2.0)
    hu = np.full((SIZE, SIZE), 30, np.float32)
    bone = np.zeros_like(hu)
    seen = scanned(np.random.default_rng(1), hu, bone, quiet, PX_MM)
    assert np.allclose(seen, 31, atol=1e-3)
    held = scanned(
        np.random.default_rng(1), hu - 1000, bone, replace(quiet, holder_mm=80.0, holder_hu=1000.0), PX_MM
    )
    assert held.max() > -100 and (held[: SIZE // 2] < -1000).all()
    with pytest.raises(ValueError, match="noise not negative"):
        replace(protocol, noise_hu=-1.0)
