"""The dialog in which a source is entered: fields that are checked as one types, and a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.settings_page import Field, add_field, form
from ichviewer.ui.dialogs.settings_storage import AskFolder
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import sentence
from ichviewer.ui.session.workers import Task
from ichviewer.ui.sources.buttons import button
from ichviewer.ui.sources.source_draft import FIELDS, ON, Control, SourceDraft, SourceField, SourceKind
from ichviewer.ui.sources.sources_control import SourcesControl

_SIZE_PX = (620, 700)
_LOW_PX = 320
_KEYRING = tr("Passwords and tokens go into the system's keyring and nowhere else.")
_READABLE = tr("Without https, the password or token crosses the network readable for everybody on the way.")

AskFiles = Callable[[QWidget, Path, Callable[[Sequence[Path]], None]], object]
"""Lets a person choose files (`ichviewer.ui.app.choosing.choose_files`)."""


class SourceEditor(DialogFrame):
    """Enters a source, new or changed.

    Parameters
    ----------
    draft : SourceDraft
        What stands in the fields at first.
    control : SourcesControl
        Tests what is entered.
    other_names : sequence of str
        Names of the other sources.
    ask_folder, ask_files : callable
        Open the dialogs for paths.
    parent : QWidget or None

    Signals
    -------
    entered(Peer, str)
        A source that can be used, and a password or token, empty where none was entered.
    """

    entered = Signal(object, str)

    def __init__(
        self,
        draft: SourceDraft,
        control: SourcesControl,
        other_names: Sequence[str],
        *,
        ask_folder: AskFolder,
        ask_files: AskFiles,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            words_of(draft.kind.value),
            draft["name"] or tr("New {kind}").format(kind=_small(draft.kind)),
            parent,
        )
        self._kind, self._control, self._others = draft.kind, control, tuple(other_names)
        self._ask_folder, self._ask_files = ask_folder, ask_files
        self._task: Task | None = None
        self._touched: set[str] = set()
        self._groups: list[tuple[PlainLabel, list[str]]] = []
        self.fields: dict[str, Field] = {}
        self.controls: dict[str, QLineEdit | Choice[str]] = {}
        self._build(draft)
        self.ask(tr("Save"))
        self.finished.connect(self._drop_test)
        self._refresh()
        height = _LOW_PX if draft.kind is SourceKind.FOLDER else _SIZE_PX[1]
        self.fit(text_size().px(_SIZE_PX[0]), text_size().px(height))

    @property
    def draft(self) -> SourceDraft:
        """What stands in the fields."""
        return SourceDraft(self._kind, {key: _value(control) for key, control in self.controls.items()})

    def test(self) -> None:
        """Ask the source for a sign of life."""
        if self._task is not None or not self._usable():
            return
        draft = self.draft
        self._say(tr("Asking…"), "muted")
        self._task = self._control.test(
            draft.peer(),
            draft["secret"],
            on_answer=lambda words: self._tested(words, ""),
            on_refusal=lambda words: self._tested(words, "danger"),
            on_cancelled=lambda: self._tested(tr("The test was cancelled."), "muted"),
        )
        self._refresh()

    def cancel_test(self) -> None:
        """Stop asking."""
        if self._task is not None:
            self._task.cancel()

    def accept(self) -> None:
        """Tell the source and close, unless a field cannot be used."""
        if self._usable():
            draft = self.draft
            self.entered.emit(draft.peer(), draft["secret"] if draft.in_use("secret") else "")
            super().accept()

    def _build(self, draft: SourceDraft) -> None:
        rows = self._rows = form()
        for spec in FIELDS[draft.kind]:
            if spec.group:
                heading = PlainLabel(spec.group, "group")
                rows.addRow(heading)
                self._groups.append((heading, []))
            if self._groups:
                self._groups[-1][1].append(spec.key)
            self._add(rows, spec, draft[spec.key])
        page = QWidget()
        page.setLayout(rows)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        self.content.addWidget(area, 1)
        self.answer = wrapped("")
        self.test_button = button(tr("Test"), tr("Ask the source for a sign of life"), self.test)
        self.stop_button = button(tr("Stop"), tr("Stop asking"), self.cancel_test)
        across = QHBoxLayout()
        across.addWidget(self.test_button)
        across.addWidget(self.stop_button)
        across.addWidget(self.answer, 1)
        if draft.kind is not SourceKind.FOLDER:
            self.content.addLayout(across)
        self.secrecy = wrapped("", "muted")
        if draft.kind is SourceKind.WEB:
            self.content.addWidget(self.secrecy)

    def _add(self, rows: QFormLayout, spec: SourceField, value: str) -> None:
        key, row = spec.key, None
        control: QLineEdit | Choice[str]
        if spec.control in (Control.SWITCH, Control.CHOICE):
            control = Choice(spec.words, spec.choices or {"": tr("No"), ON: tr("Yes")})
            control.set_value(value)
            control.currentIndexChanged.connect(lambda _: self._edited(key))
        else:
            control = QLineEdit(value)
            control.setPlaceholderText(spec.hint)
            if spec.control is Control.SECRET:
                control.setEchoMode(QLineEdit.EchoMode.Password)
            control.textEdited.connect(lambda _: self._edited(key))
            if spec.control in (Control.FILE, Control.FOLDER):
                row = self._with_choosing(control, spec)
        self.controls[key] = control
        self.fields[key] = Field(spec.words, control, row)
        add_field(rows, self.fields[key])

    def _with_choosing(self, line: QLineEdit, spec: SourceField) -> QWidget:
        def take(path: Path) -> None:
            line.setText(str(path))
            self._edited(spec.key)

        def choose() -> None:
            start = Path(line.text()).parent if line.text() else Path.home()
            if spec.control is Control.FOLDER:
                self._ask_folder(self, start, take)
            else:
                self._ask_files(self, start, lambda paths: take(paths[0]))

        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(line, 1)
        across.addWidget(button(tr("Choose…"), tr("Choose: {words}").format(words=spec.words), choose))
        return row

    def _edited(self, key: str) -> None:
        self._touched.add(key)
        self._say("", "")
        self.cancel_test()
        self._refresh()

    def _refresh(self) -> None:
        """Say what is wrong with what was entered so far, and show what means something."""
        draft = self.draft
        wrong = draft.complaints(self._others)
        for key, field in self.fields.items():
            self._rows.setRowVisible(field.box, draft.in_use(key))
            # What nobody came to yet is not complained of.
            field.complain(wrong.get(key, "") if key in self._touched else "")
        for heading, keys in self._groups:
            self._rows.setRowVisible(heading, any(draft.in_use(key) for key in keys))
        readable = draft.in_use("secret") and draft["url"].startswith("http:")
        self.secrecy.setText(_READABLE if readable else _KEYRING)
        self.secrecy.set_role("warning" if readable else "muted")
        self.test_button.setEnabled(self._task is None)
        self.stop_button.setEnabled(self._task is not None)

    def _usable(self) -> bool:
        """Whether all fields can be used; if not, go to the first that cannot."""
        wrong = self.draft.complaints(self._others)
        self._touched |= set(wrong)
        self._refresh()
        first = next((key for key in self.controls if key in wrong), None)
        if first is not None:
            self.controls[first].setFocus(Qt.FocusReason.OtherFocusReason)
        return first is None

    def _tested(self, words: str, role: str) -> None:
        self._task = None
        self._say(sentence(words), role)
        self._refresh()

    def _drop_test(self) -> None:
        if self._task is not None:
            self._task.drop()

    def _say(self, words: str, role: str) -> None:
        self.answer.setText(words)
        self.answer.set_role(role)


def _value(control: QLineEdit | Choice[str]) -> str:
    return control.text() if isinstance(control, QLineEdit) else str(control.value())


def _small(kind: SourceKind) -> str:
    return words_of(kind.value) if kind is not SourceKind.FOLDER else tr("folder")
