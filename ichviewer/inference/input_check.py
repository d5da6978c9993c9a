"""Says when a series lies outside what the model was trained on: contrast, thickness, noise, age, field of view.

Slices are shown to the check one after another, in order; it keeps a few numbers of each and one picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.contrast_words import agent_given, description_tells_contrast
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series
from ichviewer.inference.head import Head
from ichviewer.inference.input_measures import (
    PICTURE,
    PictureMeasures,
    bone_at_edge_mm,
    measure_picture,
)
from ichviewer.inference.preprocess import SLAB_MM, THIN_SLICE_MM, resample_head
from ichviewer.inference.series_input import SeriesLayout

VESSEL_MM2 = 4.5
"""Three of four slices through the cerebrum show more bright vessels than this where contrast medium was given.

Without any, no whole head of CT-ICH has any at all, and none more than 4 mm2 with 25 HU of noise added."""
SINUS_MM2 = 10.0
"""Half of these slices show more bright sagittal sinus than this; without contrast medium none."""
WEAKER_SIDE = 0.1
"""Vessels are on both sides; a catheter or a calcified tumor is on one."""
_CEREBRUM_MM = (15.0, 65.0)
"""Below the highest slice that shows brain: between the flat skull of the vertex and the skull base."""
_MAX_BONE_MM2 = 20.0
"""Of slices through the cerebrum of CT-ICH 95 % show less than 8 mm2 of bone deep inside; the base shows more."""
_MIN_PICTURES = 4
_STEP_PX = 8.0
"""Pictures are cut out around places so far apart: resampling matrices are made once for several slices."""
_QUANTILE = 0.25

MAX_THICKNESS_MM = 7.5
"""The model was trained on slices 5 mm apart, and thinner ones are averaged to 5 mm; 7.5 mm is the most in use."""
MAX_NOISE_HU = 7.0
"""Training scans had up to 3.7 HU by this measure; up to 4 HU was added to them, 7 HU to made heads."""
ADULT_YEARS = 18.0
MIN_ADULT_SKULL_MM = 142.0
"""Geometric mean of the outer width and length of the skull; about the first percentile of women.

Heads of grown women are on average 142.7 mm wide and 182.7 mm long (L. G. Farkas et al., Cleft Palate Craniofac J
29:303, 1992, doi 10.1597/1545-1569_1992_029_0303_agsoth_2.3.co_2), 8 mm less without scalp, with a standard deviation
of about 3 %. Children outgrow the bound at about two years: who is older is known by the age in the header only."""
MIN_COVER_MM = 80.0
"""Least height of the slices that show brain inside a skull; adults have 105 to 170 mm in CT-ICH."""
MAX_TOP_SIZE = 0.8
"""Size of the skull in the highest slice that shows brain, as a share of its largest.

In CT-ICH it is at most 0.69 for all patients but two, whose scans end below the vertex (0.87 and 0.94)."""
MIN_CUT_MM = 12.0
"""Bone along the image's edge in a slice: a cut skull has two cross sections of 6 mm and more."""
MIN_CUT_SHARE = 0.2
MAX_PIXEL_MM = 1.0
"""Pixels larger than this are coarser than the model's own grid (0.71 mm) by almost a half."""


@dataclass(frozen=True)
class _Slice:
    """What is kept of a slice that shows a head."""

    position_mm: float
    width_mm: float
    height_mm: float
    coverage: float
    cut_mm: float


