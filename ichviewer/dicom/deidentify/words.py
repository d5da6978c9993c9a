"""Words: which ones name somebody, and which descriptions may keep."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydicom.dataset import Dataset

from ichviewer.dicom.deidentify.table import listed
from ichviewer.dicom.deidentify.walk import elements_of, texts_of

_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d{1,3}(\.\d{1,3})?")
_FEWEST_LETTERS, _FEWEST_DIGITS = 2, 4
_FEWEST_IN_BYTES, _FEWEST_DIGITS_IN_BYTES = 4, 6

_IDENTIFIERS = (
    *("PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "AdmissionID", "ServiceEpisodeID"),
    *("MedicalRecordLocator", "RequestedProcedureID", "ScheduledProcedureStepID", "PerformedProcedureStepID"),
    *("PlacerOrderNumberImagingServiceRequest", "FillerOrderNumberImagingServiceRequest"),
    *("PatientAddress", "PatientTelephoneNumbers", "InstitutionName", "InstitutionAddress"),
    *("InstitutionalDepartmentName", "ClinicalTrialSubjectID", "ResponsibleOrganization"),
)
"""Attributes whose whole values name somebody; of names of persons, each word does."""


@dataclass(frozen=True)
class Identity:
    """What names the persons of a data set.

    Parameters
    ----------
    words : frozenset of str
        Parts of names, in small letters.
    phrases : frozenset of str
        Whole identifiers, in small letters.
    """

    words: frozenset[str]
    phrases: frozenset[str]

    @classmethod
    def of(cls, dataset: Dataset) -> Identity:
        """All names of persons and all identifiers at any depth of a data set.

        Words that every description may hold (`words.txt`) name nobody, even where a person is called so.
        """
        words: set[str] = set()
        phrases: set[str] = set()
        public = listed("words")
        for element in elements_of(dataset):
            if element.tag.is_private or element.value is None:
                continue
            if element.VR == "PN":
                parts = (w for text in texts_of(element) for w in _WORDS.findall(text.casefold()))
                words |= {w for w in parts if _is_telling(w) and w not in public}
            elif element.keyword in _IDENTIFIERS:
                whole = (" ".join(text.casefold().split()) for text in texts_of(element))
                phrases |= {w for w in whole if len(w) >= 3 and _is_telling(w) and w not in public}
        return cls(frozenset(words), frozenset(phrases))

    def is_named_in(self, text: str) -> bool:
        """Whether a text holds a word of a name, or an identifier."""
        small = text.casefold()
        if not self.words.isdisjoint(_WORDS.findall(small)):
            return True
        # In scripts without spaces between words a name is found within others.
        if any(word in small for word in self.words if not word.isascii()):
            return True
        line = " ".join(small.split())
        return any(_stands_in(phrase, line) for phrase in self.phrases)

    def is_in_bytes(self, data: bytes, encodings: Iterable[str], fewest: int = _FEWEST_IN_BYTES) -> bool:
        """Whether data holds one of them as text: in UTF-8, UTF-16, or one of some encodings.

        Those of fewer bytes than ``fewest``, which chance makes, are not looked for.
        """
        small = data.lower()
        for word in (*self.words, *self.phrases):
            if word.isdigit() and len(word) < _FEWEST_DIGITS_IN_BYTES:
                continue
            for encoding in {"utf-8", "utf-16-le", "utf-16-be", *encodings}:
                try:
                    wanted = word.encode(encoding)
                except (UnicodeError, LookupError):
                    continue
                if len(wanted) >= fewest and _stands_in_bytes(wanted, small):
                    return True
        return False


def cleaned(text: str, identity: Identity) -> str:
    """The words of a description that are known to name nobody, and its numbers of up to three digits.

    Returns
    -------
    str
        Separated by blanks; empty where no word is left.
    """
    public = listed("words")
    kept = [
        word
        for word in re.findall(r"[^\W_]+(?:\.\d+)?", text)
        if (word.casefold() in public and word.casefold() not in identity.words) or _NUMBER.fullmatch(word)
    ]
    # Numbers alone describe nothing and may be parts of an identifier.
    return " ".join(kept) if any(not _NUMBER.fullmatch(word) for word in kept) else ""


def _is_telling(word: str) -> bool:
    """Whether a word is long enough to name somebody: one ideograph is, one letter is not."""
    if word.isdigit():
        return len(word) >= _FEWEST_DIGITS
    return len(word) >= _FEWEST_LETTERS or not word.isascii()


def _stands_in(phrase: str, line: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(phrase)}(?![^\W_])", line) is not None


def _stands_in_bytes(wanted: bytes, data: bytes) -> bool:
    edge = rb"[a-z0-9.]" if wanted.isdigit() else rb"[a-z]"
    return re.search(rb"(?<!" + edge + rb")" + re.escape(wanted) + rb"(?!" + edge + rb")", data) is not None
