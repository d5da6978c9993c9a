"""What is written down about a network's answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ichviewer.inference.preprocess import Channel, PreprocessSettings
from ichviewer.learning.data.volumes import UNTYPED_BIT, Volume
from ichviewer.learning.measure import BIN_LOGITS, BINS
from ichviewer.learning.predict import predict_volumes

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=2.0)


def bin_at(logit):
    return int(np.flatnonzero(logit < BIN_LOGITS)[0])


class FakeNetwork:
    """Says the mean grey of the last channel, and points at one place for every type."""

    def __init__(self, place):
        self.place = place

    def predict_on_batch(self, x):
        regions = np.full((len(x), 8, 8, 5), -3.0, np.float32)
        regions[:, *self.place, :] = 2.0
        logits = np.repeat(x[..., -1].mean(axis=(1, 2))[:, None], 6, axis=1)
        return {"logits": logits, "regions": regions}


def bleed(*, drawn=True, untyped=False):
    hu = np.stack([np.full((64, 64), 20 * i, np.int16) for i in range(4)])
    masks = np.zeros((4, 64, 64), np.uint8)
    masks[2, 16:24, 16:24] = 2  # the cell (2, 2) of intraparenchymal blood
    if untyped:
        masks[2, 16:24, 16:24] = 1 << UNTYPED_BIT
    labels = np.zeros((4, 6), np.uint8)
    labels[2, [0, 2]] = 1
    return Volume(
        "head-bleed",
        "head",
        "painted",
        hu,
        np.arange(4, dtype=np.float32) * 5,
        labels,
        np.ones(4, bool),
        masks if drawn else None,
        "head-clean",
        ("calcification", "low-dose"),
    )


def predicted(tmp_path, place=(2, 2), settings=SETTINGS, **kwargs):
    path = tmp_path / "predictions.npz"
    volumes = (bleed(**kwargs) for _ in range(2))  # read one by one
    predict_volumes(FakeNetwork(place), volumes, settings, 64, path)
    with np.load(path) as data:
        return {name: data[name] for name in data.files}


def test_every_slice_of_every_volume_is_there(tmp_path):
    data = predicted(tmp_path)
    assert data["logits"].shape == (8, 6)
    # The slice above through 40/120: 20, 40 and 60 HU, and the last stands for itself.
    assert data["logits"][:4, 0].tolist() == [85, 128, 170, 170]
    assert data["index"].tolist() == [0, 1, 2, 3] * 2
    assert data["position_mm"].tolist() == [0, 5, 10, 15] * 2
    assert set(data["traits"]) == {"calcification,low-dose"}
    assert set(data["twin"]) == {"head-clean"}


@pytest.mark.parametrize("n", [1, 3, 4, 5])
def test_the_network_gets_the_channels_it_is_told(tmp_path, n):
    windows = (Channel(-5), Channel(0), Channel(5), Channel(0, 40, 200), Channel(0, 40, 400))
    settings = replace(SETTINGS, channels=windows[5 - n :])
    data = predicted(tmp_path, settings=settings)
    # 0, 20, 40 and 60 HU through 40/400, from -160 HU on: 102, 114.75, 127.5 and 140.25, rounded half up.
    assert data["logits"][:4, 0].tolist() == [102, 115, 128, 140]


def test_blood_is_measured_from_the_mask(tmp_path):
    data = predicted(tmp_path)
    # 64 pixels of 2 x 2 mm, 5 mm thick: 1.28 mL, at 40 HU.
    assert data["blood_ml"][2].tolist() == pytest.approx([1.28, 0, 1.28, 0, 0, 0])
    assert data["blood_hu"][2, [0, 2]].tolist() == [40, 40]
    assert np.isnan(data["blood_hu"][2, 1])
    # Without bone the picture is the head; 5 mm below the highest slice.
    assert data["place"][2].tolist() == ["", "vertex", "", "", ""]
    assert np.isnan(data["age_years"]).all()


@pytest.mark.parametrize(
    ("place", "hit"),
    [
        ((2, 2), 1),
        ((2, 3), 0),  # the middle of the next cell is 5 pixels, 10 mm away
        ((6, 6), 0),
    ],
)
def test_the_peak_of_the_map_hits_or_misses(tmp_path, place, hit):
    data = predicted(tmp_path, place)
    assert data["pointing"][2].tolist() == [hit, -1, hit, -1, -1, -1]
    assert (data["pointing"][[0, 1, 3]] == -1).all()


def test_cells_of_the_maps_are_counted_by_their_logit(tmp_path):
    cells = predicted(tmp_path, (2, 2))["region_cells"]
    assert cells.shape == (8, 6, 4, BINS)
    high, low = bin_at(2.0), bin_at(-3.0)
    # The peak is the one cell of blood of type 1 in slice 2; the other 63 cells hold none.
    assert cells[2, 2, :, high].tolist() == [1, 1, 1, 1]
    assert cells[2, 2, :, low].tolist() == [63, 63, 0, 0]
    assert cells[2, 1, :, high].tolist() == [1, 1, 0, 0]
    assert cells.sum(dtype=float) == 8 * 6 * 128 + 2 * 2 * 2
    # A cell of 8 x 8 pixels of 2 mm, 5 mm thick.
    assert predicted(tmp_path)["region_cell_ml"] == pytest.approx(1.28)


def test_blood_of_untold_type_counts_as_any_and_is_held_against_no_type(tmp_path):
    data = predicted(tmp_path, (2, 2), untyped=True)
    assert data["blood_ml"][2, 0] == pytest.approx(1.28)
    assert np.isnan(data["blood_ml"][2, 2])
    assert data["blood_ml"][2, 1] == 0  # the label says there is none
    assert data["pointing"][2].tolist() == [1, -1, -1, -1, -1, -1]
    cells, high = data["region_cells"][2], bin_at(2.0)
    assert cells[0, :, high].tolist() == [1, 1, 1, 1]
    assert cells[2, :, high].tolist() == [1, 0, 0, 0]
    assert cells[1, :, high].tolist() == [1, 1, 0, 0]


def test_without_masks_only_slices_without_blood_are_known(tmp_path):
    data = predicted(tmp_path, drawn=False)
    assert np.isnan(data["blood_ml"][2]).all()
    assert (data["blood_ml"][[0, 1, 3]] == 0).all()
    assert (data["pointing"] == -1).all()
    assert data["region_drawn"].tolist() == [True, True, False, True] * 2
    assert len(data["region_cells"]) == 6
    assert (data["region_cells"].sum(axis=(0, 1, 3)) == [6 * 6 * 64, 6 * 6 * 64, 0, 0]).all()
