"""A command and its keys, as the list of keys shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KeyRow:
    """One command.

    Parameters
    ----------
    id, name : str
    menu : str
        The menu that offers it; empty where none does.
    keys : str
        In words; empty where it has none.
    changed : bool
        Whether a person chose them.
    locked : str
        Why they cannot be changed here; empty where they can.
    """

    id: str
    name: str
    menu: str
    keys: str
    changed: bool = False
    locked: str = ""
