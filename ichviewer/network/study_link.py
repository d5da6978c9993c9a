"""Links by which other programs name a study of a source: ``ichviewer://open?node=NAME&study=UID``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote

SCHEME = "ichviewer"
# One slash, too: a path of the operating system has lost the other.
_START = re.compile(r"ichviewer:/{1,2}open/?\?", re.IGNORECASE)
_LONGEST = 1000
# Narrower than what a person may type: a link comes from anywhere, and its UID goes into requests to a server.
_UID = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")


@dataclass(frozen=True)
class StudyLink:
    """A study of a source that the person has configured.

    Parameters
    ----------
    source : str
        Its name. A link holds no address: it leads nowhere that the person has not entered.
    study_uid : str
    """

    source: str
    study_uid: str

    def __post_init__(self) -> None:
        # A start without a link needs neither.
        from ichviewer.network.peers import check_name  # noqa: PLC0415
        from ichviewer.network.query import check_uid  # noqa: PLC0415

        check_name(self.source)
        check_uid(self.study_uid)

    def __str__(self) -> str:
        return f"{SCHEME}://open?node={quote(self.source, safe='')}&study={quote(self.study_uid, safe='')}"


def is_link(text: str) -> bool:
    """Whether a text is meant as a link and not as a path: all that a desktop takes for one of this scheme."""
    return text[: len(SCHEME) + 1].casefold() == f"{SCHEME}:"


def parse_link(text: str) -> StudyLink:
    """The study that a link names.

    Raises
    ------
    ValueError
        If it is no such link.
    """
    start = _START.match(text)
    if start is None or len(text) > _LONGEST:
        raise ValueError(f"a link is ichviewer://open?node=NAME&study=UID. Received: {text[:100]!r}")
    fields = parse_qs(text[start.end() :], keep_blank_values=True, max_num_fields=10)
    if sorted(fields) != ["node", "study"] or any(len(values) != 1 for values in fields.values()):
        raise ValueError(f"a link names a node and a study, each once. Received: {text[:100]!r}")
    study_uid = fields["study"][0]
    if _UID.fullmatch(study_uid) is None:
        raise ValueError(f"a UID holds digits and dots. Received: {study_uid[:100]!r}")
    return StudyLink(fields["node"][0], study_uid)
