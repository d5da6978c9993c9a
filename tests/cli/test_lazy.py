from __future__ import annotations

import click
import pytest

from ichviewer.cli.lazy import LazyGroup
from ichviewer.cli.learn import learn
from ichviewer.cli.main import cli


@pytest.mark.parametrize("group", [cli, learn], ids=["ichviewer", "learn"])
def test_every_command_listed_is_there_under_its_name(group: LazyGroup) -> None:
    context = click.Context(group)
    names = group.list_commands(context)
    found = {name: group.get_command(context, name) for name in names}
    assert {name: command and command.name for name, command in found.items()} == {n: n for n in names}
    assert group.get_command(context, "no-such") is None
