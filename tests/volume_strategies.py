"""Volumes and planes for hypothesis."""

import numpy as np
from hypothesis import strategies as st
from volume_builders import X, Y, Z, make_geometry

from ichviewer.domain.plane_view import PlaneView

turns = st.tuples(st.sampled_from([X, Y, Z, (1.0, 1.0, 1.0), (2.0, -1.0, 0.5)]), st.floats(-180, 180))
bases = st.sampled_from([PlaneView.axial, PlaneView.coronal, PlaneView.sagittal])


@st.composite
def geometries(draw, shape=(6, 14, 12)):
    steps = draw(
        st.lists(st.floats(0.5, 4), min_size=shape[0] - 1, max_size=shape[0] - 1) | st.just([2.0] * 5)
    )
    return make_geometry(
        shape,
        origin_mm=draw(st.tuples(*[st.floats(-50, 50)] * 3)),
        spacing_mm=(0.8, 0.9),
        positions_mm=np.concatenate([[0], np.cumsum(steps)]),
        tilt_deg=draw(st.just(0.0) | st.floats(-30, 30)),
        turn=draw(st.just((Z, 0.0)) | turns),
    )


@st.composite
def views_of(draw, geometry):
    """A plane through about the middle of a volume: along its axes or any other."""
    beside = draw(st.tuples(*[st.floats(-2, 2)] * 3))
    center = tuple(map(float, np.add(geometry.center_mm, beside)))
    view = draw(bases)(center, draw(st.floats(0.4, 2)), draw(st.integers(1, 20)), draw(st.integers(1, 20)))
    if draw(st.booleans()):
        view = view.rotated(*draw(turns))
    return view
