from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import pattern, write_series

from ichviewer.dicom import decode
from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import DecodedSlice, read_slice
from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.series import SliceInfo
from ichviewer.errors import ReadError

SLICE_BYTES = 16 * 16 * 2


@pytest.fixture
def slices(tmp_path: Path) -> tuple[SliceInfo, ...]:
    write_series(tmp_path, n=5)
    return read_catalog([tmp_path]).series[0].slices


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of files in the order they are really decoded."""
    names: list[str] = []

    def read(info: SliceInfo) -> DecodedSlice:
        names.append(info.source.path.name)
        return read_slice(info)

    monkeypatch.setattr(decode, "read_slice", read)
    return names


def test_a_slice_is_decoded_once(slices: tuple[SliceInfo, ...], decoded: list[str]) -> None:
    cache = PixelCache()
    assert cache.peek(slices[0]) is None
    first = cache.get(slices[0])
    assert np.array_equal(first.image.hu(), pattern(seed=1))
    assert cache.get(slices[0]) is first
    assert cache.peek(slices[0]) is first
    assert decoded == ["IM0000"]
    assert (len(cache), cache.nbytes) == (1, SLICE_BYTES)


def test_the_least_recently_used_goes_first(slices: tuple[SliceInfo, ...], decoded: list[str]) -> None:
    cache = PixelCache(3 * SLICE_BYTES)
    for i in (0, 1, 2, 0, 3):
        cache.get(slices[i])
    assert [cache.peek(s) is not None for s in slices] == [True, False, True, True, False]
    assert cache.nbytes == 3 * SLICE_BYTES
    assert decoded == ["IM0000", "IM0001", "IM0002", "IM0003"]


def test_a_slice_larger_than_the_cache_is_handed_out_and_not_kept(slices: tuple[SliceInfo, ...]) -> None:
    cache = PixelCache(SLICE_BYTES - 1)
    assert cache.get(slices[0]).image.shape == (16, 16)
    assert (len(cache), cache.nbytes) == (0, 0)


def test_clear_drops_everything(slices: tuple[SliceInfo, ...], decoded: list[str]) -> None:
    cache = PixelCache()
    cache.get(slices[0])
    cache.clear()
    assert (len(cache), cache.nbytes) == (0, 0)
    cache.get(slices[0])
    assert len(decoded) == 2


def test_a_failure_is_raised_and_tried_again(slices: tuple[SliceInfo, ...]) -> None:
    cache = PixelCache()
    path = slices[0].source.path
    data = path.read_bytes()
    path.unlink()
    with pytest.raises(ReadError):
        cache.get(slices[0])
    path.write_bytes(data)
    assert cache.get(slices[0]).image.shape == (16, 16)


class Gate:
    """Holds decoding up until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()
        self.calls = 0
        self._error = error
        monkeypatch.setattr(decode, "read_slice", self._read)

    def _read(self, info: SliceInfo) -> DecodedSlice:
        self.calls += 1
        self.entered.set()
        assert self.open.wait(10)
        if self._error is not None:
            raise self._error
        return read_slice(info)


def test_two_threads_decode_one_slice_once(
    slices: tuple[SliceInfo, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, cache = Gate(monkeypatch), PixelCache()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(cache.get, slices[0]) for _ in range(4)]
        assert gate.entered.wait(10)
        gate.open.set()
        results = {id(future.result(10)) for future in asked}
    assert len(results) == 1
    assert gate.calls == 1


def test_all_who_wait_learn_of_a_failure(
    slices: tuple[SliceInfo, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, cache = Gate(monkeypatch, ReadError("gone")), PixelCache()
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(cache.get, slices[0]) for _ in range(3)]
        assert gate.entered.wait(10)
        gate.open.set()
        for future in asked:
            with pytest.raises(ReadError, match="gone"):
                future.result(10)


def test_what_is_decoded_during_clear_is_not_kept(
    slices: tuple[SliceInfo, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, cache = Gate(monkeypatch), PixelCache()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(cache.get, slices[0])
        assert gate.entered.wait(10)
        cache.clear()
        gate.open.set()
        assert asked.result(10).image.shape == (16, 16)
    assert len(cache) == 0


def test_closed_slices_go_and_are_kept_no_more_the_others_stay(
    slices: tuple[SliceInfo, ...], decoded: list[str]
) -> None:
    cache = PixelCache()
    for info in slices[:3]:
        cache.get(info)
    cache.close([slices[0], slices[1], slices[4]])
    assert (len(cache), cache.nbytes) == (1, SLICE_BYTES)
    for info in (slices[0], slices[4]):
        assert cache.get(info).image.shape == (16, 16)
        assert cache.peek(info) is None
    assert cache.peek(slices[2]) is not None
    cache.open([slices[0]])
    cache.get(slices[0])
    cache.get(slices[4])
    assert (cache.peek(slices[0]) is None, cache.peek(slices[4]) is None) == (False, True)
    assert len(decoded) == 7


def test_what_is_decoded_while_it_is_closed_is_not_kept(
    slices: tuple[SliceInfo, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, cache = Gate(monkeypatch), PixelCache()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(cache.get, slices[0])
        assert gate.entered.wait(10)
        cache.close(slices)
        gate.open.set()
        assert asked.result(10).image.shape == (16, 16)
    assert len(cache) == 0 and cache.nbytes == 0


def test_many_threads_and_little_room(slices: tuple[SliceInfo, ...]) -> None:
    cache = PixelCache(2 * SLICE_BYTES)
    with ThreadPoolExecutor(8) as pool:
        wanted = [k % 5 for k in range(200)]
        got = list(pool.map(lambda k: cache.get(slices[k]).image.hu(), wanted))
    assert all(np.array_equal(hu, pattern(seed=k + 1)) for k, hu in zip(wanted, got, strict=True))
    assert cache.nbytes <= 2 * SLICE_BYTES


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        PixelCache(-1)
