"""What is written down about a network's answers."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.predict import predict_volumes

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=2.0)


class FakeNetwork:
    """Says the mean grey of the middle channel, and points at one place for every type."""

    def __init__(self, place):
        self.place = place

    def predict_on_batch(self, x):
        regions = np.full((len(x), 8, 8, 5), -3.0, np.float32)
        regions[:, *self.place, :] = 2.0
        logits = np.repeat(x[..., 1].mean(axis=(1, 2))[:, None], 6, axis=1)
        return {"logits": logits, "regions": regions}


def bleed(*, drawn=True):
    grey = np.stack([np.full((64, 64), 10 * i, np.uint8) for i in range(4)])
    masks = np.zeros((4, 64, 64), np.uint8)
    masks[2, 16:24, 16:24] = 2  # the cell (2, 2) of intraparenchymal blood
    labels = np.zeros((4, 6), np.uint8)
    labels[2, [0, 2]] = 1
    return Volume(
        "head-bleed",
        "head",
        "painted",
        grey,
        np.arange(4, dtype=np.float32) * 5,
        labels,
        np.ones(4, bool),
        masks if drawn else None,
        "head-clean",
        ("calcification", "low-dose"),
    )


def predicted(tmp_path, place=(2, 2), **kwargs):
    path = tmp_path / "predictions.npz"
    predict_volumes(FakeNetwork(place), [bleed(**kwargs), bleed(**kwargs)], SETTINGS, 64, path)
    with np.load(path) as data:
        return {name: data[name] for name in data.files}


def test_every_slice_of_every_volume_is_there(tmp_path):
    data = predicted(tmp_path)
    assert data["logits"].shape == (8, 6)
    assert data["logits"][:4, 0].tolist() == [0, 10, 20, 30]
    assert data["index"].tolist() == [0, 1, 2, 3] * 2
    assert data["position_mm"].tolist() == [0, 5, 10, 15] * 2
    assert set(data["traits"]) == {"calcification,low-dose"}
    assert set(data["twin"]) == {"head-clean"}


def test_blood_is_measured_from_the_mask(tmp_path):
    data = predicted(tmp_path)
    # 64 pixels of 2 x 2 mm, 5 mm thick: 1.28 mL; grey 20 is -20 + 20 * 120 / 255 HU.
    assert data["blood_ml"][2].tolist() == pytest.approx([0, 1.28, 0, 0, 0])
    assert data["blood_hu"][2, 1] == pytest.approx(-20 + 20 * 120 / 255)
    assert np.isnan(data["blood_hu"][2, 0])


@pytest.mark.parametrize(
    ("place", "hit", "dice"),
    [
        ((2, 2), 1, 1.0),
        ((2, 3), 0, 0.0),  # the middle of the next cell is 5 pixels, 10 mm away
        ((6, 6), 0, 0.0),
    ],
)
def test_the_peak_of_the_map_hits_or_misses(tmp_path, place, hit, dice):
    data = predicted(tmp_path, place)
    assert data["pointing"][2].tolist() == [-1, hit, -1, -1, -1]
    assert data["dice"][2, 1] == dice
    assert (data["pointing"][[0, 1, 3]] == -1).all()


def test_without_masks_nothing_is_measured(tmp_path):
    data = predicted(tmp_path, drawn=False)
    assert np.isnan(data["blood_ml"]).all()
    assert (data["pointing"] == -1).all()
