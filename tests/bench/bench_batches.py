"""How fast batches are made from a store of the size of RSNA 2019, and how much memory that takes.

    python tests/bench/bench_batches.py [--series 21744] [--slices 752803] [--batches 24]

Makes a store whose index names that many series and slices. Their files are links to a few, so that it takes some MB
on the disk; what is read, unpacked and varied is the same as with files of their own. A process of its own then fills
its cache of slices, makes batches of 16 slices at 224 px with one worker and with two, and tells its peak of memory.
Prints also what each step of a sample takes. Exit code 1 where memory or the time of a sample is over the bound.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from ichviewer.domain.labels import TYPES
from ichviewer.inference.preprocess import NEIGHBORS, Channel, PreprocessSettings
from ichviewer.learning.augment import augment, grey_tables, window
from ichviewer.learning.batches import TrainingSet, batches
from ichviewer.learning.config import AugmentConfig, Phase, TrainConfig
from ichviewer.learning.data.drawn import DrawnHead
from ichviewer.learning.data.slice_reader import SliceReader, members_of
from ichviewer.learning.data.store import INDEX_NAME, Store
from ichviewer.learning.data.volumes import Volume, stored

SERIES, SLICES = 21_744, 752_803
"""Of RSNA 2019's training set."""
MOST_MB = 4096
MOST_MS = 6.0
"""CPU time of one sample of 224 px."""
SETTINGS = PreprocessSettings(size_px=256, mm_per_px=0.8)
SIZE_PX = 224


