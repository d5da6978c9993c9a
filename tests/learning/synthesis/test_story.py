"""Which kinds of blood come together."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.story import CLEAN_SHARE, Cause, Story, draw_story


def test_shares_over_many_heads() -> None:
    stories = [draw_story(np.random.default_rng(seed)) for seed in range(1500)]
    clean = [story for story in stories if story.cause is Cause.NONE]
    assert len(clean) / len(stories) == pytest.approx(CLEAN_SHARE, abs=0.04)
    assert not any(story.kinds for story in clean)
    bloody = [story for story in stories if story.kinds]
    for kind in TYPES:
        assert 0.1 < np.mean([kind in story.kinds for story in bloody]) < 0.65
    chronic = [story for story in stories if story.cause is Cause.CHRONIC]
    assert all(Hemorrhage.SUBDURAL in story.kinds for story in chronic)
    assert np.mean([story.old for story in chronic]) > 0.75
    assert all(story.opened for story in stories if story.cause is Cause.OPERATED)


@pytest.mark.parametrize(("cause", "kinds"), [(Cause.NONE, (Hemorrhage.SUBDURAL,)), (Cause.TRAUMA, ())])
def test_blood_needs_a_cause(cause: Cause, kinds: tuple[Hemorrhage, ...]) -> None:
    with pytest.raises(ValueError, match="for a reason"):
        Story(cause, kinds, old=False, opened=False, struck=False)
