"""The results that lie beside the images of a study, as they were listed: nothing of them is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from ichviewer.dicom.stored import stored_kind
from ichviewer.dicom.values import name_key
from ichviewer.domain.series import Catalog, PatientInfo, Series, Study
from ichviewer.domain.stored_object import StoredKind, StoredObject


@dataclass(frozen=True, eq=False)
class StoredResults:
    """The results of one study of one patient.

    Parameters
    ----------
    study : Study
        Whose images they lie beside.
    objects : tuple of StoredObject
        In the order of their series number, what has none last; each SOPInstanceUID once.
    """

    study: Study
    objects: tuple[StoredObject, ...]

    def __post_init__(self) -> None:
        for stored in self.objects:
            if not belongs_to(stored, self.study):
                raise ValueError(f"a result must be of this study and patient. Received: {stored.source}")

    def of_kind(self, *kinds: StoredKind) -> tuple[StoredObject, ...]:
        """Those of some kinds."""
        return tuple(stored for stored in self.objects if stored.kind in kinds)

    def about(self, series: Series) -> tuple[StoredObject, ...]:
        """Those that refer to an image of a series, or to the series."""
        uids = {info.sop_uid for info in series.slices if info.sop_uid}
        own = series.key.series_uid
        return tuple(
            stored
            for stored in self.objects
            if any(r.sop_uid in uids or (own and r.series_uid == own) for r in stored.references)
        )


def stored_results(catalog: Catalog) -> tuple[StoredResults, ...]:
    """The results of every study of a catalog that has any.

    Results of a study that no image was found of are in none; see `without_study`.
    """
    by_study: dict[str, list[StoredObject]] = {}
    for stored in catalog.stored:
        by_study.setdefault(stored.study.uid, []).append(stored)
    found = []
    for study in catalog.studies:
        of_uid: dict[object, StoredObject] = {}
        for stored in by_study.get(study.info.uid, ()):
            if belongs_to(stored, study):
                of_uid.setdefault(stored.sop_uid or stored.source, stored)
        if of_uid:
            objects = sorted(of_uid.values(), key=lambda stored: (stored.number is None, stored.number or 0))
            found.append(StoredResults(study, tuple(objects)))
    return tuple(found)


def without_study(catalog: Catalog) -> tuple[StoredObject, ...]:
    """Results that belong to none of the studies with images: of another patient, or lying alone."""
    by_uid: dict[str, list[Study]] = {}
    for study in catalog.studies:
        by_uid.setdefault(study.info.uid, []).append(study)
    return tuple(
        stored
        for stored in catalog.stored
        if not any(belongs_to(stored, study) for study in by_uid.get(stored.study.uid, ()))
    )


def is_result(series: Series) -> bool:
    """Whether a series of the catalog is a result with pixels, such as a segmentation, and no image to look at.

    Captured screens are both: they are listed as results, and shown as the images they are.
    """
    kind = stored_kind(series.sop_class_uid, series.modality)
    return kind is not None and kind is not StoredKind.CAPTURE


def belongs_to(stored: StoredObject, study: Study) -> bool:
    """Whether a result is of this study and this patient."""
    same_study = bool(stored.study.uid) and stored.study.uid == study.info.uid
    return same_study and is_same_patient(stored.patient, study.patient)


def is_same_patient(one: PatientInfo, other: PatientInfo) -> bool:
    """Whether ID, name and birth date are the same, however the name is written; what both lack is the same.

    By these the catalog tells patients apart, because an ID like "0" or "ANON" names many.
    """
    return _key(one) == _key(other)


def _key(patient: PatientInfo) -> tuple[str, str, str]:
    return " ".join(patient.id.split()), name_key(patient.name), patient.birth_date
