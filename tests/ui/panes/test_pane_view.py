"""Several panes on one session: each shows its own series with its own findings, and none waits for another."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dicom_factory import write_series
from fake_backend import HIGH, LOW, InProcessReader, Script, scripted_backend
from image_builders import settle, wheel
from pydicom import dcmread
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, Status
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Catalog, Series, SliceInfo
from ichviewer.domain.window import render_grey
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.panes.image_overlay import Corner
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.backend import Backend
from ichviewer.ui.session.pixel_loader import LOOK_AHEAD
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Workers

SUBDURAL = (0.95, 0.02, 0.03, 0.04, 0.05, 0.83)
IPH_CHIP, SDH_CHIP = "Intraparenchymal 0.88", "Subdural 0.83"


class BySeries(Script):
    """Finds intraparenchymal blood in slice 2 of the left series, subdural blood in slice 3 of the right one.

    The findings name the pixels that they were computed from.
    """

    def annotate(self, series: Series, **options: object) -> SeriesFindings:
        on_finding = options.pop("on_finding")
        found = super().annotate(series, on_finding=lambda *_: None, **options)  # type: ignore[arg-type]
        at, blood = (1, HIGH) if series.number == 1 else (2, SUBDURAL)
        slices = []
        for index, (info, finding) in enumerate(zip(series.slices, found.slices, strict=True)):
            p = blood if index == at else LOW
            slices.append(replace(finding, probabilities=p, pixel_hash=read_slice(info).pixel_hash))
            on_finding(index, slices[-1])  # type: ignore[operator]
        return replace(found, slices=tuple(slices))


class Room(QWidget):
    """Two panes side by side above a strip, with a panel, on one session; the left pane is active."""

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self.session = Session(Workers(), backend)
        store = self.session.findings
        self.images = (ImagePane(store), ImagePane(store))
        self.strip, self.panel = SliceStrip(store), FindingsPanel(store)
        self.viewing = Viewing(self.session, self.images[0], self.strip, self.panel, backend.presets())
        self.left = self.viewing.active
        self.right = self.viewing.open_pane(self.images[1])
        side_by_side = QHBoxLayout()
        for widget in (*self.images, self.panel):
            side_by_side.addWidget(widget)
        column = QVBoxLayout(self)
        column.addLayout(side_by_side)
        column.addWidget(self.strip)
        self.resize(1200, 700)

    def open(self, qtbot: QtBot, folder: Path) -> None:
        """Show the first series on the left and the second on the right, when everything is analyzed."""
        self.show()
        self.session.model.open(None)
        self.session.open([folder])
        qtbot.waitUntil(self.analyzed, timeout=10_000)
        left, right = sorted(self.session.catalog.series, key=lambda s: s.number or 0)
        self.left.show_series(left, 1)
        self.right.show_series(right, 1)
        self.wait(qtbot)

    def analyzed(self) -> bool:
        session = self.session
        return (
            session.is_open
            and not session.reading
            and session.model.model is not None
            and session.analysis.complete
        )

    def wait(self, qtbot: QtBot) -> None:
        """Until both panes show the slice that was asked for."""
        panes = self.viewing.panes
        qtbot.waitUntil(lambda: all(pane.shown == pane.index for pane in panes), timeout=10_000)
        settle()


def two_series(folder: Path, n: int = 4) -> Path:
    for number in (1, 2):
        write_series(
            folder / str(number),
            n=n,
            SeriesInstanceUID=f"1.2.{number}",
            SeriesNumber=number,
            description=f"Series number {number}",
        )
    return folder


@pytest.fixture
def rooms(qtbot: QtBot) -> Iterator[list[Room]]:
    made: list[Room] = []
    yield made
    for room in made:
        room.session.shutdown()
        room.close()
        room.deleteLater()


@pytest.fixture
def room(qtbot: QtBot, rooms: list[Room], tmp_path: Path) -> Room:
    made = Room(scripted_backend(BySeries()))
    rooms.append(made)
    made.open(qtbot, two_series(tmp_path))
    return made


def chips(pane: PaneView) -> list[str]:
    pane.image.flush()
    return [chip.text for chip in pane.image._overlay.chips]


def words(pane: PaneView) -> str:
    """Everything that stands in the corners."""
    pane.image.flush()
    return "\n".join(line.text for corner in Corner for line in pane.image._overlay.lines(corner))


NOTHING = "Analyzed: nothing over its threshold"


# Findings


def test_each_pane_shows_the_findings_of_its_own_series_only(room: Room, qtbot: QtBot) -> None:
    seen = []
    for index in range(4):
        for pane in (room.left, room.right):
            pane.go_to(index)
        room.wait(qtbot)
        seen.append((chips(room.left), chips(room.right)))
    assert seen == [
        ([NOTHING], [NOTHING]),
        ([IPH_CHIP], [NOTHING]),
        ([NOTHING], [SDH_CHIP]),
        ([NOTHING], [NOTHING]),
    ]


def test_each_pane_shows_the_pixels_and_words_of_its_own_series(room: Room) -> None:
    for pane, number in ((room.left, 1), (room.right, 2)):
        assert pane.series is not None and pane.series.number == number
        decoded = read_slice(pane.series.slices[pane.index])
        assert (pane.image._canvas.picture == render_grey(decoded.image, pane.image.voi())).all()
        assert pane.image.state.series == pane.key
        said = words(pane)
        assert f"Series {number}: Series number {number}" in said
        assert f"Series number {3 - number}" not in said


def test_a_change_of_the_pixels_in_one_pane_drops_the_finding_beside_them_alone(
    room: Room, qtbot: QtBot
) -> None:
    room.right.go_to(2)
    room.wait(qtbot)
    assert room.right.series is not None
    at = room.right.series.slices[2].source.path
    ds = dcmread(at)
    ds.PixelData = bytes(len(ds.PixelData))
    ds.save_as(at)
    room.session.analysis.restart()  # everything is analyzed once more, but no picture is read again
    qtbot.waitUntil(lambda: not room.analyzed())
    qtbot.waitUntil(room.analyzed)
    known = room.session.findings.known()
    left, right = (known[pane.key].slices for pane in (room.left, room.right) if pane.key is not None)
    assert [f.status for f in left] == [Status.ANALYSED] * 4
    assert [f.status for f in right] == [Status.ANALYSED] * 2 + [Status.FAILED, Status.ANALYSED]
    assert right[2].reason is not None and right[2].reason.code is ProblemCode.FILE_CHANGED
    settle()
    assert chips(room.left) == [IPH_CHIP]
    assert chips(room.right)[0].startswith("Failed")


def test_without_thresholds_no_pane_judges(room: Room, qtbot: QtBot) -> None:
    assert chips(room.left) == [IPH_CHIP]
    room.session.findings.judge(None)
    assert [chips(pane) for pane in (room.left, room.right)] == [["Not judged: no model is ready"]] * 2


# The active pane


def test_strip_panel_and_ways_to_findings_are_those_of_the_active_pane(room: Room, qtbot: QtBot) -> None:
    def listed() -> list[int]:
        settle()
        return [row.index for row in room.panel._list.flagged.rows]

    viewing = room.viewing
    assert (viewing.flagged(), listed(), viewing.most_suspicious()) == ([1], [1], 1)
    told: list[object] = []
    viewing.seriesChanged.connect(told.append)
    viewing.sliceChanged.connect(told.append)
    room.images[1].setFocus()
    qtbot.waitUntil(lambda: viewing.active is room.right)
    assert told == [room.right.series, 1]
    assert (viewing.flagged(), listed(), viewing.most_suspicious()) == ([2], [2], 2)
    viewing.go_flagged(1)
    room.wait(qtbot)
    assert (room.left.index, room.right.index) == (1, 2)
    assert "subdural" in room.strip.accessibleDescription()
    # What the pane that is not active tells is not told by the window.
    del told[:]
    room.left.step(1)
    assert told == []
    assert room.strip.accessibleDescription().startswith("Slice 3 of 4")
    room.strip.sliceRequested.emit(0)
    assert (room.left.index, room.right.index) == (2, 0)


def test_each_pane_has_its_own_window_and_turn(room: Room) -> None:
    room.right.use_preset(4)
    room.right.image.rotate(90)
    room.right.toggle_inverted()
    left, right = room.left.image.state, room.right.image.state
    assert (left.window.voi.width_hu, right.window.voi.width_hu) == (80, 2800)  # type: ignore[union-attr]
    assert (left.inverted, right.inverted) == (False, True)
    assert (left.orientation.quarter_turns, right.orientation.quarter_turns) == (0, 1)


def test_closing_the_study_empties_all_panes(room: Room) -> None:
    room.session.close_study()
    room.viewing.clear()
    settle()
    for pane in room.viewing.panes:
        assert pane.series is None and pane.image._canvas.picture is None
        assert words(pane) == ""
    assert room.strip.accessibleDescription() == "No series"


def test_two_panes_may_show_the_same_series(room: Room, qtbot: QtBot) -> None:
    assert room.left.series is not None
    room.right.show_series(room.left.series, 3)
    room.wait(qtbot)
    assert (chips(room.left), chips(room.right)) == ([IPH_CHIP], [NOTHING])
    room.right.go_to(1)
    room.wait(qtbot)
    assert chips(room.right) == [IPH_CHIP]


class ReadsInTwoParts(InProcessReader):
    """Tells of the first two slices of each series before all of them are read."""

    def open_study(self, paths: Sequence[Path], **options: Any) -> Catalog:
        tell = options.pop("on_partial")
        whole = super().open_study(paths, on_partial=lambda _: None, **options)
        tell(
            replace(
                whole,
                studies=tuple(
                    replace(study, series=tuple(replace(s, slices=s.slices[:2]) for s in study.series))
                    for study in whole.studies
                ),
            )
        )
        return whole


def test_while_a_study_is_read_all_panes_get_the_slices_that_come(
    rooms: list[Room], qtbot: QtBot, tmp_path: Path
) -> None:
    room = Room(scripted_backend(BySeries(), open_reader=ReadsInTwoParts))
    rooms.append(room)
    room.show()
    lengths: list[list[int]] = []

    def show(catalog: Catalog, complete: bool) -> None:
        left, right = sorted(catalog.series, key=lambda s: s.number or 0)
        if not complete:
            room.left.show_series(left, 1)
            room.right.show_series(right, 1)
            room.right.go_to(0)
        else:
            room.viewing.replace_series(left)
        lengths.append([len(pane.series or ()) for pane in room.viewing.panes])

    room.session.catalogChanged.connect(show)
    room.session.model.open(None)
    room.session.open([two_series(tmp_path)])
    qtbot.waitUntil(room.analyzed, timeout=10_000)
    room.wait(qtbot)
    assert lengths == [[2, 2], [4, 4]]
    # Where nobody moved the middle is shown; where somebody did, the same slice as before.
    assert (room.left.index, room.right.index) == (2, 0)
    room.left.go_to(1)
    room.right.go_to(2)
    room.wait(qtbot)
    assert (chips(room.left), chips(room.right)) == ([IPH_CHIP], [SDH_CHIP])


# Pixels


class CountingReader(InProcessReader):
    """Notes whose slices are read, one at a time, and takes its time."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        self.gate.wait(10)
        time.sleep(0.003)
        self.read.append(info.source.path.parent.name)
        return super().read_slice(info)


