"""The rule for each attribute of a data set, at every depth."""

from __future__ import annotations

from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag
from pydicom.uid import UID

from ichviewer.dicom.deidentify import values
from ichviewer.dicom.deidentify.key import Key
from ichviewer.dicom.deidentify.options import Options
from ichviewer.dicom.deidentify.removal import Removal
from ichviewer.dicom.deidentify.structured import keeps_text
from ichviewer.dicom.deidentify.table import Action, listed, table
from ichviewer.dicom.deidentify.walk import decoded, texts_of
from ichviewer.dicom.deidentify.words import Identity, cleaned

_BASIC = "PS3.15 Table E.1-1"
_BEYOND = "beyond PS3.15 Table E.1-1"
_MOST_SHOWN = 200

_PATIENT_TAGS = frozenset({0x00100010, 0x00100020})
_REWRITTEN = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303})
"""What says how an object was de-identified; it is written anew."""
_REFERENCES = frozenset({0x00081110, 0x00081111, 0x00081140, 0x00082112})
"""Sequences of the table that may be emptied, and whose UIDs are replaced instead: the dummy value of a reference."""
_CLEANED_TREES = frozenset({0x0040A730, 0x00700001})
"""Content and Graphic Annotation Sequence: cleaned item by item (Clean Structured Content, Clean Graphics)."""
_CODES = {0x00080100: "REMOVED", 0x00080102: "99REMOVED", 0x00080104: "Removed"}
_PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_REQUIRED = frozenset({0x00700082, 0x00700083})
"""Presentation Creation Date and Time: removed by the table, but each presentation state must have them."""
_PIXEL_GROUP = 0x0028
_ROOT_OF_STANDARD = "1.2.840.10008."
_TEXT_VALUE = 0x0040A160
_EMPTIED_IF_DUMMY = frozenset({0x00080082, 0x00081072, 0x0040B020})
"""Sequences for which no dummy is made: no object must have them."""


def patient_of(dataset: Dataset) -> str:
    """What tells a patient from others: the ID, else name and birth date, else the study."""
    identifier = str(dataset.get("PatientID") or "").strip()
    if identifier:
        return identifier
    name = str(dataset.get("PatientName") or "").strip()
    if name:
        return f"name\0{name}\0{dataset.get('PatientBirthDate') or ''}"
    return f"study\0{dataset.get('StudyInstanceUID') or dataset.get('SOPInstanceUID') or ''}"


