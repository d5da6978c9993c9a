"""Names of keys: how they are stored (Qt's portable text), what people call them, and which one was pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from ichviewer.ui.look.language import marked, tr, words_of

_ARROWS = ("Down", "Right", "Up", "Left")
_CALLED = {"PgDown": marked("Page Down"), "PgUp": marked("Page Up")}
"""What people call a key, where it is not Qt's name."""

_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_Super_L,
    Qt.Key.Key_Super_R,
    Qt.Key.Key_Hyper_L,
    Qt.Key.Key_Hyper_R,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_ScrollLock,
}
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText


def canonical(text: str) -> str:
    """One key with its modifiers, as Qt writes it in every language, such as ``Ctrl+Shift+O`` or ``PgDown``.

    Raises
    ------
    ValueError
        If it is no key, or several in a row.
    """
    sequence = QKeySequence.fromString(text, _PORTABLE)
    written = sequence.toString(_PORTABLE)
    if sequence.count() != 1 or not written:
        raise ValueError(f"a key must be one that Qt knows, such as Ctrl+O. Received: {text!r}")
    return written


def native(key: str) -> str:
    """A key as the platform writes it."""
    return QKeySequence.fromString(key, _PORTABLE).toString(_NATIVE)


def called(keys: Sequence[str], *, portable: bool = False) -> str:
    """What people call some keys: ``N, P``; all four arrows are ``arrow keys``.

    Parameters
    ----------
    keys : sequence of str
    portable : bool
        The same words on every platform, for documents.
    """
    words: list[str] = []
    arrows = set(_ARROWS) <= set(keys)
    for key in keys:
        word = words_of(_CALLED.get(key, "")) or (key if portable else native(key))
        if arrows and key in _ARROWS:
            word = tr("arrow keys")
        if word not in words:
            words.append(word)
    return ", ".join(words)


def pressed(event: QKeyEvent) -> str:
    """The key that went down, with its modifiers; empty while only modifiers are held.

    Shift does not count where the symbol that it makes is the key: ``?`` is not ``Shift+?``.
    """
    key = Qt.Key(event.key())
    if key in _MODIFIERS or key is Qt.Key.Key_unknown:
        return ""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    symbol = event.text()[:1]
    if symbol.isprintable() and symbol and not symbol.isalnum() and not symbol.isspace():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(QKeyCombination(modifiers, key)).toString(_PORTABLE)
