"""Analyse a series: from its slices to findings, slice by slice, with a reason for everything left out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.aggregation import REACH_SIGMA, smooth_logits
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.eligibility import refusal
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.identity import series_identity
from ichviewer.domain.problems import Problem, ProblemCode, Severity
from ichviewer.domain.region_map import RegionMap
from ichviewer.domain.series import Series
from ichviewer.errors import DecodeError, EngineError, FileChangedError, ReadError
from ichviewer.inference.engine import Engine, Outputs
from ichviewer.inference.head import Head, estimate_spacing_mm, find_head
from ichviewer.inference.input_check import InputCheck
from ichviewer.inference.model_card import ModelCard
from ichviewer.inference.preprocess import Orientation
from ichviewer.inference.regions import region_map
from ichviewer.inference.series_input import SeriesInput, SeriesLayout, has_tissue, slices_of_head
from ichviewer.progress import Cancelled, CancelToken, Progress, silent
from ichviewer.services.measure_further import with_further
from ichviewer.services.model_ahead import ModelAhead
from ichviewer.services.read_ahead import AHEAD, Pixels, ReadAhead
from ichviewer.services.scan import unreadable_slice
from ichviewer.services.series_models import SeriesModel, registered_models

log = logging.getLogger("ichviewer.services")

OnFinding = Callable[[int, SliceFinding], None]

_SLICES_FOR_SCALE = 15
"""Slices looked at to estimate an unknown pixel spacing."""

_ROWS_BELOW_HEAD = 2

_MODEL_STEPS = 4
"""Steps that running the model on a slice counts: it takes about four times as long as the first look at it."""


def refused_status(reason: Problem) -> Status:
    """What becomes of slices that are refused: those of another kind are not analysed, broken ones have failed."""
    return Status.FAILED if reason.severity is Severity.ERROR else Status.NOT_ANALYSED


def steps_of(series: Series) -> int:
    """Steps that the analysis of a series counts in all."""
    return (1 + _MODEL_STEPS) * len(series)


def annotate_series(
    series: Series,
    pixels: Pixels,
    engine: Engine,
    card: ModelCard,
    *,
    on_finding: OnFinding | None = None,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
    further: Sequence[SeriesModel] | None = None,
) -> SeriesFindings:
    """Analyse all slices of a series.

    First the head is looked for in every slice, then the slices of the head go through the model from feet to head.
    A finding is told as soon as it is final: smoothed over its neighbors, calibrated, and never revised.

    Parameters
    ----------
    series : Series
    pixels : Pixels
        Asked for every slice twice, and in between for its neighbors; needs to keep only these (see
        `ichviewer.services.two_passes.TwoPassPixels`).
    engine : Engine
    card : ModelCard
        Of the model that the engine runs.
    on_finding : function of (int, SliceFinding), optional
        Called once for every slice of the series, in the order in which they become final, from this thread.
    progress : Progress
        Told after every step. Steps take about the same time: a slice counts one for the first pass and more for
        the second.
    cancel : CancelToken, optional
        When set, slices without a final result become "not analysed: cancelled".
    further : sequence of SeriesModel, optional
        Models that measure the series after all slices are final; all that are registered unless told.

    Returns
    -------
    SeriesFindings
        One finding for every slice, and the results of further models. Broken slices, a failing engine and a failing
        further model are findings too, not exceptions.
    """
    models = registered_models() if further is None else further
    run = _Run(series, pixels, card, on_finding=on_finding, progress=progress, cancel=cancel or CancelToken())
    refused = refusal(series)
    if refused is not None:
        run.settle_rest(refused_status(refused), lambda _: refused)
        return run.measured(models)
    try:
        with ReadAhead(pixels) as run.ahead:
            survey = _look_for_head(run)
            members = _leave_out_what_is_no_head(run, survey)
            if members:
                _run_model(run, survey, members, engine)
    except Cancelled:
        run.settle_rest(
            Status.NOT_ANALYSED, lambda i: Problem(ProblemCode.CANCELLED, run.where(i), "stopped by the user")
        )
    except EngineError as error:
        log.warning("the analysis failed: %s", error)
        reason = str(error)
        run.settle_rest(Status.FAILED, lambda i: Problem(ProblemCode.ENGINE_FAILED, run.where(i), reason))
    return run.measured(models)


class _Run:
    """One analysis under way: what is settled, and whom to tell."""

    def __init__(
        self,
        series: Series,
        pixels: Pixels,
        card: ModelCard,
        *,
        on_finding: OnFinding | None,
        progress: Progress,
        cancel: CancelToken,
    ) -> None:
        self.series = series
        self.pixels = pixels
        self.card = card
        self.layout = SeriesLayout.of(series)
        self.problems: list[tuple[Problem, ...]] = [info.problems for info in series.slices]
        self._on_finding = on_finding
        self._progress = progress
        self._cancel = cancel
        self._settled: dict[int, SliceFinding] = {}
        self._hashes: dict[int, str] = {}
        self.regions: dict[int, RegionMap | None] = {}
        self.ahead: ReadAhead | None = None

    def want(self, indices: Iterable[int]) -> None:
        """Have slices decoded that will be asked for soon."""
        if self.ahead is not None:
            self.ahead.want(self.series.slices[i] for i in indices)

    def where(self, index: int) -> str:
        return str(self.series.slices[index].source)

    def step(self, done: int, what: str) -> None:
        """Report a step, and stop here if asked to."""
        self._progress(done, steps_of(self.series), what)
        self._cancel.check()

    def add_problems(self, index: int, problems: tuple[Problem, ...]) -> None:
        self.problems[index] = tuple(dict.fromkeys((*self.problems[index], *problems)))

    def settled(self, index: int) -> bool:
        return index in self._settled

    def settle(
        self,
        index: int,
        status: Status,
        reason: Problem | None = None,
        probabilities: tuple[float, ...] | None = None,
    ) -> None:
        """Make a slice's finding final and tell it."""
        finding = SliceFinding(
            status,
            probabilities,
            reason,
            self.problems[index],
            self._hashes.get(index, ""),
            self.regions.get(index) if status is Status.ANALYSED else None,
        )
        self._settled[index] = finding
        if self._on_finding is not None:
            self._on_finding(index, finding)

    def settle_rest(self, status: Status, reason: Callable[[int], Problem]) -> None:
        for index in range(len(self.series)):
            if not self.settled(index):
                self.settle(index, status, reason(index))

    def findings(self) -> SeriesFindings:
        return SeriesFindings(
            self.series.key,
            tuple(self._settled[i] for i in range(len(self.series))),
            series_identity(self.series),
        )

    def measured(self, models: Sequence[SeriesModel]) -> SeriesFindings:
        """The findings, with what further models say of the same pixels."""
        total = steps_of(self.series)
        return with_further(
            self.findings(),
            self.series,
            self.pixels.get,
            models,
            progress=lambda _done, _total, what: self._progress(total, total, what),
            cancel=self._cancel,
        )

    def decoded(self, index: int) -> DecodedSlice:
        """A slice with its pixels, the same every time.

        Raises
        ------
        ReadError, DecodeError
            It cannot be read, or (FileChangedError) is not what it was the first time.
        """
        decoded = self.pixels.get(self.series.slices[index])
        if self._hashes.setdefault(index, decoded.pixel_hash) != decoded.pixel_hash:
            raise FileChangedError("the pixels are not what they were a moment ago", self.where(index))
        return decoded

    def hu(self, index: int) -> NDArray[np.float32]:
        """HU of a slice, turned to be seen from below with anterior up."""
        turned: NDArray[np.float32] = self.layout.orientation.apply(self.decoded(index).image.hu())
        return turned


