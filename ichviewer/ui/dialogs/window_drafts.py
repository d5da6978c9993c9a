"""The window presets while they are edited: what stands in the fields, whether or not it makes a window. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ichviewer.domain.window import VoiFunction, VoiLut, Window
from ichviewer.services.windows import KEYS, NO_KEY, Preset
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line

LONGEST_NAME = 40


@dataclass(frozen=True)
class WindowDraft:
    """One preset as it is being entered.

    Parameters
    ----------
    name, center, width : str
        As they stand in their fields; center and width in HU.
    function : VoiFunction
    of_file : bool
        Whether it is the window that the images themselves carry, which has no center and no width here.
    """

    name: str
    center: str = ""
    width: str = ""
    function: VoiFunction = VoiFunction.LINEAR
    of_file: bool = False

    @property
    def words(self) -> str:
        """The row of a list."""
        name = one_line(self.name).strip() or tr("No name")
        return (
            tr("{name}, from the image").format(name=name)
            if self.of_file
            else f"{name}, {self.center}/{self.width}"
        )

    def complaints(self, others: Sequence[WindowDraft] = ()) -> dict[str, str]:
        """A sentence for each field (``name``, ``center``, ``width``) that cannot be used as it is.

        Parameters
        ----------
        others : sequence of WindowDraft
            The other windows of the list, which must have other names.
        """
        found = {}
        name = self.name.strip()
        if not name:
            found["name"] = tr("A window needs a name.")
        elif len(name) > LONGEST_NAME:
            found["name"] = tr("A name has at most {longest_name} letters.").format(longest_name=LONGEST_NAME)
        elif any(other.name.strip().casefold() == name.casefold() for other in others):
            found["name"] = tr("There is another window of this name.")
        if self.of_file:
            return found
        if _number(self.center) is None:
            found["center"] = tr("The center is a number of HU, such as 40.")
        width = _number(self.width)
        least = 1.0 if self.function is VoiFunction.LINEAR else 0.0
        if width is None:
            found["width"] = tr("The width is a number of HU, such as 80.")
        elif width < least or width <= 0:
            found["width"] = (
                tr("The width is at least 1 HU.") if least else tr("The width is more than 0 HU.")
            )
        return found

    def preset(self, key: int) -> Preset:
        """The preset; asked for only where there are no complaints.

        Raises
        ------
        ValueError
            If the fields make no window.
        """
        name = self.name.strip()
        if self.of_file:
            return Preset(key, None, name)
        center, width = _number(self.center), _number(self.width)
        if center is None or width is None:
            raise ValueError(f"center and width must be numbers. Received: {self.center!r}/{self.width!r}")
        return Preset(key, Window(center, width, self.function, name), name)


def draft_of(preset: Preset) -> WindowDraft:
    """A preset as it stands in the fields."""
    voi = preset.voi
    if voi is None or isinstance(voi, VoiLut):
        return WindowDraft(preset.name, of_file=True)
    return WindowDraft(preset.name, _text(voi.center_hu), _text(voi.width_hu), voi.function)


def presets_of(drafts: Sequence[WindowDraft]) -> tuple[Preset, ...]:
    """Drafts as presets: the first nine with the keys 1 to 9, in order."""
    return tuple(draft.preset(n if n in KEYS else NO_KEY) for n, draft in enumerate(drafts, 1))


def _text(value: float) -> str:
    # repr and not %g, which would round what was entered exactly.
    return repr(float(value)).removesuffix(".0")


def _number(text: str) -> float | None:
    """A finite number in HU, written with a point or a comma; None where it is none."""
    plain = text.strip().replace("−", "-").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    # Far beyond what a CT holds, and still exact.
    return value if abs(value) <= 1e6 else None
