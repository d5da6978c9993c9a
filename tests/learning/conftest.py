"""A made-up data set in the shape of CT-ICH and a network, both small enough to train on in seconds."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from small_network import small_lite0

SIZE = 160


def made_up_hu(rng, *, blood=False, scale=1.0):
    """A slice in HU, SIZE x SIZE: air, scalp, bone, noisy brain, ventricles, and blood at the side if wanted."""
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2

    def within(height, width, dy=0.0, dx=0.0):
        return ((y - dy) / (height * scale)) ** 2 + ((x - dx) / (width * scale)) ** 2 <= 1

    hu = np.full((SIZE, SIZE), -1000.0)
    hu[within(64, 53)] = 15
    hu[within(61, 50)] = 1100
    brain = within(56, 45)
    hu[brain] = 32 + rng.normal(0, 5, int(brain.sum()))
    for side in (-1, 1):
        hu[within(14, 5, dx=side * 9)] = 6 + rng.normal(0, 4, int(within(14, 5, dx=side * 9).sum()))
    if blood:
        spot = within(12, 10, dy=-10, dx=25)
        hu[spot] = 68 + rng.normal(0, 4, int(spot.sum()))
    return hu


@pytest.fixture(scope="session")
def made_up_ct_ich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six patients of ten slices, every other one with blood in slices 4 to 6; one bone picture lacks."""
    from PIL import Image

    root = tmp_path_factory.mktemp("ct-ich")
    (root / "brain").mkdir()
    (root / "bone").mkdir()
    rng = np.random.default_rng(0)
    names = ["any", "epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural"]
    with (root / "slices.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["patient", "slice", "brain", "bone", *names, "fracture"])
        for patient in range(1, 7):
            for number in range(1, 11):
                blood = patient % 2 == 1 and 4 <= number <= 6
                hu = made_up_hu(rng, blood=blood, scale=0.85 + 0.02 * min(number, 8))
                brain, bone = f"brain/{patient:03d}_{number:02d}.jpg", f"bone/{patient:03d}_{number:02d}.webp"
                grey = np.clip((hu + 20) / 120 * 255, 0, 255).astype(np.uint8)
                Image.fromarray(grey).save(root / brain, quality=95)
                wide = np.clip((hu + 800) / 2800 * 255, 0, 255).astype(np.uint8)
                Image.fromarray(wide).convert("RGB").save(root / bone, quality=95)
                lacks = (patient, number) == (2, 10)
                flags = [int(blood), 0, int(blood), 0, 0, 0]
                table.writerow([patient, number, brain, "" if lacks else bone, *flags, 0])
    return root


@pytest.fixture(scope="module")
def small_network():
    """Lite0 is small."""
    with small_lite0():
        yield
