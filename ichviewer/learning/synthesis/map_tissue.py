"""HU of a head made from a label map, clean: scalp, skull, face, dura, sinuses, brain and CSF.

What a head can get besides, and what is mistaken for blood, is painted later, as on a real one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ichviewer.learning.synthesis import maps
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.map_warp import Warped

_AIR_HU, _FAT_HU, _MUSCLE_HU = -1000.0, -95.0, 55.0
_ROOMS = (*maps.LATERAL, *maps.CHOROID)


@dataclass(frozen=True)
class Mixture:
    """Densities and widths that differ between people, in HU and mm."""

    white_hu: float
    grey_hu: float
    csf_hu: float
    dura_hu: float
    vein_hu: float
    fluid_from: float  # share of CSF from which a voxel counts as CSF: less makes wide sulci
    wider_mm: float  # how far the lateral ventricles' walls lie outside the map's; negative for narrow ones
    dura_mm: float  # half the thickness of the falx
    pale_hu: float  # how much darker white matter is beside the ventricles than elsewhere
    pale_mm: float  # and how far out
    fat_mm: float  # thickness of the fat under the skin
    inner_mm: float  # how much of the map's outer CSF is the skull's inner table


def draw_mixture(rng: np.random.Generator) -> Mixture:
    """Somebody's densities."""
    white = float(rng.uniform(23, 30))
    grey = min(white + float(rng.uniform(5, 9.5)), 40.0)
    pale = rng.uniform(0, 3) + (rng.uniform(3, 9) if rng.random() < 0.3 else 0)
    return Mixture(
        white_hu=white,
        grey_hu=grey,
        csf_hu=float(rng.uniform(3, 11)),
        dura_hu=float(rng.uniform(44, 60)),
        vein_hu=grey + float(rng.uniform(7, 20)),
        fluid_from=float(rng.uniform(0.34, 0.62)),
        wider_mm=float(rng.uniform(-1.3, 2.0)),
        dura_mm=float(rng.uniform(0.5, 1.0)),
        pale_hu=float(pale),
        pale_mm=float(rng.uniform(4, 11)),
        fat_mm=float(rng.uniform(1.5, 7.0)),
        inner_mm=float(rng.uniform(0, 1.2)),
    )


@dataclass(frozen=True, eq=False)
class Tissues:
    """The head without noise, on the planes of a scan: HU, and what is bone, CSF outside ventricles, and so on."""

    hu: Field
    bone: Mask
    fluid: Mask
    lateral: Mask
    dura: Mask  # the falx
    inner_mm: float  # how far inside the map's inner table bone reaches
    traits: tuple[str, ...]


