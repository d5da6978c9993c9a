"""Checkpoints of a run, its log, and when it stops early."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings, channel_indices, make_input
from ichviewer.learning import devices
from ichviewer.learning.augment import resize
from ichviewer.learning.config import TrainConfig
from ichviewer.learning.data.slice_reader import Member, SliceReader
from ichviewer.learning.metrics import keras_metrics
from ichviewer.learning.network import LOGITS
from ichviewer.learning.progress_report import WATCHED, Report, StepReport

if TYPE_CHECKING:
    import keras

_VALIDATION_SLICES = 600


class Checkpoint:
    """All variables of a model and its optimizer in one file, replaced as a whole.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds = 0.0

    def save(self, model: keras.Model, optimizer: Any, step: int, seconds: float) -> None:
        """Write where a run stands after so many steps."""
        part = self.path.with_name(self.path.name + ".part")
        values: dict[str, Any] = {
            f"v{i}": np.asarray(v.numpy()) for i, v in enumerate([*model.variables, *optimizer.variables])
        }
        with part.open("wb") as file:
            np.savez(file, step=step, seconds=seconds, **values)
        part.replace(self.path)

    def restore(self, model: keras.Model, optimizer: Any) -> int:
        """Put the variables back, and return the number of steps done; 0 without a checkpoint.

        Raises
        ------
        LearningError
            If it is one of another network.
        """
        if not self.path.exists():
            return 0
        variables = [*model.variables, *optimizer.variables]
        with np.load(self.path) as saved:
            shapes = [tuple(saved[f"v{i}"].shape) for i in range(len(saved.files) - 2)]
            if shapes != [tuple(v.shape) for v in variables]:
                raise LearningError(
                    "the checkpoint is of another network; remove it to start over", str(self.path)
                )
            for i, variable in enumerate(variables):
                variable.assign(saved[f"v{i}"])
            self.seconds = float(saved["seconds"])
            return int(saved["step"])


class Watch:
    """Sees every step of a run: writes checkpoints and the log, reports, and stops early.

    Parameters
    ----------
    config : TrainConfig
    run : Path
        The run's folder.
    checkpoint : Checkpoint
    optimizer : keras optimizer
    start : int
        Steps done before.
    report : callable
    validation : sequence of Member
        Of patients kept back; empty for none.
    settings : PreprocessSettings
        The grid of the stores, and the channels of an input.
    """

    def __init__(
        self,
        config: TrainConfig,
        run: Path,
        checkpoint: Checkpoint,
        *,
        optimizer: Any,
        start: int,
        report: Report,
        validation: Sequence[Member],
        settings: PreprocessSettings,
    ) -> None:
        self._config = config
        self._run = run
        self._checkpoint = checkpoint
        self._optimizer = optimizer
        self._report = report
        self._step = start
        self._losses: list[float] = []
        self._before = 0.0
        self._began = time.monotonic() - checkpoint.seconds
        self._since = time.monotonic()
        self._cpu = time.process_time()
        self._best = float("inf")
        self._worse = 0
        self._seen = _validation_slices(validation, settings, config)
        self.stopped = False

    def callback(self) -> Any:
        """The Keras callback that tells this object of every step."""
        import keras  # noqa: PLC0415

        watch = self

        class Told(keras.callbacks.Callback):  # type: ignore[misc]
            def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
                # Keras reports the mean over the phase so far.
                watch.after_step(self, batch, float((logs or {})["loss"]))

        return Told()

    def after_step(self, callback: Any, batch: int, mean_loss: float) -> None:
        """Count a step, and at every checkpoint save, log and report."""
        self._step += 1
        total = mean_loss * (batch + 1)
        self._losses.append(total - self._before if batch else total)
        self._before = total
        if self._step % self._config.checkpoint_steps and self._step != self._config.steps:
            return
        devices.settle(callback.model)
        now, cpu = time.monotonic(), time.process_time()
        each = (now - self._since) / len(self._losses)
        figures = self._validate(callback.model)
        told = StepReport(
            self._run.name,
            self._step,
            self._config.steps,
            float(np.mean(self._losses)),
            each / self._config.batch * 1e3,
            each * (self._config.steps - self._step),
            (cpu - self._cpu) / max(now - self._since, 1e-9),
            figures,
        )
        seconds = time.monotonic() - self._began
        with (self._run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(told.__dict__ | {"seconds": seconds}) + "\n")
        self._report(told)
        self._checkpoint.save(callback.model, self._optimizer, self._step, seconds)
        if self.stopped:
            callback.model.stop_training = True
        self._losses = []
        self._since, self._cpu = time.monotonic(), time.process_time()

    def _validate(self, model: keras.Model) -> dict[str, float | None]:
        """All metrics on the patients kept back, none without them; notes when the log loss falls no more."""
        if self._seen is None:
            return {}
        x, labels = self._seen
        logits = model.predict(x, batch_size=32, verbose=0)[LOGITS]
        figures: dict[str, float | None] = {}
        for metric in keras_metrics():
            metric.update_state(labels, logits)
            value = float(metric.result())
            # Ranks of a type that none of them has cannot be told, and JSON knows no NaN.
            figures[metric.name] = value if np.isfinite(value) else None
        loss = figures[WATCHED]
        if loss is None:
            raise LearningError("the logits on the patients kept back are not finite", str(self._run))
        self._worse = 0 if loss < self._best else self._worse + 1
        self._best = min(self._best, loss)
        self.stopped = self._worse >= self._config.patience
        return figures


def _validation_slices(
    members: Sequence[Member], settings: PreprocessSettings, config: TrainConfig
) -> tuple[Any, Any] | None:
    """Inputs and labels of some slices of the patients kept back.

    Raises
    ------
    LearningError
        If of none of these slices all labels are known, or a file is missing or damaged.
    """
    if not members:
        return None
    labels = np.concatenate([m.entry.labels for m in members])
    chosen = np.random.default_rng(config.seed).permutation(len(labels))[:_VALIDATION_SLICES]
    chosen = chosen[(labels[chosen] <= 1).all(axis=1)]
    if not chosen.size:
        raise LearningError(
            "of the patients kept back no slice has all its labels; change validation_share or seed",
            found=f"{len(members)} series",
        )
    first = np.cumsum([0, *(m.entry.slices for m in members)])
    reader = SliceReader(cache_bytes=0)
    inputs = []
    for i in chosen:
        number = int(np.searchsorted(first, i, side="right")) - 1
        member, at = members[number], int(i - first[number])
        places = channel_indices(member.entry.positions_mm, at, settings)
        pictures = [reader.hu(member, j).whole(settings.size_px) for j in places]
        inputs.append(resize(make_input(pictures, settings), config.size_px))
    return np.stack(inputs), labels[chosen]
