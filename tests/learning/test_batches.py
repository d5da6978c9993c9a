"""What batches are made of."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.batches import TrainingSet, batches, region_shares
from ichviewer.learning.config import AugmentConfig, Phase, SamplingConfig, TrainConfig
from ichviewer.learning.data.volumes import UNKNOWN, Volume

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=4.0)
CONFIG = TrainConfig(batch=20, phases=(Phase(32, 3), Phase(64, 2)), seed=3)
N = 10


def volume(name, source, grey, *, blood=(), masks=None, twin=""):
    """Ten slices of one grey; `blood` lists (slice, type) with type 1 to 5."""
    labels = np.zeros((N, 6), np.uint8)
    for slice_, kind in blood:
        labels[slice_, [0, kind]] = 1
    return Volume(
        name,
        name.split("-")[0],
        source,
        np.full((N, 64, 64), grey, np.uint8),
        np.arange(N, dtype=np.float32) * 5,
        labels,
        np.arange(N) > 2,
        masks,
        twin,
    )


def real():
    return volume("a", "ct-ich", 40, blood=[(3, 2), (4, 2), (5, 5)])


def painted(grey=200):
    masks = np.zeros((N, 64, 64), np.uint8)
    masks[4:7, 20:40, 20:40] = 1  # bit 0: epidural
    return volume("b-bleed", "painted", grey, blood=[(4, 1), (5, 1), (6, 1)], masks=masks, twin="b-clean")


def clean():
    return volume("b-clean", "painted", 100)


def decoy():
    return volume("c-clean", "painted", 90)


@pytest.fixture
def data():
    return TrainingSet.of([real(), painted(), clean(), decoy()], SETTINGS)


def test_pools_are_told_apart(data):
    assert data.pools[0].tolist() == [3, 4, 5]
    assert data.pools[1].tolist() == [0, 1, 2, 6, 7, 8, 9]
    assert data.pools[2].tolist() == [14, 15, 16]
    assert data.pools[3].size == 7 + 10 + 10
    assert data.pools[4].size == data.pools[5].size == 0


def test_rare_kinds_and_slices_with_brain_weigh_more(data):
    # Two slices of one kind and one of another: weights 1/sqrt(2), 1/sqrt(2), 1.
    assert data.weights[0] == pytest.approx(np.array([0.7071, 0.7071, 1.0]) / 2.4142, abs=1e-4)
    assert data.weights[1].sum() == pytest.approx(1)
    # Slices 0 to 2 show no brain and weigh 0.4; 6 to 9 weigh 1.
    assert data.weights[1] == pytest.approx(np.array([0.4] * 3 + [1] * 4) / 5.2)


def test_slices_of_unknown_label_are_never_drawn():
    doubtful = real()
    doubtful.labels[6] = [UNKNOWN, 0, 0, 0, UNKNOWN, 0]
    doubtful.labels[3, 5] = UNKNOWN
    data = TrainingSet.of([doubtful], SETTINGS)
    assert 6 not in data.pools[0]
    assert 6 not in data.pools[1]
    assert data.labels[3].tolist() == [1, 0, 1, 0, 0, -1]


def test_shares_are_kept(data):
    drawn = np.concatenate([data.draw(CONFIG, np.random.default_rng(i)) for i in range(200)])
    assert drawn.size == 4000
    # Without procedural heads, 0.2 + 0.2 + 0.2 + 0.12 are all there is.
    assert np.isin(drawn, data.pools[0]).mean() == pytest.approx(0.2 / 0.72, abs=0.03)
    assert np.isin(drawn, data.pools[3]).mean() == pytest.approx(0.12 / 0.72, abs=0.03)


def test_a_slice_with_made_blood_brings_itself_without(data):
    config = TrainConfig(batch=40, sampling=SamplingConfig(*(0.0, 0.0, 0.5, 0.5, 0.0, 0.0), pairs=1.0))
    drawn = data.draw(config, np.random.default_rng(0))
    bleeds = drawn[np.isin(drawn, data.pools[2])]
    twins = {int(data.twin[i]) for i in bleeds}
    assert twins <= {24, 25, 26}
    rest = drawn[~np.isin(drawn, data.pools[2])]
    assert np.isin(rest, list(twins)).sum() >= min(len(rest), len(bleeds))


def test_volumes_that_are_nobody_s_twin_can_be_left_out():
    data = TrainingSet.of([real(), painted(), clean(), decoy()], SETTINGS, unpaired=False)
    assert [v.name for v in data.volumes] == ["a", "b-bleed", "b-clean"]


def test_batches_are_those_of_their_step_wherever_a_run_starts(data):
    whole = list(batches(data, CONFIG, 0, 5, 7))
    assert [x.shape for x, _ in whole] == [(20, 32, 32, 3)] * 3 + [(20, 64, 64, 3)] * 2
    resumed = list(batches(data, CONFIG, 3, 5, 7))
    assert len(resumed) == 2
    for (x, y), (x_whole, y_whole) in zip(resumed, whole[3:], strict=True):
        assert np.array_equal(x, x_whole)
        assert np.array_equal(y["logits"], y_whole["logits"])
        assert np.array_equal(y["regions"], y_whole["regions"])


def test_several_threads_make_the_same_batches_in_order(data):
    several = TrainConfig(batch=20, phases=CONFIG.phases, seed=3, workers=3)
    for (x, _), (x_other, _) in zip(
        batches(data, CONFIG, 0, 5, 7), batches(data, several, 0, 5, 7), strict=True
    ):
        assert np.array_equal(x, x_other)


def test_runs_and_rounds_draw_differently(data):
    plain = data.batch(CONFIG, 0, 0)[0]
    assert not np.array_equal(plain, data.batch(CONFIG, 0, 1)[0])
    later = TrainConfig(batch=20, phases=CONFIG.phases, seed=3, round=1)
    assert not np.array_equal(plain, data.batch(later, 0, 0)[0])


def test_an_error_in_a_thread_reaches_the_one_who_waits(data, monkeypatch):
    def fail(*_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(TrainingSet, "batch", fail)
    with pytest.raises(OSError, match="the disk is gone"):
        next(batches(data, CONFIG, 0, 2, 0))


def test_labels_and_masks_travel_with_their_pictures(data):
    still = AugmentConfig(*(0.0,) * 8, single_slice=0.0, far_neighbor=0.0)
    config = TrainConfig(batch=30, phases=(Phase(64, 1),), augment=still)
    x, y = data.batch(config, 0, 0)
    bright = x[:, 32, 32, 1] == 200
    assert np.array_equal(bright & (y["logits"][:, 0] == 1), y["logits"][:, 1] == 1)
    for label, region in zip(y["logits"], y["regions"], strict=True):
        if label[1] == 1:
            # 20 x 20 of 64 x 64 pixels; cells on its edge count as full from 0.6 on.
            assert region[..., 0].max() == 1
            assert region[..., 1:].max() == 0
        elif label[0] == 1:
            assert (region == -1).all()  # a real bleed nobody drew
        else:
            assert (region == 0).all()


def test_a_cell_counts_as_full_before_it_is():
    mask = np.zeros((32, 32), np.uint8)
    mask[0:8, 0:4] = 16  # subdural, half of the first cell
    mask[8:16, 8:16] = 1
    shares = region_shares(mask, 32, np.array([1, 1, 0, 0, 0, 1], np.float32))
    assert shares.shape == (4, 4, 5)
    assert shares[0, 0].tolist() == pytest.approx([0, 0, 0, 0, 0.5 / 0.6])
    assert shares[1, 1].tolist() == [1, 0, 0, 0, 0]
    assert shares.sum() == pytest.approx(1 + 0.5 / 0.6)


def test_blood_of_which_nobody_told_the_type_teaches_what_it_is_not():
    mask = np.zeros((32, 32), np.uint8)
    mask[0:8, 0:8] = 64
    mask[8:16, 8:16] = 2
    labels = np.array([1, 1, 0, -1, 0, 1], np.float32)
    shares = region_shares(mask, 32, labels)
    assert shares[0, 0].tolist() == [-1, 0, -1, 0, -1]
    assert shares[1, 1].tolist() == [0, 1, 0, 0, 0]
    assert not shares[2:].any()
    assert (region_shares(None, 32, labels) == -1).all()
