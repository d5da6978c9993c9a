"""Further models run after the bundled one, and what goes wrong in them costs their own values only."""

from __future__ import annotations

import dataclasses

import pytest
from synthetic_head import Slices, air_hu, body_hu, head_hu, make_series

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import Status
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.model_result import NotMeasured
from ichviewer.domain.model_spec import ModelSpec, Output, Scope, Unit
from ichviewer.errors import DecodeError, EngineError, ModelError
from ichviewer.inference.engine import open_engine
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.annotate import annotate_series

MEAN = Output("mean", "Mean of the middle", "Mean", Scope.SERIES, Unit.HU, 1)
MIDDLE = Output("middle", "HU of the middle", "Mid", Scope.SLICE, Unit.HU, 0)
SPEC = ModelSpec("middle", "Middle 1.0", (MEAN, MIDDLE))


class Middle:
    """The HU in the middle of every slice, and their mean."""

    spec = SPEC

    def __init__(self, answer=None, error: BaseException | None = None) -> None:
        self.answer, self.error = answer, error
        self.calls = 0

    def measure(self, slices, cancel, progress):
        self.calls += 1
        if self.error is not None:
            raise self.error
        if self.answer is not None:
            return self.answer
        values = []
        for index in range(len(slices)):
            progress(index, len(slices), f"slice {index + 1}")
            values.append(float(slices.hu(index)[64, 64]))
        return {"mean": sum(values) / len(values), "middle": tuple(values)}


def decoded(hu, pixel_hash: str) -> DecodedSlice:
    return DecodedSlice(SliceImage(hu, Rescale(1.0, 0.0)), (), pixel_hash)


@pytest.fixture
def annotate(tiny_card):
    engine = open_engine(tiny_card, "litert")

    def run(model, slices=None, series=None, **options):
        found = slices or [decoded(head_hu(hu), f"{hu:032x}") for hu in (20, 30, 70)]
        of = series or make_series(len(found))
        return annotate_series(of, Slices(found), engine, tiny_card, further=(model,), **options)

    yield run
    engine.close()


def reasons(findings) -> set[str]:
    (result,) = findings.further
    assert result.spec == SPEC
    assert all(isinstance(value, NotMeasured) for value in result.values)
    return {value.why for value in result.values}


def test_a_model_measures_the_slices_that_were_analyzed(annotate):
    findings = annotate(Middle())
    (result,) = findings.further
    assert result.values == (40.0, (20.0, 30.0, 70.0))
    assert result.pixel_hashes == tuple(s.pixel_hash for s in findings.slices)
    assert result.series == findings.series


def test_it_changes_nothing_of_what_the_bundled_model_found(annotate):
    with_it, without = annotate(Middle()), annotate(Middle(error=RuntimeError("no")))
    assert with_it.slices == without.slices
    assert with_it.analysed == 3


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (RuntimeError("/home/jane doe"), "the model failed (RuntimeError)"),
        (ModelError("its weights are missing", "/somewhere"), "its weights are missing"),
        (MemoryError(), "there is not enough memory for this"),
        (Cancelled(), "the analysis was cancelled"),
        # It would end the command, with success and without a CSV.
        (SystemExit(0), "the model failed (SystemExit)"),
    ],
)
def test_an_error_costs_the_models_values_and_says_so(annotate, error, why):
    findings = annotate(Middle(error=error))
    assert reasons(findings) == {why}
    assert findings.analysed == 3


@pytest.mark.parametrize(
    ("answer", "values"),
    [
        ({"mean": 3.0}, (3.0, NotMeasured("the model gave no value"))),
        ({"mean": float("nan")}, (NotMeasured("the model gave a value that cannot be"), None)),
        ({"mean": "high"}, (NotMeasured("the model gave a value that cannot be"), None)),
        ({"mean": NotMeasured("too dark")}, (NotMeasured("too dark"), None)),
        # It never looked at a slice, so it cannot have values of slices.
        (
            {"mean": 3.0, "middle": (1.0, 2.0, 3.0)},
            (3.0, NotMeasured("the model gave a value that cannot be")),
        ),
    ],
)
def test_a_value_that_cannot_be_costs_itself_only(annotate, answer, values):
    (result,) = annotate(Middle(answer)).further
    assert result.values == tuple(NotMeasured("the model gave no value") if v is None else v for v in values)


