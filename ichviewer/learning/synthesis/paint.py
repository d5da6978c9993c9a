"""Paints blood into the volume of a real head, and makes its twin without blood."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import N_LABELS, Hemorrhage
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import MADE_SOURCES, Volume, stored
from ichviewer.learning.synthesis import ageing, whole_picture
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.artifacts import air, catheter
from ichviewer.learning.synthesis.bleeding import Bled, Filling, Solid, bleed
from ichviewer.learning.synthesis.csf_spaces import intraventricular, subarachnoid
from ichviewer.learning.synthesis.extra_axial import epidural, subdural
from ichviewer.learning.synthesis.mimics import add_mimics
from ichviewer.learning.synthesis.parenchyma import intraparenchymal
from ichviewer.learning.synthesis.skull import HIGHEST_HU, LOWEST_HU, Skull, find_skull
from ichviewer.learning.synthesis.story import Cause, Story, draw_story
from ichviewer.learning.synthesis.tissue import Tissue, read_tissue
from ichviewer.learning.synthesis.visibility import labels_of, marked, masks_of, mimics_of
from ichviewer.learning.synthesis.whole_picture import Spot

Bits = NDArray[np.uint8]

_LEAST_SLICES, _LEAST_INSIDE_MM2 = 4, 600.0
_TRIES = 4
_LEFT_BEHIND: tuple[tuple[str, Callable[[Generator, Field, Skull, Tissue, Spot], Field | None]], ...]
_LEFT_BEHIND = (("catheter", catheter), ("air", air))


def paint_volume(volume: Volume, seed: int, settings: PreprocessSettings) -> list[Volume]:
    """Paint hemorrhages into a real head, of which only the longest run of slices without blood is used.

    The seed is the only source of chance, together with the volume's name; the settings are those that its pictures
    were made with. The painted head and its clean twin; only the clean one for about a third of the seeds; nothing if
    there are fewer than four usable slices with brain.
    """
    skull = find_skull(volume, settings.mm_per_px)
    return [] if skull is None else paint_onto(volume, skull, seed, settings)


def paint_onto(volume: Volume, skull: Skull, seed: int, settings: PreprocessSettings) -> list[Volume]:
    """Paint hemorrhages into a head, real or made from a label map, whose skull is known.

    The skull is that of all slices; the rest is as for `paint_volume`. What is made of a made head keeps its source.
    """
    run = usable_run(volume)
    if run is None:
        return []
    skull = skull.part(run)
    if (skull.area_mm2 > _LEAST_INSIDE_MM2).sum() < _LEAST_SLICES:
        return []
    rng = np.random.default_rng([seed, *volume.name.encode()])
    story = draw_story(rng)
    found = volume.hu[run].astype(np.float32)
    whole, spot, traits = _operate(rng, np.clip(found, LOWEST_HU, HIGHEST_HU), skull, story)
    cut = np.ascontiguousarray(whole[:, skull.rows, skull.columns])
    cut, tissue, mimics, more = _prepare(rng, cut, skull, story, spot)
    scanner = whole_picture.draw_scanner(rng, whole.shape)
    traits += [*more, *scanner.traits]

    def finish(part: Field, kind: str, labels: Bits, masks: Bits, twin: str) -> Volume:
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
            masks=scanner.turn(placed),
            twin=twin,
            traits=tuple(traits),
        )

    mm, empty = skull.step_mm[1], np.zeros(cut.shape, np.uint8)
    none = np.zeros((len(cut), N_LABELS), np.uint8)
    clean = finish(cut, "clean", none, marked(empty, mimics, None, mm), "")
    bled = _bled(rng, cut, skull, tissue, story=story, spot=spot)
    if bled is None:
        return [clean]
    noise_hu = float(np.hypot(tissue.noise_hu, scanner.noise_sd_hu))
    labels = labels_of(bled, cut, skull, tissue, noise_hu)
    if not (labels == 1).any():
        return [clean]
    return [finish(bled.hu, "bleed", labels, marked(masks_of(bled), mimics, bled, mm), clean.name), clean]


def usable_run(volume: Volume) -> slice | None:
    """The longest run of slices without blood and not next to one with it, if it has enough slices with brain."""
    near = ndimage.binary_dilation(np.any(volume.labels != 0, axis=1))
    marks, _ = ndimage.label(~near)
    runs = [run for (run,) in ndimage.find_objects(marks) if volume.has_brain[run].sum() >= _LEAST_SLICES]
    return max(runs, key=lambda run: run.stop - run.start, default=None)


def _beyond(seen: Field, found: Field) -> Field:
    """The picture with bone, fat and air as they were found, where it is still saturated there."""
    seen = np.where(seen >= HIGHEST_HU, np.maximum(found, HIGHEST_HU), seen)
    return np.where(seen <= LOWEST_HU, np.minimum(found, LOWEST_HU), seen).astype(np.float32)


def _operate(rng: Generator, hu: Field, skull: Skull, story: Story) -> tuple[Field, Spot | None, list[str]]:
    """Change skull and scalp of whole pictures; where that was done comes with them."""
    traits = []
    spot: Spot | None = None
    if story.struck:
        spot = whole_picture.draw_blow(rng)
        if rng.random() < 0.45:
            hu = whole_picture.break_skull(rng, hu, skull, spot)
            traits.append("fracture")
    if story.opened:
        spot = whole_picture.draw_opening(rng)
        hu = whole_picture.open_skull(rng, hu, skull, spot)
        traits.append("opened-skull")
    if spot is not None and (story.struck or rng.random() < 0.6):
        hu = whole_picture.swell_scalp(rng, hu, skull, spot)
        traits.append("swollen-scalp")
    return hu, spot, traits


def _prepare(
    rng: Generator, hu: Field, skull: Skull, story: Story, spot: Spot | None
) -> tuple[Field, Tissue, Mask, list[str]]:
    """Age the head and add mimics, what both twins have; with it where something is mistaken for blood."""
    hu, tissue, collection, traits = _aged(rng, hu, skull, story)
    shares = {
        "infarct": (1.0 if story.cause is Cause.INFARCT else 0.22, ageing.infarct),
        "second-infarct": (0.06, ageing.infarct),
        "white-matter": (0.4 if story.old else 0.08, ageing.pale_white_matter),
    }
    for name, (share, make) in shares.items():
        darker = make(rng, hu, skull, tissue) if rng.random() < share else None
        if darker is not None:
            hu = darker
            traits.append(name)
    before = hu
    hu, more = add_mimics(rng, hu, skull, tissue)
    if story.opened and spot is not None:
        for name, add in _LEFT_BEHIND:
            added = add(rng, hu, skull, tissue, spot) if rng.random() < 0.55 else None
            if added is not None:
                hu = added
                more.append(name)
    mimics = mimics_of(before, hu, tissue, skull) | collection
    traits += more
    return hu, read_tissue(hu, skull, tissue) if traits else tissue, mimics, traits


def _aged(rng: Generator, hu: Field, skull: Skull, story: Story) -> tuple[Field, Tissue, Mask, list[str]]:
    """Widen ventricles and sulci, and put fluid over the brain; collections of it are marked."""
    traits = []
    tissue = read_tissue(hu, skull)
    collection = np.zeros(hu.shape, bool)
    bloody_rooms = Hemorrhage.INTRAVENTRICULAR in story.kinds
    if rng.random() < (0.65 if bloody_rooms else 0.6 if story.old else 0.15):
        hu = ageing.widen_ventricles(hu, skull, tissue, rng.uniform(1.0, 8.0), rng)
        traits.append("wide-ventricles")
    if rng.random() < (0.8 if story.old else 0.4 if Hemorrhage.SUBARACHNOID in story.kinds else 0.15):
        hu = ageing.widen_sulci(hu, skull, tissue, rng.uniform(0.3, 1.2), rng)
        traits.append("wide-sulci")
    rim = rng.random()
    if rim < (0.4 if story.old else 0.08) or (story.opened and rim < 0.5):
        hygroma = not story.old or rng.random() < 0.3
        tissue = read_tissue(hu, skull) if traits else tissue
        solid = ageing.fluid_rim(rng, skull, both_sides=not hygroma)
        if solid is not None:
            rimmed = bleed(hu, skull, tissue, [solid], blur_px=0.7)
            hu = rimmed.hu
            traits.append("hygroma" if hygroma else "fluid-rim")
            if hygroma:
                collection = rimmed.shares[solid.kind] >= 0.5
    return hu, read_tissue(hu, skull) if traits else tissue, collection, traits


def _bled(
    rng: Generator, hu: Field, skull: Skull, tissue: Tissue, *, story: Story, spot: Spot | None
) -> Bled | None:
    """The head with the blood of its story, some kinds in two places; None where it has no room for any."""
    lesions: list[Filling | Solid] = []
    for kind in story.kinds:
        twice = 0.05 if kind is Hemorrhage.EPIDURAL else 0.2
        for _ in range(1 + int(rng.random() < twice)):
            tries = (_lesions(rng, kind, skull, tissue, story=story, spot=spot) for _ in range(_TRIES))
            lesions += next(filter(None, tries), [])
    if not lesions:
        return None
    return bleed(hu, skull, tissue, lesions, blur_px=rng.uniform(0.5, 0.9))


def _lesions(
    rng: Generator, kind: Hemorrhage, skull: Skull, tissue: Tissue, *, story: Story, spot: Spot | None
) -> Sequence[Filling | Solid]:
    """Blood of one kind; nothing where this head has no room for it."""
    made: Filling | Solid | None
    match kind:
        case Hemorrhage.SUBDURAL:
            return subdural(rng, skull, tissue, story.cause, spot)
        case Hemorrhage.EPIDURAL:
            made = epidural(rng, skull, spot if rng.random() < 0.7 else None)
        case Hemorrhage.INTRAPARENCHYMAL:
            made = intraparenchymal(rng, skull, tissue, story.cause)
        case Hemorrhage.INTRAVENTRICULAR:
            made = intraventricular(rng, skull, tissue)
        case _:
            made = subarachnoid(rng, skull, tissue, story.cause)
    return [] if made is None else [made]
