"""Header values read with tolerance: what is malformed is reported and left out, never raised.

Numbers are parsed from the bytes as they stand, because validation further up rejects a whole element for one bad
value. Strings are defined in DICOM PS3.5 section 6.2.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag
from pydicom.valuerep import PersonName

from ichviewer.dicom.boundary import foreign_code
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.errors import ReadError

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):?(?:(\d{2}):?(?:(\d{2})(?:\.\d+)?)?)?", re.ASCII)
# An Age String (PS3.5 section 6.2); some writers leave out the zeros or the unit.
_AGE = re.compile(r"(\d{1,3})([DWMY]?)", re.ASCII)
_YEARS = {"D": 1 / 365.25, "W": 7 / 365.25, "M": 1 / 12, "Y": 1.0, "": 1.0}
_MOST_YEARS = 130.0
_PADDING = " \0\t\r\n"
_SHOWN = 64
# The first problems of a file tell what is wrong with it; thousands more would only take time and memory.
_MOST_PROBLEMS = 100
# Bytes of a value that is no table and no sequence: texts have 64 characters, seldom thousands (PS3.5 section 6.2).
_LONGEST_VALUE = 1 << 14
_UNBOUNDED_VRS = ("SQ", "OB", "OW", "OB or OW", "US or OW", "US or SS or OW", "OV", "UN")
# A look-up table has 65,536 entries at most (PS3.3 C.11.1.1.1).
_MOST_WORDS = 1 << 16
# Items of a sequence, nested ones included: 30,000 frames of ten groups each, or as many records of a directory.
_MOST_ITEMS = 300_000
_TEXTS = frozenset({"AS", "CS", "DA", "DT", "LO", "PN", "SH", "TM", "UI"})
_ESCAPE = b"\x1b"
_ITEM_TAG = b"\xfe\xff\x00\xe0"
# No whole number in a header takes more than 32 bits.
_LARGEST_INTEGER = 2**32 - 1
# VRs under which the text of a number may stand; None is implicit.
_TEXT_VRS = (None, "DS", "IS", "UN", "LO", "SH", "CS")


def parse_decimal(text: str) -> float | None:
    """A Decimal String or Integer String as a float; None unless it is exactly one finite number."""
    text = text.strip(_PADDING)
    if not _DECIMAL.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def parse_date(text: str) -> str | None:
    """A DICOM date (also the old form with dots) as ISO YYYY-MM-DD; None if it is none."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


