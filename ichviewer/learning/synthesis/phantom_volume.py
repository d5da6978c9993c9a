"""Training volumes without end: procedural heads in random scanners, with their blood and without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES, Hemorrhage
from ichviewer.inference.head import find_head
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import UNKNOWN, Volume
from ichviewer.learning.synthesis.phantom.cases import Case, draw_case
from ichviewer.learning.synthesis.phantom.fields import Array, borrowed_fields
from ichviewer.learning.synthesis.phantom.head import Head
from ichviewer.learning.synthesis.phantom.stack import develop, render

MASK_SHARE = 0.5
"""A pixel is marked as blood from this share of its volume on."""
TRACE_SHARE = 0.1
"""Pixels with less blood tell nothing about whether a slice's blood can be seen."""
VISIBLE_HU_MM = 18.0
"""Least signal of blood one sees: square root of the sum over pixels of squared contrast times area, HU mm."""
VISIBLE_PER_NOISE_MM = 6.0
"""Least signal per HU of noise, mm."""
TRACE_HU_MM = 3.0
"""Less signal than this is none."""
LARGE_MM2 = 150.0
"""So much extra-axial blood shows by what it displaces, whatever its density."""
ABOVE_GREY_HU = 2.0
"""Blood outside the ventricles must be denser than grey matter by this, or large, to be told from it."""


def phantom_volumes(seed: int, settings: PreprocessSettings, *, kind: str | None = None) -> list[Volume]:
    """Draw a head, scan it, and scan it again without its blood.

    Parameters
    ----------
    seed : int
        Draws everything.
    settings : PreprocessSettings
        Grid and window of the pictures.
    kind : str or None
        One of `domain.labels.TYPES` that must be there, ``"none"`` for a head without blood, None to draw.

    Returns
    -------
    list of Volume
        The bleed and its clean twin, each naming the clean one as ``twin``; or one volume without blood. A label is 1
        where the blood can be seen: its contrast against the twin, summed over its area, stands out from the noise,
        and it is denser than grey matter or large. It is `UNKNOWN` where there is blood that cannot.

    Raises
    ------
    ValueError
        If ``kind`` is none of these.
    """
    case = draw_case(seed, kind)
    with borrowed_fields(seed):
        clean = Head(case.anatomy, case.harmless, case.bystanders)
    heads = [clean.injured(case.injuries), clean] if case.bleeds else [clean]
    stacks = render(heads, case.protocol, settings)
    pictures = develop(stacks, case.protocol, settings)
    grey, hu = pictures[-1]
    patient = f"phantom-{seed:07d}"
    shape = grey.shape
    spacing = (settings.mm_per_px, settings.mm_per_px)
    twin = Volume(
        name=f"{patient}-clean",
        patient=patient,
        source="phantom",
        hu=grey,
        positions_mm=np.asarray(case.protocol.positions_mm, np.float32),
        labels=np.zeros((shape[0], N_LABELS), np.uint8),
        has_brain=np.array([find_head(slice_hu, spacing) is not None for slice_hu in hu]),
        masks=np.zeros(shape, np.uint8),
        twin=f"{patient}-clean" if case.bleeds else "",
        traits=case.traits,
    )
    if not case.bleeds:
        return [twin]
    blood = stacks[0].blood
    masks = np.zeros(shape, np.uint8)
    for i in range(len(TYPES)):
        masks |= (blood[i] >= MASK_SHARE).astype(np.uint8) << np.uint8(i)
    labels = label_slices(blood, pictures[0][1], hu, case, settings)
    bleed = replace(twin, name=f"{patient}-bleed", hu=pictures[0][0], labels=labels, masks=masks)
    return [bleed, twin]


def label_slices(
    blood: Array, hu: Array, clean_hu: Array, case: Case, settings: PreprocessSettings
) -> NDArray[np.uint8]:
    """Say of each slice which types are seen, are not there, or cannot be told.

    Parameters
    ----------
    blood : ndarray of float32, shape (5, slices, size, size)
    hu, clean_hu : ndarray of float32, shape (slices, size, size)
        With and without the blood, both without noise.
    case : Case
    settings : PreprocessSettings

    Returns
    -------
    ndarray of uint8, shape (slices, 6)
    """
    area = settings.mm_per_px**2
    needed = max(VISIBLE_HU_MM, VISIBLE_PER_NOISE_MM * case.protocol.noise_hu)
    grey_hu = (case.anatomy.grey_hu + ABOVE_GREY_HU) * case.protocol.gain + case.protocol.offset_hu
    labels = np.zeros((blood.shape[1], N_LABELS), np.uint8)
    for column, kind in enumerate(LABELS[1:], start=1):
        share = blood[column - 1]
        for k in np.flatnonzero(share.max(axis=(1, 2)) > 0):
            there = share[k] >= TRACE_SHARE
            change = np.square(hu[k][there] - clean_hu[k][there])
            signal = np.sqrt(float(change.sum()) * area)
            dense = np.sqrt(float(np.square(np.maximum(hu[k][there] - grey_hu, 0)).sum()) * area)
            marked = int((share[k] >= MASK_SHARE).sum())
            told = (
                kind == Hemorrhage.INTRAVENTRICULAR
                or dense >= needed / 2
                or float(share[k].sum()) * area >= LARGE_MM2
            )
            if signal >= needed and told:
                labels[k, column] = 1
            elif signal >= TRACE_HU_MM or marked:
                labels[k, column] = UNKNOWN
    types = labels[:, 1:]
    labels[:, 0] = np.where((types == 1).any(axis=1), 1, np.where((types == UNKNOWN).any(axis=1), UNKNOWN, 0))
    return labels
