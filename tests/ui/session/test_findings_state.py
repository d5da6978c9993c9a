"""What is known of findings and may be shown of them, without any window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_backend import card
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from image_builders import POINT, QUIET, SUBDURAL, analysed, failed, make_series, not_analysed

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.model_spec import ModelSpec, Output, Scope, Unit
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.look.language import set_lookup
from ichviewer.ui.session.findings_state import (
    NO_MODEL,
    FindingsState,
    Judging,
    ModelId,
    OnScreen,
    model_id,
)
from ichviewer.ui.session.series_work import SeriesWork

ONE, OTHER = ModelId("one"), ModelId("other")
STRICT = replace(POINT, name="strict", thresholds=(0.95,) * 6)
PIXELS, NEWER = "ab" * 16, "cd" * 16


def series_of(count: int, uid: str = "1.2") -> Series:
    return replace(make_series(count), key=SeriesKey("1", uid))


def found(pixel_hash: str = PIXELS, probabilities: tuple[float, ...] = SUBDURAL) -> SliceFinding:
    return replace(analysed(probabilities), pixel_hash=pixel_hash)


def opened(*series: Series) -> FindingsState:
    """Series open, and a model with thresholds."""
    state = FindingsState()
    state.judge(Judging(ONE, POINT))
    state.open(series)
    state.take_changes()
    return state


def work_of(state: FindingsState, series: Series) -> SeriesWork:
    work = state.work(series.key)
    assert work is not None
    return work


def whole(series: Series, *slices: SliceFinding) -> SeriesFindings:
    return SeriesFindings(series.key, slices, series_identity(series))


# More series, and fewer


def test_more_series_are_added_beside_what_is_known() -> None:
    one, two = series_of(3), series_of(2, "1.3")
    state = opened(one)
    state.put(work_of(state, one), 1, found())
    state.take_changes()
    (added,) = state.add([two])
    assert added is state.work(two.key) and not added.slices
    assert work_of(state, one).slices == {1: found()}
    assert state.take_changes() == {two.key: frozenset()}


def test_a_closed_series_is_not_known_and_the_others_are_as_they_were() -> None:
    one, two = series_of(3), series_of(2, "1.3")
    state = opened(one, two)
    gone = work_of(state, one)
    state.put(gone, 1, found())
    state.put(work_of(state, two), 0, found())
    state.show("left", OnScreen(one.key, 1, PIXELS))
    state.close({one.key})
    assert state.work(one.key) is None and state.all_work() == (state.work(two.key),)
    assert not state.changed_on_screen
    assert state.take_changes() == {two.key: frozenset({0})}
    assert list(state.known()) == [two.key] and not state.view(one).slices
    # What still comes changes nothing, also where the series was opened again.
    state.put(gone, 0, found())
    state.finish(gone, whole(one, *[found()] * 3))
    (again,) = state.add([one])
    state.put(gone, 0, found())
    assert not again.slices and state.take_changes() == {one.key: frozenset()}


# Reading


def test_a_view_is_no_copy() -> None:
    series = series_of(3)
    state = opened(series)
    view = state.view(series)
    before = view.slices
    state.put(work_of(state, series), 1, found())
    assert view.slices == before == {1: found()}
    with pytest.raises(TypeError):
        before[1] = failed()  # type: ignore[index]


def test_a_later_reading_of_a_series_has_nothing_of_the_one_before() -> None:
    """Same UIDs, but other slices may lie at its indices."""
    old, new = series_of(3), series_of(4)
    state = opened(old)
    state.put(work_of(state, old), 1, found())
    view = state.view(new)
    assert (dict(view.slices), view.state, view.flagged()) == ({}, SeriesState.WAITING, [])
    assert view.findings() is None
    state.open([new])
    assert state.view(old).slices == {}


def test_without_thresholds_findings_stay_and_are_not_judged() -> None:
    series = series_of(2, "1.2")
    state = opened(series)
    state.put(work_of(state, series), 0, found())
    view = state.view(series)
    state.judge(None)
    assert (dict(view.slices), dict(view.judged), view.point, view.rule) == ({0: found()}, {}, None, None)
    assert view.flagged() == [] and view.doubts() == ()
    rule_of_model = SeriesRule((0.5, 0.0, 0.0), (0.0,) * 6)
    state.judge(Judging(ONE, STRICT, rule_of_model))
    assert view.judged == {0: found()}
    assert (view.point, view.rule, view.flagged()) == (STRICT, rule_of_model, [])


def test_doubts_are_told_once_something_was_analysed_a_line_for_each_reason() -> None:
    noise = Problem(ProblemCode.HIGH_NOISE, "slice", "12 HU")
    gap = Problem(ProblemCode.GAP, "series", "10 mm")
    series = replace(series_of(3), problems=(gap,))
    state = opened(series)
    view, work = state.view(series), work_of(state, series)
    state.put(work, 0, replace(not_analysed(), problems=(noise,)))
    assert view.doubts() == ()
    for index in (1, 2):
        state.put(work, index, replace(found(), problems=(noise,)))
    assert view.doubts() == (
        "Slices seem to be missing: 10 mm",
        "Noise: 12 HU (more than the model was trained on)",
    )


# Models


def test_another_model_takes_findings_and_thresholds_of_the_one_before_along() -> None:
    series = series_of(2)
    state = opened(series)
    old = work_of(state, series)
    state.put(old, 1, found())
    state.take_changes()
    assert state.use(OTHER)
    assert state.judging is None
    assert work_of(state, series).slices == {}
    assert state.take_changes() == {series.key: {1}}
    # What still arrives for the model before is not that of this one.
    state.put(old, 0, found())
    state.finish(old, whole(series, found(), found()))
    state.set_state(old, SeriesState.DONE)
    assert (work_of(state, series).slices, work_of(state, series).state) == ({}, SeriesState.WAITING)
    assert state.take_changes() == {}
    assert not state.use(OTHER)


def test_thresholds_of_another_model_bring_that_model() -> None:
    series = series_of(2)
    state = opened(series)
    state.put(work_of(state, series), 1, found())
    state.judge(Judging(OTHER, STRICT))
    assert state.model == OTHER
    assert state.view(series).judged == {}


def test_the_first_model_finds_the_series_as_they_wait_and_a_refused_one_stays_refused() -> None:
    waiting, refused = series_of(2), series_of(3, "1.3")
    state = FindingsState()
    state.open([waiting, refused])
    state.set_state(work_of(state, refused), SeriesState.REFUSED, "a localizer")
    before = [work_of(state, s) for s in (waiting, refused)]
    assert not state.use(ONE)
    assert [work_of(state, s) for s in (waiting, refused)] == before
    assert state.use(OTHER)
    assert work_of(state, refused) is before[1]
    assert work_of(state, waiting) is not before[0]


def test_a_model_is_named_by_its_network_and_all_that_its_card_says() -> None:
    one = card()
    assert model_id(one) == model_id(card()) != NO_MODEL
    assert model_id(one) != model_id(replace(one, keras_sha256="1" * 64))
    assert model_id(one) != model_id(replace(one, raw={"thresholds": [0.5]}))
    assert model_id(replace(one, raw={"a": 1, "b": 2})) == model_id(replace(one, raw={"b": 2, "a": 1}))


def test_thresholds_of_no_model_are_refused() -> None:
    with pytest.raises(ValueError, match="Received: no model"):
        Judging(NO_MODEL, POINT)


# Pixels


def test_a_finding_of_other_pixels_than_those_on_screen_goes_and_says_why() -> None:
    series = series_of(3)
    state = opened(series)
    work = work_of(state, series)
    state.show("left", OnScreen(series.key, 1, NEWER))
    for index in range(3):
        state.put(work, index, found())
    assert [work.slices[i].status for i in range(3)] == [Status.ANALYSED, Status.FAILED, Status.ANALYSED]
    reason = work.slices[1].reason
    assert reason is not None and reason.code is ProblemCode.FILE_CHANGED
    # The final findings are no way around it, and the series says that one is missing.
    state.finish(work, whole(series, *[found()] * 3))
    assert work.slices[1].status is Status.FAILED
    assert (work.state, work.text) == (
        SeriesState.PARTLY,
        f"1 slice: {reason.text} (analyze again)",
    )


def test_pixels_that_come_on_screen_later_drop_the_finding_too() -> None:
    series = series_of(2)
    state = opened(series)
    state.finish(work_of(state, series), whole(series, found(), found()))
    state.take_changes()
    state.show("left", OnScreen(series.key, 0, PIXELS))
    assert state.take_changes() == {}
    state.show("right", OnScreen(series.key, 1, NEWER))
    assert state.take_changes() == {series.key: {1}}
    assert [f.status for f in work_of(state, series).slices.values()] == [Status.ANALYSED, Status.FAILED]


def test_while_the_pixels_are_read_again_a_newer_finding_stays_and_they_are_outdated() -> None:
    series = series_of(2)
    state = opened(series)
    work = work_of(state, series)
    state.show("left", OnScreen(series.key, 0, PIXELS))
    state.reload("left")
    state.put(work, 0, found())
    assert not state.outdated("left")
    state.put(work, 0, found(NEWER))
    assert state.outdated("left")
    assert work.slices[0] == found(NEWER)
    state.show("left", OnScreen(series.key, 0, NEWER))
    assert not state.outdated("left")
    assert work.slices[0] == found(NEWER)


def test_pixels_of_another_series_or_gone_from_the_screen_drop_nothing() -> None:
    series, other = series_of(2), series_of(2, "1.3")
    state = opened(series, other)
    state.show("left", OnScreen(other.key, 0, NEWER))
    state.show("right", OnScreen(series.key, 0, NEWER))
    state.hide("right")
    state.put(work_of(state, series), 0, found())
    assert work_of(state, series).slices == {0: found()}


def test_a_change_on_screen_is_told_apart() -> None:
    series = series_of(3)
    state = opened(series)
    state.show("left", OnScreen(series.key, 1, PIXELS))
    state.put(work_of(state, series), 0, found())
    assert not state.changed_on_screen
    state.put(work_of(state, series), 1, found())
    assert state.changed_on_screen
    assert state.take_changes() == {series.key: {0, 1}}
    assert not state.changed_on_screen


# What ends


def test_findings_must_fit_their_series() -> None:
    series = series_of(2)
    state = opened(series)
    work = work_of(state, series)
    with pytest.raises(ValueError, match="Received: index 2"):
        state.put(work, 2, found())
    with pytest.raises(ValueError, match="findings of series"):
        state.finish(work, replace(whole(series, found(), found()), series="0" * 32))
    assert work.slices == {}


def test_what_arrives_after_the_series_was_closed_changes_nothing() -> None:
    series = series_of(2)
    state = opened(series)
    old = work_of(state, series)
    state.open([])
    state.put(old, 0, found())
    assert state.work(series.key) is None and state.known() == {}
    # Opened anew it is the same series, but what was under way before is not about it.
    state.open([series])
    state.put(old, 0, found())
    assert work_of(state, series).slices == {}


def test_an_analysis_that_ends_early_keeps_what_was_found_before_it() -> None:
    series = series_of(2)
    state = opened(series)
    work = work_of(state, series)
    state.finish(work, whole(series, found(), found()))
    state.again(work)
    assert (work.state, len(work.slices)) == (SeriesState.WAITING, 2)
    state.stop(work, SeriesState.FAILED, "out of order")
    assert (work.state, work.text) == (SeriesState.DONE, "analyzed; analyzing again failed: out of order")
    assert work.slices == {0: found(), 1: found()}


def test_why_there_is_no_result_is_shown_in_the_language_of_the_window_and_kept_in_english() -> None:
    """What is kept goes into CSV and DICOM files, which others read."""
    series = series_of(3)
    state = opened(series)
    work = work_of(state, series)
    german = {"failed": "fehlgeschlagen", "not analyzed: a localizer": "nicht analysiert: ein Topogramm"}
    german |= {"not analyzed: ": "nicht analysiert: ", "slice": "Schicht", "out of order": "defekt"}
    german["{said}; analyzing again failed: {text}"] = "{said}; erneut fehlgeschlagen: {text}"
    before = set_lookup(lambda words, _apart, _number: german.get(words, words))
    try:
        reason = Problem(ProblemCode.LOCALIZER, "a.dcm")
        refused = SliceFinding(Status.NOT_ANALYSED, reason=reason)
        state.finish(work, whole(series, found(), refused, found()))
        assert (work.text, state.view(series).text) == ("1 slice: a localizer", "1 Schicht: ein Topogramm")
        state.again(work)
        state.stop(work, SeriesState.FAILED, "out of order")
        assert work.text == "1 slice: a localizer; analyzing again failed: out of order"
        assert state.view(series).text == "1 Schicht: ein Topogramm; erneut fehlgeschlagen: defekt"
        work.slices.clear()
        kept = [finding.reason.found for finding in work.findings().slices if finding.reason is not None]
    finally:
        set_lookup(before)
    assert kept == [work.text] * 3
    assert {type(text) for text in kept} == {str}


class StateMachine(RuleBasedStateMachine):
    """Two series, two models, two viewers, in any order; a plain model of what must be known is kept beside."""

    series = (series_of(3), series_of(2, "1.3"))

    @initialize()
    def start(self) -> None:
        self.state = opened(*self.series)
        self.handed_out: list[tuple[ModelId, SeriesWork]] = []
        self.shown: dict[str, OnScreen] = {}
        self.changed: dict[SeriesKey, frozenset[int]] = {}
        self.remember()

    def remember(self) -> None:
        self.handed_out += [(self.state.model, work_of(self.state, s)) for s in self.series]

    @rule(model=st.sampled_from([ONE, OTHER]), judged=st.booleans())
    def use(self, model: ModelId, judged: bool) -> None:
        self.state.judge(Judging(model, POINT if model == ONE else STRICT) if judged else None)
        self.remember()

    @rule(
        data=st.data(),
        pixels=st.sampled_from(["", PIXELS, NEWER]),
        probabilities=st.sampled_from([QUIET, SUBDURAL]),
    )
    def put(self, data: st.DataObject, pixels: str, probabilities: tuple[float, ...]) -> None:
        _, work = data.draw(st.sampled_from(self.handed_out), "work")
        index = data.draw(st.integers(0, len(work.series) - 1), "index")
        self.state.put(work, index, found(pixels, probabilities))

    @rule(data=st.data(), pixels=st.sampled_from(["", PIXELS, NEWER]))
    def finish(self, data: st.DataObject, pixels: str) -> None:
        _, work = data.draw(st.sampled_from(self.handed_out), "work")
        self.state.finish(work, whole(work.series, *[found(pixels)] * len(work.series)))

    @rule(
        viewer=st.sampled_from(["left", "right"]),
        series=st.sampled_from(series),
        index=st.integers(0, 1),
        pixels=st.sampled_from([PIXELS, NEWER]),
    )
    def show(self, viewer: str, series: Series, index: int, pixels: str) -> None:
        at = OnScreen(series.key, index, pixels)
        self.state.show(viewer, at)
        self.shown[viewer] = at

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def reload_or_hide(self, data: st.DataObject) -> None:
        viewer = data.draw(st.sampled_from(sorted(self.shown)), "viewer")
        del self.shown[viewer]
        data.draw(st.sampled_from([self.state.reload, self.state.hide]), "what")(viewer)

    @rule()
    def open(self) -> None:
        self.state.open(self.series)
        self.remember()

    @invariant()
    def no_finding_stands_beside_other_pixels(self) -> None:
        for at in self.shown.values():
            finding = work_of(self.state, self.view_of(at.key)).slices.get(at.index)
            assert finding is None or at.fits(finding)

    @invariant()
    def findings_and_thresholds_are_of_one_model(self) -> None:
        judging = self.state.judging
        if judging is not None:
            assert judging.model == self.state.model
            assert judging.point is (POINT if judging.model == ONE else STRICT)
        for series in self.series:
            work = work_of(self.state, series)
            assert {model for model, given in self.handed_out if given is work} == {self.state.model}
            assert self.state.view(series).slices == work.slices

    @invariant()
    def changes_are_told_and_told_once(self) -> None:
        before = getattr(self, "known", {})
        now = {s.key: dict(work_of(self.state, s).slices) for s in self.series}
        told = self.state.take_changes()
        for key, slices in now.items():
            old = before.get(key, {})
            differ = {i for i in {*old, *slices} if old.get(i) != slices.get(i)}
            assert differ <= told.get(key, frozenset()) or (key in told and not slices)
        assert self.state.take_changes() == {}
        self.known = now

    @staticmethod
    def view_of(key: SeriesKey) -> Series:
        return next(s for s in StateMachine.series if s.key == key)


TestStateMachine = StateMachine.TestCase
TestStateMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


# Further models

VOLUME = Output("volume", "Hematoma volume", "Vol", Scope.SERIES, Unit.ML, 1)
HEMATOMA = ModelSpec("hematoma", "Hematoma 2.1", (VOLUME,))


def measured(series: Series, *hashes: str) -> SeriesFindings:
    """Findings of pixels that a further model saw as well: all the slices, of which the last has no finding."""
    slices = (*(found(h) for h in hashes[:-1]), not_analysed())
    result = ModelResult(series.key, series_identity(series), HEMATOMA, (12.5,), hashes)
    return replace(whole(series, *slices), further=(result,))


def value_of(state: FindingsState, series: Series) -> float | str:
    (result,) = state.view(series).further
    assert result.spec == HEMATOMA
    (value,) = result.values
    return str(value) if isinstance(value, NotMeasured) else value  # type: ignore[return-value]


CHANGED = "not measured: the file changed after it was measured; analyze again"


def test_a_value_of_the_series_is_there_when_the_series_is_through():
    series = series_of(2)
    state = opened(series)
    assert state.view(series).further == ()
    state.finish(work_of(state, series), measured(series, PIXELS, PIXELS))
    assert value_of(state, series) == 12.5
    assert state.known()[series.key].further == state.view(series).further


@pytest.mark.parametrize("index", [0, 1])
def test_a_value_goes_with_the_pixels_of_any_slice_it_was_computed_from(index):
    series = series_of(2)
    state = opened(series)
    state.finish(work_of(state, series), measured(series, PIXELS, PIXELS))
    state.show("pane", OnScreen(series.key, index, PIXELS))
    assert value_of(state, series) == 12.5
    state.take_changes()
    state.show("pane", OnScreen(series.key, index, NEWER))
    assert value_of(state, series) == CHANGED
    assert series.key in state.take_changes()


def test_a_value_of_other_pixels_than_those_on_screen_never_appears():
    series = series_of(2)
    state = opened(series)
    state.show("pane", OnScreen(series.key, 1, NEWER))
    state.finish(work_of(state, series), measured(series, PIXELS, PIXELS))
    assert value_of(state, series) == CHANGED


def test_while_the_pixels_are_read_again_their_new_value_stands_and_they_are_outdated():
    series = series_of(2)
    state = opened(series)
    state.show("pane", OnScreen(series.key, 1, PIXELS))
    state.reload("pane")
    state.finish(work_of(state, series), measured(series, PIXELS, NEWER))
    assert value_of(state, series) == 12.5
    assert state.outdated("pane")


def test_a_new_finding_of_other_pixels_takes_the_value_along():
    series = series_of(2)
    state = opened(series)
    state.finish(work_of(state, series), measured(series, PIXELS, PIXELS))
    state.again(work_of(state, series))
    state.put(work_of(state, series), 0, found(PIXELS))
    assert value_of(state, series) == 12.5
    state.put(work_of(state, series), 0, found(NEWER))
    assert value_of(state, series) == CHANGED


def test_a_finding_that_is_rejected_takes_the_value_along():
    series = series_of(2)
    state = opened(series)
    state.finish(work_of(state, series), measured(series, PIXELS, PIXELS))
    state.reject(series.key, 0)
    assert value_of(state, series) == CHANGED


def test_another_bundled_model_and_another_study_take_the_values_along():
    series = series_of(2)
    state = opened(series)
    state.finish(work_of(state, series), measured(series, PIXELS, PIXELS))
    state.use(OTHER)
    assert state.view(series).further == ()
    state.finish(work_of(state, series), measured(series, PIXELS, PIXELS))
    state.open([series])
    assert state.view(series).further == ()
