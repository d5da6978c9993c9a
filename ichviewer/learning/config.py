"""What a training run is told, read from TOML and saved with the run."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import NEIGHBORS, Channel, check_channels


@dataclass(frozen=True)
class AugmentConfig:
    """How pictures are varied in training.

    Parameters
    ----------
    rotation_deg, shift_px, scale : float
        Largest rotation and shift, and largest change of scale as a share.
    stretch, shear : float
        Largest change of the height of a picture against its width, and how far it leans, both as a share.
    gain, offset_hu : float
        Largest change of the calibration: of the slope of HU as a share, and of all HU.
    contrast, brightness_grey : float
        Largest change of the grey window: its width as a share, its middle in grey levels.
    shading_hu : float
        Largest difference between the middle of a picture and its sides that is added: cupping.
    noise_grey : float
        Largest standard deviation of added noise, in grey levels of a window 120 HU wide; half of it is grainy, half
        fine.
    blur_px, sharpen : float
        Largest radius of the blur that one in five gets, and largest strength of the sharpening of another one.
    cut_border : float
        Share of pictures that lose a border, as where the head does not lie in the field of view.
    single_slice : float
        Share of pictures whose neighboring channels repeat the slice, as in series of one slice.
    far_neighbor : float
        Share of pictures whose neighboring channels are taken nearer or farther than told, as series differ.
    """

    rotation_deg: float = 15.0
    shift_px: float = 10.0
    scale: float = 0.12
    stretch: float = 0.04
    shear: float = 0.03
    gain: float = 0.03
    offset_hu: float = 4.0
    contrast: float = 0.15
    brightness_grey: float = 8.0
    shading_hu: float = 4.0
    noise_grey: float = 8.0
    blur_px: float = 1.2
    sharpen: float = 0.8
    cut_border: float = 0.03
    single_slice: float = 0.35
    far_neighbor: float = 0.2


@dataclass(frozen=True)
class SamplingConfig:
    """Of what a batch is made, in relative shares; a pool that is empty gives its share to the others.

    Parameters
    ----------
    real_positive, real_negative : float
        Real slices with blood and without.
    painted_positive, painted_negative : float
        Slices of real heads with painted blood, and without it.
    map_positive, map_negative : float
        Slices of heads made from label maps, with blood and without it.
    pairs : float
        Share of the made slices without blood that are the very slice of a made one with blood in the same batch.
    unpaired : bool
        Use made volumes without blood that are nobody's twin: they are there for what is mistaken for blood.
    """

    real_positive: float = 0.2
    real_negative: float = 0.2
    painted_positive: float = 0.2
    painted_negative: float = 0.12
    map_positive: float = 0.17
    map_negative: float = 0.11
    pairs: float = 0.5
    unpaired: bool = True

    def __post_init__(self) -> None:
        if min(self.shares) < 0 or sum(self.shares) <= 0 or not 0 <= self.pairs <= 1:
            raise ValueError(f"shares must be positive, and pairs within 0..1. Received: {self}")

    @property
    def shares(self) -> tuple[float, ...]:
        """The six shares in the order of `POOLS`."""
        return (
            self.real_positive,
            self.real_negative,
            self.painted_positive,
            self.painted_negative,
            self.map_positive,
            self.map_negative,
        )


POOLS = (
    "real_positive",
    "real_negative",
    "painted_positive",
    "painted_negative",
    "map_positive",
    "map_negative",
)
"""Names of the pools that `SamplingConfig` tells the shares of."""


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
    stores : tuple of str
        Folders made by ``ichviewer learn prepare`` and ``synthesise``, relative to the working directory.
    folds, seed : int
        Number of folds of the split by patient, and the seed of everything.
    size_px : int
        Rows and columns of the finished model's input, over the same field of view as the pictures of the stores.
    channels : tuple of Channel
        What the input is made of: slices and windows.
    mirrored : bool
        The finished model looks at every picture and at its mirror image.
    backbone, weights : str
        See `backbones`.
    segmentation : bool
        With the decoder that is taught with masks.
    region_weight : float
        Weight of its loss beside that of the labels.
    mimic_maps : bool
        The decoder is also taught a sixth map, of what is mistaken for blood; it is not part of the finished model.
    loss : str
        ``log``, ``focal`` or ``asymmetric``.
    batch : int
        Samples a step.
    phases : tuple of Phase
        Steps by size; the last one should have the model's own size.
    learning_rate, weight_decay, warm_up, label_smoothing, dropout : float
        Peak of the cosine, decoupled weight decay, share of the steps to warm up over, and regularization.
    held_norm_blocks : int
        BatchNorm statistics of the stem and of so many first blocks are held after the start.
    frozen_blocks : int
        The stem and so many first blocks are not trained at all; saves time.
    ema : float
        Decay of the running mean of the weights that becomes the model.
    start_from : str or tuple of str
        A ``model.keras`` made here that all runs start from; its patients must not be among those left out. With
        ``{run}`` in it, every run starts from the run of its own name: ``runs/first/{run}/model.keras``. Of several
        the mean of their weights is taken (Izmailov et al., "Averaging weights leads to wider optima and better
        generalization", UAI 2018); without phases that mean is the model.
    round : int
        How many recipes were gone through before this one; each round draws other batches.
    checkpoint_steps : int
        A checkpoint is written so often.
    validation_share : float
        Share of the patients kept back to stop early; 0 for none.
    patience : int
        Checkpoints without gain on them after which a run stops.
    precision : str
        ``float32``, ``bfloat16`` for mixed precision, or ``auto``: the latter where there is a GPU.
    workers : int
        Threads that make batches.
    cache_mb : int
        So many 10^6 bytes of slices read last are kept in memory.
    tensorboard : bool
        Write logs for TensorBoard into the run's folder.
    """

    stores: tuple[str, ...] = ("runs/ct-ich",)
    folds: int = 5
    seed: int = 1
    size_px: int = 224
    channels: tuple[Channel, ...] = NEIGHBORS
    mirrored: bool = False
    backbone: str = "efficientnet-lite0"
    weights: str = "imagenet"
    segmentation: bool = True
    region_weight: float = 0.5
    mimic_maps: bool = False
    loss: str = "log"
    batch: int = 16
    phases: tuple[Phase, ...] = (Phase(160, 320), Phase(224, 220))
    learning_rate: float = 3e-4
    weight_decay: float = 1e-3
    warm_up: float = 0.06
    label_smoothing: float = 0.01
    dropout: float = 0.2
    held_norm_blocks: int = 3
    frozen_blocks: int = 0
    ema: float = 0.99
    start_from: str | tuple[str, ...] = ""
    round: int = 0
    checkpoint_steps: int = 40
    validation_share: float = 0.0
    patience: int = 5
    precision: str = "auto"
    workers: int = 1
    cache_mb: int = 1500
    tensorboard: bool = False
    augment: AugmentConfig = AugmentConfig()
    sampling: SamplingConfig = SamplingConfig()

    def __post_init__(self) -> None:
        if min(self.batch, self.checkpoint_steps, self.workers, self.patience) < 1 or self.folds < 2:
            raise ValueError(
                f"batch, folds, checkpoint_steps, workers and patience must be positive. Received: {self}"
            )
        if not self.stores or not (self.phases or self.start_from):
            raise ValueError("a recipe needs stores, and phases unless it starts from models")
        if self.learning_rate <= 0 or not 0 <= self.warm_up < 1 or not 0 <= self.ema < 1:
            raise ValueError(f"learning_rate must be positive, warm_up and ema within 0..1. Received: {self}")
        if any(phase.size_px % 32 for phase in self.phases) or self.size_px % 32:
            raise ValueError(f"sizes must be multiples of 32. Received: {self.phases}, {self.size_px}")
        if not 0 <= self.validation_share < 0.5:
            raise ValueError(f"validation_share lies within 0..0.5. Received: {self.validation_share}")
        check_channels(self.channels)
        if self.cache_mb < 0:
            raise ValueError(f"cache_mb must not be negative. Received: {self.cache_mb}")
        if self.precision not in {"auto", "float32", "bfloat16"}:
            raise ValueError(f"precision is auto, float32 or bfloat16. Received: {self.precision!r}")

    @property
    def starts(self) -> tuple[str, ...]:
        """All models of `start_from`."""
        named = (self.start_from,) if isinstance(self.start_from, str) else self.start_from
        return tuple(name for name in named if name)

    @property
    def steps(self) -> int:
        """All steps of all phases."""
        return sum(phase.steps for phase in self.phases)

    def size_at(self, step: int) -> int:
        """Picture size at a step."""
        for phase in self.phases:
            if step < phase.steps:
                return phase.size_px
            step -= phase.steps
        return self.phases[-1].size_px

    def to_json(self) -> str:
        """The recipe as JSON, to be saved with the run."""
        return json.dumps(dataclasses.asdict(self), indent=1)


