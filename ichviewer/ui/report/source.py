"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.input_scope import outside_model
from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.domain.window import Voi, Window
from ichviewer.services.export import findings_of
from ichviewer.ui.report.content import MOST_KEY_IMAGES
from ichviewer.ui.report.measurements import Measurement
from ichviewer.ui.report.regions import RegionPicture, ReportedRegion

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard

BRAIN = Window(40.0, 80.0, name="Brain")
"""What key images are drawn through unless told."""


@dataclass(frozen=True)
class ModelFacts:
    """Which model the findings come from, and what judges them.

    Parameters
    ----------
    name, version : str
    engine : str
        What ran it.
    sha256 : str
        Of its `.keras` file.
    point : OperatingPoint
        The thresholds in use.
    series_rule : SeriesRule or None
    trained_on : tuple of str
        Names of the data.
    """

    name: str
    version: str
    engine: str
    sha256: str
    point: OperatingPoint
    series_rule: SeriesRule | None = None
    trained_on: tuple[str, ...] = ()

    @classmethod
    def of(cls, card: ModelCard, point: OperatingPoint, engine: str) -> ModelFacts:
        """The facts of a model's card."""
        names = tuple(data.name for data in card.training_data)
        return cls(card.name, card.version, engine, card.keras_sha256, point, card.series_rule, names)


@dataclass(frozen=True, eq=False)
class ReportSource:
    """A series, what was found in it, and pictures of it.

    Parameters
    ----------
    series : Series
    findings : SeriesFindings or None
        None where it was not analyzed.
    model : ModelFacts or None
        None where there is no model: then there are no findings either.
    pixels : mapping of int to DecodedSlice
        Slices to show, by index, four at most; see `key_slices`. A finding that was computed from other pixels than
        these is taken back, as in the window.
    voi : Window or VoiLut
        What they are drawn through.
    measurements : tuple of Measurement
        Annotations of the series.
    regions : tuple of ReportedRegion
        What was painted in the series.
    marked : frozenset of (int, str)
        Key images of the reader: index of the slice, and hash of the pixels that were marked.
    unread : tuple of int
        Slices that should be shown but could not be read.
    """

    series: Series
    findings: SeriesFindings | None
    model: ModelFacts | None
    pixels: Mapping[int, DecodedSlice] = field(default_factory=dict)
    voi: Voi = BRAIN
    measurements: tuple[Measurement, ...] = ()
    marked: frozenset[tuple[int, str]] = frozenset()
    unread: tuple[int, ...] = ()
    regions: tuple[ReportedRegion, ...] = ()

    def __post_init__(self) -> None:
        found = self.findings
        if found is not None and (found.key != self.series.key or len(found.slices) != len(self.series)):
            raise ValueError(
                f"findings must be those of the series, slice by slice. Received: {found.key}, "
                f"{len(found.slices)} slices for {self.series.key}, {len(self.series)} slices"
            )
        if found is not None and found.analysed and self.model is None:
            raise ValueError("findings need the model that they come from. Received: no model")
        if len(self.pixels) > MOST_KEY_IMAGES or not set(self.pixels) <= set(range(len(self.series))):
            raise ValueError(
                f"a report shows {MOST_KEY_IMAGES} slices of the series at most. Received: {sorted(self.pixels)}"
            )
        outside = [m.index for m in self.measurements if m.index is not None and m.index >= len(self.series)]
        if outside:
            raise ValueError(f"measurements lie on slices of the series. Received: {outside}")
        for picture in (region.picture for region in self.regions):
            if picture is not None and not _is_of(self.series, picture):
                raise ValueError(f"regions lie on slices of the series. Received: {picture.index}")

    def judged(self) -> SeriesFindings:
        """A finding for every slice, each only as far as it belongs to the pixels that are shown."""
        findings = {} if self.findings is None else {self.series.key: self.findings}
        slices = list(findings_of(self.series, findings))
        for index, decoded in self.pixels.items():
            if slices[index].pixel_hash not in ("", decoded.pixel_hash):
                slices[index] = self._taken_back(index)
        return SeriesFindings(self.series.key, tuple(slices))

    def _taken_back(self, index: int) -> SliceFinding:
        info = self.series.slices[index]
        reason = Problem(ProblemCode.FILE_CHANGED, str(info.source), "analyze again")
        return SliceFinding(Status.FAILED, reason=reason, problems=info.problems)

    def problems(self) -> dict[Problem, tuple[int, ...]]:
        """What was found wrong, without where it lies, with the slices it was found in; none for the whole series."""
        found: dict[Problem, dict[int, None]] = {replace(p, where=""): {} for p in self.series.problems}
        for index, finding in enumerate(self.judged().slices):
            shown = self.pixels.get(index)
            pixels = () if shown is None else shown.problems
            for problem in (*self.series.slices[index].problems, *finding.problems, *pixels):
                found.setdefault(replace(problem, where=""), {})[index] = None
        return {problem: tuple(sorted(slices)) for problem, slices in found.items()}

    def outside(self) -> tuple[Problem, ...]:
        """What places the series outside what the model knows, each kind once."""
        return outside_model(self.problems())


def _is_of(series: Series, picture: RegionPicture) -> bool:
    if picture.index >= len(series):
        return False
    info = series.slices[picture.index]
    return picture.mask.place == (info.sop_uid, info.source.frame)


def key_slices(findings: SeriesFindings | None, point: OperatingPoint | None) -> tuple[int, ...]:
    """The most suspicious flagged slices, four at most, in their order.

    First the slice with the highest probability of every flagged type, the likeliest types first, then those with
    the highest probability of any hemorrhage: four neighbors would show one bleed four times.

    Parameters
    ----------
    findings : SeriesFindings or None
    point : OperatingPoint or None

    Returns
    -------
    tuple of int
        Indices; empty where no slice is flagged.
    """
    if findings is None or point is None:
        return ()
    flagged = {index: findings.slices[index] for index in findings.flagged_slices(point)}

    def by(label: Hemorrhage) -> list[int]:
        return sorted(flagged, key=lambda index: (-(flagged[index].probability(label) or 0.0), index))

    types = [label for label in TYPES if any(label in f.flagged(point) for f in flagged.values())]
    types.sort(key=lambda label: -(flagged[by(label)[0]].probability(label) or 0.0))
    wanted = dict.fromkeys([*(by(label)[0] for label in types), *by(Hemorrhage.ANY)])
    return tuple(sorted(list(wanted)[:MOST_KEY_IMAGES]))


def slices_words(indices: tuple[int, ...]) -> str:
    """Numbers of slices as people write them: ``1–3, 7``."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and index == runs[-1][1] + 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    return ", ".join(f"{a + 1}" if a == b else f"{a + 1}–{b + 1}" for a, b in runs)


def named_slices(indices: tuple[int, ...]) -> str:
    """The same with what they are: ``slice 7``, ``slices 1–3, 7``."""
    return f"{'slice' if len(indices) == 1 else 'slices'} {slices_words(indices)}"
