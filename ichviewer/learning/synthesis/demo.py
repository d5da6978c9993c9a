"""The bundled demo study: one trauma patient who never was, with all five types of hemorrhage."""

from __future__ import annotations

from pathlib import Path

from ichviewer.learning.synthesis.demo_dicom import write_study
from ichviewer.learning.synthesis.phantom.acquisition import scan
from ichviewer.learning.synthesis.phantom.head import Head
from ichviewer.learning.synthesis.phantom.localizer import project
from ichviewer.learning.synthesis.phantom.parameters import (
    Acquisition,
    Anatomy,
    Contusion,
    Crescent,
    Fracture,
    Injuries,
    Lens,
    Pose,
    SulcalBlood,
    VentricularLevel,
)
from ichviewer.progress import Progress, silent

ANATOMY = Anatomy(seed=20190, atrophy=0.42)

INJURIES = Injuries(
    # A blow to the left temple: fracture, epidural hematoma, swelling. On the far side what the brain took:
    # a subdural hematoma with shift, a frontal contusion, blood in the sylvian fissure and its sulci.
    fractures=(Fracture(side=1, azimuth_deg=80, s_mm=30, length_mm=42, swelling_mm=4.5),),
    epidural=(Lens(side=1, azimuth_deg=82, s_mm=27, radius_mm=21.5, thickness_mm=10.0),),
    subdural=(
        Crescent(side=-1, azimuth_deg=(24, 158), s_mm=(50, 93), thickness_mm=7.0, shift_mm=4.5, hu=65),
    ),
    intraparenchymal=(Contusion(center_mm=(-27, -52, 40), radii_mm=(9.5, 12, 8.5)),),
    subarachnoid=(SulcalBlood(center_mm=(-46, -12, 40), radii_mm=(20, 21, 13)),),
    intraventricular=(
        VentricularLevel(side=1, level_mm=48.0, hu=54),
        VentricularLevel(side=-1, level_mm=46.5, hu=54),
    ),
)

ACQUISITION = Acquisition(
    seed=20191,
    pixel_mm=0.46875,
    first_mm=-30.0,
    slices=30,
    planes=5,
    pose=Pose(yaw_deg=2.5, roll_deg=-1.5, pitch_deg=1.0, offset_mm=(1.5, 4.0, 0.0)),
)


def make_demo(
    folder: Path,
    progress: Progress = silent,
    *,
    acquisition: Acquisition = ACQUISITION,
    localizer_step_mm: float = 1.25,
    workers: int = 2,
) -> list[Path]:
    """Make the demo study in a folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    progress : Progress
        Told how many steps are done.
    acquisition : Acquisition
        Another protocol makes another study; tests use a coarse one.
    localizer_step_mm : float
        Spacing at which the localizer samples the head.
    workers : int
        Threads; the result does not depend on them.

    Returns
    -------
    list of Path
        Files written, relative to ``folder``.
    """
    total = acquisition.slices + 1
    progress(0, total, "building the head")
    head = Head(ANATOMY, INJURIES)
    localizer = project(head, acquisition, step_mm=localizer_step_mm)
    progress(1, total, "localizer")
    made = scan(head, acquisition, lambda done, _: progress(done + 1, total, "slices"), workers=workers)
    return write_study(made, localizer, folder)
