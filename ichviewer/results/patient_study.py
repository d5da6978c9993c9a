"""Patient and study attributes of an image, to be copied into what is derived from it exactly as they stand.

Texts keep their bytes and their character set: a PACS finds the study by comparing them. What is absent stays absent,
and what is empty stays empty, but for attributes that each object must have (type 2), which are empty where the image
has none, and for those that must not be empty (type 1), which are left out. Private elements are left out at every
depth.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag

from ichviewer.dicom.boundary import foreign_code
from ichviewer.errors import ReadError

REQUIRED = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
    *("StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID"),
)
"""Present in every object, empty where not known (type 2; DICOM PS3.3 C.7.1.1 and C.7.2.1)."""

_PATIENT = (
    *("ReferencedPatientSequence", "IssuerOfPatientID", "TypeOfPatientID"),
    *("IssuerOfPatientIDQualifiersSequence", "PatientBirthTime", "PatientBirthDateInAlternativeCalendar"),
    *("PatientDeathDateInAlternativeCalendar", "PatientAlternativeCalendar", "QualityControlSubject"),
    *("OtherPatientIDs", "OtherPatientNames", "OtherPatientIDsSequence", "EthnicGroup"),
    *("EthnicGroupCodeSequence", "PatientSpeciesDescription", "PatientSpeciesCodeSequence"),
    *("PatientBreedDescription", "PatientBreedCodeSequence", "BreedRegistrationSequence"),
    *("ResponsiblePerson", "ResponsiblePersonRole", "ResponsibleOrganization", "PatientComments"),
    *("PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence"),
)
"""The rest of the Patient module (PS3.3 C.7.1.1)."""

_STUDY = (
    *("StudyInstanceUID", "IssuerOfAccessionNumberSequence", "ReferringPhysicianIdentificationSequence"),
    *("ConsultingPhysicianName", "ConsultingPhysicianIdentificationSequence", "StudyDescription"),
    *("ProcedureCodeSequence", "PhysiciansOfRecord", "PhysiciansOfRecordIdentificationSequence"),
    *("NameOfPhysiciansReadingStudy", "PhysiciansReadingStudyIdentificationSequence"),
    *("ReferencedStudySequence", "RequestingService", "RequestingServiceCodeSequence"),
    "ReasonForPerformedProcedureCodeSequence",
)
"""The rest of the General Study module (PS3.3 C.7.2.1)."""

_PATIENT_STUDY = (
    *("AdmittingDiagnosesDescription", "AdmittingDiagnosesCodeSequence", "PatientAge", "PatientSize"),
    *("PatientSizeCodeSequence", "PatientBodyMassIndex", "PatientWeight", "MedicalAlerts", "Allergies"),
    *("Occupation", "SmokingStatus", "AdditionalPatientHistory", "PregnancyStatus", "LastMenstrualDate"),
    *("PatientSexNeutered", "ReasonForVisit", "ReasonForVisitCodeSequence", "AdmissionID"),
    *("IssuerOfAdmissionIDSequence", "ServiceEpisodeID", "ServiceEpisodeDescription"),
    *("IssuerOfServiceEpisodeIDSequence", "PatientState"),
)
"""The Patient Study module (PS3.3 C.7.2.2)."""

_TRIAL = (
    *("ClinicalTrialSponsorName", "ClinicalTrialProtocolID", "ClinicalTrialProtocolName"),
    *("IssuerOfClinicalTrialProtocolID", "ClinicalTrialSiteID", "ClinicalTrialSiteName"),
    *("IssuerOfClinicalTrialSiteID", "ClinicalTrialSubjectID", "IssuerOfClinicalTrialSubjectID"),
    *("ClinicalTrialSubjectReadingID", "IssuerOfClinicalTrialSubjectReadingID"),
    *("ClinicalTrialProtocolEthicsCommitteeName", "ClinicalTrialProtocolEthicsCommitteeApprovalNumber"),
    *("ClinicalTrialTimePointID", "ClinicalTrialTimePointDescription", "LongitudinalTemporalOffsetFromEvent"),
    *(
        "LongitudinalTemporalEventType",
        "IssuerOfClinicalTrialTimePointID",
        "ConsentForClinicalTrialUseSequence",
    ),
)
"""The Clinical Trial Subject and Study modules (PS3.3 C.7.1.3 and C.7.2.3)."""

_COMMON = ("SpecificCharacterSet", "TimezoneOffsetFromUTC")
"""What the values above cannot be read without (PS3.3 C.12.1.1)."""

COPIED = (*REQUIRED, *_PATIENT, *_STUDY, *_PATIENT_STUDY, *_TRIAL, *_COMMON)
"""Keywords of all that is copied; everything else of the image stays behind."""

_NEVER_EMPTY = frozenset(
    Tag(keyword)
    for keyword in (
        *("PatientAlternativeCalendar", "PatientSpeciesDescription", "PatientSpeciesCodeSequence"),
        *("ResponsiblePersonRole", "DeidentificationMethod", "DeidentificationMethodCodeSequence"),
        *("ClinicalTrialSponsorName", "ClinicalTrialProtocolID", "ClinicalTrialSubjectID"),
        *("ClinicalTrialSubjectReadingID", "ClinicalTrialProtocolEthicsCommitteeName"),
        *("ClinicalTrialProtocolEthicsCommitteeApprovalNumber", "LongitudinalTemporalEventType"),
    )
)
"""What an object has with a value or not at all (types 1 and 1C): left out where the image has it empty."""

_METHOD, _METHODS = Tag("DeidentificationMethod"), Tag("DeidentificationMethodCodeSequence")
_METHOD_NOT_TOLD = b"Not told by the images"
"""Where they say that identity was removed but not how, which an object has to say (PS3.3 C.7.1.1)."""

_TAGS = tuple(Tag(keyword) for keyword in COPIED)
_TEXT_VRS = frozenset(
    {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UI", "UT"}
)


@dataclass(frozen=True, eq=False)
class PatientStudy:
    """The attributes as elements, ready to be written.

    Parameters
    ----------
    elements : dict of tag to element
        Texts as the bytes that stand in the file; sequences and numbers converted.
    """

    elements: dict[BaseTag, DataElement | RawDataElement]

    @classmethod
    def of(cls, header: Dataset, where: str) -> PatientStudy:
        """Take the attributes from an image's header.

        Parameters
        ----------
        header : pydicom Dataset
        where : str
            Names the file in errors.

        Raises
        ------
        ReadError
            If a sequence among them is damaged: it can neither be copied nor silently left out.
        """
        found: dict[BaseTag, DataElement | RawDataElement] = {}
        for tag in _TAGS:
            raw = header.get_item(tag)
            if raw is None:
                continue
            with foreign_code(ReadError, "the header could not be copied", where):
                element = _copied(header, tag, raw)
            if element.value or tag not in _NEVER_EMPTY:
                found[tag] = element
        for keyword in REQUIRED:
            found.setdefault(Tag(keyword), DataElement(Tag(keyword), dictionary_VR(Tag(keyword)), None))
        told = cls(found)
        if told.text("PatientIdentityRemoved") == "YES" and not {_METHOD, _METHODS} & set(found):
            found[_METHOD] = RawDataElement(
                _METHOD, "LO", len(_METHOD_NOT_TOLD), _METHOD_NOT_TOLD, 0, False, True
            )
        return told

    def apply(self, dataset: Dataset) -> None:
        """Put these attributes in the place of whatever an object has of patient and study."""
        for tag in _TAGS:
            if tag in dataset:
                del dataset[tag]
        for tag, element in self.elements.items():
            dataset[tag] = element

    def text(self, keyword: str) -> str:
        """A plain ASCII value such as a code or an offset; empty where missing."""
        element = self.elements.get(Tag(keyword))
        value = b"" if element is None or element.value is None else element.value
        return (value.decode("latin-1") if isinstance(value, bytes) else str(value)).strip(" \0")


def _copied(header: Dataset, tag: BaseTag, raw: DataElement | RawDataElement) -> DataElement | RawDataElement:
    vr = dictionary_VR(tag)
    if isinstance(raw, RawDataElement) and vr in _TEXT_VRS:
        data = raw.value or b""
        data += b" " if len(data) % 2 else b""
        return RawDataElement(tag, vr, len(data), data, 0, False, True)
    element = header[tag]
    if vr == "SQ":
        items = [_without_private(item) for item in element.value or ()]
        return DataElement(tag, "SQ", items)
    return DataElement(tag, vr, element.value)


def _without_private(item: Dataset) -> Dataset:
    """A converted copy of an item that holds no private element at any depth."""
    kept = Dataset()
    for element in item:
        if element.tag.is_private:
            continue
        if element.VR == "SQ":
            kept.add_new(element.tag, "SQ", [_without_private(inner) for inner in element.value or ()])
        else:
            kept.add_new(element.tag, element.VR, element.value)
    return kept
