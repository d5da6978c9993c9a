"""A slice with its pixels."""

from __future__ import annotations

from dataclasses import dataclass

from ichviewer.domain.hu import SliceImage
from ichviewer.domain.problems import Problem


@dataclass(frozen=True, eq=False)
class DecodedSlice:
    """The pixels of a slice, and what was found wrong while decoding them (the header's problems not repeated)."""

    image: SliceImage
    problems: tuple[Problem, ...] = ()
