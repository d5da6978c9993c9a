"""What is fuzzed: each target takes the bytes of a fuzzer and an empty folder, and fails where something breaks."""

from __future__ import annotations

import hashlib
import io
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
from dicom_factory import AXIAL, make_slice, to_bytes, write_dicomdir
from invariants import Answer, Limits, analysis, check_outcome, listing, run_here
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import RLELossless
from stored_files import write_images
from stored_reading import read_all
from synthetic_head import SPACING_MM, head_hu

from fuzz import seeds
from fuzz.catalog_checks import check_catalog, check_series
from fuzz.choices import Choices
from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.dicom.sort import sort_slices
from ichviewer.domain.geometry import Plane
from ichviewer.domain.series import (
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    StudyInfo,
)
from ichviewer.errors import DecodeError, ReadError
from ichviewer.inference.engine import Outputs
from ichviewer.inference.model_card import ModelCard, load_model_card
from ichviewer.services.annotate_catalog import annotate_catalog

Target = Callable[[bytes, Path], None]

# Twice the usual: instrumented code is slower.
LIMITS = Limits(cpu_s=10.0)
_MOST_SLICES_DECODED = 8
_TINY_MODEL = Path(__file__).parents[1] / "inference" / "tiny_model"


def _twice(call: Callable[[], Answer], folder: Path, what: str) -> None:
    check_outcome(*(run_here(call, [folder], what=what) for _ in range(2)), limits=LIMITS)


def parse(data: bytes, folder: Path) -> None:
    """One file of these bytes is listed."""
    file = folder / "file"
    file.write_bytes(data)

    def call() -> Answer:
        catalog = read_catalog([file])
        check_catalog(catalog, folder, [file])
        return Answer(listing(catalog))

    _twice(call, folder, "listing a file")


def decode(data: bytes, folder: Path) -> None:
    """The slices of a file of these bytes are decoded, each to the size listed and to the same pixels again."""
    file = folder / "file"
    file.write_bytes(data)

    def pixels(info: SliceInfo) -> object:
        try:
            decoded = read_slice(info)
        except (DecodeError, ReadError) as error:
            return str(error)
        image = decoded.image
        assert image.shape == (info.rows, info.columns), (
            f"{image.shape}, listed as {info.rows} x {info.columns}"
        )
        hu = image.hu()
        assert np.isfinite(hu).all(), f"HU that are no numbers; {image.rescale}"
        return hashlib.sha256(hu.tobytes()).hexdigest(), image.rows_read, decoded.problems

    def call() -> Answer:
        slices = [info for series in read_catalog([file]).series for info in series.slices]
        return Answer([pixels(info) for info in slices[:_MOST_SLICES_DECODED]])

    _twice(call, folder, "decoding a file")


