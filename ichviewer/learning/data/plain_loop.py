"""The plain way to prepare a folder of DICOM files: the yardstick that `ichviewer learn prepare` is measured against.

It is what one would write with pydicom, NumPy and SciPy in an afternoon, one file after the other in one process:

1. read every header (``dcmread`` without pixels), group by SeriesInstanceUID, sort by ImagePositionPatient;
2. read each file (``dcmread``), HU = pixel_array * slope + intercept;
3. find the head: the largest connected piece of tissue, its bounding box;
4. window HU to 0..255, smooth with a Gaussian against aliasing, and cut the picture out around the head's middle with
   linear interpolation;
5. stack the slice between its neighbors as three channels and save it with ``numpy.save``.

The result is the same in size, scale, window and channels as a volume's inputs. It does less: no repair of 12-bit
files, no search for a skull, no check whether a slice shows brain, no checksums, no labels, nothing is kept of a run
that is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.inference.preprocess import PreprocessSettings, make_input

TISSUE_HU = -200.0


def read_hu(path: Path) -> NDArray[np.float64]:
    """HU of a file, shape (rows, columns)."""
    import pydicom  # noqa: PLC0415

    return _hu(pydicom.dcmread(path))


def prepare_plainly(
    files: Sequence[Path],
    out: Path,
    settings: PreprocessSettings,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Prepare files, one ``.npy`` of shape (size, size, 3) for each.

    Parameters
    ----------
    files : sequence of Path
    out : Path
        Folder to write to.
    settings : PreprocessSettings
    progress : function of int
        Told how many are done.

    Returns
    -------
    int
        Number of pictures written.
    """
    import pydicom  # noqa: PLC0415

    series: dict[str, list[tuple[float, Path]]] = {}
    for path in files:
        header = pydicom.dcmread(path, stop_before_pixels=True)
        series.setdefault(header.SeriesInstanceUID, []).append((header.ImagePositionPatient[2], path))
    done = 0
    for members in series.values():
        paths = [path for _, path in sorted(members)]
        pictures = [_picture(pydicom.dcmread(path), settings) for path in paths]
        last = len(paths) - 1
        for i, path in enumerate(paths):
            three = [pictures[max(i - 1, 0)], pictures[i], pictures[min(i + 1, last)]]
            np.save(out / f"{path.stem}.npy", make_input(three, settings))
        done += len(paths)
        progress(done)
    return done


def _hu(dataset: Any) -> NDArray[np.float64]:
    hu: NDArray[np.float64] = dataset.pixel_array * float(dataset.RescaleSlope) + float(
        dataset.RescaleIntercept
    )
    return hu


def _picture(dataset: Any, settings: PreprocessSettings) -> NDArray[np.float64]:
    from scipy import ndimage  # noqa: PLC0415

    hu = _hu(dataset)
    pieces, count = ndimage.label(hu > TISSUE_HU)
    center = np.array([(n - 1) / 2 for n in hu.shape])
    if count:
        sizes = np.bincount(pieces.ravel())[1:]
        box = ndimage.find_objects(pieces)[int(np.argmax(sizes))]
        center = np.array([(part.start + part.stop - 1) / 2 for part in box])
    clipped = np.clip(hu, *settings.clip_hu)
    step = settings.mm_per_px / np.array([float(mm) for mm in dataset.PixelSpacing])
    # Half a pixel of the coarser grid, less what the finer one has of its own.
    smooth = ndimage.gaussian_filter(clipped, np.sqrt(np.maximum(step**2 - 1, 0)) / 2)
    first = center - (settings.size_px - 1) / 2 * step
    cut: NDArray[np.float64] = ndimage.affine_transform(
        smooth, step, offset=first, output_shape=(settings.size_px,) * 2, order=1, cval=settings.clip_hu[0]
    )
    return cut
