"""The bundled demo studies: a head after a blow, with all five types of hemorrhage, and one without a finding.

Both are rendered from label maps, the same to the bit for the same maps.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.random import default_rng
from scipy.ndimage import gaussian_filter

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import Volume, stored
from ichviewer.learning.synthesis.bleeding import bleed
from ichviewer.learning.synthesis.csf_spaces import intraventricular, subarachnoid
from ichviewer.learning.synthesis.demo_dicom import StudyNames, write_studies
from ichviewer.learning.synthesis.extra_axial import epidural, subdural
from ichviewer.learning.synthesis.map_head import MadeHead, map_head
from ichviewer.learning.synthesis.maps import prepared_map
from ichviewer.learning.synthesis.parenchyma import intraparenchymal
from ichviewer.learning.synthesis.skull import HIGHEST_HU, LOWEST_HU
from ichviewer.learning.synthesis.story import Cause
from ichviewer.learning.synthesis.tissue import read_tissue
from ichviewer.learning.synthesis.visibility import labels_of, masks_of
from ichviewer.learning.synthesis.whole_picture import Spot, break_skull, swell_scalp
from ichviewer.progress import Progress, silent

SETTINGS = PreprocessSettings(512, 0.46875, (-1024.0, 3071.0))
STRUCK, CLEAN = (12, 370), (12, 562)
"""Map and seed of each head."""
STRUCK_NAMES = StudyNames("bleed", "Demo^Trauma", "ICHV-DEMO-1", "058Y")
CLEAN_NAMES = StudyNames("clean", "Demo^Clean", "ICHV-DEMO-2", "063Y")

_BLOW, _FAR_SIDE = Spot(1.0, 0.0, 70.0), Spot(-1.0, 0.0, 60.0)
"""The left temple, and across from it. The seeds of the lesions were chosen by their looks."""

_BLUR_MM = 0.6
"""Width of the scanner's kernel, for the lesions; what they are put into has been scanned."""


def make_demo(
    folder: Path, maps: Path, progress: Progress = silent, *, settings: PreprocessSettings = SETTINGS
) -> list[Path]:
    """Make the demo studies in a folder, from those in the folder of the label maps; tests use a coarse grid.

    Returns the files written, relative to ``folder``.

    Raises
    ------
    LearningError
        If the map is missing, damaged, or of no head.
    """
    heads: list[MadeHead] = []
    for number, seed in (STRUCK, CLEAN):
        progress(len(heads), 3, f"head from map {number}")
        head = map_head(prepared_map(maps, number), seed, settings)
        if head is None:
            raise LearningError("this label map shows no brain in any slice", str(maps), f"map {number}")
        heads.append(head)
    progress(2, 3, "lesions")
    studies = {STRUCK_NAMES: struck(heads[0], settings), CLEAN_NAMES: heads[1].volume}
    written = write_studies(studies, settings.mm_per_px, folder)
    progress(3, 3, "files")
    return written


def struck(head: MadeHead, settings: PreprocessSettings) -> Volume:
    """A head after a blow to its left temple.

    There are a fracture, swelling and an epidural hematoma; across from it, where the brain was thrown against the
    skull, a subdural hematoma and contusions; and blood in the cisterns, in sulci, and settled in the ventricles.
    """
    skull, found = head.skull, head.volume.hu.astype(np.float32)
    broken = break_skull(default_rng(1), found, skull, _BLOW)
    soft = np.clip(broken, LOWEST_HU, HIGHEST_HU)
    swollen = swell_scalp(default_rng(23), soft, skull, _BLOW)
    cut = np.ascontiguousarray(swollen[:, skull.rows, skull.columns])
    tissue = read_tissue(cut, skull)
    solids = (
        epidural(default_rng(5), skull, _BLOW),
        *subdural(default_rng(48), skull, tissue, Cause.TRAUMA, _FAR_SIDE),
        intraparenchymal(default_rng(32), skull, tissue, Cause.TRAUMA),
    )
    fillings = (
        subarachnoid(default_rng(9), skull, tissue, Cause.TRAUMA),
        intraventricular(default_rng(35), skull, tissue),
    )
    blur_px = _BLUR_MM / settings.mm_per_px
    seen = [replace(f, share=gaussian_filter(f.share, (0, blur_px, blur_px))) for f in fillings if f]
    bled = bleed(cut, skull, tissue, [*seen, *(s for s in solids if s)], blur_px=blur_px)
    swollen[:, skull.rows, skull.columns] = bled.hu
    masks = np.zeros(found.shape, np.uint8)
    masks[:, skull.rows, skull.columns] = masks_of(bled)
    return replace(
        head.volume,
        # Bone, fat and air have kept the values that the lesions' narrow range cuts off.
        hu=stored(np.where(swollen != soft, swollen, broken)),
        labels=labels_of(bled, cut, skull, tissue, tissue.noise_hu),
        masks=masks,
    )
