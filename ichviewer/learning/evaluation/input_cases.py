"""Ways to change a real scan that the check of the input must see, and ways that it must not mind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ichviewer.domain.problems import ProblemCode
from ichviewer.learning.evaluation.head_scans import HeadScan
from ichviewer.learning.synthesis.contrast import Enhancement, Phase, add_contrast

Make = Callable[[HeadScan, np.random.Generator], HeadScan]


@dataclass(frozen=True)
class MadeCase:
    """A way to change a scan, and what the check must say of it.

    Parameters
    ----------
    name : str
    code : ProblemCode
        Which of the checks it tries.
    outside : bool
        Whether it must be flagged.
    make : function of (HeadScan, numpy Generator) to HeadScan
    every : int
        Made from every so manyth scan only, because it takes long.
    """

    name: str
    code: ProblemCode
    outside: bool
    make: Make
    every: int = 1


def with_contrast(phase: Phase, *, thin: bool = False) -> Make:
    """Contrast medium; ``thin`` also scans the head in slices of 1 mm with the noise that these have."""

    def make(scan: HeadScan, rng: np.random.Generator) -> HeadScan:
        drawn = Enhancement.draw(rng, phase)
        base = thin_slices(scan, rng) if thin else scan
        stack = add_contrast(
            base.stack,
            base.positions_mm,
            base.spacing_mm,
            base.heads(),
            enhancement=drawn,
            rng=rng,
            thickness_mm=base.thickness_mm,
        )
        return replace(base, stack=stack)

    return make


def thin_slices(scan: HeadScan, rng: np.random.Generator) -> HeadScan:
    """The upper 100 mm in slices of 1 mm, between the real ones, with noise of 12 HU more than those have."""
    top = scan.positions_mm[-1]
    low = max(scan.positions_mm[0], top - 100.0)
    positions = np.arange(low, top + 0.5, 1.0)
    at = np.interp(positions, scan.positions_mm, np.arange(len(scan.positions_mm)))
    below = np.floor(at).astype(int)
    above = np.minimum(below + 1, len(scan.stack) - 1)
    share = (at - below).astype(np.float32)[:, None, None]
    stack = scan.stack[below] * (1 - share) + scan.stack[above] * share
    thin = replace(scan, stack=stack, positions_mm=tuple(positions.tolist()), thickness_mm=1.0)
    return with_noise(12.0)(thin, rng)


def with_noise(spread_hu: float) -> Make:
    """Noise as a soft kernel makes it, grains of about 1 mm, with this standard deviation at the scan's own scale."""

    def make(scan: HeadScan, rng: np.random.Generator) -> HeadScan:
        stack = scan.stack.copy()
        for k in range(len(stack)):
            grain = rng.standard_normal(stack.shape[1:], np.float32)
            grain = grain + np.roll(grain, 1, 0)
            grain = (grain + np.roll(grain, 1, 1)) / np.float32(2)
            stack[k] += np.float32(spread_hu) * grain
        return replace(scan, stack=stack)

    return make


