"""Training volumes without end: procedural heads in random scanners, with their blood and without it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES, Hemorrhage
from ichviewer.inference.head import find_head
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import UNKNOWN, Volume
from ichviewer.learning.synthesis.phantom.cases import Case, draw_case
from ichviewer.learning.synthesis.phantom.fields import Array, borrowed_fields
from ichviewer.learning.synthesis.phantom.head import Head
from ichviewer.learning.synthesis.phantom.stack import develop, render_pair

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
    patient = f"phantom-{seed:07d}"
    if not case.bleeds:
        stack, _ = render_pair(clean, None, case.protocol, settings)
        grey, hu = develop(stack, case.protocol, settings)
        return [_volume(f"{patient}-clean", patient, case, settings, grey=grey, hu=hu)]
    both, alone = render_pair(clean.injured(case.injuries), clean, case.protocol, settings)
    assert alone is not None and both.blood is not None
    grey, hu = develop(both, case.protocol, settings)
    clean_grey, clean_hu = develop(alone, case.protocol, settings)
    labels = label_slices(both.blood, hu, clean_hu, case, settings)
    masks = np.zeros(grey.shape, np.uint8)
    for i in range(len(TYPES)):
        masks |= (both.blood[i] >= MASK_SHARE).astype(np.uint8) << np.uint8(i)
    twin = f"{patient}-clean"
    return [
        _volume(
            f"{patient}-bleed",
            patient,
            case,
            settings,
            grey=grey,
            hu=hu,
            labels=labels,
            masks=masks,
            twin=twin,
        ),
        _volume(twin, patient, case, settings, grey=clean_grey, hu=clean_hu, twin=twin),
    ]


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


def _volume(
    name: str,
    patient: str,
    case: Case,
    settings: PreprocessSettings,
    *,
    grey: NDArray[np.uint8],
    hu: Array,
    labels: NDArray[np.uint8] | None = None,
    masks: NDArray[np.uint8] | None = None,
    twin: str = "",
) -> Volume:
    spacing = (settings.mm_per_px, settings.mm_per_px)
    heads = [find_head(slice_hu, spacing) for slice_hu in hu]
    return Volume(
        name=name,
        patient=patient,
        source="phantom",
        grey=grey,
        positions_mm=np.asarray(case.protocol.positions_mm, np.float32),
        labels=np.zeros((len(grey), N_LABELS), np.uint8) if labels is None else labels,
        has_brain=np.array([head is not None for head in heads]),
        masks=np.zeros(grey.shape, np.uint8) if masks is None else masks,
        twin=twin,
        traits=case.traits,
    )
