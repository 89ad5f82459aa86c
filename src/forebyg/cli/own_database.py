"""The embedded database of an installation, as a process of its own that a service manager starts and stops."""

from __future__ import annotations

import time

import psycopg
import typer

from forebyg.cli.environment import own_database
from forebyg.cli.supervisor import StopSignals
from forebyg.store.roles import ensure_roles_and_database
from forebyg.store.unavailable import ServerFailed

_GLANCE = 0.2  # seconds


def keep_running() -> None:
    """Start it, make its roles, and stop it when asked to. Raises `StoreUnavailable`, also when it ends by itself."""
    with StopSignals() as signals, own_database() as server:
        if server.notice:
            typer.echo(server.notice)
        with psycopg.connect(server.dsn("postgres", "postgres")) as connection:
            ensure_roles_and_database(connection)
        typer.echo(f"Databasen er klar / the database is ready: {server.folder}")
        while not signals.asked:
            if not server.running:
                raise ServerFailed(f"Databasen stoppede. Se {server.log}.", "The database stopped. See its log.")
            time.sleep(_GLANCE)
