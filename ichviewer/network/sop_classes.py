"""Which services and objects are asked for and taken, and in which transfer syntaxes."""

# ruff: noqa: PLC0415 - pynetdicom is loaded only when something is asked for over the network
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydicom import uid

VERIFICATION = "1.2.840.10008.1.1"
STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1"
STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3"

MOST_CONTEXTS = 128
"""In one request (PS3.8 section 9.3.2.2: odd numbers from 1 to 255)."""

READABLE_SYNTAXES = (
    uid.ExplicitVRLittleEndian,
    uid.ImplicitVRLittleEndian,
    uid.JPEGLosslessSV1,
    uid.JPEG2000Lossless,
    uid.JPEGLSLossless,
    uid.RLELossless,
    uid.JPEGLossless,
    uid.HTJ2KLossless,
    uid.HTJ2KLosslessRPCL,
    uid.DeflatedExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.JPEG2000,
    uid.JPEGLSNearLossless,
    uid.JPEGBaseline8Bit,
    uid.JPEGExtended12Bit,
    uid.HTJ2K,
)
"""Every transfer syntax that the program reads, those without loss first."""

_UNCOMPRESSED = (uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian, uid.ExplicitVRBigEndian)

USUAL_CLASSES = (
    uid.CTImageStorage,
    uid.EnhancedCTImageStorage,
    uid.SecondaryCaptureImageStorage,
    uid.LegacyConvertedEnhancedCTImageStorage,
    uid.MRImageStorage,
)
"""Of images in a study with CT; each is asked for in every transfer syntax where a node does not say what it has."""

_USUAL_OBJECTS = (
    uid.EnhancedMRImageStorage,
    uid.ComputedRadiographyImageStorage,
    uid.DigitalXRayImageStorageForPresentation,
    uid.PositronEmissionTomographyImageStorage,
    uid.MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    uid.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    uid.MultiFrameTrueColorSecondaryCaptureImageStorage,
    uid.BasicTextSRStorage,
    uid.EnhancedSRStorage,
    uid.ComprehensiveSRStorage,
    uid.Comprehensive3DSRStorage,
    uid.XRayRadiationDoseSRStorage,
    uid.KeyObjectSelectionDocumentStorage,
    uid.GrayscaleSoftcopyPresentationStateStorage,
    uid.SegmentationStorage,
    uid.ParametricMapStorage,
    uid.EncapsulatedPDFStorage,
    uid.EncapsulatedCDAStorage,
    uid.RawDataStorage,
)


def wanted_contexts(classes: Iterable[str] | None) -> list[Any]:
    """Contexts under which objects are asked for with C-GET, so that none needs to be converted by the node.

    Each class is offered once for every transfer syntax: of several in one context a node accepts only one
    (PS3.8 section 9.3.3.2), and would have to convert whatever is stored in another.

    Parameters
    ----------
    classes : iterable of str or None
        SOP classes of the objects, the usual ones where it is not known.

    Returns
    -------
    list of pynetdicom.presentation.PresentationContext
        At most 127, so that the request itself fits too.
    """
    from pynetdicom import build_context

    room = MOST_CONTEXTS - 1
    chosen = sorted(set(classes)) if classes else [*USUAL_CLASSES, *_USUAL_OBJECTS]
    n_whole = max(0, (room - len(chosen)) // (len(READABLE_SYNTAXES) - 1))
    contexts = [build_context(c, syntax) for c in chosen[:n_whole] for syntax in READABLE_SYNTAXES]
    contexts += [build_context(c, list(_UNCOMPRESSED)) for c in chosen[n_whole:]]
    return contexts[:room]


def joint_contexts(classes: Iterable[str] | None) -> list[Any]:
    """One context for each class, in all transfer syntaxes, compressed ones first.

    For nodes that send everything under the first context of a class, whatever its transfer syntax (dcmtk's archive
    does so): here they choose the one that they prefer, which is likely what they store in.
    """
    from pynetdicom import build_context

    compressed = [syntax for syntax in READABLE_SYNTAXES if syntax not in _UNCOMPRESSED]
    chosen = sorted(set(classes)) if classes else [*USUAL_CLASSES, *_USUAL_OBJECTS]
    return [build_context(c, [*compressed, *_UNCOMPRESSED]) for c in chosen[: MOST_CONTEXTS - 1]]


def storable_contexts() -> list[Any]:
    """Contexts of every storage class that pynetdicom knows, in every transfer syntax that the program reads."""
    from pynetdicom import AllStoragePresentationContexts, build_context

    return [
        build_context(str(context.abstract_syntax), list(READABLE_SYNTAXES))
        for context in AllStoragePresentationContexts
    ]


def name_of(identifier: str) -> str:
    """What a UID of the standard is called; itself where it is none."""
    return uid.UID(identifier).name
