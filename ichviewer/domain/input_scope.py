"""Which problems say that a series lies outside what the model was trained on, so that its answers count for less."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ichviewer.domain.problems import Problem, ProblemCode

BANNER_LINES: dict[ProblemCode, str] = {
    ProblemCode.CONTRAST_MEDIUM: "Contrast medium: {found} (the model was trained on scans without)",
    ProblemCode.UNUSUAL_THICKNESS: "Slice thickness: {found} (the model was trained on slices of about 5 mm)",
    ProblemCode.HIGH_NOISE: "Noise: {found} (more than the model was trained on)",
    ProblemCode.CHILD_HEAD: "A child's head: {found} (the model is meant for adults)",
    ProblemCode.UNUSUAL_FIELD_OF_VIEW: "Field of view: {found} (the model was trained on whole heads)",
    ProblemCode.REPAIRED_12_BIT: "Repaired pixels: 12-bit values had wrapped around",
    ProblemCode.TRUNCATED_PIXEL_DATA: "Cut pixels: {found}",
    ProblemCode.RESCALE_MISSING: "Uncertain HU: the file does not tell the rescale slope and intercept",
    ProblemCode.UNEVEN_SPACING: "Uneven slice distances: {found}",
    ProblemCode.GAP: "Slices seem to be missing: {found}",
    ProblemCode.IMAGES_NOT_SENT: "The study is not complete: {found}",
    ProblemCode.DUPLICATE_POSITION: "Several slices at one position: {found}",
}
"""Why, with what was found in place of ``{found}``."""

OUTSIDE_MODEL: frozenset[ProblemCode] = frozenset(BANNER_LINES)
"""Problems with which the probabilities are shown muted.

Not among them are ways of scanning that the training data share: JPEG compression with loss, and a scale estimated
from the width of the head (all of CT-ICH has both), and a tilted gantry.
"""


def outside_model(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that place a slice or series outside what the model knows, each kind once, in the given order."""
    first: dict[ProblemCode, Problem] = {}
    for problem in problems:
        if problem.code in OUTSIDE_MODEL:
            first.setdefault(problem.code, problem)
    return tuple(first.values())


def banner_line(problem: Problem, words_of: Callable[[str], str] = str) -> str:
    """One line of plain words that tells why: what was found, and what the model was trained on.

    Parameters
    ----------
    problem : Problem
    words_of : callable
        Puts words into another language; those with ``{found}`` in them keep it.

    Raises
    ------
    ValueError
        If the problem does not place anything outside.
    """
    if problem.code not in OUTSIDE_MODEL:
        raise ValueError(f"one of {sorted(OUTSIDE_MODEL)} is needed. Received: {problem.code}")
    found = words_of(problem.found or problem.text)
    return words_of(BANNER_LINES[problem.code]).format(found=found)
