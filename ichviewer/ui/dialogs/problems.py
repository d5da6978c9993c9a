"""The list of everything that was repaired, doubted or left out, to read and to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPlainTextEdit, QWidget

from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.input_problems import SEVERITY_WORDS, ProblemRow, severity_count
from ichviewer.ui.dialogs.problem_table import ProblemTable, ProblemView
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.look.words import joined, sentence

_NONE = tr("Nothing was repaired, doubted or left out.")
_DETAIL_LINES = 4


class ProblemsDialog(DialogFrame):
    """Shows all problems in whole sentences, sorts and filters them, copies them."""

    def __init__(self, rows: Sequence[ProblemRow], parent: QWidget | None = None) -> None:
        super().__init__(tr("Problems of the input"), tr("Problems of the input"), parent)
        self.setSizeGripEnabled(True)
        self.table = ProblemTable(rows)
        self._counts = wrapped("", "muted")
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(tr("Filter by a word"))
        self._filter.setAccessibleName(tr("Filter by a word"))
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._show_filtered)
        self.view = ProblemView(self.table)
        self._detail = QPlainTextEdit()
        self._detail.setReadOnly(True)
        self._detail.setTabChangesFocus(True)
        self._detail.setAccessibleName(tr("The selected problems in full"))
        self._detail.setPlaceholderText(tr("Select a problem to read and copy all of it."))
        self._detail.setFixedHeight(self.fontMetrics().lineSpacing() * _DETAIL_LINES + 18)
        self.view.selectionModel().selectionChanged.connect(self._show_selected)
        self.table.modelReset.connect(self._show_selected)
        self.content.addWidget(self._counts)
        self.content.addWidget(self._filter)
        self.content.addWidget(self.view if rows else wrapped(_NONE), 1)
        self.content.addWidget(self._detail)
        for widget in (self._counts, self._filter, self.view, self._detail):
            widget.setVisible(bool(rows))
        self._copy = self.buttons.addButton(tr("Copy all"), QDialogButtonBox.ButtonRole.ActionRole)
        self._copy.setIcon(icon("copy"))
        self._copy.setEnabled(bool(rows))
        self._copy.setAutoDefault(False)
        set_tip(self._copy, tr("Copy every problem that is listed, one a line"))
        self._copy.clicked.connect(self.copy)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.copy_selected)
        self._show_filtered()
        if rows:
            self.fit(1000, 620)
            self._filter.setFocus()

    @property
    def counts(self) -> str:
        """How many there are of each severity."""
        return self._counts.text()

    @property
    def detail(self) -> str:
        """The selected problems in full."""
        return self._detail.toPlainText()

    def filter_by(self, word: str) -> None:
        """List only the problems with a word in them."""
        self._filter.setText(word)

    def copy(self) -> None:
        """Put the problems that are listed on the clipboard, one a line."""
        QGuiApplication.clipboard().setText("\n".join(row.line() for row in self.table.listed))

    def copy_selected(self) -> None:
        """Put the selected problems on the clipboard, one a line."""
        QGuiApplication.clipboard().setText("\n".join(row.line() for row in self.view.selected()))

    def _show_filtered(self) -> None:
        self.table.set_filter(self._filter.text())
        rows = self.table.rows
        numbers = ", ".join(
            severity_count(severity, sum(row.problem.severity is severity for row in rows))
            for severity in SEVERITY_WORDS
        )
        listed = (
            ""
            if len(self.table.listed) == len(rows)
            else tr(" {listed:,} of them listed.").format(listed=len(self.table.listed))
        )
        self._counts.setText(
            tr("{numbers}.{listed} The CSV names the same problems in its column “note”.").format(
                numbers=numbers, listed=listed
            )
        )
        self._copy.setEnabled(bool(self.table.listed))

    def _show_selected(self) -> None:
        blocks = []
        for row in self.view.selected():
            head = joined((sentence(row.severity), row.patient, row.series))
            blocks.append("\n".join(part for part in (head, f"{row.what}.", row.where) if part))
        self._detail.setPlainText("\n\n".join(blocks))
