"""Carries out a recipe: makes the stores, trains the stages, judges, exports. Goes on where it was stopped.

Each step can itself be stopped at any time. Its folder says from the beginning what it was told, so that a changed
recipe is noticed rather than mixed with what an earlier one made, and how long it has taken so far.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ichviewer.errors import LearningError
from ichviewer.learning.progress_report import Report, StepReport
from ichviewer.learning.recipe import (
    MODEL_FOLDER,
    Recipe,
    StageRecipe,
    StoreRecipe,
    stage_folder,
    store_folder,
)
from ichviewer.progress import Progress, silent
from ichviewer.services.atomic_file import write_atomically

STEP_NAME = "step.json"
"""In the folder of a step: what it was told, how many seconds it has taken, and whether it is through."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One part of the work.

    Parameters
    ----------
    name : str
    folder : Path
        What it writes to.
    told : str
        Everything that decides its result, as a hash; steps it builds on included.
    minutes : float
        How long it is expected to take.
    what : str
        What it does, for a person.
    """

    name: str
    folder: Path
    told: str
    minutes: float
    what: str

    def done(self) -> bool:
        """Whether it is through.

        Raises
        ------
        LearningError
            If it was begun, but told otherwise.
        """
        found = self._found()
        if found.get("told", self.told) != self.told:
            raise LearningError(
                "this step was carried out by another recipe; choose another folder or remove it",
                str(self.folder),
            )
        return bool(found.get("done"))

    def seconds(self) -> float:
        """How long it has taken, attempts that were stopped included."""
        return float(self._found().get("seconds", 0.0))

    def write(self, seconds: float, *, done: bool) -> None:
        """Say how it stands."""
        found = {"told": self.told, "seconds": seconds, "done": done}
        write_atomically(self.folder / STEP_NAME, json.dumps(found).encode())

    def _found(self) -> dict[str, Any]:
        path = self.folder / STEP_NAME
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


@dataclass(frozen=True)
class Rebuild:
    """A recipe, where its data are, and where it is carried out.

    Parameters
    ----------
    recipe : Recipe
    data : Path
        The folder of all data.
    output : Path
        Where everything goes.
    workers : int
        Processes that make stores.
    at_once : int
        Runs of a stage that are trained at one time.
    """

    recipe: Recipe
    data: Path
    output: Path
    workers: int = 2
    at_once: int = 1

    def steps(self) -> list[Step]:
        """All steps in their order."""
        steps: list[Step] = []
        told: dict[str, str] = {}
        for store in self.recipe.stores:
            before = [told[name] for name in (store.onto, store.lesions) if name]
            told[store.name] = _hash(store, self.recipe.settings.to_json(), before)
            steps.append(
                Step(
                    f"store {store.name}",
                    store_folder(self.output, store.name),
                    told[store.name],
                    store.minutes,
                    self._what_store(store),
                )
            )
        for stage in self.recipe.stages:
            before = [told[name] for name in (*stage.stores, *stage.tests, *stage.start)]
            told[stage.name] = _hash(stage, before)
            steps.append(
                Step(
                    f"stage {stage.name}",
                    stage_folder(self.output, stage.name),
                    told[stage.name],
                    stage.minutes,
                    self._what_stage(stage),
                )
            )
        frozen = [told[name] for name in self.recipe.frozen]
        ship = _hash(self.recipe.version, self.recipe.int8, told[self.recipe.ship], frozen)
        what = f"judge {self.recipe.ship} out of fold, export it as version {self.recipe.version}, measure it"
        steps.append(Step("model", self.output / MODEL_FOLDER, ship, 3.0, what))
        return steps

    def run(self, say: Say, *, report: Report, progress: Progress = silent) -> Path:
        """Do what is left to do.

        Parameters
        ----------
        say : callable
            Told what comes next and how long all that is left may take.
        report : callable
            Told of training steps.
        progress : Progress
            Told of stores.

        Returns
        -------
        Path
            The folder with the finished model.

        Raises
        ------
        LearningError
            If data are missing, or the folder holds what another recipe made.
        """
        if missing := check_data(self.recipe, self.data):
            raise LearningError("data that the recipe needs are missing", ", ".join(missing))
        steps = self.steps()
        left = sum(step.minutes for step in steps if not step.done())
        # How much slower or faster this machine is than the one the recipe's minutes are of.
        pace = _Pace()
        for step, action in zip(steps, self._actions(), strict=True):
            if step.done():
                say(f"{step.name}: done before")
            else:
                say(f"{step.name}: {step.what}; about {_words(left * pace.factor)} left in all")
                step.folder.mkdir(parents=True, exist_ok=True)
                clock = _Clock(step)
                action(clock.reported(report), clock.shown(progress))
                step.write(clock.seconds(), done=True)
                left -= step.minutes
            pace.add(step.minutes, step.seconds() / 60)
        return self.output / MODEL_FOLDER

    def plan(self) -> list[str]:
        """What would be done, a line a step."""
        lines = []
        for step in self.steps():
            state = "done" if step.done() else _words(step.minutes)
            lines.append(f"{step.name} [{state}]: {step.what} -> {step.folder}")
        return lines

    def _actions(self) -> Iterator[Callable[[Report, Progress], object]]:
        for store in self.recipe.stores:
            yield partial(self._make_store, store)
        for stage in self.recipe.stages:
            yield partial(self._train, stage)
        yield self._ship

    def _make_store(self, store: StoreRecipe, _: Report, progress: Progress) -> None:
        # Here, because SciPy takes a while to import.
        from ichviewer.learning import synthesise  # noqa: PLC0415
        from ichviewer.learning.data.prepare import open_source, prepare  # noqa: PLC0415
        from ichviewer.learning.data.workers import open_runner  # noqa: PLC0415

        folder, settings = store_folder(self.output, store.name), self.recipe.settings
        seeds = range(store.first_seed, store.first_seed + store.seeds)
        work: dict[str, Any] = {"workers": self.workers, "progress": progress}
        if store.kind == "data":
            source = open_source((self.data / store.data).absolute())
            with open_runner(self.workers, None) as runner:
                prepare(source, folder, settings, runner=runner, limit=store.limit or None, progress=progress)
        elif store.kind == "maps":
            synthesise.synthesise_maps(folder, self.data / store.data, store.maps, seeds, settings, **work)
        elif store.kind == "painted":
            onto = store_folder(self.output, store.onto)
            synthesise.synthesise_painted(folder, onto, seeds, patients=store.patients, **work)
        else:
            synthesise.synthesise_lesions(
                folder,
                store_folder(self.output, store.onto),
                store_folder(self.output, store.lesions),
                seeds,
                **work,
            )

    def _train(self, stage: StageRecipe, report: Report, _: Progress) -> None:
        # Here, because TensorFlow takes seconds to import.
        from ichviewer.learning.side_by_side import train_runs  # noqa: PLC0415

        config = self.recipe.train_config(stage, self.output)
        train_runs(
            config,
            stage_folder(self.output, stage.name),
            report,
            [str(store_folder(self.output, name)) for name in stage.tests],
            folds=range(config.folds) if stage.folds else (),
            final=stage.final,
            at_once=self.at_once,
        )

    def _ship(self, _: Report, progress: Progress) -> None:
        from ichviewer.bundle import model_dir  # noqa: PLC0415
        from ichviewer.inference.model_card import load_model_card  # noqa: PLC0415
        from ichviewer.learning.evaluation.frozen import measure_frozen  # noqa: PLC0415
        from ichviewer.learning.report import FROZEN_FILE, METRICS_FILE, read_json  # noqa: PLC0415
        from ichviewer.learning.ship import Rebuilt, ship, write_card  # noqa: PLC0415
        from ichviewer.services.golden import write_golden  # noqa: PLC0415

        model = self.output / MODEL_FOLDER
        earlier = model_dir() / FROZEN_FILE
        if earlier.is_file():  # the versions before are compared with
            shutil.copyfile(earlier, model / FROZEN_FILE)

        seconds = sum(step.seconds() for step in self.steps())
        ship(
            stage_folder(self.output, self.recipe.ship),
            model,
            version=self.recipe.version,
            int8=self.recipe.int8,
            # Where they lay is of no use to anybody else.
            rebuilt=Rebuilt("ichviewer learn rebuild --data DATA -o OUTPUT", seconds),
        )
        write_golden(load_model_card(model))
        if self.recipe.frozen:
            measure_frozen(
                model,
                [store_folder(self.output, name) for name in self.recipe.frozen],
                model / FROZEN_FILE,
                ge=self.data / self.recipe.clean_scan if self.recipe.clean_scan else None,
                progress=progress,
            )
            write_card(model, read_json(model / METRICS_FILE))

    def _what_store(self, store: StoreRecipe) -> str:
        where = self.data / store.data
        return {
            "data": f"read {where}",
            "maps": f"{store.seeds} heads from each of {len(store.maps)} maps of {where}",
            "painted": f"lesions made in {len(store.patients) or 'all'} heads of {store.onto}, {store.seeds} times",
            "lesions": f"real lesions of {store.lesions} in each head of {store.onto}, {store.seeds} times",
        }[store.kind]

    def _what_stage(self, stage: StageRecipe) -> str:
        config = self.recipe.train_config(stage, self.output)
        runs = (config.folds if stage.folds else 0) + int(stage.final)
        start = f"from {', '.join(stage.start)}" if stage.start else f"from {config.weights} weights"
        phases = ", ".join(f"{phase.steps} steps at {phase.size_px} px" for phase in config.phases)
        done = phases or "mean of the weights"
        return f"{runs} runs of {config.backbone} {start} on {', '.join(stage.stores)}: {done}"


class _Clock:
    """Time spent on a step, written down whenever the step says something: a kill loses little of it."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._before = step.seconds()
        self._began = time.monotonic()
        self._write()

    def seconds(self) -> float:
        return self._before + time.monotonic() - self._began

    def reported(self, report: Report) -> Report:
        def tell(told: StepReport) -> None:
            self._write()
            report(told)

        return tell

    def shown(self, progress: Progress) -> Progress:
        def show(done: int, total: int, what: str) -> None:
            self._write()
            progress(done, total, what)

        return show

    def _write(self) -> None:
        self._step.write(self.seconds(), done=False)


class _Pace:
    """How much longer than expected steps take here."""

    def __init__(self) -> None:
        self._expected = 0.0
        self._taken = 0.0

    def add(self, expected_minutes: float, taken_minutes: float) -> None:
        self._expected += expected_minutes
        self._taken += taken_minutes

    @property
    def factor(self) -> float:
        return self._taken / self._expected if self._taken > 1.0 else 1.0


def _hash(*parts: Any) -> str:
    def plain(part: Any) -> Any:
        if not dataclasses.is_dataclass(part) or isinstance(part, type):
            return part
        # How long it takes decides nothing about the result.
        return {k: v for k, v in dataclasses.asdict(part).items() if k != "minutes"}

    text = json.dumps([plain(part) for part in parts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _words(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def check_data(recipe: Recipe, data: Path) -> Sequence[str]:
    """Folders that the recipe needs and that are not there."""
    needed = sorted({store.data for store in recipe.stores if store.data} | {recipe.clean_scan} - {""})
    return [str(data / name) for name in needed if not (data / name).is_dir()]
