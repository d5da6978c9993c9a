"""A submission of the RSNA 2019 challenge: six rows for every image in a folder, by the product's own analysis."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from ichviewer.bundle import model_dir
from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.findings import Status
from ichviewer.domain.labels import LABELS
from ichviewer.errors import LearningError
from ichviewer.inference.engine import Engine, open_engine
from ichviewer.inference.model_card import ModelCard, load_model_card
from ichviewer.learning.data.dicom_folder import files_below, group, skim_files
from ichviewer.learning.data.rsna import SUBMISSION_ORDER
from ichviewer.learning.data.skim import Skimmed
from ichviewer.learning.data.workers import HereRunner
from ichviewer.progress import Progress, silent
from ichviewer.services.annotate import annotate_series

PREVALENCE: dict[str, float] = {
    "any": 107_933 / 752_803,
    "epidural": 3_145 / 752_803,
    "intraparenchymal": 36_118 / 752_803,
    "intraventricular": 26_205 / 752_803,
    "subarachnoid": 35_675 / 752_803,
    "subdural": 47_166 / 752_803,
}
"""Share of images with each label among the 752,803 of the challenge's training set (its stage_2_train.csv)."""

_GUESS = tuple(PREVALENCE[label.value] for label in LABELS)
_KEPT_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Guess:
    """An image whose rows are the training set's prevalence, and why."""

    file: str
    reason: str
    is_error: bool


@dataclass(frozen=True)
class SubmitReport:
    """What became of the images.

    Parameters
    ----------
    images : int
        Each has six rows.
    analysed : int
        Those whose rows are the model's.
    guesses : tuple of Guess
        The others.
    engine : str
        What ran the model; empty if nothing had to be analysed.
    """

    images: int
    analysed: int
    guesses: tuple[Guess, ...]
    engine: str

    @property
    def errors(self) -> tuple[Guess, ...]:
        """Images that could not be read or analysed, rather than show no brain."""
        return tuple(guess for guess in self.guesses if guess.is_error)


@dataclass(frozen=True)
class _Rows:
    """What is known of an image: probabilities in the order of `LABELS`, or why there are none."""

    image: str
    probabilities: tuple[float, ...]
    guess: Guess | None = None


def write_submission(
    folder: Path,
    out: Path,
    *,
    model: Path | None = None,
    engine: str = "auto",
    progress: Progress = silent,
) -> SubmitReport:
    """Analyse every image below a folder and write the challenge's table.

    The images are sorted into series by their headers, and each series goes through the analysis that the window
    uses. A row is required for every image: one that cannot be read, or that shows no brain, gets the prevalence of
    the challenge's training set. What is done is kept beside the table in ``<out>.part``; a run that was stopped goes
    on from there if the model is the same.

    Parameters
    ----------
    folder : Path
    out : Path
        The CSV, ``ID,Label``, six rows an image in the challenge's order.
    model : Path, optional
        A model's folder or `.keras` file; the bundled one unless told.
    engine : str
        ``auto``, ``litert`` or ``keras``.
    progress : Progress
        Told of every image.

    Raises
    ------
    LearningError
        If there is no file in the folder, or the table cannot be written.
    ModelError, EngineError
        If the model cannot be loaded or run.
    """
    card = load_model_card(model or model_dir())
    files = [
        path for path in files_below(folder) if Path(path).suffix.lower() in ("", ".dcm", ".dicom", ".ima")
    ]
    if not files:
        raise LearningError("there are no DICOM files", str(folder))
    found, bad = skim_files(files, HereRunner(), progress)
    part = _Part(out.with_name(out.name + ".part"), card.keras_sha256)
    part.add_files([_guessed("", path, reason, is_error=True) for path, reason in bad])
    opened = _Opened(card, engine)
    try:
        _analyse(list(group(found)), opened, part, _Counter(progress, len(files), len(bad)))
    finally:
        opened.close()
    rows = part.rows()
    try:
        _write(out, rows)
    except OSError as error:
        raise LearningError("the submission cannot be written", str(out), str(error)) from error
    part.path.unlink()
    guesses = tuple(row.guess for row in rows if row.guess is not None)
    return SubmitReport(len(rows), len(rows) - len(guesses), guesses, opened.name)


class _Counter:
    """Counts images over all series."""

    def __init__(self, progress: Progress, total: int, done: int) -> None:
        self._progress, self._total, self._done = progress, total, done

    def add(self, images: int) -> None:
        self._done += images
        self._progress(self._done, self._total, "analyzing")


