"""Colors of the window: two themes as values, and the look that the application wears.

Every color in the window comes from here, so that a theme can change while the window stands. The colors of the
hemorrhage types are those of Okabe and Ito ("Color Universal Design", 2008), which stay apart for color-blind
readers; the ramp of probabilities also rises in lightness, so that it reads in grey.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from functools import cache
from string import Template

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from ichviewer.bundle import resources_dir
from ichviewer.domain.labels import Hemorrhage
from ichviewer.ui.look.fonts import font, text_size


@dataclass(frozen=True)
class Theme:
    """One set of colors, each ``#rrggbb``.

    Parameters
    ----------
    name : str
        ``dark`` or ``light``; what settings and the command line call it.
    window, panel, raised, border : str
        Surfaces from back to front, and the lines between them.
    hover, selection : str
        A surface under the mouse, and a selected row.
    text, muted : str
        Words, and words that may be overlooked.
    accent, on_accent : str
        The one color for what can be acted on, and words on top of it.
    good, warning, danger : str
        States.
    image_background, overlay_text, overlay_muted : str
        Behind the image, and the words on it; dark in both themes, as the image is.
    ramp_low, ramp_high : str
        Ends of the probabilities below their threshold.
    flag_low, flag_high : str
        Ends of the probabilities at or over their threshold.
    labels : dict of Hemorrhage to str
        One color a type.
    """

    name: str
    window: str
    panel: str
    raised: str
    border: str
    hover: str
    selection: str
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    warning: str
    danger: str
    image_background: str
    overlay_text: str
    overlay_muted: str
    ramp_low: str
    ramp_high: str
    flag_low: str
    flag_high: str
    labels: dict[Hemorrhage, str] = field(hash=False)

    @property
    def is_dark(self) -> bool:
        """Whether words are lighter than what they stand on."""
        return QColor(self.text).lightness() > QColor(self.window).lightness()

    def probability_color(self, p: float, threshold: float) -> str:
        """Color of a calibrated probability.

        Two ramps with a jump at the threshold, so that a flag is seen without reading a number.

        Parameters
        ----------
        p : float
            Probability in [0, 1].
        threshold : float
            Where it becomes a flag, in (0, 1].

        Returns
        -------
        str
            ``#rrggbb``
        """
        return f"#{int(self.probability_colors(np.array([p]), threshold)[0]) & 0xFFFFFF:06x}"

    def probability_colors(self, p: NDArray[np.float64], threshold: float) -> NDArray[np.uint32]:
        """The same for many probabilities: 0xffrrggbb, same shape."""
        room = 1.0 - threshold
        above = (p - threshold) / room if room > 0 else np.ones_like(p)
        low = _mixed(self.ramp_low, self.ramp_high, p / threshold)
        return np.where(p < threshold, low, _mixed(self.flag_low, self.flag_high, above))

    def muted_values(self) -> Theme:
        """The theme with quiet colors for probabilities and types, for values that lie outside what a model knows.

        A flag still stands out from what is below its threshold.
        """
        return _muted_values(self)

    def label_color(self, label: Hemorrhage) -> str:
        """Color of a hemorrhage type, ``#rrggbb``."""
        return self.labels[label]


def _greyer(color: str) -> str:
    """The color with a fifth of its saturation and the same luminance in grey."""
    c = QColor(color)
    grey = round(0.299 * c.red() + 0.587 * c.green() + 0.114 * c.blue())
    return _mix(f"#{grey:02x}{grey:02x}{grey:02x}", color, 0.2)


def _mix(low: str, high: str, part: float) -> str:
    return f"#{int(_mixed(low, high, np.array(part))) & 0xFFFFFF:06x}"


def _mixed(low: str, high: str, part: NDArray[np.float64]) -> NDArray[np.uint32]:
    part = np.clip(part, 0.0, 1.0)
    result: NDArray[np.uint32] = np.full(part.shape, 0xFF, np.uint32)
    a, b = QColor(low), QColor(high)
    for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue())):
        result = (result << np.uint32(8)) | np.rint(x + (y - x) * part).astype(np.uint32)
    return result