@dataclass
class _Survey:
    """What the first pass found: the scale, and the head in every readable slice."""

    spacing_mm: tuple[float, float] | None
    shape: tuple[int, int]
    heads: dict[int, Head | None]
    empty: set[int]


def _look_for_head(run: _Run) -> _Survey:
    """First pass: decode every slice, settle those that fail, look for the head in the others."""
    first = run.series.slices[0]
    shape = (first.columns, first.rows) if run.layout.orientation.transpose else (first.rows, first.columns)
    survey = _Survey(_scale(run), shape, {}, set())
    check = InputCheck(run.series, run.layout)
    n = len(run.series)
    for index in range(n):
        run.step(index, f"looking for the head in slice {index + 1} of {n}")
        run.want(range(index + 1, min(index + 1 + AHEAD, n)))
        try:
            decoded = run.decoded(index)
        except (DecodeError, ReadError) as error:
            run.settle(index, Status.FAILED, unreadable_slice(error, run.where(index)))
            continue
        run.add_problems(index, decoded.problems)
        implausible = next((p for p in run.problems[index] if p.code is ProblemCode.IMPLAUSIBLE_VALUE), None)
        if implausible is not None:
            run.settle(index, Status.FAILED, implausible)
            continue
        if decoded.rgb is not None:
            # Luminance is no HU, however much it looks like a head.
            in_color = Problem(ProblemCode.SECONDARY_CAPTURE, run.where(index), "in color, without HU")
            run.settle(index, Status.NOT_ANALYSED, in_color)
            continue
        if survey.spacing_mm is None:
            survey.heads[index] = None
            continue
        hu = run.layout.orientation.apply(decoded.image.hu())
        head = find_head(hu, survey.spacing_mm)
        if _cut_through(decoded.image, head, survey.spacing_mm, run.layout):
            run.settle(index, Status.FAILED, _truncated(decoded.image, run.where(index)))
            continue
        survey.heads[index] = head
        check.add(index, hu, survey.spacing_mm, head)
        if not has_tissue(hu, survey.spacing_mm):
            survey.empty.add(index)
    outside = check.problems()
    for index in survey.heads:
        run.add_problems(index, outside)
    return survey


