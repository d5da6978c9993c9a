"""Windows, measurements and key images as Grayscale Softcopy Presentation States (DICOM PS3.3 A.33.1)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.header import read_rescale
from ichviewer.dicom.values import Elements
from ichviewer.dicom.whole_header import read_whole_header
from ichviewer.domain.hu import Rescale
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import SliceInfo
from ichviewer.domain.window import Window
from ichviewer.results.drawings import Drawn, drawn
from ichviewer.results.equipment import ascii_line
from ichviewer.results.finish import finish

if TYPE_CHECKING:
    from highdicom.pr import GraphicAnnotation, GraphicLayer
    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.results.source import Source

HEMORRHAGE_WINDOWS = (Window(40, 80, name="Brain"), Window(80, 200, name="Subdural"))
"""Those that hemorrhage is looked for in, where nobody tells which are in use."""

_LAYER = "READER"
_MOST_LABEL = 16
# The top left of the picture, in shares of it.
_CORNER = (0.02, 0.02, 0.4, 0.1)
_Key = tuple[Rescale, int, int]
"""Modality transformation, rows, columns."""

_NO_LETTER = re.compile(r"[^A-Z0-9_]+")


def build(source: Source, kind: ResultKind, extras: Extras) -> Sequence[Dataset]:
    """A presentation state for each window, each with all that a reader drew.

    Images whose values were repaired are in none of them: other programs read other values. Images whose stored
    values mean other HU have states of their own, because a state has one modality transformation for all its images.
    """
    drawings, left_out = drawn(source, extras)
    windows = extras.windows or HEMORRHAGE_WINDOWS
    states: list[Dataset] = []
    for key, indices in _by_rescale(source).items():
        for window in windows:
            number = len(states) + 1
            here = [one for one in drawings if one.index in set(indices)]
            states.append(_state(source, kind, indices, key, window, here, left_out, extras, number))
    return states


def _by_rescale(source: Source) -> dict[_Key, list[int]]:
    """Slices by how their stored values become HU, and by their size; whole files only."""
    found: dict[_Key, list[int]] = {}
    of_file: dict[str, set[_Key | None]] = {}
    files: dict[str, list[int]] = {}
    for index, info in enumerate(source.series.slices):
        files.setdefault(info.sop_uid, []).append(index)
    for uid, indices in files.items():
        root = Elements(read_whole_header(source.series.slices[indices[0]]), "", [])
        groups = FrameGroups(root)
        for index in indices:
            info, finding = source.series.slices[index], source.analysis.findings.slices[index]
            rescale = read_rescale(root, groups, info.source.frame)
            repaired = any(p.code is ProblemCode.REPAIRED_12_BIT for p in finding.problems)
            key = None if rescale is None or repaired else (rescale, info.rows, info.columns)
            of_file.setdefault(uid, set()).add(key)
            if key is not None:
                found.setdefault(key, []).append(index)
    # Of a file whose frames differ, no state can tell which frame it means by its transformation.
    mixed = {uid for uid, keys in of_file.items() if len(keys) > 1}
    slices = source.series.slices
    kept = {key: [i for i in indices if slices[i].sop_uid not in mixed] for key, indices in found.items()}
    return {key: indices for key, indices in kept.items() if indices}


def _state(  # noqa: PLR0917 - one place where an object is made
    source: Source,
    kind: ResultKind,
    indices: list[int],
    key: _Key,
    window: Window,
    drawings: Sequence[Drawn],
    left_out: int,
    extras: Extras,
    number: int,
) -> Dataset:
    from highdicom import ModalityLUTTransformation  # noqa: PLC0415
    from highdicom.pr import (  # noqa: PLC0415
        GraphicLayer,
        GrayscaleSoftcopyPresentationState,
        SoftcopyVOILUTTransformation,
    )

    rescale = key[0]
    images = source.evidence(indices)
    for image in images:
        image.SamplesPerPixel = 1
    layer = GraphicLayer(_LAYER, 1, "Drawn by a reader")
    description = f"Research use: {ascii_line(window.name) or 'window'}"
    if drawings:
        description += f", {len(drawings)} drawn by a reader"
    if left_out:
        description += f", {left_out} not shown"
    words = (repr(window), extras.observer, _digest(drawings), str(left_out), str(indices[0]))
    state = GrayscaleSoftcopyPresentationState(
        referenced_images=images,
        content_label=_NO_LETTER.sub("_", window.name.upper())[:_MOST_LABEL].strip("_") or "WINDOW",
        content_description=description[:64],
        content_creator_name=extras.observer or None,
        graphic_annotations=[_annotation(source, one, layer) for one in drawings] or None,
        graphic_layers=[layer] if drawings else None,
        modality_lut_transformation=ModalityLUTTransformation(
            rescale_intercept=rescale.intercept, rescale_slope=rescale.slope, rescale_type="HU"
        ),
        voi_lut_transformations=[
            SoftcopyVOILUTTransformation(
                # Lists: of a single text each letter would be an explanation.
                window_center=[window.center_hu],
                window_width=[window.width_hu],
                window_explanation=[ascii_line(window.name) or "unnamed"],
                voi_lut_function=window.function.value,
            )
        ],
        **source.common(kind, *words, number=number),
    )
    _set_pixel_shape(state, source.series.slices[indices[0]])
    # Not of one side of a paired organ, as far as it is known (type 2C; PS3.3 C.7.3.1).
    state.add_new("Laterality", "CS", None)
    return finish(state, source)


def _annotation(source: Source, one: Drawn, layer: GraphicLayer) -> GraphicAnnotation:
    from highdicom.pr import GraphicAnnotation, GraphicObject, TextObject  # noqa: PLC0415

    (image,) = source.evidence([one.index])
    graphics = [GraphicObject(line.graphic_type, line.points_px, "PIXEL") for line in one.lines]
    texts = []
    if one.text and one.anchor_px is not None:
        texts.append(TextObject(one.text, "PIXEL", anchor_point=one.anchor_px, anchor_point_visible=False))
    elif one.text:
        texts.append(TextObject(one.text, "DISPLAY", bounding_box=_CORNER))
    return GraphicAnnotation(
        [image],
        layer,
        referenced_frame_number=source.frame_number(one.index),
        graphic_objects=graphics or None,
        text_objects=texts or None,
    )


def _set_pixel_shape(state: Dataset, info: SliceInfo) -> None:
    """Say how large pixels are, so that those that are not square are not shown as if they were (PS3.3 C.10.4)."""
    if info.spacing is None:
        return
    for item in state.DisplayedAreaSelectionSequence:
        item.PresentationPixelSpacing = [info.spacing.row_mm, info.spacing.column_mm]
        del item.PresentationPixelAspectRatio


def _digest(drawings: Sequence[Drawn]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for one in drawings:
        lines = [(line.graphic_type, line.points_px.tolist()) for line in one.lines]
        digest.update(
            repr((one.index, lines, one.text, one.anchor_px)).encode("utf-8", errors="backslashreplace")
        )
    return digest.hexdigest()
