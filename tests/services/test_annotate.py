from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_head import SIZE, Slices, air_hu, body_hu, head_hu, make_series

from ichviewer.dicom.decode import DecodedSlice
from ichviewer.domain.aggregation import smooth_logits
from ichviewer.domain.calibration import PlattCalibration, sigmoid
from ichviewer.domain.findings import SeriesState, Status
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.errors import DecodeError, EngineError, ReadError
from ichviewer.inference.engine import Outputs
from ichviewer.progress import CancelToken
from ichviewer.services.annotate import annotate_series

WINDOW_LOW_HU, WINDOW_WIDTH_HU = -20.0, 120.0


class BrightnessEngine:
    """Logits that tell which slice came: the grey of the brain in the middle of the picture, over 25."""

    name = "litert"
    at_once = 1

    def __init__(self, batch_size: int = 1, fail_after: int | None = None) -> None:
        self.batch_size = batch_size
        self.seen: list[int] = []
        self.closed = False
        self._left = fail_after

    def run(self, inputs):
        if self._left is not None:
            if self._left < len(inputs):
                raise EngineError("out of order")
            self._left -= len(inputs)
        grey = inputs[:, 16, 16, 1].astype(float)
        self.seen += [int(g) for g in grey]
        return Outputs(np.repeat(grey[:, None] / 25.0, 6, axis=1))

    def close(self) -> None:
        self.closed = True


def logit_of(brain_hu: float) -> float:
    """What BrightnessEngine says of a brain of this value."""
    return float(np.floor((brain_hu - WINDOW_LOW_HU) / WINDOW_WIDTH_HU * 255 + 0.5)) / 25.0


def annotate(series, slices, card, engine=None, **kwargs):
    events: list[tuple[int, object]] = []
    pixels = slices if isinstance(slices, Slices) else Slices(slices)
    result = annotate_series(
        series,
        pixels,
        engine or BrightnessEngine(),
        card,
        on_finding=lambda i, f: events.append((i, f)),
        **kwargs,
    )
    assert sorted(i for i, _ in events) == list(range(len(series)))  # every slice once
    assert all(result.slices[i] == f for i, f in events)  # and never revised
    return result, [i for i, _ in events]


def test_probabilities_are_smoothed_then_calibrated(tiny_card):
    card = dataclasses.replace(tiny_card, calibration=PlattCalibration((0.5,) * 6, (-1.0,) * 6))
    brains = [20, 30, 80, 30, 20]
    result, order = annotate(make_series(5), [head_hu(b) for b in brains], card)
    raw = np.repeat(np.array([logit_of(b) for b in brains])[:, None], 6, axis=1)
    # Smoothed by hand for the middle slice: weights exp(-2) at 5 mm with sigma 2.5 mm.
    w = np.exp(-2.0)
    expected = (raw[2, 0] + w * (raw[1, 0] + raw[3, 0])) / (1 + 2 * w)
    assert result.slices[2].probabilities[0] == pytest.approx(float(sigmoid(0.5 * expected - 1)))
    everything = sigmoid(0.5 * smooth_logits(raw, [0, 5, 10, 15, 20], 2.5) - 1)
    np.testing.assert_allclose(result.probabilities(), everything)
    assert order == [0, 1, 2, 3, 4]
    assert result.state() is SeriesState.DONE


def test_results_stream_while_the_model_runs(tiny_card):
    told: list[tuple[str, int]] = []

    class Watching(BrightnessEngine):
        def run(self, inputs):
            told.append(("model", len(self.seen)))
            return super().run(inputs)

    n = 10
    annotate_series(
        make_series(n),
        Slices([head_hu()] * n),
        Watching(),
        tiny_card,
        on_finding=lambda i, _: told.append(("final", i)),
    )
    assert [i for what, i in told if what == "model"] == list(range(n))
    assert [i for what, i in told if what == "final"] == list(range(n))
    at = {event: place for place, event in enumerate(told)}
    for i in range(n):
        # A slice is final when its upper neighbor is known: reach is 7.5 mm, slices are 5 mm apart.
        assert at["final", i] > at["model", min(i + 1, n - 1)]
        # Two more are begun ahead, no others before it is told.
        assert i + 4 >= n or at["final", i] < at["model", i + 4]


