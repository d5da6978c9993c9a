"""What a result was computed from and with: a key that is another as soon as anything of it is."""

from __future__ import annotations

import hashlib
import json
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ichviewer import __version__
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series import Series
from ichviewer.errors import ReadError
from ichviewer.inference.model_card import ModelCard
from ichviewer.services.further_json import model_json
from ichviewer.services.series_models import SeriesModel
from ichviewer.services.write_findings import decoder_versions

_DIGEST_BYTES = 20
_ARCHIVES = 8
"""Archives of which the hash is kept, while their size and time of change are the same."""


def model_digest(card: ModelCard) -> str:
    """Names a model for good: its files by their hashes, and everything in its metadata."""
    return _digest([card.keras_sha256, card.litert_sha256, json.dumps(card.raw, sort_keys=True)])


def settings_digest(
    card: ModelCard, point: OperatingPoint, engine: str, further: tuple[SeriesModel, ...], more: str = ""
) -> str:
    """Names everything beside the images that decides what a result says.

    Parameters
    ----------
    card : ModelCard
    point : OperatingPoint
        Thresholds in use.
    engine : str
        As asked for; what ``auto`` takes follows from the model.
    further : tuple of SeriesModel
        Models that are run as well.
    more : str
        What else is made of each series.
    """
    names = [(model_json(model.spec), type(model).__module__, type(model).__qualname__) for model in further]
    return _digest(
        [
            __version__,
            model_digest(card),
            (point.name, point.thresholds),
            engine,
            json.dumps([names, decoder_versions()], sort_keys=True),
            more,
        ]
    )


@dataclass(frozen=True)
class _Stamp:
    path: Path
    size: int
    changed_ns: int


class SeriesKeys:
    """Makes keys of series. A key is made of the bytes of all files that hold the pixels, not of their dates."""

    def __init__(self) -> None:
        self._archives: OrderedDict[_Stamp, str] = OrderedDict()

    def key(self, series: Series, settings: str) -> str:
        """The key of a series.

        Parameters
        ----------
        series : Series
            As it was listed.
        settings : str
            See `settings_digest`.

        Returns
        -------
        str
            Of hexadecimal digits; equal for equal bytes under the same names, listed alike, and equal settings.

        Raises
        ------
        ReadError
            If a file cannot be read.
        """
        sources = {info.source.path: bool(info.source.member) for info in series.slices}
        files = [(path, self._file(path, archive=archive)) for path, archive in sources.items()]
        return _digest([settings, series, *files])

    def _file(self, path: Path, *, archive: bool) -> str:
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                stamp = _Stamp(path, status.st_size, status.st_mtime_ns)
                # Only an archive holds many series, each of which would have all of it read again.
                if archive and stamp in self._archives:
                    return self._archives[stamp]
                found = hashlib.file_digest(file, _blake2b).hexdigest()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ReadError("the file cannot be read", str(path), reason) from error
        if archive:
            self._archives[stamp] = found
            while len(self._archives) > _ARCHIVES:
                self._archives.popitem(last=False)
        return found


def _blake2b() -> Any:
    return hashlib.blake2b(digest_size=_DIGEST_BYTES)


def _digest(parts: list[Any]) -> str:
    digest = _blake2b()
    for part in parts:
        # A name of a file may hold what is no valid Unicode.
        digest.update(repr(part).encode("utf-8", errors="surrogatepass"))
        digest.update(b"\n")
    return str(digest.hexdigest())
