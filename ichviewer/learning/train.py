"""Training: one run is one fold left out, or all patients for the model that is shipped.

BatchNorm statistics of the first blocks are taken once from the training slices and then held: their maps are the
largest, and on a CPU that saves a third of a step. (Holding all of them saves half, but learns many times slower.)
The weights that count are a running mean over the steps.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.backbones.efficientnet_lite import weight_names
from ichviewer.learning.batches import TrainingSet, batches
from ichviewer.learning.config import TrainConfig
from ichviewer.learning.data.cache import PatientPictures, read_cache
from ichviewer.learning.losses import weighted_log_loss_from_logits
from ichviewer.learning.network import build_network
from ichviewer.learning.split import split_patients

if TYPE_CHECKING:
    import keras

FINAL = "final"
"""Name of the run on all patients."""

_STATISTICS_BATCHES = 8
_PREDICT_BATCH = 32
# Some dozens of steps at the last picture size must be enough to forget the statistics of the one before.
_NORM_MOMENTUM = 0.95

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StepReport:
    """Where a run stands.

    Parameters
    ----------
    run : str
        ``fold_0`` ... or ``final``.
    step, steps : int
        Steps done, and all of them.
    loss : float
        Mean training loss since the last report.
    ms_per_sample, seconds_left : float
        Speed since the last report, and what it means for the rest of the run.
    """

    run: str
    step: int
    steps: int
    loss: float
    ms_per_sample: float
    seconds_left: float


Report = Callable[[StepReport], None]


def train_folds(
    config: TrainConfig, folder: Path, report: Report, folds: Iterable[int] | None = None
) -> None:
    """Train with each fold left out in turn, and write its out-of-fold logits. Finished folds are not done again.

    Parameters
    ----------
    config : TrainConfig
        The recipe.
    folder : Path
        Where the runs live; holds ``config.json`` and a folder for each run.
    report : callable
        Told how far it is.
    folds : iterable of int, optional
        Only these.
    """
    settings, patients = read_cache(Path(config.cache))
    _remember_config(config, folder)
    fold_of = split_patients({p.patient: p.labels.any(axis=0) for p in patients}, config.folds, config.seed)
    chosen = list(range(config.folds) if folds is None else folds)
    _check_continued(config, [f"fold_{fold}" for fold in chosen])
    for fold in chosen:
        run = folder / f"fold_{fold}"
        if (run / "out_of_fold.npz").exists():
            continue
        training = [p for p in patients if fold_of[p.patient] != fold]
        held_out = [p for p in patients if fold_of[p.patient] == fold]
        model = train_one(config, settings, training, run, run_seed=fold, report=report)
        predict_patients(model, settings, held_out, run / "out_of_fold.npz")


def train_final(config: TrainConfig, folder: Path, report: Report) -> Path:
    """Train on all patients with the same recipe; returns the ``.keras`` file."""
    settings, patients = read_cache(Path(config.cache))
    _remember_config(config, folder)
    _check_continued(config, [FINAL])
    run = folder / FINAL
    path = run / "model.keras"
    if not path.exists():
        train_one(config, settings, patients, run, run_seed=config.folds, report=report)
    return path


def train_one(
    config: TrainConfig,
    settings: PreprocessSettings,
    patients: list[PatientPictures],
    run: Path,
    *,
    run_seed: int,
    report: Report,
) -> keras.Model:
    """One run from its last checkpoint, or from the start, to a saved model without optimizer state.

    Parameters
    ----------
    config : TrainConfig
        The recipe.
    settings : PreprocessSettings
        What the pictures were made with.
    patients : list of PatientPictures
        Whom to train on.
    run : Path
        The run's folder: checkpoint, log of the loss, model.
    run_seed : int
        Tells runs of one recipe apart.
    report : callable
        Told how far it is.

    Returns
    -------
    keras.Model
        At the model's own size, float32.
    """
    import keras  # noqa: PLC0415

    run.mkdir(parents=True, exist_ok=True)
    finished = run / "model.keras"
    if finished.exists():
        loaded: keras.Model = keras.saving.load_model(finished, compile=False)
        return loaded
    keras.utils.set_random_seed(config.seed + run_seed)
    data = TrainingSet.of(patients, settings)
    model = build_network(None, dropout=config.dropout, imagenet=config.imagenet)
    norms = _norms(model)
    held = early_norms(config.held_norm_blocks)
    for layer in norms:
        layer.trainable = layer.name not in held
    optimizer = keras.optimizers.AdamW(
        _schedule(config),
        weight_decay=config.weight_decay,
        global_clipnorm=1.0,
        use_ema=True,
        ema_momentum=config.ema,
    )
    optimizer.build(model.trainable_variables)
    variables = [*model.variables, *optimizer.variables]
    checkpoint = run / "checkpoint.npz"
    start, seconds = _restore(checkpoint, variables)
    if start == 0 and config.continue_from:
        earlier = Path(config.continue_from) / run.name / "model.keras"
        model.set_weights(keras.saving.load_model(earlier, compile=False).get_weights())
    elif start == 0:
        _take_statistics(model, held, data, config, run_seed)
    for layer in norms:
        layer.momentum = _NORM_MOMENTUM
    step_function = _step_function(model, optimizer, config)
    began, since, losses = time.monotonic() - seconds, time.monotonic(), []
    for step, x, y in batches(data, config, start, run_seed):
        losses.append(float(step_function(x, y)))
        done = step + 1
        if done % config.checkpoint_steps == 0 or done == config.steps:
            now = time.monotonic()
            each = (now - since) / len(losses)
            told = StepReport(
                run.name,
                done,
                config.steps,
                float(np.mean(losses)),
                each / config.batch * 1e3,
                each * (config.steps - done),
            )
            _write_log(run / "log.jsonl", told, now - began)
            report(told)
            _save(checkpoint, variables, done, now - began)
            since, losses = time.monotonic(), []
    optimizer.finalize_variable_values(model.trainable_variables)
    result = build_network(settings.size_px, dropout=config.dropout, imagenet=False)
    result.set_weights(model.get_weights())
    part = run / "part.keras"  # Keras insists on the ending
    result.save(part)
    part.replace(finished)
    checkpoint.unlink(missing_ok=True)
    return result


def predict(model: keras.Model, inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Logits of inputs, shape (n, 6), in batches of one size."""
    import tensorflow as tf  # noqa: PLC0415

    run = tf.function(
        lambda x: model(x, training=False),
        input_signature=[tf.TensorSpec((None, *inputs.shape[1:]), tf.float32)],
    )
    parts = [
        run(inputs[i : i + _PREDICT_BATCH].astype(np.float32)).numpy()
        for i in range(0, len(inputs), _PREDICT_BATCH)
    ]
    return np.concatenate(parts)


