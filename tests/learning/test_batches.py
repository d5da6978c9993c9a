"""What batches are made of."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import Channel, PreprocessSettings
from ichviewer.learning.batches import TrainingSet, batches, region_shares
from ichviewer.learning.config import POOLS, AugmentConfig, Phase, SamplingConfig, TrainConfig
from ichviewer.learning.data.slice_reader import Member, SliceReader, members_of
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import UNKNOWN, UNTYPED_BIT, Volume

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=4.0)
STILL = AugmentConfig(**dict.fromkeys(AugmentConfig().__dict__, 0.0))
CONFIG = TrainConfig(batch=20, phases=(Phase(32, 3), Phase(64, 2)), seed=3)
N = 10


def volume(name, source, hu, *, blood=(), masks=None, twin=""):
    """Ten slices of a square of one HU; `blood` lists (slice, type) with type 1 to 5."""
    labels = np.zeros((N, 6), np.uint8)
    for slice_, kind in blood:
        labels[slice_, [0, kind]] = 1
    pictures = np.full((N, 64, 64), -160, np.int16)
    pictures[:, 8:56, 8:56] = hu
    return Volume(
        name,
        name.split("-")[0],
        source,
        pictures,
        np.arange(N, dtype=np.float32) * 5,
        labels,
        np.arange(N) > 2,
        masks,
        twin,
    )


def real():
    return volume("a", "ct-ich", 20, blood=[(3, 2), (4, 2), (5, 5)])


def painted(hu=75):
    masks = np.zeros((N, 64, 64), np.uint8)
    masks[4:7, 20:40, 20:40] = 1  # bit 0: epidural
    return volume("b-bleed", "painted", hu, blood=[(4, 1), (5, 1), (6, 1)], masks=masks, twin="b-clean")


def clean():
    return volume("b-clean", "painted", 30)


def decoy():
    return volume("c-clean", "painted", 25)


def stored(folder, *volumes):
    store = Store.create(folder, SETTINGS, {})
    for one in volumes:
        store.add(one)
    return [Member(store, next(e for e in store.entries if e.name == one.name)) for one in volumes]


@pytest.fixture
def members(tmp_path):
    return stored(tmp_path / "store", real(), painted(), clean(), decoy())


@pytest.fixture
def data(members):
    return TrainingSet.of(members, SETTINGS)


def test_pools_are_told_apart(data):
    assert data.pools[0].tolist() == [3, 4, 5]
    assert data.pools[1].tolist() == [0, 1, 2, 6, 7, 8, 9]
    assert data.pools[2].tolist() == [14, 15, 16]
    assert data.pools[3].size == 7 + 10 + 10
    assert data.pools[4].size == data.pools[5].size == 0


@pytest.mark.parametrize(("source", "pool"), [("ct-ich", "real"), ("painted", "painted"), ("map", "map")])
def test_each_source_has_its_pools(tmp_path, source, pool):
    data = TrainingSet.of(stored(tmp_path, volume("a", source, 20, blood=[(3, 2)])), SETTINGS)
    filled = {name for name, slices in zip(POOLS, data.pools, strict=True) if len(slices)}
    assert filled == {f"{pool}_positive", f"{pool}_negative"}


def test_rare_kinds_and_slices_with_brain_weigh_more(data):
    # Two slices of one kind and one of another: weights 1/sqrt(2), 1/sqrt(2), 1.
    assert np.diff(data.weights[0], prepend=0) == pytest.approx(
        np.array([0.7071, 0.7071, 1.0]) / 2.4142, abs=1e-4
    )
    assert data.weights[1][-1] == 1
    # Slices 0 to 2 show no brain and weigh 0.4; 6 to 9 weigh 1.
    assert np.diff(data.weights[1], prepend=0) == pytest.approx(np.array([0.4] * 3 + [1] * 4) / 5.2)


def test_slices_of_unknown_label_are_never_drawn(tmp_path):
    doubtful = real()
    doubtful.labels[6] = [UNKNOWN, 0, 0, 0, UNKNOWN, 0]
    doubtful.labels[3, 5] = UNKNOWN
    data = TrainingSet.of(stored(tmp_path, doubtful), SETTINGS)
    assert 6 not in data.pools[0]
    assert 6 not in data.pools[1]
    assert data.labels[3].tolist() == [1, 0, 1, 0, 0, -1]


def test_shares_are_kept(data):
    drawn = np.concatenate([data.draw(CONFIG, np.random.default_rng(i)) for i in range(200)])
    assert drawn.size == 4000
    # Without heads from maps, 0.2 + 0.2 + 0.2 + 0.12 are all there is.
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


def test_volumes_that_are_nobody_s_twin_can_be_left_out(members):
    data = TrainingSet.of(members, SETTINGS, unpaired=False)
    assert [m.entry.name for m in data.members] == ["a", "b-bleed", "b-clean"]


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
    config = TrainConfig(batch=30, phases=(Phase(64, 1),), augment=STILL)
    x, y = data.batch(config, 0, 0)
    bright = x[:, 32, 32, 1] == 202  # 75 HU: 95 / 120 * 255
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


def test_what_is_mistaken_for_blood_has_a_map_where_someone_drew_it(tmp_path):
    masks = np.zeros((N, 64, 64), np.uint8)
    masks[:, 16:32, 16:32] = 32
    drawn = volume("d-clean", "painted", 30, masks=masks)
    config = TrainConfig(batch=30, phases=(Phase(64, 1),), augment=STILL, mimic_maps=True)
    _, y = TrainingSet.of(stored(tmp_path, real(), drawn), SETTINGS).batch(config, 0, 0)
    assert y["regions"].shape == (30, 8, 8, 6)
    marked = y["regions"][..., 5].max(axis=(1, 2))
    # Those of the real head are unknown, even where there is no blood, and so the five maps are known to be empty.
    assert set(marked.tolist()) == {1.0, -1.0}
    assert (y["regions"][marked == 1][..., :5] == 0).all()
    empty = (marked == -1) & (y["logits"][:, 0] == 0)
    assert empty.any()
    assert (y["regions"][empty][..., :5] == 0).all()
    plain = TrainingSet.of(stored(tmp_path, real(), drawn), SETTINGS)
    without = plain.batch(TrainConfig(batch=30, phases=(Phase(64, 1),), augment=STILL), 0, 0)[1]
    assert np.array_equal(without["regions"], y["regions"][..., :5])


WINDOWS = (
    Channel(0, 40, 80),
    Channel(0, 80, 200),
    Channel(0, 40, 380),
    Channel(-5, 40, 120),
    Channel(5, 40, 120),
)


@pytest.mark.parametrize("n", [1, 3, 4, 5])
def test_an_input_is_made_of_the_channels_of_the_recipe(tmp_path, n):
    settings = PreprocessSettings(64, 4.0, channels=WINDOWS[:n])
    ramp = volume("r", "folder", 0)
    ramp.hu[:, 8:56, 8:56] = np.arange(N)[:, None, None] * 10
    data = TrainingSet.of(stored(tmp_path, ramp), settings)
    config = TrainConfig(batch=40, phases=(Phase(64, 1),), augment=STILL, channels=settings.channels)
    x, _ = data.batch(config, 0, 0)
    assert x.shape == (40, 64, 64, n)
    expected = set()
    for k in range(N):
        below, above = (10 * min(max(k + step, 0), N - 1) for step in (-1, 1))
        for one, other in ((below, above), (above, below)):  # head first or feet first
            hu = [10 * k, 10 * k, 10 * k, one, other][:n]
            expected.add(
                tuple(int(c.grey(np.float32(v))) for c, v in zip(settings.channels, hu, strict=True))
            )
    found = {tuple(picture[32, 32].astype(int).tolist()) for picture in x}
    assert found <= expected
    assert len(found) > N // 2


def test_neighbors_lie_nearer_or_farther_in_the_order_told(tmp_path):
    five = tuple(Channel(mm) for mm in (-10.0, -5.0, 0.0, 5.0, 10.0))
    data = TrainingSet.of(stored(tmp_path, real()), PreprocessSettings(64, 4.0, channels=five))
    rng = np.random.default_rng(0)
    far = AugmentConfig(single_slice=0.0, far_neighbor=1.0)
    seen = {data.places(5, far, rng) for _ in range(400)}
    one_way = {(5 - 2 * a, 5 - a, 5, 5 + b, 5 + 2 * b) for a in (0, 1, 2) for b in (0, 1, 2)}
    other_way = {tuple(reversed(places)) for places in one_way}
    assert seen == {tuple(min(p, N - 1) for p in places) for places in one_way | other_way}
    plain = AugmentConfig(single_slice=0.0, far_neighbor=0.0)
    assert {data.places(0, plain, rng) for _ in range(40)} == {(0, 0, 0, 1, 2), (2, 1, 0, 0, 0)}
    alone = AugmentConfig(single_slice=1.0)
    assert {data.places(4, alone, rng) for _ in range(40)} == {(4,) * 5}


def test_a_damaged_store_is_told_by_the_batch_that_needs_it(members, data):
    member = members[0]
    path = member.store.path(member.entry.name)
    path.write_bytes(b"?" * path.stat().st_size)
    config = TrainConfig(batch=20, phases=CONFIG.phases, sampling=SamplingConfig(1, 1, 0, 0, 0, 0))
    with pytest.raises(LearningError, match="damaged"):
        next(batches(data, config, 0, 2, 0))


def test_how_much_is_kept_in_memory_changes_no_batch(members, data):
    small = TrainingSet.of(members, SETTINGS, reader=SliceReader(10_000))
    for (x, _), (x_other, _) in zip(
        batches(data, CONFIG, 0, 5, 7), batches(small, CONFIG, 0, 5, 7), strict=True
    ):
        assert np.array_equal(x, x_other)
    assert small.reader.cached_bytes <= 10_000 < data.reader.cached_bytes


def test_stores_must_have_one_grid(tmp_path):
    stored(tmp_path / "a", real())
    Store.create(tmp_path / "b", PreprocessSettings(64, 5.0), {})
    with pytest.raises(LearningError, match="different preprocessing"):
        members_of([tmp_path / "a", tmp_path / "b"])


def test_a_cell_counts_as_full_before_it_is():
    mask = np.zeros((32, 32), np.uint8)
    mask[0:8, 0:4] = 16  # subdural, half of the first cell
    mask[8:16, 8:16] = 1
    mask[24:, 24:] = 32
    labels = np.array([1, 1, 0, 0, 0, 1])
    shares = region_shares(mask, 32, labels)
    assert shares.shape == (4, 4, 5)
    assert shares[0, 0].tolist() == pytest.approx([0, 0, 0, 0, 0.5 / 0.6])
    assert shares[1, 1].tolist() == [1, 0, 0, 0, 0]
    assert shares.sum() == pytest.approx(1 + 0.5 / 0.6)
    assert region_shares(mask, 32, labels, 6)[3, 3].tolist() == [0, 0, 0, 0, 0, 1]


def test_blood_of_untold_type_teaches_only_what_the_labels_exclude():
    mask = np.zeros((16, 16), np.uint8)
    mask[:8, :8] = 1 << UNTYPED_BIT
    shares = region_shares(mask, 16, np.array([1, 1, 0, 0, -1, 1]), 6)
    assert shares[0, 0].tolist() == [-1, 0, 0, -1, -1, 0]
    assert not shares[1:].any()
