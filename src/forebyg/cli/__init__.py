"""The command `forebyg`: serve, work, migrate, demo, manage."""

from __future__ import annotations


def app() -> None:
    """Run the command line. The commands are loaded here, so that a room of `cli` can be used without them."""
    from forebyg.cli.commands import app as commands

    commands()