def predict_patients(
    model: keras.Model, settings: PreprocessSettings, patients: list[PatientPictures], path: Path
) -> None:
    """Write the logits and the truth of every slice of some patients to an ``.npz``."""
    logits = predict(model, np.concatenate([p.inputs(settings) for p in patients]))
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez(
            file,
            patient=np.concatenate([np.full(len(p.grey), p.patient) for p in patients]),
            index=np.concatenate([np.arange(len(p.grey)) for p in patients]),
            logits=logits,
            labels=np.concatenate([p.labels for p in patients]),
            has_brain=np.concatenate([p.has_brain for p in patients]),
        )
    part.replace(path)


def early_norms(blocks: int) -> set[str]:
    """Names of the BatchNorm layers of the stem and of so many first blocks; none for 0."""
    if blocks == 0:
        return set()
    names = [name for name in weight_names() if name == "stem" or name.startswith("block")]
    return {f"{name}_bn" for name in names if name == "stem" or int(name[5:7]) < blocks}


def _norms(model: keras.Model) -> list[Any]:
    import keras  # noqa: PLC0415

    return [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]


def _schedule(config: TrainConfig) -> Any:
    import keras  # noqa: PLC0415

    warm_up = max(1, round(config.steps * config.warm_up))
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=config.learning_rate / 20,
        decay_steps=max(1, config.steps - warm_up),
        alpha=0.02,
        warmup_target=config.learning_rate,
        warmup_steps=warm_up,
    )


def _step_function(model: keras.Model, optimizer: Any, config: TrainConfig) -> Callable[[Any, Any], Any]:
    import tensorflow as tf  # noqa: PLC0415

    # One trace for each picture size; the batch is always full. No XLA: on a CPU it is ten times slower here.
    @tf.function(reduce_retracing=False, jit_compile=False)  # type: ignore[untyped-decorator]
    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = tf.reduce_mean(weighted_log_loss_from_logits(y, logits, config.label_smoothing))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    return lambda x, y: step(tf.constant(x), tf.constant(y))


def _take_statistics(
    model: keras.Model,
    held: set[str],
    data: TrainingSet,
    config: TrainConfig,
    run_seed: int,
) -> None:
    """Mean and variance of every BatchNorm from some training batches, the labels unused."""
    norms = _norms(model)
    for layer in norms:
        layer.trainable = True
    for i in range(_STATISTICS_BATCHES):
        x, _ = data.batch(config, i, run_seed)
        for layer in norms:
            layer.momentum = i / (i + 1)  # the plain mean over the batches so far
        model(x, training=True)
    for layer in norms:
        layer.trainable = layer.name not in held


def _save(path: Path, variables: list[Any], step: int, seconds: float) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez(file, step=step, seconds=seconds, **{f"v{i}": v.numpy() for i, v in enumerate(variables)})
    part.replace(path)


def _restore(path: Path, variables: list[Any]) -> tuple[int, float]:
    if not path.exists():
        return 0, 0.0
    with np.load(path) as saved:
        if len(saved.files) != len(variables) + 2:
            raise LearningError("the checkpoint is of another network; remove it to start over", str(path))
        for i, variable in enumerate(variables):
            variable.assign(saved[f"v{i}"])
        return int(saved["step"]), float(saved["seconds"])


def _check_continued(config: TrainConfig, runs: list[str]) -> None:
    """The runs that are continued must be there, and must have left out the same patients."""
    if not config.continue_from:
        return
    earlier = Path(config.continue_from)
    for run in runs:
        if not (earlier / run / "model.keras").exists():
            raise LearningError("the run to continue has not been finished", str(earlier / run))
    before = json.loads((earlier / "config.json").read_text(encoding="utf-8"))
    for name in ("cache", "folds", "seed"):
        if before[name] != getattr(config, name):
            raise LearningError(f"the runs to continue had another {name}", str(earlier), str(before[name]))


def _remember_config(config: TrainConfig, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.json"
    if path.exists():
        # Settings that a recipe did not know yet had their default.
        saved = json.loads(TrainConfig().to_json()) | json.loads(path.read_text(encoding="utf-8"))
        if saved != json.loads(config.to_json()):
            raise LearningError(
                "the runs there were made with another configuration; choose another folder", str(folder)
            )
    path.write_text(config.to_json(), encoding="utf-8")


def _write_log(path: Path, report: StepReport, seconds: float) -> None:
    line = {
        "step": report.step,
        "loss": report.loss,
        "ms_per_sample": report.ms_per_sample,
        "seconds": seconds,
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
