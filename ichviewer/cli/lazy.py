"""A click group that imports a command only when it is used, so that `ichviewer --help` starts at once."""

from __future__ import annotations

from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group whose commands are imported on use: ``self-test`` is ``self_test`` of the module ``self_test``.

    Parameters
    ----------
    package : str
        Where their modules are.
    lazy : dict of str to str
        Command name to its one-line help, which stands here so that listing the commands imports none of them.
    elsewhere : dict of str to str, optional
        Command name to the name of its module and function, where Python has another use for the command's own.
    """

    def __init__(
        self,
        *args: object,
        package: str,
        lazy: dict[str, str],
        elsewhere: dict[str, str] | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._package, self._lazy, self._elsewhere = package, lazy, elsewhere or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order they were declared."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None if there is none of that name."""
        if cmd_name not in self._lazy:
            return None
        name = self._elsewhere.get(cmd_name, cmd_name.replace("-", "_"))
        command: click.Command = getattr(import_module(f"{self._package}.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their one-line help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._lazy.items()))