def test_what_is_no_answer_at_all_costs_the_models_values(annotate):
    assert reasons(annotate(Middle(answer=7))) == {"the model failed (TypeError)"}


def test_a_slice_that_failed_leaves_no_number(annotate):
    slices = [decoded(head_hu(20), "aa"), DecodeError("cut short", "1.dcm"), decoded(head_hu(70), "cc")]
    findings = annotate(Middle(), slices)
    assert reasons(findings) == {"slice 2: the pixel data could not be decoded"}
    assert [s.status for s in findings.slices] == [Status.ANALYSED, Status.FAILED, Status.ANALYSED]


def test_pixels_that_are_not_those_that_were_analyzed_are_not_measured(tiny_card):
    class Changing(Slices):
        """The middle slice is another one as soon as the analysis of the bundled model is through."""

        through = False

        def get(self, info):
            found = super().get(info)
            changed = self.through and info.source.path.stem == "1"
            return decoded(head_hu(31), "ff") if changed else found

    pixels = Changing([decoded(head_hu(hu), f"{hu:032x}") for hu in (20, 30, 70)])

    def progress(done: int, total: int, what: str) -> None:
        pixels.through |= done == total

    engine = open_engine(tiny_card, "litert")
    findings = annotate_series(
        make_series(3), pixels, engine, tiny_card, further=(Middle(),), progress=progress
    )
    engine.close()
    assert reasons(findings) == {"the pixels are not those that were analyzed"}
    assert findings.analysed == 3


@pytest.mark.parametrize(
    ("slices", "series", "why"),
    [
        ([body_hu()] * 3, make_series(3), "no head found in the image"),
        ([head_hu()] * 3, make_series(3, modality="MR"), "not a CT image"),
    ],
)
def test_what_is_no_head_ct_is_not_measured(annotate, slices, series, why):
    model = Middle()
    assert reasons(annotate(model, slices, series)) == {why}
    assert model.calls == 0


def test_a_slice_of_air_does_not_keep_a_model_from_measuring(annotate):
    slices = [decoded(head_hu(20), "aa"), decoded(head_hu(30), "bb"), decoded(air_hu(), "cc")]
    (result,) = annotate(Middle(), slices).further
    assert result.values[1] == (20.0, 30.0, -1000.0)


def test_a_cancelled_analysis_is_not_measured(annotate):
    cancel = CancelToken()
    cancel.cancel()
    model = Middle()
    assert reasons(annotate(model, cancel=cancel)) == {"the analysis was cancelled"}
    assert model.calls == 0


def test_cancelling_while_a_model_measures_keeps_the_findings(annotate):
    cancel = CancelToken()

    def progress(done: int, total: int, what: str) -> None:
        if what == "Middle 1.0: slice 2":
            cancel.cancel()

    findings = annotate(Middle(), cancel=cancel, progress=progress)
    assert reasons(findings) == {"the analysis was cancelled"}
    assert findings.analysed == 3


def test_a_bundled_model_that_cannot_be_run_costs_nothing_of_the_others(tiny_card):
    class Broken:
        name, batch_size, at_once = "litert", 1, 1

        def run(self, inputs):
            raise EngineError("out of order")

        def close(self):
            pass

    pixels = Slices([decoded(head_hu(hu), f"{hu:032x}") for hu in (20, 30, 70)])
    findings = annotate_series(make_series(3), pixels, Broken(), tiny_card, further=(Middle(),))
    assert findings.analysed == 0
    assert findings.further[0].values == (40.0, (20.0, 30.0, 70.0))


def test_what_the_listener_raises_is_no_error_of_the_model(annotate):
    def progress(done: int, total: int, what: str) -> None:
        if what.startswith("Middle"):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        annotate(Middle(), progress=progress)


def test_models_answer_each_under_its_own_name(tiny_card):
    other = Middle(error=RuntimeError("no"))
    other.spec = dataclasses.replace(SPEC, id="other", name="Other 1.0")
    pixels = Slices([decoded(head_hu(hu), f"{hu:032x}") for hu in (20, 30, 70)])
    engine = open_engine(tiny_card, "litert")
    findings = annotate_series(make_series(3), pixels, engine, tiny_card, further=(other, Middle()))
    engine.close()
    assert [(r.spec.id, r.values[0]) for r in findings.further] == [
        ("other", NotMeasured("the model failed (RuntimeError)")),
        ("middle", 40.0),
    ]
