"""HU of a head made from a label map, clean: scalp, skull, face, dura, sinuses, brain and CSF.

What a head can get besides, and what is mistaken for blood, is painted later, as on a real one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis import maps
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.map_warp import Warped

AIR_HU = -1000.0
_FAT_HU, _MUSCLE_HU = -95.0, 55.0


@dataclass(frozen=True)
class Mixture:
    """Densities and widths that differ between people, HU and mm.

    Parameters
    ----------
    white_hu, grey_hu, csf_hu, dura_hu, vein_hu : float
    fluid_from : float
        Share of CSF from which a voxel counts as CSF: less makes wide sulci.
    wider_mm : float
        By how much the walls of the lateral ventricles lie outside those of the map; negative for narrow ones.
    dura_mm : float
        Half the thickness of the falx.
    pale_hu, pale_mm : float
        By how much the white matter beside the ventricles is darker than elsewhere, and how far out.
    fat_mm : float
        Thickness of the fat under the skin.
    inner_mm : float
        How much of the map's outer CSF is the skull's inner table.
    """

    white_hu: float
    grey_hu: float
    csf_hu: float
    dura_hu: float
    vein_hu: float
    fluid_from: float
    wider_mm: float
    dura_mm: float
    pale_hu: float
    pale_mm: float
    fat_mm: float
    inner_mm: float


def draw_mixture(rng: np.random.Generator) -> Mixture:
    """Somebody's densities."""
    white = float(rng.uniform(23, 30))
    grey = min(white + float(rng.uniform(5, 9.5)), 40.0)
    pale = rng.uniform(0, 3) + (rng.uniform(3, 9) if rng.random() < 0.3 else 0)
    return Mixture(
        white,
        grey,
        float(rng.uniform(3, 11)),
        float(rng.uniform(44, 60)),
        grey + float(rng.uniform(7, 20)),
        float(rng.uniform(0.34, 0.62)),
        float(rng.uniform(-1.3, 2.0)),
        float(rng.uniform(0.5, 1.0)),
        float(pale),
        float(rng.uniform(4, 11)),
        float(rng.uniform(1.5, 7.0)),
        float(rng.uniform(0, 1.2)),
    )


@dataclass(frozen=True, eq=False)
class Tissues:
    """The head without noise, on the planes of a scan.

    Parameters
    ----------
    hu : ndarray of float32
    bone : ndarray of bool
    fluid, lateral, dura : ndarray of bool
        CSF outside the ventricles, the lateral ventricles, the falx.
    inner_mm : float
        How far inside the map's inner table bone reaches.
    traits : tuple of str
    """

    hu: Field
    bone: Mask
    fluid: Mask
    lateral: Mask
    dura: Mask
    inner_mm: float
    traits: tuple[str, ...]