@given(st.lists(st.floats(0.5, 12), min_size=1, max_size=12), st.integers(1, 5))
def test_batches_and_spacing_never_change_the_result(tiny_card, steps, batch_size):
    positions = np.round(np.cumsum(steps), 3).tolist()
    brains = [10 + 7 * (i * i % 11) for i in range(len(positions))]
    series = make_series(len(positions), positions_mm=positions)
    slices = [head_hu(b) for b in brains]
    one, _ = annotate(series, slices, tiny_card, BrightnessEngine(1))
    many, _ = annotate(series, slices, tiny_card, BrightnessEngine(batch_size))
    assert one == many
    assert one.analysed == len(positions)


def test_refused_by_its_headers(tiny_card):
    engine = BrightnessEngine()
    slices = Slices([head_hu()] * 2)
    result, _ = annotate(make_series(2, modality="MR"), slices, tiny_card, engine)
    assert [s.reason.code for s in result.slices] == [ProblemCode.NOT_CT] * 2
    assert result.state() is SeriesState.REFUSED
    assert not slices.gets
    assert not engine.seen


def test_not_a_head(tiny_card):
    result, _ = annotate(make_series(3), [body_hu(), air_hu(), body_hu()], tiny_card)
    assert [s.reason.code for s in result.slices] == [ProblemCode.NOT_A_HEAD] * 3
    assert {s.status for s in result.slices} == {Status.NOT_ANALYSED}


def test_an_image_in_color_is_not_analysed_even_where_its_luminance_looks_like_a_head(tiny_card):
    luminance = np.clip(head_hu(), 0, 255).astype(np.int16)
    luminance[head_hu() > 250] = 255
    picture = SliceImage(luminance, Rescale(1.0, 0.0))
    rgb = np.repeat(luminance[..., np.newaxis].astype(np.uint8), 3, axis=2)
    engine = BrightnessEngine()
    grey, _ = annotate(make_series(1), [DecodedSlice(picture)], tiny_card, engine)
    assert grey.analysed == 1  # or the picture would prove nothing
    engine.seen.clear()
    result, _ = annotate(make_series(1), [DecodedSlice(picture, rgb=rgb)], tiny_card, engine)
    assert [(s.status, s.reason.code) for s in result.slices] == [
        (Status.NOT_ANALYSED, ProblemCode.SECONDARY_CAPTURE)
    ]
    assert not engine.seen


def test_neck_and_air_are_left_out_the_skull_base_is_not(tiny_card):
    # Heads from 45 mm to 60 mm; soft tissue without a skull below, air above.
    slices = [*[body_hu()] * 9, *[head_hu()] * 4, air_hu()]
    result, _ = annotate(make_series(14), slices, tiny_card)
    analysed = [i for i, s in enumerate(result.slices) if s.status is Status.ANALYSED]
    assert analysed == list(range(5, 13))  # 25 mm to 60 mm: 20 mm below the lowest head
    assert {s.reason.code for s in result.slices if s.reason} == {ProblemCode.NO_BRAIN_IN_SLICE}
    assert "air" in result.slices[13].reason.found
    assert "too far" in result.slices[0].reason.found


def test_a_broken_slice_fails_and_the_rest_goes_on(tiny_card):
    broken = DecodeError("the JPEG is damaged", "/scan/1.dcm", "marker 0xFF01")
    gone = ReadError("the file is gone", "/scan/3.dcm")
    result, _ = annotate(make_series(5), [head_hu(), broken, head_hu(), gone, head_hu()], tiny_card)
    assert [s.status.value for s in result.slices] == ["analysed", "failed", "analysed", "failed", "analysed"]
    assert result.slices[1].reason == Problem(
        ProblemCode.DECODE_FAILED, "/scan/1.dcm", "the JPEG is damaged; marker 0xFF01"
    )
    assert result.slices[3].reason.code is ProblemCode.UNREADABLE_FILE
    assert result.state() is SeriesState.PARTLY
    # A broken slice has no say in the smoothing: 10 mm to the next neighbor is out of reach.
    assert result.slices[0].probabilities[0] == pytest.approx(float(sigmoid(logit_of(35))))


def test_a_slice_that_vanishes_between_the_passes_fails(tiny_card):
    class Vanishing(Slices):
        def get(self, info):
            if info.sop_uid == "1.2.1" and 1 in self.gets:
                raise ReadError("the file is gone", str(info.source))
            return super().get(info)

    result, _ = annotate(make_series(3), Vanishing([head_hu()] * 3), tiny_card)
    assert result.slices[1].status is Status.FAILED
    assert result.slices[1].reason.code is ProblemCode.UNREADABLE_FILE


def truncated(rows_read: int) -> DecodedSlice:
    image = SliceImage(head_hu(), Rescale(), rows_read=rows_read)
    return DecodedSlice(
        image, (Problem(ProblemCode.TRUNCATED_PIXEL_DATA, "/scan/1.dcm", f"{rows_read} rows"),)
    )


