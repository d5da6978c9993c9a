"""Volumes and pictures of what was opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ichviewer.api.arguments import instance_of, shown
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.problems import Problem, Severity
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume, build_volume
from ichviewer.domain.volume_source import NoVolume, volume_geometry
from ichviewer.errors import ArgumentError, DecodeError, ReadError
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.decoder import Decoder
from ichviewer.services.render import render_slice
from ichviewer.services.windows import find_window, load_presets

if TYPE_CHECKING:
    from PIL.Image import Image


def read_volume(
    series: Series,
    *,
    allow_missing: bool = False,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Volume:
    """Decode a series into one volume of HU.

    Parameters
    ----------
    series : Series
    allow_missing : bool
        Whether slices that cannot be decoded, and rows that a file does not hold, may be missing: they are NaN in
        `Volume.hu`. `Volume.undecoded` names such slices.
    progress : function of (done, total, what), optional
    cancel : CancelToken, optional

    Returns
    -------
    Volume
        ``hu()`` float32, shape (slices, rows, columns), from feet to head; ``affine`` from indices to patient
        coordinates (LPS) in mm, shape (4, 4), None where distances are uneven.

    Raises
    ------
    ichviewer.errors.ReadError, ichviewer.errors.DecodeError
        If a slice cannot be decoded or is no longer what was listed (unless it may be missing and another can), or
        the series is no volume: it has one slice, no geometry, gaps, or slices of different sizes.
    ichviewer.errors.ArgumentError
        If it is no series.
    Cancelled
    """
    instance_of(series, Series, "a series", "read_volume(series)")
    geometry = volume_geometry(series)
    if isinstance(geometry, NoVolume):
        raise _no_volume(series, geometry)
    failed: list[Exception] = []
    told = progress or silent

    def decoded(decoder: Decoder) -> Iterator[tuple[int, DecodedSlice]]:
        for index, info in enumerate(series.slices):
            if cancel is not None:
                cancel.check()
            told(index, len(series), f"decoding slice {index + 1} of {len(series)}")
            try:
                yield (
                    index,
                    _whole(decoder.read_slice(info), (), str(info.source), allow_missing=allow_missing),
                )
            except (ReadError, DecodeError) as error:
                if not allow_missing:
                    raise
                failed.append(error)

    with Decoder() as decoder:
        volume = build_volume(series, decoded(decoder))
    if isinstance(volume, NoVolume):
        raise _no_volume(series, volume)
    if len(failed) == len(series):
        raise failed[0]
    told(len(series), len(series), "done")
    return volume


def render(series: Series, number: int, window: str = "brain", *, allow_missing: bool = False) -> Image:
    """A picture of one slice, with square pixels.

    Parameters
    ----------
    series : Series
    number : int
        Which slice, from 1 at the feet, as ``slice_index`` of `Findings.to_dataframe`.
    window : str
        By name (``brain``, ``subdural``, ``stroke``, ``soft-tissue``, ``bone``, ``from-file``) or as center/width in
        HU, such as ``40/80``.
    allow_missing : bool
        Whether rows that the file does not hold may be missing.

    Returns
    -------
    PIL.Image.Image
        8-bit grey.

    Raises
    ------
    ichviewer.errors.ArgumentError
        If there is no slice of this number.
    ichviewer.errors.SettingsError
        If there is no such window.
    ichviewer.errors.ReadError, ichviewer.errors.DecodeError
        If the slice cannot be decoded, or is no longer what was listed.
    """
    instance_of(series, Series, "a series", "render(series)")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(series):
        raise ArgumentError(f"slices are 1 to {len(series)}", "render(number)", shown(number))
    preset = find_window(instance_of(window, str, "the name of a window", "render(window)"), load_presets())
    info = series.slices[number - 1]
    with Decoder() as decoder:
        decoded = decoder.read_slice(info)
    _whole(decoded, info.problems, str(info.source), allow_missing=allow_missing)
    return render_slice(info, decoded.image, preset.voi)


def _whole(
    decoded: DecodedSlice, of_header: tuple[Problem, ...], where: str, *, allow_missing: bool
) -> DecodedSlice:
    """The slice, unless a part of it is missing that may not be."""
    broken = [p for p in (*of_header, *decoded.problems) if p.severity is Severity.ERROR]
    if broken and not allow_missing:
        raise DecodeError(f"{broken[0].text}; allow_missing takes what there is", where, broken[0].found)
    return decoded


def _no_volume(series: Series, reason: NoVolume) -> ReadError:
    where = f"series {series.key.series_uid or series.description or '(no UID)'}"
    return ReadError(f"the series is no volume: {reason.reason.value}", where, reason.found)