def _scale(run: _Run) -> tuple[float, float] | None:
    """Row and column spacing of the turned slices; estimated from the head where the file has none."""
    spacing = run.series.slices[0].spacing
    if spacing is not None:
        return run.layout.orientation.spacing((spacing.row_mm, spacing.column_mm))
    n = len(run.series)
    looked_at = []
    for index in sorted({round(i) for i in np.linspace(0, n - 1, min(n, _SLICES_FOR_SCALE))}):
        run.step(0, "estimating the scale")
        try:
            looked_at.append(run.hu(index))
        except (DecodeError, ReadError):
            continue  # the pass over all slices names it
    estimate = estimate_spacing_mm(looked_at)
    if estimate is None:
        return None
    for index in range(n):
        run.add_problems(
            index, (Problem(ProblemCode.SCALE_ESTIMATED, run.where(index), f"{estimate:.3f} mm a pixel"),)
        )
    return estimate, estimate


def _leave_out_what_is_no_head(run: _Run, survey: _Survey) -> list[int]:
    """Settle the slices that show no head; the others, in order."""
    heads = survey.heads
    belong = slices_of_head(heads, run.layout.positions_mm)
    for index in heads:
        if not belong:
            why = "no brain inside a skull in any slice" if len(heads) > 1 else "no brain inside a skull"
            run.settle(index, Status.NOT_ANALYSED, Problem(ProblemCode.NOT_A_HEAD, run.where(index), why))
        elif index not in belong or (index in survey.empty and heads[index] is None):
            why = "nothing but air" if index in survey.empty else "too far from the slices that show the head"
            run.settle(
                index, Status.NOT_ANALYSED, Problem(ProblemCode.NO_BRAIN_IN_SLICE, run.where(index), why)
            )
    return [index for index in heads if not run.settled(index)]


def _run_model(run: _Run, survey: _Survey, members: list[int], engine: Engine) -> None:
    """Second pass: put the slices through the model in order, settling each as soon as its neighbors are known."""
    assert survey.spacing_mm is not None
    n = len(run.series)
    source = SeriesInput(
        run.layout,
        survey.heads,
        run.hu,
        shape=survey.shape,
        spacing_mm=survey.spacing_mm,
        settings=run.card.preprocessing,
    )

    def make(index: int) -> NDArray[np.uint8]:
        run.want(source.needed_next(index, AHEAD))
        return source.input(index)

    positions = np.array([run.layout.positions_mm[i] for i in members])
    logits = np.full((len(members), len(run.card.outputs)), np.nan)
    final = known = 0
    with ModelAhead(make, engine, members) as ahead:
        while known < len(members):
            run.step(
                n + _MODEL_STEPS * n * known // len(members),
                f"analyzing slice {members[known] + 1} of {n}",
            )
            for index, outputs in ahead.take():
                if not isinstance(outputs, Outputs):
                    # It was readable a moment ago: the file went away, and pixels that left the cache cannot come
                    # back.
                    run.settle(index, Status.FAILED, unreadable_slice(outputs, run.where(index)))
                else:
                    logits[known] = outputs.logits[0]
                    if run.card.regions is not None and outputs.regions is not None:
                        run.regions[index] = region_map(
                            outputs.regions[0], run.card.regions, run.card.preprocessing, source.crop(index)
                        )
                known += 1
            final = _settle_final(run, members, positions, logits, final=final, known=known)
    run.step(steps_of(run.series), "done")


def _settle_final(
    run: _Run,
    members: list[int],
    positions: NDArray[np.float64],
    logits: NDArray[np.float64],
    *,
    final: int,
    known: int,
) -> int:
    """Settle slices from ``final`` on whose neighbors are all among the first ``known``; how many are final now."""
    reach = REACH_SIGMA * run.card.sigma_mm
    while final < known:
        near = np.flatnonzero(np.abs(positions - positions[final]) <= reach)
        if near[-1] >= known:
            break
        smoothed = smooth_logits(logits[near], positions[near], run.card.sigma_mm)
        if not run.settled(members[final]):
            p = run.card.calibration.probabilities(smoothed[np.searchsorted(near, final)])
            run.settle(members[final], Status.ANALYSED, probabilities=tuple(float(v) for v in p))
        final += 1
    return final


def _cut_through(
    image: SliceImage, head: Head | None, spacing_mm: tuple[float, float], layout: SeriesLayout
) -> bool:
    """Whether a slice was cut short above the end of the head, so that part of the brain may be missing."""
    if image.rows_read is None:
        return False
    if head is None or layout.orientation != Orientation():
        # Nothing shows that the head is whole; a turned slice is cut at another side, and too rare to work out.
        return True
    end_row_px = head.center_row_px + head.height_mm / 2 / spacing_mm[0]
    return end_row_px + _ROWS_BELOW_HEAD > image.rows_read - 1


def _truncated(image: SliceImage, where: str) -> Problem:
    found = f"{image.rows_read} of {image.shape[0]} rows, which do not hold the whole head"
    return Problem(ProblemCode.TRUNCATED_PIXEL_DATA, where, found)
