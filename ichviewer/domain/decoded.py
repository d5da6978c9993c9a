"""A slice with its pixels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.hu import SliceImage
from ichviewer.domain.problems import Problem


@dataclass(frozen=True, eq=False)
class DecodedSlice:
    """The pixels of a slice, and what was found wrong while decoding them (the header's problems not repeated).

    Parameters
    ----------
    image : SliceImage
        Grey values; of a color image its luminance.
    problems : tuple of Problem
    pixel_hash : str
        `pixel_hash` of ``image``, made where the slice was decoded. Findings carry the hash of the pixels they were
        computed from and are shown beside these very pixels only.
    rgb : ndarray of uint8, shape (rows, columns, 3), or None
        The colors of a color image, None for a grey one.
    """

    image: SliceImage
    problems: tuple[Problem, ...] = ()
    pixel_hash: str = ""
    rgb: NDArray[np.uint8] | None = None

    @property
    def nbytes(self) -> int:
        """Memory that the pixels take, colors included, in bytes."""
        return self.image.nbytes + (0 if self.rgb is None else self.rgb.nbytes)


def pixel_hash(image: SliceImage) -> str:
    """What names the HU of an image: the same for the same HU in the same places, other for any others.

    Returns
    -------
    str
        32 hexadecimal digits (BLAKE2b of the shape, the type and the stored values, and of what turns them into HU).
    """
    digest = hashlib.blake2b(digest_size=16)
    stored = image.stored
    digest.update(
        repr((stored.shape, stored.dtype.str, image.rescale, image.padding, image.rows_read)).encode()
    )
    digest.update(np.ascontiguousarray(stored).data)
    return digest.hexdigest()
