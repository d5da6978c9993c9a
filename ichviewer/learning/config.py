"""What a training run is told, read from TOML and saved with the run."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ichviewer.errors import LearningError


@dataclass(frozen=True)
class AugmentConfig:
    """How pictures are varied in training.

    Parameters
    ----------
    rotation_deg, shift_px, scale : float
        Largest rotation and shift, and largest change of scale as a share.
    contrast, brightness_grey : float
        Largest change of the grey window: its width as a share, its middle in grey levels.
    noise_grey : float
        Largest standard deviation of added noise, in grey levels.
    blur_px : float
        Largest radius of the blur that one in six gets.
    single_slice : float
        Share of pictures whose neighboring channels repeat the slice, as in series of one slice.
    """

    rotation_deg: float = 12.0
    shift_px: float = 8.0
    scale: float = 0.1
    contrast: float = 0.12
    brightness_grey: float = 8.0
    noise_grey: float = 7.0
    blur_px: float = 1.0
    single_slice: float = 0.1


@dataclass(frozen=True)
class SamplingConfig:
    """Of what a batch is made, in shares; what is left are real slices without blood.

    Parameters
    ----------
    real_positive : float
        Real slices with blood.
    painted : float
        Painted inputs, with lesions or with what is mistaken for them.
    """

    real_positive: float = 0.25
    painted: float = 0.4

    def __post_init__(self) -> None:
        if min(self.real_positive, self.painted) < 0 or self.real_positive + self.painted >= 1:
            raise ValueError(
                f"shares must be positive and leave room for slices without blood. Received: {self}"
            )


@dataclass(frozen=True)
class Phase:
    """Some training steps at one size of picture; small pictures first saves time.

    Parameters
    ----------
    size_px : int
        Rows and columns the pictures are scaled to.
    steps : int
        How many batches.
    """

    size_px: int
    steps: int

    def __post_init__(self) -> None:
        if self.size_px < 32 or self.steps < 1:
            raise ValueError(f"a phase needs at least 32 pixels and one step. Received: {self}")


@dataclass(frozen=True)
class TrainConfig:
    """One training recipe.

    Parameters
    ----------
    cache : str
        Folder made by ``ichviewer learn prepare``, relative to the working directory.
    folds, seed : int
        Number of folds of the split by patient, and the seed of everything.
    batch : int
        Samples a step.
    phases : tuple of Phase
        Steps by size; the last one should have the model's own size.
    learning_rate, weight_decay, warm_up, label_smoothing, dropout : float
        Peak of the cosine, decoupled weight decay, share of the steps to warm up over, and regularization.
    held_norm_blocks : int
        BatchNorm statistics of the stem and of so many first blocks are held after the start.
    imagenet : bool
        Start from ImageNet weights.
    ema : float
        Decay of the running mean of the weights that becomes the model.
    continue_from : str
        Folder of finished runs with the same cache, folds and seed, that the runs go on from; empty for none.
    round : int
        How many recipes were gone through before this one; each round draws other batches.
    checkpoint_steps : int
        A checkpoint is written so often.
    """

    cache: str = "runs/cache"
    folds: int = 5
    seed: int = 1
    batch: int = 32
    phases: tuple[Phase, ...] = (Phase(160, 320), Phase(224, 220))
    learning_rate: float = 3e-4
    weight_decay: float = 1e-3
    warm_up: float = 0.06
    label_smoothing: float = 0.01
    dropout: float = 0.2
    ema: float = 0.99
    continue_from: str = ""
    round: int = 0
    checkpoint_steps: int = 40
    held_norm_blocks: int = 3
    imagenet: bool = True
    augment: AugmentConfig = AugmentConfig()
    sampling: SamplingConfig = SamplingConfig()

    def __post_init__(self) -> None:
        if self.batch < 1 or self.folds < 2 or not self.phases or self.checkpoint_steps < 1:
            raise ValueError(f"batch, folds, phases and checkpoint_steps must be positive. Received: {self}")
        if self.learning_rate <= 0 or not 0 <= self.warm_up < 1 or not 0 <= self.ema < 1:
            raise ValueError(f"learning_rate must be positive, warm_up and ema within 0..1. Received: {self}")

    @property
    def steps(self) -> int:
        """All steps of all phases."""
        return sum(phase.steps for phase in self.phases)

    def size_px(self, step: int) -> int:
        """Picture size at a step."""
        for phase in self.phases:
            if step < phase.steps:
                return phase.size_px
            step -= phase.steps
        return self.phases[-1].size_px

    def to_json(self) -> str:
        """The recipe as JSON, to be saved with the run."""
        return json.dumps(dataclasses.asdict(self), indent=1)


def read_config(path: Path) -> TrainConfig:
    """Read and check a recipe.

    Raises
    ------
    LearningError
        If the file is missing, is no TOML, or holds an unknown key or a wrong value.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LearningError("the training configuration could not be read", str(path), str(error)) from error
    try:
        return _from_dict(data)
    except (TypeError, ValueError) as error:
        raise LearningError("the training configuration is not valid", str(path), str(error)) from error


def _from_dict(data: dict[str, Any]) -> TrainConfig:
    data = dict(data)
    if "phases" in data:
        data["phases"] = tuple(_checked(Phase, phase) for phase in data["phases"])
    if "augment" in data:
        data["augment"] = _checked(AugmentConfig, data["augment"])
    if "sampling" in data:
        data["sampling"] = _checked(SamplingConfig, data["sampling"])
    config: TrainConfig = _checked(TrainConfig, data)
    return config


def _checked(kind: type[Any], data: dict[str, Any]) -> Any:
    """Build a dataclass from a table; numbers and text must be of the declared kind."""
    names: dict[str, tuple[type, ...]] = {
        "int": (int,),
        "float": (int, float),
        "str": (str,),
        "bool": (bool,),
    }
    for field in dataclasses.fields(kind):
        wanted = names.get(str(field.type))
        value = data.get(field.name)
        wrong = wanted is not None and (
            not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted)
        )
        if field.name in data and wrong:
            raise ValueError(f"{field.name} must be {field.type}. Received: {value!r}")
    return kind(**data)