def fill(rng: np.random.Generator, head: Warped, mix: Mixture) -> Tissues:
    """Give every voxel its density."""
    coarse, fine = head.texture(rng, 16.0), head.texture(rng, 4.0)
    hu, bone = _around(rng, head, mix, coarse, fine)
    within = head.inside
    depth, code, zones = head.depth_mm.ravel()[within], head.code.ravel()[within], head.zones.ravel()[within]
    grain, patch = fine.ravel()[within], coarse.ravel()[within]
    table = _densities(mix, int(head.code.max()))
    brain = table[code]
    away = head.ventricle_mm.ravel()[within]
    white = np.isin(code, maps.WHITE)
    darker = mix.pale_hu * np.exp(-np.maximum(away - mix.wider_mm, 0) / mix.pale_mm)
    brain = np.where(white, brain - darker * np.clip(1 + 0.5 * patch + 0.3 * grain, 0, 2), brain)
    brain += 0.7 * grain + 0.6 * patch
    # Sulci: a voxel may be CSF in part. Ventricles are not made of it.
    share = np.clip((head.fluid.ravel()[within] - mix.fluid_from) / 0.3 + 0.5, 0, 1)
    hollow = np.isin(code, (*maps.LATERAL, *maps.CHOROID, maps.THIRD, maps.FOURTH, maps.VEINS))
    share[hollow] = 0
    brain += share * (mix.csf_hu + 0.5 - brain)
    wall = np.clip((mix.wider_mm - away) / 1.2 + 0.5, 0, 1)
    wall[np.isin(code, (maps.CSF, maps.THIRD, maps.FOURTH))] = 0
    plexus = np.isin(code, maps.CHOROID)
    chamber = np.where(
        plexus, mix.csf_hu + (mix.grey_hu - mix.csf_hu) * np.clip(0.75 + 0.3 * grain, 0, 1), mix.csf_hu
    )
    outside = np.where(np.isin(code, (*maps.LATERAL, *maps.CHOROID)), mix.white_hu, brain)
    brain = np.where(wall > 0, outside + wall * (chamber - outside), outside)
    traits = _calcified(rng, head, brain, plexus & (wall > 0.5), grain)
    falx, sheet = _dura(head, mix, within, depth, zones)
    strength = np.clip(1 + 0.25 * patch, 0.4, 1.2)
    brain = np.where(
        sheet > 0, brain + sheet * (mix.grey_hu + (mix.dura_hu - mix.grey_hu) * strength - brain), brain
    )
    vein = (code == maps.VEINS) & (depth < 14)
    brain[vein] = mix.vein_hu + grain[vein]
    bony = bone.ravel()[within]
    hu.ravel()[within] = np.where(bony, hu.ravel()[within], brain)

    def spread(part: Mask) -> Mask:
        whole = np.zeros(head.shape, bool)
        whole.ravel()[within] = part
        return whole

    if mix.pale_hu > 4:
        traits.append("leukoaraiosis")
    return Tissues(
        hu,
        bone,
        spread((share > 0.5) & ~bony),
        spread((wall > 0.5) & ~hollow | (wall > 0.5) & np.isin(code, (*maps.LATERAL, *maps.CHOROID))),
        spread(falx),
        mix.inner_mm,
        tuple(traits),
    )


def _densities(mix: Mixture, top: int) -> Field:
    """HU of the brain's labels; CSF is made from its share, so that its own label stands for cortex."""
    white, grey = mix.white_hu, mix.grey_hu
    table = np.full(max(top, 600) + 1, grey, np.float32)
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
    code, depth, skin = head.code, head.depth_mm, head.skin_mm
    body = head.zones & maps.BODY > 0
    texture = coarse + 0.8 * fine
    marbled = np.where(texture > rng.uniform(0.6, 1.4), np.float32(_FAT_HU), np.float32(_MUSCLE_HU))
    # Over the vault there is fat between the skin and the galea; lower down, muscle under the fat.
    fat = (skin < 1.6 + mix.fat_mm + coarse) | (
        (head.z_mm > rng.uniform(0, 25)) & (texture > rng.uniform(-1.5, -0.3))
    )
    soft = np.where(fat & ~_beside_bone(head), _FAT_HU + 8 * fine, marbled + 5 * fine)
    soft = np.where(skin < 1.6, np.float32(25), soft)
    hu = np.where(body, soft, np.float32(AIR_HU)).astype(np.float32)
    hu[body & (head.zones & maps.AIR > 0)] = AIR_HU
    for value, codes in ((12.0, (506,)), (-70.0, (508,)), (25.0, (maps.FACE_AIRWAY,)), (35.0, (512, 530))):
        hu[head.is_in(*codes) & (hu > -500)] = value
    # The map's outer CSF holds some of the inner table.
    bone = (head.zones & maps.SKULL > 0) | (
        (depth > 0) & (depth < mix.inner_mm) & (head.zones & maps.AIR == 0)
    )
    hu[bone] = rng.uniform(900, 1500)
    spongy = bone & (head.zones & maps.SPONGY > 0)
    hu[spongy] = rng.uniform(350, 800) + 150 * fine[spongy]
    # Cells of the mastoid and the like: labelled as air one by one.
    cells = bone & (code == 0) & (np.broadcast_to(head.z_mm, head.shape) < -15)
    hu[cells] = rng.uniform(-700, 200)
    _sutures(rng, head, hu, bone, fine)
    return hu, bone


