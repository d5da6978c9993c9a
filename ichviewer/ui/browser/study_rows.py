"""How the rows of the study browser are painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from ichviewer.domain.labels import TYPES
from ichviewer.domain.series import Series
from ichviewer.ui.browser.study_order import Summary, short_state_word, state_word
from ichviewer.ui.browser.study_tree import HEADING_PX, StudyTree
from ichviewer.ui.browser.thumbnails import SIDE_PX
from ichviewer.ui.browser.tree_rows import PatientRow, ResultRow, ResultState, SeriesRow, StudyRow
from ichviewer.ui.look.fonts import font, text_size
from ichviewer.ui.look.icons import icon_image, state_icon
from ichviewer.ui.look.language import words_of
from ichviewer.ui.look.theme import theme
from ichviewer.ui.look.words import (
    ABBREVIATIONS,
    patient_details,
    patient_name,
    result_title,
    series_details,
    series_title,
    study_title,
)

_MARGIN = 12
_STATE_ICON_PX = 14
_LEAST_WORDS_PX = 110


class StudyRowPainter(QStyledItemDelegate):
    """Paints patients, studies, series and stored results.

    Parameters
    ----------
    tree : StudyTree
    want_thumbnail : callable
        Told a series that is on screen and has no picture yet.
    parent : QWidget
    """

    def __init__(self, tree: StudyTree, want_thumbnail: Callable[[Series], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._tree = tree
        self._want_thumbnail = want_thumbnail

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one row."""
        row = self._tree.row_at(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if isinstance(row, SeriesRow):
            self._paint_ground(painter, area, state)
            self._paint_series(painter, area, row)
        elif isinstance(row, ResultRow):
            self._paint_ground(painter, area, state)
            _paint_result(painter, area, row)
        elif row is not None:
            view = option.widget
            is_open = isinstance(view, QTreeView) and view.isExpanded(index)
            if isinstance(row, StudyRow):
                _paint_study(painter, area, row, is_open)
            else:
                _paint_patient(painter, area, row, is_open, index.row() > 0)
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        colors = theme()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if not selected and not state & QStyle.StateFlag.State_MouseOver:
            return
        ground = QRectF(area).adjusted(5, 1, -5, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.selection if selected else colors.hover))
        painter.drawRoundedRect(ground, 6, 6)
        if selected:
            painter.setBrush(QColor(colors.accent))
            painter.drawRoundedRect(
                QRectF(ground.left(), ground.top() + 10, 3, ground.height() - 20), 1.5, 1.5
            )

    def _paint_series(self, painter: QPainter, area: QRect, row: SeriesRow) -> None:
        picture = QRect(area.left() + _MARGIN + 4, area.center().y() - SIDE_PX // 2, SIDE_PX, SIDE_PX)
        left = picture.right() + 12
        width = area.right() - left - _MARGIN
        colors = theme()
        px = text_size().px
        if width < px(_LEAST_WORDS_PX):
            # Large words in a narrow list: they say more than the picture.
            left = picture.left()
            width = area.right() - left - _MARGIN
        else:
            self._paint_picture(painter, picture, row)
        top = area.top() + (area.height() - px(56)) // 2
        _text(painter, QRect(left, top, width, px(18)), series_title(row.series), colors.text)
        details = QRect(left, top + px(19), width, px(16))
        _text(painter, details, series_details(row.series), colors.muted, 12)
        _paint_state(painter, QRect(left, top + px(37), width, px(18)), row)

    def _paint_picture(self, painter: QPainter, frame: QRect, row: SeriesRow) -> None:
        colors = theme()
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(frame), 5, 5)
        painter.save()
        painter.setClipPath(clip)
        painter.fillRect(frame, QColor(colors.image_background))
        if row.thumbnail is not None:
            size = row.thumbnail.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(frame.topLeft(), size)
            place.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, row.thumbnail)
        # Also where there is one: it was made of fewer slices if the series has grown since.
        self._want_thumbnail(row.series)
        painter.restore()
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)


def _paint_patient(painter: QPainter, area: QRect, row: PatientRow, is_open: bool, line: bool) -> None:
    colors = theme()
    if row.heading:
        _paint_heading(painter, area, row.heading)
        area = area.adjusted(0, text_size().px(HEADING_PX), 0, 0)
    elif line:
        painter.setPen(QColor(colors.border))
        painter.drawLine(area.left(), area.top(), area.right(), area.top())
    if row.in_view:
        painter.fillRect(QRect(area.left(), area.top() + 6, 3, area.height() - 12), QColor(colors.accent))
    chevron = "chevron-down" if is_open else "chevron-right"
    px = text_size().px
    name = QRect(0, area.top() + px(7), 0, px(19))
    _icon(painter, chevron, colors.muted, (area.left() + 8, _icon_top(name)), _STATE_ICON_PX)
    left = area.left() + 26
    width = area.right() - left - _MARGIN
    name = QRect(left, name.top(), width, name.height())
    _text(painter, name, patient_name(row.patient), colors.text, 14, bold=True)
    details = QRect(left, area.top() + px(26), width, px(16))
    _text(painter, details, patient_details(row.patient), colors.muted, 12)
    _paint_summary(painter, QRect(left, area.top() + px(43), width + _MARGIN - 4, px(16)), row.summary)


def _paint_heading(painter: QPainter, area: QRect, words: str) -> None:
    """The name of a group in the order of suspicion, above its first patient."""
    colors = theme()
    band = QRect(area.left(), area.top(), area.width(), text_size().px(HEADING_PX))
    painter.fillRect(band.adjusted(0, 4, 0, -2), QColor(colors.raised))
    _text(painter, band.adjusted(_MARGIN, 3, -_MARGIN, -1), words, colors.muted, 12, bold=True)


