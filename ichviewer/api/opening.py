"""Open studies."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache

from ichviewer.api.arguments import Paths, paths_of
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import Catalog, SliceInfo
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.decoder import Decoder
from ichviewer.services.open_study import open_study as open_paths


def open_study(
    paths: Paths, *, progress: Progress | None = None, cancel: CancelToken | None = None
) -> Catalog:
    """Read the headers of every image under some paths.

    Parameters
    ----------
    paths : str, path-like, or an iterable of them
        Folders, files, ZIPs and DICOMDIRs, in any mix.
    progress : function of (done, total, what), optional
        Told after every file; ``total`` is 0 while it is not known.
    cancel : CancelToken, optional
        Stops it from another thread.

    Returns
    -------
    Catalog
        ``studies``, each with its ``series`` of ``slices`` from feet to head; ``problems`` names what could not be
        read. Nothing is decoded.

    Raises
    ------
    ichviewer.errors.NothingReadableError
        If there is no image, or a path leads nowhere.
    ichviewer.errors.ArgumentError
        If something else than paths is given.
    Cancelled
    """
    found = paths_of(paths, "open_study(paths)")
    with ExitStack() as stack:
        # Needed only where two files claim to be the same image.
        decoder = cache(lambda: stack.enter_context(Decoder()))

        def read_slice(info: SliceInfo) -> DecodedSlice:
            return decoder().read_slice(info)

        return open_paths(found, progress=progress or silent, cancel=cancel, read_slice=read_slice)
