"""Who observed: the program as a device, and a person where one takes part (DICOM PS3.16 TID 1001 to 1004)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ichviewer.results.equipment import EQUIPMENT

if TYPE_CHECKING:
    from highdicom.sr import ObserverContext


def device() -> ObserverContext:
    """The program as a device observer (TID 1002 with TID 1004)."""
    from highdicom.sr import DeviceObserverIdentifyingAttributes, ObserverContext  # noqa: PLC0415
    from pydicom.sr.codedict import codes  # noqa: PLC0415

    return ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=EQUIPMENT.uid,
            name=EQUIPMENT.model_name,
            manufacturer_name=EQUIPMENT.manufacturer,
            model_name=EQUIPMENT.model_name,
            serial_number=EQUIPMENT.serial_number,
        ),
    )


def person(name: str) -> ObserverContext | None:
    """A person observer (TID 1002 with TID 1003); None without a name.

    Parameters
    ----------
    name : str
        As `ichviewer.results.extras.Extras.observer`.
    """
    from highdicom.sr import ObserverContext, PersonObserverIdentifyingAttributes  # noqa: PLC0415
    from pydicom.sr.codedict import codes  # noqa: PLC0415

    if not name:
        return None
    # One component is a family name; the caret behind it, which may be there (PS3.5 section 6.2), says so.
    name = name if "^" in name else f"{name}^"
    return ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=PersonObserverIdentifyingAttributes(name=name),
    )
