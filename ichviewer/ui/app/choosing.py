"""Dialogs that ask for a folder, files or a place to write to. None of them blocks the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from ichviewer.ui.look.language import tr

_FORMS = {"csv": tr("Comma-separated values (*.csv)"), "json": "JSON (*.json)"}
_HISTORY = ("FileDialog/history", "FileDialog/lastVisited")


def choose_folder(
    parent: QWidget, start: Path, chosen: Callable[[Path], None], *, title: str = tr("Open folder")
) -> QFileDialog:
    """Ask for a folder."""
    dialog = _dialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, False)
    dialog.fileSelected.connect(lambda text: chosen(Path(text)))
    dialog.open()
    return dialog


def choose_files(
    parent: QWidget, start: Path, chosen: Callable[[Sequence[Path]], None], *, title: str = tr("Open files")
) -> QFileDialog:
    """Ask for files; DICOM files often have no extension, so all are listed."""
    dialog = _dialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda texts: chosen([Path(text) for text in texts]))
    dialog.open()
    return dialog


def choose_model(parent: QWidget, start: Path, chosen: Callable[[Path], None]) -> QFileDialog:
    """Ask for a model."""
    dialog = _dialog(parent, tr("Open model"), start)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([tr("Keras models with a model.json beside them (*.keras)")])
    dialog.fileSelected.connect(lambda text: chosen(Path(text)))
    dialog.open()
    return dialog


def choose_csv(
    parent: QWidget, proposed: Path, chosen: Callable[[Path], None], *, title: str = tr("Export findings")
) -> QFileDialog:
    """Ask where a CSV shall be written."""
    return choose_target(parent, title, tr("Comma-separated values (*.csv)"), proposed, chosen)


def choose_annotations(parent: QWidget, proposed: Path, chosen: Callable[[Path], None]) -> QFileDialog:
    """Ask where annotations shall be written, as the suffix of what is proposed says."""
    kind = _FORMS[proposed.suffix.removeprefix(".")]
    return choose_target(parent, tr("Export measurements"), kind, proposed, chosen)


def choose_target(
    parent: QWidget, title: str, kind: str, proposed: Path, chosen: Callable[[Path], None]
) -> QFileDialog:
    """Ask where a file shall be written.

    Parameters
    ----------
    parent : QWidget
    title : str
    kind : str
        What such files are called, with the pattern of their names, such as ``PDF (*.pdf)``.
    proposed : Path
        Its suffix is that of the file.
    chosen : callable
    """
    dialog = _dialog(parent, title, proposed.parent)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([kind])
    dialog.setDefaultSuffix(proposed.suffix.removeprefix("."))
    dialog.selectFile(proposed.name)
    dialog.fileSelected.connect(lambda text: chosen(Path(text)))
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, start: Path) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(start))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _leave_no_history(dialog)
    return dialog


def _leave_no_history(dialog: QFileDialog) -> None:
    """Undo what Qt's own dialog does at its end: remember the folders it showed where all programs may read them.

    Their names may be those of patients. We remember folders ourselves, where the user wants it (`UiSettings`).
    """
    before = {name: _shared_settings().value(name) for name in _HISTORY}

    def restore() -> None:
        store = _shared_settings()
        for name, value in before.items():
            if value is None:
                store.remove(name)
            else:
                store.setValue(name, value)
        store.sync()

    dialog.destroyed.connect(restore)


def _shared_settings() -> QSettings:
    return QSettings(QSettings.Scope.UserScope, "QtProject")
