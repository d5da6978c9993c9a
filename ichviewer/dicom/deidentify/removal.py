"""What was changed in a data set, told without the values that were there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Removal:
    """One change.

    Parameters
    ----------
    path : str
        Where: tags, with the number of the item of each sequence from 1, as ``(0008,1140)[1].(0008,1155)``.
    name : str
        Keyword of the attribute, empty where the dictionary has none.
    what : str
        What was done, such as ``removed``.
    why : str
        By which rule.
    value : str
        What was there before, in a text of bounded length; it names patients, so that it is written only where
        somebody asks for it.
    """

    path: str
    name: str
    what: str
    why: str
    value: str = ""
