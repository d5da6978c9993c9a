"""The six labels and their order, on which every vector, CSV and model output rests."""

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES, Hemorrhage


def test_the_order_is_any_first_then_the_types_in_alphabetical_order():
    assert [str(label) for label in LABELS] == [
        "any",
        "epidural",
        "intraparenchymal",
        "intraventricular",
        "subarachnoid",
        "subdural",
    ]
    assert N_LABELS == 6


def test_types_leave_out_any():
    assert Hemorrhage.ANY not in TYPES
    assert len(TYPES) == 5
    assert (Hemorrhage.ANY, *TYPES) == LABELS
