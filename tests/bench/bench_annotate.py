"""How fast the model alone is, and how much memory and time `ichviewer annotate` takes for short and long series.

    python tests/bench/bench_annotate.py [--slices 28 200 2000]

Makes head CT series of 512 x 512 pixels from the demo study under a temporary folder (0.5 MB a slice), runs the
command on each, and adds up the memory of all its processes (resident pages, shared ones counted in each) ten times a
second. Prints the speed and size of the model in the engine that the program takes, and a table; exit code 1 where
the peak is over the bound or a slice takes longer in the longest series than in the second longest.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pydicom

sys.path.insert(0, str(Path(__file__).parents[1]))

from invariants import tree_mb

from ichviewer.bundle import demo_dir, model_dir
from ichviewer.inference.engine import open_engine
from ichviewer.inference.model_card import load_model_card
from ichviewer.services.engine_speed import engine_speed

MOST_MB = 350
SPACING_MM = 1.0


def make_series(folder: Path, n: int) -> None:
    """A series of ``n`` slices 1 mm apart: those of the demo study, over and over."""
    folder.mkdir(parents=True)
    files = sorted(demo_dir().rglob("*.dcm"))
    found = [pydicom.dcmread(f) for f in files]
    series = max({ds.SeriesInstanceUID for ds in found}, key=[ds.SeriesInstanceUID for ds in found].count)
    slices = sorted(
        (d for d in found if d.SeriesInstanceUID == series), key=lambda d: d.ImagePositionPatient[2]
    )
    for ds in slices:
        if ds.file_meta.TransferSyntaxUID.is_compressed:
            ds.decompress()
    for i in range(n):
        ds = slices[i % len(slices)]
        ds.ImagePositionPatient = [*ds.ImagePositionPatient[:2], f"{i * SPACING_MM:.4f}"]
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = (
            f"1.2.826.0.1.3680043.8.498.9.{n}.{i + 1}"
        )
        ds.SeriesInstanceUID = f"1.2.826.0.1.3680043.8.498.8.{n}"
        ds.InstanceNumber = i + 1
        ds.SliceThickness = f"{SPACING_MM:g}"
        if "SliceLocation" in ds:
            ds.SliceLocation = ds.ImagePositionPatient[2]
        ds.save_as(folder / f"{i:05}.dcm")


def measure(folder: Path, out: Path) -> tuple[float, float]:
    """Peak memory in MB and seconds of one run."""
    started = time.monotonic()
    command = [sys.executable, "-m", "ichviewer", "annotate", str(folder), "-o", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, tree_mb(process.pid))
        time.sleep(0.1)
    if process.returncode != 0:
        raise SystemExit(f"annotate failed: {process.stderr.read().decode() if process.stderr else ''}")
    return peak, time.monotonic() - started


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--slices", type=int, nargs="+", default=[28, 200, 2000])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    card = load_model_card(model_dir())
    engine = open_engine(card)
    print(f"model {card.version}, {engine.name} engine: {engine_speed(card, engine)}")
    engine.close()
    rows = []
    print(f"{'slices':>8} {'peak MB':>8} {'seconds':>8} {'ms a slice':>11}")
    with tempfile.TemporaryDirectory(prefix="ichviewer-bench-") as temporary:
        for n in options.slices:
            folder = Path(temporary) / str(n)
            make_series(folder, n)
            peak, seconds = measure(folder, Path(temporary) / f"{n}.csv")
            rows.append({"slices": n, "peak_mb": round(peak, 1), "seconds": round(seconds, 2)})
            print(f"{n:>8} {peak:>8.0f} {seconds:>8.1f} {1000 * seconds / n:>11.1f}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))
    ok = all(row["peak_mb"] <= MOST_MB for row in rows)
    print(f"at most {MOST_MB} MB: {'yes' if ok else 'NO'}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
