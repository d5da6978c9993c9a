"""A fetched study is shown from its first image on, and nothing takes a part of it for all."""

from __future__ import annotations

import csv
import errno
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from dicom_factory import uid_of, write_series
from fake_backend import InProcessReader, Script, scripted_backend
from memory_keyring import MemoryKeyring
from pydicom import dcmread
from pytestqt.qtbot import QtBot
from scripted_source import NODE, scripted_network
from stepped_source import SteppedSource, shown, wait_for
from window_builders import done

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.series import Catalog
from ichviewer.domain.window import Window
from ichviewer.network.source import FailedObject
from ichviewer.network.study_cache import StudyCache
from ichviewer.services.atomic_file import write_atomically
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.browser.tree_rows import StudyRow
from ichviewer.ui.dialogs.results_options import ResultsOptions
from ichviewer.ui.session.ui_settings import UiSettings
from ichviewer.ui.session.volumes import volume_memory, volume_refusal

N = 8
OTHER = uid_of("study", "other")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return write_series(tmp_path / "ct", n=N)


@pytest.fixture
def source(files: list[Path]) -> SteppedSource:
    return SteppedSource(files)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, source: SteppedSource, script: Script):
    made = MainWindow(
        UiSettings(), scripted_backend(script), network=scripted_network(tmp_path / "network", source)
    )
    made.show()
    wait_for(qtbot, lambda: made.session.model.model is not None)
    yield made
    source.give(1000)
    made.close()
    made.deleteLater()


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Around a folder in memory, where the system has such."""
    place = tmp_path / "run" / "copies" if sys.platform == "linux" else None
    monkeypatch.setattr("ichviewer.network.open_copies.memory_folder", lambda _: place)
    return tmp_path / "run"


@pytest.fixture
def encrypting(qtbot: QtBot, memory: Path, tmp_path: Path, source: SteppedSource, script: Script):
    """A window that encrypts what it fetches."""
    network = scripted_network(tmp_path / "network", source, keyring=MemoryKeyring())
    made = MainWindow(UiSettings(), scripted_backend(script), network=network)
    made.show()
    wait_for(qtbot, lambda: made.session.model.model is not None)
    yield made
    source.give(1000)
    made.close()
    made.deleteLater()


def decrypted(*folders: Path) -> int:
    # Folders may vanish meanwhile.
    return sum(name.endswith(".dcm") for folder in folders for *_, names in os.walk(folder) for name in names)


def fetch(qtbot: QtBot, window: MainWindow, source: SteppedSource, n: int = 0, **options: bool) -> None:
    """Begin to fetch the study, and wait until ``n`` images of it are shown."""
    before = shown(window) if options.get("beside") else 0
    window.network.retrieval.fetch(NODE, "1.2.1", **options)
    wait_for(qtbot, lambda: source.sending)
    source.give(n)
    if n:
        wait_for(qtbot, lambda: window.session.arriving and shown(window) == before + n)


def give(qtbot: QtBot, window: MainWindow, source: SteppedSource, n: int) -> None:
    """Let ``n`` more images come, and wait until they are shown."""
    before = shown(window)
    source.give(n)
    wait_for(qtbot, lambda: shown(window) == before + n)


def finish(qtbot: QtBot, window: MainWindow, source: SteppedSource) -> None:
    source.give(1000)
    wait_for(qtbot, lambda: not window.network.retrieval.running and done(window))


def study_row(window: MainWindow) -> StudyRow:
    tree = window.browser.tree
    row = tree.row_at(tree.index(0, 0, tree.index(0, 0)))
    assert isinstance(row, StudyRow)
    return row


def exported(qtbot: QtBot, window: MainWindow, path: Path) -> list[dict[str, str]]:
    """The rows of the CSV as it is written now."""
    with qtbot.waitSignal(window.exporter.done):
        window.exporter.export(path)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cache_of(tmp_path: Path) -> StudyCache:
    return StudyCache(tmp_path / "network" / "cache")


def test_the_first_image_is_shown_while_the_rest_arrives_and_analysis_begins_with_the_last(
    qtbot: QtBot, window, source, script
):
    fetch(qtbot, window, source, 1)
    wait_for(qtbot, lambda: window.viewing.shown == 0)
    assert window.network.words == f"Fetching 1 of {N} objects from PACS"
    give(qtbot, window, source, 3)
    assert study_row(window).details.startswith(f"4 of {N} images received")
    wait_for(
        qtbot,
        lambda: (
            window.status.words == f"4 of {N} images received; a series is analyzed when all of it has come"
        ),
    )
    work = window.session.findings.work(window.viewing.key)
    assert (work.state, work.text) == (
        SeriesState.REFUSED,
        f"not all images of the study were received (4 of {N} images received)",
    )
    assert script.analysed == []
    finish(qtbot, window, source)
    assert shown(window) == N and len(script.analysed) == 1
    assert "received" not in study_row(window).details
    assert window.session.findings.work(window.viewing.key).state is SeriesState.DONE


def test_place_window_and_zoom_stay_while_images_come_before_and_behind(qtbot: QtBot, window, source):
    # From the middle outwards: what is in view is another index with each of them.
    source.files = [source.files[i] for i in (4, 5, 3, 6, 2, 7, 1, 0)]
    fetch(qtbot, window, source, 3)
    viewing = window.viewing
    viewing.go_to(1)
    wait_for(qtbot, lambda: viewing.shown == 1)
    seen = viewing.series.slices[1].sop_uid
    viewing.active.image.use_window(Window(70, 33))
    viewing.active.image.zoom_by(2.5)
    viewing.toggle_inverted()
    before = viewing.active.image.state
    grown = []
    viewing.seriesChanged.connect(grown.append)
    for n in (1, 2, 2):
        give(qtbot, window, source, n)
        assert viewing.series.slices[viewing.index].sop_uid == seen
        assert viewing.shown == viewing.index
    finish(qtbot, window, source)
    after = viewing.active.image.state
    assert viewing.series.slices[viewing.index].sop_uid == seen
    assert (after.window, after.placement, after.inverted) == (before.window, before.placement, True)
    # For whoever follows the series in view it is still the same one.
    assert grown == []


def test_a_person_who_did_nothing_keeps_the_picture_too(qtbot: QtBot, window, source):
    source.files = source.files[::-1]
    fetch(qtbot, window, source, 1)
    wait_for(qtbot, lambda: window.viewing.shown == 0)
    seen = window.viewing.series.slices[0].sop_uid
    for _ in range(2):
        give(qtbot, window, source, 2)
        assert window.viewing.series.slices[window.viewing.index].sop_uid == seen
    finish(qtbot, window, source)
    assert window.viewing.series.slices[window.viewing.index].sop_uid == seen


def test_slices_are_played_on_while_more_of_them_come(qtbot: QtBot, window, source):
    fetch(qtbot, window, source, 3)
    window.cine.toggle()
    give(qtbot, window, source, 2)
    assert window.cine.playing
    seen = set()
    window.viewing.sliceChanged.connect(seen.add)
    wait_for(qtbot, lambda: {3, 4} <= seen)
    window.cine.stop()


def test_a_part_of_a_study_is_not_measured_reformatted_saved_or_exported_as_all(
    qtbot: QtBot, window, source, tmp_path
):
    fetch(qtbot, window, source, 4)
    series = window.viewing.series
    why = "not all images of the study were received"
    assert volume_refusal(series, volume_memory(series, None)) == why
    window.saving.write(series, ResultsOptions(("sr",), tmp_path / "sr", ""))
    assert "still being received; save the results afterwards" in window.notice.text
    assert not (tmp_path / "sr").exists()
    rows = exported(qtbot, window, tmp_path / "arriving.csv")
    assert len(rows) == 4
    assert {(row["status"], row["note"].split(";")[0], row["flagged"]) for row in rows} == {
        ("not_analysed", "not_all_received", "")
    }
    wait_for(qtbot, lambda: "still being received" in window.notice.text)
    source.cut()
    wait_for(qtbot, lambda: not window.session.arriving)
    series = window.viewing.series
    # What broke off says so in its results: a reason, and no finding.
    window.saving.write(series, ResultsOptions(("sr",), tmp_path / "sr", ""))
    wait_for(qtbot, lambda: not window.saving.running)
    (path,) = (tmp_path / "sr").iterdir()
    told = str(dcmread(path))
    assert "NOT_ALL_RECEIVED" in told and "not analyzed: not all images of the study were received" in told
    assert "Probability" not in told
    rows = exported(qtbot, window, tmp_path / "broken.csv")
    assert {(row["status"], row["note"].split(";")[0]) for row in rows} == {
        ("not_analysed", "not_all_received")
    }


def test_a_line_that_breaks_leaves_what_came_named_as_incomplete_and_is_gone_on_with(
    qtbot: QtBot, window, source, script, tmp_path
):
    fetch(qtbot, window, source, 5)
    window.viewing.go_to(1)
    source.cut()
    wait_for(qtbot, lambda: not window.network.retrieval.running and not window.session.arriving)
    assert window.notice.text == (
        f"Not all of the study was fetched: 5 of {N} images received. PACS: the line broke. "
        "Series that lack images are not analyzed; fetch it again to go on."
    )
    wait_for(qtbot, lambda: window.status.words == f"5 of {N} images received, not analyzed")
    assert study_row(window).details.startswith(f"5 of {N} images received")
    assert script.analysed == []
    (kept,) = cache_of(tmp_path).studies()
    assert (kept.n_objects, kept.complete, kept.in_use) == (5, False, True)
    seen = window.viewing.series.slices[1].sop_uid
    fetch(qtbot, window, source)
    finish(qtbot, window, source)
    # Three were sent, not eight.
    assert source.n_sent == N - 5
    assert window.viewing.series.slices[window.viewing.index].sop_uid == seen
    assert shown(window) == N and len(script.analysed) == 1


def test_cancelling_keeps_what_came_and_says_that_it_is_a_part(qtbot: QtBot, window, source, script):
    fetch(qtbot, window, source, 2)
    window.network.retrieval.cancel()
    wait_for(qtbot, lambda: window.status.words == f"2 of {N} images received, not analyzed")
    assert shown(window) == 2 and script.analysed == []
    # Analyzing again changes nothing of that.
    window.session.analyze_again()
    wait_for(qtbot, lambda: window.session.analysis.complete)
    assert script.analysed == []
    assert window.session.findings.work(window.viewing.key).state is SeriesState.REFUSED


def test_a_study_that_is_fetched_again_at_once_goes_on_in_its_place(qtbot: QtBot, window, source):
    fetch(qtbot, window, source, 2)
    window.network.retrieval.cancel()
    wait_for(qtbot, lambda: not window.network.retrieval.running)
    # Perhaps before the last listing of the first try.
    fetch(qtbot, window, source, beside=True)
    finish(qtbot, window, source)
    assert len(window.session.places.all) == 1 and shown(window) == N


def test_what_was_listed_of_a_first_try_is_not_taken_for_the_end_of_the_second(
    qtbot: QtBot, source, script, tmp_path
):
    gate = threading.Event()
    gate.set()

    class Reader(InProcessReader):
        def open_study(self, paths: Sequence[Path], **options: Any) -> Catalog:
            gate.wait(10)
            return super().open_study(paths, **options)

    backend = scripted_backend(script, open_reader=Reader)
    made = MainWindow(UiSettings(), backend, network=scripted_network(tmp_path / "network", source))
    made.show()
    try:
        wait_for(qtbot, lambda: made.session.model.model is not None)
        fetch(qtbot, made, source, 2)
        gate.clear()
        made.network.retrieval.cancel()
        wait_for(qtbot, lambda: not made.network.retrieval.running)
        # The listing of what came of the first try is still under way.
        made.network.retrieval.fetch(NODE, "1.2.1")
        wait_for(qtbot, lambda: source.sending and made.session.places.broken(made.session.paths[0]) is None)
        gate.set()
        finish(qtbot, made, source)
        assert shown(made) == N and len(script.analysed) == 1
    finally:
        gate.set()
        source.give(1000)
        made.close()
        made.deleteLater()


def test_a_study_that_is_closed_while_it_arrives_is_not_fetched_on_and_does_not_come_back(
    qtbot: QtBot, window, source, tmp_path
):
    fetch(qtbot, window, source, 3)
    window.session.close_study()
    wait_for(qtbot, lambda: not window.network.retrieval.running)
    qtbot.wait(100)
    assert not window.session.is_open and not window.session.places.all
    (kept,) = cache_of(tmp_path).studies()
    assert (kept.n_objects, kept.complete, kept.in_use) == (3, False, False)
    fetch(qtbot, window, source)
    finish(qtbot, window, source)
    assert source.n_sent == N - 3 and shown(window) == N


def test_opening_another_study_in_its_place_ends_the_fetching(qtbot: QtBot, window, source, tmp_path):
    write_series(tmp_path / "other", n=3, study="other")
    fetch(qtbot, window, source, 3)
    window.open_paths([tmp_path / "other"])
    wait_for(qtbot, lambda: not window.network.retrieval.running and done(window))
    qtbot.wait(100)
    assert shown(window) == 3 and window.viewing.series.key.study_uid == OTHER
    assert not cache_of(tmp_path).studies()[0].in_use


def test_another_study_is_opened_read_and_analyzed_beside_one_that_arrives(
    qtbot: QtBot, window, source, script, tmp_path
):
    write_series(tmp_path / "other", n=3, study="other")
    fetch(qtbot, window, source, 3)
    window.opening.open_beside([tmp_path / "other"])
    wait_for(qtbot, lambda: [key.study_uid for key in script.analysed] == [OTHER])
    assert window.session.arriving
    give(qtbot, window, source, 2)
    finish(qtbot, window, source)
    assert shown(window) == N + 3 and len(script.analysed) == 2


def test_a_study_arrives_beside_one_that_is_being_read_by_a_person(
    qtbot: QtBot, window, source, script, tmp_path
):
    write_series(tmp_path / "other", n=3, study="other")
    window.open_paths([tmp_path / "other"])
    wait_for(qtbot, lambda: done(window))
    window.viewing.go_to(2)
    fetch(qtbot, window, source, 2, beside=True)
    wait_for(qtbot, lambda: "Opened beside" in window.notice.text)
    assert (window.viewing.key.study_uid, window.viewing.index) == (OTHER, 2)
    finish(qtbot, window, source)
    assert (window.viewing.key.study_uid, window.viewing.index) == (OTHER, 2)
    assert shown(window) == N + 3 and len(script.analysed) == 2


def test_a_series_that_starts_in_between_grows_beside_the_first(
    qtbot: QtBot, window, source, script, tmp_path
):
    second = write_series(tmp_path / "second", n=4, series="second", series_number=9, description="thin")
    source.files = [
        file for pair in zip(source.files[:4], second, strict=True) for file in pair
    ] + source.files[4:]
    fetch(qtbot, window, source, 3)
    first = window.viewing.key
    assert [len(series) for series in window.session.catalog.series] == [2, 1]
    give(qtbot, window, source, 5)
    assert [len(series) for series in window.session.catalog.series] == [4, 4]
    assert window.viewing.key == first
    finish(qtbot, window, source)
    assert sorted(len(series) for series in window.session.catalog.series) == [4, N]
    assert len(script.analysed) == 2


def test_a_localizer_that_came_first_gives_way_to_the_head_unless_somebody_reads_it(
    qtbot: QtBot, window, source, tmp_path
):
    scout = write_series(
        tmp_path / "scout",
        n=1,
        series="scout",
        image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"),
        series_number=1,
    )
    source.files = [*scout, *source.files]
    fetch(qtbot, window, source, 1)
    wait_for(qtbot, lambda: window.viewing.shown == 0)
    scout_key = window.viewing.key
    give(qtbot, window, source, 2)
    assert window.viewing.key != scout_key
    window.session.close_study()
    wait_for(qtbot, lambda: not window.network.retrieval.running)
    # The study is put away behind the window's back.
    wait_for(qtbot, lambda: cache_of(tmp_path).clear().n_in_use == 0)
    fetch(qtbot, window, source, 1)
    wait_for(qtbot, lambda: window.viewing.shown == 0)
    window.viewing.active.image.zoom_by(2)
    give(qtbot, window, source, 2)
    finish(qtbot, window, source)
    assert window.viewing.key.in_file == scout_key.in_file


def test_objects_that_the_source_does_not_send_are_named_in_window_and_csv(
    qtbot: QtBot, window, source, tmp_path
):
    source.lost = (FailedObject("1.2.3.4", "the node has lost it"),)
    fetch(qtbot, window, source)
    finish(qtbot, window, source)
    wait_for(qtbot, lambda: "did not come (1): the node has lost it" in window.notice.text)
    assert window.banner.lines == ("The study is not complete: 1 object did not come: the node has lost it",)
    rows = exported(qtbot, window, tmp_path / "findings.csv")
    assert len(rows) == N
    assert all(row["status"] == "analysed" and "images_not_sent" in row["note"] for row in rows)


def test_the_window_is_closed_while_a_study_arrives_and_the_next_start_finds_it_whole(
    qtbot: QtBot, window, source, tmp_path
):
    fetch(qtbot, window, source, 3)
    start = time.monotonic()
    window.close()
    assert time.monotonic() - start < 2.0
    assert not [t for t in threading.enumerate() if t.name == "ichviewer-retrieve"]
    (kept,) = cache_of(tmp_path).studies()
    assert (kept.n_objects, kept.complete, kept.in_use) == (3, False, False)
    with cache_of(tmp_path).open("PACS", "1.2.1") as study:
        assert len(study.paths()) == 3 and study.n_damaged == 0


def test_a_full_disk_stops_the_fetching_says_so_and_keeps_what_came(
    qtbot: QtBot, window, source, monkeypatch, tmp_path
):
    fetch(qtbot, window, source, 3)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("ichviewer.network.cached_study.write_private", full)
    source.give(1)
    wait_for(qtbot, lambda: not window.network.retrieval.running and not window.session.arriving)
    assert "No space left on device" in window.notice.text
    assert f"3 of {N} images received" in window.notice.text
    assert shown(window) == 3
    monkeypatch.undo()
    fetch(qtbot, window, source)
    finish(qtbot, window, source)
    assert shown(window) == N


def test_the_same_study_fetched_by_two_windows_at_once_is_whole_in_both(
    qtbot: QtBot, window, source, files, tmp_path
):
    other_source = SteppedSource(files[::-1])
    other = MainWindow(
        UiSettings(), scripted_backend(), network=scripted_network(tmp_path / "network", other_source)
    )
    other.show()
    try:
        fetch(qtbot, window, source, 2)
        fetch(qtbot, other, other_source)
        # What the first window has got is there already.
        wait_for(qtbot, lambda: shown(other) == 2)
        give(qtbot, other, other_source, 3)
        give(qtbot, window, source, 2)
        finish(qtbot, other, other_source)
        finish(qtbot, window, source)
        assert shown(window) == shown(other) == N
        assert len({info.sop_uid for info in window.viewing.series.slices}) == N
        (kept,) = cache_of(tmp_path).studies()
        assert kept.complete
    finally:
        other_source.give(1000)
        other.close()
        other.deleteLater()


def test_a_file_that_was_damaged_in_the_cache_is_not_shown_before_it_came_again(
    qtbot: QtBot, window, source, tmp_path
):
    fetch(qtbot, window, source, 4)
    window.session.close_study()
    wait_for(qtbot, lambda: not window.network.retrieval.running)
    damaged = sorted((tmp_path / "network" / "cache").rglob("*.dcm"))[0]
    write_atomically(damaged, damaged.read_bytes()[:-40])
    fetch(qtbot, window, source)
    wait_for(qtbot, lambda: window.session.arriving and shown(window) == 3)
    finish(qtbot, window, source)
    assert source.n_sent == N - 3 and shown(window) == N
    assert not [p for p in window.session.catalog.problems if str(damaged) in p.where]


def test_an_object_without_an_image_that_comes_first_is_waited_past(qtbot: QtBot, window, source, tmp_path):
    note = write_series(tmp_path / "note", n=1, series="note", modality="OT")[0]
    ds = dcmread(note)
    del ds.PixelData
    ds.save_as(note)
    source.files = [note, *source.files]
    window.network.retrieval.fetch(NODE, "1.2.1")
    wait_for(qtbot, lambda: source.sending)
    source.give(1)
    wait_for(qtbot, lambda: window.session.reading)
    source.give(1)
    wait_for(qtbot, lambda: window.session.arriving and shown(window) == 1)
    finish(qtbot, window, source)
    assert shown(window) == N


def test_annotations_on_a_slice_stay_while_the_study_grows(qtbot: QtBot, window, source):
    fetch(qtbot, window, source, 3)
    window.viewing.go_to(1)
    wait_for(qtbot, lambda: window.viewing.shown == 1)
    window.tools.toggle_key_image()
    (mark,) = window.tools.store.annotations.values()
    give(qtbot, window, source, 2)
    finish(qtbot, window, source)
    assert list(window.tools.store.annotations.values()) == [mark]
    assert window.tools.state().key_image


def test_annotations_of_before_are_there_as_soon_as_their_series_begins(
    qtbot: QtBot, window, source, tmp_path
):
    fetch(qtbot, window, source)
    finish(qtbot, window, source)
    window.viewing.go_to(0)
    wait_for(qtbot, lambda: window.viewing.shown == 0)
    window.tools.toggle_key_image()
    (mark,) = window.tools.store.annotations.values()
    window.session.close_study()
    assert cache_of(tmp_path).clear().n_removed == 1
    fetch(qtbot, window, source, 1)
    wait_for(qtbot, lambda: list(window.tools.store.annotations.values()) == [mark])
    wait_for(qtbot, lambda: window.viewing.shown == 0 and window.tools.state().key_image)


def test_an_earlier_copy_is_shown_whole_and_named_where_the_source_is_away(
    qtbot: QtBot, window, source, script
):
    fetch(qtbot, window, source)
    finish(qtbot, window, source)
    window.session.close_study()
    source.away = True
    window.network.retrieval.fetch(NODE, "1.2.1")
    wait_for(qtbot, lambda: not window.network.retrieval.running and done(window))
    assert shown(window) == N and len(script.analysed) == 2
    wait_for(qtbot, lambda: "as it was fetched before" in window.notice.text)


def test_a_list_that_somebody_scrolled_is_left_alone_while_images_come(
    qtbot: QtBot, window, source, tmp_path
):
    for n in range(12):
        source.files += write_series(tmp_path / f"s{n}", n=1, series=f"s{n}", series_number=n + 2)
    source.files = [*source.files[N:], *source.files[:N]]
    window.resize(900, 500)
    fetch(qtbot, window, source, 13)
    bar = window.browser.view.verticalScrollBar()
    wait_for(qtbot, lambda: bar.maximum() > 100)
    qtbot.wait(50)
    bar.setValue(bar.maximum())
    at = bar.value()
    give(qtbot, window, source, 3)
    qtbot.wait(50)
    assert bar.value() == at


@pytest.mark.skipif(sys.platform != "linux", reason="folders in memory of Linux")
def test_an_encrypted_study_grows_from_memory_onto_the_disk_and_is_whole_in_the_end(
    qtbot: QtBot, encrypting, source, monkeypatch, tmp_path
):
    window, room, memory = encrypting, [1024**3], tmp_path / "run"
    monkeypatch.setattr("ichviewer.network.open_copies.room_bytes", lambda _: room[0])
    fetch(qtbot, window, source, 3)
    assert (decrypted(memory), decrypted(tmp_path / "network")) == (3, 0)
    room[0] = 0
    give(qtbot, window, source, 2)
    finish(qtbot, window, source)
    assert shown(window) == N
    assert (decrypted(memory), decrypted(tmp_path / "network")) == (3, N - 3)
    window.session.close_study()
    wait_for(qtbot, lambda: decrypted(memory, tmp_path / "network") == 0)


def test_an_encrypted_study_that_broke_off_is_taken_up_in_its_place(
    qtbot: QtBot, encrypting, source, memory, tmp_path
):
    window = encrypting
    fetch(qtbot, window, source, 3)
    window.viewing.go_to(1)
    source.cut()
    wait_for(qtbot, lambda: not window.network.retrieval.running and not window.session.arriving)
    seen, paths = window.viewing.key, list(window.session.paths)
    fetch(qtbot, window, source)
    finish(qtbot, window, source)
    assert (window.session.paths, window.viewing.key) == (paths, seen)
    assert shown(window) == N and source.n_sent == N - 3
    window.close()
    assert decrypted(memory, tmp_path / "network") == 0
    (kept,) = cache_of(tmp_path).studies()
    assert (kept.n_objects, kept.complete, kept.n_plain) == (N, True, 0)