def thicker(slices: int) -> Make:
    """Means of so many neighbors as one slice."""

    def make(scan: HeadScan, rng: np.random.Generator) -> HeadScan:
        n = len(scan.stack) // slices * slices
        shape = (n // slices, slices, *scan.stack.shape[1:])
        return replace(
            scan,
            stack=scan.stack[:n].reshape(shape).mean(axis=1),
            positions_mm=tuple(np.reshape(scan.positions_mm[:n], (-1, slices)).mean(axis=1).tolist()),
            thickness_mm=scan.thickness_mm * slices,
        )

    return make


def of_size(skull_mm: float, spread: float = 0.03) -> Make:
    """The same head in another size, without an age in the header.

    ``skull_mm`` is the mean over persons of the geometric mean of the outer width and length of the skull, ``spread``
    their standard deviation as a share of it.
    """

    def make(scan: HeadScan, rng: np.random.Generator) -> HeadScan:
        heads = [h for h in scan.heads() if h is not None and h.skull_coverage >= 0.9]
        if not heads:
            return replace(scan, age_years=None)
        now = np.sqrt(np.prod(np.quantile([(h.width_mm, h.height_mm) for h in heads], 0.9, axis=0)))
        factor = float(skull_mm * (1 + spread * rng.standard_normal()) / now)
        return replace(
            scan,
            spacing_mm=(scan.spacing_mm[0] * factor, scan.spacing_mm[1] * factor),
            positions_mm=tuple(p * factor for p in scan.positions_mm),
            spacing_known=True,
            age_years=None,
        )

    return make


def cropped(scan: HeadScan, rng: np.random.Generator) -> HeadScan:
    """A field of view that cuts 8 to 25 % of the head away, at one side."""
    heads = [h for h in scan.heads() if h is not None]
    if not heads:
        return scan
    width = float(np.quantile([h.width_mm for h in heads], 0.9)) / scan.spacing_mm[1]
    middle = float(np.median([h.center_column_px for h in heads]))
    share = float(rng.uniform(0.08, 0.25))
    mirrored = rng.random() < 0.5
    stack = scan.stack[:, :, ::-1] if mirrored else scan.stack
    if mirrored:
        middle = stack.shape[2] - 1 - middle
    edge = max(round(middle - width / 2 + share * width), 0)
    return replace(scan, stack=np.ascontiguousarray(stack[:, :, edge:]))


def few_slices(scan: HeadScan, rng: np.random.Generator) -> HeadScan:
    """The slices over 30 to 60 mm of the head only."""
    n = round(float(rng.uniform(30, 60)) / max(scan.thickness_mm, 0.5))
    inside = [i for i, head in enumerate(scan.heads()) if head is not None]
    start = int(rng.integers(0, max(len(inside) - n, 0) + 1)) if inside else 0
    chosen = inside[start : start + n] or [0]
    return replace(scan, stack=scan.stack[chosen], positions_mm=tuple(scan.positions_mm[i] for i in chosen))


def without_vertex(scan: HeadScan, rng: np.random.Generator) -> HeadScan:
    """The lower 65 to 80 mm of the head."""
    inside = [i for i, head in enumerate(scan.heads()) if head is not None] or [0]
    reach = scan.positions_mm[inside[0]] + float(rng.uniform(65, 80))
    chosen = [i for i in inside if scan.positions_mm[i] <= reach]
    return replace(scan, stack=scan.stack[chosen], positions_mm=tuple(scan.positions_mm[i] for i in chosen))


_CONTRAST, _NOISE = ProblemCode.CONTRAST_MEDIUM, ProblemCode.HIGH_NOISE
_CHILD, _FIELD = ProblemCode.CHILD_HEAD, ProblemCode.UNUSUAL_FIELD_OF_VIEW

MADE_CASES: tuple[MadeCase, ...] = (
    MadeCase("contrast, arterial", _CONTRAST, True, with_contrast(Phase.ARTERIAL)),
    MadeCase("contrast, mixed", _CONTRAST, True, with_contrast(Phase.MIXED), 2),
    MadeCase("contrast, venous", _CONTRAST, True, with_contrast(Phase.VENOUS)),
    MadeCase("contrast, late and faint", _CONTRAST, True, with_contrast(Phase.LATE), 2),
    MadeCase("contrast, arterial, 1 mm", _CONTRAST, True, with_contrast(Phase.ARTERIAL, thin=True), 8),
    MadeCase("contrast, venous, 1 mm", _CONTRAST, True, with_contrast(Phase.VENOUS, thin=True), 8),
    MadeCase("none, 1 mm", _CONTRAST, False, thin_slices, 8),
    MadeCase("none, 7 HU of noise", _CONTRAST, False, with_noise(7.0), 3),
    MadeCase("none, 25 HU of noise", _CONTRAST, False, with_noise(25.0), 3),
    MadeCase("none, part of the head", _CONTRAST, False, few_slices),
    MadeCase("none, without vertex", _CONTRAST, False, without_vertex),
    MadeCase("thickness doubled", ProblemCode.UNUSUAL_THICKNESS, True, thicker(2)),
    MadeCase("noise of 4 HU more", _NOISE, False, with_noise(4.0), 3),
    MadeCase("noise of 12 HU more", _NOISE, True, with_noise(12.0), 3),
    MadeCase("noise of 20 HU more", _NOISE, True, with_noise(20.0), 3),
    MadeCase("1 mm, 12 HU more", _NOISE, False, thin_slices, 8),
    MadeCase("skull of a man", _CHILD, False, of_size(160.0), 3),
    MadeCase("skull of a woman", _CHILD, False, of_size(153.4), 3),
    MadeCase("skull at two years", _CHILD, True, of_size(141.0), 3),
    MadeCase("skull at one year", _CHILD, True, of_size(133.0), 3),
    MadeCase("skull at six months", _CHILD, True, of_size(122.0), 3),
    MadeCase("head cut at one side", _FIELD, True, cropped),
    MadeCase("head without vertex", _FIELD, True, without_vertex),
    MadeCase("30 to 60 mm of the head", _FIELD, True, few_slices),
)
