"""The findings panel and its parts."""

from __future__ import annotations

import pytest
from golden import CompareGolden
from image_builders import (
    POINT,
    QUIET,
    SUBDURAL,
    OneSeries,
    analysed,
    failed,
    make_series,
    mouse,
    not_analysed,
    settle,
)
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ichviewer.domain.findings import SeriesState, SliceFinding, Status
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.flagged_list import FlaggedList, FlaggedModel, FlaggedSlice
from ichviewer.ui.findings.probability_bars import ProbabilityBars
from ichviewer.ui.findings.problem_list import ProblemList, grouped
from ichviewer.ui.findings.study_answer import StudyAnswer

LEFT = Qt.MouseButton.LeftButton
VENTRICLE = (0.95, 0.02, 0.03, 0.7, 0.05, 0.06)


@pytest.fixture
def held(qapp: object) -> OneSeries:
    """The findings of a series of six slices: none yet."""
    return OneSeries(make_series(6))


@pytest.fixture
def panel(qtbot: QtBot, held: OneSeries) -> FindingsPanel:
    """A panel that shows them."""
    widget = FindingsPanel(held.store)
    qtbot.addWidget(widget)
    widget.resize(320, 700)
    widget.show_series(held.series)
    widget.show()
    settle()
    return widget


def requests(widget: FindingsPanel | FlaggedList | StudyAnswer) -> list[int]:
    """A list that fills with what a widget asks for."""
    got: list[int] = []
    widget.sliceRequested.connect(got.append)
    return got


# The whole series


def test_the_series_as_a_whole_is_told_once_it_is_through(panel: FindingsPanel, held: OneSeries) -> None:
    # The highest three tenths of ten slices: log odds of 0.5, 0.5 and 0.8 are 0, 0 and log 4.
    rule = SeriesRule((0.0, 0.0, 3.0), (0.0,) * 6)
    held.open(make_series(11))
    held.judge(POINT, rule)
    panel.show_series(held.series)
    held.state(SeriesState.RUNNING, "")
    for index in range(10):
        held.put(index, analysed((0.8 if index == 4 else 0.5 if index in (5, 6) else 0.1, *(0.1,) * 5)))
    panel.flush()
    assert not panel._whole.isVisible()
    held.put(10, failed())
    panel.flush()
    assert not panel._whole.isVisible()
    held.state(SeriesState.PARTLY, "")
    panel.flush()
    assert panel._whole.isVisible()
    assert panel._whole.text() == "Any in the series, slices pooled: 0.80"
    panel.set_muted(True)
    assert not panel._whole.isEnabled()
    panel.set_muted(False)
    held.state(SeriesState.CANCELLED, "")
    panel.flush()
    assert not panel._whole.isVisible()


def test_without_a_rule_only_the_highest_slices_are_told(panel: FindingsPanel, held: OneSeries) -> None:
    held.finish([analysed(SUBDURAL)] * 6)
    held.state(SeriesState.DONE, "")
    panel.flush()
    assert not panel._whole.isVisible()
    assert panel._whole.text() == ""


# The slice in view


def test_bars_show_numbers_and_thresholds_in_words(panel: FindingsPanel, held: OneSeries) -> None:
    held.put(2, analysed(SUBDURAL))
    panel.set_current(2)
    settle()
    words = panel._bars.words
    assert "subdural 0.83, at or over its threshold 0.40" in words
    assert "epidural 0.02, under its threshold 0.40" in words
    assert panel._slice_number.text() == "3 / 6"


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (not_analysed(), "Not analyzed: no brain inside a skull in this slice"),
        (not_analysed(ProblemCode.LOCALIZER), "Not analyzed: a localizer"),
        (failed(), "Failed: the pixel data could not be decoded"),
    ],
)
def test_no_numbers_for_a_slice_that_was_not_analysed(
    panel: FindingsPanel, finding: SliceFinding, words: str, held: OneSeries
) -> None:
    held.put(2, finding)
    panel.set_current(2)
    settle()
    assert panel._bars.words == words
    assert "0." not in panel._bars.words and "negative" not in panel._bars.words.lower()


