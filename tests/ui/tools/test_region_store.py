"""Painted regions in the store: any strokes are undone and done again exactly, and are in the file as on screen."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from image_builders import make_head, make_series
from pytestqt.qtbot import QtBot
from region_factory import mask_of, region_in

from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.painted_region import PaintedRegion, RegionStep
from ichviewer.domain.region_edit import brushed
from ichviewer.domain.series import Series
from ichviewer.services.annotations_db import AnnotationsDb
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.surface import Surface

SERIES = make_series(rows=32, columns=32)
ONE_PIXEL = np.zeros((32, 32), dtype=bool)
ONE_PIXEL[0, 0] = True

WRITER = """
import sys
sys.path[:0] = [{tests!r}, {ui!r}]
from pathlib import Path
from test_region_store import steps_of_a_writer
from ichviewer.services.annotations_db import AnnotationsDb
with AnnotationsDb(Path(sys.argv[1])) as db:
    for number, step in enumerate(steps_of_a_writer(), 1):
        db.apply(step)
        print(number, flush=True)
"""


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Workers]:
    made = Workers()
    yield made
    made.stop()
    assert made.join()


def stroke(
    region: PaintedRegion | None, name: str, index: int, at: tuple[int, int], erase: bool
) -> PaintedRegion | None:
    """A region after a stroke of a brush on a slice."""
    uid = SERIES.slices[index].sop_uid
    old = None if region is None else region.by_place.get((uid, 0))
    mask = np.zeros((32, 32), dtype=bool) if old is None else old.mask()
    mask = brushed(mask, [at], 4.0, SERIES.slices[index].spacing, erase=erase)
    if region is None:
        return region_in(SERIES, {index: mask}, name) if mask.any() else None
    others = [m for m in region.masks if m.sop_uid != uid]
    return region.with_masks([*others, *([mask_of(uid, mask)] if mask.any() else [])], region.modified)


def steps_of_a_writer() -> Iterator[RegionStep]:
    """Strokes without end over five slices."""
    region = None
    for number in range(10_000):
        after = stroke(region, "r", number % 5, (number % 32, number // 7 % 32), False)
        assert after is not None
        after = replace(after, modified=after.created + timedelta(seconds=number))
        yield RegionStep(region, after)
        region = after


OPERATIONS = st.one_of(
    st.tuples(
        st.sampled_from("ab"),
        st.integers(0, 4),
        st.tuples(st.integers(0, 31), st.integers(0, 31)),
        st.booleans(),
    ),
    st.sampled_from(["undo", "redo", "delete a", "annotate"]),
)


@given(st.lists(OPERATIONS, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_strokes_are_undone_exactly_and_the_file_holds_what_is_on_screen(
    workers: Workers, operations
) -> None:  # type: ignore[no-untyped-def]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.sqlite3"
        annotations = AnnotationStore(workers, lambda: AnnotationsDb(path))
        store = RegionStore(annotations)
        states, place = [({}, 0)], 0

        def now() -> tuple[dict[str, PaintedRegion], int]:
            return dict(store.regions), len(annotations.annotations)

        for operation in operations:
            if operation == "undo":
                annotations.history.undo()
                place = max(0, place - 1)
            elif operation == "redo":
                annotations.history.redo()
                place = min(len(states) - 1, place + 1)
            else:
                if operation == "annotate":
                    surface = Surface(SERIES, 2, replace(make_head(), pixel_hash="a"))
                    annotations.add(surface.make(Kind.PROBE, ((3.0, 3.0),)))
                elif operation == "delete a":
                    if "a" not in store.regions:
                        continue
                    store.do(RegionStep(store.regions["a"], None))
                else:
                    name, index, at, erase = operation
                    before = store.regions.get(name)
                    after = stroke(before, name, index, at, erase)
                    if after == before:
                        continue
                    store.do(RegionStep(before, after))
                del states[place + 1 :]
                states.append(now())
                place += 1
            assert now() == states[place]
        assert annotations.close()
        with AnnotationsDb(path) as db:
            assert {r.id: r for r in db.regions_of_series(SERIES)} == states[place][0]
            assert len(db.all()) == states[place][1]


def test_what_is_read_later_does_not_replace_what_was_painted_meanwhile(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    path, gate = tmp_path / "kept.sqlite3", threading.Event()
    kept, own = region_in(SERIES, {0: ONE_PIXEL}, "kept"), region_in(SERIES, {1: ONE_PIXEL}, "own")
    with AnnotationsDb(path) as db:
        db.apply(RegionStep(None, kept))

    def slow() -> AnnotationsDb:
        assert gate.wait(10)
        return AnnotationsDb(path)

    annotations = AnnotationStore(workers, slow)
    store = RegionStore(annotations)
    annotations.open([SERIES])
    store.do(RegionStep(None, own))
    store.do(RegionStep(own, None))
    gate.set()
    qtbot.waitUntil(lambda: bool(store.regions))
    assert dict(store.regions) == {"kept": kept}
    assert annotations.close()


def test_killing_the_program_while_it_paints_loses_at_most_the_stroke_under_way(tmp_path: Path) -> None:
    path, here = tmp_path / "kept.sqlite3", Path(__file__)
    code = WRITER.format(tests=str(here.parents[2]), ui=str(here.parents[1]))
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(here.parent)!r})\n{code}",
        str(path),
    ]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    told = 0
    while told < 30:
        told = int(writer.stdout.readline())
    writer.kill()
    rest = writer.communicate()[0].split()
    told = int(rest[-1]) if rest else told
    steps = steps_of_a_writer()
    states = [next(steps).after for _ in range(told + 1)]
    with AnnotationsDb(path) as db:
        assert db.set_aside is None
        (region,) = db.regions_of_series(SERIES)
    # All that was told as saved is there; the one under way may be, too.
    assert region in (states[told - 1], states[told])


@pytest.mark.parametrize("closed_first", [True, False])
def test_closing_a_series_takes_its_regions_and_their_steps_and_leaves_those_of_others(
    workers: Workers, tmp_path: Path, closed_first: bool
) -> None:
    other = replace(SERIES, key=replace(SERIES.key, series_uid="1.9", place=1))
    annotations = AnnotationStore(workers, lambda: AnnotationsDb(tmp_path / "kept.sqlite3"))
    store = RegionStore(annotations)

    def paint(series: Series) -> PaintedRegion:
        region = region_in(series, {0: ONE_PIXEL}, series.key.series_uid)
        store.do(RegionStep(None, region))
        return region

    gone = paint(other) if closed_first else None
    kept = paint(SERIES)
    gone = gone or paint(other)
    surface = Surface(SERIES, 2, replace(make_head(), pixel_hash="a"))
    annotations.add(surface.make(Kind.PROBE, ((3.0, 3.0),)))
    store.select(gone.id)

    annotations.close_series([other], [SERIES])

    assert dict(store.regions) == {kept.id: kept}
    assert store.selected is None
    assert annotations.history.count() == 2
    annotations.history.undo()
    annotations.history.undo()
    assert dict(store.regions) == {}
    assert dict(annotations.annotations) == {}
    annotations.history.redo()
    assert dict(store.regions) == {kept.id: kept}
    assert annotations.close()
    # Closed is not deleted.
    with AnnotationsDb(tmp_path / "kept.sqlite3") as db:
        assert [region.id for region in db.regions_of_series(other)] == [gone.id]
