"""The program checks its own installation: every decoder, the model, its results, the resources."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ichviewer import __version__
from ichviewer.bundle import model_dir, resources_dir
from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.errors import IchViewerError, SelfTestError, SettingsError
from ichviewer.inference.engine import keras_installed, open_engine
from ichviewer.inference.model_card import CARD_NAME, NO_QUANTIZATION, ModelCard, load_model_card, verify_file
from ichviewer.services.engine_speed import engine_speed
from ichviewer.services.golden import (
    TOLERANCE,
    Probabilities,
    compare,
    demo_probabilities,
    read_golden,
    tolerance,
)
from ichviewer.services.windows import load_presets, user_windows_file

FRAMES_DIR = "self_test"
FRAME_SIZE = 16
_INTERCEPT_HU = -1024

SYNTAXES = (
    *(
        "ImplicitVRLittleEndian",
        "ExplicitVRLittleEndian",
        "ExplicitVRBigEndian",
        "DeflatedExplicitVRLittleEndian",
    ),
    *("RLELossless", "JPEGBaseline8Bit", "JPEGExtended12Bit", "JPEGLossless", "JPEGLosslessSV1"),
    *("JPEGLSLossless", "JPEGLSNearLossless", "JPEG2000Lossless", "JPEG2000"),
    *("HTJ2KLossless", "HTJ2KLosslessRPCL", "HTJ2K"),
)
"""Transfer syntaxes of single images that the program reads (DICOM PS3.5 chapter 10), by pydicom's keywords."""

# Largest difference in stored values that a lossy syntax may show on the frame of this test.
LOSSY_TOLERANCE = {"JPEGBaseline8Bit": 2, "JPEGExtended12Bit": 4, "JPEGLSNearLossless": 2}

_RESOURCES = ("windows.toml", "icons", "themes", "demo", FRAMES_DIR)


class State(StrEnum):
    """What came of a check."""

    PASSED = "ok"
    FAILED = "FAILED"
    SKIPPED = "skipped"
    NOTE = "note"


@dataclass(frozen=True)
class Check:
    """One thing checked.

    Parameters
    ----------
    name : str
    state : State
    detail : str
        What was found, or why it failed or was skipped.
    """

    name: str
    state: State
    detail: str


def expected_frame(bits: int) -> NDArray[np.uint16]:
    """Stored values of the frames in `resources/self_test`: a ramp that fills 8 or 12 bits, shape (16, 16)."""
    ramp = np.arange(FRAME_SIZE * FRAME_SIZE, dtype=np.uint16).reshape(FRAME_SIZE, FRAME_SIZE)
    return np.left_shift(ramp, np.uint16(bits - 8))


def run_self_test() -> Iterator[Check]:
    """Check everything, one thing after the other; a check that fails does not stop the others."""
    python = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    frozen = ", packaged" if getattr(sys, "frozen", False) else ""
    yield Check("program", State.PASSED, f"ichviewer {__version__}, {python}{frozen}")
    yield _checked("resources", _resources)
    yield _own_windows()
    yield from _decoders()
    try:
        card = load_model_card(model_dir())
    except IchViewerError as error:
        yield Check("model", State.FAILED, str(error))
        return
    yield _checked("model", lambda: _model_files(card))
    yield from _results(card)


def _checked(name: str, check: Callable[[], str]) -> Check:
    """Run a check that returns what it found and raises an error of ours if it fails."""
    try:
        return Check(name, State.PASSED, check())
    except IchViewerError as error:
        return Check(name, State.FAILED, str(error))


def _resources() -> str:
    root = resources_dir()
    missing = [name for name in _RESOURCES if not (root / name).exists()]
    empty = [p for name in _RESOURCES if (p := root / name).is_dir() and not any(p.iterdir())]
    if missing or empty:
        raise SelfTestError(
            "resources are missing; please install ichviewer again",
            str(root),
            ", ".join(map(str, [*missing, *empty])),
        )
    presets = load_presets(root / "no such file")
    return f"{root}; {len(presets)} windows"


def _own_windows() -> Check:
    path = user_windows_file()
    errors: list[SettingsError] = []
    presets = load_presets(path, on_error=errors.append)
    if errors:
        return Check("your own windows", State.NOTE, f"not used: {errors[0]}")
    if not path.is_file():
        return Check("your own windows", State.NOTE, f"none; they would lie in {path}")
    return Check("your own windows", State.PASSED, f"{path}; {len(presets)} windows in all")


def _decoders() -> Iterator[Check]:
    for syntax in SYNTAXES:
        path = resources_dir() / FRAMES_DIR / f"{syntax}.dcm"
        yield _checked(f"decoder {syntax}", lambda path=path: _decode(path))  # type: ignore[misc]


