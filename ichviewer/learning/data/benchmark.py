"""How fast data are prepared, beside a plain loop over the same files, on this machine and now."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.dicom_series import SeriesFiles
from ichviewer.learning.data.drawn import DrawnHead, label_rows, write_rsna_file
from ichviewer.learning.data.plain_loop import prepare_plainly, read_hu
from ichviewer.learning.data.prepare import prepare
from ichviewer.learning.data.rsna import CSV_NAME, FOLDER_NAME, RsnaSource
from ichviewer.learning.data.workers import open_runner
from ichviewer.progress import Progress, silent

SIZE_PX, MM_PER_PX = 512, 0.48
SLICES_A_SERIES = 32
_DISTINCT_HEADS = 4
_COMPARED = 16


@dataclass(frozen=True)
class Benchmark:
    """What was measured.

    Parameters
    ----------
    files : int
    megabytes : float
        Size of all files together, in 10^6 bytes.
    plain_seconds : float
        The plain loop, in one process.
    prepare_seconds : float
        Search for the series and reading them, with workers that are already there.
    plain_cpu_seconds, prepare_cpu_seconds : float
        CPU time of all processes that took part. Unlike the time by the clock, it hardly depends on what else the
        machine is doing.
    start_seconds : float
        Starting the workers, once a run.
    workers : int
    load : float
        How many processes wanted to run when it began (1 minute's average); 0 where the system does not tell.
    """

    files: int
    megabytes: float
    plain_seconds: float
    prepare_seconds: float
    plain_cpu_seconds: float
    prepare_cpu_seconds: float
    start_seconds: float
    workers: int
    load: float

    @property
    def ratio(self) -> float:
        """How many times faster than the plain loop."""
        return self.plain_seconds / self.prepare_seconds

    @property
    def cpu_ratio(self) -> float:
        """How many times faster it would be if every worker had a core of its own and nothing else took time."""
        return self.plain_cpu_seconds / self.prepare_cpu_seconds * self.workers

    def text(self) -> str:
        """Both speeds and their ratio, for a person."""

        def line(name: str, seconds: float, cpu_seconds: float) -> str:
            return (
                f"{name}: {seconds:6.2f} s, {self.files / seconds:6.1f} slices/s, "
                f"{self.megabytes / seconds:6.1f} MB/s; {cpu_seconds / self.files * 1e3:5.1f} ms of CPU a slice"
            )

        return "\n".join(
            [
                f"{self.files} files of {SIZE_PX} x {SIZE_PX} pixels, {self.megabytes:.0f} MB; "
                f"load of the machine at the start: {self.load:.1f} on {os.cpu_count()} cores",
                line("plain loop, 1 process  ", self.plain_seconds, self.plain_cpu_seconds),
                line(
                    f"learn prepare, {self.workers} workers", self.prepare_seconds, self.prepare_cpu_seconds
                ),
                f"{self.ratio:.1f} times faster by the clock, {self.cpu_ratio:.1f} times by CPU time and workers; "
                f"starting the workers took {self.start_seconds:.1f} s, once a run",
            ]
        )


def run_benchmark(
    files: int,
    settings: PreprocessSettings,
    *,
    workers: int,
    progress: Progress = silent,
) -> Benchmark:
    """Write files like those of RSNA 2019 to a temporary folder and prepare them in both ways.

    Both read files that the system has just written, so the disk's speed counts for neither.

    Parameters
    ----------
    files : int
    settings : PreprocessSettings
    workers : int
        Processes; 0 for this one.
    progress : Progress

    Raises
    ------
    LearningError
        If the two do not read the same HU, or do not prepare every file.
    """
    with tempfile.TemporaryDirectory(prefix="ichviewer-benchmark-") as name:
        root = Path(name)
        size = write_files(root, files, progress)
        paths = sorted((root / FOLDER_NAME).glob("*.dcm"))
        _check_same_hu(paths[:: max(1, len(paths) // _COMPARED)])
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        plain = root / "plain"
        plain.mkdir()
        began, used = time.perf_counter(), time.process_time()
        written = prepare_plainly(
            paths, plain, settings, lambda done: progress(done, files, "plain loop, 1 process")
        )
        plain_seconds, plain_cpu = time.perf_counter() - began, time.process_time() - used
        began = time.perf_counter()
        with open_runner(workers) as runner:
            list(runner.run(_warm_up, range(2 * workers)))
            start_seconds, used = time.perf_counter() - began, runner.cpu_seconds()
            report = prepare(RsnaSource.at(root), root / "store", settings, runner=runner, progress=progress)
            prepare_cpu = runner.cpu_seconds() - used
        if not written == report.slices == files:
            raise LearningError(
                "not every file was prepared", found=f"{written} and {report.slices} of {files}"
            )
    return Benchmark(
        files,
        size / 1e6,
        plain_seconds,
        report.search_seconds + report.seconds,
        plain_cpu,
        prepare_cpu,
        start_seconds,
        max(1, workers),
        load,
    )


def write_files(root: Path, files: int, progress: Progress = silent) -> int:
    """Write a data set in the RSNA layout; its size in bytes. Heads repeat, with other identifiers."""
    rng = np.random.default_rng(0)
    folder = root / FOLDER_NAME
    folder.mkdir()
    size, rows = 0, ["ID,Label"]
    stacks = [
        [
            DrawnHead().hu(i / (SLICES_A_SERIES - 1), rng, size_px=SIZE_PX, mm_per_px=MM_PER_PX)
            for i in range(min(files, SLICES_A_SERIES))
        ]
        for _ in range(min(_DISTINCT_HEADS, 1 + files // SLICES_A_SERIES))
    ]
    for number in range(files):
        series, index = divmod(number, SLICES_A_SERIES)
        # Names that say nothing of the order, as the challenge's do.
        image = f"ID_{number * 2654435761 % 2**32:08x}{number % 16:x}"
        size += write_rsna_file(
            folder / f"{image}.dcm",
            stacks[series % len(stacks)][index],
            patient=f"ID_p{series}",
            series=f"ID_s{series}",
            position_mm=5.0 * index,
            mm_per_px=MM_PER_PX,
        )
        rows += label_rows(image, (0,) * 6)
        progress(number + 1, files, "writing files")
    (root / CSV_NAME).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return size


def _check_same_hu(paths: list[Path]) -> None:
    for path in paths:
        files = SeriesFiles((str(path),))
        image = files.image(files.series[0], 0) if files.series else None
        if image is None or not np.array_equal(image.hu(), read_hu(path)):
            raise LearningError("the plain loop and this program read different HU", str(path))


def _warm_up(item: int) -> int:
    """Import in a worker what reading takes."""
    import ichviewer.learning.data.prepare  # noqa: F401, PLC0415

    return item
