"""The runs of a recipe, several at one time, each in a process of its own.

A training step is a chain of small operations, which keeps neither a GPU busy nor all cores: two runs side by side
take less time than one after the other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event

from ichviewer.errors import LearningError
from ichviewer.learning.config import TrainConfig
from ichviewer.learning.progress_report import Report, StepReport
from ichviewer.learning.train import Trainer, remember_config
from ichviewer.services.child_process import ChildProcess, settle_in

_LOOK_EVERY_S = 0.2

_ENVIRONMENT = {
    # Else the first process takes all memory of a GPU for itself.
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
}
_THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")


@dataclass(frozen=True)
class Run:
    """One run of a recipe, for a process to do.

    Parameters
    ----------
    config : TrainConfig
    folder : Path
        Where the runs of the recipe live.
    tests : tuple of str
    fold : int or None
        The fold that is left out; None for the run on all patients.
    threads : int
        Its share of the cores.
    """

    config: TrainConfig
    folder: Path
    tests: tuple[str, ...]
    fold: int | None
    threads: int

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return "the run on all patients" if self.fold is None else f"the run without fold {self.fold}"


def do_run(pipe: Connection, run: Run) -> None:
    """Do a run in a process of its own; tells through the pipe how far it is, and at last an error or None."""
    settle_in()
    for name, value in (_ENVIRONMENT | dict.fromkeys(_THREADS, str(run.threads))).items():
        os.environ.setdefault(name, value)
    try:
        trainer = Trainer(run.config, run.folder, pipe.send, run.tests)
        if run.fold is None:
            trainer.train_final()
        else:
            trainer.train_folds([run.fold])
    except LearningError as error:
        pipe.send(error)
    else:
        pipe.send(None)


def train_runs(
    config: TrainConfig,
    folder: Path,
    report: Report,
    tests: Sequence[str] = (),
    *,
    folds: Sequence[int],
    final: bool,
    at_once: int = 1,
    process: Callable[[Connection, Run], None] = do_run,
) -> None:
    """Train the runs of a recipe; what is finished stays, what was begun goes on.

    Of several at one time each computes with its share of the cores. Sums are then formed in another order, so that
    weights may differ from those of runs one after the other in the last digits.

    Parameters
    ----------
    config : TrainConfig
        The recipe.
    folder : Path
        Where the runs live.
    report : callable
        Told how far each run is, from this thread.
    tests : sequence of str
        See `Trainer`.
    folds : sequence of int
        The folds to leave out, each in a run.
    final : bool
        Whether there is a run on all patients too.
    at_once : int
        How many runs at one time; with 1 they share a network, which is traced once, in this process.
    process : callable
        What a process does.

    Raises
    ------
    LearningError
        If a run cannot be done; the others are stopped, and go on from their checkpoints when asked again.
    EngineError
        If a process ended unexpectedly.
    """
    if at_once == 1:
        trainer = Trainer(config, folder, report, tests)
        if folds:
            trainer.train_folds(folds)
        if final:
            trainer.train_final()
        return
    remember_config(config, folder)
    threads = max(1, (os.cpu_count() or 1) // at_once)
    wanted = [*folds, *([None] if final else [])]
    runs = [Run(config, folder, tuple(tests), fold, threads) for fold in wanted]
    told: SimpleQueue[StepReport] = SimpleQueue()
    stop = Event()
    with ThreadPoolExecutor(at_once, thread_name_prefix="runs") as pool:
        left: set[Future[None]] = {pool.submit(_see_through, run, process, told, stop) for run in runs}
        try:
            while left:
                ended, left = wait(left, _LOOK_EVERY_S, FIRST_COMPLETED)
                _pass_on(told, report)
                for future in ended:
                    future.result()
        finally:
            stop.set()
            for future in left:
                future.cancel()


def _pass_on(told: SimpleQueue[StepReport], report: Report) -> None:
    while True:
        try:
            step = told.get_nowait()
        except Empty:
            return
        report(step)


def _see_through(
    run: Run, process: Callable[[Connection, Run], None], told: SimpleQueue[StepReport], stop: Event
) -> None:
    """Have a process do a run, and wait until it is done or nobody wants it any longer."""
    child = ChildProcess(run.name, process, (run,))
    try:
        while not stop.is_set():
            if not child.heard(_LOOK_EVERY_S):
                continue
            heard = child.receive()
            if isinstance(heard, StepReport):
                told.put(heard)
            elif isinstance(heard, Exception):
                raise heard
            else:
                return
    finally:
        child.end()
