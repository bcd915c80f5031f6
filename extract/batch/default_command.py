"""A command group that is a command too: `imr batch letters/` beside `imr batch status`."""

import os
from typing import Any

import typer
from typer.core import TyperGroup

DEFAULT = "run"


class GroupWithDefault(TyperGroup):
    """Takes the command `run` where the first word is none of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command in front, unless a command or the help is asked for."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = [DEFAULT, *args]
        elif args and self._is_path(args[0], args[1:]):
            raise typer.BadParameter(
                f"{args[0]} is a command of its own: write ./{args[0]} for the path"
            )
        return super().parse_args(ctx, args)

    def _is_path(self, word: str, others: list[str]) -> bool:
        """Whether `word` is a command, but meant as a path: a run's --out is behind it."""
        command = self.commands.get(word)
        known = [option for each in command.params for option in each.opts] if command else []
        is_run = any(other.partition("=")[0] == "--out" for other in others)
        return is_run and command is not None and "--out" not in known and os.path.exists(word)
