"""The slices of a series as a further model gets them: the pixels that were analyzed, or an error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, Status
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import DecodeError, FileChangedError


class SeriesSlices:
    """Decodes slices when they are asked for, and notes which pixels were handed out.

    Parameters
    ----------
    series : Series
    get : function of SliceInfo
        Decodes a slice.
    findings : SeriesFindings
        What the analysis says of the series.
    """

    def __init__(
        self, series: Series, get: Callable[[SliceInfo], DecodedSlice], findings: SeriesFindings
    ) -> None:
        self.series = series
        self.findings = findings
        self._get = get
        self._hashes = [""] * len(series)

    def __len__(self) -> int:
        return len(self.series)

    @property
    def pixel_hashes(self) -> tuple[str, ...]:
        """For every slice, the hash of the pixels that were handed out; empty where none were."""
        return tuple(self._hashes)

    def decoded(self, index: int) -> DecodedSlice:
        """A slice with its pixels.

        Parameters
        ----------
        index : int
            From 0, in slice order.

        Raises
        ------
        ReadError, DecodeError
            It cannot be read, failed in the analysis, or (FileChangedError) its pixels are not those that were
            analyzed.
        """
        info, finding = self.series.slices[index], self.findings.slices[index]
        reason = finding.reason
        # A model that could not be run says nothing of the slice.
        if finding.status is Status.FAILED and reason and reason.code is not ProblemCode.ENGINE_FAILED:
            raise DecodeError(f"slice {index + 1}: {reason.text}", str(info.source), reason.found)
        decoded = self._get(info)
        before = self._hashes[index] or finding.pixel_hash
        if before and before != decoded.pixel_hash:
            raise FileChangedError("the pixels are not those that were analyzed", str(info.source))
        self._hashes[index] = decoded.pixel_hash
        return decoded

    def hu(self, index: int) -> NDArray[np.float32]:
        """HU of a slice as stored, shape (rows, columns), float32; NaN as in `SliceImage.hu`.

        Raises
        ------
        ReadError, DecodeError
            As `decoded`; of a color image, which has no HU.
        """
        decoded = self.decoded(index)
        if decoded.rgb is not None:
            where = str(self.series.slices[index].source)
            raise DecodeError(f"slice {index + 1}: in color, without HU", where)
        return decoded.image.hu()
