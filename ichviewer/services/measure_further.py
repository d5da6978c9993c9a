"""Run the further models on a series that was analyzed; whatever goes wrong in one costs only its own values."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, Status
from ichviewer.domain.model_result import ModelResult, NotMeasured, Value, check_value
from ichviewer.domain.model_spec import ModelSpec
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import IchViewerError
from ichviewer.progress import Cancelled, CancelToken, Progress
from ichviewer.services.series_models import SeriesModel
from ichviewer.services.series_slices import SeriesSlices

log = logging.getLogger("ichviewer.services")

_CANCELLED = NotMeasured("the analysis was cancelled")


def with_further(
    findings: SeriesFindings,
    series: Series,
    get: Callable[[SliceInfo], DecodedSlice],
    models: Sequence[SeriesModel],
    *,
    progress: Progress,
    cancel: CancelToken,
) -> SeriesFindings:
    """The findings, with what further models say of the series.

    Parameters
    ----------
    findings : SeriesFindings
        Of this series; they stay as they are.
    series : Series
    get : function of SliceInfo
        Decodes a slice.
    models : sequence of SeriesModel
    progress : Progress
        Told with the steps that the models count.
    cancel : CancelToken
        When set, models that are not through say that they were cancelled.
    """
    reason = _why_none(findings)
    results = []
    for model in models:
        if cancel.cancelled:
            reason = _CANCELLED
        if reason is None:
            results.append(_measure(findings, series, get, model, progress=progress, cancel=cancel))
        else:
            results.append(ModelResult.none(series.key, findings.series, model.spec, reason, len(series)))
    return replace(findings, further=tuple(results))


def not_measured(findings: SeriesFindings, models: Sequence[SeriesModel]) -> SeriesFindings:
    """The findings of a series of which nothing was analyzed, with models that therefore measured nothing."""
    reason = _why_none(findings)
    if reason is None:
        raise ValueError("a series of which nothing was analyzed is needed. Received: one that was")
    none = tuple(
        ModelResult.none(findings.key, findings.series, model.spec, reason, len(findings.slices))
        for model in models
    )
    return replace(findings, further=none)


def _why_none(findings: SeriesFindings) -> NotMeasured | None:
    """Why nothing can be measured in this series: its analysis was cancelled, or no head was found in it."""
    reasons = [s.reason for s in findings.slices if s.reason is not None]
    if any(reason.code is ProblemCode.CANCELLED for reason in reasons):
        return _CANCELLED
    # The bundled model could not be run: that says nothing of the images.
    if any(s.status is Status.ANALYSED for s in findings.slices) or any(
        reason.code is ProblemCode.ENGINE_FAILED for reason in reasons
    ):
        return None
    return NotMeasured(reasons[0].text.removeprefix("not analyzed: "))


def _measure(
    findings: SeriesFindings,
    series: Series,
    get: Callable[[SliceInfo], DecodedSlice],
    model: SeriesModel,
    *,
    progress: Progress,
    cancel: CancelToken,
) -> ModelResult:
    spec = model.spec
    slices = SeriesSlices(series, get, findings)
    steps = _Steps(progress, cancel, spec.name)
    try:
        steps(0, 0, "starting")
        answer = model.measure(slices, cancel, steps)
        values = tuple(_value(spec, place, answer, slices.pixel_hashes) for place in range(len(spec.outputs)))
        result = ModelResult(series.key, findings.series, spec, values, slices.pixel_hashes)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code: it costs its own values only
        steps.raise_own()
        reason = _why_failed(spec, error)
        return ModelResult.none(series.key, findings.series, spec, reason, len(series))
    steps.raise_own()
    return result


class _Steps:
    """The progress of a model: named, stopped when cancelled; what it raises is not taken for the model's error."""

    def __init__(self, progress: Progress, cancel: CancelToken, name: str) -> None:
        self._progress = progress
        self._cancel = cancel
        self._name = name
        self._error: BaseException | None = None

    def __call__(self, done: int, total: int, what: str) -> None:
        try:
            self._progress(done, total, f"{self._name}: {what}")
        except BaseException as error:
            self._error = error
            raise
        self._cancel.check()

    def raise_own(self) -> None:
        """Let through what the progress raised: whoever listens is gone."""
        if self._error is not None and not isinstance(self._error, Cancelled):
            raise self._error


def _value(spec: ModelSpec, place: int, answer: Mapping[str, Value], pixel_hashes: tuple[str, ...]) -> Value:
    """One value of an answer; a value that cannot be costs itself only."""
    output = spec.outputs[place]
    if output.name not in answer:
        return NotMeasured("the model gave no value")
    value = answer[output.name]
    try:
        check_value(output, value, pixel_hashes)
    except ValueError as error:
        log.warning("%s gave a value that cannot be: %s", spec.id, error)
        return NotMeasured("the model gave a value that cannot be")
    return value


def _why_failed(spec: ModelSpec, error: Exception | SystemExit) -> NotMeasured:
    if isinstance(error, Cancelled):
        return _CANCELLED
    if isinstance(error, IchViewerError):
        return NotMeasured(" ".join(error.what.split()) or "the model failed")
    if isinstance(error, MemoryError):
        return NotMeasured("there is not enough memory for this")
    # Without its text and traceback, which may hold names of files.
    log.warning("%s failed: %s", spec.id, type(error).__name__)
    log.debug("details", exc_info=error)
    return NotMeasured(f"the model failed ({type(error).__name__})")
