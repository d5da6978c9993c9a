"""What a reader does with a head CT from beginning to end, on a real one, and the pictures of it in the tour."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ichviewer.ui.app.screenshot import window_of_nobody

PACKAGING = Path(__file__).parents[2] / "packaging"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The scripts of the tour as modules."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    import reading_session
    import window_reader

    yield reading_session, window_reader
    for name in ("reading_session", "window_reader"):
        sys.modules.pop(name, None)


@pytest.mark.realdata
@pytest.mark.timeout(600)
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_real_head_is_read_as_the_demo_is(
    qapp: QApplication,
    shared_data: Path,
    tmp_path: Path,
    session,  # type: ignore[no-untyped-def]
) -> None:
    study = shared_data / "ge-head-ct"
    if not study.is_dir():
        pytest.skip(f"no GE scan at {study}")
    reading_session, window_reader = session
    window = window_of_nobody(tmp_path)
    window.resize(1440, 900)
    window.show()
    reader = window_reader.Reader(qapp, window)
    seen: dict[str, QImage] = {}
    try:
        window.open_paths([study], remember=False)
        reader.wait(lambda: window.session.is_open and window.session.model.model is not None)
        reader.wait(lambda: not window.session.reading and window.session.analysis.complete)
        for step in reading_session.reading(reader):
            # Nothing of a person's images is kept beyond the test.
            assert step.name not in seen
            image = reader.seen()
            if not reader.is_deuteranope:
                seen[step.name] = image
        assert window.session.is_open and window.viewing.series is not None
        # What the steps were for has come about.
        assert {a.kind.value for a in window.tools.store.annotations.values()} >= {
            "length",
            "bidirectional",
            "angle",
            "midline_shift",
            "abc2",
            "ellipse",
            "rectangle",
            "freehand",
            "probe",
            "arrow",
            "text",
            "key_image",
        }
        assert len(window.tools.regions.store.regions) == 2
    finally:
        window.close()
    # Every step shows something of its own.
    assert len(seen) >= 38
    images = list(seen.items())
    same = [(a, b) for n, (a, one) in enumerate(images) for b, other in images[:n] if one == other]
    assert same == []


def test_every_step_of_the_tour_has_its_picture() -> None:
    page = (PACKAGING.parent / "docs" / "tour.md").read_text(encoding="utf-8")
    pictures = {line.split("(tour/")[1].rstrip(")") for line in page.splitlines() if line.startswith("![")}
    assert pictures == {path.name for path in (PACKAGING.parent / "docs" / "tour").glob("*.png")}
    assert len(pictures) == page.count("\n## ")