def make_store(folder: Path, series: int, slices: int, settings: PreprocessSettings = SETTINGS) -> None:
    """A store of so many series and slices in all; series of equal length share the bytes of one file.

    Every sixth series has blood in its middle third.
    """
    store = Store.create(folder, settings, {"source": "rsna"})
    short, longer = divmod(slices, series)
    templates = {}
    for n in (short, short + 1):
        for k, kinds in enumerate([(), *((kind,) for kind in TYPES)]):
            head, rng = DrawnHead(kinds), np.random.default_rng(k)
            heights = np.linspace(0, 1, n)
            hu = [head.hu(h, rng, size_px=settings.size_px, mm_per_px=settings.mm_per_px) for h in heights]
            store.add(
                Volume(
                    name=f"series-{n}-{k}",
                    patient=f"patient-{n}-{k}",
                    source="rsna",
                    hu=stored(np.clip(np.stack(hu).astype(np.float32), *settings.clip_hu)),
                    positions_mm=np.arange(n, dtype=np.float32) * 5,
                    labels=np.array([head.labels(h) for h in heights], np.uint8),
                    has_brain=np.ones(n, bool),
                )
            )
    for entry in store.entries:
        n, k = map(int, entry.name.split("-")[1:])
        templates[n, k] = entry
    lines = []
    for number in range(series - len(templates)):
        n = short + int(number < longer - len(TYPES) - 1)
        entry = templates[n, 1 + number // 6 % len(TYPES) if number % 6 == 0 else 0]
        name = f"series-{number:06d}"
        os.link(store.path(entry.name), store.path(name))
        lines.append(replace(entry, name=name, patient=f"patient-{number:06d}").to_line())
    with (folder / INDEX_NAME).open("ab") as index:
        index.writelines(lines)


def config_of(workers: int, count: int) -> TrainConfig:
    """Sixteen slices a batch, as recipes have it."""
    return TrainConfig(phases=(Phase(SIZE_PX, count),), workers=workers, mimic_maps=True)


def measure(folder: Path, count: int, cache_mb: int) -> dict[str, float]:
    """Memory of this process after opening the store, and after making batches; speeds."""
    began = time.perf_counter()
    settings, members = members_of([folder])
    reader = SliceReader(cache_mb * 10**6)
    data = TrainingSet.of(members, settings, reader=reader)
    found: dict[str, float] = {
        "series": len(members),
        "slices": len(data.labels),
        "opening_s": time.perf_counter() - began,
        "opened_mb": peak_mb(),
    }
    rng = np.random.default_rng(0)
    began, read = time.perf_counter(), 0
    while reader.cached_bytes < 0.97 * cache_mb * 10**6 and read < 2 * len(data.labels):
        i = int(rng.integers(len(data.labels)))
        reader.hu(members[data.volume[i]], int(data.slice_[i]))
        read += 1
    found["reading_ms"] = (time.perf_counter() - began) / max(read, 1) * 1e3
    for workers in (1, 2):
        began, cpu = time.perf_counter(), time.process_time()
        made = sum(1 for _ in batches(data, config_of(workers, count), 0, count, workers))
        found[f"batches_per_s_{workers}"] = made / (time.perf_counter() - began)
        found[f"cpu_ms_a_sample_{workers}"] = (time.process_time() - cpu) / made / 16 * 1e3
    found["cached_mb"] = reader.cached_bytes / 1e6
    found["peak_mb"] = peak_mb()
    return found


def peak_mb() -> float:
    """Largest resident memory of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (2**20 if sys.platform == "darwin" else 2**10)


def sample_ms(channels: tuple[Channel, ...], count: int = 60) -> float:
    """CPU time of windows and variations of one sample in memory, without reading it."""
    rng = np.random.default_rng(0)
    hu = stored(DrawnHead().hu(0.5, rng, size_px=256, mm_per_px=0.8).clip(-160, 240))
    mask = np.zeros(hu.shape, np.uint8)
    mask[100:120, 100:120] = 1
    how = AugmentConfig()
    began = time.process_time()
    for _ in range(count):
        tables = grey_tables(channels, SETTINGS.clip_hu, how, rng)
        greys = [window(hu, table, -160) for table in tables]
        augment(greys, mask, SIZE_PX, how, rng, channels=channels, slices=tuple(range(len(channels))))
    return (time.process_time() - began) / count * 1e3


def main() -> int:
    """Make the store, measure in a process of its own, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", type=int, default=SERIES)
    parser.add_argument("--slices", type=int, default=SLICES)
    parser.add_argument("--batches", type=int, default=24)
    parser.add_argument("--cache-mb", type=int, default=TrainConfig().cache_mb)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.batches, options.cache_mb)))
        return 0
    with tempfile.TemporaryDirectory(prefix="ichviewer-bench-") as temporary:
        folder = Path(temporary) / "store"
        make_store(folder, options.series, options.slices)
        command = [sys.executable, __file__, "--measure", str(folder), "--batches", str(options.batches)]
        command += ["--cache-mb", str(options.cache_mb)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(
        f"{found['series']:,} series, {found['slices']:,} slices; load {load:.1f} on {os.cpu_count()} cores"
    )
    print(
        f"opened in {found['opening_s']:.1f} s and {found['opened_mb']:.0f} MB; a slice is read in "
        f"{found['reading_ms']:.2f} ms"
    )
    for workers in (1, 2):
        print(
            f"{workers} worker: {found[f'batches_per_s_{workers}']:.2f} batches of 16 a second, "
            f"{found[f'cpu_ms_a_sample_{workers}']:.2f} ms of CPU a sample"
        )
    more = (Channel(0, 40, 80), Channel(0, 80, 200), *NEIGHBORS)
    print(
        f"windows and variations alone: {sample_ms(NEIGHBORS):.2f} ms of CPU for 3 channels, "
        f"{sample_ms(more):.2f} ms for 5"
    )
    ok = found["peak_mb"] <= MOST_MB and found["cpu_ms_a_sample_1"] <= MOST_MS
    print(
        f"peak {found['peak_mb']:.0f} MB with {found['cached_mb']:.0f} MB of slices kept; "
        f"at most {MOST_MB} MB and {MOST_MS:g} ms: {'yes' if ok else 'NO'}"
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
