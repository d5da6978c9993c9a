"""The finished analysis of one series: what the objects of `ichviewer.results` are made from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from ichviewer import __version__
from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.identity import series_identity
from ichviewer.domain.input_scope import outside_model
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series
from ichviewer.inference.model_card import ModelCard

FORMAT = 2
"""Version of how results are written; part of every UID, because other contents need other UIDs."""


@dataclass(frozen=True, eq=False)
class SeriesAnalysis:
    """A series with its findings, and what made them.

    Parameters
    ----------
    series : Series
    findings : SeriesFindings
        Of that very series, with one finding for every slice.
    card : ModelCard
        Of the model that made them.
    engine : str
        ``litert`` or ``keras``; empty if no slice needed the model.
    point : OperatingPoint
        The thresholds in use.
    analyzed_at : datetime
        When the analysis ended, with its time zone. It is the date of all objects, so that writing twice makes the
        same files.

    Raises
    ------
    ValueError
        If the findings are those of another series, or the time has no zone.
    """

    series: Series
    findings: SeriesFindings
    card: ModelCard
    engine: str
    point: OperatingPoint
    analyzed_at: datetime

    def __post_init__(self) -> None:
        if self.findings.key != self.series.key or len(self.findings.slices) != len(self.series):
            raise ValueError(
                f"findings of series {self.series.key} are needed. Received: {self.findings.key}, "
                f"{len(self.findings.slices)} slices"
            )
        if self.findings.series != series_identity(self.series):
            raise ValueError(
                f"the findings must be those of the very slices. Received: {self.findings.series!r}"
            )
        if any(
            finding.reason is not None and finding.reason.code is ProblemCode.NOT_YET_ANALYSED
            for finding in self.findings.slices
        ):
            raise ValueError("the analysis must have ended. Received: slices that wait")
        if self.analyzed_at.tzinfo is None:
            raise ValueError(f"the time needs a zone. Received: {self.analyzed_at}")

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the file of the network that ran, as 64 hexadecimal digits."""
        quick = self.card.litert_sha256 if self.engine == "litert" else None
        return quick or self.card.keras_sha256

    def outside_model(self) -> tuple[Problem, ...]:
        """What lies outside what the model was trained on, of the series and of its slices."""
        found = self.findings.slices
        return outside_model([*self.series.problems, *(p for one in found for p in one.problems)])

    def digest(self) -> str:
        """What names the images with what became of them, the model and the settings: 64 hexadecimal digits.

        Times are not part of it, nor are probabilities: those follow from the rest.
        """
        words: list[object] = [FORMAT, __version__, self.series.key.study_uid, self.series.key.series_uid]
        words += [
            self.series.key.part,
            self.card.name,
            self.card.version,
            self.card.keras_sha256,
            self.engine,
        ]
        words += [self.model_sha256, json.dumps(dict(self.card.raw), sort_keys=True, default=str)]
        words += [self.point.name, self.point.thresholds]
        for info, finding in zip(self.series.slices, self.findings.slices, strict=True):
            reason = "" if finding.reason is None else finding.reason.code.value
            words.append((info.sop_uid, info.source.frame, finding.pixel_hash, finding.status.value, reason))
        digest = hashlib.sha256()
        for word in words:
            digest.update(repr(word).encode("utf-8", errors="backslashreplace") + b"\n")
        return digest.hexdigest()