class InputCheck:
    """Judges a series while its slices go by.

    Parameters
    ----------
    series : Series
        Its headers count too: contrast agent, description, thickness, age.
    layout : SeriesLayout
        Where its slices lie.
    """

    def __init__(self, series: Series, layout: SeriesLayout) -> None:
        self._series = series
        self._positions = layout.positions_mm
        steps = np.diff(self._positions)
        self._step_mm = float(np.median(steps)) if steps.size else math.nan
        self._slab_mm = SLAB_MM if self._step_mm < THIN_SLICE_MM else 0.0
        self._slices: list[_Slice] = []
        self._pictures: list[tuple[float, PictureMeasures]] = []
        self._slab = _Slab()
        self._spacing_mm: tuple[float, float] | None = None

    def add(
        self, index: int, hu: NDArray[np.float32], spacing_mm: tuple[float, float], head: Head | None
    ) -> None:
        """Look at the next slice.

        Parameters
        ----------
        index : int
            Which slice of the series; in ascending order, those that cannot be read left out.
        hu : ndarray of float32, shape (rows, columns)
            HU, turned as the layout says.
        spacing_mm : tuple of float
            Row and column spacing after turning.
        head : Head or None
            What `head.find_head` found in it; slices without one are not measured.
        """
        self._spacing_mm = spacing_mm
        if head is None:
            return
        position = self._positions[index]
        self._slices.append(
            _Slice(
                position, head.width_mm, head.height_mm, head.skull_coverage, bone_at_edge_mm(hu, spacing_mm)
            )
        )
        if self._slab.ends_before(position, self._slab_mm):
            self._close_slab()
        self._slab.add(position, hu, spacing_mm, head)
        if self._slab_mm == 0.0:
            self._close_slab()

    def problems(self) -> tuple[Problem, ...]:
        """What places the series outside of what the model knows, by its headers and the slices seen so far."""
        self._close_slab()
        where = f"series {self._series.description}".strip()
        found = (
            (ProblemCode.CONTRAST_MEDIUM, self._contrast()),
            (ProblemCode.UNUSUAL_THICKNESS, self._thickness()),
            (ProblemCode.HIGH_NOISE, self._noise()),
            (ProblemCode.CHILD_HEAD, self._child()),
            (ProblemCode.UNUSUAL_FIELD_OF_VIEW, self._field_of_view()),
        )
        return tuple(Problem(code, where, what) for code, what in found if what)

    def measures(self) -> dict[str, float]:
        """The figures that are judged, by name, NaN where there is nothing to tell them from."""
        self._close_slab()
        cerebrum = self._cerebrum()
        # Below the top of a part of a head may lie the skull base.
        enough = len(cerebrum) >= _MIN_PICTURES and self._reaches_vertex()
        vessels = [p.vessel_mm2 for p in cerebrum]
        bright = [p.bright_hu for p in cerebrum if not math.isnan(p.bright_hu)]
        noise = [p.noise_hu for _, p in self._pictures if not math.isnan(p.noise_hu)]
        return {
            "vessel_mm2": float(np.quantile(vessels, _QUANTILE)) if enough else math.nan,
            "weaker_side": sum(p.weaker_side_mm2 for p in cerebrum) / max(sum(vessels), 1e-6)
            if enough
            else math.nan,
            "sinus_mm2": float(np.median([p.sinus_mm2 for p in cerebrum])) if enough else math.nan,
            "bright_hu": float(np.median(bright)) if bright else math.nan,
            "noise_hu": float(np.median(noise)) if noise else math.nan,
            "skull_mm": self._skull_mm(),
            "cover_mm": self._cover_mm(),
            "cut_share": sum(s.cut_mm >= MIN_CUT_MM for s in self._slices) / max(len(self._slices), 1),
        }

    def _close_slab(self) -> None:
        measured = self._slab.measured()
        if measured is not None:
            self._pictures.append(measured)
        self._slab = _Slab()

    def _cerebrum(self) -> list[PictureMeasures]:
        """The pictures between vertex and skull base."""
        if not self._slices:
            return []
        top = max(s.position_mm for s in self._slices)
        low, high = _CEREBRUM_MM
        return [
            p
            for position, p in self._pictures
            if low <= top - position <= high and p.bone_mm2 <= _MAX_BONE_MM2
        ]

    def _contrast(self) -> str:
        measures = self.measures()
        vessels = measures["vessel_mm2"] >= VESSEL_MM2 and measures["weaker_side"] >= WEAKER_SIDE
        told = []
        if vessels or measures["sinus_mm2"] >= SINUS_MM2:
            told.append(f"bright vessels, {measures['bright_hu']:.0f} HU")
        if agent_given(self._series.contrast_agent):
            told.append(f"contrast agent {self._series.contrast_agent.strip()}")
        if description_tells_contrast(self._series.description):
            told.append(f"described as {self._series.description.strip()}")
        return "; ".join(told)

    def _thickness(self) -> str:
        known = [s.thickness_mm for s in self._series.slices if s.thickness_mm is not None]
        thick = float(np.median(known)) if known else 0.0
        if thick > MAX_THICKNESS_MM:
            return f"slices {thick:g} mm thick"
        located = self._series.positions_mm() is not None
        if located and self._step_mm > MAX_THICKNESS_MM:
            return f"slices {self._step_mm:.3g} mm apart"
        return ""

    def _noise(self) -> str:
        noise = self.measures()["noise_hu"]
        return f"{noise:.1f} HU at {PICTURE.mm_per_px:.1f} mm a pixel" if noise > MAX_NOISE_HU else ""

    def _child(self) -> str:
        age = self._series.patient.age_years
        if age is not None:
            return f"{age:.3g} years" if age < ADULT_YEARS else ""
        skull = self._skull_mm()
        # A scale that was estimated assumes an adult. A few slices need not hold the head at its largest.
        if self._series.slices[0].spacing is None or self._cover_mm() < MIN_COVER_MM / 2:
            return ""
        if skull < MIN_ADULT_SKULL_MM:
            widest = max(s.width_mm for s in self._slices)
            return f"skull {widest:.0f} mm wide"
        return ""

    def _field_of_view(self) -> str:
        spacing = self._spacing_mm
        if spacing is not None and max(spacing) > MAX_PIXEL_MM:
            return f"pixels of {max(spacing):.2f} mm"
        cut = [s for s in self._slices if s.cut_mm >= MIN_CUT_MM]
        if self._slices and len(cut) >= max(1.0, MIN_CUT_SHARE * len(self._slices)):
            return f"the skull is cut by the edge of the image in {len(cut)} of {len(self._slices)} slices"
        located = self._series.positions_mm() is not None
        if located and 0.0 < self._cover_mm() < MIN_COVER_MM:
            return f"slices of the head over {self._cover_mm():.0f} mm"
        if located and len(self._slices) >= _MIN_PICTURES and not self._reaches_vertex():
            return "the slices end below the vertex"
        return ""

    def _reaches_vertex(self) -> bool:
        """Whether the skull becomes small in the highest slice that shows brain."""
        if not self._slices:
            return False
        top = max(self._slices, key=lambda s: s.position_mm)
        sizes = [s.width_mm * s.height_mm for s in self._slices]
        return math.sqrt(top.width_mm * top.height_mm / float(np.quantile(sizes, 0.9))) <= MAX_TOP_SIZE

    def _skull_mm(self) -> float:
        whole = [s for s in self._slices if s.coverage >= 0.9]
        if not whole:
            return math.nan
        width, height = np.quantile([(s.width_mm, s.height_mm) for s in whole], 0.9, axis=0)
        return math.sqrt(float(width * height))

    def _cover_mm(self) -> float:
        """Height of the part of the head that was scanned, with the thickness of a slice."""
        if not self._slices:
            return 0.0
        at = [s.position_mm for s in self._slices]
        return max(at) - min(at) + (0.0 if math.isnan(self._step_mm) else self._step_mm)


