"""What the operator's commands share: the owner's connection, the key store, the ledger, and errors as sentences."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from forebyg.cli.environment import become
from forebyg.core.errors import ForebygError

if TYPE_CHECKING:
    import psycopg

    from forebyg.audit.record import Codes


@contextlib.contextmanager
def as_owner() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Sign in as the owner, with Django set up. What goes wrong in the block is a sentence and status 1."""
    become("owner")
    import django
    import psycopg
    from django.db import OperationalError

    django.setup()
    from forebyg.store.sessions import connect

    try:
        with connect() as connection:
            yield connection
    except (psycopg.OperationalError, OperationalError):
        refuse("Databasen svarer ikke. Start den, og prøv igen. / The database does not answer. Start it and try again.")
    except sqlite3.Error as error:
        refuse(f"Nøglelageret kan ikke bruges: {error}. / The key store cannot be used, for the reason before.")
    except ForebygError as error:
        refuse(str(error))


def note(action: str, codes: Codes) -> None:
    """Leave an event in the ledger of what the operator does; nobody's account stands for it."""
    from django.db import transaction

    from forebyg.audit.record import record
    from forebyg.store.identity import now

    with transaction.atomic():
        record(action, actor=None, at=now(), codes=codes)


def refuse(sentence: str) -> None:
    """Say it and end with status 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
