"""Fills a store with volumes whose blood is known: made or put into real heads, and heads made from label maps."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.evaluation import frozen_set
from ichviewer.learning.synthesis.map_head import map_head
from ichviewer.learning.synthesis.maps import map_path, prepared_map
from ichviewer.learning.synthesis.paint import paint_onto, paint_volume
from ichviewer.learning.synthesis.transplant import Donors, transplant_volume
from ichviewer.progress import Progress, silent

DONE_NAME = "done.txt"
"""Names of the jobs that are through, some of which had no room for a lesion and made no volume."""

_AHEAD = 3


@dataclass(frozen=True)
class SynthesisReport:
    """What filling a store came to."""

    jobs: int
    volumes: int
    slices: int
    empty: int
    """Jobs that found no room for what was drawn."""


def synthesise_painted(
    folder: Path,
    onto: Path,
    seeds: Sequence[int],
    *,
    patients: Sequence[str] = (),
    workers: int = 1,
    progress: Progress = silent,
) -> SynthesisReport:
    """Paint lesions into the volumes of a store of real heads, once for each seed.

    Parameters
    ----------
    folder : Path
        The store to fill.
    onto : Path
        The store of real heads.
    seeds : sequence of int
        Every head gets what each seed draws.
    patients : sequence of str
        Only their heads; all unless told.
    workers : int
        Processes.
    progress : Progress

    Raises
    ------
    LearningError
        If there is no store of real heads, or a patient is not in it.
    """
    heads = Store.open(onto)
    real = [e for e in heads.entries if e.is_real]
    names = [e.name for e in real if not patients or e.patient in patients]
    missing = sorted(set(patients) - {e.patient for e in real})
    if missing or not names:
        raise LearningError(
            "the store holds no real heads to paint into", str(onto), ", ".join(f"no {p}" for p in missing)
        )
    store = Store.create(folder, heads.settings, {"source": "painted", "onto": onto.name})
    jobs = {f"{name} {seed}": partial(_paint, onto, name, seed) for name in names for seed in seeds}
    return _fill(store, jobs, workers, progress)


def synthesise_lesions(
    folder: Path,
    onto: Path,
    lesions: Path,
    seeds: Sequence[int],
    *,
    workers: int = 1,
    progress: Progress = silent,
) -> SynthesisReport:
    """Put real lesions of some patients into the heads of others, once for each seed.

    Parameters
    ----------
    folder : Path
        The store to fill.
    onto : Path
        The store of heads, real or made.
    lesions : Path
        The store of real heads with masks.
    seeds : sequence of int
        Every head gets what each seed draws.
    workers : int
        Processes.
    progress : Progress

    Raises
    ------
    LearningError
        If there is no store of heads, the other holds no masks, or the two were not made alike.
    """
    heads, donors = Store.open(onto), Store.open(lesions)
    if heads.settings != donors.settings:
        raise LearningError("the stores were made with different preprocessing", str(lesions))
    if not any(e.mask_known.any() for e in donors.entries):
        raise LearningError("the store holds no masks to cut lesions out by", str(lesions))
    names = [e.name for e in heads.entries if not e.twin]
    recipe = {"source": "painted", "onto": onto.name, "lesions": lesions.name}
    store = Store.create(folder, heads.settings, recipe)
    jobs = {
        f"{name} {seed}": partial(_transplant, onto, lesions, name, seed) for name in names for seed in seeds
    }
    return _fill(store, jobs, workers, progress)


def synthesise_maps(
    folder: Path,
    maps: Path,
    numbers: Sequence[int],
    seeds: Sequence[int],
    settings: PreprocessSettings,
    *,
    workers: int = 1,
    progress: Progress = silent,
) -> SynthesisReport:
    """Make heads from label maps and paint lesions into them, one head for each map and seed.

    Parameters
    ----------
    folder : Path
        The store; what is there already is not made again.
    maps : Path
        Folder of the maps.
    numbers : sequence of int
        Which maps.
    seeds : sequence of int
        Every map is made into what each seed draws.
    settings : PreprocessSettings
        The preprocessing to imitate.
    workers : int
        Processes.
    progress : Progress

    Raises
    ------
    LearningError
        If a map is missing or damaged.
    """
    for number in numbers:
        # Told before the first head is made, not after hours.
        if not map_path(maps, number).is_file():
            raise LearningError("there is no label map of this number", str(map_path(maps, number)))
    store = Store.create(folder, settings, {"source": "map"})
    jobs = {
        f"map-{number:02d} {seed}": partial(_from_map, maps, number, seed, settings)
        for number in numbers
        for seed in seeds
    }
    return _fill(store, jobs, workers, progress)


def all_maps(maps: Path) -> tuple[int, ...]:
    """Numbers of the maps in a folder, without those of the frozen set.

    Raises
    ------
    LearningError
        If there are none.
    """
    found = tuple(n for n in range(1, 100) if map_path(maps, n).is_file() and n not in frozen_set.MAPS)
    if not found:
        raise LearningError("there are no label maps in the folder", str(maps))
    return found


def _transplant(onto: Path, lesions: Path, name: str, seed: int) -> list[Volume]:
    head, settings = _head(onto, name)
    return transplant_volume(head, _donors(lesions), seed, settings)


@lru_cache(maxsize=1)
def _donors(lesions: Path) -> Donors:
    """The donors; lesions that have been cut out once are kept."""
    return Donors(lesions)


def _from_map(maps: Path, number: int, seed: int, settings: PreprocessSettings) -> list[Volume]:
    head = map_head(prepared_map(maps, number), seed, settings)
    return [] if head is None else paint_onto(head.volume, head.skull, seed, settings)


def _paint(onto: Path, name: str, seed: int) -> list[Volume]:
    head, settings = _head(onto, name)
    return paint_volume(head, seed, settings)


@lru_cache(maxsize=1)
def _head(onto: Path, name: str) -> tuple[Volume, PreprocessSettings]:
    """A real head; the same object for all seeds, so that its skull is searched for only once."""
    store = Store.open(onto)
    return store.load(name), store.settings


def _fill(
    store: Store, jobs: Mapping[str, Callable[[], list[Volume]]], workers: int, progress: Progress
) -> SynthesisReport:
    path = store.folder / DONE_NAME
    done = set(path.read_text(encoding="utf-8").split("\n")) if path.exists() else set()
    waiting = {name: job for name, job in jobs.items() if name not in done}
    finished, volumes, slices, empty = len(jobs) - len(waiting), 0, 0, 0
    progress(finished, len(jobs), "volumes")
    with path.open("a", encoding="utf-8") as file:
        for name, made in _run(waiting, workers):
            for volume in made:
                if volume.name not in store:
                    store.add(volume)
            file.write(name + "\n")
            file.flush()
            finished += 1
            volumes += len(made)
            slices += sum(len(volume.hu) for volume in made)
            empty += not made
            progress(finished, len(jobs), name)
    return SynthesisReport(len(waiting), volumes, slices, empty)


def _run(jobs: Mapping[str, Callable[[], list[Volume]]], workers: int) -> Iterator[tuple[str, list[Volume]]]:
    """Results as they come; only a few jobs ahead, because volumes are large."""
    if workers == 1:
        for name, job in jobs.items():
            yield name, job()
        return
    queue = iter(jobs.items())
    # One thread for each process, or they fight over the cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: dict[Future[list[Volume]], str] = {}
        while True:
            while len(running) < workers + _AHEAD and (item := next(queue, None)) is not None:
                running[pool.submit(item[1])] = item[0]
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
