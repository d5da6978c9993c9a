"""A series is analyzed as soon as it is known to be whole, while the rest of its study arrives; never on a doubt."""

from __future__ import annotations

import csv
import threading
from pathlib import Path

import pytest
from dicom_factory import uid_of, write_series
from fake_backend import Script, scripted_backend
from pydicom import dcmread
from pytestqt.qtbot import QtBot
from scripted_source import NODE, scripted_network
from stepped_source import SteppedSource, shown, wait_for
from window_builders import done

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.identity import series_identity
from ichviewer.domain.series import Series
from ichviewer.errors import EngineError
from ichviewer.network.source import FailedObject
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.series_work import SeriesWork
from ichviewer.ui.session.ui_settings import UiSettings

N, M = 4, 3
THICK, THIN = uid_of("series", "study", "thick"), uid_of("series", "study", "thin")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A series of four images, then one of three."""
    return [
        *write_series(tmp_path / "thick", n=N, series="thick", series_number=2),
        *write_series(tmp_path / "thin", n=M, series="thin", series_number=3),
    ]


@pytest.fixture
def source(files: list[Path]) -> SteppedSource:
    source = SteppedSource(files)
    source.lists = True
    return source


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
    if script.gate is not None:
        script.gate.set()
    source.give(1000)
    made.close()
    made.deleteLater()


def fetch(qtbot: QtBot, window: MainWindow, source: SteppedSource, n: int) -> None:
    window.network.retrieval.fetch(NODE, uid_of("study", "study"))
    wait_for(qtbot, lambda: source.sending)
    give(qtbot, window, source, n)


def give(qtbot: QtBot, window: MainWindow, source: SteppedSource, n: int) -> None:
    """Let ``n`` more images come, and wait until they are shown and nothing more is to be listed."""
    before = shown(window)
    source.give(n)
    wait_for(qtbot, lambda: shown(window) == before + n and settled(window))


def settled(window: MainWindow) -> bool:
    return not any(place.has_news for place in window.session.places.all)


def finish(qtbot: QtBot, window: MainWindow, source: SteppedSource) -> None:
    source.give(1000)
    wait_for(qtbot, lambda: not window.network.retrieval.running and done(window))


def series_of(window: MainWindow, uid: str) -> Series:
    (found,) = [s for s in window.session.catalog.series if s.key.series_uid == uid]
    return found


def work_of(window: MainWindow, uid: str) -> SeriesWork:
    work = window.session.findings.work(series_of(window, uid).key)
    assert work is not None
    return work


def analysed(script: Script) -> list[str]:
    return [key.series_uid for key in script.analysed]


def rows_of(qtbot: QtBot, window: MainWindow, path: Path) -> dict[str, set[tuple[str, str]]]:
    """Status and first word of the note of each series."""
    with qtbot.waitSignal(window.exporter.done):
        window.exporter.export(path)
    found: dict[str, set[tuple[str, str]]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["series_uid"], set()).add((row["status"], row["note"].split(";")[0]))
    return found


def test_a_series_is_analyzed_while_the_next_one_arrives_and_once_only(
    qtbot: QtBot, window, source, script, tmp_path
):
    fetch(qtbot, window, source, N - 1)
    assert analysed(script) == [] and work_of(window, THICK).state is SeriesState.REFUSED
    give(qtbot, window, source, 1)
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.DONE)
    assert window.session.arriving and series_of(window, THICK).all_received
    thick, found = series_of(window, THICK), dict(work_of(window, THICK).slices)
    give(qtbot, window, source, 2)
    assert work_of(window, THIN).state is SeriesState.REFUSED and not work_of(window, THIN).slices
    wait_for(
        qtbot,
        lambda: (
            window.status.words == f"{N + 2} of {N + M} images received; a series is analyzed when all of it "
            f"has come · {N} slices analyzed, 1 flagged"
        ),
    )
    rows = rows_of(qtbot, window, tmp_path / "arriving.csv")
    assert {status for status, _ in rows[THICK]} == {"analysed"}
    assert rows[THIN] == {("not_analysed", "not_all_received")}
    finish(qtbot, window, source)
    assert analysed(script) == [THICK, THIN]
    assert series_of(window, THICK) is thick and work_of(window, THICK).slices == found
    assert work_of(window, THIN).state is SeriesState.DONE


def test_an_analysis_under_way_goes_on_when_more_comes_and_when_all_has_come(
    qtbot: QtBot, window, source, script
):
    script.gate = threading.Event()
    fetch(qtbot, window, source, N)
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.RUNNING)
    give(qtbot, window, source, 1)
    give(qtbot, window, source, M - 1)
    wait_for(qtbot, lambda: not window.network.retrieval.running and not window.session.arriving)
    assert analysed(script) == [THICK] and work_of(window, THICK).state is SeriesState.RUNNING
    script.gate.set()
    finish(qtbot, window, source)
    assert analysed(script) == [THICK, THIN]


def test_of_a_source_that_lists_nothing_no_series_is_analyzed_before_the_study_is_whole(
    qtbot: QtBot, window, source, script
):
    source.lists = False
    fetch(qtbot, window, source, N + 1)
    qtbot.wait(100)
    assert analysed(script) == [] and not any(s.all_received for s in window.session.catalog.series)
    finish(qtbot, window, source)
    assert sorted(analysed(script)) == sorted([THICK, THIN])


@pytest.mark.parametrize("count", [N - 1, N + 1])
def test_a_source_that_counts_otherwise_than_it_lists_is_not_believed(
    qtbot: QtBot, window, source, script, count
):
    source.counts = {THICK: count, THIN: M}
    fetch(qtbot, window, source, N + 1)
    qtbot.wait(100)
    assert analysed(script) == []
    finish(qtbot, window, source)
    assert sorted(analysed(script)) == sorted([THICK, THIN])


def test_where_only_a_number_is_told_a_series_is_whole_when_it_has_come_and_the_next_one_begins(
    qtbot: QtBot, window, source, script
):
    source.lists, source.counts = False, {THICK: N, THIN: M}
    fetch(qtbot, window, source, N)
    qtbot.wait(100)
    assert analysed(script) == []
    give(qtbot, window, source, 1)
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.DONE)
    assert window.session.arriving
    finish(qtbot, window, source)
    assert analysed(script) == [THICK, THIN]


def test_where_only_a_number_is_told_series_that_come_mixed_are_not_whole_before_their_number_is_reached(
    qtbot: QtBot, window, source, script, files
):
    source.lists, source.counts = False, {THICK: N, THIN: M}
    source.files = [files[0], files[N], files[1], files[N + 1], *files[2:N], *files[N + 2 :]]
    fetch(qtbot, window, source, 5)
    qtbot.wait(100)
    assert analysed(script) == []
    finish(qtbot, window, source)
    assert analysed(script) == [THICK, THIN]


def test_an_image_that_joins_an_analyzed_series_takes_its_findings_away_until_it_is_whole_again(
    qtbot: QtBot, window, source, script, tmp_path
):
    # The scanner still sends: the archive gets one more image after it was asked what it has.
    source.late = write_series(
        tmp_path / "late", n=1, positions_mm=[5.0 * N], series="thick", series_number=2
    )
    late = {str(dcmread(path).SOPInstanceUID) for path in source.late}
    wrong: list[str] = []

    def check(*_: object) -> None:
        for work in window.session.findings.all_work():
            uids = {info.sop_uid for info in work.series.slices}
            whole = work.series.key.series_uid != THICK or late <= uids
            if late <= uids and len(work.slices) == N:
                wrong.append("findings of four images beside five")
            if (
                work.slices
                and not whole
                and late <= {info.sop_uid for s in window.session.catalog.series for info in s.slices}
            ):
                wrong.append("findings of a series that is not the one shown")

    window.session.findings.changed.connect(check)
    window.session.catalogChanged.connect(check)
    fetch(qtbot, window, source, N)
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.DONE)
    give(qtbot, window, source, M)
    wait_for(qtbot, lambda: work_of(window, THIN).state is SeriesState.DONE)
    window.reformats.toggle()
    wait_for(qtbot, lambda: window.reformats.set.planes is not None)
    before = work_of(window, THICK)
    source.give(1)
    wait_for(qtbot, lambda: not window.network.retrieval.running and done(window))
    assert work_of(window, THICK) is not before
    assert len(series_of(window, THICK)) == N + 1 == len(work_of(window, THICK).slices)
    assert analysed(script) == [THICK, THIN, THICK]
    # What was laid through four images is gone, too.
    assert not window.reformats.shown
    assert window.reformats.volumes.kept(series_of(window, THICK)) is None
    assert wrong == []


def test_an_image_that_says_it_is_of_another_series_than_the_source_says_leaves_both_in_doubt(
    qtbot: QtBot, window, source, script, monkeypatch
):
    real = source.listings

    def mixed(heads):
        # As if one image of the first series were of the second.
        first, second = real(heads)
        moved = sorted(first.sop_uids)[0]
        return [
            type(first)(first.series_uid, None, first.sop_uids - {moved}),
            type(second)(second.series_uid, None, second.sop_uids | {moved}),
        ]

    monkeypatch.setattr(source, "listings", mixed)
    fetch(qtbot, window, source, N)
    give(qtbot, window, source, M - 1)
    qtbot.wait(100)
    assert analysed(script) == []
    finish(qtbot, window, source)
    assert sorted(analysed(script)) == sorted([THICK, THIN])


def test_what_is_whole_stays_analyzed_where_the_line_breaks_and_the_rest_says_why_not(
    qtbot: QtBot, window, source, script, tmp_path
):
    fetch(qtbot, window, source, N + 1)
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.DONE)
    source.cut()
    wait_for(qtbot, lambda: not window.network.retrieval.running and not window.session.arriving)
    assert "Series that lack images are not analyzed; fetch it again to go on." in window.notice.text
    assert work_of(window, THICK).state is SeriesState.DONE
    assert work_of(window, THIN).state is SeriesState.REFUSED and not work_of(window, THIN).slices
    rows = rows_of(qtbot, window, tmp_path / "broken.csv")
    assert {status for status, _ in rows[THICK]} == {"analysed"}
    assert rows[THIN] == {("not_analysed", "not_all_received")}
    # Analyzing again changes nothing of that.
    window.session.analyze_again()
    wait_for(qtbot, lambda: window.session.analysis.complete)
    assert analysed(script) == [THICK, THICK]
    fetch(qtbot, window, source, 0)
    finish(qtbot, window, source)
    assert work_of(window, THICK).state is work_of(window, THIN).state is SeriesState.DONE
    assert len(window.session.places.all) == 1 and source.n_sent == M - 1


def test_what_a_person_cancelled_is_not_begun_again_by_itself(qtbot: QtBot, window, source, script):
    script.gate = threading.Event()
    fetch(qtbot, window, source, N)
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.RUNNING)
    window.session.cancel()
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.CANCELLED)
    script.gate.set()
    finish(qtbot, window, source)
    assert work_of(window, THICK).state is SeriesState.CANCELLED
    assert work_of(window, THIN).state is SeriesState.DONE


def test_a_study_closed_while_a_series_of_it_is_analyzed_leaves_nothing(qtbot: QtBot, window, source, script):
    script.gate = threading.Event()
    fetch(qtbot, window, source, N)
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.RUNNING)
    window.session.close_study()
    script.gate.set()
    wait_for(qtbot, lambda: not window.network.retrieval.running)
    qtbot.wait(100)
    assert not window.session.is_open and not window.session.findings.all_work()
    assert not window.session.findings.known()


def test_without_a_model_a_series_that_is_whole_says_so_at_once(qtbot: QtBot, source, tmp_path):
    def refuse(*_: object, **__: object) -> None:
        raise EngineError("the engine does not start")

    made = MainWindow(
        UiSettings(),
        scripted_backend(Script(), open_analyser=refuse),
        network=scripted_network(tmp_path / "network", source),
    )
    made.show()
    try:
        wait_for(qtbot, lambda: made.session.model.failure is not None)
        fetch(qtbot, made, source, N)
        wait_for(qtbot, lambda: work_of(made, THICK).state is SeriesState.FAILED)
        assert "no model" in work_of(made, THICK).text
        source.give(1000)
        wait_for(qtbot, lambda: not made.network.retrieval.running and not made.session.arriving)
        assert work_of(made, THICK).state is work_of(made, THIN).state is SeriesState.FAILED
    finally:
        source.give(1000)
        made.close()
        made.deleteLater()


def test_what_was_analyzed_on_the_way_is_what_a_fresh_reading_gives(
    qtbot: QtBot, window, source, script, files
):
    source.files = files[::-1]
    fetch(qtbot, window, source, M)
    wait_for(qtbot, lambda: work_of(window, THIN).state is SeriesState.DONE)
    finish(qtbot, window, source)
    identities = {uid: series_identity(series_of(window, uid)) for uid in (THICK, THIN)}
    paths = list(window.session.paths)
    assert all(work_of(window, uid).identity == identities[uid] for uid in identities)
    window.open_paths(paths)
    wait_for(qtbot, lambda: done(window))
    assert identities == {uid: series_identity(series_of(window, uid)) for uid in identities}


# Images that the source does not send


def test_only_the_series_that_lacks_an_image_is_muted(qtbot: QtBot, window, source, script, tmp_path):
    source.lost = (FailedObject("1.2.3.4", "the node has lost it", THIN),)
    fetch(qtbot, window, source, N)
    wait_for(qtbot, lambda: work_of(window, THICK).state is SeriesState.DONE)
    # The last image of the second series never comes: it is not whole before the study is.
    give(qtbot, window, source, M - 1)
    assert work_of(window, THIN).state is SeriesState.REFUSED
    finish(qtbot, window, source)
    assert analysed(script) == [THICK, THIN]
    wait_for(qtbot, lambda: "did not come (1): the node has lost it" in window.notice.text)
    window.series_switch.show(series_of(window, THICK).key)
    wait_for(qtbot, lambda: window.banner.lines == ())
    window.series_switch.show(series_of(window, THIN).key)
    wait_for(qtbot, lambda: len(window.banner.lines) == 1)
    assert window.banner.lines == (
        "The study is not complete: 1 object of this series did not come: the node has lost it",
    )
    rows = rows_of(qtbot, window, tmp_path / "findings.csv")
    assert {status for status, _ in rows[THICK] | rows[THIN]} == {"analysed"}
    assert not any("images_not_sent" in note for _, note in rows[THICK])
    assert {note for _, note in rows[THIN]} == {"images_not_sent"}


def test_where_nobody_can_tell_which_series_lacks_an_image_all_are_muted(
    qtbot: QtBot, window, source, tmp_path
):
    source.lost = (FailedObject("", "the node is busy"),)
    fetch(qtbot, window, source, N)
    finish(qtbot, window, source)
    rows = rows_of(qtbot, window, tmp_path / "findings.csv")
    assert {note for uid in (THICK, THIN) for _, note in rows[uid]} == {"images_not_sent"}


def test_a_series_of_which_nothing_came_is_told_of_and_mutes_none_of_the_others(
    qtbot: QtBot, window, source, tmp_path
):
    source.lost = (FailedObject("1.2.3.4", "the node has lost it", "1.2.3"),)
    fetch(qtbot, window, source, N)
    finish(qtbot, window, source)
    assert all(series.problems == () for series in window.session.catalog.series)
    (problem,) = window.session.catalog.problems
    assert problem.found == "1 object of this series did not come: the node has lost it"
    wait_for(qtbot, lambda: "did not come (1): the node has lost it" in window.notice.text)
    rows = rows_of(qtbot, window, tmp_path / "findings.csv")
    assert set(rows) == {THICK, THIN} and sum(map(len, window.session.catalog.series)) == N + M