def fill(rng: np.random.Generator, head: Warped, mix: Mixture) -> Tissues:
    """Give every voxel its density."""
    coarse, fine = head.texture(rng, 16.0), head.texture(rng, 4.0)
    hu, bone = _around(rng, head, mix, coarse, fine)
    within = head.inside
    code, bony = head.code.ravel()[within], bone.ravel()[within]
    grain, patch, away = (field.ravel()[within] for field in (fine, coarse, head.ventricle_mm))
    brain = _densities(mix)[code]
    darker = mix.pale_hu * np.exp(-np.maximum(away - mix.wider_mm, 0) / mix.pale_mm)
    pale = darker * np.clip(1 + 0.5 * patch + 0.3 * grain, 0, 2)
    brain = np.where(np.isin(code, maps.WHITE), brain - pale, brain)
    brain += 0.7 * grain + 0.6 * patch
    # Sulci: a voxel may be CSF in part. Ventricles are not made of it.
    share = np.clip((head.fluid.ravel()[within] - mix.fluid_from) / 0.3 + 0.5, 0, 1)
    rooms = np.isin(code, _ROOMS)
    hollow = rooms | np.isin(code, (maps.THIRD, maps.FOURTH, maps.VEINS))
    share[hollow] = 0
    brain += share * (mix.csf_hu + 0.5 - brain)
    wall = np.clip((mix.wider_mm - away) / 1.2 + 0.5, 0, 1)
    wall[np.isin(code, (maps.CSF, maps.THIRD, maps.FOURTH))] = 0
    plexus = np.isin(code, maps.CHOROID)
    plexus_hu = mix.csf_hu + (mix.grey_hu - mix.csf_hu) * np.clip(0.75 + 0.3 * grain, 0, 1)
    outside = np.where(rooms, mix.white_hu, brain)
    room_hu = np.where(plexus, plexus_hu, mix.csf_hu)
    brain = np.where(wall > 0, outside + wall * (room_hu - outside), outside)
    traits = _calcified(rng, head, brain, plexus & (wall > 0.5), grain)
    traits += ["leukoaraiosis"] if mix.pale_hu > 4 else []
    falx, dura = _dura(head, mix)
    dura_hu = mix.grey_hu + (mix.dura_hu - mix.grey_hu) * np.clip(1 + 0.25 * patch, 0.4, 1.2)
    brain = np.where(dura > 0, brain + dura * (dura_hu - brain), brain)
    vein = (code == maps.VEINS) & (head.depth_mm.ravel()[within] < 14)
    brain[vein] = mix.vein_hu + grain[vein]
    hu.ravel()[within] = np.where(bony, hu.ravel()[within], brain)

    def spread(part: Mask) -> Mask:
        whole = np.zeros(hu.shape, bool)
        whole.ravel()[within] = part
        return whole

    fluid, lateral = (share > 0.5) & ~bony, (wall > 0.5) & (rooms | ~hollow)
    return Tissues(hu, bone, spread(fluid), spread(lateral), spread(falx), mix.inner_mm, tuple(traits))


def _densities(mix: Mixture) -> Field:
    """HU of the brain's labels; CSF is made from its share, so that its own label stands for cortex."""
    white, grey = mix.white_hu, mix.grey_hu
    table = np.full(601, grey, np.float32)
    for codes, value in (
        (maps.WHITE, white),
        (maps.CEREBELLAR_WHITE, white + 2),
        (maps.CEREBELLUM, grey),
        (maps.BRAINSTEM, white + 3),
        ((*maps.THALAMUS, *maps.CAUDATE, *maps.PUTAMEN), grey + 0.5),
        (maps.PALLIDUM, grey + 1.5),
        ((maps.CHIASM,), grey - 4),
        ((maps.THIRD, maps.FOURTH, *maps.LATERAL), mix.csf_hu),
        ((30, 62), mix.csf_hu + 5),
    ):
        table[list(codes)] = value
    return table


