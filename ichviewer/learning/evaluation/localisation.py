"""Whether the maps point at the blood: the pointing game and the overlap with the truth mask.

The pointing game is that of Zhang et al., "Top-Down Neural Attention by Excitation Backprop", ECCV 2016: a hit is a
map that peaks inside the mask or within 5 mm of it. A map is judged where its type is in the slice and drawn in a
mask, flagged or not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ichviewer.domain.labels import TYPES
from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.predictions import NOT_APPLICABLE, Predictions

Row = dict[str, Any]


def localisation(predictions: Predictions, boot: Bootstrap) -> dict[str, Row]:
    """Pointing accuracy and mean Dice of each type; types without a mask are left out."""
    rows: dict[str, Row] = {}
    for i, kind in enumerate(TYPES):
        judged = predictions.pointing[:, i] != NOT_APPLICABLE
        drawn = np.isfinite(predictions.dice[:, i])
        if not (judged.any() or drawn.any()):
            continue
        row: Row = {"slices": int(judged.sum()), "slices_dice": int(drawn.sum())}
        boot.ratio(predictions.pointing[:, i] == 1, judged).put(row, "pointing")
        boot.ratio(np.where(drawn, predictions.dice[:, i], 0.0), drawn).put(row, "dice")
        row["dice_median"] = float(np.median(predictions.dice[drawn, i])) if drawn.any() else None
        rows[kind.value] = row
    return rows
