"""What was repaired, doubted or lost in a series, in words with an icon each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ichviewer.domain.problems import Problem, ProblemCode, Severity
from ichviewer.ui.dialogs.input_problems import SEVERITY_WORDS
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.theme import theme_signals
from ichviewer.ui.look.words import problem_words, sentence

_ICON_PX = 16
_LOOKS = {
    Severity.ERROR: ("error", "danger"),
    Severity.WARNING: ("warning", "warning"),
    Severity.INFO: ("info", "muted"),
}
_ORDER = tuple(_LOOKS)


@dataclass(frozen=True)
class ProblemGroup:
    """All problems of one kind in a series."""

    code: ProblemCode
    problems: tuple[Problem, ...]

    @property
    def severity(self) -> Severity:
        """How much they take away from the result."""
        return self.problems[0].severity

    @property
    def text(self) -> str:
        """What kind it is, what was found if that is one thing, and how often."""
        found = {p.found for p in self.problems if p.found}
        text = sentence(words_of(self.problems[0].text))
        if len(found) == 1:
            text += f" ({one_line(words_of(found.pop()))})"
        return (
            text
            if len(self.problems) == 1
            else tr("{text}, {problems} times").format(text=text, problems=len(self.problems))
        )

    @property
    def where(self) -> str:
        """Where they were found, a line each, the first ones only."""
        lines = [one_line(f"{p.where}: {problem_words(p)}") for p in self.problems[:12]]
        rest = len(self.problems) - len(lines)
        return "\n".join([*lines, tr("and {rest} more").format(rest=rest)] if rest else lines)


def grouped(problems: Iterable[Problem]) -> tuple[ProblemGroup, ...]:
    """Problems by kind, the worst kind first, else in the order they were found."""
    kinds: dict[ProblemCode, dict[Problem, None]] = {}
    for problem in problems:
        kinds.setdefault(problem.code, {})[problem] = None
    groups = [ProblemGroup(code, tuple(found)) for code, found in kinds.items()]
    return tuple(sorted(groups, key=lambda g: _ORDER.index(g.severity)))


class ProblemList(QWidget):
    """A line a kind of problem; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Problems of this series"))
        self._groups: tuple[ProblemGroup, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 0, 12, 10)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        theme_signals().changed.connect(self._build)

    @property
    def groups(self) -> tuple[ProblemGroup, ...]:
        """What is shown."""
        return self._groups

    def set_problems(self, problems: Iterable[Problem]) -> None:
        """Show problems, grouped by kind."""
        groups = grouped(problems)
        if groups != self._groups:
            self._groups = groups
            self._build()

    def _build(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, group in enumerate(self._groups):
            name, color = _LOOKS[group.severity]
            sign = PlainLabel()
            sign.setPixmap(icon(name, color).pixmap(QSize(_ICON_PX, _ICON_PX), self.devicePixelRatioF()))
            sign.setAccessibleName(sentence(SEVERITY_WORDS[group.severity]))
            words = PlainLabel(group.text)
            words.setWordWrap(True)
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            if group.severity is Severity.INFO:
                words.setProperty("role", "muted")
            for widget in (sign, words):
                set_tip(widget, group.where)
            self._grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, row, 1)
        self.setAccessibleDescription(". ".join(g.text for g in self._groups))
