"""Contrast medium as headers tell of it: the agent's name, and the words of a series description."""

from __future__ import annotations

import re

# Scanners fill in these where none was given.
_NO_AGENT = frozenset(
    {
        "",
        "0",
        "-",
        "no",
        "none",
        "n",
        "na",
        "n/a",
        "nil",
        "nein",
        "non",
        "without",
        "ohne",
        "sans",
        "w/o",
        "wo",
    }
    | {"no contrast", "non contrast", "without contrast", "native", "nativ", "unenhanced", "unknown"}
)

_MEDIUM = r"(?:contrast\w*|contraste|kontrast\w*|con(?:tr)?|km|iv|i\.v\.?|c|ce|enhance\w*|inj\w*|mdc|cm)"
# What says that there is none, and words that only look as if there were any; taken away first.
_WITHOUT = re.compile(
    r"\b(?:non|no|not|without|w\s?/?\s?o(?:ut)?|w/?out|ohne|sans|sin|sem|senza|zonder|utan|uten|uden|bez"
    r"|pre|before|vor|avant|low|high)\b"
    r"[\s\-]*(?:iv|i\.v\.?)?[\s\-]*" + _MEDIUM + r"\b"
    r"|\bnon?contrast\w*|\bnon?enhanced\w*|\bprecontrast\w*|\bunenhanced\w*"
    r"|\bncct\b|\bnect\b|\bnativ\w*|\bc-(?!\w)"
)
_BOTH = re.compile(
    r"\b(?:w|with)\s*(?:&|and|\+|/)*\s*(?:w\s?/\s?o|wo|without)\b|\b(?:w\s?/\s?o|wo|without)\s*(?:&|and|\+|/)*\s*w(?:ith)?\b"
)
_WITH = re.compile(
    r"\bct[av]\b|angio|\bvenogra|\bvenographie|\b(?:arterial|venous|arteriell|ven[öo]s|portal)\w*\b|\bctp\b|perfusion"
    r"|\bcontrast\w*|\bkontrast\w*|\bkm\b|\bmdc\b|\bcect\b|\benhanced\b|\binject\w*|\bbolus\b"
    r"|(?:^|[\s_(])\+\s?c\b|\bce?\+|\biv\s?\+|\+\s?iv\b"
    r"|\b(?:post|w/|w|with|mit|avec|con|nach|after|apr[eè]s)[\s_\-]*(?:iv|c|ce|inj\w*|gd)\b|\bpost\s*$"
)


def agent_given(agent: str) -> bool:
    """Whether Contrast/Bolus Agent (0018,0010) names a medium; scanners also write that there was none."""
    return " ".join(agent.lower().split()) not in _NO_AGENT


def description_tells_contrast(description: str) -> bool:
    """Whether a series description tells that contrast medium had been given.

    Parameters
    ----------
    description : str
        Series Description (0008,103E), in any of the common languages.

    Returns
    -------
    bool
        False where it says "without", "non-contrast", "native" and the like, where it names both (a protocol, not a
        series), and where it says nothing.
    """
    words = description.lower().replace("_", " ")
    if _BOTH.search(words):
        return False
    return _WITH.search(_WITHOUT.sub(" ", words)) is not None
