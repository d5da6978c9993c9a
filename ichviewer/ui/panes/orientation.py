"""How a picture is turned on the screen: mirrored or not, and rotated by quarter turns. Eight ways, no others."""

from __future__ import annotations

from dataclasses import dataclass, replace

Vector2 = tuple[float, float]

_QUARTER_DEG = 90


@dataclass(frozen=True)
class Orientation:
    """From directions of the stored picture to directions on the screen; both x to the right and y down.

    The picture is mirrored first, left for right, and then rotated. Two orientations that look alike are equal.

    Parameters
    ----------
    mirrored : bool
    quarter_turns : int
        Clockwise, 0 to 3.
    """

    mirrored: bool = False
    quarter_turns: int = 0

    def __post_init__(self) -> None:
        if self.quarter_turns not in range(4):
            raise ValueError(f"there are 0 to 3 quarter turns. Received: {self.quarter_turns}")

    def flipped_horizontally(self) -> Orientation:
        """As seen in a mirror beside the screen: left for right."""
        # A mirror turns the way round of what was rotated before it.
        return Orientation(not self.mirrored, -self.quarter_turns % 4)

    def flipped_vertically(self) -> Orientation:
        """As seen in a mirror below the screen: top for bottom, which is left for right and half a turn."""
        return self.flipped_horizontally().rotated(2 * _QUARTER_DEG)

    def rotated(self, degrees: int) -> Orientation:
        """Rotated clockwise on the screen.

        Parameters
        ----------
        degrees : int
            A multiple of 90; negative for the other way round.
        """
        if degrees % _QUARTER_DEG:
            raise ValueError(f"a picture is rotated by multiples of 90 degrees. Received: {degrees}")
        return replace(self, quarter_turns=(self.quarter_turns + degrees // _QUARTER_DEG) % 4)

    @property
    def swaps_sides(self) -> bool:
        """Whether rows of the picture run down the screen."""
        return self.quarter_turns % 2 == 1

    def to_screen(self, direction: Vector2) -> Vector2:
        """A direction of the picture on the screen."""
        x, y = direction
        if self.mirrored:
            x = -x
        for _ in range(self.quarter_turns):
            x, y = -y, x
        return x, y

    def to_picture(self, direction: Vector2) -> Vector2:
        """A direction of the screen in the picture."""
        x, y = direction
        for _ in range(self.quarter_turns):
            x, y = y, -x
        return (-x, y) if self.mirrored else (x, y)


UPRIGHT = Orientation()
"""As stored: the first pixel at the upper left."""
