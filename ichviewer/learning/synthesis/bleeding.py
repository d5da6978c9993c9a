"""Puts lesions into a head: fluid spaces are filled, the brain is moved, then blood takes the room that was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.displacement import Displacement, carry, relax
from ichviewer.learning.synthesis.lesion import Filling, Solid, share_of
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue

_BONE_BLUR_MM = 1.2
_OWN_GRAIN = 2.2
_TOUCHED_HU = 0.5
_LEAST_BROKEN = 0.5


@dataclass(frozen=True, eq=False)
class Bled:
    """A head with blood in it, and what is known of the blood.

    Parameters
    ----------
    hu : ndarray of float32, shape (n, h, w)
    shares : dict
        For each kind, the share of blood in each pixel.
    plain_hu : dict
        For each kind, HU without noise where it has a share.
    move : Displacement or None
        How the brain was moved.
    """

    hu: Field
    shares: dict[Hemorrhage, Field]
    plain_hu: dict[Hemorrhage, Field]
    move: Displacement | None = None

    @property
    def moved_mm(self) -> Field:
        """How far the brain was moved, shape (n, h, w)."""
        return np.zeros_like(self.hu) if self.move is None else self.move.size_mm


def bleed(
    hu: Field,
    skull: Skull,
    tissue: Tissue,
    fillings: Sequence[Filling],
    solids: Sequence[Solid],
    *,
    blur_px: float,
) -> Bled:
    """Put lesions into HU (n, h, w); pixels outside the skull stay as they are."""
    mm = skull.step_mm[1]
    grain = np.clip(hu - tissue.smooth_hu, -_OWN_GRAIN * tissue.noise_hu, _OWN_GRAIN * tissue.noise_hu)
    clear = (skull.depth_mm > _BONE_BLUR_MM) & (hu < 90)
    grain[~clear] = 0
    # Air and bone stay what they are.
    open_to_blood = skull.inside * np.clip((hu + 14) / 6, 0, 1) * np.clip((99 - hu) / 5, 0, 1)
    soft = before = np.where(clear, hu, tissue.smooth_hu)
    shares: dict[Hemorrhage, Field] = {}
    plain: dict[Hemorrhage, Field] = {}
    for filling in fillings:
        # Fluid that is blood already cannot become it twice.
        taken = sum(shares.values(), np.float32(0))
        share = (np.clip(np.minimum(filling.share, 1 - taken), 0, 1) * open_to_blood).astype(np.float32)
        soft = soft + share * (filling.hu - tissue.smooth_hu)
        _note(shares, plain, filling.kind, share, blood_hu=filling.hu, tissue=tissue)
    move = _movement(skull, solids)
    if move is not None:
        soft = carry(soft, move, mm)
        for kind in list(shares):
            shares[kind] = np.clip(carry(shares[kind], move, mm, order=1), 0, 1)
            plain[kind] = carry(plain[kind], move, mm, order=1)
        soft = _efface(soft, skull, tissue, move, max(s.effaced for s in solids))
    for solid in solids:
        if solid.rim_mm > 0:
            soft = soft - _rim(solid, skull, tissue)
    rooms = tissue.ventricles.astype(np.float32)
    if move is not None:
        rooms = np.clip(carry(rooms, move, mm, order=1), 0, 1)
    # Blood outside the brain wins over blood inside it.
    for solid in sorted(solids, key=lambda s: s.kind is not Hemorrhage.INTRAPARENCHYMAL):
        share = share_of(solid.level_mm, blur_px) * open_to_blood
        for kind in list(shares):
            if kind is not solid.kind:
                shares[kind] = shares[kind] * (1 - share)
        soft = soft * (1 - share) + (solid.hu + 0.95 * grain) * share
        if solid.kind is Hemorrhage.INTRAPARENCHYMAL:
            # What has broken into a ventricle is blood of the ventricle.
            broken = (share * rooms).astype(np.float32)
            if broken.max() > _LEAST_BROKEN:
                _note(shares, plain, Hemorrhage.INTRAVENTRICULAR, broken, blood_hu=solid.hu, tissue=tissue)
                share = share - broken
        _note(shares, plain, solid.kind, share.astype(np.float32), blood_hu=solid.hu, tissue=tissue)
    # Where bone shines into a pixel it goes on shining; and what nothing was done to stays as it is.
    edge = np.where(np.abs(soft - before) > _TOUCHED_HU, np.maximum(soft, hu), hu)
    new = np.where(clear, soft, edge)
    return Bled(np.where(skull.inside, new, hu).astype(np.float32), shares, plain, move)


def _note(
    shares: dict[Hemorrhage, Field],
    plain: dict[Hemorrhage, Field],
    kind: Hemorrhage,
    share: Field,
    *,
    blood_hu: Field,
    tissue: Tissue,
) -> None:
    mixed = (tissue.smooth_hu + share * (blood_hu - tissue.smooth_hu)).astype(np.float32)
    if kind in shares:
        plain[kind] = np.where(share >= shares[kind], mixed, plain[kind])
        shares[kind] = np.maximum(shares[kind], share)
    else:
        shares[kind], plain[kind] = share, mixed


def _movement(skull: Skull, solids: Sequence[Solid]) -> Displacement | None:
    given = np.zeros(skull.inside.shape, bool)
    down = np.zeros(skull.inside.shape, np.float32)
    across = np.zeros(skull.inside.shape, np.float32)
    for solid in solids:
        longer = solid.given & (np.hypot(solid.down_mm, solid.across_mm) >= np.hypot(down, across) * given)
        down = np.where(longer, solid.down_mm, down)
        across = np.where(longer, solid.across_mm, across)
        given |= solid.given
    if not given.any() or max(np.abs(down).max(), np.abs(across).max()) < 0.5:
        return None
    return relax(skull, given, down, across)


def _efface(soft: Field, skull: Skull, tissue: Tissue, move: Displacement, effaced: float) -> Field:
    """Fluid is pressed out of the sulci where the brain is moved."""
    size = move.size_mm
    out = soft.copy()
    for k in np.flatnonzero(size.max(axis=(1, 2)) > 0.5):
        smooth = ndimage.gaussian_filter(soft[k], 1.1, truncate=3.0)
        lack = np.clip(tissue.local_hu[k] - smooth, 0, 30)
        # Large pools of fluid are squeezed by the movement alone.
        narrow = lack - ndimage.minimum_filter(ndimage.uniform_filter(lack, 7), 5)
        out[k] = soft[k] + np.clip(narrow, 0, 14) * np.clip(size[k] / 4, 0, 1) * np.float32(effaced)
    return out


def _rim(solid: Solid, skull: Skull, tissue: Tissue) -> Field:
    near = np.clip(1 + solid.level_mm / np.float32(solid.rim_mm), 0, 1)
    near[solid.level_mm > 1] = 0
    # Edema runs along white matter, hardly into cortex and not into fluid.
    white = np.clip((tissue.brain_hu + 6 - tissue.smooth_hu) / 8, 0.35, 1) * (1 - tissue.fluid)
    rim: Field = (np.sqrt(near) * white * np.float32(solid.rim_hu) * skull.inside).astype(np.float32)
    return rim
