"""The command `forebyg`: serve, work, migrate, demo, manage."""

from __future__ import annotations

import os


def app() -> None:
    """Run the command line. The commands are loaded here, so that a room of `cli` can be used without them."""
    os.environ.setdefault("TYPER_USE_RICH", "0")  # drawn help costs each command and each child 0.25 s
    from forebyg.cli.commands import app as commands

    commands()
