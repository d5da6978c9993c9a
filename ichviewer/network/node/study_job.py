"""The steps of a study from the queue to the outbox, each noted in the worklist before the next."""

from __future__ import annotations

import logging
from pathlib import Path

from ichviewer.errors import ExportError, IchViewerError, system_refusal
from ichviewer.network.node.inbox import Inbox, study_key
from ichviewer.network.node.study_analysis import StudyAnalyzer
from ichviewer.network.node.worklist import Claim, Worklist
from ichviewer.network.outbox import Outbox, State
from ichviewer.network.private_folder import make_private
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.batch_pools import PoolError, PoolLostError

log = logging.getLogger("ichviewer.network")

FIRST_WAIT_S = 10.0
"""After a study failed once; doubled each further time."""

_FORGET_AT_A_TIME = 500


class StudyJob:
    """Does the steps of studies.

    Parameters
    ----------
    worklist : Worklist
    inbox : Inbox
    results : Path
        Folder with one folder a study; made where it is missing.
    send_to : tuple of str
        Names of destinations.
    tries : int
        How often a study is tried before it stays failed.
    """

    def __init__(
        self, worklist: Worklist, inbox: Inbox, results: Path, *, send_to: tuple[str, ...], tries: int
    ) -> None:
        self._worklist = worklist
        self._inbox = inbox
        self._results = results
        self._send_to = send_to
        self._tries = tries
        make_private(results)

    def analyze_next(self, analyzer: StudyAnalyzer, cancel: CancelToken) -> bool:
        """Analyze the study that waits longest and write its results; whether there was one.

        Raises
        ------
        Cancelled
            The study waits as before.
        PoolError
            There is nobody to analyze it; it waits, and the worklist says why.
        """
        claim = self._worklist.claim()
        if claim is None:
            return False
        try:
            self._analyze(claim, analyzer, cancel)
        except Cancelled:
            self._worklist.give_back(claim)
            raise
        except PoolError as error:
            self._worklist.put_off(claim, str(error), was_begun=isinstance(error, PoolLostError))
            raise
        except Exception as error:
            reason = str(error) if isinstance(error, IchViewerError) else system_refusal(error)
            if reason is None:
                log.exception("a bug in the analysis of a study")
                reason = f"a bug of the program ({type(error).__name__}: {error})"
            entry = self._worklist.find(claim.study_uid)
            failures = 0 if entry is None else entry.failures
            self._worklist.failed(
                claim, reason, tries=self._tries, wait_s=FIRST_WAIT_S * 2.0 ** min(failures, 20)
            )
            log.warning("the analysis of a study failed")
        return True

    def _analyze(self, claim: Claim, analyzer: StudyAnalyzer, cancel: CancelToken) -> None:
        files = self._inbox.files(claim.study_uid)
        if not files:
            raise ExportError("the images of this study are not there any more")
        study = analyzer.analyze(files, cancel)
        if not self._worklist.analyzed(claim, study.summary):
            return
        folder = self.results_of(claim.study_uid)
        make_private(folder)
        objects = study.write(folder, self._worklist.analyzed_at)
        self._worklist.written(claim, objects)

    def hand_over(self, outbox: Outbox) -> int:
        """Put the results that are on disk into the outbox; of how many studies.

        Results that were replaced and not sent are taken out of it. Doing it again changes nothing.

        Raises
        ------
        ExportError
            If the outbox cannot be used; what was not handed over is tried the next time.
        """
        claims = self._worklist.to_hand_over()
        for claim in claims:
            folder = self.results_of(claim.study_uid)
            objects = self._worklist.objects(claim.study_uid)
            replaced = self._worklist.objects(claim.study_uid, current=False)
            outbox.withdraw([item.sop_uid for item in replaced])
            if not all((folder / item.name).is_file() for item in objects):
                log.error("results are not there any more; they are made again")
                self._worklist.write_again(claim)
                continue
            for item in objects:
                # The outbox does not know any more what was delivered long ago.
                wanting = [
                    name for name in self._send_to if not self._worklist.was_delivered(item.sop_uid, name)
                ]
                if wanting:
                    outbox.add(folder / item.name, wanting, again=False)
            if self._worklist.holds(claim):
                # Before it is noted: who dies in between does it again.
                self._tidy(folder, {item.name for item in objects})
            self._worklist.handed_over(claim, to_be_sent=bool(objects and self._send_to))
        return len(claims)

    def note_deliveries(self, outbox: Outbox) -> None:
        """Note for each study what became of the sending of its results."""
        for study_uid in self._worklist.sending():
            wanted = [
                outbox.latest(item.sop_uid, name)
                for item in self._worklist.objects(study_uid)
                for name in self._send_to
                if not self._worklist.was_delivered(item.sop_uid, name)
            ]
            complete = all(item is not None and item.state is State.SENT for item in wanted)
            errors = [f"{item.destination}: {item.last_error}" for item in wanted if item and item.last_error]
            self._worklist.delivery(study_uid, complete=complete, error=errors[0] if errors else "")

    def forget_sent(self, outbox: Outbox, time_s: float) -> int:
        """Take some of what was delivered before a time (seconds since 1970) out of the outbox; how many objects.

        The worklist remembers first that they were, so that nothing is sent again when a study comes again.
        """
        items = outbox.sent_before(time_s, _FORGET_AT_A_TIME)
        self._worklist.note_delivered([(item.sop_uid, item.destination) for item in items])
        return outbox.forget_sent(items)

    def results_of(self, study_uid: str) -> Path:
        """Where the results of a study lie."""
        return self._results / study_key(study_uid)

    def _tidy(self, folder: Path, names: set[str]) -> None:
        """Delete the files of results that were replaced."""
        if folder.is_dir():
            for path in folder.iterdir():
                if path.name not in names:
                    path.unlink(missing_ok=True)