def parse_time(text: str) -> str | None:
    """A DICOM time as HH:MM:SS, missing parts as 00; None if it is none."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    # 60 is a leap second.
    return f"{hour:02}:{minute:02}:{second:02}" if hour < 24 and minute < 60 and second <= 60 else None


def parse_age(text: str) -> float | None:
    """A DICOM Age String (``045Y``, ``018M``, ``003W``, ``005D``) in years; None if it is none."""
    match = _AGE.fullmatch(text.strip(_PADDING).upper())
    years = None if match is None else int(match[1]) * _YEARS[match[2]]
    return years if years is not None and years <= _MOST_YEARS else None


def name_key(name: str) -> str:
    """What is the same for all ways to write a person's name: case, accents, padding, punctuation do not count.

    Of several forms the first counts, and of that form family, given and middle name: the same name may stand with
    the ideographic form and without, with accents and, in the default character set, without.
    """
    form = next((form for form in name.split("=") if form.strip(_PADDING + "^")), "")
    text = " ".join(form.split("^")[:3])
    with suppress(UnicodeError):
        # UTF-8 in a file that does not say so was read as Latin-1.
        text = text.encode("latin-1").decode("utf-8")
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


def readable_name(name: str) -> str:
    """A Person Name for people: ``Doe^John^Q^Dr`` becomes ``Doe, Dr John Q`` (DICOM PS3.5 section 6.2.1).

    Ideographic and phonetic forms follow in parentheses.
    """
    forms = [_readable_form(form) for form in name.split("=")]
    kept = [form for form in forms if form]
    if not kept:
        return ""
    return kept[0] + (f" ({', '.join(kept[1:])})" if len(kept) > 1 else "")


def _readable_form(form: str) -> str:
    parts = [" ".join(part.split()) for part in form.split("^")] + [""] * 5
    family, given, middle, prefix, suffix = parts[:5]
    rest = " ".join(part for part in (prefix, given, middle) if part)
    return ", ".join(part for part in (family, rest, suffix) if part)


@cache
def tag_of(keyword: str) -> BaseTag:
    """The tag of a DICOM keyword (looked up once: this is asked for every element of every file)."""
    return Tag(keyword)


class Elements:
    """A data set, or an item of a sequence, seen with tolerance.

    Parameters
    ----------
    dataset : pydicom Dataset
    where : str
        The file, for problems.
    problems : list of Problem
        Malformed values are appended here, each once.
    """

    def __init__(self, dataset: Dataset, where: str, problems: list[Problem]) -> None:
        self._dataset = dataset
        self._known: dict[str, Any] = {}
        self._numbers: dict[str, tuple[float | None, ...]] = {}
        self.where = where
        self.problems = problems

    @property
    def dataset(self) -> Dataset:
        """The data set itself, for code of pydicom that wants one."""
        return self._dataset

    def report(self, code: ProblemCode, found: str) -> None:
        """Note a problem of this file, once; no more than a hundred a file."""
        problem = Problem(code, self.where, found)
        if len(self.problems) < _MOST_PROBLEMS and problem not in self.problems:
            self.problems.append(problem)

    def broken(self, keyword: str, found: object) -> None:
        """Note that an element's value is malformed."""
        shown = found[: 2 * _SHOWN] if isinstance(found, str | bytes) else found
        text = " ".join(str(shown).split())
        self.report(ProblemCode.BROKEN_VALUE, f"{keyword} {text[:_SHOWN]!r}")

    def __contains__(self, keyword: str) -> bool:
        return tag_of(keyword) in self._dataset

    def _raw(self, keyword: str) -> RawDataElement | None:
        item = self._dataset.get_item(tag_of(keyword), keep_deferred=True)
        return item if isinstance(item, RawDataElement) else None

    def _converted(self, keyword: str) -> Any:
        """The element's value as pydicom converts it, None where missing, empty or malformed."""
        if keyword not in self._known:
            self._known[keyword] = self._convert(keyword)
        return self._known[keyword]

    def _convert(self, keyword: str) -> Any:
        tag = tag_of(keyword)
        if tag not in self._dataset:
            return None
        raw = self._raw(keyword)
        if raw is not None and _is_too_long(raw):
            self.broken(keyword, f"{len(raw.value or b'') or raw.length:,} bytes")
            return None
        plain = _plain_text(raw)
        if plain is not None:
            return plain
        try:
            with foreign_code(ReadError, "the element could not be understood", self.where):
                return self._dataset[tag].value
        except ReadError as error:
            self.broken(keyword, error.found if raw is None else raw.value)
            if raw is not None:
                # pydicom may have converted it before it failed, and would give it to whoever asks next.
                self._dataset[tag] = raw
            return None

    def texts(self, keyword: str) -> tuple[str, ...]:
        """Values of a text element, stripped; empty where missing."""
        value = self._converted(keyword)
        if value is None:
            return ()
        values: Iterable[object] = value if _is_many(value) else [value]
        return tuple(str(v).strip(_PADDING) for v in values if v is not None)

    def text(self, keyword: str) -> str:
        r"""A text element, several values joined with ``\``; empty where missing."""
        return "\\".join(self.texts(keyword))

    def name(self, keyword: str) -> str:
        """A Person Name as it is written, see `readable_name` and `name_key`; empty where missing."""
        value = self._converted(keyword)
        if _is_many(value):
            value = next(iter(value), None)
        return "" if value is None else str(value).strip(_PADDING)

    def age_years(self, keyword: str) -> float | None:
        """An age in years; None where missing or malformed."""
        text = self.text(keyword)
        parsed = parse_age(text) if text else None
        if text and parsed is None:
            self.broken(keyword, text)
        return parsed

    def date(self, keyword: str) -> str:
        """A date as YYYY-MM-DD; empty where missing or malformed."""
        text = self.text(keyword)
        parsed = parse_date(text) if text else ""
        if parsed is None:
            self.broken(keyword, text)
        return parsed or ""

    def time(self, keyword: str) -> str:
        """A time as HH:MM:SS; empty where missing or malformed."""
        text = self.text(keyword)
        parsed = parse_time(text) if text else ""
        if parsed is None:
            self.broken(keyword, text)
        return parsed or ""

    def numbers(self, keyword: str) -> tuple[float | None, ...]:
        """Values of a numeric element; None stands for each that is malformed (and reported)."""
        if keyword in self._numbers:
            return self._numbers[keyword]
        found: list[float | None] = []
        sound, empty = True, True
        for text in self._number_texts(keyword):
            value = parse_decimal(text)
            if text.strip(_PADDING):
                empty = False
                if value is None:
                    sound = False
                    self.broken(keyword, text)
            found.append(value)
        values = () if empty else tuple(found)
        if sound:  # what is malformed is reported every time it is asked for: problems belong to a frame
            self._numbers[keyword] = values
        return values

    def _number_texts(self, keyword: str) -> list[str]:
        raw = self._raw(keyword)
        if raw is None and keyword not in self:
            return []
        if raw is not None and _is_too_long(raw):
            self.broken(keyword, f"{len(raw.value or b'') or raw.length:,} bytes")
            return []
        if raw is not None:
            vr, data = dictionary_VR(raw.tag), raw.value or b""
            if vr in ("DS", "IS") and raw.VR in _TEXT_VRS:
                return data.decode("latin-1").split("\\") if data else []
            if vr == "US" and raw.VR in (None, "US") and len(data) % 2 == 0:
                return [str(word) for word in np.frombuffer(data, "<u2" if raw.is_little_endian else ">u2")]
        value = self._converted(keyword)
        if value is None or (isinstance(value, bytes) and not value):
            return []
        return [str(v) for v in value] if _is_many(value) else [str(value)]

    def vector(self, keyword: str, length: int) -> tuple[float, ...] | None:
        """Exactly ``length`` numbers, or None where missing or malformed."""
        values = self.numbers(keyword)
        if not values:
            return None
        known = tuple(v for v in values if v is not None)
        if len(known) != length or len(values) != length:
            self.broken(keyword, "\\".join(self._number_texts(keyword)))
            return None
        return known

    def number(self, keyword: str) -> float | None:
        """A number; the first of several; None where missing or malformed."""
        values = self.numbers(keyword)
        return values[0] if values else None

    def integer(self, keyword: str) -> int | None:
        """A whole number; None where missing or malformed."""
        value = self.number(keyword)
        if value is not None and (value != int(value) or abs(value) > _LARGEST_INTEGER):
            self.broken(keyword, value)
            return None
        return None if value is None else int(value)

    def words(self, keyword: str) -> NDArray[np.uint16] | None:
        """The 16-bit words of an element as they stand, whatever the sign its VR claims; None where missing.

        Elements of VR "US or SS" carry the sign of Pixel Representation (DICOM PS3.5 section 6.2 note 2), and
        writers get the VR wrong.
        """
        raw = self._raw(keyword)
        if raw is not None and raw.VR not in ("UL", "SL", "DS", "IS"):
            data = (raw.value or b"")[: 2 * _MOST_WORDS]
            order = "<" if raw.is_little_endian else ">"
            return np.frombuffer(data[: len(data) // 2 * 2], f"{order}u2").astype(np.uint16) if data else None
        value = self._converted(keyword)
        if value is None:
            return None
        if isinstance(value, bytes):
            return np.frombuffer(value[: len(value) // 2 * 2], "<u2").astype(np.uint16) if value else None
        numbers = [v for v in self.numbers(keyword) if v is not None]
        return np.array([int(v) & 0xFFFF for v in numbers], dtype=np.uint16) if numbers else None

    def items(self, keyword: str) -> list[Elements]:
        """Items of a sequence; empty where missing or malformed."""
        return [self.inside(item) for item in self.datasets(keyword)]

    def datasets(self, keyword: str) -> Sequence[Dataset]:
        """Items of a sequence as data sets, for `inside`; empty where missing or malformed."""
        value = self._converted(keyword)
        if value is None:
            return ()
        if not _is_many(value) or not all(isinstance(item, Dataset) for item in value):
            self.broken(keyword, "not a sequence")
            return ()
        return value

    def inside(self, item: Dataset) -> Elements:
        """The elements of an item, whose problems are this file's."""
        return Elements(item, self.where, self.problems)


def _is_too_long(raw: RawDataElement) -> bool:
    """Whether a value is so long that converting it would only take time and memory."""
    value = raw.value
    if value is None:
        # The parser left a long one where it is; asked for it, pydicom would read it after all.
        return raw.length > _LONGEST_VALUE
    if len(value) <= _LONGEST_VALUE:
        return False
    vr = dictionary_VR(raw.tag)
    return vr not in _UNBOUNDED_VRS or (vr == "SQ" and value.count(_ITEM_TAG) > _MOST_ITEMS)


def _plain_text(raw: RawDataElement | None) -> str | list[str] | None:
    """Text of an element that needs no character set; None where pydicom has to look at it.

    That is most of a header, and converting it took pydicom most of the time of reading one. ASCII without escapes
    is the same in every character set of DICOM (PS3.3 C.12.1.1.2).
    """
    if raw is None or raw.value is None or (raw.VR or dictionary_VR(raw.tag)) not in _TEXTS:
        return None
    if not raw.value.isascii() or _ESCAPE in raw.value:
        return None
    texts = raw.value.decode("ascii").split("\\")
    return texts if len(texts) > 1 else texts[0]


def _is_many(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | PersonName)
