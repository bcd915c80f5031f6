"""A command group that is a command too: `imr batch letters/` beside `imr batch status`."""

from typing import Any

from typer.core import TyperGroup

DEFAULT = "run"


class GroupWithDefault(TyperGroup):
    """Takes the command `run` where the first word is none of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command in front, unless a command or the help is asked for."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
