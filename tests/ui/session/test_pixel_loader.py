"""Slices come beside the window: what is wanted most first, nothing of a study that was closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from image_builders import make_decoded, make_series, settle
from pytestqt.qtbot import QtBot

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import SliceInfo
from ichviewer.errors import DecodeError
from ichviewer.ui.session.pixel_loader import LOOK_AHEAD, PixelLoader
from ichviewer.ui.session.workers import Workers

SERIES = make_series(40)


class Pixels:
    """Slices that can be held back; some cannot be decoded."""

    def __init__(self, broken: tuple[int, ...] = ()) -> None:
        self.kept: dict[SliceInfo, DecodedSlice] = {}
        self.asked: list[int] = []
        self.broken = broken
        self.gate = threading.Event()
        self.gate.set()

    def get(self, info: SliceInfo) -> DecodedSlice:
        index = SERIES.slices.index(info)
        self.asked.append(index)
        self.gate.wait(10)
        if index in self.broken:
            raise DecodeError("cut short", str(info.source))
        self.kept[info] = make_decoded()
        return self.kept[info]

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        return self.kept.get(info)

    def clear(self) -> None:
        self.kept.clear()


class Heard:
    """What a loader tells, by index of the slice."""

    def __init__(self, loader: PixelLoader) -> None:
        self.loaded: list[int] = []
        self.failed: list[int] = []
        loader.loaded.connect(lambda info, _: self.loaded.append(SERIES.slices.index(info)))
        loader.failed.connect(lambda info, _: self.failed.append(SERIES.slices.index(info)))


@pytest.fixture
def loader(qapp: object) -> Iterator[PixelLoader]:
    workers = Workers()
    yield PixelLoader(workers)
    workers.stop()
    assert workers.join()


def test_the_slice_in_view_comes_first_then_those_ahead_of_the_reader(
    loader: PixelLoader, qtbot: QtBot
) -> None:
    pixels, heard = Pixels(), Heard(loader)
    loader.open(pixels)
    loader.queue().ask(SERIES, 20, -1)
    qtbot.waitUntil(lambda: len(heard.loaded) == 2 * LOOK_AHEAD + 1)
    assert heard.loaded[:5] == [20, 19, 21, 18, 22]
    assert sorted(heard.loaded) == list(range(20 - LOOK_AHEAD, 20 + LOOK_AHEAD + 1))
    assert all(loader.ready(SERIES.slices[i]) is not None for i in heard.loaded)


def test_near_an_end_nothing_beyond_it_is_asked_for(loader: PixelLoader, qtbot: QtBot) -> None:
    pixels, heard = Pixels(), Heard(loader)
    loader.open(pixels)
    loader.queue().ask(SERIES, 38)
    qtbot.waitUntil(lambda: len(heard.loaded) == LOOK_AHEAD + 2)
    settle()
    assert sorted(pixels.asked) == list(range(38 - LOOK_AHEAD, 40))


def test_a_failure_is_told_once_and_remembered_until_the_next_study(
    loader: PixelLoader, qtbot: QtBot
) -> None:
    pixels, heard = Pixels(broken=(20,)), Heard(loader)
    loader.open(pixels)
    queue = loader.queue()
    queue.ask(SERIES, 20)
    qtbot.waitUntil(lambda: len(heard.loaded) == 2 * LOOK_AHEAD)
    failure = loader.failure(SERIES.slices[20])
    assert failure is not None and "cut short" in str(failure)
    queue.ask(SERIES, 20)
    settle()
    assert heard.failed == [20] and pixels.asked.count(20) == 1
    loader.open(pixels)
    assert loader.failure(SERIES.slices[20]) is None
    queue.ask(SERIES, 20)
    qtbot.waitUntil(lambda: heard.failed == [20, 20])


def test_closed_slices_are_not_loaded_and_not_told_of_the_others_come(
    loader: PixelLoader, qtbot: QtBot
) -> None:
    pixels, heard = Pixels(broken=(20, 22)), Heard(loader)
    loader.open(pixels)
    pixels.gate.clear()
    loader.queue().ask(SERIES, 20)
    qtbot.waitUntil(lambda: pixels.asked == [20])
    loader.close([SERIES.slices[20], SERIES.slices[21]])
    pixels.gate.set()
    qtbot.waitUntil(lambda: len(heard.loaded) == 2 * LOOK_AHEAD - 2)
    settle()
    assert heard.failed == [22] and 21 not in pixels.asked
    assert loader.failure(SERIES.slices[20]) is None
    loader.close([SERIES.slices[22]])
    assert loader.failure(SERIES.slices[22]) is None


def test_what_comes_of_a_study_that_was_closed_is_dropped_and_the_next_one_loses_nothing(
    loader: PixelLoader, qtbot: QtBot
) -> None:
    old, new, heard = Pixels(), Pixels(), Heard(loader)
    loader.open(old)
    queue = loader.queue()
    old.gate.clear()
    queue.ask(SERIES, 5)
    qtbot.waitUntil(lambda: old.asked == [5])
    loader.open(new)
    queue.ask(SERIES, 30)
    old.gate.set()
    qtbot.waitUntil(lambda: len(heard.loaded) == 2 * LOOK_AHEAD + 1)
    assert 5 not in heard.loaded and heard.loaded[0] == 30
    assert old.asked == [5]
    assert sorted(new.asked) == list(range(30 - LOOK_AHEAD, 30 + LOOK_AHEAD + 1))


def test_a_closed_queue_is_not_loaded_for_and_others_are(loader: PixelLoader, qtbot: QtBot) -> None:
    pixels, heard = Pixels(), Heard(loader)
    loader.open(pixels)
    first, second = loader.queue(), loader.queue()
    pixels.gate.clear()
    first.ask(SERIES, 10)
    qtbot.waitUntil(lambda: pixels.asked == [10])
    second.ask(SERIES, 30)
    first.close()
    pixels.gate.set()
    qtbot.waitUntil(lambda: len(heard.loaded) == 2 * LOOK_AHEAD + 2)
    assert sorted(heard.loaded) == [10, *range(30 - LOOK_AHEAD, 30 + LOOK_AHEAD + 1)]
    with pytest.raises(ValueError, match="open queue"):
        first.ask(SERIES, 3)


def test_nothing_is_loaded_before_anything_is_open(loader: PixelLoader) -> None:
    loader.queue().ask(SERIES, 3)
    settle()
    assert loader.ready(SERIES.slices[3]) is None
