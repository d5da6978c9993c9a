"""Measuring how fast data are prepared."""

from __future__ import annotations

import numpy as np
import pydicom
import pytest

from ichviewer.domain.labels import TYPES
from ichviewer.inference.head import find_head
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data import benchmark
from ichviewer.learning.data.drawn import DrawnHead, write_rsna_file
from ichviewer.learning.data.plain_loop import prepare_plainly
from ichviewer.learning.data.prepare import open_source, prepare
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.workers import HereRunner

SETTINGS = PreprocessSettings(size_px=128, mm_per_px=1.6)


@pytest.fixture(autouse=True)
def small_files(monkeypatch):
    monkeypatch.setattr(benchmark, "SIZE_PX", 128)
    monkeypatch.setattr(benchmark, "MM_PER_PX", 1.9)


def test_both_speeds_and_their_ratio_are_told():
    told = []
    result = benchmark.run_benchmark(12, SETTINGS, workers=0, progress=lambda *a: told.append(a))
    assert result.files == 12
    assert result.ratio == pytest.approx(result.plain_seconds / result.prepare_seconds)
    assert result.cpu_ratio == pytest.approx(result.plain_cpu_seconds / result.prepare_cpu_seconds)
    assert result.prepare_cpu_seconds > 0
    text = result.text()
    assert "plain loop" in text
    assert "slices/s" in text
    assert f"{result.ratio:.1f} times faster by the clock" in text
    assert told[-1][:2] == (1, 1)


def test_the_plain_loop_makes_nearly_the_same_pictures(tmp_path):
    benchmark.write_files(tmp_path, 8)
    files = sorted((tmp_path / "stage_2_train").glob("*.dcm"))
    (tmp_path / "plain").mkdir()
    assert prepare_plainly(files, tmp_path / "plain", SETTINGS) == 8
    prepare(open_source(tmp_path), tmp_path / "store", SETTINGS, runner=HereRunner())
    store = Store.open(tmp_path / "store")
    (entry,) = store.entries
    volume = store.load(entry.name)
    for name, expected in zip(volume.slice_ids, volume.inputs(SETTINGS), strict=True):
        found = np.load(tmp_path / "plain" / f"{name}.npy")
        assert found.shape == expected.shape
        assert found.dtype == expected.dtype
        # Apart from the edge of the skull, where the two interpolate differently.
        assert np.median(np.abs(found.astype(int) - expected)) <= 4


def test_files_are_those_of_the_challenge_in_kind(tmp_path):
    hu = DrawnHead().hu(0.5, np.random.default_rng(0), size_px=64, mm_per_px=3.6)
    for wrapped in (False, True):
        path = tmp_path / "ID_0.dcm"
        size = write_rsna_file(
            path, hu, patient="ID_p", series="ID_s", position_mm=5, mm_per_px=3.6, wrapped=wrapped
        )
        assert size == path.stat().st_size
        ds = pydicom.dcmread(path)
        assert "SOPClassUID" not in ds
        assert "ImageType" not in ds
        assert (ds.BitsStored, ds.PixelRepresentation) == ((12, 0) if wrapped else (16, 1))
        stored = ds.pixel_array.astype(int) + int(ds.RescaleIntercept)
        assert np.array_equal(stored, hu % 4096 if wrapped else hu)


@pytest.mark.parametrize("kind", TYPES)
def test_drawn_blood_is_bright_and_in_the_middle_third_only(kind):
    head, clean = DrawnHead((kind,)), DrawnHead()
    for height, shown in ((0.1, False), (0.5, True), (0.9, False)):
        hu, other = (
            h.hu(height, np.random.default_rng(3), size_px=128, mm_per_px=1.9, noise_hu=0)
            for h in (head, clean)
        )
        assert head.labels(height)[0] == head.labels(height)[1 + TYPES.index(kind)] == int(shown)
        assert np.any(hu != other) == shown
        assert find_head(hu.astype(np.float32), (1.9, 1.9)) is not None
        if shown:
            changed = hu[hu != other]
            assert changed.size > 40
            assert changed.mean() > 60


def test_a_head_is_of_a_size_there_is():
    with pytest.raises(ValueError, match="Received"):
        DrawnHead(side=0)