class _Opened:
    """The engine, opened when it is first needed."""

    def __init__(self, card: ModelCard, kind: str) -> None:
        self.card = card
        self.name = ""
        self._kind = kind
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = open_engine(self.card, self._kind)
            self.name = self._engine.name
        return self._engine

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()


def _analyse(
    series: Sequence[tuple[Skimmed, list[Skimmed]]], opened: _Opened, part: _Part, counter: _Counter
) -> None:
    for first, members in series:
        key = f"{first.patient_id}|{first.study_uid}|{first.series_uid or first.path}|{len(members)}"
        if key not in part.done:
            part.add(key, _rows_of(members, opened))
        counter.add(len(members))


def _rows_of(members: list[Skimmed], opened: _Opened) -> list[_Rows]:
    """Rows of the images of one series."""
    catalog = read_catalog([Path(skimmed.path) for skimmed in members])
    pixels = PixelCache(_KEPT_BYTES)
    rows: dict[str, _Rows] = {}
    for series in catalog.series:
        findings = annotate_series(series, pixels, opened.engine(), opened.card)
        for info, finding in zip(series.slices, findings.slices, strict=True):
            path = str(info.source.path)
            if finding.probabilities is not None:
                # Of a file with several frames, the most suspicious frame counts.
                before = rows.get(path)
                best = finding.probabilities
                if before is not None and before.guess is None:
                    best = tuple(max(pair) for pair in zip(before.probabilities, best, strict=True))
                rows[path] = _Rows(_image_name(info.sop_uid, path), best)
            elif path not in rows:
                reason = "" if finding.reason is None else finding.reason.text
                failed = finding.status is Status.FAILED
                rows[path] = _guessed(info.sop_uid, path, reason, is_error=failed)
    reasons = {p.where: p.text for p in (*catalog.problems, *(p for s in catalog.series for p in s.problems))}
    return [
        rows.get(s.path) or _guessed(s.sop_uid, s.path, reasons.get(s.path, "not read"), is_error=True)
        for s in members
    ]


def _image_name(sop_uid: str, path: str) -> str:
    name = sop_uid or Path(path).stem
    return name if name.startswith("ID_") else f"ID_{name}"


def _guessed(sop_uid: str, path: str, reason: str, *, is_error: bool) -> _Rows:
    return _Rows(_image_name(sop_uid, path), _GUESS, Guess(path, reason, is_error))


class _Part:
    """What is done so far, on disk: one line of JSON for each series.

    Series with images that failed are not kept there, so that another run tries them again.

    Parameters
    ----------
    path : Path
    model : str
        Hash of the model; what another one made is thrown away.
    """

    def __init__(self, path: Path, model: str) -> None:
        self.path = path
        self.done: dict[str, list[_Rows]] = {}
        self._unsorted: list[_Rows] = []
        for line in self._lines(json.dumps({"model": model}).encode()):
            entry = json.loads(line)
            self.done[entry["series"]] = [
                _Rows(image, tuple(p), Guess(*guess) if guess else None) for image, p, guess in entry["rows"]
            ]

    def _lines(self, head: bytes) -> list[bytes]:
        """Lines of an earlier run with the same model; what is of no use is cut off."""
        data = self.path.read_bytes() if self.path.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        first, *lines = whole.splitlines() or [b""]
        if first != head:
            whole, lines = head + b"\n", []
        if whole != data:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(whole)
        return lines

    def add_files(self, rows: list[_Rows]) -> None:
        """Take in files that belong to no series."""
        self._unsorted += rows

    def add(self, series: str, rows: list[_Rows]) -> None:
        """Take in a series."""
        self.done[series] = rows
        if any(row.guess is not None and row.guess.is_error for row in rows):
            return
        kept = [(row.image, row.probabilities, row.guess and astuple(row.guess)) for row in rows]
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"series": series, "rows": kept}) + "\n")

    def rows(self) -> list[_Rows]:
        """All rows in the order of names; of one image that stands there twice, the analysed one."""
        rows: dict[str, _Rows] = {}
        for row in (*self._unsorted, *(row for series in self.done.values() for row in series)):
            if row.image not in rows or rows[row.image].guess is not None:
                rows[row.image] = row
        return [rows[image] for image in sorted(rows)]


def _write(out: Path, rows: Sequence[_Rows]) -> None:
    new = out.with_name(out.name + ".new")
    with new.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["ID", "Label"])
        for row in rows:
            for label in SUBMISSION_ORDER:
                # Six digits that count, not six behind the point: a 0 that is none would cost much.
                table.writerow(
                    [f"{row.image}_{label.value}", f"{row.probabilities[LABELS.index(label)]:.6g}"]
                )
    new.replace(out)
