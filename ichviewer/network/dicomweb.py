# ruff: noqa: PLC0415 - the client and HTTP are loaded only when a person asks for something over the network
"""A DICOMweb server as a source of studies: QIDO-RS, WADO-RS and STOW-RS (PS3.18), through `dicomweb_client`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ichviewer.errors import NetworkError, ReadError, SettingsError
from ichviewer.network.object_identity import sop_uid_of
from ichviewer.network.peers import Peer, WebAuthorization, WebServer
from ichviewer.network.query import SeriesAnswer, StudyAnswer, StudyQuery
from ichviewer.network.secrets import Secret, Secrets
from ichviewer.network.source import OnListed, Receiver, Retrieved, SendOutcome, SendResult, unheard
from ichviewer.network.web_answers import (
    SERIES_FIELDS,
    STUDY_FIELDS,
    search_filters,
    series_answer,
    study_answer,
)
from ichviewer.progress import CancelToken, Progress

if TYPE_CHECKING:
    from ichviewer.network.http_session import Bounds
    from ichviewer.network.web_line import Line, Pace

_PAGE = 100

_Answer = TypeVar("_Answer", StudyAnswer, SeriesAnswer)


def secret_name(server: WebServer) -> str:
    """The name of a server's password or token in `Secrets`.

    It holds the address, so that what was given for one server is never sent to another.
    """
    who = server.user if server.authorization is WebAuthorization.BASIC else "token"
    return f"{who} at {server.url}"


def unused_secret(gone: Peer, left: Iterable[Peer]) -> str | None:
    """The name of the secret that a source logged in with and none of those that are left does."""
    gone_name, *names = (
        secret_name(peer)
        if isinstance(peer, WebServer) and peer.authorization is not WebAuthorization.NONE
        else None
        for peer in (gone, *left)
    )
    return None if gone_name in names else gone_name


class WebSource:
    """A `Source` that speaks DICOMweb. May be used from any thread.

    Parameters
    ----------
    server : WebServer
    secrets : Secrets
        Where the password or token lies, under `secret_name`.
    bounds : Bounds, optional
        How much of an answer is taken into memory.
    pace : Pace, optional
        How often a busy server, or a line that broke, is tried again.
    """

    def __init__(
        self,
        server: WebServer,
        secrets: Secrets,
        *,
        bounds: Bounds | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.server = server
        self._secrets = secrets
        self._bounds = bounds
        self._pace = pace

    def check(self, cancel: CancelToken) -> str:
        """Ask for one study, whichever.

        Raises
        ------
        NetworkError
            Which side refuses, and why.
        SettingsError
            If the password or token is missing here.
        Cancelled
        """
        with self._json_line(cancel) as line, line.speaking():
            found = line.client.search_for_studies(limit=1)
            self._checked(found)
        plain = "" if self.server.url.lower().startswith("https:") else " The connection is not encrypted."
        return f"The server answers, and lets us search (QIDO-RS).{plain}"

    def find_studies(self, query: StudyQuery, cancel: CancelToken) -> Iterator[StudyAnswer]:
        """Studies page by page.

        A name without a wildcard is asked for with fuzzy matching, which servers without it ignore or refuse; those
        that refuse are asked without.

        Raises
        ------
        NetworkError, SettingsError, Cancelled
        """
        fuzzy = True if query.patient_name and not set(query.patient_name) & set("*?") else None

        def page(line: Line, limit: int, offset: int) -> list[Mapping[str, Any]]:
            nonlocal fuzzy
            try:
                return self._page_of_studies(line, query, limit, offset, fuzzy)
            except NetworkError as error:
                # Whatever it dislikes: without, it is a plain query.
                if not fuzzy or error.may_retry or offset:
                    raise
                fuzzy = None
                return self._page_of_studies(line, query, limit, offset, fuzzy)

        return self._pages(page, study_answer, lambda answer: answer.study.uid, query.limit, cancel)

    def find_series(self, study_uid: str, cancel: CancelToken) -> Iterator[SeriesAnswer]:
        """Series of a study page by page.

        Raises
        ------
        NetworkError, SettingsError, Cancelled
        """

        def page(line: Line, limit: int, offset: int) -> list[Mapping[str, Any]]:
            with line.speaking():
                return self._checked(
                    line.client.search_for_series(study_uid, limit=limit, offset=offset, fields=SERIES_FIELDS)
                )

        return self._pages(
            page,
            lambda found: series_answer(found, study_uid),
            lambda answer: answer.series_uid,
            10_000,
            cancel,
        )

    def retrieve(
        self,
        study_uid: str,
        series_uid: str | None,
        into: Receiver,
        progress: Progress,
        cancel: CancelToken,
        *,
        on_listed: OnListed = unheard,
    ) -> Retrieved:
        """Fetch a study, or one series of it; see `Source.retrieve`.

        Raises
        ------
        NetworkError, SettingsError, ExportError, Cancelled
        """
        from ichviewer.network.web_line import Pace
        from ichviewer.network.web_retrieval import Retrieval

        if series_uid is None:
            series = list(self.find_series(study_uid, cancel))
            if not series:
                raise NetworkError("the server has no study of this UID", str(self.server), study_uid)
        else:
            series = [SeriesAnswer(study_uid, series_uid)]
        return Retrieval(self._line, str(self.server), into, self._pace or Pace(), on_listed).run(
            series, progress, cancel
        )

    def send(self, files: Sequence[Path], progress: Progress, cancel: CancelToken) -> Iterator[SendResult]:
        """Send files one by one, so that one that is refused costs no other; see `Source.send`.

        Raises
        ------
        SettingsError, Cancelled
        """
        from ichviewer.network.web_words import BusyError, UnreachableError

        away: BusyError | UnreachableError | None = None
        with self._json_line(cancel) as line:
            for done, path in enumerate(files):
                cancel.check()
                progress(done, len(files), "sending")
                try:
                    sop_uid = sop_uid_of(path)
                except ReadError as error:
                    yield SendResult(path, "", SendOutcome.REFUSED, f"this side cannot send it: {error}")
                    continue
                if away is None:
                    try:
                        yield self._send_one(line, path, sop_uid, cancel)
                        continue
                    except (BusyError, UnreachableError) as error:
                        # It would be the same for each of the others, after as long a wait.
                        away = error
                wait_s = away.retry_after_s if isinstance(away, BusyError) else None
                yield SendResult(path, sop_uid, SendOutcome.FAILED, str(away), wait_s)
            progress(len(files), len(files), "sending")

    def _send_one(self, line: Line, path: Path, sop_uid: str, cancel: CancelToken) -> SendResult:
        from ichviewer.network.web_line import Pace, patiently
        from ichviewer.network.web_store import store

        return patiently(lambda: store(line, path, sop_uid), self._pace or Pace(), cancel)

    def _page_of_studies(
        self, line: Line, query: StudyQuery, limit: int, offset: int, fuzzy: bool | None
    ) -> list[Mapping[str, Any]]:
        with line.speaking():
            return self._checked(
                line.client.search_for_studies(
                    fuzzymatching=fuzzy,
                    limit=limit,
                    offset=offset,
                    fields=STUDY_FIELDS,
                    search_filters=search_filters(query),
                )
            )

    def _pages(
        self,
        page: Callable[[Line, int, int], list[Mapping[str, Any]]],
        answer_of: Callable[[Mapping[str, Any]], _Answer | None],
        key_of: Callable[[_Answer], str],
        most: int,
        cancel: CancelToken,
    ) -> Iterator[_Answer]:
        """Answers of one page after the other, each once, until the server has no more."""
        from ichviewer.network.web_line import Pace, patiently

        seen: set[str] = set()
        offset = 0
        with self._json_line(cancel) as line:
            while True:
                limit = min(_PAGE, most - len(seen))
                found = patiently(lambda: page(line, limit, offset), self._pace or Pace(), cancel)  # noqa: B023
                offset += len(found)
                new = 0
                for answer in map(answer_of, found):
                    if answer is None or key_of(answer) in seen:
                        continue
                    seen.add(key_of(answer))
                    new += 1
                    yield answer
                    cancel.check()
                    if len(seen) >= most:
                        return
                # A server may give less than asked for and warn that there is more; one that knows no offset gives
                # the same again.
                if not new or (len(found) < limit and not line.session.warned):
                    return

    def _checked(self, found: object) -> list[Mapping[str, Any]]:
        """An answer, which must be a list of data sets.

        Raises
        ------
        NetworkError
        """
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise NetworkError("the server's answer is no list of studies or series", str(self.server))
        return found

    def _json_line(self, cancel: CancelToken) -> Line:
        from ichviewer.network.http_session import JSON

        return self._line(JSON, cancel)

    def _line(self, accept: str, cancel: CancelToken) -> Line:
        from ichviewer.network.http_session import Bounds
        from ichviewer.network.web_line import Line

        return Line(self.server, self._secret(cancel), self._bounds or Bounds(), accept, cancel)

    def _secret(self, cancel: CancelToken) -> Secret | None:
        if self.server.authorization is WebAuthorization.NONE:
            return None
        secret = self._secrets.find(secret_name(self.server), cancel)
        if secret is None:
            what = "password" if self.server.authorization is WebAuthorization.BASIC else "token"
            raise SettingsError(f"the {what} is not known; enter it again", str(self.server))
        return secret