def test_a_slice_cut_short_below_the_head_is_analysed_and_marked(tiny_card):
    # The skull ends at row 63.5 + 86 / 1.8 = 111 of 128.
    result, _ = annotate(make_series(3), [head_hu(), truncated(120), head_hu()], tiny_card)
    assert result.analysed == 3
    assert result.slices[1].problems[0].code is ProblemCode.TRUNCATED_PIXEL_DATA


@pytest.mark.parametrize("rows_read", [0, 20, 70, 100])
def test_a_slice_cut_through_the_head_fails(tiny_card, rows_read):
    result, _ = annotate(make_series(3), [head_hu(), truncated(rows_read), head_hu()], tiny_card)
    assert result.slices[1].status is Status.FAILED
    assert result.slices[1].reason.code is ProblemCode.TRUNCATED_PIXEL_DATA
    assert f"{rows_read} of {SIZE} rows" in result.slices[1].reason.found
    assert result.analysed == 2


def test_an_unknown_scale_is_estimated_and_said(tiny_card):
    result, _ = annotate(make_series(3, spacing_mm=None), [head_hu()] * 3, tiny_card)
    assert result.analysed == 3
    problem = next(p for p in result.slices[0].problems if p.code is ProblemCode.SCALE_ESTIMATED)
    assert float(problem.found.split()[0]) == pytest.approx(1.8, rel=0.05)


def test_an_unknown_scale_without_a_head_is_no_head(tiny_card):
    result, _ = annotate(make_series(2, spacing_mm=None), [body_hu(), air_hu()], tiny_card)
    assert [s.reason.code for s in result.slices] == [ProblemCode.NOT_A_HEAD] * 2


def test_problems_of_header_and_pixels_come_along(tiny_card):
    series = make_series(1)
    header = Problem(ProblemCode.RESCALE_MISSING, "here")
    info = dataclasses.replace(series.slices[0], problems=(header,))
    series = dataclasses.replace(series, slices=(info,))
    found = Problem(ProblemCode.REPAIRED_12_BIT, "there")
    decoded = DecodedSlice(SliceImage(head_hu()), (found, header))
    result, _ = annotate(series, [decoded], tiny_card)
    assert result.slices[0].problems[:2] == (header, found)
    # Heads of 1.8 mm a pixel are coarser than what the model was trained on; that is told of every slice.
    assert [p.code for p in result.slices[0].problems[2:]] == [ProblemCode.UNUSUAL_FIELD_OF_VIEW]


def test_cancel_keeps_what_is_final(tiny_card):
    cancel = CancelToken()

    def progress(done: int, total: int, what: str) -> None:
        if what == "analyzing slice 4 of 6":
            cancel.cancel()

    result, _ = annotate(make_series(6), [head_hu()] * 6, tiny_card, progress=progress, cancel=cancel)
    assert [s.status.value for s in result.slices] == ["analysed"] * 2 + ["not_analysed"] * 4
    assert {s.reason.code for s in result.slices[2:]} == {ProblemCode.CANCELLED}


def test_a_failing_engine_fails_what_is_not_final(tiny_card):
    engine = BrightnessEngine(fail_after=3)
    result, _ = annotate(make_series(6), [head_hu()] * 6, tiny_card, engine)
    assert [s.status.value for s in result.slices] == ["analysed"] * 2 + ["failed"] * 4
    assert result.slices[5].reason == Problem(ProblemCode.ENGINE_FAILED, "/scan/5.dcm", "out of order")


def test_progress_ends_full_and_never_goes_back(tiny_card):
    steps: list[tuple[int, int]] = []
    annotate(make_series(4), [head_hu()] * 4, tiny_card, progress=lambda d, t, w: steps.append((d, t)))
    assert steps == sorted(steps)
    assert steps[-1] == (20, 20)  # a step for the first look, four for the model


def test_slices_stored_upside_down_give_the_same(tiny_card):
    rng = np.random.default_rng(0)
    heads = [head_hu(b) + rng.integers(0, 30, (SIZE, SIZE)).astype(np.int16) for b in (20, 40, 60)]
    straight, _ = annotate(make_series(3), heads, tiny_card)
    turned, _ = annotate(
        make_series(3, row_direction=(-1.0, 0.0, 0.0), column_direction=(0.0, -1.0, 0.0)),
        [np.ascontiguousarray(h[::-1, ::-1]) for h in heads],
        tiny_card,
    )
    assert straight.slices == turned.slices