class Cleaner:
    """Cleans the data sets of one object, and notes what it changes.

    Parameters
    ----------
    options : Options
    key : Key
    identity : Identity
        Names to be looked for in texts that are kept.
    patient : str
        See `patient_of`.
    """

    def __init__(self, options: Options, key: Key, identity: Identity, patient: str) -> None:
        self._options = options
        self._key = key
        self._identity = identity
        self._pseudonym = key.pseudonym(patient)
        self._days = key.days(patient)
        self._table = table()
        self._kept_texts = listed("kept_texts")
        self._kept_binaries = listed("kept_binaries")
        self.removals: list[Removal] = []

    def clean(self, dataset: Dataset, path: str = "", *, is_dummy: bool = False) -> None:
        """Clean a data set in place.

        Parameters
        ----------
        dataset : pydicom Dataset
        path : str
            Of the item; empty for the object itself.
        is_dummy : bool
            Whether it stands in for a sequence that has to be replaced, so that all of its texts and codes are.
        """
        for tag in list(dataset.keys()):
            self._clean_element(dataset, tag, f"{path}.{_shown(tag)}" if path else _shown(tag), is_dummy)

    def _clean_element(self, dataset: Dataset, tag: BaseTag, path: str, is_dummy: bool) -> None:
        item = dataset.get_item(tag)
        reason = self._reason_to_remove(tag, item, is_top="." not in path)
        if reason:
            self._remove(dataset, tag, path, reason)
            return
        element = decoded(dataset, tag)
        if element is None:
            self._remove(dataset, tag, path, f"a value that cannot be read, {_BEYOND}")
            return
        if tag in _PATIENT_TAGS:
            self._set(dataset, tag, path, self._pseudonym, what="replaced by a keyed pseudonym", why=_BASIC)
            return
        row = self._table.get(int(tag))
        if row is None:
            self._unlisted(dataset, element, path, is_dummy)
            return
        action = row.action(self._options)
        if action is Action.CLEAN and not self._clean_text(dataset, element, path):
            action = row.basic_action
        if action is Action.SHIFT and not self._shift(dataset, element, path):
            action = row.basic_action
        if action not in (Action.CLEAN, Action.SHIFT):
            self._apply(dataset, element, path, action)

    def _reason_to_remove(
        self, tag: BaseTag, item: DataElement | RawDataElement | None, *, is_top: bool
    ) -> str:
        """Why an attribute goes whatever it holds; empty if it does not."""
        if tag.is_private:
            return f"private, {_BASIC}"
        if 0x5000 <= tag.group <= 0x50FF or 0x6000 <= tag.group <= 0x60FF:
            return f"curve or overlay, {_BASIC}"
        if tag.element == 0 or tag.group <= 0x0002:
            return "not part of a data set"
        if is_top and tag in _REWRITTEN:
            return "written anew"
        if int(tag) in self._table:
            return ""
        if not dictionary_has_tag(tag):
            return f"not in the dictionary, {_BEYOND}"
        vr = None if item is None else item.VR
        if vr is not None and vr != "UN" and vr not in dictionary_VR(tag).split(" or "):
            return f"not of the VR of the dictionary, {_BEYOND}"
        return ""

    def _apply(self, dataset: Dataset, element: DataElement, path: str, action: Action) -> None:
        tag, vr = element.tag, element.VR
        if vr == "SQ":
            self._apply_to_sequence(dataset, element, path, action)
        elif action is Action.REMOVE and tag not in _REQUIRED:
            self._remove(dataset, tag, path, _BASIC)
        elif action is Action.KEEP:
            self._keep(dataset, element, path)
        elif action is Action.UID and vr == "UI":
            self._replace_uids(dataset, element, path)
        elif _is_empty(element):
            return
        elif action is Action.EMPTY:
            self._set(dataset, tag, path, None, what="emptied", why=_BASIC)
        else:
            self._dummy(dataset, element, path, _BASIC)

    def _apply_to_sequence(self, dataset: Dataset, element: DataElement, path: str, action: Action) -> None:
        tag = int(element.tag)
        if tag in _REFERENCES or action in (Action.UID, Action.KEEP):
            self._descend(element, path)
        elif action is Action.EMPTY:
            if element.value:
                self._set(dataset, element.tag, path, [], what="emptied", why=_BASIC)
        elif action is Action.DUMMY and tag not in _EMPTIED_IF_DUMMY:
            self._descend(element, path, is_dummy=tag not in _CLEANED_TREES)
        else:
            self._remove(dataset, element.tag, path, _BASIC)

    def _descend(self, element: DataElement, path: str, *, is_dummy: bool = False) -> None:
        for number, item in enumerate(element.value or (), 1):
            self.clean(item, f"{path}[{number}]", is_dummy=is_dummy)

    def _unlisted(self, dataset: Dataset, element: DataElement, path: str, is_dummy: bool) -> None:
        """An attribute that the table does not name."""
        tag, vr = element.tag, element.VR
        if vr == "SQ":
            self._descend(element, path, is_dummy=is_dummy)
        elif vr == "UI":
            self._replace_uids(dataset, element, path)
        elif vr in values.BINARY_VRS:
            if element.keyword not in self._kept_binaries:
                self._remove(dataset, tag, path, f"binary, {_BEYOND}")
            elif tag not in _PIXELS and self._identity.is_in_bytes(bytes(element.value or b""), ()):
                self._remove(dataset, tag, path, f"holds a name, {_BEYOND}")
        elif vr in values.DATE_VRS:
            if not _is_empty(element) and not (
                self._options.keep_longitudinal and self._shift(dataset, element, path)
            ):
                self._dummy(dataset, element, path, _BEYOND)
        elif vr in values.TEXT_VRS:
            self._free_text(dataset, element, path, is_dummy)
        elif vr in values.FORMED_VRS:
            self._formed(dataset, element, path)

    def _free_text(self, dataset: Dataset, element: DataElement, path: str, is_dummy: bool) -> None:
        tag = int(element.tag)
        if _is_empty(element):
            return
        if is_dummy:
            if tag in _CODES:
                self._set(
                    dataset, element.tag, path, _CODES[tag], what="replaced by a dummy code", why=_BASIC
                )
            else:
                self._dummy(dataset, element, path, _BASIC)
        elif tag == _TEXT_VALUE:
            if keeps_text(dataset):
                self._keep(dataset, element, path)
            else:
                self._dummy(dataset, element, path, "Clean Structured Content Option")
        elif element.VR == "PN" or element.keyword not in self._kept_texts:
            self._dummy(dataset, element, path, f"free text, {_BEYOND}")
        else:
            self._keep(dataset, element, path)

    def _formed(self, dataset: Dataset, element: DataElement, path: str) -> None:
        """A value of few characters: kept where it has its form and names nobody."""
        texts = texts_of(element)
        # What the pixels mean is never changed in silence: a name there makes the whole object refused.
        may_name = element.VR == "CS" and element.tag.group != _PIXEL_GROUP
        if all(values.has_form(element.VR, text) for text in texts) and not (
            may_name and any(self._identity.is_named_in(text) for text in texts)
        ):
            return
        if element.VR == "CS":
            self._dummy(dataset, element, path, f"not of the form of its VR or a name, {_BEYOND}")
        else:
            self._remove(dataset, element.tag, path, f"not of the form of its VR, {_BEYOND}")

    def _keep(self, dataset: Dataset, element: DataElement, path: str) -> None:
        """Keep a value unless it names somebody."""
        if element.VR in values.TEXT_VRS and any(self._identity.is_named_in(t) for t in texts_of(element)):
            self._dummy(dataset, element, path, f"holds a name, {_BEYOND}")
        elif element.VR in values.FORMED_VRS:
            self._formed(dataset, element, path)
        elif element.VR in values.DATE_VRS:
            self._dummy(dataset, element, path, _BASIC)

    def _clean_text(self, dataset: Dataset, element: DataElement, path: str) -> bool:
        """Keep the words of a short description that name nobody; whether that can be done.

        Not of histories and comments: without some of its words, a sentence may say the opposite.
        """
        if element.VR not in ("LO", "SH"):
            return False
        texts = texts_of(element)
        kept = [cleaned(text, self._identity) for text in texts]
        if not any(kept):
            return not any(texts)
        if kept != texts:
            value = kept if len(kept) > 1 else kept[0]
            self._set(dataset, element.tag, path, value, what="cleaned", why="words known to name nobody")
        return True

    def _shift(self, dataset: Dataset, element: DataElement, path: str) -> bool:
        """Move dates back by the days of the patient; whether that can be done."""
        if element.VR not in (*values.DATE_VRS, "SH"):
            return False
        texts = texts_of(element)
        moved = [values.shifted(element.VR, text, self._days) if text else "" for text in texts]
        if None in moved:
            return False
        if moved != texts:
            value = moved if len(moved) > 1 else moved[0]
            self._set(
                dataset, element.tag, path, value, what="shifted", why="days that depend on patient and key"
            )
        return True

    def _replace_uids(self, dataset: Dataset, element: DataElement, path: str) -> None:
        texts = texts_of(element)
        is_class = (
            element.keyword.endswith(("ClassUID", "SyntaxUID")) or element.keyword == "SOPClassesInStudy"
        )
        new = [
            text if not text or _is_of_standard(text, is_class=is_class) else self._key.uid(text)
            for text in texts
        ]
        if new != texts:
            value = new if len(new) > 1 else new[0]
            self._set(dataset, element.tag, path, value, what="UID replaced", why=_BASIC)

    def _dummy(self, dataset: Dataset, element: DataElement, path: str, why: str) -> None:
        if element.VR == "UI":
            self._replace_uids(dataset, element, path)
            return
        value = values.dummy(element.VR)
        if value is None:
            self._remove(dataset, element.tag, path, why)
        else:
            self._set(dataset, element.tag, path, value, what="replaced by a dummy value", why=why)

    def _set(self, dataset: Dataset, tag: BaseTag, path: str, value: object, *, what: str, why: str) -> None:
        old = dataset[tag]
        vr = old.VR if old.VR != "UN" else dictionary_VR(tag)
        self.removals.append(Removal(path, keyword_for_tag(tag), what, why, _shown_value(old)))
        dataset[tag] = DataElement(tag, vr, value)

    def _remove(self, dataset: Dataset, tag: BaseTag, path: str, why: str) -> None:
        element = decoded(dataset, tag)
        shown = "" if element is None else _shown_value(element)
        self.removals.append(Removal(path, keyword_for_tag(tag), "removed", why, shown))
        del dataset[tag]


def _is_of_standard(uid: str, *, is_class: bool) -> bool:
    """Whether a UID is one of the standard, which names no object; a class may be newer than the list."""
    return UID(uid).name != uid or (is_class and uid.startswith(_ROOT_OF_STANDARD))


def _shown(tag: BaseTag) -> str:
    return f"({tag.group:04X},{tag.element:04X})"


def _shown_value(element: DataElement) -> str:
    if element.VR == "SQ":
        return f"{len(element.value or ())} items"
    if element.VR in values.BINARY_VRS:
        return f"{len(element.value or b'')} bytes"
    return "\\".join(texts_of(element))[:_MOST_SHOWN]


def _is_empty(element: DataElement) -> bool:
    return element.value is None or element.value in ("", b"") or element.VM == 0
