"""Training: one run is one fold left out, or all patients for the model that is shipped.

The loop is Keras' own, so that the same code runs on one CPU, on a GPU, and on several through `keras.distribution`.
Batches depend only on the recipe and the step, so that a run that was killed goes on as it would have.

BatchNorm statistics of the first blocks are taken once from the training slices and then held: their maps are the
largest, and on a CPU that saves a third of a step. (Holding all of them saves half, but learns many times slower.)
The weights that count are a running mean over the steps.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS
from ichviewer.errors import LearningError
from ichviewer.learning import devices
from ichviewer.learning.backbones import early_layers
from ichviewer.learning.batches import TrainingSet, batches
from ichviewer.learning.checkpoint import Checkpoint, Watch
from ichviewer.learning.config import TrainConfig
from ichviewer.learning.data.slice_reader import Member, SliceReader, members_of
from ichviewer.learning.losses import label_loss, region_loss
from ichviewer.learning.network import LOGITS, REGIONS, build_network, copy_weights, region_maps
from ichviewer.learning.predict import predict_volumes
from ichviewer.learning.progress_report import Report
from ichviewer.learning.split import patients_of, split_patients, without
from ichviewer.services.atomic_file import write_atomically

if TYPE_CHECKING:
    import keras

FINAL = "final"
"""Name of the run on all patients."""
MODEL_NAME = "model.keras"
OUT_OF_FOLD_NAME = "out_of_fold.npz"
SYNTHETIC_NAME = "synthetic.npz"
PATIENTS_NAME = "patients.json"
MACHINE_NAME = "machine.txt"
"""On what machine a run ended."""

_STATISTICS_BATCHES = 8
# Some dozens of steps at the last picture size must be enough to forget the statistics of the one before.
_NORM_MOMENTUM = 0.95
_BLANK_PX = 8

log = logging.getLogger(__name__)


class Trainer:
    """Trains the runs of one recipe, one after the other, with one network that is set back before each.

    Tracing a training step takes longer than a hundred steps; this way it happens once.

    Parameters
    ----------
    config : TrainConfig
        The recipe.
    folder : Path
        Where the runs live; holds ``config.json`` and a folder for each run.
    report : callable
        Told how far it is.
    tests : sequence of str
        Stores of made volumes to run the models on: painted heads on the model that was not trained on the patient,
        heads from label maps on the final model.

    Raises
    ------
    LearningError
        If the stores do not fit each other, or the folder holds runs of another recipe.
    """

    def __init__(self, config: TrainConfig, folder: Path, report: Report, tests: Sequence[str] = ()) -> None:
        self._config = config
        self._folder = folder
        self._report = report
        settings, self._members = members_of(config.stores)
        self._settings = replace(settings, channels=config.channels)
        _, self._tests = members_of(tests)
        self._reader = SliceReader(config.cache_mb * 10**6)
        remember_config(config, folder)
        self._network: _Network | None = None

    def train_folds(self, folds: Iterable[int] | None = None) -> None:
        """Train with each fold left out, and run each model on what it has not seen; finished folds stay.

        Parameters
        ----------
        folds : iterable of int, optional
            Only these.

        Raises
        ------
        LearningError
            If the model to start from has seen patients that are left out.
        """
        fold_of = folds_of(self._members, self._config)
        for fold in range(self._config.folds) if folds is None else folds:
            run = self._folder / f"fold_{fold}"
            left_out = {patient for patient, its in fold_of.items() if its == fold}
            real = [m for m in self._members if m.entry.patient in left_out and m.entry.is_real]
            training = without(self._members, left_out)
            known = patients_of(training) | _known_to(_start_paths(self._config, run.name))
            made = [m for m in without(self._tests, known) if m.entry.patient in left_out]
            wanted = [(OUT_OF_FOLD_NAME, real), (SYNTHETIC_NAME, made)]
            wanted = [(name, its) for name, its in wanted if its and not (run / name).exists()]
            if not wanted and (run / MODEL_NAME).exists():
                continue
            _check_starts(_start_paths(self._config, run.name), left_out)
            model = self.train_one(training, run, run_seed=fold)
            for name, its in wanted:
                self._predict(model, its, run / name)

    def train_final(self) -> Path:
        """Train on all patients with the same recipe; returns the ``.keras`` file."""
        run = self._folder / FINAL
        model = self.train_one(self._members, run, run_seed=self._config.folds)
        known = patients_of(self._members) | _known_to(_start_paths(self._config, FINAL))
        unseen = without(self._tests, known)
        if unseen and not (run / SYNTHETIC_NAME).exists():
            self._predict(model, unseen, run / SYNTHETIC_NAME)
        return run / MODEL_NAME

    def _predict(self, model: keras.Model, members: Sequence[Member], path: Path) -> None:
        volumes = (member.load() for member in members)
        predict_volumes(model, volumes, self._settings, self._config.size_px, path)

    def train_one(self, members: Sequence[Member], run: Path, *, run_seed: int) -> keras.Model:
        """One run from its last checkpoint, or from the start, to a saved model without optimizer state.

        Parameters
        ----------
        members : sequence of Member
            What to train on.
        run : Path
            The run's folder: checkpoint, log of the loss, model.
        run_seed : int
            Tells runs of one recipe apart.

        Returns
        -------
        keras.Model
            At the model's own size, float32.
        """
        import keras  # noqa: PLC0415

        run.mkdir(parents=True, exist_ok=True)
        finished = run / MODEL_NAME
        if finished.exists():
            return _compiled(keras.saving.load_model(finished, compile=False))
        config = self._config
        keras.utils.set_random_seed(config.seed + run_seed)
        members, validation = _set_apart(config, members)
        data = TrainingSet.of(members, self._settings, unpaired=config.sampling.unpaired, reader=self._reader)
        self._network = network = self._network or _Network(config)
        checkpoint = Checkpoint(run / "checkpoint.npz")
        start = checkpoint.restore(network.model, network.optimizer)
        if start == 0:
            network.reset(_start_paths(config, run.name))
            if config.phases:
                network.take_statistics(data, run_seed)
        watch = Watch(
            config,
            run,
            checkpoint,
            optimizer=network.optimizer,
            start=start,
            report=self._report,
            validation=validation,
            settings=self._settings,
        )
        callbacks: list[Any] = [watch.callback()]
        if config.tensorboard:
            callbacks.append(
                keras.callbacks.TensorBoard(str(run / "tensorboard"), update_freq=config.checkpoint_steps)
            )
        end = 0
        for phase in config.phases:
            first, end = max(end, start), end + phase.steps
            if first < end and not watch.stopped:
                network.keep_means_apart()
                # At its end Keras makes the running mean of the weights the weights.
                network.model.fit(
                    devices.feed(batches(data, config, first, end, run_seed)),
                    steps_per_epoch=end - first,
                    epochs=1,
                    callbacks=callbacks,
                    shuffle=False,
                    verbose=0,
                )
            elif start == end and start:
                # The run ended after the last step of a phase, and before Keras had done what it does at its end.
                network.take_means()
        result = _build(config, config.size_px, "random", mirrored=config.mirrored)
        copy_weights(network.model, result)
        seen = patients_of(members) | _known_to(_start_paths(config, run.name))
        (run / PATIENTS_NAME).write_text(json.dumps(sorted(seen)), encoding="utf-8")
        (run / MACHINE_NAME).write_text(devices.machine(), encoding="utf-8")
        part = run / "part.keras"  # Keras insists on the ending
        result.save(part)
        part.replace(finished)
        checkpoint.path.unlink(missing_ok=True)
        return _compiled(result)


class _Network:
    """A network and its optimizer, compiled once, that can be set back to where every run starts."""

    def __init__(self, config: TrainConfig) -> None:
        import keras  # noqa: PLC0415

        devices.prepare(config.precision)
        keras.utils.set_random_seed(config.seed)
        self._config = config
        self.model = _build(config, None, config.weights, maps=region_maps(mimics=config.mimic_maps))
        self._held = _hold(self.model, config)
        self.optimizer = keras.optimizers.AdamW(
            _schedule(config),
            weight_decay=config.weight_decay,
            global_clipnorm=1.0,
            use_ema=True,
            ema_momentum=config.ema,
        )
        self.optimizer.build(self.model.trainable_variables)
        self._initial = [np.array(v.numpy()) for v in self._variables()]
        for layer in _norms(self.model):
            layer.momentum = _NORM_MOMENTUM
        losses: dict[str, Any] = {LOGITS: label_loss(config.loss, label_smoothing=config.label_smoothing)}
        weights = {LOGITS: 1.0}
        if config.segmentation:
            losses[REGIONS] = region_loss
            weights[REGIONS] = config.region_weight
        self.model.compile(
            optimizer=self.optimizer, loss=losses, loss_weights=weights, jit_compile=devices.compile_well()
        )
        self._make_sums_of_losses()

    def _make_sums_of_losses(self) -> None:
        """Make the variables in which Keras sums up each loss; made in the first step, they have it traced twice."""
        import keras  # noqa: PLC0415

        blank = {
            name: keras.ops.zeros([1, *(_BLANK_PX if side is None else side for side in output.shape[1:])])
            for name, output in self.model.output.items()
        }
        self.model.compute_loss(y={name: blank[name] for name in self.model.loss}, y_pred=blank)

    def reset(self, starts: Sequence[Path]) -> None:
        """Put every variable back to its start, and take over the mean of the weights of earlier models, if any."""
        for variable, value in zip(self._variables(), self._initial, strict=True):
            variable.assign(value)
        if starts:
            _start_from(self.model, starts)
        # Keras begins the running mean at zero, and would forget that only after many steps.
        for mean, variable in self._means():
            mean.assign(variable)

    def keep_means_apart(self) -> None:
        """Give the running means arrays of their own, as a step on JAX gives all its arrays away and none twice.

        They share those of the weights after they were set to them, and after Keras set the weights to them.
        """
        for mean, _ in self._means():
            mean.assign(np.array(mean.numpy()))

    def take_means(self) -> None:
        """Make the running mean of the weights the weights."""
        self.optimizer.finalize_variable_values(self.model.trainable_variables)

    def take_statistics(self, data: TrainingSet, run_seed: int) -> None:
        """Mean and variance of the held BatchNorm layers from some training batches, the labels unused.

        The others find theirs while they train.
        """
        if not self._held:
            return
        norms = [layer for layer in _norms(self.model) if layer.name in self._held]
        for layer in norms:
            layer.trainable = True
        for i in range(_STATISTICS_BATCHES):
            x, _ = data.batch(self._config, i, run_seed)
            for layer in norms:
                layer.momentum = i / (i + 1)  # the plain mean over the batches so far
            self.model(x, training=True)
        for layer in norms:
            layer.trainable = False
            layer.momentum = _NORM_MOMENTUM

    def _variables(self) -> list[Any]:
        return [*self.model.variables, *self.optimizer.variables]

    def _means(self) -> Iterable[tuple[Any, Any]]:
        return zip(
            self.optimizer._model_variables_moving_average, self.model.trainable_variables, strict=True
        )


def folds_of(members: Sequence[Member], config: TrainConfig) -> dict[str, int]:
    """Fold of each real patient; heads from label maps belong to none."""
    labels: dict[str, NDArray[np.bool_]] = {}
    for entry in (m.entry for m in members if m.entry.is_real):
        has = (entry.labels == 1).any(axis=0)
        labels[entry.patient] = labels.get(entry.patient, np.zeros(N_LABELS, bool)) | has
    return split_patients(labels, config.folds, config.seed)


def _set_apart(config: TrainConfig, members: Sequence[Member]) -> tuple[list[Member], list[Member]]:
    """Volumes to train on, and those of the patients kept back to stop early."""
    patients = sorted({m.entry.patient for m in members if m.entry.is_real})
    rng = np.random.default_rng([config.seed, 77])
    kept = set(rng.permutation(patients)[: round(len(patients) * config.validation_share)])
    return (
        without(members, kept),
        [m for m in members if m.entry.patient in kept and m.entry.is_real],
    )


def _build(
    config: TrainConfig, size_px: int | None, weights: str, *, maps: int | None = None, mirrored: bool = False
) -> keras.Model:
    return build_network(
        size_px,
        channels=len(config.channels),
        region_maps=maps or region_maps(),
        backbone=config.backbone,
        weights=weights,
        dropout=config.dropout,
        segmentation=config.segmentation,
        mirrored=mirrored,
    )


def _norms(model: keras.Model) -> list[Any]:
    import keras  # noqa: PLC0415

    return [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]


def _hold(model: keras.Model, config: TrainConfig) -> set[str]:
    """Freeze what the recipe says; returns the names of the BatchNorm layers whose statistics are held."""
    frozen = set(early_layers(config.backbone, config.frozen_blocks))
    early = frozen | set(early_layers(config.backbone, config.held_norm_blocks))
    held = {layer.name for layer in _norms(model)} & early
    for layer in model.layers:
        if layer.name in frozen | held:
            layer.trainable = False
    return held


def _start_from(model: keras.Model, paths: Sequence[Path]) -> None:
    """Mean of the weights of earlier models, as far as these have the same layers."""
    import keras  # noqa: PLC0415

    total: list[NDArray[Any]] = []
    for path in paths:
        try:
            earlier = keras.saving.load_model(path, compile=False)
        except (OSError, ValueError) as error:
            raise LearningError("the model to start from cannot be read", str(path), str(error)) from error
        for name in copy_weights(earlier, model):
            log.warning("%s starts afresh: the earlier model's differs", name)
        weights = [w / len(paths) for w in model.get_weights()]
        total = [one + other for one, other in zip(total, weights, strict=True)] if total else weights
    model.set_weights(total)


def _start_paths(config: TrainConfig, run: str) -> list[Path]:
    """The models that a run starts from."""
    return [Path(start.replace("{run}", run)) for start in config.starts]


def _known_to(starts: Sequence[Path]) -> set[str]:
    """Everybody that one of the models to start from was trained on."""
    seen: set[str] = set()
    for start in starts:
        path = start.with_name(PATIENTS_NAME)
        try:
            seen |= set(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise LearningError(
                "who the model to start from was trained on is not known", str(path), str(error)
            ) from error
    return seen


def _check_starts(starts: Sequence[Path], left_out: set[str]) -> None:
    """The models to start from must not know the patients left out."""
    for start in starts:
        if both := _known_to([start]) & left_out:
            raise LearningError(
                "the model to start from was trained on patients that are left out here",
                str(start.with_name(PATIENTS_NAME)),
                ", ".join(sorted(both)[:5]),
            )


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


def _compiled(model: keras.Model) -> keras.Model:
    """Ready to predict."""
    model.compile(jit_compile=devices.compile_well())
    return model


def remember_config(config: TrainConfig, folder: Path) -> None:
    """Write the recipe into the folder of its runs.

    Raises
    ------
    LearningError
        If the folder holds runs of another recipe.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.json"
    if path.exists():
        # Settings that a recipe did not know yet had their default.
        saved = json.loads(TrainConfig().to_json()) | json.loads(path.read_text(encoding="utf-8"))
        if saved != json.loads(config.to_json()):
            raise LearningError(
                "the runs there were made with another configuration; choose another folder", str(folder)
            )
    # As a whole: other runs of it may be reading it.
    write_atomically(path, config.to_json().encode())
