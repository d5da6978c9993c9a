"""The findings of everything that is open, by series and model, and the rules that decide what may be shown of them.

Nothing here knows Qt. Three rules hold after every call:

- findings and thresholds are always of the same model: another model takes its own thresholds along, and what the
  one before it found is gone;
- no finding stands beside pixels on screen other than those it was computed from, unless these are being read again;
- a write to a series that is no longer open, or to what another model was finding, changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NewType

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.input_scope import banner_line, outside_model
from ichviewer.domain.model_result import ModelResult
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.look.language import words_of
from ichviewer.ui.session.series_work import UNDER_WAY, SeriesWork, missing_words, shown_text

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard

ModelId = NewType("ModelId", str)
"""Names a model: its network and everything its card says, thresholds included."""

NO_MODEL = ModelId("")
"""Before any model is known."""

_NOTHING: Mapping[int, SliceFinding] = MappingProxyType({})


def model_id(card: ModelCard) -> ModelId:
    """What names a model: the same for the same network and card, other for any other."""
    said = json.dumps([card.keras_sha256, dict(card.raw)], sort_keys=True, default=repr)
    # Words of a card may hold what is no valid Unicode.
    return ModelId(hashlib.blake2b(said.encode("utf-8", errors="surrogatepass"), digest_size=16).hexdigest())


@dataclass(frozen=True)
class Judging:
    """How findings are judged.

    Parameters
    ----------
    model : ModelId
        Whose findings; those of other models are not judged by it.
    point : OperatingPoint
        Decides which types are flagged.
    rule : SeriesRule or None
        How the model answers for a whole series; None where it has no rule.
    """

    model: ModelId
    point: OperatingPoint
    rule: SeriesRule | None = None

    def __post_init__(self) -> None:
        if self.model == NO_MODEL:
            raise ValueError("thresholds belong to a model. Received: no model")


@dataclass(frozen=True)
class OnScreen:
    """The pixels of a slice that stand somewhere on the screen.

    Parameters
    ----------
    key, index : SeriesKey, int
        Which slice.
    pixel_hash : str
        Of the pixels (`ichviewer.domain.decoded.pixel_hash`); empty where they cannot be shown.
    reloading : bool
        Whether they are being read again, so that a finding about newer pixels is no reason to drop it.
    """

    key: SeriesKey
    index: int
    pixel_hash: str
    reloading: bool = False

    def __post_init__(self) -> None:
        if self.index < 0:
            raise ValueError(f"a slice has an index from 0. Received: {self.index}")

    def fits(self, finding: SliceFinding) -> bool:
        """Whether a finding about this slice was computed from these pixels, or from none at all."""
        return finding.pixel_hash in ("", self.pixel_hash)


class FindingsState:
    """Holds findings, states and thresholds, and notes what has changed."""

    def __init__(self) -> None:
        self._work: dict[tuple[SeriesKey, ModelId], SeriesWork] = {}
        self._model = NO_MODEL
        self._judging: Judging | None = None
        self._on_screen: dict[Hashable, OnScreen] = {}
        self._changed: dict[SeriesKey, set[int]] = {}

    # What is known

    @property
    def model(self) -> ModelId:
        """The model whose findings are held."""
        return self._model

    @property
    def judging(self) -> Judging | None:
        """How they are judged; None while no model is ready to say."""
        return self._judging

    def work(self, key: SeriesKey) -> SeriesWork | None:
        """What is known of a series, None if it is not open."""
        return self._work.get((key, self._model))

    def all_work(self) -> tuple[SeriesWork, ...]:
        """What is known of all series, in the order in which they were opened."""
        return tuple(self._work.values())

    def view(self, series: Series) -> FindingsView:
        """The interface to what is known of a series."""
        return FindingsView(self, series)

    def known(self) -> dict[SeriesKey, SeriesFindings]:
        """What is known of every series that was not refused as a whole, for the export."""
        return {
            work.series.key: work.findings()
            for work in self._work.values()
            if work.slices or work.state is not SeriesState.REFUSED
        }

    def take_changes(self) -> dict[SeriesKey, frozenset[int]]:
        """Series of which anything changed since the last call, and their slices with another finding than then."""
        changed = {key: frozenset(slices) for key, slices in self._changed.items()}
        self._changed.clear()
        return changed

    @property
    def changed_on_screen(self) -> bool:
        """Whether a slice that stands on the screen has another finding than at the last `take_changes`."""
        return any(at.index in self._changed.get(at.key, ()) for at in self._on_screen.values())

    # What is open, and the model

    def open(self, series: Sequence[Series]) -> None:
        """Start over with other series; nothing is known of them, and nothing more of the old ones."""
        self._work = {(s.key, self._model): SeriesWork(s) for s in series}
        self._changed = {s.key: set() for s in series}

    def add(self, series: Sequence[Series]) -> tuple[SeriesWork, ...]:
        """More series are open, of which nothing is known; what is known of the others stays."""
        added = tuple(SeriesWork(s) for s in series)
        for work in added:
            self._work[work.series.key, self._model] = work
            self._changed[work.series.key] = set()
        return added

    def close(self, keys: Collection[SeriesKey]) -> None:
        """These series are not open any more: nothing is known of them; the others stay as they are."""
        self._work = {at: work for at, work in self._work.items() if at[0] not in keys}
        self._on_screen = {viewer: at for viewer, at in self._on_screen.items() if at.key not in keys}
        for key in keys:
            self._changed.pop(key, None)

    def use(self, model: ModelId) -> bool:
        """Hold the findings of this model; whether that makes those of another one go."""
        old, self._model = self._model, model
        if old == model:
            return False
        self._judging = None
        held, self._work = self._work, {}
        for (key, _), work in held.items():
            # A refusal is about the images; before the first model there is nothing that it could not have said.
            stays = old == NO_MODEL or work.state is SeriesState.REFUSED
            self._work[key, model] = work if stays else SeriesWork(work.series)
            if not stays:
                self._changed.setdefault(key, set()).update(work.slices)
        return old != NO_MODEL

    def judge(self, judging: Judging | None) -> None:
        """Judge by these thresholds; by none, findings stay and are not judged."""
        if judging is not None:
            self.use(judging.model)
        self._judging = judging

    # What is found

    def set_state(self, work: SeriesWork, state: SeriesState, text: str = "") -> None:
        """Say how far the analysis of a series is."""
        if self._holds(work):
            work.state, work.text = state, text
            self._note(work)

    def again(self, work: SeriesWork) -> None:
        """Let a series wait to be analysed again; what was found stays until new findings replace it."""
        if self._holds(work):
            work.again()
            self._note(work)

    def forget(self, work: SeriesWork) -> None:
        """Drop what was found in a series."""
        if self._holds(work):
            self._note(work, *work.slices)
            work.forget()

    def stop(self, work: SeriesWork, state: SeriesState, text: str = "") -> None:
        """Say that the analysis of a series ended before it was through."""
        if self._holds(work):
            work.ended_at = datetime.now().astimezone()
            self.set_state(work, *work.stopped(state, text))

    def put(self, work: SeriesWork, index: int, finding: SliceFinding) -> None:
        """Take what was found in a slice, in place of what was known of it."""
        if not 0 <= index < len(work.series):
            raise ValueError(f"the series has {len(work.series)} slices. Received: index {index}")
        if self._holds(work):
            work.slices[index] = finding
            if finding.pixel_hash:
                work.drop_further(index, finding.pixel_hash)
            self._note(work, index)
            self._check(
                at for at in self._on_screen.values() if (at.key, at.index) == (work.series.key, index)
            )

    def finish(self, work: SeriesWork, findings: SeriesFindings) -> None:
        """Take the final findings of a whole series.

        Raises
        ------
        ValueError
            If they are about another series.
        """
        if not work.answered_by(findings):
            raise ValueError(f"findings of series {work.series.key} are needed. Received: {findings.key}")
        if self._holds(work):
            work.before, work.ended_at = None, datetime.now().astimezone()
            work.slices = dict(enumerate(findings.slices))
            work.further = findings.further
            work.state, work.text = findings.state(), missing_words(findings)
            self._note(work, *work.slices)
            self._check(at for at in self._on_screen.values() if at.key == work.series.key)

    def reject(self, key: SeriesKey, index: int) -> None:
        """Drop a finding that was computed from other pixels than those of the slice, and say why."""
        work = self.work(key)
        if work is None or index not in work.slices:
            return
        info = work.series.slices[index]
        reason = Problem(ProblemCode.FILE_CHANGED, str(info.source), "analyze again")
        work.slices[index] = SliceFinding(Status.FAILED, reason=reason, problems=info.problems)
        work.drop_further(index)
        self._note(work, index)
        if work.state not in UNDER_WAY:
            findings = work.findings()
            work.state, work.text = findings.state(), missing_words(findings)

    # What is on the screen

    def show(self, viewer: Hashable, at: OnScreen) -> None:
        """These pixels stand on the screen, in place of what the viewer showed before."""
        self._on_screen[viewer] = at
        if at.pixel_hash:
            self._check([at])

    def reload(self, viewer: Hashable) -> None:
        """The pixels that a viewer shows are read again; until then they stand."""
        at = self._on_screen.get(viewer)
        if at is not None:
            self._on_screen[viewer] = replace(at, reloading=True)

    def hide(self, viewer: Hashable) -> None:
        """A viewer shows no pixels."""
        self._on_screen.pop(viewer, None)

    def outdated(self, viewer: Hashable) -> bool:
        """Whether a viewer still shows pixels that are being read again, and a finding about newer ones is there."""
        at = self._on_screen.get(viewer)
        return at is not None and at.reloading and not self._fits(at)

    # Parts

    def _holds(self, work: SeriesWork) -> bool:
        return self._work.get((work.series.key, self._model)) is work

    def _note(self, work: SeriesWork, *slices: int) -> None:
        self._changed.setdefault(work.series.key, set()).update(slices)

    def _fits(self, at: OnScreen) -> bool:
        work = self.work(at.key)
        if work is None:
            return True
        finding = work.slices.get(at.index)
        return (finding is None or at.fits(finding)) and work.further_fits(at.index, at.pixel_hash)

    def _check(self, shown: Iterable[OnScreen]) -> None:
        for at in shown:
            work = self.work(at.key)
            if work is None or at.reloading or self._fits(at):
                continue
            finding = work.slices.get(at.index)
            if finding is None or at.fits(finding):
                # A further model saw a slice that the bundled one had nothing to do with.
                work.drop_further(at.index, at.pixel_hash)
                self._note(work)
            else:
                self.reject(at.key, at.index)


class FindingsView:
    """What is known of one series, asked for anew with every question, so that nobody holds a copy.

    Parameters
    ----------
    state : FindingsState
    series : Series
        A later reading of the same series is another one: nothing is known of it yet.
    """

    def __init__(self, state: FindingsState, series: Series) -> None:
        self._state = state
        self.series = series

    @property
    def _work(self) -> SeriesWork | None:
        work = self._state.work(self.series.key)
        return work if work is not None and work.series is self.series else None

    @property
    def slices(self) -> Mapping[int, SliceFinding]:
        """What was found, by slice index; slices that are missing are pending."""
        return _NOTHING if self._work is None else MappingProxyType(self._work.slices)

    @property
    def judged(self) -> Mapping[int, SliceFinding]:
        """What was found, where there are thresholds to judge it by; nothing where there are none."""
        return _NOTHING if self.point is None else self.slices

    @property
    def further(self) -> tuple[ModelResult, ...]:
        """What further models say of the series, each under its own name."""
        return () if self._work is None else self._work.further

    @property
    def point(self) -> OperatingPoint | None:
        """The thresholds, None while no model is ready."""
        return None if self._state.judging is None else self._state.judging.point

    @property
    def rule(self) -> SeriesRule | None:
        """How the model answers for the whole series; None where it has no rule, and while no model is ready."""
        return None if self._state.judging is None else self._state.judging.rule

    @property
    def state(self) -> SeriesState:
        """How far the analysis is."""
        return SeriesState.WAITING if self._work is None else self._work.state

    @property
    def text(self) -> str:
        """Why it is in this state, in words; empty where the state says all."""
        return "" if self._work is None else shown_text(self._work.text)

    def findings(self) -> SeriesFindings | None:
        """What is known of every slice, those not reached with the reason; None where nothing is known at all."""
        return None if self._work is None else self._work.findings()

    def flagged(self) -> list[int]:
        """Indices of the flagged slices known so far, in order."""
        point = self.point
        return [] if point is None or self._work is None else self._work.flagged_slices(point)

    def doubts(self) -> tuple[str, ...]:
        """Why the series lies outside what the model knows, a line for each reason; none where it does not.

        Only where something was analysed: what was not has no probabilities that could count for less.
        """
        analysed = [f for f in self.judged.values() if f.probabilities is not None]
        if not analysed:
            return ()
        problems = (*self.series.problems, *(p for f in analysed for p in f.problems))
        return tuple(banner_line(problem, words_of) for problem in outside_model(problems))