def _around(
    rng: np.random.Generator, head: Warped, mix: Mixture, coarse: Field, fine: Field
) -> tuple[Field, Mask]:
    """Air, scalp, face and bone."""
    bits = (maps.BODY, maps.AIR, maps.SKULL, maps.SPONGY)
    body, air, skull, spongy = (head.zones & bit > 0 for bit in bits)
    texture = coarse + 0.8 * fine
    marbled = np.where(texture > rng.uniform(0.6, 1.4), np.float32(_FAT_HU), np.float32(_MUSCLE_HU))
    # Over the vault there is fat between the skin and the galea; lower down, muscle under the fat.
    fat = (head.z_mm > rng.uniform(0, 25)) & (texture > rng.uniform(-1.5, -0.3))
    fat |= head.skin_mm < 1.6 + mix.fat_mm + coarse
    # The galea and the origins of muscles lie within a millimeter or two of the skull.
    fat &= ~ndimage.binary_dilation(skull, np.ones((1, 3, 3), bool))
    soft = np.where(fat, _FAT_HU + 8 * fine, marbled + 5 * fine)
    soft = np.where(head.skin_mm < 1.6, np.float32(25), soft)
    hu = np.where(body & ~air, soft, np.float32(_AIR_HU)).astype(np.float32)
    for value, codes in ((12.0, (506,)), (-70.0, (508,)), (25.0, (maps.FACE_AIRWAY,)), (35.0, (512, 530))):
        hu[np.isin(head.code, codes) & (hu > -500)] = value
    # The map's outer CSF holds some of the inner table.
    bone = skull | ((head.depth_mm > 0) & (head.depth_mm < mix.inner_mm) & ~air)
    hu[bone] = rng.uniform(900, 1500)
    spongy &= bone
    hu[spongy] = rng.uniform(350, 800) + 150 * fine[spongy]
    # Cells of the mastoid and the like: labelled as air one by one.
    hu[bone & (head.code == 0) & (head.z_mm < -15)] = rng.uniform(-700, 200)
    # The coronal and the lambdoid suture are jagged gaps of a millimeter; old ones have closed.
    if rng.random() >= 0.35:
        at = np.flatnonzero(bone & (head.z_mm > 0))
        k, r, c = np.unravel_index(at, hu.shape)
        side = np.abs(head.x_mm[k, 0, c])
        y, z, jag = head.y_mm[k, r, 0], head.z_mm[k, 0, 0], 1.5 * fine.ravel()[at]
        coronal = np.abs(y - (rng.uniform(10, 30) - 0.12 * side) + jag) < rng.uniform(0.4, 0.8)
        lambdoid = np.abs(y + rng.uniform(62, 74) - 0.35 * (side - 0.6 * z) + jag) < rng.uniform(0.4, 0.9)
        hu.ravel()[at[coronal | lambdoid]] = rng.uniform(60, 300)
    return hu, bone


def _dura(head: Warped, mix: Mixture) -> tuple[Mask, Field]:
    """Where the falx is, and the share of each voxel inside that is dura: falx, tentorium, and along the bone."""
    zones = head.zones.ravel()[head.inside]
    fields = (head.depth_mm, head.midline_mm, head.tentorium_mm)
    depth, midline, tentorium = (field.ravel()[head.inside] for field in fields)
    has_falx = zones & maps.FALX > 0
    falx = np.clip((mix.dura_mm - np.abs(midline)) / 0.8 + 0.5, 0, 1) * has_falx
    # The tentorium is the thinner sheet, and lies nearly flat in the slice.
    tent = np.clip((0.7 * mix.dura_mm - np.abs(tentorium)) / 0.8 + 0.5, 0, 1) * (zones & maps.TENTORIUM > 0)
    along = np.clip(mix.inner_mm + 1.6 - depth, 0, 1)
    return has_falx & (np.abs(midline) < 3), np.maximum(np.maximum(falx, tent), 0.8 * along)


def _calcified(rng: np.random.Generator, head: Warped, brain: Field, plexus: Mask, grain: Field) -> list[str]:
    """Lime where most of the old have a little: in the choroid plexus and the pineal gland."""
    traits = []
    if rng.random() < 0.35 and plexus.any():
        spots = plexus & (grain > rng.uniform(1.2, 2.2))
        brain[spots] = rng.uniform(70, 250)
        traits.append("calcified-choroid")
    third = np.argwhere(head.code == maps.THIRD)
    if rng.random() < 0.3 and third.size:
        back = third[third[:, 1] >= np.quantile(third[:, 1], 0.96)]
        place = back.mean(axis=0) + np.array([0, rng.uniform(3, 7), 0])
        k, r, c = (n.astype(np.float32) for n in np.unravel_index(head.inside, head.code.shape))
        away = np.sqrt(((k - place[0]) * head.step_mm[0]) ** 2 + (r - place[1]) ** 2 + (c - place[2]) ** 2)
        brain[away + 0.5 * grain < rng.uniform(1.0, 2.6)] = rng.uniform(80, 300)
        traits.append("calcified-pineal")
    return traits