@cache
def _muted_values(colors: Theme) -> Theme:
    changed = {name: _greyer(getattr(colors, name)) for name in ("ramp_low", "ramp_high")}
    # Towards the color of quiet words, or without their hues flags would look like what is below its threshold.
    flags = ("flag_low", "flag_high")
    changed |= {name: _mix(_greyer(getattr(colors, name)), colors.muted, 0.7) for name in flags}
    labels = {label: _greyer(color) for label, color in colors.labels.items()}
    return replace(colors, **changed, labels=labels)


DARK = Theme(
    name="dark",
    window="#0f1113",
    panel="#16191c",
    raised="#1f2327",
    border="#2b3035",
    hover="#272c31",
    selection="#22384d",
    text="#e3e6e9",
    muted="#98a2ab",
    accent="#4c9be8",
    on_accent="#06121f",
    good="#4fb28f",
    warning="#e6a23c",
    danger="#ee6a5f",
    image_background="#000000",
    overlay_text="#e8ebee",
    overlay_muted="#a9b3bc",
    ramp_low="#1d2125",
    ramp_high="#4a5a68",
    flag_low="#d9701e",
    flag_high="#ffd75e",
    labels={
        Hemorrhage.ANY: "#d5dade",
        Hemorrhage.EPIDURAL: "#e69f00",
        Hemorrhage.INTRAPARENCHYMAL: "#e4692a",
        Hemorrhage.INTRAVENTRICULAR: "#56b4e9",
        Hemorrhage.SUBARACHNOID: "#1fb28a",
        Hemorrhage.SUBDURAL: "#cc79a7",
    },
)
"""What radiologists read in: near-black, neutral, one accent."""

LIGHT = Theme(
    name="light",
    window="#eceef0",
    panel="#f7f8f9",
    raised="#ffffff",
    border="#ccd2d7",
    hover="#e4e8eb",
    selection="#cfe2f6",
    text="#1b2024",
    muted="#59636c",
    accent="#1a66b3",
    on_accent="#ffffff",
    good="#197a5b",
    warning="#96600a",
    danger="#b8322a",
    image_background="#000000",
    overlay_text="#e8ebee",
    overlay_muted="#a9b3bc",
    ramp_low="#e6e9ec",
    ramp_high="#a9b5bf",
    # Dark enough to stand out from panel and track by luminance alone.
    flag_low="#b5570a",
    flag_high="#7d1410",
    labels={
        Hemorrhage.ANY: "#3d464e",
        Hemorrhage.EPIDURAL: "#b57c00",
        Hemorrhage.INTRAPARENCHYMAL: "#c9500c",
        Hemorrhage.INTRAVENTRICULAR: "#0b76b8",
        Hemorrhage.SUBARACHNOID: "#04805d",
        Hemorrhage.SUBDURAL: "#a94f82",
    },
)
"""For bright rooms and print."""

THEMES: dict[str, Theme] = {t.name: t for t in (DARK, LIGHT)}
"""All themes by name."""


