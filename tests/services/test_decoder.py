"""A file on which the decoder dies costs that file, and nothing else."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import make_slice, write
from synthetic_head import SPACING_MM, head_hu

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120 - the process imports the jobs by name

import worker_jobs

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.findings import SeriesFindings, Status
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series
from ichviewer.errors import DecodeError, ReadError
from ichviewer.inference.engine import open_engine
from ichviewer.inference.model_card import ModelCard
from ichviewer.progress import Cancelled
from ichviewer.services.annotate import annotate_series
from ichviewer.services.decoder import Decoder
from ichviewer.services.two_passes import TwoPassPixels

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder(worker_jobs.open_fragile_decoder, timeout_s=1.0) as fragile:
        yield fragile
    assert fragile.pid is None


def series_of(folder: Path, *names: str) -> Series:
    for i, name in enumerate(names):
        hu = head_hu(30 + i)
        ds = make_slice(hu=hu, z_mm=5.0 * i, instance_number=i + 1, pixel_spacing_mm=(SPACING_MM, SPACING_MM))
        write(folder / name, ds)
    return read_catalog([folder]).series[0]


def annotated(series: Series, decoder: Decoder, card: ModelCard) -> SeriesFindings:
    pixels = TwoPassPixels(series, decoder.read_slice)
    return annotate_series(series, pixels, open_engine(card, "litert"), card)


def test_same_pixels_as_here(decoder: Decoder, tmp_path: Path) -> None:
    for info in series_of(tmp_path, "a", "b").slices:
        there, here = decoder.read_slice(info), read_slice(info)
        assert np.array_equal(there.image.stored, here.image.stored)
        assert there.pixel_hash == here.pixel_hash != ""
        assert not there.image.stored.flags.writeable


@posix
def test_a_crash_names_the_file_and_is_not_tried_again(decoder: Decoder, tmp_path: Path) -> None:
    bad, good = series_of(tmp_path, "crash", "good").slices
    with pytest.raises(DecodeError, match=r"crash: the decoder crashed on this file\. Found: signal SIGSEGV"):
        decoder.read_slice(bad)
    assert decoder.read_slice(good).image.stored.shape == (good.rows, good.columns)
    pid = decoder.pid
    with pytest.raises(DecodeError, match="SIGSEGV"):
        decoder.read_slice(bad)
    assert decoder.pid == pid  # no further process died of it


def test_a_decoder_that_never_ends_is_ended(decoder: Decoder, tmp_path: Path) -> None:
    bad, good = series_of(tmp_path, "hang", "well").slices
    started = time.monotonic()
    with pytest.raises(DecodeError, match=r"did not answer within 1 s"):
        decoder.read_slice(bad)
    assert time.monotonic() - started < 10
    assert decoder.read_slice(good).pixel_hash


def test_a_file_that_changed_is_tried_again(decoder: Decoder, tmp_path: Path) -> None:
    info = series_of(tmp_path, "gone", "b").slices[0]
    info.source.path.unlink()
    with pytest.raises(ReadError):
        decoder.read_slice(info)


@posix
def test_a_series_with_crashing_files_is_analysed_without_them(
    decoder: Decoder, tmp_path: Path, tiny_card
) -> None:
    series = series_of(tmp_path, "crash1", "crash2", *(f"slice{i}" for i in range(6)))
    findings = annotated(series, decoder, tiny_card)
    reasons = [s.reason.code if s.reason else None for s in findings.slices]
    assert reasons == [ProblemCode.DECODE_FAILED] * 2 + [None] * 6
    assert [s.status for s in findings.slices[2:]] == [Status.ANALYSED] * 6
    # The others are judged as if the two had never been there.
    for name in ("crash1", "crash2"):
        (tmp_path / name).unlink()
    rest = read_catalog([tmp_path]).series[0]
    without = annotated(rest, decoder, tiny_card)
    assert [s.probabilities for s in without.slices] == [s.probabilities for s in findings.slices[2:]]
    assert [s.pixel_hash for s in without.slices] == [s.pixel_hash for s in findings.slices[2:]]


def test_closed_means_cancelled(tmp_path: Path) -> None:
    info = series_of(tmp_path, "a", "b").slices[0]
    decoder = Decoder()
    decoder.close()
    with pytest.raises(Cancelled):
        decoder.read_slice(info)
