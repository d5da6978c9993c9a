"""What the program is not, in the same words wherever it is said: window, pictures, paper, files, terminal."""

from __future__ import annotations

DISCLAIMER = "Research and education only. Not a medical device."
NOT_NEGATIVE = "Not analyzed does not mean negative."
RESULT_NOTICE = (
    "Research use only, not a medical device. What is not flagged is not thereby free of hemorrhage, and what was "
    "not analyzed has no result."
)
