"""What a synthetic scan is made from: a head, its bleeds, and the scanner. All lengths in mm, all values in HU."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ichviewer.learning.synthesis.phantom.bleeding import Blood


@dataclass(frozen=True)
class Anatomy:
    """An adult head without disease.

    Parameters
    ----------
    seed : int
        Draws everything that is not set here: the folds, the asymmetries, the air cells.
    scale : float
        Size of the vault; 1 is a head of about 155 x 193 mm.
    dome_mm : float
        Height of the inner vault over the level of the lateral ventricles.
    asymmetry_mm : float
        How far one side of the back is flatter than the other; the sign says which.
    bone_thickness : float
        Factor on the thickness of the vault.
    atrophy : float
        0 a young, tight brain; 0.5 about 65 years; 1 severe. Widens sulci, fissures and ventricles.
    grey_hu, white_hu, csf_hu : float
        The tissues' mean values.
    ventricles : float
        Factor on the width of the ventricles, beyond what atrophy does.
    pineal_hu, choroid_hu : float or None
        Values of the calcifications in the pineal gland and the choroid plexus; None for none.
    dura_hu, sinus_hu, vessel_hu : float
        Values of falx and tentorium, of blood in the sinuses, and in the arteries.
    falx_mm : float
        Half the thickness of the falx.
    folia : float
        How clearly the leaves of the cerebellum show.
    """

    seed: int
    scale: float = 1.0
    dome_mm: float = 64.0
    asymmetry_mm: float = 1.2
    bone_thickness: float = 1.0
    atrophy: float = 0.35
    grey_hu: float = 37.5
    white_hu: float = 28.5
    csf_hu: float = 6.0
    ventricles: float = 1.0
    pineal_hu: float | None = 190.0
    choroid_hu: float | None = 150.0
    dura_hu: float = 50.0
    sinus_hu: float = 52.0
    vessel_hu: float = 41.0
    falx_mm: float = 0.62
    folia: float = 1.0

    def __post_init__(self) -> None:
        if not 0.8 <= self.scale <= 1.2:
            raise ValueError(f"an adult head's scale lies within 0.8..1.2. Received: {self.scale}")
        if not 0 <= self.atrophy <= 1:
            raise ValueError(f"atrophy lies within 0..1. Received: {self.atrophy}")
        if not self.csf_hu < self.white_hu < self.grey_hu:
            raise ValueError(
                "CSF, white and grey matter need rising values. "
                f"Received: {self.csf_hu}, {self.white_hu}, {self.grey_hu}"
            )


@dataclass(frozen=True)
class Crescent:
    """An acute subdural hematoma over one convexity.

    Parameters
    ----------
    side : int
        1 left, -1 right.
    azimuth_deg : tuple of float
        From where to where around the head, 0 = front, 180 = back.
    s_mm : tuple of float
        From where to where along the wall (see `frame.HeadFrame`).
    thickness_mm : float
        Greatest thickness.
    shift_mm : float
        How far the midline is pushed to the other side.
    hu : float
        Mean value of the blood.
    mottle_hu : float
        SD of its texture.
    level_mm : float or None
        y in head coordinates behind which its cells have settled; None if they have not.
    settled_hu : float
        How much denser it is there.
    swirl_hu : float
        How much darker its unclotted parts are.
    """

    side: int
    azimuth_deg: tuple[float, float]
    s_mm: tuple[float, float]
    thickness_mm: float
    shift_mm: float
    hu: float = 60.0
    mottle_hu: float = 4.5
    level_mm: float | None = None
    settled_hu: float = 0.0
    swirl_hu: float = 0.0


@dataclass(frozen=True)
class Lens:
    """An acute epidural hematoma.

    Parameters
    ----------
    side : int
        1 left, -1 right.
    azimuth_deg, s_mm : float
        Its center on the wall.
    radius_mm : float
        Half its length along the wall.
    thickness_mm : float
        Greatest thickness.
    hu : float
        Mean value of the blood.
    """

    side: int
    azimuth_deg: float
    s_mm: float
    radius_mm: float
    thickness_mm: float
    hu: float = 64.0


@dataclass(frozen=True)
class Cap:
    """An epidural hematoma anywhere on the wall, over the midline too, that a suture may bound.

    Parameters
    ----------
    center_mm : tuple of float
        x, y, z of a point on or near the inner table, in head coordinates.
    radius_mm : float
        Half its length along the wall.
    thickness_mm : float
        Greatest thickness.
    hu : float
        Mean value of the blood.
    stretch : float
        How much longer it is along z than across.
    suture : tuple of float or None
        A plane (normal x, y, z and offset in mm) beyond which it does not go.
    swirl_hu : float
        How much darker its unclotted parts are.
    """

    center_mm: tuple[float, float, float]
    radius_mm: float
    thickness_mm: float
    hu: float = 64.0
    stretch: float = 1.0
    suture: tuple[float, float, float, float] | None = None
    swirl_hu: float = 0.0

    def __post_init__(self) -> None:
        if self.radius_mm <= 0 or self.thickness_mm <= 0 or self.center_mm == (0.0, 0.0, 0.0):
            raise ValueError(f"a hematoma needs a place on the wall and a size. Received: {self}")


@dataclass(frozen=True)
class Contusion:
    """A bleed in the brain with an edema rim.

    Parameters
    ----------
    center_mm : tuple of float
        x, y, z in head coordinates.
    radii_mm : tuple of float
        Half axes before the outline is made irregular.
    rim_mm : float
        Width of the edema around it.
    hu : float
        Mean value of the core.
    """

    center_mm: tuple[float, float, float]
    radii_mm: tuple[float, float, float]
    rim_mm: float = 6.0
    hu: float = 64.0


@dataclass(frozen=True)
class SulcalBlood:
    """Subarachnoid blood in the sulci and fissures of a region.

    Parameters
    ----------
    center_mm : tuple of float
        x, y, z in head coordinates.
    radii_mm : tuple of float
        Half axes of the region.
    hu : float
        Value of blood that fills a sulcus.
    """

    center_mm: tuple[float, float, float]
    radii_mm: tuple[float, float, float]
    hu: float = 58.0


@dataclass(frozen=True)
class VentricularLevel:
    """Blood that has settled in the back of the lateral ventricles of a patient lying on the back.

    Parameters
    ----------
    side : int
        1 left, -1 right.
    level_mm : float
        y in head coordinates behind which the ventricle holds blood.
    hu : float
        Value of the sediment.
    """

    side: int
    level_mm: float
    hu: float = 58.0


@dataclass(frozen=True)
class Fracture:
    """A thin fracture of the vault with a swollen scalp over it.

    Parameters
    ----------
    side : int
        1 left, -1 right.
    azimuth_deg, s_mm : float
        Its center on the wall.
    length_mm : float
        How far it runs along the wall, upward.
    swelling_mm : float
        Thickness of the scalp hematoma over it.
    """

    side: int
    azimuth_deg: float
    s_mm: float
    length_mm: float
    swelling_mm: float


@dataclass(frozen=True)
class Injuries:
    """All that is wrong with a head; none by default.

    Parameters
    ----------
    subdural, epidural, intraparenchymal, subarachnoid, intraventricular : tuple
        The bleeds of the demo study's kinds.
    fractures : tuple of Fracture
    hygromas : tuple of Crescent
        Clear fluid under the dura; no blood.
    further : tuple of Blood
        Bleeds of other kinds.
    effaced : float
        How much the bleeds' mass narrows sulci and fissures near them, 0..1.
    """

    subdural: tuple[Crescent, ...] = ()
    epidural: tuple[Lens | Cap, ...] = ()
    intraparenchymal: tuple[Contusion, ...] = ()
    subarachnoid: tuple[SulcalBlood, ...] = ()
    intraventricular: tuple[VentricularLevel, ...] = ()
    fractures: tuple[Fracture, ...] = ()
    hygromas: tuple[Crescent, ...] = ()
    further: tuple[Blood, ...] = ()
    effaced: float = 0.0


@dataclass(frozen=True)
class Pose:
    """How the head lies in the scanner.

    Parameters
    ----------
    yaw_deg, roll_deg, pitch_deg : float
        Turned about the long axis of the body, the viewing axis, and the ear-to-ear axis.
    offset_mm : tuple of float
        Where the head's origin lies in the scanner's x, y, z.
    """

    yaw_deg: float = 0.0
    roll_deg: float = 0.0
    pitch_deg: float = 0.0
    offset_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Acquisition:
    """A scanner and its protocol.

    Parameters
    ----------
    seed : int
        Draws the noise.
    rows : int
        Rows and columns.
    pixel_mm : float
        In-plane spacing.
    first_mm, thickness_mm, slices : float, float, int
        Center of the lowest slice in the scanner's z, distance and thickness of slices, how many.
    planes : int
        Thin planes averaged to one slice.
    kernel_mm : float
        SD of the in-plane blur.
    noise_hu : float
        SD of the noise at the center of the head.
    pose : Pose
    """

    seed: int
    rows: int = 512
    pixel_mm: float = 0.45
    first_mm: float = -30.0
    thickness_mm: float = 5.0
    slices: int = 31
    planes: int = 5
    kernel_mm: float = 0.45
    noise_hu: float = 3.5
    pose: Pose = field(default_factory=Pose)

    def __post_init__(self) -> None:
        if (
            self.rows < 16
            or self.slices < 1
            or self.planes < 1
            or self.pixel_mm <= 0
            or self.thickness_mm <= 0
        ):
            raise ValueError(
                "a scan needs at least 16 rows, a slice, a plane, and positive lengths. "
                f"Received: {self.rows}, {self.slices}, {self.planes}, {self.pixel_mm}, {self.thickness_mm}"
            )
