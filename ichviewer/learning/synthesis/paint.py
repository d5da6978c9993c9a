"""Paints blood into the volume of a real head, and makes its twin without blood."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS, Hemorrhage
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import MADE_SOURCES, Volume, stored
from ichviewer.learning.synthesis.acquisition import draw_scanner
from ichviewer.learning.synthesis.ageing import (
    fluid_rim,
    swollen,
    widen_sulci,
    widen_ventricles,
)
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.bleeding import Bled, bleed
from ichviewer.learning.synthesis.extra_axial import epidural, subdural
from ichviewer.learning.synthesis.fluid import intraventricular, subarachnoid
from ichviewer.learning.synthesis.lesion import Filling, Solid
from ichviewer.learning.synthesis.mimics import add_decoys
from ichviewer.learning.synthesis.parenchyma import intraparenchymal
from ichviewer.learning.synthesis.skull import Skull, find_skull
from ichviewer.learning.synthesis.surface import (
    Opening,
    add_metal,
    draw_opening,
    open_skull,
    swell_scalp,
)
from ichviewer.learning.synthesis.tissue import Tissue, read_tissue
from ichviewer.learning.synthesis.vessels import catheter
from ichviewer.learning.synthesis.visibility import labels_of, masks_of

LOWEST_HU, HIGHEST_HU = -20.0, 100.0
"""Brain, blood and fluid lie within; what lies beyond stays as it was found."""
CLEAN_ONLY_SHARE = 0.2
"""Share of the seeds that paint no blood, only what is mistaken for it."""
_LEAST_SLICES = 4
_TRIES = 4

_FIRST_KIND: dict[Hemorrhage, float] = {
    Hemorrhage.EPIDURAL: 0.31,
    Hemorrhage.INTRAPARENCHYMAL: 0.15,
    Hemorrhage.INTRAVENTRICULAR: 0.15,
    Hemorrhage.SUBARACHNOID: 0.18,
    Hemorrhage.SUBDURAL: 0.21,
}
_WITH: dict[Hemorrhage, dict[Hemorrhage, float]] = {
    Hemorrhage.EPIDURAL: {
        Hemorrhage.SUBDURAL: 0.30,
        Hemorrhage.SUBARACHNOID: 0.2,
        Hemorrhage.INTRAPARENCHYMAL: 0.1,
    },
    Hemorrhage.INTRAPARENCHYMAL: {Hemorrhage.INTRAVENTRICULAR: 0.55, Hemorrhage.SUBARACHNOID: 0.2},
    Hemorrhage.INTRAVENTRICULAR: {Hemorrhage.INTRAPARENCHYMAL: 0.5, Hemorrhage.SUBARACHNOID: 0.2},
    Hemorrhage.SUBARACHNOID: {Hemorrhage.SUBDURAL: 0.35, Hemorrhage.INTRAVENTRICULAR: 0.2},
    Hemorrhage.SUBDURAL: {Hemorrhage.SUBARACHNOID: 0.5, Hemorrhage.INTRAPARENCHYMAL: 0.12},
}


def paint_volume(volume: Volume, seed: int, settings: PreprocessSettings) -> list[Volume]:
    """Paint hemorrhages into a real head.

    Parameters
    ----------
    volume : Volume
        A real head. Slices with blood and those next to them are left out; of several runs without blood the
        longest is taken.
    seed : int
        The only source of chance, together with the volume's name.
    settings : PreprocessSettings
        How the volume's pictures were made.

    Returns
    -------
    list of Volume
        The painted head and its clean twin; only the clean one for about a fifth of the seeds; nothing if there
        are fewer than four usable slices with brain.
    """
    skull = _skull_of(volume, settings)
    return [] if skull is None else paint_onto(volume, skull, seed, settings)


def paint_onto(volume: Volume, skull: Skull, seed: int, settings: PreprocessSettings) -> list[Volume]:
    """Paint hemorrhages into a head whose skull is known; `paint_volume` finds it first.

    Parameters
    ----------
    volume : Volume
        A real head, or one made from a label map; the volumes made of the latter keep its source.
    skull : Skull
        Of all slices of the volume.
    seed : int
        The only source of chance, together with the volume's name.
    settings : PreprocessSettings
        How the volume's pictures were made.

    Returns
    -------
    list of Volume
        As `paint_volume` gives them.
    """
    run = usable_run(volume)
    if run is None:
        return []
    skull = skull.part(run)
    if int((skull.inside.sum(axis=(1, 2)) > 1000).sum()) < _LEAST_SLICES:
        return []
    rng = np.random.default_rng([seed, *volume.name.encode()])
    kinds = () if rng.random() < CLEAN_ONLY_SHARE else draw_kinds(rng)
    found = volume.hu[run].astype(np.float32)
    whole = np.clip(found, LOWEST_HU, HIGHEST_HU)
    whole, opening, traits = _operate(rng, whole, skull)
    cut = np.ascontiguousarray(whole[:, skull.rows, skull.columns])
    cut, tissue, more = _prepare(rng, cut, skull, kinds, opening)
    scanner = draw_scanner(rng, whole.shape)
    traits += [*more, *scanner.traits]

    def finish(
        part: Field, kind: str, labels: NDArray[np.uint8], masks: NDArray[np.uint8], twin: str
    ) -> Volume:
        full = whole.copy()
        full[:, skull.rows, skull.columns] = part
        seen = _beyond(scanner.scan(np.clip(full, LOWEST_HU, HIGHEST_HU)), scanner.turn(found))
        placed = np.zeros(whole.shape, np.uint8)
        placed[:, skull.rows, skull.columns] = masks
        return Volume(
            name=f"{volume.name}-p{seed:05d}-{kind}",
            patient=volume.patient,
            source=volume.source if volume.source in MADE_SOURCES else "painted",
            hu=stored(np.clip(seen, *settings.clip_hu)),
            positions_mm=volume.positions_mm[run],
            labels=labels,
            has_brain=volume.has_brain[run],
            masks=np.ascontiguousarray(placed[:, :, ::-1]) if scanner.mirrored else placed,
            twin=twin,
            traits=tuple(traits),
        )

    none = np.zeros((len(cut), N_LABELS), np.uint8)
    clean = finish(cut, "clean", none, np.zeros(cut.shape, np.uint8), "")
    bled = _bled(rng, cut, skull, tissue, kinds) if kinds else None
    if bled is None:
        return [clean]
    labels = labels_of(bled)
    if not (labels == 1).any():
        return [clean]
    return [finish(bled.hu, "bleed", labels, masks_of(bled), clean.name), clean]


def usable_run(volume: Volume) -> slice | None:
    """The longest run of slices without blood and not next to one with it, if it has enough slices with brain."""
    blood = np.any(volume.labels != 0, axis=1)
    near: Mask = blood.copy()
    near[1:] |= blood[:-1]
    near[:-1] |= blood[1:]
    best: slice | None = None
    start = 0
    for end in [*np.flatnonzero(near).tolist(), len(near)]:
        count = int(volume.has_brain[start:end].sum())
        if count >= _LEAST_SLICES and (best is None or end - start > best.stop - best.start):
            best = slice(start, end)
        start = end + 1
    return best


@lru_cache(maxsize=2)
def _skull_of(volume: Volume, settings: PreprocessSettings) -> Skull | None:
    """The skull of a head; many seeds are painted into the same one."""
    hu = np.clip(volume.hu.astype(np.float32), LOWEST_HU, HIGHEST_HU)
    return find_skull(hu, volume.positions_mm, volume.has_brain, settings.mm_per_px)


def _beyond(seen: Field, found: Field) -> Field:
    """The picture with bone, fat and air as they were found, where it is still saturated there."""
    seen = np.where(seen >= HIGHEST_HU, np.maximum(found, HIGHEST_HU), seen)
    return np.where(seen <= LOWEST_HU, np.minimum(found, LOWEST_HU), seen).astype(np.float32)


def draw_kinds(rng: np.random.Generator) -> tuple[Hemorrhage, ...]:
    """One kind of hemorrhage and those that come with it."""
    names = list(_FIRST_KIND)
    first = names[int(rng.choice(len(names), p=list(_FIRST_KIND.values())))]
    others = [kind for kind, share in _WITH[first].items() if rng.random() < share]
    return (first, *others)


def _operate(rng: np.random.Generator, whole: Field, skull: Skull) -> tuple[Field, Opening | None, list[str]]:
    """Change skull and scalp of whole pictures."""
    traits = []
    opening = draw_opening(rng) if rng.random() < 0.16 else None
    if opening is not None:
        whole = open_skull(rng, whole, skull, opening)
        traits.append("opened-skull")
    if rng.random() < (0.6 if opening is not None else 0.15):
        whole = swell_scalp(rng, whole, skull, opening)
        traits.append("swollen-scalp")
    if rng.random() < 0.05:
        whole = add_metal(rng, whole, skull)
        traits.append("metal")
    return whole, opening, traits


def _prepare(
    rng: np.random.Generator, hu: Field, skull: Skull, kinds: tuple[Hemorrhage, ...], opening: Opening | None
) -> tuple[Field, Tissue, list[str]]:
    """Age the head and add decoys: what both twins have."""
    traits = []
    tissue = read_tissue(hu, skull)
    old = rng.random() < 0.42
    if rng.random() < (0.75 if Hemorrhage.INTRAVENTRICULAR in kinds else 0.7 if old else 0.15):
        hu = widen_ventricles(hu, skull, tissue, float(rng.uniform(1.5, 9.0)), rng)
        traits.append("wide-ventricles")
    if rng.random() < (0.75 if old else 0.5 if Hemorrhage.SUBARACHNOID in kinds else 0.15):
        hu = widen_sulci(hu, skull, tissue, float(rng.uniform(0.3, 1.2)), rng)
        traits.append("wide-sulci")
    rim = rng.random()
    if rim < (0.45 if old else 0.08) or (opening is not None and rim < 0.6):
        hygroma = not old or rng.random() < 0.3
        solid = fluid_rim(rng, skull, both_sides=not hygroma)
        tissue = read_tissue(hu, skull) if traits else tissue
        hu = bleed(hu, skull, tissue, [], [solid], blur_px=0.7).hu
        traits.append("hygroma" if hygroma else "fluid-rim")
    tissue = read_tissue(hu, skull) if traits else tissue
    if rng.random() < 0.06:
        hu = swollen(rng, hu, skull, tissue)
        traits.append("swollen-brain")
    hu, more = add_decoys(rng, hu, skull, tissue, 1.0 if kinds else 1.4)
    if opening is not None and rng.random() < 0.7:
        drained = catheter(rng, hu, skull, tissue, opening)
        if drained is not None:
            hu = drained
            more.append("catheter")
    traits += more
    return hu, read_tissue(hu, skull, tissue) if more or "swollen-brain" in traits else tissue, traits


def _bled(
    rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue, kinds: tuple[Hemorrhage, ...]
) -> Bled | None:
    fillings: list[Filling] = []
    solids: list[Solid] = []
    for kind in kinds:
        count = 1 + int(rng.random() < (0.25 if kind is not Hemorrhage.EPIDURAL else 0.05))
        for _ in range(count):
            for _ in range(_TRIES):
                lesion = _lesion(rng, kind, skull, tissue)
                if isinstance(lesion, Filling):
                    fillings.append(lesion)
                elif lesion is not None:
                    solids.append(lesion)
                if lesion is not None:
                    break
    if not fillings and not solids:
        return None
    return bleed(hu, skull, tissue, fillings, solids, blur_px=float(rng.uniform(0.5, 0.9)))


def _lesion(
    rng: np.random.Generator, kind: Hemorrhage, skull: Skull, tissue: Tissue
) -> Filling | Solid | None:
    match kind:
        case Hemorrhage.EPIDURAL:
            return epidural(rng, skull)
        case Hemorrhage.SUBDURAL:
            return subdural(rng, skull)
        case Hemorrhage.INTRAPARENCHYMAL:
            return intraparenchymal(rng, skull, tissue)
        case Hemorrhage.INTRAVENTRICULAR:
            return intraventricular(rng, skull, tissue)
        case Hemorrhage.SUBARACHNOID:
            return subarachnoid(rng, skull, tissue)
        case _:
            raise ValueError(f"no lesion of this kind can be painted. Received: {kind}")
