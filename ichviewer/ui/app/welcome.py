"""The empty window of a new user and of a new version: first steps, and what changed. Neither stops anybody."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ichviewer import __version__
from ichviewer.disclaimer import DISCLAIMER
from ichviewer.services.changelog import Version
from ichviewer.ui.app.help_dialogs import HelpDialogs
from ichviewer.ui.app.key_editor import KeyEditor
from ichviewer.ui.look.key_names import called
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.panes.welcome_words import WelcomeWords
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.ui_settings import UiSettings


class Welcome(QObject):
    """Decides what the empty window says below its buttons.

    On the first run, until something has been opened, it explains what to do. When a version runs for the first time,
    it offers what is new, until that was seen or refused.

    Parameters
    ----------
    settings : UiSettings
    session : Session
    keys : KeyEditor
    help : HelpDialogs
    words : WelcomeWords
        Where it is said.
    """

    def __init__(
        self,
        settings: UiSettings,
        session: Session,
        keys: KeyEditor,
        help: HelpDialogs,
        words: WelcomeWords,
    ) -> None:
        super().__init__(words)
        self._settings, self._keys, self._help, self._words = settings, keys, help, words
        self._version = Version.of(__version__)
        session.catalogChanged.connect(
            lambda catalog, complete: self._opened(bool(catalog.series) and complete)
        )
        keys.changed.connect(lambda _: self.refresh())
        words.newsRequested.connect(self._show_news)
        words.newsDismissed.connect(self._seen)
        self.refresh()

    def refresh(self) -> None:
        """Say what is to be said now."""
        known = self._settings.version_seen
        is_news = self._settings.introduced and (known is None or known < self._version)
        self._words.set_steps(() if self._settings.introduced else self._first_steps())
        self._words.set_news(
            tr("What's new in ichviewer {version}").format(version=self._version) if is_news else ""
        )

    def _first_steps(self) -> tuple[str, ...]:
        def key(command: str) -> str:
            return called(self._keys.keys.keys(command)[:1])

        flagged, keys = key("go.next_flagged"), key("help.keys")
        go = tr(" {flagged} goes to the next flagged slice.").format(flagged=flagged) if flagged else ""
        sheet = (
            tr("{keys} lists all keys and what the mouse does.").format(keys=keys)
            if keys
            else tr("Help lists all keys.")
        )
        return (
            tr("Open a folder of a CT study, or try the demo studies: synthetic heads of nobody."),
            tr("The slices are analyzed by themselves while you read.{go}").format(go=go),
            tr(
                "The probabilities are those of a model that misses bleeds and flags what is none. "
                "{disclaimer}"
            ).format(disclaimer=words_of(DISCLAIMER)),
            sheet,
        )

    def _opened(self, any_series: bool) -> None:
        if any_series and not self._settings.introduced:
            self._settings.introduce()
            # All of it is new to a new user, so none of it is news.
            self._seen()

    def _show_news(self) -> None:
        self._help.show_news()
        self._seen()

    def _seen(self) -> None:
        self._settings.version_seen = self._version
        self.refresh()
