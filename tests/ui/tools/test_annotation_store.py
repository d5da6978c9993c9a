"""The annotations of what is open: what is read later, undone without limit, and saved in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from image_builders import make_head, make_series
from pytestqt.qtbot import QtBot

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.services.annotations_db import AnnotationsDb
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.surface import Surface

SERIES = make_series(rows=96, columns=96)


def probe(x: float) -> Annotation:
    return Surface(SERIES, 2, replace(make_head(), pixel_hash="a")).make(Kind.PROBE, ((x, 10.0),))


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Workers]:
    made = Workers()
    yield made
    made.stop()
    assert made.join()


def test_what_was_done_before_the_file_was_read_is_newer_than_the_file(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    path, gate = tmp_path / "kept.sqlite3", threading.Event()
    kept, gone = probe(20), probe(30)
    with AnnotationsDb(path) as db:
        db.add(kept)

    def slow() -> AnnotationsDb:
        assert gate.wait(10)
        return AnnotationsDb(path)

    store = AnnotationStore(workers, slow)
    store.add(gone)
    store.open([SERIES])
    store.delete(gone)
    gate.set()
    qtbot.waitUntil(lambda: kept.id in store.annotations)
    assert list(store.annotations) == [kept.id]
    assert store.close()
    with AnnotationsDb(path) as db:
        assert db.all() == (kept,)


def test_everything_can_be_undone_and_done_again(workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite3"
    store = AnnotationStore(workers, lambda: AnnotationsDb(path))
    drawn = [probe(float(x)) for x in range(60)]
    for one in drawn:
        store.add(one)
    for _ in drawn:
        store.history.undo()
    assert not store.annotations and not store.history.canUndo()
    assert store.selected is None
    for _ in drawn[:50]:
        store.history.redo()
    assert list(store.annotations.values()) == drawn[:50]
    assert store.close()
    with AnnotationsDb(path) as db:
        assert {a.id for a in db.all()} == {a.id for a in drawn[:50]}


def test_what_is_read_for_a_study_that_was_closed_is_dropped(
    qtbot: QtBot, workers: Workers, tmp_path: Path
) -> None:
    path, gate = tmp_path / "kept.sqlite3", threading.Event()
    with AnnotationsDb(path) as db:
        db.add(probe(20))

    def slow() -> AnnotationsDb:
        assert gate.wait(10)
        return AnnotationsDb(path)

    store = AnnotationStore(workers, slow)
    store.open([SERIES])
    store.clear()
    gate.set()
    qtbot.wait(200)
    assert not store.annotations and not store.history.count()
    assert store.close()