def _decode(path: Path) -> str:
    """Decode a frame the way the program does, and compare it with what was encoded."""
    catalog = read_catalog([path])
    if len(catalog.series) != 1:
        raise SelfTestError("the frame cannot be read", str(path), "; ".join(map(str, catalog.problems)))
    image = read_slice(catalog.series[0].slices[0]).image
    expected = expected_frame(8 if path.stem == "JPEGBaseline8Bit" else 12).astype(np.float32) + _INTERCEPT_HU
    hu = image.hu()
    allowed = LOSSY_TOLERANCE.get(path.stem, 0)
    worst = float(np.abs(hu - expected).max()) if hu.shape == expected.shape else float("inf")
    if worst > allowed:
        raise SelfTestError(
            f"the decoded frame must be within {allowed} of the encoded one", str(path), f"{worst:g} apart"
        )
    return "exact" if worst == 0 else f"within {worst:g}, {allowed} allowed (lossy)"


def _model_files(card: ModelCard) -> str:
    found = []
    if card.keras_file.is_file():
        verify_file(card.keras_file, card.keras_sha256)
        found.append(f"{card.keras_file.name} {card.keras_sha256[:12]}")
    if card.litert_sha256 is not None and card.litert_file.is_file():
        verify_file(card.litert_file, card.litert_sha256)
        if card.litert_exported_from != card.keras_sha256:
            raise SelfTestError(
                f"must be made from the {card.keras_file.name} that {CARD_NAME} names",
                str(card.litert_file),
                f"made from {str(card.litert_exported_from)[:12]}",
            )
        found.append(f"{card.litert_file.name} {card.litert_sha256[:12]}, made from it")
    if not found:
        raise SelfTestError("neither form of the model is there", str(card.folder))
    return f"{card.name} {card.version}: {'; '.join(found)}"


def _results(card: ModelCard) -> Iterator[Check]:
    """Golden probabilities on each engine there is, and how far the engines lie apart."""
    results: dict[str, Probabilities] = {}
    for kind in ("litert", "keras"):
        name = f"demo studies, {kind} engine"
        skip = _why_skip(card, kind)
        if skip:
            yield Check(name, State.SKIPPED, skip)
            continue
        try:
            engine = open_engine(card, kind)
            speed = engine_speed(card, engine)
            results[kind] = demo_probabilities(card, engine)
            worst = compare(results[kind], read_golden(card, kind))
        except IchViewerError as error:
            yield Check(name, State.FAILED, str(error))
            continue
        what = f"{worst.slices} slices, from those on record"
        yield _within(name, worst.largest, what, tolerance(card, kind))
        yield Check(f"speed, {kind} engine", State.NOTE, str(speed))
    if len(results) == 2:
        yield _checked_parity(card, results)
    elif results:
        yield Check(
            "engine parity", State.NOTE, f"only the {next(iter(results))} engine ran{_why_enough(card)}"
        )
    else:
        yield Check("engines", State.FAILED, "no engine could run the model")


def _why_enough(card: ModelCard) -> str:
    if card.quantization != NO_QUANTIZATION:
        return f"; its {card.quantization} form was compared with the model when it was exported"
    return (
        "; the probabilities on record were computed by the keras engine, "
        "so agreement with them is the parity check"
    )


def _checked_parity(card: ModelCard, results: dict[str, Probabilities]) -> Check:
    try:
        worst = compare(results["litert"], results["keras"])
    except IchViewerError as error:
        return Check("engine parity", State.FAILED, str(error))
    if card.quantization == NO_QUANTIZATION:
        return _within("engine parity", worst.largest, "litert from keras", TOLERANCE)
    # How far they may lie apart was judged on labelled slices when the model was exported.
    what = f"litert, in {card.quantization}, from keras: at most {worst.largest:.1e} apart"
    return Check("engine parity", State.NOTE, what)


def _why_skip(card: ModelCard, kind: str) -> str:
    if kind == "litert" and card.litert_sha256 is None:
        return "the model has no LiteRT form"
    if kind == "keras" and not keras_installed():
        return "TensorFlow is not installed; pip install 'ichviewer[keras]' installs it"
    if kind == "keras" and not card.keras_file.is_file():
        return f"{card.keras_file.name} is not part of this package"
    return ""


def _within(name: str, largest: float, what: str, allowed: float) -> Check:
    state = State.PASSED if largest <= allowed else State.FAILED
    return Check(name, state, f"{what}: at most {largest:.1e} apart, {allowed:g} allowed")