def test_a_pending_slice_is_not_analysed_yet(panel: FindingsPanel, held: OneSeries) -> None:
    panel.set_current(1)
    settle()
    assert panel._bars.words == "Waiting to be analyzed"
    held.state(SeriesState.CANCELLED, "")
    settle()
    assert panel._bars.words == "Not analyzed"
    held.state(SeriesState.REFUSED, "a localizer")
    settle()
    assert panel._bars.words == "Not analyzed: a localizer"


def test_bars_without_thresholds(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.set_finding(analysed(), None)
    assert bars.words.startswith("any 0.10; epidural 0.02")
    bars.grab()


def test_golden_bars(qtbot: QtBot, golden: CompareGolden) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(300, bars.sizeHint().height())
    bars.set_finding(analysed((0.9, 0.2, 0.39, 0.4, 0.05, 0.83)), POINT)
    bars.show()
    settle()
    # The bars alone, between the names and the numbers.
    left = round(12 + bars._name_px() + 10)
    right = round(300 - 12 - bars._number_px() - 5)
    golden(bars.grab().toImage().copy(left, 0, right - left, bars.height()), "probability-bars")


# The whole series


def test_findings_stream_in(panel: FindingsPanel, held: OneSeries) -> None:
    held.state(SeriesState.RUNNING, "2 of 6 slices")
    held.put(4, analysed(SUBDURAL))
    held.put(1, analysed(QUIET))
    settle()
    assert panel._state_word.text() == "Analyzing"
    assert panel._state_text.text() == "2 of 6 slices"
    assert panel._counts.text() == "2 analyzed, 4 waiting"
    assert panel._answer.words.startswith("any 0.90 in slice 5, over its threshold, epidural 0.02 in slice 2")
    assert [row.index for row in panel._list.flagged.rows] == [4]
    held.put(0, analysed(VENTRICLE))
    settle()
    assert [(row.index, row.labels) for row in panel._list.flagged.rows] == [
        (0, (Hemorrhage.INTRAVENTRICULAR,)),
        (4, (Hemorrhage.SUBDURAL,)),
    ]
    assert panel._list_number.text() == "2"


def test_final_findings_replace_streamed_ones(panel: FindingsPanel, held: OneSeries) -> None:
    held.put(4, analysed(SUBDURAL))
    held.finish([analysed(QUIET)] * 5 + [analysed(VENTRICLE)])
    settle()
    assert [row.index for row in panel._list.flagged.rows] == [5]
    assert panel._counts.text() == "6 analyzed"


def test_every_kind_of_slice_is_counted(panel: FindingsPanel, held: OneSeries) -> None:
    held.finish([analysed()] * 3 + [not_analysed()] * 2 + [failed()])
    settle()
    assert panel._counts.text() == "3 analyzed, 2 not analyzed, 1 failed"


@pytest.mark.parametrize(
    ("slices", "state", "words"),
    [
        ([], SeriesState.WAITING, "No slice is analyzed yet."),
        ([analysed()], SeriesState.RUNNING, "None so far."),
        ([analysed()] * 6, SeriesState.DONE, "No analyzed slice is over a threshold."),
        ([not_analysed()] * 6, SeriesState.REFUSED, "No slice was analyzed."),
        ([failed()] * 6, SeriesState.FAILED, "No slice was analyzed."),
        ([], SeriesState.CANCELLED, "No slice was analyzed."),
        ([analysed()], SeriesState.CANCELLED, "No analyzed slice is over a threshold."),
    ],
)
def test_an_empty_list_says_why(
    panel: FindingsPanel, slices: list[SliceFinding], state: SeriesState, words: str, held: OneSeries
) -> None:
    for i, finding in enumerate(slices):
        held.put(i, finding)
    held.state(state, "")
    settle()
    assert panel._list._placeholder == words
    panel.grab()


def test_nothing_analysed_has_no_answer(panel: FindingsPanel, held: OneSeries) -> None:
    held.finish([not_analysed()] * 6)
    settle()
    assert panel._answer.words == "No slice was analyzed"
    got = requests(panel)
    QTest.mouseClick(panel._answer, LEFT, pos=QPoint(60, 10))
    assert got == []


def test_no_series(panel: FindingsPanel, held: OneSeries) -> None:
    held.put(4, analysed(SUBDURAL))
    panel.show_series(None)
    settle()
    assert panel._state_text.text() == "No series open"
    assert panel._list.flagged.rows == ()
    assert not panel._area.isVisible()


def test_other_thresholds_change_list_and_answer(panel: FindingsPanel, held: OneSeries) -> None:
    held.put(4, analysed(SUBDURAL))
    held.judge(OperatingPoint("sensitive", (0.05,) * 6))
    held.put(1, analysed(QUIET))
    settle()
    assert [row.labels for row in panel._list.flagged.rows] == [
        (Hemorrhage.SUBARACHNOID, Hemorrhage.SUBDURAL),
        (Hemorrhage.SUBARACHNOID, Hemorrhage.SUBDURAL),
    ]


def test_problems_of_series_headers_and_findings(qtbot: QtBot) -> None:
    series = make_series(3, problems=(Problem(ProblemCode.GANTRY_TILT, "series", "18.5 degrees"),))
    held = OneSeries(series)
    widget = FindingsPanel(held.store)
    qtbot.addWidget(widget)
    widget.show_series(series)
    repaired = (Problem(ProblemCode.REPAIRED_12_BIT, "001.dcm"),)
    held.put(0, SliceFinding(Status.ANALYSED, QUIET, problems=repaired))
    widget.flush()
    assert [g.text for g in widget._problems.groups] == [
        "12-bit values had wrapped around and were repaired",
        "Slices were acquired with a tilted gantry (18.5 degrees)",
    ]


def test_many_findings_are_one_refresh(
    panel: FindingsPanel, held: OneSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshed: list[int] = []
    monkeypatch.setattr(panel, "_show_series", lambda: refreshed.append(1))
    work = held.store.work(held.series.key)
    assert work is not None
    for i in range(6):
        held.store.put(work, i, analysed())
    panel.set_current(3)
    settle()
    assert len(refreshed) == 1


# The answer


def test_answer_rows_jump(qtbot: QtBot) -> None:
    answer = StudyAnswer()
    qtbot.addWidget(answer)
    answer.resize(300, answer.sizeHint().height())
    answer.set_answer({label: (0.1 * i, 10 + i) for i, label in enumerate(LABELS)}, POINT)
    answer.show()
    settle()
    got = requests(answer)
    row = answer._row_px()
    for i in range(6):
        QTest.mouseClick(answer, LEFT, pos=QPoint(100, round(row * (i + 0.5))))
    assert got == [10, 11, 12, 13, 14, 15]
    QTest.keyClick(answer, Qt.Key.Key_Up)
    QTest.keyClick(answer, Qt.Key.Key_Return)
    assert got[-1] == 14
    assert answer.row_at(-1) == -1 == answer.row_at(1000)


def test_answer_lights_up_under_the_mouse(qtbot: QtBot) -> None:
    answer = StudyAnswer()
    qtbot.addWidget(answer)
    answer.resize(300, answer.sizeHint().height())
    answer.set_answer({Hemorrhage.ANY: (0.9, 3)}, POINT)
    answer.show()
    mouse(answer, QEvent.Type.MouseMove, (50, 5))
    assert answer.cursor().shape() is Qt.CursorShape.PointingHandCursor
    mouse(answer, QEvent.Type.MouseMove, (50, answer._row_px() * 1.5))
    assert answer.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_a_name_does_not_reach_into_the_numbers(qtbot: QtBot) -> None:
    answer = StudyAnswer()
    qtbot.addWidget(answer)
    # Rows of 22 px, and too little room for the longer names.
    answer.resize(200, 4 + 6 * 22)
    answer.set_answer(dict.fromkeys(LABELS, (0.01, 9)), POINT)
    answer.show()
    settle()
    picture = answer.grab().toImage()
    # The same number and slice stand in all of them; around the first is a frame, because it has the focus.
    numbers = [picture.copy(QRect(78, 22 * row, 122, 22)) for row in range(1, 6)]
    assert all(number == numbers[0] for number in numbers)


# The list


def flagged(index: int, p: float = 0.6) -> FlaggedSlice:
    """A flagged slice."""
    return FlaggedSlice(index, (Hemorrhage.SUBDURAL,), p, index * 5.0)


def test_model_keeps_slice_order(qtmodeltester: object) -> None:
    rows = {index: flagged(index) for index in (5, 1, 9, 3)}
    model = FlaggedModel(rows.get)
    for index in rows:
        model.refresh(index)
    told: list[int] = []
    model.dataChanged.connect(lambda first, _: told.append(first.row()))
    rows[3] = flagged(3, 0.9)
    model.refresh(3)
    del rows[5]
    for index in (5, 77):
        model.refresh(index)
    assert [(row.index, row.probability) for row in model.rows] == [(1, 0.6), (3, 0.9), (9, 0.6)]
    assert told == [1]
    assert model.row_of(9) == 2 and model.row_of(5) is None
    assert model.data(model.index(1)) == "Slice 4 at 15.0 mm: subdural, 0.90"
    qtmodeltester.check(model)  # type: ignore[attr-defined]
    model.reset((9, 77, 1))
    assert [row.index for row in model.rows] == [1, 9]


def test_a_row_that_is_flagged_no_more_says_nothing(listed: tuple[FlaggedList, Rows]) -> None:
    widget, rows = listed
    got = requests(widget)
    place = widget.visualRect(widget.flagged.index(2)).center()
    del rows[4]
    # Before the list is told of it: it says, does and paints nothing.
    assert widget.flagged.data(widget.flagged.index(2)) is None
    QTest.mouseClick(widget.viewport(), LEFT, pos=place)
    assert got == [] and not widget.grab().isNull()


Rows = dict[int, FlaggedSlice]


@pytest.fixture
def listed(qtbot: QtBot) -> tuple[FlaggedList, Rows]:
    """A list of forty flagged slices with even numbers, and what it reads."""
    rows = {2 * i: flagged(2 * i) for i in range(40)}
    widget = FlaggedList(rows.get)
    qtbot.addWidget(widget)
    widget.resize(300, 160)
    for index in rows:
        widget.flagged.refresh(index)
    widget.show()
    settle()
    return widget, rows


def test_click_and_enter_jump(listed: tuple[FlaggedList, Rows]) -> None:
    widget, _ = listed
    got = requests(widget)
    place = widget.visualRect(widget.flagged.index(2)).center()
    QTest.mouseClick(widget.viewport(), LEFT, pos=place)
    QTest.keyClick(widget, Qt.Key.Key_Down)
    QTest.keyClick(widget, Qt.Key.Key_Return)
    assert got == [4, 6]


def test_scroll_stays_while_the_list_fills(listed: tuple[FlaggedList, Rows]) -> None:
    widget, rows = listed
    widget.verticalScrollBar().setValue(500)
    settle()
    top = widget.indexAt(QPoint(5, 0)).data(Qt.ItemDataRole.UserRole)
    offset = widget.visualRect(widget.indexAt(QPoint(5, 0))).top()
    for index in (1, 3, 77, 5):
        rows[index] = flagged(index)
        widget.flagged.refresh(index)
    settle()
    now = widget.indexAt(QPoint(5, 0))
    assert now.data(Qt.ItemDataRole.UserRole) == top
    assert widget.visualRect(now).top() == offset


def test_a_list_at_its_top_stays_at_its_top(listed: tuple[FlaggedList, Rows]) -> None:
    widget, rows = listed
    rows[1] = flagged(1)
    widget.flagged.refresh(1)
    settle()
    assert widget.verticalScrollBar().value() == 0


def test_the_slice_in_view_is_selected(listed: tuple[FlaggedList, Rows]) -> None:
    widget, _ = listed
    widget.set_current_slice(60)
    settle()
    assert widget.currentIndex().row() == 30
    assert widget.viewport().rect().contains(widget.visualRect(widget.currentIndex()))
    widget.set_current_slice(61)
    assert not widget.selectionModel().hasSelection()


def test_rows_are_drawn_narrow_and_wide(listed: tuple[FlaggedList, Rows]) -> None:
    widget, rows = listed
    rows[0] = FlaggedSlice(0, tuple(LABELS[1:]), 0.999)
    for width in (120, 300, 700):
        widget.resize(width, 160)
        settle()
        assert not widget.grab().isNull()


# Problems


def test_problems_are_grouped_the_worst_first() -> None:
    groups = grouped(
        [
            Problem(ProblemCode.GANTRY_TILT, "series", "18.5 degrees"),
            Problem(ProblemCode.RESCALE_MISSING, "a.dcm"),
            Problem(ProblemCode.TRUNCATED_PIXEL_DATA, "b.dcm", "10 of 20 rows"),
            Problem(ProblemCode.RESCALE_MISSING, "b.dcm"),
            Problem(ProblemCode.RESCALE_MISSING, "b.dcm"),
        ]
    )
    assert [g.code for g in groups] == [
        ProblemCode.TRUNCATED_PIXEL_DATA,
        ProblemCode.RESCALE_MISSING,
        ProblemCode.GANTRY_TILT,
    ]
    assert groups[0].text.endswith("missing rows are blank (10 of 20 rows)")
    assert groups[1].text == "No rescale slope and intercept; 1 and 0 assumed, 2 times"
    assert groups[1].where.splitlines() == [
        "a.dcm: no rescale slope and intercept; 1 and 0 assumed",
        "b.dcm: no rescale slope and intercept; 1 and 0 assumed",
    ]


def test_a_long_list_of_places_is_cut() -> None:
    (group,) = grouped(Problem(ProblemCode.RESCALE_MISSING, f"{i:03}.dcm") for i in range(30))
    assert group.where.splitlines()[-1] == "and 18 more"


def test_problem_list_shows_and_forgets(qtbot: QtBot) -> None:
    widget = ProblemList()
    qtbot.addWidget(widget)
    widget.set_problems([Problem(ProblemCode.GAP, "series")])
    assert widget.accessibleDescription() == "Slices seem to be missing"
    widget.set_problems([])
    settle()
    assert widget.groups == () and widget._grid.count() == 0


@pytest.mark.parametrize("muted", [False, True])
@pytest.mark.parametrize("current", [0, 3, 7])
def test_on_a_small_screen_the_selected_row_is_not_cut(
    qtbot: QtBot, muted: bool, current: int, held: OneSeries
) -> None:
    held = OneSeries(make_series(8))
    widget = FindingsPanel(held.store)
    qtbot.addWidget(widget)
    # What a screen of 1280 x 720 leaves beside its frame, the menus, the toolbar and the status bar.
    widget.resize(340, 552)
    widget.show()
    widget.show_series(held.series)
    for index in range(8):
        held.put(index, analysed(SUBDURAL))
    widget.set_muted(muted)
    widget.set_current(current)
    settle()
    rows = widget._list
    row = rows.visualRect(rows.currentIndex())
    assert rows.viewport().rect().contains(row)
    seen = widget._area.viewport()
    assert seen.rect().contains(QRect(rows.viewport().mapTo(seen, row.topLeft()), row.size()))
    if muted:
        assert "outside what the model knows" in widget._bars.words
        assert "outside what the model knows" in widget._answer.words


def test_rows_move_together_before_the_panel_scrolls(qtbot: QtBot) -> None:
    held = OneSeries(make_series(8))
    widget = FindingsPanel(held.store)
    qtbot.addWidget(widget)
    widget.show_series(held.series)
    widget.show()
    heights = []
    for height in (900, 552):
        widget.resize(340, height)
        settle()
        heights.append(widget._bars.height())
        assert widget._area.verticalScrollBar().maximum() == 0
    assert (
        heights[0] == widget._bars.sizeHint().height() > heights[1] >= widget._bars.minimumSizeHint().height()
    )
