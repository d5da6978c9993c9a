"""How much is written on the images."""

from __future__ import annotations

from enum import IntEnum

from ichviewer.ui.look.language import tr


class WordDetail(IntEnum):
    """Three steps, each with fewer words."""

    ALL = 0
    NO_PATIENT = 1
    """Nothing of the patient and the examination, and no words of the file or of a reader; letters, findings,
    measurements and problems stay."""
    NONE = 2
    """No words and no outlines; a mark says that they are hidden."""

    @property
    def next(self) -> WordDetail:
        """The next step; after the last one all words again."""
        return WordDetail((self + 1) % len(WordDetail))


HIDDEN_WORDS = tr("Words and findings hidden")
"""The mark that stays."""