@pytest.fixture
def slow(qtbot: QtBot, rooms: list[Room], tmp_path: Path) -> tuple[Room, CountingReader]:
    """Two series of sixty slices; both panes show their first one, and nothing is loaded ahead any more."""
    reader = CountingReader()
    made = Room(scripted_backend(Script(), open_reader=lambda: reader))
    rooms.append(made)
    made.open(qtbot, two_series(tmp_path, 60))
    for pane in (made.left, made.right):
        pane.go_first()
    made.wait(qtbot)
    ready = made.session.pixels.ready
    ahead = [s.slices[i] for s in made.session.catalog.series for i in range(1, LOOK_AHEAD + 1)]
    qtbot.waitUntil(lambda: all(ready(info) is not None for info in ahead), timeout=10_000)
    qtbot.wait(30)
    return made, reader


def test_two_panes_that_scroll_at_once_both_get_their_slices(
    slow: tuple[Room, CountingReader], qtbot: QtBot
) -> None:
    room, reader = slow
    pictures: dict[str, set[int]] = {"1": set(), "2": set()}
    before = len(reader.read)
    for _ in range(50):
        for image in room.images:
            wheel(image, -120, (50.0, 50.0))
        qtbot.wait(5)
        for name, pane in (("1", room.left), ("2", room.right)):
            if pane.shown == pane.index:
                pictures[name].add(pane.index)
    room.wait(qtbot)
    assert (room.left.index, room.right.index) == (50, 50)
    for pane in (room.left, room.right):
        assert pane.series is not None
        decoded = read_slice(pane.series.slices[50])
        assert (pane.image._canvas.picture == render_grey(decoded.image, pane.image.voi())).all()
    # Both saw slices on the way, and while both wanted some, neither had to wait for more than three of the other.
    assert min(len(seen) for seen in pictures.values()) >= 5
    served = reader.read[before:]
    shared = served[: min(len(served) - served[::-1].index(name) for name in ("1", "2"))]
    longest = max(len(run) for run in "".join(shared).replace("12", "1 2").replace("21", "2 1").split())
    assert longest <= 4, "".join(served)