def _paint_summary(painter: QPainter, area: QRect, summary: Summary) -> None:
    """What the series below amount to, so that a closed row hides no flag."""
    left = area.left()
    for n, (words, color) in enumerate(parts_that_fit(summary, area.width())):
        if n:
            left += _text(painter, _from(area, left), " · ", theme().muted, 12)
        flagged = n == 0 and bool(summary.flagged)
        if flagged:
            color_of = getattr(theme(), color)
            _icon(painter, "state-flagged", color_of, (left, _icon_top(area)), _STATE_ICON_PX)
            left += _STATE_ICON_PX + 5
        left += _text(painter, _from(area, left), words, getattr(theme(), color), 12, bold=flagged)


def parts_that_fit(summary: Summary, width_px: int) -> tuple[tuple[str, str], ...]:
    """What is painted of a summary: the longest of its versions that has the room, else the shortest."""
    versions = summary.versions
    return next((v for v in versions if summary_width(v, summary) <= width_px), versions[-1])


def summary_width(parts: tuple[tuple[str, str], ...], summary: Summary) -> int:
    """The width of a summary in px, with its icon and what stands between the parts."""
    plain, bold = QFontMetrics(font(12)), QFontMetrics(font(12, bold=True))
    flagged = bool(summary.flagged)
    words = [(bold if flagged and n == 0 else plain).horizontalAdvance(w) for n, (w, _) in enumerate(parts)]
    between = (len(parts) - 1) * plain.horizontalAdvance(" · ")
    return sum(words) + between + (_STATE_ICON_PX + 5 if flagged else 0)


def _from(area: QRect, left: int) -> QRect:
    return QRect(left, area.top(), max(0, area.right() - left), area.height())


def _paint_study(painter: QPainter, area: QRect, row: StudyRow, is_open: bool) -> None:
    colors = theme()
    left = area.left() + _MARGIN + 4
    width = area.right() - left - _MARGIN
    info = row.study.info
    px = text_size().px
    _text(painter, QRect(left, area.top() + px(5), width, px(18)), study_title(info), colors.text, bold=True)
    second = QRect(left, area.top() + px(23), width, px(16))
    if not is_open:
        _paint_summary(painter, second, row.summary)
        return
    _text(painter, second, row.details, colors.muted, 12)


def _paint_result(painter: QPainter, area: QRect, row: ResultRow) -> None:
    colors = theme()
    left = area.left() + _MARGIN + 4
    px = text_size().px
    title = QRect(left + _STATE_ICON_PX + 7, area.top() + px(3), 0, px(18))
    title.setWidth(area.right() - title.left() - _MARGIN)
    marked = row.state is not ResultState.LISTED
    name = "state-done" if row.state is ResultState.SHOWN else "state-running" if marked else "result"
    color = colors.accent if marked else colors.muted
    _icon(painter, name, color, (left, _icon_top(title)), _STATE_ICON_PX)
    _text(painter, title, result_title(row.entry.stored), colors.text, 12)
    details = title.translated(0, px(18))
    _text(painter, details, row.details, colors.muted, 12)


def _paint_state(painter: QPainter, area: QRect, row: SeriesRow) -> None:
    colors = theme().muted_values() if row.result.outside else theme()
    name, color_name = state_icon(row.result.state, flagged=bool(row.result.flagged))
    if row.result.flagged and row.result.outside:
        color_name = "muted"
    color: str = getattr(colors, color_name)
    _icon(painter, name, color, (area.left(), _icon_top(area)), _STATE_ICON_PX)
    left = area.left() + _STATE_ICON_PX + 6
    room = area.right() - left
    word = state_word(row.result)
    if QFontMetrics(font(12)).horizontalAdvance(word) > room:
        word = short_state_word(row.result)
    used = _text(painter, QRect(left, area.top(), area.right() - left, area.height()), word, color, 12)
    left += used + 7
    types = [label for label in row.result.flagged if label in TYPES]
    for n, label in enumerate(types):
        last = n == len(types) - 1
        if left + _chip_width(words_of(ABBREVIATIONS[label])) > area.right() - (
            0 if last else _chip_width("+5")
        ):
            _chip(painter, left, area, f"+{len(types) - n}", colors.muted)
            return
        left = _chip(painter, left, area, words_of(ABBREVIATIONS[label]), colors.label_color(label))


def _chip_width(text: str) -> int:
    return QFontMetrics(font(9, bold=True)).horizontalAdvance(text) + 7


def _chip(painter: QPainter, left: int, area: QRect, text: str, color: str) -> int:
    """A small mark with a type's abbreviation on its color; returns where the next one goes."""
    width = _chip_width(text)
    height = text_size().px(14)
    box = QRectF(left, area.top() + (area.height() - height) // 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    ground = QColor(color)
    ground.setAlphaF(0.22)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 3.5, 3.5)
    painter.setFont(font(9, bold=True))
    # Letters of the color would be too faint on a tint of it.
    painter.setPen(QColor(theme().text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return left + width + 3


def _icon_top(line: QRect) -> int:
    """Where the sign of a line of words begins."""
    return line.top() + (line.height() - _STATE_ICON_PX) // 2


def _icon(painter: QPainter, name: str, color: str, place: tuple[int, int], side: int) -> None:
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawImage(*place, icon_image(name, color, side, ratio))


def _text(
    painter: QPainter, area: QRect, text: str, color: str, pixels: int = 13, *, bold: bool = False
) -> int:
    """Draw one line, shortened where it does not fit; returns the width it took in px."""
    face = font(pixels, bold=bold)
    metrics = QFontMetrics(face)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.setFont(face)
    painter.setPen(QColor(color))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)