class _Slab:
    """Pictures of neighboring thin slices, added up: one picture as the model sees it."""

    def __init__(self) -> None:
        self._sum: NDArray[np.float32] | None = None
        self._n = 0
        self._first_mm = self._last_mm = 0.0
        self._center_px = (0.0, 0.0)
        self._head: Head | None = None
        self._offset_mm = (0.0, 0.0)

    def ends_before(self, position_mm: float, slab_mm: float) -> bool:
        """Whether a slice there would make the slab thicker than ``slab_mm``."""
        return self._sum is not None and position_mm - self._first_mm >= slab_mm

    def add(
        self, position_mm: float, hu: NDArray[np.float32], spacing_mm: tuple[float, float], head: Head
    ) -> None:
        """Add a slice's picture; all are cut out where the first one's head lies."""
        if self._sum is None:
            self._first_mm = position_mm
            row, column = head.center_row_px, head.center_column_px
            self._center_px = (_STEP_PX * round(row / _STEP_PX), _STEP_PX * round(column / _STEP_PX))
            self._offset_mm = (
                (row - self._center_px[0]) * spacing_mm[0],
                (column - self._center_px[1]) * spacing_mm[1],
            )
            self._head = head
        grey = PICTURE.channels[0].grey(resample_head(hu, spacing_mm, self._center_px, PICTURE))
        self._sum = grey.astype(np.float32) if self._sum is None else self._sum + grey
        self._last_mm = position_mm
        self._n += 1

    def measured(self) -> tuple[float, PictureMeasures] | None:
        """Position and measures of the slab; None if it is empty."""
        if self._sum is None or self._head is None:
            return None
        mean = self._sum / np.float32(self._n)
        return (self._first_mm + self._last_mm) / 2, measure_picture(mean, self._head, self._offset_mm)
