"""How long it takes to outline painted regions on a reformat that is scrolled.

    python tests/bench/bench_region_cut.py [--slices 300] [--frames 40] [--json FILE]

Two regions in a volume of 512 x 512 x SLICES voxels: a hematoma (a ball of 25 mm radius) and one that fills the whole
head, the worst that growing can make. Every frame cuts another plane, coronal or turned about all axes, of a plain or
tilted volume, makes its lines and paints them in a pane of 1000 x 1000 px. Prints medians and 90th percentiles of the
processor time of this process, in ms a frame. Exit code 1 where a hematoma takes more than a third of one frame of 60
a second.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from bench_reformat import make_geometry
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.reformat import whole_plane
from ichviewer.domain.region_cut import RegionBox, cut_region
from ichviewer.domain.volume_geometry import VolumeGeometry
from ichviewer.ui.panes.image_frame import ImageFrame, fitted
from ichviewer.ui.tools.region_layer import DrawnRegion, RegionDrawing, RegionLayer

MOST_MS = 1000 / 60 / 3
SIDE_PX = 1000


def ball(geometry: VolumeGeometry, radius_mm: float) -> RegionBox:
    """Voxels around the middle of a volume."""
    slices, rows, columns = (np.arange(n, dtype=np.float64) for n in geometry.shape)
    z = geometry.slice_position_mm(slices) - geometry.slice_positions_mm[-1] / 2
    y = (rows - rows[-1] / 2) * geometry.spacing.row_mm
    x = (columns - columns[-1] / 2) * geometry.spacing.column_mm
    inside = z[:, None, None] ** 2 + (y[:, None] ** 2 + x**2) <= radius_mm**2
    box = RegionBox.of(dict(enumerate(inside)))
    assert box is not None
    return box


def planes(geometry: VolumeGeometry, frames: int, *, oblique: bool) -> list[PlaneView]:
    """Planes around the middle, a natural step apart."""
    view = PlaneView.coronal(geometry.center_mm, 1.0, 1, 1)
    if oblique:
        view = view.rotated((0.0, 0.0, 1.0), 25.0).rotated((1.0, 1.0, 0.0), 20.0)
    step = geometry.natural_step_mm(view.normal)
    return [whole_plane(view.moved((i - frames / 2) * step), geometry) for i in range(frames)]


def measure(geometry: VolumeGeometry, box: RegionBox, views: list[PlaneView]) -> list[float]:
    """Processor time in ms of each frame."""
    drawing: list[RegionDrawing | None] = [None]
    layer = RegionLayer(lambda: drawing[0], kept=1)
    layer.resize(SIDE_PX, SIDE_PX)
    target = QImage(SIDE_PX, SIDE_PX, QImage.Format.Format_ARGB32_Premultiplied)
    found = []
    for view in views:
        began = time.process_time()
        cut = cut_region(geometry, box, view)
        frame = ImageFrame(view.rows, view.columns, PixelSpacing(view.pixel_mm, view.pixel_mm))
        regions = () if cut is None else (DrawnRegion(cut, ("Region 1", "65.4 mL"), selected=True),)
        drawing[0] = RegionDrawing(frame, fitted(frame, (float(SIDE_PX), float(SIDE_PX))), regions)
        layer.render(target)
        found.append((time.process_time() - began) * 1000)
    return found


def main() -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--slices", type=int, default=300)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    app = QApplication([])
    rows, slow = [], False
    for tilt_deg in (0.0, 18.5):
        geometry = make_geometry(args.slices, tilt_deg)
        for name, radius_mm in (("hematoma", 25.0), ("whole head", 85.0)):
            box = ball(geometry, radius_mm)
            for oblique in (False, True):
                times = sorted(measure(geometry, box, planes(geometry, args.frames, oblique=oblique)))
                median, tenth = statistics.median(times), times[int(0.9 * (len(times) - 1))]
                plane = "oblique" if oblique else "coronal"
                rows.append(
                    {"region": name, "plane": plane, "tilt_deg": tilt_deg, "ms": median, "p90_ms": tenth}
                )
                print(f"{name:11} {plane:8} tilt {tilt_deg:4.1f}  {median:6.2f} ms  p90 {tenth:6.2f} ms")
                slow |= name == "hematoma" and median > MOST_MS
    if args.json is not None:
        args.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    del app
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