def test_the_slice_in_view_of_the_active_pane_comes_before_what_others_load_ahead(
    slow: tuple[Room, CountingReader], qtbot: QtBot
) -> None:
    room, reader = slow
    reader.gate.clear()
    room.right.go_to(40)  # its neighbors are loaded ahead, too
    qtbot.wait(20)
    room.left.go_to(30)
    before = len(reader.read)
    reader.gate.set()
    qtbot.waitUntil(lambda: room.left.shown == 30)
    # The slice of the right pane that was under way, at most one more of it, and then the left one's.
    assert reader.read[before:][:3].count("1") >= 1


def test_another_study_is_loaded_for_all_panes_and_nothing_of_the_one_before(
    slow: tuple[Room, CountingReader], qtbot: QtBot, tmp_path: Path
) -> None:
    room, reader = slow
    reader.gate.clear()
    for pane in (room.left, room.right):
        pane.go_to(40)
    room.session.opening.connect(lambda _: room.viewing.clear())
    room.session.catalogChanged.connect(
        lambda catalog, complete: (
            complete and [p.show_series(catalog.series[0], 0) for p in room.viewing.panes]
        )
    )
    write_series(tmp_path / "next" / "3", n=3, SeriesInstanceUID="9.9", StudyInstanceUID="9")
    room.session.open([tmp_path / "next"])
    reader.gate.set()
    qtbot.waitUntil(lambda: room.left.key is not None and room.left.key.series_uid == "9.9")
    room.wait(qtbot)
    for pane in room.viewing.panes:
        assert pane.shown == 0 and pane.key is not None and pane.key.series_uid == "9.9"
