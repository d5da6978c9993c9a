"""Settings of the studies that were fetched: how much is kept, for how long, and clearing them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.dialogs.settings_page import Field, SettingsPage, add_field, form
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.words import counted
from ichviewer.ui.session.preferences import FETCHED_LIMITS_GB, Preferences
from ichviewer.ui.sources.buttons import button
from ichviewer.ui.sources.retrieval import CacheSize, Retrieval

if TYPE_CHECKING:
    from ichviewer.network.study_cache import Cleared


class CachePart(SettingsPage):
    """A part of the storage page.

    Parameters
    ----------
    retrieval : Retrieval
        Knows the cache.
    """

    def __init__(self, retrieval: Retrieval) -> None:
        super().__init__(tr("Fetched studies"))
        self._retrieval = retrieval
        self.content.setContentsMargins(0, 0, 0, 0)
        self.limit = QLineEdit()
        self.limit_field = Field(tr("Fetched studies kept, in GB"), self.limit)
        self.limit.textEdited.connect(lambda _: self.check())
        self.at_exit = Choice(tr("At exit"), {False: tr("Kept for the next time"), True: tr("Removed")})
        self.amount = wrapped("", "muted")
        self.clear = button(tr("Clear now"), tr("Remove all fetched studies that are not open"), self._clear)
        rows = form(narrow=True)
        add_field(rows, self.limit_field)
        add_field(rows, Field(tr("Fetched studies at exit"), self.at_exit))
        self.content.addLayout(rows)
        across = QHBoxLayout()
        across.addWidget(self.amount, 1)
        across.addWidget(self.clear)
        self.content.addLayout(across)
        self.state = wrapped("")
        self.protection = wrapped("", "muted")
        self.content.addWidget(self.state)
        self.content.addWidget(self.protection)
        retrieval.cacheSized.connect(self._show_size)
        retrieval.cacheCleared.connect(self._cleared)
        retrieval.cacheFailed.connect(self._failed)
        self._said = ""
        retrieval.ask_size()

    def load(self, preferences: Preferences) -> None:
        """Fill the fields."""
        self.limit.setText(str(preferences.fetched_limit_gb))
        self.at_exit.set_value(preferences.clear_fetched_at_exit)
        self.limit_field.complain("")

    def check(self) -> QWidget | None:
        """Refuse what is no number of GB."""
        wrong = self._limit_gb() not in FETCHED_LIMITS_GB
        self.limit_field.complain(tr("This is a whole number from 1 to 1000.") if wrong else "")
        return self.limit if wrong else None

    def save(self, preferences: Preferences) -> Preferences:
        """The preferences with what was entered."""
        return replace(
            preferences, fetched_limit_gb=self._limit_gb(), clear_fetched_at_exit=self.at_exit.value()
        )

    def _limit_gb(self) -> int:
        text = self.limit.text().strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0

    def _clear(self) -> None:
        self.clear.setEnabled(False)
        self._retrieval.clear_cache()

    def _show_size(self, size: CacheSize) -> None:
        # Imported with what it says, not with the window.
        from ichviewer.network.cache_key import KeyState  # noqa: PLC0415
        from ichviewer.network.study_cache import PROTECTION, PROTECTION_ENCRYPTED  # noqa: PLC0415

        words = f"{counted('study', 'studies', size.n_studies)}, {size.n_bytes / 1024**2:,.0f} MB."
        encrypted = size.state is KeyState.ENCRYPTED
        if encrypted and size.n_plain:
            words += tr(" Not encrypted before they are opened the next time: {n:,}.").format(n=size.n_plain)
        if size.n_unreadable:
            words += tr(" Their key is missing: {n:,}; these are fetched again, or cleared.").format(
                n=size.n_unreadable
            )
        self.state.setText(words_of(size.state.value))
        self.protection.setText(words_of(PROTECTION_ENCRYPTED if encrypted else PROTECTION))
        self.amount.setText(f"{self._said}{words}")
        self._said = ""
        self.clear.setEnabled(size.n_studies > 0)

    def _cleared(self, cleared: Cleared) -> None:
        left = (
            tr(" Left, because open: {n_in_use:,}.").format(n_in_use=cleared.n_in_use)
            if cleared.n_in_use
            else ""
        )
        self._said = tr("{n_removed:,} removed.{left} Now ").format(n_removed=cleared.n_removed, left=left)
        self._retrieval.ask_size()

    def _failed(self, why: str) -> None:
        self.amount.setText(why)
        self.clear.setEnabled(True)