class Look(QObject):
    """What the application wears: a theme and a size of its words, and whether the theme follows the system.

    Signals
    -------
    changed()
        For all that draw by hand: colors or the size of words are others now.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._colors = DARK
        self._hints: QStyleHints | None = None

    @property
    def colors(self) -> Theme:
        """The theme that is on; dark before there is an application."""
        return self._colors

    @property
    def follows_system(self) -> bool:
        """Whether the theme changes with that of the system."""
        return self._hints is not None

    def show_theme(self, app: QApplication, colors: Theme) -> None:
        """Put a theme on, whatever the system shows, and ask the system for window frames that fit it."""
        self._stop_following()
        scheme = Qt.ColorScheme.Dark if colors.is_dark else Qt.ColorScheme.Light
        app.styleHints().setColorScheme(scheme)
        self._dress(app, colors)

    def follow_system(self, app: QApplication) -> None:
        """Put on the theme that goes with the system's, now and whenever that changes."""
        if self._hints is None:
            hints = app.styleHints()
            hints.unsetColorScheme()
            hints.colorSchemeChanged.connect(self._scheme_changed)
            self._hints = hints
        self._dress(app, for_scheme(self._hints.colorScheme()))

    def set_text_percent(self, app: QApplication, percent: int) -> None:
        """Change the size of all words, in per cent."""
        if percent != text_size().percent:
            text_size().set_percent(percent)
            app.setFont(font())
            self._dress(app, self._colors)

    def _scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        app = QApplication.instance()
        colors = for_scheme(scheme)
        # Our own palette makes some systems tell once more what they told already.
        if isinstance(app, QApplication) and colors is not self._colors:
            self._dress(app, colors)

    def _stop_following(self) -> None:
        if self._hints is not None:
            self._hints.colorSchemeChanged.disconnect(self._scheme_changed)
            self._hints = None

    def _dress(self, app: QApplication, colors: Theme) -> None:
        self._colors = colors
        app.setStyle("Fusion")
        app.setPalette(palette(colors))
        app.setStyleSheet(stylesheet(colors))
        self.changed.emit()


@cache
def look() -> Look:
    """The one look of the application."""
    return Look()


def theme_signals() -> Look:
    """Who tells that colors or the size of words have changed."""
    return look()


def theme() -> Theme:
    """The theme that is on."""
    return look().colors


def for_scheme(scheme: Qt.ColorScheme) -> Theme:
    """The theme that goes with what the system shows; dark, as at first, where the system does not say."""
    return LIGHT if scheme is Qt.ColorScheme.Light else DARK


def palette(colors: Theme) -> QPalette:
    """The colors as a Qt palette, for everything the stylesheet does not reach."""
    result = QPalette()
    role = QPalette.ColorRole
    for which, color in (
        (role.Window, colors.panel),
        (role.WindowText, colors.text),
        (role.Base, colors.panel),
        (role.AlternateBase, colors.raised),
        (role.Text, colors.text),
        (role.PlaceholderText, colors.muted),
        (role.Button, colors.raised),
        (role.ButtonText, colors.text),
        (role.BrightText, colors.danger),
        (role.ToolTipBase, colors.raised),
        (role.ToolTipText, colors.text),
        (role.Highlight, colors.selection),
        (role.HighlightedText, colors.text),
        (role.Link, colors.accent),
        (role.LinkVisited, colors.accent),
        (role.Light, colors.raised),
        (role.Midlight, colors.border),
        (role.Mid, colors.border),
        (role.Dark, colors.window),
        (role.Shadow, colors.window),
        (role.Accent, colors.accent),
    ):
        result.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, which, QColor(_mix(colors.muted, colors.panel, 0.45)))
    return result


_TEXT_PX = {"heading_size": 17, "key_size": 12, "button_height": 18}
"""Sizes in the stylesheet that go with the size of words, in px at 100 %."""


def stylesheet(colors: Theme) -> str:
    """The one stylesheet of the window (``resources/themes/window.qss``) in these colors and the size of words."""
    text = (resources_dir() / "themes" / "window.qss").read_text(encoding="utf-8")
    tokens = {k: v for k, v in asdict(colors).items() if isinstance(v, str)}
    tokens["disabled"] = _mix(colors.muted, colors.panel, 0.45)
    tokens |= {name: f"{text_size().px(pixels)}px" for name, pixels in _TEXT_PX.items()}
    return Template(text).substitute(tokens)


def apply_theme(app: QApplication, colors: Theme) -> None:
    """Put a theme on the application and tell everyone who draws by hand; it no longer follows the system's."""
    look().show_theme(app, colors)
