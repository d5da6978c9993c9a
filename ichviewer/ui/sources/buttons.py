"""Buttons and fields that several of this room's dialogs have."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import set_tip


def button(words: str, tip: str, pressed: Callable[[], object]) -> QPushButton:
    """A button that Enter in a field does not press."""
    made = QPushButton(words)
    made.setAutoDefault(False)
    made.setAccessibleName(tip)
    set_tip(made, tip)
    # Qt's own argument, whether it is checked, is not for who listens.
    made.clicked.connect(lambda _=False: pressed())
    return made


def opening_choice(*, beside: bool) -> Choice[bool]:
    """Whether a study is opened beside what is open, True, or alone, in place of it."""
    choice = Choice(tr("How it is opened"), {False: tr("Alone"), True: tr("Beside others")})
    choice.set_value(beside)
    return choice