@lru_cache(maxsize=1)
def _whole_files() -> tuple[tuple[FileDataset, bytes, NDArray[np.float32]], ...]:
    """Compressed images of one frame: the data set, its frame, and its HU."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in seeds.compressed_files():
            file = Path(folder) / name
            file.write_bytes(data)
            ds = dcmread(file)
            [info] = read_catalog([file]).series[0].slices
            frame = next(iter(generate_frames(ds.PixelData, number_of_frames=1)))
            found.append((ds, frame, read_slice(info).image.hu()))
    return tuple(found)


def cut(data: bytes, folder: Path) -> None:
    """A compressed frame that is cut short is an error, or marked, or has the pixels of the whole one."""
    choices = Choices(data)
    ds, frame, whole_hu = choices.pick(_whole_files())
    kept = frame[: choices.number(1, len(frame) - 1)]
    if ds.file_meta.TransferSyntaxUID == RLELossless:
        # Any two bytes are a run here, and so may be the padding: what they make up for cannot be told from data.
        kept = frame[: max(2, len(kept) // 2 * 2)]
    elif choices.yes():
        kept += b"\xff\xd9"  # end of image, where a writer closed what was cut
    ds.PixelData = encapsulate([kept])
    file = folder / "file"
    file.write_bytes(to_bytes(ds))

    def call() -> Answer:
        told = []
        for info in (info for series in read_catalog([file]).series for info in series.slices):
            try:
                decoded = read_slice(info)
            except (DecodeError, ReadError) as error:
                told.append(str(error))
                continue
            rows = decoded.image.rows_read
            same = np.array_equal(decoded.image.hu()[:rows], whole_hu[:rows])
            how = f"{ds.file_meta.TransferSyntaxUID.name}: {len(kept)} of {len(frame)} bytes"
            assert same or decoded.problems, f"wrong pixels without a word; {how}"
            told.append((rows, decoded.problems))
        return Answer(told)

    _twice(call, folder, "decoding a cut frame")


@lru_cache(maxsize=1)
def _small_images() -> tuple[bytes, ...]:
    return tuple(to_bytes(make_slice(rows=8, columns=8, z_mm=5.0 * i, instance_number=i)) for i in range(3))


def archive_of(choices: Choices) -> bytes:
    """A ZIP of images and junk, with names that meet, members that are encrypted, and bytes that changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for _ in range(choices.number(0, 6)):
            name = choices.pick(("a", "b/IM1", "b/IM2", "B/im1", "/a", "../a", "DICOMDIR", "x/", ""))
            if choices.yes():
                name = choices.text() or name
            content = choices.pick((*_small_images(), b"", b"PK\x03\x04", b"text"))
            if choices.yes():
                content = content[: choices.number(0, len(content))] + choices.raw(choices.number(0, 40))
            info = zipfile.ZipInfo(name.replace("\0", "_"))
            info.compress_type = choices.pick((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
            with warnings.catch_warnings(
                action="ignore", category=UserWarning
            ):  # of names that are there already
                archive.writestr(info, content)
    made = bytearray(buffer.getvalue())
    for _ in range(choices.number(0, 5)):
        # Near the end, where the directory lies, or anywhere.
        span = len(made) if choices.yes() else min(len(made), 300)
        made[len(made) - 1 - choices.number(0, span - 1)] = choices.number(0, 255)
    return bytes(made)


def archive(data: bytes, folder: Path) -> None:
    """An archive is listed: one that is made by choices, or the bytes themselves where they start like a ZIP."""
    file = folder / "archive.zip"
    file.write_bytes(data if data[:2] == b"PK" else archive_of(Choices(data)))

    def call() -> Answer:
        catalog = read_catalog([file])
        check_catalog(catalog, folder, [file])
        return Answer(listing(catalog))

    _twice(call, folder, "listing an archive")


def dicomdir(data: bytes, folder: Path) -> None:
    """A medium with a DICOMDIR is listed; images and folders beside it are none of its business."""
    choices = Choices(data)
    outside, opened = folder / "outside", folder / "outside" / "opened"
    opened.mkdir(parents=True)
    image = _small_images()[0]
    (outside / "IM1").write_bytes(image)
    (folder / "IM1").write_bytes(image)
    files = []  # the directory itself has no row unless it is damaged
    for name in ("IM1", "A/IM1", "A/B/im2"):
        if choices.yes():
            (opened / name).parent.mkdir(parents=True, exist_ok=True)
            (opened / name).write_bytes(choices.pick((*_small_images(), b"", b"text")))
            files.append(opened / name)
    if choices.yes():
        (opened / "link").symlink_to(choices.pick(("../IM1", "../../IM1", "IM1", "link", ".", "..")))
    parts = (
        "IM1",
        "A",
        "B",
        "IM2",
        "..",
        ".",
        "",
        "/",
        "a",
        "opened",
        "outside",
        "link",
        "C:",
        "x" * 300,
        "\\",
        "\0",
    )
    entries = []
    for _ in range(choices.number(0, 6)):
        names = [choices.pick(parts) for _ in range(choices.number(1, 4))]
        entries.append("/".join(names) if choices.yes() else choices.text() or "IM1")
    made = bytearray(write_dicomdir(opened, entries).read_bytes())
    for _ in range(choices.number(0, 4)):
        made[choices.number(0, len(made) - 1)] = choices.number(0, 255)
    (opened / "DICOMDIR").write_bytes(made)
    if choices.yes():
        (opened / "A").mkdir(exist_ok=True)
        (opened / "DICOMDIR").rename(opened / "A" / "DICOMDIR")

    def call() -> Answer:
        catalog = read_catalog([opened])
        check_catalog(catalog, opened, files)
        return Answer(listing(catalog))

    _twice(call, folder, "listing a DICOMDIR")


_ORIENTATIONS = (
    AXIAL,
    (1.0, 0.0, 0.0, 0.0, 0.0, -1.0),
    (0.0, 1.0, 0.0, 0.0, 0.0, -1.0),
    (1.0, 0.0, 0.0, 0.0, 0.9397, -0.342),
    (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0),
)


_FARTHEST_MM = 1e5


def _plane(choices: Choices) -> Plane | None:
    orientation = choices.pick(_ORIENTATIONS)
    x, y, z = (choices.real() for _ in range(3)) if choices.yes() else (0.0, 0.0, choices.real())
    if not all(abs(v) <= _FARTHEST_MM for v in (x, y, z)):
        return None  # the reader of headers has to leave it out
    return Plane((x, y, z), orientation[:3], orientation[3:])  # type: ignore[arg-type]


def sort(data: bytes, folder: Path) -> None:
    """Slices of any positions and numbers are put in an order that does not depend on how they came."""
    choices = Choices(data)
    slices = []
    for i in range(choices.number(1, 12)):
        plane = _plane(choices) if choices.number(0, 7) else None
        number = choices.pick((i, choices.number(0, 3), choices.number(-(2**31), 2**31 - 1), None))
        slices.append(
            SliceInfo(SliceSource(folder / f"IM{i}"), f"1.{i}", 8, 8, instance_number=number, plane=plane)
        )

    def call() -> Answer:
        results = [sort_slices(order, "series") for order in (slices, slices[::-1])]
        for result in results:
            assert sorted(map(id, result.slices)) == sorted(map(id, slices)), "slices lost or doubled"
            series = Series(
                SeriesKey("1", "2"), PatientInfo(), StudyInfo("1"), "CT", result.slices, result.basis
            )
            if (
                result.basis is not SortBasis.POSITION
                or len({s.plane.normal for s in slices if s.plane}) == 1
            ):
                check_series(series)
        orders = [[info.source for info in result.slices] for result in results]
        assert orders[0] == orders[1], f"the order depends on how the slices came: {orders}"
        assert results[0].problems == results[1].problems, "so do the problems"
        return Answer((orders[0], results[0].basis, results[0].problems))

    _twice(call, folder, "sorting slices")


class _MeanEngine:
    """Logits from the mean grey of a picture: quick, and the same for the same picture."""

    name = "litert"
    batch_size = 4
    at_once = 1

    def run(self, inputs: NDArray[np.uint8]) -> Outputs:
        return Outputs(np.repeat(inputs.mean(axis=(1, 2, 3))[:, None] / 64.0 - 2.0, 6, axis=1))

    def close(self) -> None:
        """Nothing to free."""


@lru_cache(maxsize=1)
def _tiny_card() -> ModelCard:
    return load_model_card(_TINY_MODEL)


@lru_cache(maxsize=1)
def _head_slices() -> tuple[bytes, ...]:
    size = 64
    hu = head_hu(spacing_mm=2 * SPACING_MM, size=size)
    return tuple(
        to_bytes(
            make_slice(
                hu=hu, z_mm=5.0 * i, instance_number=i + 1, pixel_spacing_mm=(2 * SPACING_MM, 2 * SPACING_MM)
            )
        )
        for i in range(3)
    )


def annotate(data: bytes, folder: Path) -> None:
    """A head of three slices with bytes changed, in the headers mostly, is analysed: every file has its row."""
    choices = Choices(data)
    files = []
    for i, whole in enumerate(_head_slices()):
        made = bytearray(whole)
        header = len(made) - 64 * 64 * 2
        for _ in range(choices.number(0, 4)):
            at = choices.number(0, header - 1) if choices.number(0, 3) else choices.number(0, len(made) - 1)
            new = choices.raw(choices.number(1, 8))
            made[at : at + len(new)] = new
        if not choices.number(0, 7) and choices.left:
            del made[choices.number(0, len(made)) :]
        files.append(folder / f"IM{i}")
        files[-1].write_bytes(made)

    def call() -> Answer:
        catalog = read_catalog([folder])
        check_catalog(catalog, folder, files)
        findings, _ = annotate_catalog(catalog, lambda _: PixelCache(), _MeanEngine, _tiny_card())
        for series in catalog.series:
            result = findings[series.key]
            assert len(result.slices) == len(series), "slices without a finding"
            known = result.probabilities()[[s.probabilities is not None for s in result.slices]]
            assert np.isfinite(known).all(), known
        return analysis(catalog, findings)

    _twice(call, folder, "analysing a series")


@lru_cache(maxsize=1)
def _series_of_results() -> Series:
    with tempfile.TemporaryDirectory() as folder:
        write_images(Path(folder))
        (series,) = read_catalog([Path(folder)]).series
    return series


def stored(data: bytes, folder: Path) -> None:
    """A file of these bytes is read as every kind of result there is, and laid on a series."""
    file = folder / "file"
    file.write_bytes(data)
    series = _series_of_results()
    _twice(lambda: Answer(read_all(file, series)), folder, "reading results")


TARGETS: dict[str, Target] = {
    "parse": parse,
    "decode": decode,
    "cut": cut,
    "zip": archive,
    "dicomdir": dicomdir,
    "sort": sort,
    "annotate": annotate,
    "stored": stored,
}
