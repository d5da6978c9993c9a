"""What was done to annotations, so that all of it can be undone and done again, without limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ichviewer.domain.annotation.base import Annotation

Annotations = Mapping[str, Annotation]
"""Annotations by their ids."""


@dataclass(frozen=True)
class Change:
    """One annotation added, changed or deleted.

    Parameters
    ----------
    before, after : Annotation or None
        None before it is added and after it is deleted. Both have one id where both are there.
    """

    before: Annotation | None
    after: Annotation | None

    def __post_init__(self) -> None:
        ids = {a.id for a in (self.before, self.after) if a is not None}
        if len(ids) != 1 or self.before == self.after:
            raise ValueError(f"a change is about one annotation. Received: {self.before}, {self.after}")

    @property
    def id(self) -> str:
        """The annotation it is about."""
        one = self.before if self.after is None else self.after
        if one is None:
            raise AssertionError("unreachable: a change without an annotation cannot be built")
        return one.id

    @property
    def inverse(self) -> Change:
        """What undoes it."""
        return Change(self.after, self.before)


@dataclass(frozen=True)
class Step:
    """What a person does at once, and undoes at once.

    Parameters
    ----------
    changes : tuple of Change
        At least one, each about another annotation, so that their order does not matter.
    name : str
        For the menu, such as "move length".
    """

    changes: tuple[Change, ...]
    name: str = ""

    def __post_init__(self) -> None:
        ids = [change.id for change in self.changes]
        if not ids or len(set(ids)) != len(ids):
            raise ValueError(f"a step changes annotations, each once. Received: {ids}")

    @classmethod
    def add(cls, annotation: Annotation, name: str = "") -> Step:
        """A new annotation."""
        return cls((Change(None, annotation),), name)

    @classmethod
    def change(cls, before: Annotation, after: Annotation, name: str = "") -> Step:
        """Another version of an annotation."""
        return cls((Change(before, after),), name)

    @classmethod
    def delete(cls, *annotations: Annotation, name: str = "") -> Step:
        """Annotations that go."""
        return cls(tuple(Change(a, None) for a in annotations), name)

    @property
    def inverse(self) -> Step:
        """What undoes it."""
        return Step(tuple(change.inverse for change in self.changes), self.name)

    def apply(self, annotations: Annotations) -> dict[str, Annotation]:
        """The annotations after the step.

        Raises
        ------
        ValueError
            If they are not those that the step was made for.
        """
        result = dict(annotations)
        for change in self.changes:
            if result.get(change.id) != change.before:
                raise ValueError(
                    f"a step fits the annotations it was made for. Received: {result.get(change.id)} "
                    f"instead of {change.before}"
                )
            if change.after is None:
                del result[change.id]
            else:
                result[change.id] = change.after
        return result