def _beside_bone(head: Warped) -> Mask:
    """Within a millimeter or two of the skull: the galea, the origin of muscles."""
    near: Mask = ndimage.binary_dilation(head.zones & maps.SKULL > 0, np.ones((1, 3, 3), bool))
    return near


def _sutures(rng: np.random.Generator, head: Warped, hu: Field, bone: Mask, fine: Field) -> None:
    """The coronal suture and the lambdoid one, as jagged gaps of a millimeter; old ones have closed."""
    if rng.random() < 0.35:
        return
    at = np.flatnonzero(bone & (head.z_mm > 0))
    k, r, c = np.unravel_index(at, head.shape)
    side = np.abs(head.x_mm[k, 0, c])
    y, z, jag = head.y_mm[k, r, 0], head.z_mm[k, 0, 0], 1.5 * fine.ravel()[at]
    coronal = np.abs(y - (rng.uniform(10, 30) - 0.12 * side) + jag) < rng.uniform(0.4, 0.8)
    lambdoid = np.abs(y + rng.uniform(62, 74) - 0.35 * (side - 0.6 * z) + jag) < rng.uniform(0.4, 0.9)
    hu.ravel()[at[coronal | lambdoid]] = rng.uniform(60, 300)


def _dura(
    head: Warped, mix: Mixture, within: NDArray[np.intp], depth: Field, zones: NDArray[np.uint8]
) -> tuple[Mask, Field]:
    """Where the falx is, and the share of each voxel inside that is dura: falx, tentorium, and along the bone."""
    midline, tentorium = head.midline_mm.ravel()[within], head.tentorium_mm.ravel()[within]
    falx = np.clip((mix.dura_mm - np.abs(midline)) / 0.8 + 0.5, 0, 1) * (zones & maps.FALX > 0)
    # The tentorium is the thinner sheet, and lies nearly flat in the slice.
    tent = np.clip((0.7 * mix.dura_mm - np.abs(tentorium)) / 0.8 + 0.5, 0, 1) * (zones & maps.TENTORIUM > 0)
    along = np.clip(mix.inner_mm + 1.6 - depth, 0, 1)
    return (zones & maps.FALX > 0) & (np.abs(midline) < 3), np.maximum(np.maximum(falx, tent), 0.8 * along)


def _calcified(rng: np.random.Generator, head: Warped, brain: Field, plexus: Mask, grain: Field) -> list[str]:
    """Lime where most of the old have a little: in the choroid plexus and the pineal gland."""
    traits = []
    if rng.random() < 0.35 and plexus.any():
        spots = plexus & (grain > rng.uniform(1.2, 2.2))
        brain[spots] = rng.uniform(70, 250)
        traits.append("calcified-choroid")
    third = head.code == maps.THIRD
    if rng.random() < 0.3 and third.any():
        k, r, c = (n.astype(np.float32) for n in np.unravel_index(head.inside, head.shape))
        planes, rows, columns = np.nonzero(third)
        back = rows >= np.quantile(rows, 0.96)
        place = planes[back].mean(), rows[back].mean() + rng.uniform(3, 7), columns[back].mean()
        away = np.sqrt(((k - place[0]) * head.step_mm[0]) ** 2 + (r - place[1]) ** 2 + (c - place[2]) ** 2)
        brain[away + 0.5 * grain < rng.uniform(1.0, 2.6)] = rng.uniform(80, 300)
        traits.append("calcified-pineal")
    return traits
