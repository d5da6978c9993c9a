"""The demo studies' probabilities on record: what every installation must find again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ichviewer.bundle import demo_dir
from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.series import Catalog, SeriesKey
from ichviewer.errors import ModelError
from ichviewer.inference.engine import Engine, open_engine
from ichviewer.inference.model_card import LARGEST_CARD_BYTES, NO_QUANTIZATION, ModelCard
from ichviewer.progress import Progress, silent
from ichviewer.services.annotate_catalog import annotate_catalog
from ichviewer.services.atomic_file import write_atomically
from ichviewer.services.open_study import open_study
from ichviewer.small_text import read_small_text

GOLDEN_NAME = "golden.json"
GOLDEN_FORMAT = 1

TOLERANCE = 1e-4
"""Largest difference of a probability between engines and machines."""

QUANTIZED_TOLERANCE = 0.03
"""Largest difference between machines for a model in 8-bit integers, where one step of rounding shows."""

Probabilities = dict[str, tuple[float, ...] | None]
"""Probabilities by SOP Instance UID; None where a slice was not analysed."""


@dataclass(frozen=True)
class Difference:
    """How far two sets of probabilities lie apart.

    Parameters
    ----------
    largest : float
    sop_uid : str
        The slice where.
    slices : int
        How many slices were compared.
    """

    largest: float
    sop_uid: str
    slices: int


def demo_probabilities(card: ModelCard, engine: Engine, *, progress: Progress = silent) -> Probabilities:
    """Analyse the demo studies with an engine, which is closed afterwards."""
    catalog = open_study([demo_dir()])
    findings, _ = annotate_catalog(catalog, lambda _: PixelCache(), lambda: engine, card, progress=progress)
    return dict(_by_uid(catalog, findings))


def _by_uid(
    catalog: Catalog, findings: dict[SeriesKey, SeriesFindings]
) -> Iterator[tuple[str, tuple[float, ...] | None]]:
    for series in catalog.series:
        for info, finding in zip(series.slices, findings[series.key].slices, strict=True):
            yield info.sop_uid, finding.probabilities


def tolerance(card: ModelCard, kind: str) -> float:
    """How far an engine's probabilities may lie from those on record for it."""
    return QUANTIZED_TOLERANCE if _quantized(card, kind) else TOLERANCE


def _quantized(card: ModelCard, kind: str) -> bool:
    return kind == "litert" and card.quantization != NO_QUANTIZATION


def write_golden(card: ModelCard, *, kind: str = "keras", progress: Progress = silent) -> Path:
    """Put the demo studies' probabilities on record beside the model.

    Those of a quantized LiteRT form, which are close to the reference but not the same, are put on record too.

    Parameters
    ----------
    card : ModelCard
    kind : str
        The engine whose results are the reference.
    progress : Progress

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ModelError, EngineError, ExportError
    """
    found = demo_probabilities(card, open_engine(card, kind), progress=progress)
    content = {
        "format": GOLDEN_FORMAT,
        "about": "Calibrated probabilities of the demo studies, in the order of `labels`; null: not analyzed.",
        "labels": card.raw.get("labels"),
        "keras_sha256": card.keras_sha256,
        "engine": kind,
        "slices": _rounded(found),
    }
    if card.quantization != NO_QUANTIZATION:
        quantized = demo_probabilities(card, open_engine(card, "litert"), progress=progress)
        content["quantized"] = {"litert_sha256": card.litert_sha256, "slices": _rounded(quantized)}
    path = card.folder / GOLDEN_NAME
    write_atomically(path, (json.dumps(content, indent=1) + "\n").encode())
    return path


def _rounded(found: Probabilities) -> dict[str, list[float] | None]:
    return {uid: None if p is None else [round(v, 8) for v in p] for uid, p in sorted(found.items())}


def read_golden(card: ModelCard, kind: str = "keras") -> Probabilities:
    """The demo studies' probabilities on record that an engine must find again.

    Raises
    ------
    ModelError
        If there are none, they are malformed, or they are those of another model.
    """
    path = card.folder / GOLDEN_NAME
    try:
        content: dict[str, Any] = json.loads(read_small_text(path, LARGEST_CARD_BYTES))
        form, model, slices = content["format"], content["keras_sha256"], content["slices"]
        expected = card.keras_sha256
        if _quantized(card, kind):
            part = content["quantized"]
            model, slices, expected = part["litert_sha256"], part["slices"], str(card.litert_sha256)
        found = {uid: None if p is None else tuple(map(float, p)) for uid, p in slices.items()}
    except FileNotFoundError:
        raise ModelError("the demo studies' probabilities on record are missing", str(path)) from None
    except (
        *(OSError, ValueError, KeyError, TypeError, AttributeError),
        *(OverflowError, RecursionError),
    ) as error:
        raise ModelError(
            "the demo studies' probabilities on record cannot be read", str(path), repr(error)
        ) from error
    if form != GOLDEN_FORMAT or model != expected:
        raise ModelError(
            "the demo studies' probabilities on record are those of another model",
            str(path),
            f"format {form}, SHA-256 {str(model)[:12]}...",
        )
    return found


def compare(found: Probabilities, expected: Probabilities) -> Difference:
    """How far probabilities lie from those expected.

    Raises
    ------
    ModelError
        If other slices were found or analysed than expected.
    """
    if found.keys() != expected.keys():
        unknown, missing = len(found.keys() - expected.keys()), len(expected.keys() - found.keys())
        raise ModelError(
            "the demo studies are not those the probabilities on record were computed for",
            found=f"{unknown} unknown and {missing} missing slices",
        )
    worst = Difference(0.0, "", len(found))
    for uid, wanted in expected.items():
        got = found[uid]
        if (got is None) != (wanted is None):
            raise ModelError(
                f"slice {uid} must {'not ' if wanted is None else ''}be analyzed",
                found="not analyzed" if got is None else "analyzed",
            )
        if got is not None and wanted is not None:
            apart = max(abs(a - b) for a, b in zip(got, wanted, strict=True))
            if apart >= worst.largest:
                worst = Difference(apart, uid, len(found))
    return worst