def read_config(path: Path, changes: Iterable[str] = ()) -> TrainConfig:
    """Read and check a recipe.

    Parameters
    ----------
    path : Path
        A TOML file.
    changes : iterable of str
        Lines of TOML that count instead of what the file says, such as ``sampling.pairs = 0``.

    Raises
    ------
    LearningError
        If the file is missing, if it or a change is no TOML, or if there is an unknown key or a wrong value.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LearningError("the training configuration could not be read", str(path), str(error)) from error
    for line in changes:
        try:
            data = changed(data, tomllib.loads(line))
        except tomllib.TOMLDecodeError as error:
            raise LearningError("a change must be KEY=VALUE in TOML", line, str(error)) from error
    try:
        return train_config(data)
    except (TypeError, ValueError) as error:
        raise LearningError("the training configuration is not valid", str(path), str(error)) from error


def changed(data: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """`data` with the values of `change`; tables are merged."""
    merged = dict(data)
    for key, value in change.items():
        both = isinstance(value, dict) and isinstance(data.get(key), dict)
        merged[key] = changed(data[key], value) if both else value
    return merged


def train_config(data: Mapping[str, Any]) -> TrainConfig:
    """The recipe in a table, checked.

    Raises
    ------
    TypeError, ValueError
        If there is an unknown key or a wrong value.
    """
    data = dict(data)
    if not isinstance(data.get("start_from", ""), str):
        data["start_from"] = _texts("start_from", data["start_from"])
    if "stores" in data:
        data["stores"] = _texts("stores", data["stores"])
    if "phases" in data:
        data["phases"] = tuple(checked(Phase, phase) for phase in data["phases"])
    if "channels" in data:
        data["channels"] = tuple(checked(Channel, channel) for channel in data["channels"])
    if "augment" in data:
        data["augment"] = checked(AugmentConfig, data["augment"])
    if "sampling" in data:
        data["sampling"] = checked(SamplingConfig, data["sampling"])
    config: TrainConfig = checked(TrainConfig, data)
    return config


def _texts(key: str, values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{key} must be a list of paths. Received: {values!r}")
    return tuple(values)


def checked(kind: type[Any], data: dict[str, Any]) -> Any:
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
